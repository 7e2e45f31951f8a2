"""PyTorch's StepLR: the rate is multiplied by a factor again and again, after so many steps."""

import math

from engine.formulas.records import Kept, Limits, RateSchedule, falling_factor, number_of_steps


def next_share(share: float, step: float, steps: float, factor: float) -> float:
    """What is left of the rate at a step."""
    return share * factor if math.floor(step / steps) * steps == step else share


def stepped_rate(rate: float, share: float) -> float:
    """The rate at a step."""
    return rate * share


STEP = RateSchedule(
    "Step",
    settings=(number_of_steps(1000.0), falling_factor(0.1)),
    kept=(Kept("share", 1.0, next_share, Limits(at_least=0.0, at_most=1.0)),),
    rate=stepped_rate,
    description=__doc__,
)
