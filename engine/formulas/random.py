"""MRG32k3a, the combined multiple recursive generator of L'Ecuyer (Operations Research 47, 1999).

Every intermediate is an integer below 2^53, so doubles hold it exactly in every runtime.
The state is two triples (s10, s11, s12) and (s20, s21, s22), oldest first.
"""

import math

FIRST_MODULUS = 4294967087.0
SECOND_MODULUS = 4294944443.0
FIRST_MULTIPLIER = 1403580.0
FIRST_SUBTRAHEND = 810728.0
SECOND_MULTIPLIER = 527612.0
SECOND_SUBTRAHEND = 1370589.0
NORM = 2.328306549295727688e-10

# A product of two 32-bit integers passes 2^53, so one of them is split at 2^17 (L'Ecuyer et al. 2002): what a jump
# multiplies by comes as high * SPLIT + low.
SPLIT = 131072.0

# The congruential generator that R seeds with; its modulus is 2^32.
SEED_MULTIPLIER = 69069.0
SEED_MODULUS = 4294967296.0

# So many uniform numbers, each of variance 1/12, make one that is almost normal.
NORMAL_TERMS = 12.0


def modulo(value: float, modulus: float) -> float:
    """The remainder in [0, modulus) for integers below 2^53."""
    return value - math.floor(value / modulus) * modulus


def next_first(s10: float, s11: float) -> float:
    """Next value of the first component."""
    return modulo(FIRST_MULTIPLIER * s11 - FIRST_SUBTRAHEND * s10, FIRST_MODULUS)


def next_second(s20: float, s22: float) -> float:
    """Next value of the second component."""
    return modulo(SECOND_MULTIPLIER * s22 - SECOND_SUBTRAHEND * s20, SECOND_MODULUS)


def combine(first: float, second: float) -> float:
    """The two components as one uniform number in (0, 1), both ends left out."""
    return (first - second if first > second else first - second + FIRST_MODULUS) * NORM


def jumped(
    a: float,
    b: float,
    c: float,
    high_a: float,
    high_b: float,
    high_c: float,
    low_a: float,
    low_b: float,
    low_c: float,
    modulus: float,
) -> float:
    """A row of a matrix times a triple, modulo the modulus, exactly, for integers below 2^32."""
    return modulo(
        modulo(high_a * a + high_b * b + high_c * c, modulus) * SPLIT + low_a * a + low_b * b + low_c * c,
        modulus,
    )


def next_seed(seed: float) -> float:
    """One step of the congruential generator that spreads a seed over the state."""
    return modulo(SEED_MULTIPLIER * seed + 1.0, SEED_MODULUS)


def symmetric(uniform: float, limit: float) -> float:
    """A uniform number in (0, 1) as one in (-limit, limit)."""
    return (2.0 * uniform - 1.0) * limit


def normal(total: float) -> float:
    """The sum of NORMAL_TERMS uniform numbers as one that is almost normal (Irwin and Hall): mean 0, variance 1.

    It ends at ± NORMAL_TERMS / 2, and needs no logarithm, whose last digits differ from machine to machine.
    """
    return total - NORMAL_TERMS / 2.0


def index_below(uniform: float, count: float) -> float:
    """A uniform number in (0, 1) as an integer from 0 to count - 1."""
    return math.floor(uniform * count)
