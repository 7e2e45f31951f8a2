"""Forward: from values to sums to outputs."""

from engine.kernels.operands import Formula, Rows, Values


def row_sums(rows: Rows, values: Values, width: int, sums: Values) -> None:
    """Each node's sum of its inputs: 0 + values[0] * row[0] + values[1] * row[1] + … ."""
    for j in range(len(rows)):
        row, total = rows[j], 0.0
        for i in range(width):
            value = values[i]
            total += value * row[i]
        sums[j] = total


def add_row_sums(rows: Rows, column: int, values: Values, width: int, sums: Values) -> None:
    """Goes on with each node's sum, by weights that lie from a column on."""
    for j in range(len(rows)):
        row, total = rows[j], sums[j]
        for i in range(width):
            value = values[i]
            total += value * row[column + i]
        sums[j] = total


def add_own(rows: Rows, column: int, values: Values, sums: Values) -> None:
    """Adds to each node's sum what it sees of its own value."""
    for j in range(len(rows)):
        sums[j] += values[j] * rows[j][column]


def activate(sums: Values, biases: Values, outputs: Values, count: int, value: Formula) -> None:
    """Adds biases to sums, which makes them pre-activations, and puts their values into outputs."""
    for j in range(count):
        x = sums[j] + biases[j]
        sums[j] = x
        outputs[j] = value(x)


def activate_shares(sums: Values, biases: Values, outputs: Values, count: int, power: Formula, share: Formula) -> None:
    """The same for a layer whose values are the nodes' shares of all their powers."""
    largest = sums[0] + biases[0]
    for j in range(count):
        x = sums[j] + biases[j]
        sums[j] = x
        largest = max(x, largest)
    total = 0.0
    for j in range(count):
        y = power(sums[j], largest)
        outputs[j] = y
        total += y
    for j in range(count):
        outputs[j] = share(outputs[j], total)
