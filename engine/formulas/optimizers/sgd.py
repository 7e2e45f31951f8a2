"""Stochastic gradient descent: each parameter moves against its gradient, by the learning rate times it.

A node's gradient by one of its weights is ``delta * value``: the node's error signal times what came in through that
weight. The kernels compute `shared_step` once per node and `stepped` once per parameter.
"""

from engine.formulas.records import Optimizer, learning_rate


def shared_step(rate: float, delta: float) -> float:
    """The part of a step of stochastic gradient descent that a node's parameters share."""
    return -rate * delta


def stepped(parameter: float, step: float, value: float) -> float:
    """The parameter after one step; ``value`` is what it was multiplied with (1 for a bias)."""
    return parameter + step * value


def descended(parameter: float, gradient: float, rate: float) -> float:
    """The parameter after one step along its whole gradient."""
    return parameter - rate * gradient


SGD = Optimizer(
    "SGD",
    settings=(learning_rate(0.01),),
    parameter=descended,
    fused=(shared_step, stepped),
    description=__doc__,
)
