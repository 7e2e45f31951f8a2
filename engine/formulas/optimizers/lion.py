"""Lion (Chen et al. 2023): steps of one size, by the sign of a mean gradient in which the newest counts more."""

import math

from engine.formulas.records import Memory, Optimizer, learning_rate, share_of_past, share_of_slow_mean


def sign(x: float) -> float:
    """1, -1 or, of zero, zero; of what is infinite it is no number, so that training which diverges is seen."""
    return x / math.fabs(x) if x != 0 else 0.0


def signed(parameter: float, gradient: float, mean: float, rate: float, beta1: float) -> float:
    """The parameter after one step."""
    return parameter - rate * sign(beta1 * mean + (1 - beta1) * gradient)


def slow_mean(mean: float, gradient: float, beta2: float) -> float:
    """The mean gradient after one step."""
    return beta2 * mean + (1 - beta2) * gradient


LION = Optimizer(
    "Lion",
    settings=(learning_rate(0.0001), share_of_past(0.9), share_of_slow_mean(0.99)),
    memories=(Memory("mean", slow_mean, late=True),),
    parameter=signed,
    decouples=True,
    description=__doc__,
)
