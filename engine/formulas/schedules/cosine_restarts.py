"""PyTorch's CosineAnnealingWarmRestarts (Loshchilov and Hutter 2017): down half a wave, again and again."""

import math

from engine.formulas.records import Kept, Limits, RateSchedule, Setting, least_rate, number_of_steps

PI = 3.141592653589793


def next_position(position: float, length: float, steps: float) -> float:
    """The place in a cycle at the next step."""
    return 0.0 if position + 1 >= steps * length else position + 1


def next_length(length: float, position: float, multiple: float) -> float:
    """How many times the first cycle's length the cycle has."""
    return length if position > 0 else length * multiple


def annealed_again(rate: float, position: float, length: float, steps: float, min_rate: float) -> float:
    """The rate at a step."""
    return min_rate + (rate - min_rate) * (1 + math.cos(PI * position / (steps * length))) / 2


COSINE_RESTARTS = RateSchedule(
    "CosineRestarts",
    settings=(
        number_of_steps(1000.0),
        Setting(
            "multiple",
            1.0,
            Limits(at_least=1.0, at_most=1000.0, whole=True),
            "how many times as long as the one before each cycle is",
        ),
        least_rate(0.0),
    ),
    kept=(
        Kept("position", 0.0, next_position, Limits(at_least=0.0)),
        Kept("length", 1.0, next_length, Limits(at_least=1.0, at_most=1e15)),
    ),
    rate=annealed_again,
    description=__doc__,
)
