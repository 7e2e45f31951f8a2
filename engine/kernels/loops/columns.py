"""Many samples at once, as columns: one array per node, with one number per sample."""

from engine.kernels.operands import Formula, Rows, Values


def column_sums(rows: Rows, biases: Values, inputs: Rows, width: int, slope: float, outputs: Rows, count: int) -> None:
    """The larger one of x and slope * x, where x is what some first inputs bring, with the bias.

    (A bias of -0 becomes 0: no sum that begins at 0 is -0.)
    """
    for j in range(len(rows)):
        row, output, bias = rows[j], outputs[j], biases[j] + 0.0
        for n in range(count):
            total = 0.0
            for i in range(width):
                value = inputs[i][n]
                total += value * row[i]
            total += bias
            output[n] = max(total * slope, total)


def add_column_sums(rows: Rows, inputs: Rows, first: int, width: int, sums: Rows, count: int) -> None:
    """Goes on with the sums by what further inputs bring."""
    for j in range(len(rows)):
        row, output = rows[j], sums[j]
        for n in range(count):
            total = output[n]
            for i in range(width):
                value = inputs[first + i][n]
                total += value * row[first + i]
            output[n] = total


def activate_column(sums: Values, bias: float, count: int, value: Formula) -> None:
    """Puts values in place of one node's sums."""
    for n in range(count):
        x = sums[n] + bias
        sums[n] = value(x)


def rectify_column(sums: Values, slope: float, count: int) -> None:
    """Puts the larger ones of x and slope * x in place of one node's sums x."""
    for n in range(count):
        x = sums[n]
        sums[n] = max(x * slope, x)


def run_node(row: Values, bias: float, inputs: Rows, width: int, outputs: Values, count: int, value: Formula) -> None:
    """Runs a node of few inputs whole."""
    start = bias + 0.0
    for n in range(count):
        total = 0.0
        for i in range(width):
            total += inputs[i][n] * row[i]
        total += start
        outputs[n] = value(total)


def activate_share_columns(sums: Rows, biases: Values, nodes: int, count: int, power: Formula, share: Formula) -> None:
    """Puts values in place of the sums of a layer of shares."""
    for n in range(count):
        largest = sums[0][n] + biases[0]
        for j in range(nodes):
            x = sums[j][n] + biases[j]
            sums[j][n] = x
            largest = max(x, largest)
        total = 0.0
        for j in range(nodes):
            y = power(sums[j][n], largest)
            sums[j][n] = y
            total += y
        for j in range(nodes):
            sums[j][n] = share(sums[j][n], total)


def column_total(column: Values, count: int) -> float:
    """The sum of a column, which is not a number if one of it is none."""
    total = 0.0
    for n in range(count):
        total += column[n]
    return total


def zero_if_finite(values: Values, count: int) -> float:
    """Nothing, if the first numbers of an array are all finite; not a number otherwise."""
    total = 0.0
    for j in range(count):
        total += values[j] * 0.0
    return total


def transpose(samples: Rows, before: int, count: int, width: int, columns: Rows) -> None:
    """Puts some samples into columns."""
    for i in range(width):
        column = columns[i]
        for n in range(count):
            sample = samples[before + n]
            column[n] = sample[i]


def gather(columns: Rows, first: int, width: int, samples: Rows, before: int, count: int) -> None:
    """Puts columns, from the first wanted on, into some samples."""
    for j in range(width):
        column = columns[first + j]
        for n in range(count):
            sample = samples[before + n]
            sample[first + j] = column[n]
