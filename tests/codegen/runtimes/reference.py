"""Training on single samples by the engine's single steps: what sessions have to equal."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from engine import propagation
from engine.formulas.records import Loss
from engine.layer import Layer
from engine.training.session import Dataset
from engine.training.updates import Update


class Outcome(NamedTuple):
    """The sum of the losses, and where in the order a loss was not finite; None if all were."""

    total: float
    stopped_at: int | None


def stepped(layers: Sequence[Layer], dataset: Dataset, update: Update, loss: Loss, order: Iterable[int]) -> Outcome:
    """Take one step after the other, in place; the first whose loss is not finite is undone and is the last."""
    total = 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for k, index in enumerate(order):
            before = [[array.copy() for array in layer.numbers] for layer in layers]
            put_back = update.checkpoint()
            found = propagation.backward(layers, update, dataset.inputs[index], dataset.targets[index], loss)
            total += found
            if not np.isfinite(found):
                put_back()
                for layer, arrays in zip(layers, before, strict=True):
                    for array, old in zip(layer.numbers, arrays, strict=True):
                        array[:] = old
                return Outcome(total, k)
    return Outcome(total, None)
