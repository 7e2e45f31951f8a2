"""Least squares. A symmetric matrix ends in each row with the diagonal: ``rows[j][i]``, i up to j."""

from engine.kernels.operands import Rows, Values


def add_products(rows: Rows, values: Values, count: int, factor: float) -> None:
    """Adds a factor times the product of every two of some values to a symmetric matrix."""
    for j in range(count):
        row, share = rows[j], factor * values[j]
        for i in range(j + 1):
            row[i] += share * values[i]


def add_scaled(values: Values, first: int, count: int, factor: float, into: Values) -> None:
    """Adds a factor times some values, from one place on, to the first ones of another array."""
    for j in range(count):
        into[j] += factor * values[first + j]


def sum_products(values: Values, others: Values, count: int) -> float:
    """The sum of the products of values with others."""
    total = 0.0
    for j in range(count):
        total += values[j] * others[j]
    return total
