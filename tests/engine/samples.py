"""What several tests of the engine share: exact comparison, networks of all shapes, refusals."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from engine import ACTIVATIONS, ArgumentError, Network

ACTIVATOR_NAMES = tuple(ACTIVATIONS)
BOUNDED_NAMES = tuple(name for name, each in ACTIVATIONS.items() if each.bounded)

FINITE = st.floats(allow_nan=False, allow_infinity=False)
LARGEST = 1.7976931348623157e308
SMALLEST = 5e-324
AWKWARD = (0.0, -0.0, SMALLEST, -SMALLEST, 2.2250738585072014e-308, 0.1, 1 / 3, 123456789012345680.0, LARGEST, -LARGEST)


def bits(numbers: ArrayLike) -> bytes:
    """The very doubles, so that a comparison tells -0.0 from 0.0."""
    return np.asarray(numbers, dtype=np.float64).tobytes()


def refused(call: Callable[[], object]) -> str:
    """The sentence with which a call is refused."""
    with pytest.raises(ArgumentError) as caught:
        call()
    return str(caught.value)


@st.composite
def tables(draw: st.DrawFn, numbers: st.SearchStrategy[float] = FINITE) -> list[object]:
    """Network tables of all shapes: any sizes, feed-forward or recurrent, one activator or one for each layer."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=3, max_size=4))
    recurrent = draw(st.booleans())
    layers: list[object] = []
    for fan_in, nodes in pairwise(sizes):
        row = st.lists(numbers, min_size=fan_in + recurrent, max_size=fan_in + recurrent)
        one_per_node = st.lists(numbers, min_size=nodes, max_size=nodes)
        layer: list[object] = [draw(st.lists(row, min_size=nodes, max_size=nodes)), draw(one_per_node)]
        layers.append([*layer, draw(one_per_node)] if recurrent else layer)
    name = st.sampled_from(ACTIVATOR_NAMES)
    activator = draw(name | st.lists(name, min_size=len(layers), max_size=len(layers)))
    return [sizes[0], layers, draw(st.booleans()), activator]


def networks(numbers: st.SearchStrategy[float] = FINITE) -> st.SearchStrategy[Network]:
    """Networks of all shapes."""
    return tables(numbers).map(Network.from_table)
