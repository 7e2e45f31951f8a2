"""Stochastic gradient descent with momentum (Polyak 1964), as PyTorch has it: a velocity gathers the gradients."""

from engine.formulas.records import Limits, Memory, Optimizer, Setting, learning_rate


def gathered(velocity: float, gradient: float, momentum: float) -> float:
    """The velocity after one step."""
    return momentum * velocity + gradient


def moved(parameter: float, velocity: float, rate: float) -> float:
    """The parameter after one step along its velocity."""
    return parameter - rate * velocity


MOMENTUM = Optimizer(
    "Momentum",
    settings=(
        learning_rate(0.01),
        Setting("momentum", 0.9, Limits(at_least=0.0, below=1.0), "share of the velocity that stays from step to step"),
    ),
    memories=(Memory("velocity", gathered),),
    parameter=moved,
)
