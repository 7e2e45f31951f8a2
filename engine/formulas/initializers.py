"""How parameters start."""

import math


def he_uniform_limit(fan_in: float) -> float:
    """Weights start uniform in ± this (He et al. 2015): variance 2 / fan-in by arithmetic and one square root."""
    return math.sqrt(6.0 / fan_in)
