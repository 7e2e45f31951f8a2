"""Adam (Kingma and Ba 2015), as PyTorch has it: steps along the mean gradient, measured by its usual size."""

import math

from engine.formulas.records import (
    Factor,
    Kept,
    Limits,
    Memory,
    Optimizer,
    learning_rate,
    least_size,
    share_of_past,
    share_of_slow_mean,
)


def next_power1(power1: float, beta1: float) -> float:
    """The share of its start that the mean still has."""
    return power1 * beta1


def next_power2(power2: float, beta2: float) -> float:
    """The share of its start that the mean square still has."""
    return power2 * beta2


def size_of_step(rate: float, power1: float) -> float:
    """The learning rate for a mean that began at zero."""
    return rate / (1 - power1)


def share_known(power2: float) -> float:
    """What the root of a mean square that began at zero is short of."""
    return math.sqrt(1 - power2)


def next_mean(mean: float, gradient: float, beta1: float) -> float:
    """The mean gradient after one step."""
    return beta1 * mean + (1 - beta1) * gradient


def next_square(square: float, gradient: float, beta2: float) -> float:
    """The mean square of the gradient after one step."""
    return beta2 * square + (1 - beta2) * gradient * gradient


def adapted(parameter: float, mean: float, square: float, step_size: float, correction: float, epsilon: float) -> float:
    """The parameter after one step."""
    return parameter - step_size * mean / (math.sqrt(square) / correction + epsilon)


POWER2 = Kept("power2", 1.0, next_power2, Limits(at_least=0.0, at_most=1.0))
CORRECTION = Factor("correction", share_known)
MEAN = Memory("mean", next_mean)
SQUARE = Memory("square", next_square, Limits(at_least=0.0))
ADAM = Optimizer(
    "Adam",
    settings=(learning_rate(0.001), share_of_past(0.9), share_of_slow_mean(0.999), least_size(1e-8)),
    kept=(Kept("power1", 1.0, next_power1, Limits(at_least=0.0, at_most=1.0)), POWER2),
    factors=(Factor("step_size", size_of_step), CORRECTION),
    memories=(MEAN, SQUARE),
    parameter=adapted,
)
