"""Softmax (Bridle 1990): each node of an output layer has its share of the sum of all powers e^x."""

import math

from engine.formulas.records import OutputActivation


def power_of(x: float, largest: float) -> float:
    """The power e^(x - largest): that of the largest x is 1, so that none overflows, and the shares are the same."""
    return math.exp(x - largest)


def share_of(power: float, total: float) -> float:
    """A node's share of the sum of all powers."""
    return power / total


def share_slope(y: float, error: float, mean: float) -> float:
    """The delta y (error - mean), where mean is the sum of all errors, each times its y."""
    return y * (error - mean)


SOFTMAX = OutputActivation("Softmax", power_of, share_of, share_slope, 0.0, 1.0)
