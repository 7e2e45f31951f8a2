"""Nesterov's momentum (Nesterov 1983, Sutskever et al. 2013), as PyTorch has it: a step of momentum looks ahead."""

from engine.formulas.optimizers.momentum import VELOCITY
from engine.formulas.records import Optimizer, learning_rate, share_of_velocity


def moved_ahead(parameter: float, gradient: float, velocity: float, rate: float, momentum: float) -> float:
    """The parameter after one step along its gradient and what its velocity will be of the next one."""
    return parameter - rate * (gradient + momentum * velocity)


NESTEROV = Optimizer(
    "Nesterov",
    settings=(learning_rate(0.01), share_of_velocity(0.9)),
    memories=(VELOCITY,),
    parameter=moved_ahead,
    description=__doc__,
)
