"""The words of which a layer's program is made, beside ``+``, ``-``, ``*`` and the layer's own activation.

They run as they are, by the plain loops: a program that is called is the oracle of what is made of it.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.kernels.loops import forward

Array = NDArray[np.floating[Any]]


class Parts(Protocol):
    """What a program sees of its layer.

    Attributes:
        weights: the rows, one per node: first the weights of the inputs, then those of what the layer sees besides.
        biases: one number per node.
        state: one number per node: what the program returned last as the layer's state.
    """

    weights: Array
    biases: Array
    state: Array

    def activation(self, sums: Array) -> Array:
        """The values of the layer's activation."""


def row_sums(weights: Array, values: Array) -> Array:
    """Each node's sum of the values, by the first columns of the weights."""
    sums: Array = np.empty(len(weights), dtype=weights.dtype)
    forward.row_sums(weights, values, len(values), sums)  # type: ignore[arg-type]  # an array is a sequence of rows
    return sums


def add_row_sums(sums: Array, weights: Array, values: Array, after: Array) -> Array:
    """Goes on with the sums of some values, by the columns that come after as many as ``after`` has numbers."""
    total = sums.copy()
    forward.add_row_sums(weights, len(after), values, len(values), total)  # type: ignore[arg-type]  # an array is a sequence of rows
    return total


def own_column(weights: Array, after: Array) -> Array:
    """One weight per node: the column that comes after as many as ``after`` has numbers."""
    return weights[:, len(after)]
