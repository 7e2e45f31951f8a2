"""Losses, each with its derivative by the output beside it."""


def half_squared_error(output: float, target: float) -> float:
    """E = (output - target)² / 2, for one output node."""
    return (output - target) * (output - target) / 2.0


def half_squared_error_slope(output: float, target: float) -> float:
    """DE / d output = output - target."""
    return output - target
