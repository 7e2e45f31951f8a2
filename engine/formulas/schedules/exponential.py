"""PyTorch's ExponentialLR: the rate is multiplied by a factor after every step."""

from engine.formulas.records import Kept, Limits, RateSchedule, falling_factor


def next_share(share: float, factor: float) -> float:
    """What is left of the rate at a step."""
    return share * factor


def fallen(rate: float, share: float) -> float:
    """The rate at a step."""
    return rate * share


EXPONENTIAL = RateSchedule(
    "Exponential",
    settings=(falling_factor(0.999),),
    kept=(Kept("share", 1.0, next_share, Limits(at_least=0.0, at_most=1.0)),),
    rate=fallen,
    description=__doc__,
)
