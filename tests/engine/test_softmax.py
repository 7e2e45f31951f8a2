"""Softmax: values by the definition and SciPy, deltas by differences, and where it may stand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from engine import ArgumentError, Network, propagation
from engine.formulas.registry import LOSSES, OUTPUT_ACTIVATIONS
from engine.interface.limits import DEFAULT_LOSS
from engine.training.updates import Sgd
from tests.engine.differences import central

CLOSE = 1e-12
STEP = 1e-6
NUMBERS = st.floats(-50, 50)


def shares(x: list[float]) -> list[float]:
    """What a network puts out whose output layer has these pre-activations."""
    network = Network.from_table([1, [[[[0.0]], [0.0]], [[[0.0]] * len(x), x]], False, ["Tanh", "Softmax"]])
    return [float(y) for y in network.forward([1.0])]


def test_values_are_the_published_ones() -> None:
    # e / (1 + e) and its kin, from tables; equal pre-activations have equal shares.
    assert shares([1.0, 0.0]) == pytest.approx([0.7310585786300049, 0.2689414213699951], abs=CLOSE)
    assert shares([1.0, 2.0, 3.0]) == pytest.approx(
        [0.09003057317038046, 0.24472847105479764, 0.6652409557748218], abs=CLOSE
    )
    assert shares([7.0] * 4) == [float(Fraction(1, 4))] * 4
    assert shares([-3.0]) == [1.0]


@given(st.lists(NUMBERS, min_size=1, max_size=9))
def test_values_are_those_of_scipy(x: list[float]) -> None:
    np.testing.assert_allclose(shares(x), special.softmax(x), rtol=0, atol=CLOSE)
    assert sum(shares(x)) == pytest.approx(1.0, abs=CLOSE)


@pytest.mark.parametrize("size", [1e3, 1e6, 1e308])
def test_huge_pre_activations_have_shares(size: float) -> None:
    assert shares([size, -size, 0.0]) == [1.0, 0.0, 0.0]
    assert shares([-size, -size]) == [0.5, 0.5]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 4))
def test_a_step_goes_along_the_differences_of_the_loss(seed: int, outputs: int) -> None:
    network = Network.create(3, 1, 4, outputs, ("Tanh", "Softmax"), seed=seed)
    x, target = np.array([0.3, -0.7, 0.9]), np.linspace(0.1, 0.8, outputs)

    def loss() -> float:
        return float(((network.forward(x) - target) ** 2).sum() / 2)

    stepped = network.copy()
    propagation.backward(stepped.layers, Sgd(1.0), x, target, LOSSES[DEFAULT_LOSS])
    for layer, after in zip(network.layers, stepped.layers, strict=True):
        for array, new in ((layer.weights, after.weights), (layer.biases, after.biases)):
            np.testing.assert_allclose(array - new, central(loss, array, STEP), rtol=0, atol=1e-8)


@pytest.mark.parametrize("ordered", [False, True], ids=["matrix products", "ordered"])
def test_a_step_along_a_batch_is_the_mean_of_its_samples_steps(ordered: bool) -> None:
    network = Network.create(3, 1, 4, 3, ("Tanh", "Softmax"), seed=1)
    samples, targets = np.linspace(-1, 1, 15).reshape(5, 3), np.linspace(0, 1, 15).reshape(5, 3)
    together, apart = network.copy(), [network.copy() for _ in samples]
    loss = LOSSES[DEFAULT_LOSS]
    propagation.backward_batch(together.layers, Sgd(1.0), samples, targets, loss, ordered=ordered)
    for each, x, target in zip(apart, samples, targets, strict=True):
        propagation.backward(each.layers, Sgd(1.0), x, target, loss)
    for index, layer in enumerate(together.layers):
        mean = np.mean([each.layers[index].weights for each in apart], axis=0)
        np.testing.assert_allclose(layer.weights, mean, rtol=0, atol=CLOSE)
    np.testing.assert_allclose(network.forward_by_matrix_product(samples), network.forward(samples), rtol=CLOSE)


@pytest.mark.parametrize("activator", ["Softmax", ("Softmax", "Tanh"), ("Softmax", "Softmax")], ids=str)
def test_only_output_layers_have_it(activator: str | tuple[str, ...]) -> None:
    got = '"Softmax"' if isinstance(activator, str) else '"Softmax" as number 1'
    with pytest.raises(ArgumentError, match=rf"may also have Softmax\), got {got}( \(did|\.)"):
        Network.create(2, 1, 3, 2, activator)


def test_it_is_the_only_one_of_its_kind() -> None:
    assert list(OUTPUT_ACTIVATIONS) == ["Softmax"]
