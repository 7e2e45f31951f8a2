"""Every loop over numbers, as plain Python: what all faster versions of it have to equal, to the last bit.

Rows are a layer's weights, a row for each node: ``rows[j][i]`` is the weight of node j for its input i, and from
``column`` on lie the weights of what a layer remembers. A sum grows from left to right.

A kernel is made of loops over ranges, of assignments and of ``+=``, with arithmetic, formulas and array elements in
them. What it calls `value`, `slope` or `update` comes in as an argument: the translation writes that formula out.
A call with names gives more than some formulas take, and these may take what only the caller knows, such as settings.
"""

from collections.abc import Callable, MutableSequence, Sequence
from typing import NamedTuple

from engine.formulas import regularization
from engine.formulas.optimizers import sgd

Values = MutableSequence[float]
Rows = Sequence[Values]
Formula = Callable[..., float]


class Vector(NamedTuple):
    """Three numbers, as Luau's vectors have them."""

    x: float
    y: float
    z: float


Vectors = MutableSequence[Vector]


# Forward: from values to sums to outputs.


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


# Backward: from the error of the outputs to that of the inputs. A node's delta is its error times the slope.


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


# What is done to gradients before a step, row by row.


def penalize(gradients: Values, weights: Values, count: int, l1: float, l2: float) -> None:
    """Adds the slopes of penalties on weights."""
    for j in range(count):
        gradients[j] = regularization.penalized(gradients[j], weights[j], l1, l2)


def limit(gradients: Values, count: int, most: float) -> None:
    """Limits each gradient."""
    for j in range(count):
        gradients[j] = regularization.limited(gradients[j], most)


def add_squares(values: Values, count: int, before: float) -> float:
    """A sum that goes on with the squares of numbers."""
    total = before
    for j in range(count):
        value = values[j]
        total += value * value
    return total


def scale(values: Values, count: int, factor: float) -> None:
    """Multiplies numbers."""
    for j in range(count):
        values[j] *= factor


def divide(values: Values, count: int, divisor: float) -> None:
    """Divides numbers."""
    for j in range(count):
        values[j] = values[j] / divisor


def decay(gradients: Values, parameters: Values, count: int, strength: float) -> None:
    """Adds what pulls parameters to zero."""
    for j in range(count):
        gradients[j] = regularization.decayed(gradients[j], parameters[j], strength)


# Least squares. A symmetric matrix ends in each row with the diagonal: rows[j][i], i up to j.


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


# Steps of stochastic gradient descent. (rate * delta) * value is a multiplication less than rate * (delta * value).


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


# Steps of any other optimizer. ``memories`` has, for each thing it remembers, an array like that of the parameters;
# ``update(parameter, gradient, memories, at)`` is the new parameter and renews what is remembered at its place.


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


# Many samples at once, as columns: one array per node, with one number per sample.


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


# Moving numbers.


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


# Vectors of three: of three rows' weights for one input, or of three samples' numbers for one node.


def pack_rows(first: Values, second: Values, third: Values, width: int, group: Vectors) -> None:
    """Puts three rows into vectors."""
    for i in range(width):
        group[i] = Vector(first[i], second[i], third[i])


def unpack_rows(group: Vectors, width: int, first: Values, second: Values, third: Values) -> None:
    """Takes three rows out of vectors."""
    for i in range(width):
        three = group[i]
        first[i] = three.x
        second[i] = three.y
        third[i] = three.z


def add_lanes(vectors: Vectors, width: int, sums: Values) -> None:
    """Each vector's three numbers together."""
    for i in range(width):
        three = vectors[i]
        sums[i] = three.x + three.y + three.z


def join(column: Values, vectors: Vectors, groups: int) -> None:
    """Puts a column's numbers into vectors."""
    for n in range(groups):
        vectors[n] = Vector(column[3 * n], column[3 * n + 1], column[3 * n + 2])


def split(vectors: Vectors, column: Values, groups: int) -> None:
    """Takes a column's numbers out of vectors."""
    for n in range(groups):
        three = vectors[n]
        column[3 * n] = three.x
        column[3 * n + 1] = three.y
        column[3 * n + 2] = three.z


def activate_vectors(sums: Vectors, groups: int, value: Formula) -> None:
    """Puts values in place of sums."""
    for n in range(groups):
        three = sums[n]
        x, y, z = three.x, three.y, three.z
        x = value(x)
        y = value(y)
        z = value(z)
        sums[n] = Vector(x, y, z)


def activate_apart(sums: Vectors, column: Values, groups: int, value: Formula) -> None:
    """Puts the values of sums into a column."""
    for n in range(groups):
        three = sums[n]
        x, y, z = three.x, three.y, three.z
        x = value(x)
        y = value(y)
        z = value(z)
        column[3 * n] = x
        column[3 * n + 1] = y
        column[3 * n + 2] = z
