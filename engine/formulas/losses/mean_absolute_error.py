"""The mean absolute error, as PyTorch's L1Loss."""

import math

from engine.formulas.records import Loss


def mean_absolute_error(output: float, target: float, count: float) -> float:
    """E = abs(output - target) / count, for one of count output nodes."""
    return math.fabs(output - target) / count


def sign_of(distance: float) -> float:
    """1 above zero, -1 below; zero, where the slope jumps from one to the other, has 0."""
    return 1.0 if distance > 0 else -1.0 if distance < 0 else distance


def mean_absolute_error_slope(output: float, target: float, count: float) -> float:
    """DE / d output = sign(output - target) / count."""
    return sign_of(output - target) / count


MEAN_ABSOLUTE_ERROR = Loss("MeanAbsoluteError", mean_absolute_error, mean_absolute_error_slope)
