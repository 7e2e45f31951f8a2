"""Steps of any other optimizer.

``memories`` has, for each thing it remembers, an array like that of the parameters; ``update(parameter, gradient,
memories, at)`` is the new parameter and renews what is remembered at its place.
"""

from collections.abc import Sequence

from engine.kernels.operands import Formula, Rows, Values


def update_rows(
    rows: Rows, memories: Sequence[Rows], column: int, deltas: Values, values: Values, width: int, update: Formula
) -> None:
    """Steps weights that lie from a column on."""
    for j in range(len(rows)):
        row, memory, delta = rows[j], [rows_of[j] for rows_of in memories], deltas[j]
        for i in range(width):
            row[column + i] = update(row[column + i], delta * values[i], memory, column + i)


def share_and_update_rows(
    rows: Rows,
    memories: Sequence[Rows],
    deltas: Values,
    values: Values,
    width: int,
    upstream: Values,
    update: Formula,
) -> None:
    """Steps the weights of the inputs; before one changes, its input gets its share of the error."""
    for i in range(width):
        upstream[i] = 0.0
    for j in range(len(rows)):
        row, memory, delta = rows[j], [rows_of[j] for rows_of in memories], deltas[j]
        for i in range(width):
            value, weight = values[i], row[i]
            upstream[i] += delta * weight
            row[i] = update(weight, delta * value, memory, i)


def update_own(
    rows: Rows, memories: Sequence[Rows], column: int, deltas: Values, values: Values, update: Formula
) -> None:
    """Steps each node's weight of its own value."""
    for j in range(len(rows)):
        row, memory = rows[j], [rows_of[j] for rows_of in memories]
        row[column] = update(row[column], deltas[j] * values[j], memory, column)


def update_values(parameters: Values, memory: Sequence[Values], deltas: Values, count: int, update: Formula) -> None:
    """Steps biases."""
    for j in range(count):
        parameters[j] = update(parameters[j], deltas[j], memory, j)
