"""Huber's loss (1964), as PyTorch's HuberLoss: squared near the target, absolute from a distance on."""

import math

from engine.formulas.records import Limits, Loss, Setting


def huber_of(distance: float, delta: float) -> float:
    """A parabola up to delta, and a line beyond it that goes on with its slope."""
    return distance * distance / 2.0 if math.fabs(distance) <= delta else delta * (math.fabs(distance) - delta / 2.0)


def huber(output: float, target: float, count: float, delta: float) -> float:
    """E = d² / (2 count) up to d = abs(output - target) = delta, delta (d - delta / 2) / count beyond."""
    return huber_of(output - target, delta) / count


def clipped(distance: float, delta: float) -> float:
    """The distance, at most delta and at least -delta."""
    return delta if distance > delta else -delta if distance < -delta else distance


def huber_slope(output: float, target: float, count: float, delta: float) -> float:
    """DE / d output = clipped(output - target) / count."""
    return clipped(output - target, delta) / count


HUBER = Loss(
    "Huber",
    huber,
    huber_slope,
    settings=(Setting("delta", 1.0, Limits(above=0.0), "distance from which on the loss is a line"),),
)
