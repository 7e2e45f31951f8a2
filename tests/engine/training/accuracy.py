"""How well a network tells classes."""

from collections.abc import Sequence
from typing import cast

from engine import Network
from engine.boundary import Samples
from engine.network import Answer


def accuracy(network: Network, samples: Samples, classes: Sequence[str]) -> float:
    """The share of samples whose likeliest class is the right one."""
    answers = cast(list[Answer], network.classify(samples))
    return sum(name == right for (name, _), right in zip(answers, classes, strict=True)) / len(classes)
