"""Stochastic gradient descent with momentum (Polyak 1964), as PyTorch has it: a velocity gathers the gradients."""

from engine.formulas.records import Memory, Optimizer, learning_rate, share_of_velocity


def gathered(velocity: float, gradient: float, momentum: float) -> float:
    """The velocity after one step."""
    return momentum * velocity + gradient


def moved(parameter: float, velocity: float, rate: float) -> float:
    """The parameter after one step along its velocity."""
    return parameter - rate * velocity


VELOCITY = Memory("velocity", gathered)
MOMENTUM = Optimizer(
    "Momentum",
    settings=(learning_rate(0.01), share_of_velocity(0.9)),
    memories=(VELOCITY,),
    parameter=moved,
    description=__doc__,
)
