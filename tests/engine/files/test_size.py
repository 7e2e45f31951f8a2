"""The estimate of a string's length: the rule in its own words, and never too low."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Network, approximate_length
from tests.engine.samples import ACTIVATOR_NAMES, FINITE

NAMES = st.sampled_from(ACTIVATOR_NAMES)


@st.composite
def shapes(draw: st.DrawFn) -> tuple[int, int, int, int, str | list[str], bool]:
    hidden_layers = draw(st.integers(1, 4))
    activator = draw(NAMES | st.lists(NAMES, min_size=hidden_layers + 1, max_size=hidden_layers + 1))
    small = st.integers(1, 12)
    return draw(small), hidden_layers, draw(small), draw(small), activator, draw(st.booleans())


def ruled(sizes: Sequence[int], activator: str | Sequence[str], recurrent: bool) -> int:
    """31 characters for every parameter, and the rest by counting; names in a list have quotes and a comma."""
    total = len(str(sizes[0])) + 8
    total += len(activator) if isinstance(activator, str) else sum(len(f'"{name}",') for name in activator)
    for before, nodes in pairwise(sizes):
        weights, biases = before * nodes, nodes
        total += 31 * (weights + biases) + (nodes + 1) + (before + 1) * nodes
        if recurrent:
            total += 31 * (before + nodes)
    return total


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        # 25 parameters: 775. Layers: (4 + 9) + (4 + 12) + (2 + 4). Around: 1 digit + 8 + 4.
        ((2, 2, 3, 1, "ReLU", False), 823),
        ((1000, 100, 100, 100), 35_533_422),
        # 4 parameters: 124. Layers: 2 (2 + 2). Around: 1 + 8 + 4.
        ((1, 1, 1, 1, "Sinc"), 145),
        # The same and 2 · 31 · 2.
        ((1, 1, 1, 1, "Sinc", True), 269),
        # The same as without recurrence, but the names are "Sin", and "Sinc",
        ((1, 1, 1, 1, ["Sin", "Sinc"]), 154),
    ],
)
def test_lengths_are_the_documented_ones(shape: tuple[int, int, int, int], expected: int) -> None:
    length = approximate_length(*shape)
    assert length == expected
    assert isinstance(length, int)


def test_the_default_activator_counts() -> None:
    assert approximate_length(2, 2, 3, 1) == approximate_length(2, 2, 3, 1, "LeakyReLU") == 823 - 4 + 9


@given(shapes(), st.integers(1, 6))
@settings(max_examples=200)
def test_the_length_follows_the_rule(shape: tuple[int, int, int, int, str | list[str], bool], digits: int) -> None:
    inputs, hidden_layers, hidden_nodes, outputs, activator, recurrent = shape
    inputs *= 10 ** (digits - 1)
    expected = ruled([inputs, *[hidden_nodes] * hidden_layers, outputs], activator, recurrent)
    assert approximate_length(inputs, hidden_layers, hidden_nodes, outputs, activator, recurrent) == expected


@given(shapes(), FINITE, st.integers(0, 2**32 - 1))
@settings(max_examples=200)
@pytest.mark.filterwarnings("ignore:.* has an infinite range")
def test_a_new_network_is_never_longer(
    shape: tuple[int, int, int, int, str | list[str], bool], bias: float, seed: int
) -> None:
    assert len(Network.create(*shape, bias, seed).save()) <= approximate_length(*shape)


@pytest.mark.parametrize("bias", [-2.2250738585072014e-308, -1.7976931348623157e308, -5e-324])
@pytest.mark.parametrize("recurrent", [False, True])
def test_the_longest_numbers_fit(bias: float, recurrent: bool) -> None:
    network = Network.create(3, 2, 4, 2, "Tanh", recurrent, bias, seed=0)
    for layer in network.layers:
        layer.weights[:] = bias
    assert len(network.save()) <= approximate_length(3, 2, 4, 2, "Tanh", recurrent)


def test_whole_floats_count_as_the_numbers_that_they_are() -> None:
    assert approximate_length(2.0, 2.0, 3.0, 1.0, "ReLU") == 823  # type: ignore[arg-type]  # whole floats do too
