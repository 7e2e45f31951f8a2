"""Half the squared error, of which the slope is the error itself: what networks are trained by that name no loss."""

from engine.formulas.records import Loss


def half_squared_error(output: float, target: float) -> float:
    """E = (output - target)² / 2, for one output node."""
    return (output - target) * (output - target) / 2.0


def half_squared_error_slope(output: float, target: float) -> float:
    """DE / d output = output - target."""
    return output - target


HALF_SQUARED_ERROR = Loss("HalfSquaredError", half_squared_error, half_squared_error_slope, squared=True)
