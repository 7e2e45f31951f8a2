"""How a scaler's shift and scale are used, and what quantiles are."""


def scaled(value: float, shift: float, scale: float) -> float:
    """A user's number as a network has it."""
    return (value - shift) / scale


def unscaled(value: float, shift: float, scale: float) -> float:
    """A network's number as its user has it."""
    return value * scale + shift


def quantile_place(share: float, count: float) -> float:
    """Where a share of so many sorted numbers lies below, counted from 0 (Hyndman & Fan 1996, type 7, as numpy's)."""
    return share * (count - 1.0)


def quantile_between(lower: float, upper: float, part: float) -> float:
    """The number at a part of the way between two neighbours."""
    return lower + (upper - lower) * part
