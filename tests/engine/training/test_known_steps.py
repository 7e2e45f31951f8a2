"""Optimizers against what was published of them: twelve steps in all digits, and twelve of a network of 3-5-4-2."""

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine import Network, Optimizer
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS
from engine.training.updates import Place
from tests.engine.training.known_steps import KNOWN, TWELVE_GRADIENTS, Algorithm, Settings

every_optimizer = pytest.mark.parametrize("name", ELEMENTWISE_OPTIMIZERS)
# Some roundings of numbers around 1 in each of twelve steps.
CLOSE = 1e-14
# So are those of a network, whose later gradients answer for the earlier ones.
CLOSE_IN_NETWORKS = 1e-12


def line() -> Network:
    """It gives back what goes in: one weight of 1 after the other, no biases."""
    return Network.from_table([1, [[[[1.0]], [0.0]], [[[1.0]], [0.0]]], False, ["Identity", "Identity"]])


def test_there_are_known_steps_of_every_optimizer() -> None:
    assert KNOWN.keys() == ELEMENTWISE_OPTIMIZERS.keys()


@every_optimizer
def test_twelve_steps_with_the_defaults_are_those_that_were_worked_out(name: str) -> None:
    owner, optimizer, places = line(), Optimizer(name, weight_decay=0.0), []
    parameters = owner.layers[0].weights
    update = optimizer.update_of(owner, "backwardNet")
    optimizer.claim(owner)
    for gradient in TWELVE_GRADIENTS:
        update.begin()
        update.apply_gradient(Place(0, "weights", (slice(None), slice(None))), parameters, np.array([[gradient]]))
        places.append(float(parameters[0, 0]))
    assert_allclose(places, KNOWN[name].twelve, rtol=0, atol=CLOSE)


@every_optimizer
def test_the_algorithm_gives_the_steps_that_were_worked_out(name: str) -> None:
    memory: dict[str, float] = {}
    parameter, places = 1.0, []
    for t, gradient in enumerate(TWELVE_GRADIENTS, start=1):
        parameter = KNOWN[name].algorithm(parameter, gradient, memory, t, Optimizer(name).settings)
        places.append(parameter)
    assert_allclose(places, KNOWN[name].twelve, rtol=0, atol=CLOSE)


Rows = list[list[float]]
SIZES = (3, 5, 4, 2)


@dataclass
class Plain:
    """A network of SIZES, Tanh throughout, one number after the other: nothing of the engine is in it.

    Parameters are by (layer, node, column); a node's bias is behind its weights.
    """

    parameters: dict[tuple[int, int, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        source = random.Random(3)
        for layer, (inputs, nodes) in enumerate(pairwise(SIZES)):
            for node in range(nodes):
                for column in range(inputs + 1):
                    self.parameters[layer, node, column] = source.uniform(-0.8, 0.8)

    def table(self) -> list[object]:
        """The same network as the engine takes it."""
        layers: list[object] = []
        for layer, (inputs, nodes) in enumerate(pairwise(SIZES)):
            rows = [[self.parameters[layer, node, column] for column in range(inputs)] for node in range(nodes)]
            layers.append([rows, [self.parameters[layer, node, inputs] for node in range(nodes)]])
        return [SIZES[0], layers, False, ["Tanh"] * len(layers)]

    def values(self, inputs: list[float]) -> list[list[float]]:
        """What goes into each layer, and the outputs."""
        values = [inputs]
        for layer, nodes in enumerate(SIZES[1:]):
            before = [*values[-1], 1.0]
            values.append(
                [
                    math.tanh(sum(self.parameters[layer, node, column] * x for column, x in enumerate(before)))
                    for node in range(nodes)
                ]
            )
        return values

    def loss(self, inputs: list[float], targets: list[float]) -> float:
        """Half the squared error."""
        return sum((y - t) ** 2 for y, t in zip(self.values(inputs)[-1], targets, strict=True)) / 2

    def gradients(self, inputs: list[float], targets: list[float]) -> dict[tuple[int, int, int], float]:
        """The loss's slopes by all parameters, by the chain rule."""
        values, found = self.values(inputs), {}
        errors = [y - t for y, t in zip(values[-1], targets, strict=True)]
        for layer in reversed(range(len(SIZES) - 1)):
            deltas = [error * (1 - y**2) for error, y in zip(errors, values[layer + 1], strict=True)]
            for node, delta in enumerate(deltas):
                for column, x in enumerate([*values[layer], 1.0]):
                    found[layer, node, column] = delta * x
            errors = [
                sum(self.parameters[layer, node, column] * delta for node, delta in enumerate(deltas))
                for column in range(SIZES[layer])
            ]
        return found

    def train(self, samples: Rows, targets: Rows, step: Algorithm, settings: Settings) -> None:
        """One step for each sample."""
        memories: dict[tuple[int, int, int], dict[str, float]] = {place: {} for place in self.parameters}
        for t, (inputs, target) in enumerate(zip(samples, targets, strict=True), start=1):
            for place, gradient in self.gradients(inputs, target).items():
                self.parameters[place] = step(self.parameters[place], gradient, memories[place], t, settings)


def twelve_samples() -> tuple[Rows, Rows]:
    source = random.Random(4)
    return (
        [[source.uniform(-2, 2) for _ in range(SIZES[0])] for _ in range(12)],
        [[source.uniform(-0.9, 0.9) for _ in range(SIZES[-1])] for _ in range(12)],
    )


def test_the_plain_networks_gradients_are_differences_of_its_loss() -> None:
    plain, (samples, targets) = Plain(), twelve_samples()
    for place, gradient in plain.gradients(samples[0], targets[0]).items():
        right, h, losses = plain.parameters[place], 1e-5, []
        for plain.parameters[place] in (right + h, right - h):
            losses.append(plain.loss(samples[0], targets[0]))
        plain.parameters[place] = right
        assert abs((losses[0] - losses[1]) / (2 * h) - gradient) < 1e-9, place


@every_optimizer
def test_a_network_goes_where_the_published_algorithm_leads_it(name: str) -> None:
    samples, targets = twelve_samples()
    plain, trained, optimizer = (
        Plain(),
        Network.from_table(Plain().table()),
        Optimizer(name, rate=0.05, weight_decay=0.0),
    )
    plain.train(samples, targets, KNOWN[name].algorithm, optimizer.settings)
    for inputs, target in zip(samples, targets, strict=True):
        trained.backward(optimizer, inputs, target)
    expected = Network.from_table(plain.table())
    for layer, wanted in zip(trained.layers, expected.layers, strict=True):
        assert_allclose(layer.weights, wanted.weights, rtol=0, atol=CLOSE_IN_NETWORKS)
        assert_allclose(layer.biases, wanted.biases, rtol=0, atol=CLOSE_IN_NETWORKS)
