"""Numbers of 32 bits (IEEE 754, binary32), found by the arithmetic of doubles."""

import math

# 2^52 + 1 and 1 - 2^-53.
BEYOND_FRACTION = 4503599627370497.0
ALMOST_ONE = 0.9999999999999999
# 2^-126, below which numbers of 32 bits lie no closer, 2^-23 and 2^128, which is beyond them.
SMALLEST_PLACE = 1.1754943508222875e-38
LAST_PLACE = 1.1920928955078125e-07
TOO_LARGE = 3.402823669209385e38
LARGEST_SINGLE = 3.4028234663852886e38
# 2^52, from where on doubles are whole numbers: a sum with it is rounded to the nearest, of two to the even one.
WHOLE = 4503599627370496.0
# 1 + 3/8 of 2^-23.
WITHIN_REACH = 1.0000000447034836


def last_of(scaled: float) -> float:
    """By how much a number above zero differs from the double below it."""
    return scaled - ALMOST_ONE * scaled


def shifted(size: float) -> float:
    """A number whose last place is another's first one."""
    return BEYOND_FRACTION * size


def first_place(size: float) -> float:
    """The largest power of two that is not above a number (Rump, Ogita and Oishi 2008, algorithm 3.5)."""
    return last_of(shifted(size))


def last_place(first: float) -> float:
    """How far apart numbers of 32 bits are, by their first place."""
    return LAST_PLACE * (first if first > SMALLEST_PLACE else SMALLEST_PLACE)


def whole(number: float) -> float:
    """The nearest whole number; of two as near the even one."""
    return number + WHOLE - WHOLE


def nearest_multiple(size: float, step: float) -> float:
    """The multiple of a power of two that is nearest to a number."""
    return whole(size / step) * step


def single_size(size: float) -> float:
    """The number of 32 bits nearest to a number above zero and below 2^128."""
    return nearest_multiple(size, last_place(first_place(size)))


def signed_single(number: float) -> float:
    """The same for a number below zero, too."""
    return single_size(number) if number > 0.0 else -single_size(-number)


def single_or_zero(number: float) -> float:
    """The same for zero, which keeps its sign, too."""
    return number if number == 0.0 else signed_single(number)


def single(number: float) -> float:
    """The nearest number of 32 bits, of two as near the even one; more than `LARGEST_SINGLE` if there is none."""
    return number if math.fabs(number) >= TOO_LARGE else single_or_zero(number)


def towards_next(number: float) -> float:
    """A number between one of 32 bits and all that is rounded to it from beyond, where that is most: 3/4 of the way."""
    return WITHIN_REACH * number
