"""Inverted dropout (Srivastava et al. 2014): a step leaves out some outputs and makes the others larger instead."""


def mask(uniform: float, rate: float) -> float:
    """What an output is multiplied by: 0 with a chance of rate, else what keeps its mean."""
    return 0.0 if uniform < rate else 1.0 / (1.0 - rate)
