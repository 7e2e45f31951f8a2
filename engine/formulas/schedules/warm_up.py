"""Linear warm-up, which every schedule may have (Goyal et al. 2017).

As PyTorch's LinearLR with ``start_factor=1 / (warm_up + 1)`` and ``total_iters=warm_up``, which SequentialLR lets go
before the schedule: that begins behind it.
"""

from engine.formulas.records import Limits, Setting

WARM_UP = Setting(
    "warm_up",
    0.0,
    Limits(at_least=0.0, at_most=1e9, whole=True),
    "steps before the schedule begins, in which the rate grows evenly from almost nothing",
)


def warmed(rate: float, step: float, warm_up: float) -> float:
    """The rate at one of the first steps, the first being step 0, of what it is when it is warm."""
    return rate * (step + 1) / (warm_up + 1) if step < warm_up else rate
