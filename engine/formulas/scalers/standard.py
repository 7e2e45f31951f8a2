"""To a mean of 0 and a standard deviation of 1 (scikit-learn's StandardScaler)."""

import math

from engine.formulas.records import Fold, ScalerKind


def added(total: float, value: float) -> float:
    """The sum so far and a value."""
    return total + value


def added_square(squares: float, value: float, total: float, count: float) -> float:
    """The sum so far of squared distances from the mean, and a value's."""
    return squares + (value - total / count) * (value - total / count)


def shift(total: float, count: float) -> float:
    """The mean."""
    return total / count


def scale(squares: float, count: float) -> float:
    """The standard deviation of these very numbers, not an estimate of that of more."""
    return math.sqrt(squares / count)


STANDARD = ScalerKind(
    "Standard", (Fold("total", added, 0.0), Fold("squares", added_square, 0.0)), shift, scale, description=__doc__
)
