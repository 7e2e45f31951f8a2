"""Moving numbers."""

from engine.kernels.operands import Rows, Values


def fill(values: Values, before: int, count: int, number: float) -> None:
    """Puts one number into an array, from one place on."""
    for j in range(count):
        values[before + j] = number


def multiply(values: Values, factors: Values, count: int, into: Values) -> None:
    """Puts products of two arrays into another one, or into one of them."""
    for j in range(count):
        into[j] = values[j] * factors[j]


def copy(values: Values, count: int, into: Values, before: int) -> None:
    """Copies the first numbers of an array into another array, from one place on."""
    for j in range(count):
        into[before + j] = values[j]


def copy_rows(rows: Rows, width: int, into: Rows) -> None:
    """Copies the first columns of rows."""
    for j in range(len(rows)):
        row, copied = rows[j], into[j]
        for i in range(width):
            copied[i] = row[i]
