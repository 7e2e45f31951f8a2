"""How weights start: uniform within a limit or normal with a deviation.

Their variances are those that keep the size of numbers from layer to layer: 2 / fan-in behind rectifiers (He et al.
2015), 2 / (fan-in + fan-out) (Glorot and Bengio 2010, "Xavier"), 1 / fan-in (LeCun et al. 1998). A uniform number
within ± a limit has a third of the limit's square as its variance.
"""

import math

from engine.formulas.records import Initializer


def he_limit(fan_in: float, fan_out: float) -> float:
    """The limit for a variance of 2 / fan-in."""
    return math.sqrt(6.0 / fan_in)


def he_deviation(fan_in: float, fan_out: float) -> float:
    """The deviation for a variance of 2 / fan-in."""
    return math.sqrt(2.0 / fan_in)


def xavier_limit(fan_in: float, fan_out: float) -> float:
    """The limit for a variance of 2 / (fan-in + fan-out)."""
    return math.sqrt(6.0 / (fan_in + fan_out))


def xavier_deviation(fan_in: float, fan_out: float) -> float:
    """The deviation for a variance of 2 / (fan-in + fan-out)."""
    return math.sqrt(2.0 / (fan_in + fan_out))


def lecun_limit(fan_in: float, fan_out: float) -> float:
    """The limit for a variance of 1 / fan-in."""
    return math.sqrt(3.0 / fan_in)


def lecun_deviation(fan_in: float, fan_out: float) -> float:
    """The deviation for a variance of 1 / fan-in."""
    return math.sqrt(1.0 / fan_in)


HE_UNIFORM = Initializer("HeUniform", he_limit)
HE_NORMAL = Initializer("HeNormal", he_deviation, is_normal=True)
XAVIER_UNIFORM = Initializer("XavierUniform", xavier_limit)
XAVIER_NORMAL = Initializer("XavierNormal", xavier_deviation, is_normal=True)
LECUN_UNIFORM = Initializer("LeCunUniform", lecun_limit)
LECUN_NORMAL = Initializer("LeCunNormal", lecun_deviation, is_normal=True)
ZEROS = Initializer("Zeros", None)
