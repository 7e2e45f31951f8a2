"""What is done to gradients before a step, row by row."""

from engine.formulas import regularization
from engine.kernels.operands import Values


def penalize(gradients: Values, weights: Values, count: int, l1: float, l2: float) -> None:
    """Adds the slopes of penalties on weights."""
    for j in range(count):
        gradients[j] = regularization.penalized(gradients[j], weights[j], l1, l2)


def limit(gradients: Values, count: int, most: float) -> None:
    """Limits each gradient."""
    for j in range(count):
        gradients[j] = regularization.limited(gradients[j], most)


def add_squares(values: Values, count: int, before: float) -> float:
    """A sum that goes on with the squares of numbers."""
    total = before
    for j in range(count):
        value = values[j]
        total += value * value
    return total


def scale(values: Values, count: int, factor: float) -> None:
    """Multiplies numbers."""
    for j in range(count):
        values[j] *= factor


def divide(values: Values, count: int, divisor: float) -> None:
    """Divides numbers."""
    for j in range(count):
        values[j] = values[j] / divisor


def decay(gradients: Values, parameters: Values, count: int, strength: float) -> None:
    """Adds what pulls parameters to zero."""
    for j in range(count):
        gradients[j] = regularization.decayed(gradients[j], parameters[j], strength)
