"""Loops of `loops` as numpy does them: the same names and arguments, and the same bits.

Where a loop has one number per node or input, arrays have their last axis; what comes before that is samples, each on
its own. Sums grow in the loop's order, one vector operation at a time, because numpy's own sums do not.
"""

from collections.abc import Callable

import numpy as np

from engine.elementwise import Array

Formula = Callable[..., Array]

# Up to how many weights the products of many samples are made at once, and how many products at a time (measured: the
# samples one after the other cost a call each, but the others all of their products' memory).
_FEW_WEIGHTS, _PRODUCTS = 128, 2**14
# From how many products on, and up to how many sums, those of one sample are all made at once (measured: a call for
# each costs a microsecond or two, but to keep all of them costs as much as some of their memory).
_MANY_PRODUCTS, _SHORT = 4, 256


def add_row_sums(rows: Array, column: int, values: Array, width: int, sums: Array) -> None:
    """Goes on with each node's sum; see `loops.forward.add_row_sums`."""
    _add_rows(rows[:, column : column + width].T, values[..., :width], sums)


def _add_rows(rows: Array, factors: Array, sums: Array) -> None:
    """Adds each of the rows (rows, sums), times its factor (…, rows), to sums (…, sums), from the first to the last."""
    count, length = rows.shape
    if sums.ndim > 1 or count < _MANY_PRODUCTS or length > _SHORT:
        for index in range(count):
            sums += factors[..., index, None] * rows[index]
        return
    steps = np.empty((count + 1, length))
    steps[0] = sums
    np.multiply(rows, factors[:count, None], out=steps[1:])
    # Numpy promises an order of addition where it gives all the sums in between.
    sums[...] = np.add.accumulate(steps, axis=0, out=steps)[-1]


def activate_shares(sums: Array, biases: Array, outputs: Array, count: int, power: Formula, share: Formula) -> None:
    """Puts the values of a layer of shares into outputs; see `loops.forward.activate_shares`."""
    x = sums[..., :count] + biases[:count]
    sums[..., :count] = x
    powers = power(x, x.max(axis=-1, keepdims=True))
    outputs[..., :count] = share(powers, _total(powers)[..., None])


def scale_by_share_slope(deltas: Array, sums: Array, outputs: Array, count: int, slope: Formula) -> None:
    """Makes deltas of the errors of a layer of shares; see `loops.backward.scale_by_share_slope`."""
    errors, values = deltas[..., :count], outputs[..., :count]
    deltas[..., :count] = slope(values, errors, _total(errors * values)[..., None])


def _total(numbers: Array) -> Array:
    """The sums of the last axis, added from left to right."""
    total: Array = np.zeros(numbers.shape[:-1])
    for index in range(numbers.shape[-1]):
        total += numbers[..., index]
    return total


def measure(
    sums: Array, outputs: Array, targets: Array, deltas: Array, count: int, value: Formula, slope: Formula
) -> Array:
    """The sum of the outputs' losses, for each sample; see `loops.backward.measure`."""
    known = {"output": outputs[..., :count], "target": targets[..., :count], "count": count}
    deltas[..., :count] = slope(**known)
    return _total(value(**known))


def measure_sums(
    sums: Array, outputs: Array, targets: Array, deltas: Array, count: int, value: Formula, slope: Formula
) -> Array:
    """The same by pre-activations; see `loops.backward.measure_sums`."""
    known = {"x": sums[..., :count], "output": outputs[..., :count], "target": targets[..., :count], "count": count}
    deltas[..., :count] = slope(**known)
    return _total(value(**known))


def measure_shares(
    sums: Array,
    outputs: Array,
    targets: Array,
    deltas: Array,
    count: int,
    level: Formula,
    value: Formula,
    slope: Formula,
) -> Array:
    """The same for a layer of shares; see `loops.backward.measure_shares`."""
    x, output, target = sums[..., :count], outputs[..., :count], targets[..., :count]
    known = {
        "x": x,
        "output": output,
        "target": target,
        "count": count,
        "largest": x.max(axis=-1, keepdims=True),
        "rest": level(output.max(axis=-1, keepdims=True)),
        "target_sum": _total(target)[..., None],
    }
    deltas[..., :count] = slope(**known)
    return _total(value(**known))


def add_share_rows(rows: Array, column: int, deltas: Array, width: int, upstream: Array) -> None:
    """Goes on with each value's share of the error; see `loops.backward.add_share_rows`."""
    _add_rows(rows[:, column : column + width], deltas, upstream)


def add_gradients(gradients: Array, column: int, deltas: Array, values: Array, width: int) -> None:
    """Adds the gradient of weights, sample by sample; see `loops.backward.add_gradients`."""
    gradient = gradients[:, column : column + width]
    samples = deltas.reshape(-1, deltas.shape[-1])
    inputs = np.broadcast_to(values[..., :width], (*deltas.shape[:-1], width)).reshape(-1, width)
    if gradient.size > _FEW_WEIGHTS:
        for delta, sample in zip(samples, inputs, strict=True):
            gradient += delta[:, None] * sample
        return
    at_a_time = max(1, _PRODUCTS // gradient.size)
    for first in range(0, len(samples), at_a_time):
        chosen = slice(first, first + at_a_time)
        products = samples[chosen, :, None] * inputs[chosen, None, :]
        products[0] += gradient
        # Numpy promises an order of addition where it gives all the sums in between.
        gradient[...] = np.add.accumulate(products, axis=0)[-1]


def add_products(rows: Array, values: Array, count: int, factor: float) -> None:
    """Adds products to a symmetric matrix; see `loops.least_squares.add_products`.

    What is behind the diagonal may be anything.
    """
    chosen = values[:count]
    rows[:count, :count] += (factor * chosen)[:, None] * chosen


def add_scaled(values: Array, first: int, count: int, factor: float, into: Array) -> None:
    """Adds a factor times some values to others; see `loops.least_squares.add_scaled`."""
    into[:count] += factor * values[first : first + count]


def add_squares(values: Array, count: int, before: float) -> float:
    """A sum that goes on with squares, from left to right; see `loops.gradients.add_squares`."""
    # Numpy promises an order of addition where it gives all the sums in between.
    return float(np.add.accumulate(np.concatenate([[before], values[:count] * values[:count]]))[-1])


def sum_products(values: Array, others: Array, count: int) -> float:
    """The sum of products, added from left to right; see `loops.least_squares.sum_products`."""
    return float(np.add.accumulate(np.concatenate([[0.0], values[:count] * others[:count]]))[-1])
