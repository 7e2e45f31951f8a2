"""What kernels work on: arrays of numbers, rows of weights, vectors, and formulas that are written out in them."""

from collections.abc import Callable, MutableSequence, Sequence
from typing import NamedTuple

Values = MutableSequence[float]
Rows = Sequence[Values]
Formula = Callable[..., float]


class Vector(NamedTuple):
    """Three numbers, as Luau's vectors have them."""

    x: float
    y: float
    z: float


Vectors = MutableSequence[Vector]
