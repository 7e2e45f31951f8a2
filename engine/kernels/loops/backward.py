"""Backward: from the error of the outputs to that of the inputs. A node's delta is its error times the slope."""

from engine.kernels.operands import Formula, Rows, Values


def measure(
    sums: Values, outputs: Values, targets: Values, deltas: Values, count: int, value: Formula, slope: Formula
) -> float:
    """The sum of the outputs' losses; their errors go into deltas."""
    total = 0.0
    for j in range(count):
        output, target = outputs[j], targets[j]
        total += value(output=output, target=target, count=count)
        deltas[j] = slope(output=output, target=target, count=count)
    return total


def measure_sums(
    sums: Values, outputs: Values, targets: Values, deltas: Values, count: int, value: Formula, slope: Formula
) -> float:
    """The same by pre-activations: what goes into deltas are deltas."""
    total = 0.0
    for j in range(count):
        x, output, target = sums[j], outputs[j], targets[j]
        total += value(x=x, output=output, target=target, count=count)
        deltas[j] = slope(x=x, output=output, target=target, count=count)
    return total


def measure_shares(
    sums: Values,
    outputs: Values,
    targets: Values,
    deltas: Values,
    count: int,
    level: Formula,
    value: Formula,
    slope: Formula,
) -> float:
    """The same for a layer of shares, whose losses depend on all pre-activations."""
    largest, highest, target_sum = sums[0], outputs[0], 0.0
    for j in range(count):
        largest = max(sums[j], largest)
        highest = max(outputs[j], highest)
        target_sum += targets[j]
    rest, total = level(highest), 0.0
    for j in range(count):
        x, output, target = sums[j], outputs[j], targets[j]
        total += value(
            x=x, output=output, target=target, count=count, largest=largest, rest=rest, target_sum=target_sum
        )
        deltas[j] = slope(
            x=x, output=output, target=target, count=count, largest=largest, rest=rest, target_sum=target_sum
        )
    return total


def scale_by_slope(deltas: Values, sums: Values, outputs: Values, count: int, slope: Formula) -> None:
    """Makes deltas of errors."""
    for j in range(count):
        deltas[j] *= slope(sums[j], outputs[j])


def scale_by_share_slope(deltas: Values, sums: Values, outputs: Values, count: int, slope: Formula) -> None:
    """The same for a layer of shares, each of which depends on all sums."""
    mean = 0.0
    for j in range(count):
        mean += deltas[j] * outputs[j]
    for j in range(count):
        deltas[j] = slope(outputs[j], deltas[j], mean)


def share_rows(rows: Rows, deltas: Values, width: int, upstream: Values) -> None:
    """Each input's share of the error: the sum of delta[j] * rows[j][i] over the nodes."""
    for i in range(width):
        upstream[i] = 0.0
    for j in range(len(rows)):
        row, delta = rows[j], deltas[j]
        for i in range(width):
            upstream[i] += delta * row[i]


def scale_and_share_rows(
    rows: Rows, deltas: Values, sums: Values, outputs: Values, width: int, upstream: Values, slope: Formula
) -> None:
    """Makes deltas of errors, and adds to each input's share of the error what comes of these."""
    for j in range(len(rows)):
        deltas[j] *= slope(sums[j], outputs[j])
        row, delta = rows[j], deltas[j]
        for i in range(width):
            upstream[i] += delta * row[i]


def add_share_rows(rows: Rows, column: int, deltas: Values, width: int, upstream: Values) -> None:
    """Goes on with each value's share of the error, by weights that lie from a column on."""
    for j in range(len(rows)):
        row, delta = rows[j], deltas[j]
        for i in range(width):
            upstream[i] += delta * row[column + i]


def add_gradients(gradients: Rows, column: int, deltas: Values, values: Values, width: int) -> None:
    """Adds the gradient of weights that lie from a column on."""
    for j in range(len(gradients)):
        gradient, delta = gradients[j], deltas[j]
        for i in range(width):
            gradient[column + i] += delta * values[i]


def add_own_gradients(gradients: Rows, column: int, deltas: Values, values: Values) -> None:
    """Adds the gradient of each node's weight of its own value."""
    for j in range(len(gradients)):
        gradients[j][column] += deltas[j] * values[j]


def add_values(totals: Values, values: Values, count: int) -> None:
    """Adds numbers to numbers, such as deltas to the gradients of biases."""
    for j in range(count):
        totals[j] += values[j]
