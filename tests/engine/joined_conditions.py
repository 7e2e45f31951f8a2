"""A formula with `and` and `or`, which a formula may have, though none of the library's has."""


def inside_or_on_three(x: float, y: float) -> float:
    """1 where 0 < x < y < 3 or either is 3, else 0."""
    return 1.0 if (x > 0 and x < y and y < 3) or x == 3 or y == 3 else 0.0
