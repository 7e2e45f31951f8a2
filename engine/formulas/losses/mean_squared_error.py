"""The mean squared error, as PyTorch's MSELoss."""

from engine.formulas.records import Loss


def mean_squared_error(output: float, target: float, count: float) -> float:
    """E = (output - target)² / count, for one of count output nodes."""
    return (output - target) * (output - target) / count


def mean_squared_error_slope(output: float, target: float, count: float) -> float:
    """DE / d output = 2 (output - target) / count."""
    return 2.0 * (output - target) / count


MEAN_SQUARED_ERROR = Loss("MeanSquaredError", mean_squared_error, mean_squared_error_slope, squared=True)
