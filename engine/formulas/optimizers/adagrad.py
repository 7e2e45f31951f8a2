"""AdaGrad (Duchi et al. 2011), as PyTorch has it: steps measured by all gradients that a parameter has had."""

import math

from engine.formulas.records import Limits, Memory, Optimizer, learning_rate, least_size


def next_total(square: float, gradient: float) -> float:
    """The sum of the squared gradients after one step."""
    return square + gradient * gradient


def measured(parameter: float, gradient: float, square: float, rate: float, epsilon: float) -> float:
    """The parameter after one step along its gradient, measured by the root of the squares."""
    return parameter - rate * gradient / (math.sqrt(square) + epsilon)


ADAGRAD = Optimizer(
    "AdaGrad",
    settings=(learning_rate(0.01), least_size(1e-10)),
    memories=(Memory("square", next_total, Limits(at_least=0.0)),),
    parameter=measured,
    description=__doc__,
)
