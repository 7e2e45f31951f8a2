"""A rate that stays, once it is warm."""

from engine.formulas.records import RateSchedule


def constant(rate: float) -> float:
    """The rate."""
    return rate


CONSTANT = RateSchedule("Constant", rate=constant, description=__doc__)
