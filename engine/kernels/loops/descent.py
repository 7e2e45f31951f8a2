"""Steps of stochastic gradient descent.

``(rate * delta) * value`` is a multiplication less than ``rate * (delta * value)``.
"""

from engine.formulas.optimizers import sgd
from engine.kernels.operands import Formula, Rows, Values


def step_rows(rows: Rows, biases: Values, deltas: Values, rate: float, values: Values, width: int) -> None:
    """Steps weights and biases along the deltas."""
    for j in range(len(rows)):
        row, shared = rows[j], sgd.shared_step(rate, deltas[j])
        for i in range(width):
            value = values[i]
            row[i] = sgd.stepped(row[i], shared, value)
        biases[j] = sgd.stepped(biases[j], shared, 1.0)


def share_and_step_rows(
    rows: Rows, biases: Values, deltas: Values, rate: float, values: Values, width: int, upstream: Values
) -> None:
    """The same; before a weight changes, its input gets its share of the error."""
    for i in range(width):
        upstream[i] = 0.0
    for j in range(len(rows)):
        row, delta = rows[j], deltas[j]
        shared = sgd.shared_step(rate, delta)
        for i in range(width):
            value, weight = values[i], row[i]
            upstream[i] += delta * weight
            row[i] = sgd.stepped(weight, shared, value)
        biases[j] = sgd.stepped(biases[j], shared, 1.0)


def step_and_run_rows(
    rows: Rows,
    biases: Values,
    deltas: Values,
    rate: float,
    earlier: Values,
    values: Values,
    width: int,
    pasts: Values,
    sums: Values,
    outputs: Values,
    value: Formula,
) -> None:
    """A step along the deltas of earlier values, then forward with others: a weight is read once for both.

    No delta is left, so that the next ones can be added up. ``pasts`` is what each node adds of its past; as no sum is
    -0, zeros change nothing.
    """
    for j in range(len(rows)):
        row, shared, total = rows[j], sgd.shared_step(rate, deltas[j]), 0.0
        deltas[j] = 0.0
        for i in range(width):
            before, now = earlier[i], values[i]
            weight = sgd.stepped(row[i], shared, before)
            row[i] = weight
            total += now * weight
        bias = sgd.stepped(biases[j], shared, 1.0)
        biases[j] = bias
        x = total + pasts[j] + bias
        sums[j] = x
        outputs[j] = value(x)


def step_part(rows: Rows, column: int, deltas: Values, rate: float, values: Values, width: int) -> None:
    """Steps weights that lie from a column on."""
    for j in range(len(rows)):
        row, shared = rows[j], sgd.shared_step(rate, deltas[j])
        for i in range(width):
            value = values[i]
            row[column + i] = sgd.stepped(row[column + i], shared, value)


def step_own(rows: Rows, column: int, deltas: Values, rate: float, values: Values) -> None:
    """Steps each node's weight of its own value."""
    for j in range(len(rows)):
        row = rows[j]
        row[column] = sgd.stepped(row[column], sgd.shared_step(rate, deltas[j]), values[j])


def step_factors(parameters: Values, deltas: Values, rate: float, values: Values, count: int) -> None:
    """Steps weights of which each node has one, with a value of its own."""
    for j in range(count):
        parameters[j] = sgd.stepped(parameters[j], sgd.shared_step(rate, deltas[j]), values[j])


def step_values(parameters: Values, deltas: Values, rate: float, count: int) -> None:
    """Steps biases."""
    for j in range(count):
        parameters[j] = sgd.stepped(parameters[j], sgd.shared_step(rate, deltas[j]), 1.0)
