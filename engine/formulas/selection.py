"""How a generation chooses what stays and who has children."""

import math


def at_least(value: float, minimum: float) -> float:
    """The value, or the minimum where the value is below it."""
    return minimum if value < minimum else value


def kept_count(networks: float, share: float, minimum: float) -> float:
    """How many networks stay: the share, rounded to the nearest whole number, but at least the minimum."""
    return at_least(math.floor(networks * share + 0.5), minimum)


def score_share(score: float, lowest: float, highest: float) -> float:
    """Where a score stands between the lowest (0) and the highest (1); halves, so that no difference overflows."""
    return (score / 2.0 - lowest / 2.0) / (highest / 2.0 - lowest / 2.0) if highest / 2.0 > lowest / 2.0 else 0.0


def parent_chance(score: float, lowest: float, highest: float, pressure: float) -> float:
    """Relative chance to become a parent: 1 for the lowest kept score, ``pressure`` for the highest, linear between."""
    return 1.0 + (pressure - 1.0) * score_share(score, lowest, highest)


def set_aside(index: float, share: float) -> float:
    """Whether a sample, counted from 1, is of the share that is set aside (1) or not (0): evenly spread, the last one.

    Of n samples floor(n * share) are, since the terms of all samples cancel but for the last one's.
    """
    return math.floor(index * share) - math.floor((index - 1.0) * share)
