"""Nadam (Dozat 2016), as PyTorch has it: Adam that looks ahead, as Nesterov's momentum does, ever more of it."""

import math

from engine.formulas.optimizers.adam import CORRECTION, COUNT2, DIRECTION, LEAST, SQUARES
from engine.formulas.records import (
    Factor,
    Kept,
    Limits,
    Optimizer,
    learning_rate,
    least_size,
    share_of_past,
    share_of_slow_mean,
)

# 0.96 ** 0.004: Dozat's base, and the momentum decay that he and PyTorch have.
FADING = 0.9998367253526753


def next_fade(fade: float) -> float:
    """What the mean's weight is still short of its end, after one step; twice as much of it."""
    return fade * FADING


def weight_of_mean(beta1: float, fade: float) -> float:
    """What of a step is along the mean gradient: at first half of what it comes to."""
    return beta1 * (1 - 0.5 * fade)


def next_product(product: float, beta1: float, fade: float) -> float:
    """The product of the mean's weights in all steps."""
    return product * weight_of_mean(beta1, fade)


def weight_to_come(beta1: float, fade: float) -> float:
    """The mean's weight in the next step."""
    return weight_of_mean(beta1, next_fade(fade))


def size_of_gradient(rate: float, beta1: float, fade: float, product: float, correction: float) -> float:
    """The learning rate of the gradient itself, for a sum of squares in place of their mean."""
    return rate * correction * (1 - weight_of_mean(beta1, fade)) / (1 - product)


def size_of_mean(rate: float, beta1: float, coming: float, product: float, correction: float) -> float:
    """The same of the sum of gradients in place of their mean, which is ahead by a step."""
    return rate * correction * (1 - beta1) * coming / (1 - product * coming)


def adapted_ahead(
    parameter: float,
    gradient: float,
    direction: float,
    squares: float,
    gradient_size: float,
    mean_size: float,
    least: float,
) -> float:
    """The parameter after one step."""
    return parameter - (gradient_size * gradient + mean_size * direction) / (math.sqrt(squares) + least)


NADAM = Optimizer(
    "Nadam",
    settings=(learning_rate(0.002), share_of_past(0.9), share_of_slow_mean(0.999), least_size(1e-8)),
    kept=(
        Kept("fade", 1.0, next_fade, Limits(at_least=0.0, at_most=1.0)),
        Kept("product", 1.0, next_product, Limits(at_least=0.0, at_most=1.0)),
        COUNT2,
    ),
    factors=(
        CORRECTION,
        Factor("gradient_size", size_of_gradient),
        Factor("coming", weight_to_come),
        Factor("mean_size", size_of_mean),
        LEAST,
    ),
    memories=(DIRECTION, SQUARES),
    parameter=adapted_ahead,
    description=__doc__,
)
