"""Kernels over arrays have the bits of the plain loops, sample by sample."""

import inspect
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.elementwise import Array, elementwise
from engine.formulas import softmax
from engine.formulas.losses.half_squared_error import half_squared_error
from engine.kernels import arrays
from engine.kernels.loops import backward, forward, gradients, least_squares
from engine.kernels.registry import KERNELS
from tests.engine.samples import AWKWARD, bits

IN_NUMPY: dict[str, FunctionType] = {
    name: function for name, function in inspect.getmembers(arrays, inspect.isfunction) if not name.startswith("_")
}
# Products of these are subnormal, lost or infinite.
POOL = np.array([*AWKWARD, 1e300, -1e300, 1e-300, 1.0, -1.0, 1e16])


@pytest.fixture(autouse=True)
def _numbers_may_overflow() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


class Numbers:
    """Arrays of moderate and of awkward numbers."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)

    def of(self, *shape: int) -> Array:
        moderate = self.generator.normal(size=shape)
        return np.where(self.generator.random(shape) < 0.25, self.generator.choice(POOL, shape), moderate)


def same(got: object, expected: object) -> bool:
    """Whether all bits are the same; a nan has none that mean anything."""
    one, other = (np.where(np.isnan(each), np.nan, each) for each in (np.array(got), np.array(expected)))
    return one.shape == other.shape and bits(one) == bits(other)


SEEDS = st.integers(0, 2**32 - 1).map(Numbers)
SIZES = st.integers(1, 15)
COLUMNS = st.integers(0, 3)
SAMPLES = st.none() | st.integers(1, 9)


def samples_of(count: int | None) -> tuple[int, ...]:
    return () if count is None else (count,)


def one_by_one(batch: Array) -> list[list[float]]:
    """The samples; one alone is a batch of one."""
    samples: list[list[float]] = batch.reshape(-1, batch.shape[-1]).tolist()
    return samples


def test_each_kernel_has_a_loop_of_the_same_arguments() -> None:
    assert len(IN_NUMPY) >= 4
    for name, function in IN_NUMPY.items():
        assert [*inspect.signature(function).parameters] == [*inspect.signature(KERNELS[name]).parameters]
        # Every one is held to its loop below.
        assert name in CHECKED


Test = Callable[..., None]
CHECKED: set[str] = set()


def checks(*kernels: Callable[..., object]) -> Callable[[Test], Test]:
    """Puts down that a test looks at kernels."""

    def put_down(test: Test) -> Test:
        CHECKED.update(kernel.__name__ for kernel in kernels)
        return test

    return put_down


@checks(arrays.add_row_sums)
@given(SEEDS, SIZES, SIZES, COLUMNS, SAMPLES)
def test_row_sums_have_the_bits_of_the_loop(
    numbers: Numbers, nodes: int, width: int, column: int, samples: int | None
) -> None:
    rows, values = numbers.of(nodes, column + width + 1), numbers.of(*samples_of(samples), width)
    sums = numbers.of(*samples_of(samples), nodes)
    expected = one_by_one(sums)
    for sample, total in zip(one_by_one(values), expected, strict=True):
        forward.add_row_sums(rows.tolist(), column, sample, width, total)
    arrays.add_row_sums(rows, column, values, width, sums)
    assert same(one_by_one(sums), expected)


@given(SEEDS, SIZES, SIZES)
def test_sums_that_begin_at_zero_have_the_bits_of_their_loops(numbers: Numbers, nodes: int, width: int) -> None:
    rows, values, deltas = numbers.of(nodes, width), numbers.of(width), numbers.of(nodes)
    sums, upstream = [1.0] * nodes, [1.0] * width
    forward.row_sums(rows.tolist(), values.tolist(), width, sums)
    backward.share_rows(rows.tolist(), deltas.tolist(), width, upstream)
    from_zero, shares = np.zeros(nodes), np.zeros(width)
    arrays.add_row_sums(rows, 0, values, width, from_zero)
    arrays.add_share_rows(rows, 0, deltas, width, shares)
    assert same(from_zero, sums)
    assert same(shares, upstream)


def value_of_all(**known: Any) -> Any:
    """A number of all that losses are given."""
    total: Any = 0.5
    for name in sorted(known):
        total = total * 0.75 + known[name]
    return total


def slope_of_all(**known: Any) -> Any:
    """Another one."""
    return value_of_all(**known) * known["output"] - known["target"]


@checks(arrays.measure, arrays.measure_sums, arrays.measure_shares)
@given(SEEDS, SIZES, SAMPLES, st.sampled_from(["measure", "measure_sums", "measure_shares"]))
def test_losses_have_the_bits_of_the_loop(numbers: Numbers, count: int, samples: int | None, name: str) -> None:
    # What lies behind the counted ones stays as it is.
    shape = (*samples_of(samples), count + 1)
    given = [numbers.of(*shape) for _ in range(3)]
    deltas, level = numbers.of(*shape), (half_squared,) if name == "measure_shares" else ()
    expected = one_by_one(deltas)
    totals = [
        KERNELS[name](*each, delta, count, *level, value_of_all, slope_of_all)
        for *each, delta in zip(*map(one_by_one, given), expected, strict=True)
    ]
    total = getattr(arrays, name)(*given, deltas, count, *level, value_of_all, slope_of_all)
    assert same(np.reshape(total, -1), totals)
    assert same(one_by_one(deltas), expected)


def half_squared(number: Any) -> Any:
    """A number that all nodes share."""
    return number * number / 2


@checks(arrays.activate_shares)
@given(SEEDS, SIZES, SAMPLES)
def test_a_layer_of_shares_has_the_bits_of_the_loop(numbers: Numbers, count: int, samples: int | None) -> None:
    shape, share = (*samples_of(samples), count + 1), half_squared_error
    sums, biases, outputs = numbers.of(*shape), numbers.of(count + 1), numbers.of(*shape)
    expected, left = one_by_one(outputs), one_by_one(sums)
    for row, values in zip(left, expected, strict=True):
        forward.activate_shares(row, biases.tolist(), values, count, half_squared_error, share)
    arrays.activate_shares(sums, biases, outputs, count, elementwise(half_squared_error), elementwise(share))
    assert same(one_by_one(sums), left)
    assert same(one_by_one(outputs), expected)


@checks(arrays.scale_by_share_slope)
@given(SEEDS, SIZES, SAMPLES)
def test_deltas_of_shares_have_the_bits_of_the_loop(numbers: Numbers, count: int, samples: int | None) -> None:
    shape = (*samples_of(samples), count + 1)
    deltas, sums, outputs = numbers.of(*shape), numbers.of(*shape), numbers.of(*shape)
    expected = one_by_one(deltas)
    for row, x, y in zip(expected, one_by_one(sums), one_by_one(outputs), strict=True):
        backward.scale_by_share_slope(row, x, y, count, softmax.share_slope)
    arrays.scale_by_share_slope(deltas, sums, outputs, count, elementwise(softmax.share_slope))
    assert same(one_by_one(deltas), expected)


@checks(arrays.add_share_rows)
@given(SEEDS, SIZES, SIZES, COLUMNS, SAMPLES)
def test_shares_have_the_bits_of_the_loop(
    numbers: Numbers, nodes: int, width: int, column: int, samples: int | None
) -> None:
    rows, deltas = numbers.of(nodes, column + width + 1), numbers.of(*samples_of(samples), nodes)
    upstream = numbers.of(*samples_of(samples), width)
    expected = one_by_one(upstream)
    for delta, share in zip(one_by_one(deltas), expected, strict=True):
        backward.add_share_rows(rows.tolist(), column, delta, width, share)
    arrays.add_share_rows(rows, column, deltas, width, upstream)
    assert same(one_by_one(upstream), expected)


@checks(arrays.add_gradients)
@given(SEEDS, SIZES, SIZES, COLUMNS, st.none() | st.integers(1, 9) | st.just(200))
def test_gradients_have_the_bits_of_the_loop(
    numbers: Numbers, nodes: int, width: int, column: int, samples: int | None
) -> None:
    deltas, values = (numbers.of(*samples_of(samples), count) for count in (nodes, width))
    gradients = numbers.of(nodes, column + width + 1)
    expected = gradients.tolist()
    for delta, sample in zip(one_by_one(deltas), one_by_one(values), strict=True):
        backward.add_gradients(expected, column, delta, sample, width)
    arrays.add_gradients(gradients, column, deltas, values, width)
    assert same(gradients, expected)


@given(SEEDS, SIZES, SIZES)
def test_values_that_all_samples_share_need_not_be_repeated(numbers: Numbers, nodes: int, width: int) -> None:
    deltas, values = numbers.of(3, nodes), numbers.of(width)
    shared, repeated = np.zeros((nodes, width)), np.zeros((nodes, width))
    arrays.add_gradients(shared, 0, deltas, values, width)
    arrays.add_gradients(repeated, 0, deltas, np.stack([values] * 3), width)
    assert same(shared, repeated)


@checks(arrays.add_products)
@given(SEEDS, SIZES)
def test_products_have_the_bits_of_the_loop(numbers: Numbers, count: int) -> None:
    rows, values, factor = numbers.of(count + 1, count + 1), numbers.of(count + 1), float(numbers.of())
    expected = rows.tolist()
    least_squares.add_products(expected, values.tolist(), count, factor)
    arrays.add_products(rows, values, count, factor)
    # Behind the diagonal is nothing that counts.
    assert same(np.tril(rows), np.tril(expected))


@checks(arrays.add_scaled)
@given(SEEDS, SIZES, COLUMNS)
def test_scaled_values_have_the_bits_of_the_loop(numbers: Numbers, count: int, first: int) -> None:
    values, into, factor = numbers.of(first + count + 1), numbers.of(count + 1), float(numbers.of())
    expected = into.tolist()
    least_squares.add_scaled(values.tolist(), first, count, factor, expected)
    arrays.add_scaled(values, first, count, factor, into)
    assert same(into, expected)


@checks(arrays.add_squares, arrays.sum_products)
@given(SEEDS, st.integers(0, 15))
def test_totals_have_the_bits_of_the_loops(numbers: Numbers, count: int) -> None:
    values, others, start = numbers.of(count + 1), numbers.of(count + 1), float(numbers.of())
    products = least_squares.sum_products(values.tolist(), others.tolist(), count)
    assert same(arrays.sum_products(values, others, count), products)
    assert same(arrays.add_squares(values, count, start), gradients.add_squares(values.tolist(), count, start))


def test_the_comparison_sees_a_sign_of_zero_and_a_last_bit() -> None:
    assert same([0.0, np.nan, np.inf], [0.0, -np.nan, np.inf])
    assert not same([0.0], [-0.0])
    assert not same([1.0], [np.nextafter(1.0, 2.0)])
    assert not same([np.nan], [np.inf])
