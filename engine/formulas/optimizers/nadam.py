"""Nadam (Dozat 2016), as PyTorch has it: Adam that looks ahead, as Nesterov's momentum does, ever more of it."""

import math

from engine.formulas.optimizers.adam import CORRECTION, MEAN, POWER2, SQUARE
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


def size_of_gradient(rate: float, beta1: float, fade: float, product: float) -> float:
    """The learning rate of the gradient itself."""
    return rate * (1 - weight_of_mean(beta1, fade)) / (1 - product)


def size_of_mean(rate: float, coming: float, product: float) -> float:
    """The learning rate of the mean gradient, which is ahead by a step."""
    return rate * coming / (1 - product * coming)


def adapted_ahead(
    parameter: float,
    gradient: float,
    mean: float,
    square: float,
    gradient_size: float,
    mean_size: float,
    correction: float,
    epsilon: float,
) -> float:
    """The parameter after one step."""
    return parameter - (gradient_size * gradient + mean_size * mean) / (math.sqrt(square) / correction + epsilon)


NADAM = Optimizer(
    "Nadam",
    settings=(learning_rate(0.002), share_of_past(0.9), share_of_slow_mean(0.999), least_size(1e-8)),
    kept=(
        Kept("fade", 1.0, next_fade, Limits(at_least=0.0, at_most=1.0)),
        Kept("product", 1.0, next_product, Limits(at_least=0.0, at_most=1.0)),
        POWER2,
    ),
    factors=(
        Factor("gradient_size", size_of_gradient),
        Factor("coming", weight_to_come),
        Factor("mean_size", size_of_mean),
        CORRECTION,
    ),
    memories=(MEAN, SQUARE),
    parameter=adapted_ahead,
)
