"""To a median of 0 and half of the numbers within a span of 1, however far off others are (as RobustScaler)."""

from engine.formulas.records import Quantile, ScalerKind


def shift(median: float) -> float:
    """The median."""
    return median


def scale(lower: float, upper: float) -> float:
    """The interquartile range."""
    return upper - lower


ROBUST = ScalerKind(
    "Robust",
    (Quantile("lower", 0.25), Quantile("median", 0.5), Quantile("upper", 0.75)),
    shift,
    scale,
    description=__doc__,
)
