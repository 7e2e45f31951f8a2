"""The points of the challenge, the right answers, and where a network's boundary has to pass between them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.elementwise import Array

# Both coordinates, in hundredths; never by adding 0.01, which would end elsewhere.
AXIS: Array = np.arange(-400, 400) / 100
POINTS = len(AXIS) ** 2
# How far an answer may be from the right one.
CLOSE_ENOUGH = 0.4


def curve(x: Array) -> Array:
    """The curve y = 2x² + x³."""
    return 2 * x**2 + x**3


def right_answers() -> Array:
    """The right answers (x, y): 0 above the curve, 1 on and below it."""
    return np.where(curve(AXIS)[:, None] < AXIS, 0.0, 1.0)


def all_points() -> Array:
    """All points (count, 2), y by y for each x."""
    return np.stack(np.meshgrid(AXIS, AXIS, indexing="ij"), axis=-1).reshape(-1, 2)


def are_right(answers: Array) -> NDArray[np.bool_]:
    """Which of the answers to all points are right, (x, y)."""
    close: NDArray[np.bool_] = np.abs(answers.reshape(len(AXIS), -1) - right_answers()) <= CLOSE_ENOUGH
    return close


# The winners' strings, by the names of their activations.
WINNERS = {path.stem: path for path in sorted((Path(__file__).parent / "winners").glob("*.txt"))}


@dataclass(frozen=True)
class Columns:
    """The columns of points that the curve crosses.

    Attributes:
        x: of each column.
        low: the highest point of each whose answer is 1.
        high: the lowest whose answer is 0. Between both, the boundary may pass where it likes.
    """

    x: Array
    low: Array
    high: Array

    @classmethod
    def crossed(cls) -> "Columns":
        """All of them."""
        ones = right_answers().sum(axis=1).astype(int)
        index = np.flatnonzero((ones > 0) & (ones < len(AXIS)))
        return cls(AXIS[index], AXIS[ones[index] - 1], AXIS[ones[index]])

    @property
    def middle(self) -> Array:
        """The middle of each gap."""
        return (self.low + self.high) / 2

    @property
    def half(self) -> Array:
        """Half of its height."""
        return (self.high - self.low) / 2
