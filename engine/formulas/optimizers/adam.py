"""Adam (Kingma and Ba 2015), as PyTorch has it: steps along the mean gradient, measured by its usual size.

The paper's means, corrected for having begun at zero, are sums in which what is older fades, divided by the sums of
what has not faded of each step. Here such sums are remembered, and the divisions are in the size of all steps and in
epsilon, as the paper has its corrections at the end of its second section: the steps are the same, and each parameter
takes fewer operations.
"""

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


def next_count1(count1: float, beta1: float) -> float:
    """How many gradients the sum of gradients has, each counted as far as it has not faded."""
    return beta1 * count1 + 1


def next_count2(count2: float, beta2: float) -> float:
    """How many squares the sum of squares has, each counted as far as it has not faded."""
    return beta2 * count2 + 1


def root_of_count(count2: float) -> float:
    """What the root of the sum of squares has to be divided by to be that of their mean."""
    return math.sqrt(count2)


def size_of_step(rate: float, count1: float, correction: float) -> float:
    """The learning rate for sums in place of means."""
    return rate * correction / count1


def least_root(epsilon: float, correction: float) -> float:
    """Epsilon beside the root of the sum of squares."""
    return epsilon * correction


def next_direction(direction: float, gradient: float, beta1: float) -> float:
    """The sum of the gradients after one step."""
    return beta1 * direction + gradient


def next_squares(squares: float, gradient: float, beta2: float) -> float:
    """The sum of the squared gradients after one step."""
    return beta2 * squares + gradient * gradient


def adapted(parameter: float, direction: float, squares: float, step_size: float, least: float) -> float:
    """The parameter after one step."""
    return parameter - step_size * direction / (math.sqrt(squares) + least)


COUNT2 = Kept("count2", 0.0, next_count2, Limits(at_least=0.0), fades_by="beta2")
CORRECTION = Factor("correction", root_of_count)
LEAST = Factor("least", least_root)
DIRECTION = Memory("direction", next_direction, fades_by="beta1")
SQUARES = Memory("squares", next_squares, Limits(at_least=0.0), fades_by="beta2")
ADAM = Optimizer(
    "Adam",
    settings=(learning_rate(0.001), share_of_past(0.9), share_of_slow_mean(0.999), least_size(1e-8)),
    kept=(Kept("count1", 0.0, next_count1, Limits(at_least=0.0), fades_by="beta1"), COUNT2),
    factors=(CORRECTION, Factor("step_size", size_of_step), LEAST),
    memories=(DIRECTION, SQUARES),
    parameter=adapted,
    description=__doc__,
)
