"""Means in which what is older fades, and the sums that they are made of."""


def sum_of_mean(mean: float, share: float) -> float:
    """The sum of numbers, each faded to a ``share`` of itself by every one after it, of such a mean of them."""
    return mean / (1 - share)
