"""To between 0 and 1 (scikit-learn's MinMaxScaler)."""

from engine.formulas.records import Fold, ScalerKind


def lesser(least: float, value: float) -> float:
    """The smaller one of the least so far and a value."""
    return value if value < least else least


def greater(greatest: float, value: float) -> float:
    """The larger one of the greatest so far and a value."""
    return value if value > greatest else greatest


def shift(least: float) -> float:
    """What becomes 0."""
    return least


def scale(least: float, greatest: float) -> float:
    """What is as much more as becomes 1."""
    return greatest - least


MIN_MAX = ScalerKind("MinMax", (Fold("least", lesser), Fold("greatest", greater)), shift, scale, description=__doc__)
