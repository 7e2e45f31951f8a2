"""PyTorch's CosineAnnealingLR in closed form (Loshchilov and Hutter 2017): down half a wave, and up again behind it."""

import math

from engine.formulas.records import RateSchedule, least_rate, number_of_steps

PI = 3.141592653589793


def annealed(rate: float, step: float, steps: float, min_rate: float) -> float:
    """The rate at a step."""
    return min_rate + (rate - min_rate) * (1 + math.cos(PI * step / steps)) / 2


COSINE = RateSchedule("Cosine", settings=(number_of_steps(1000.0), least_rate(0.0)), rate=annealed, description=__doc__)
