"""Formulas over arrays give what the scalar formulas give."""

import importlib
import inspect
import itertools
import math
import pkgutil
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine import formulas
from engine.elementwise import elementwise
from engine.formulas.activations import sigmoid, sinc
from tests.engine.joined_conditions import inside_or_on_three
from tests.engine.samples import LARGEST, SMALLEST, bits, double_floor

Formula = Callable[..., float]

# IEEE 754 gives these the same bits everywhere.
EXACT_CALLS = {"sqrt", "fabs", "floor"}
ULPS_PER_CALL = 4
# A formula of several roundings, such as log(1 + x) x / ((1 + x) - 1), answers a call's last digits with up to this.
ULPS_OF_ROUNDING = 4
# Of more calls than these there are too many combinations of errors to try them all.
MOST_CALLS_TOGETHER = 5


# Formulas are listed here, and what the lists consist of.
NO_FORMULAS = {"registry", "records"}


def all_formulas() -> dict[str, Formula]:
    found: dict[str, Formula] = {}
    for each in pkgutil.walk_packages(formulas.__path__, "engine.formulas."):
        if each.name.rpartition(".")[2] in NO_FORMULAS:
            continue
        module = importlib.import_module(each.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            # From Python 3.14 on, a module with annotations has a function __annotate__.
            if function.__module__ == each.name and not name.startswith("__"):
                found[f"{each.name.removeprefix('engine.formulas.')}.{name}"] = function
    return found


FORMULAS = all_formulas()

# Both sides of every comparison in the formulas, the edges of doubles, and 32-bit integers for the random numbers.
NUMBERS = (
    *(0.0, SMALLEST, -SMALLEST, 1e-200, 3e-17, -2.5e-9, 0.0999, 0.1, -0.1001, 0.5, 1.0, -1.0, 1.5, -1.75, 2.0, -2.0),
    *(3.0, -7.25, 40.0, -708.9, -709.0, 745.0, -1000.0, 131071.0, 1e6, -1e6, 4294944443.0, 4294967295.0),
)
FEW_NUMBERS = (0.0, SMALLEST, -0.75, 0.5, 1.0, 2.0, 3.0, 131071.0, 4294944443.0, 4294967295.0)
MOST_NUMBERS_FOR = 2


def grid(formula: Formula) -> list[tuple[float, ...]]:
    """Combinations of numbers for all parameters."""
    count = len(inspect.signature(formula).parameters)
    if count <= MOST_NUMBERS_FOR:
        return list(itertools.product(NUMBERS, repeat=count))
    if count == MOST_NUMBERS_FOR + 1:
        return list(itertools.product(FEW_NUMBERS, repeat=count))
    rng = np.random.default_rng(count)
    return [tuple(row) for row in rng.choice(FEW_NUMBERS, (1000, count)).tolist()]


def scalar(formula: Formula, arguments: tuple[float, ...]) -> float | None:
    """The scalar formula, or None where it has no value (a division by zero, an overflow, a logarithm below zero)."""
    try:
        value = float(formula(*arguments))
        return None if math.isnan(value) else value
    except (ArithmeticError, ValueError):
        return None


class ShiftedMath:
    """`math`, every transcendental result moved by some ulps; it counts those calls. Floors are doubles."""

    floor = staticmethod(double_floor)

    def __init__(self) -> None:
        self.shifts: Iterator[int] = itertools.repeat(0)
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[[float], float]:
        function: Callable[[float], float] = getattr(math, name)
        if name in EXACT_CALLS:
            return function

        def shifted(x: float) -> float:
            self.calls += 1
            y = function(x)
            return y + next(self.shifts) * math.ulp(y)

        return shifted


@cache
def moving(formula: Formula) -> tuple[ShiftedMath, Formula]:
    """A copy of the formula, with all that it calls in its module, over mathematics of their own."""
    library, module = ShiftedMath(), inspect.getmodule(formula)
    names = {**vars(module), "math": library}
    for name, function in inspect.getmembers(module, inspect.isfunction):
        names[name] = FunctionType(function.__code__, names)
    return library, names[formula.__name__]


def shifted(formula: Formula, arguments: tuple[float, ...], shifts: Iterator[int]) -> tuple[float, int]:
    """The formula with its transcendental calls moved, and how many there were."""
    library, copied = moving(formula)
    library.shifts, library.calls = shifts, 0
    return float(copied(*arguments)), library.calls


def reach(formula: Formula, arguments: tuple[float, ...]) -> tuple[float, float]:
    """Between which numbers a formula may be when each of its transcendental calls is some ulps off.

    Of many calls, each is moved alone, and what that does is added up.
    """
    value, calls = shifted(formula, arguments, itertools.repeat(0))

    def moved(shifts: Iterable[int]) -> float:
        return shifted(formula, arguments, itertools.chain(shifts, itertools.repeat(0)))[0]

    if calls <= MOST_CALLS_TOGETHER:
        reached = [moved(corner) for corner in itertools.product((-ULPS_PER_CALL, 0, ULPS_PER_CALL), repeat=calls)]
        return min(reached), max(reached)
    least = most = value
    for before in range(calls):
        ends = [moved([*[0] * before, shift]) - value for shift in (-ULPS_PER_CALL, ULPS_PER_CALL)]
        least, most = least + min(0.0, *ends), most + max(0.0, *ends)
    return least, most


def assert_agrees(formula: Formula, arguments: tuple[float, ...], got: float) -> None:
    """Bit-equal without transcendental calls; otherwise within what some ulps in each of them can do."""
    expected = scalar(formula, arguments)
    if expected is None:
        return
    _, calls = shifted(formula, arguments, itertools.repeat(0))
    if calls == 0:
        # Python's floor gives an integer, which has no -0.
        assert bits(got + 0.0) == bits(expected + 0.0), (arguments, got, expected)
        return
    least, most = reach(formula, arguments)
    slack = ULPS_OF_ROUNDING * math.ulp(expected)
    # What is beyond all doubles is the same infinity everywhere.
    assert got == expected or least - slack <= got <= most + slack, (arguments, got, expected)


def test_every_formula_module_is_looked_into() -> None:
    folders = [Path(folder) for folder in formulas.__path__]
    # Some have records alone, whose formulas are those of others.
    modules = {
        ".".join(path.relative_to(each).with_suffix("").parts)
        for each in folders
        for path in each.rglob("*.py")
        if "\ndef " in path.read_text(encoding="utf-8")
    }
    looked_into = {name.rpartition(".")[0] for name in FORMULAS}
    assert looked_into == {each for each in modules if each.rpartition(".")[2] not in {"__init__", *NO_FORMULAS}}
    assert len(FORMULAS) >= 50


def test_conditions_may_be_joined() -> None:
    x, y = np.meshgrid(*[np.arange(-1.0, 4.0)] * 2)
    inside = elementwise(inside_or_on_three)(x, y)
    assert inside.tolist() == [
        [inside_or_on_three(*point) for point in zip(*row, strict=True)] for row in zip(x, y, strict=True)
    ]
    assert 0 < inside.sum() < inside.size


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_arrays_give_what_the_scalar_formula_gives(formula: Formula) -> None:
    points = grid(formula)
    columns = [np.array(column) for column in zip(*points, strict=True)]
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        results = elementwise(formula)(*columns)
    assert results.dtype == np.float64
    assert results.shape == (len(points),)
    for arguments, got in zip(points, results.tolist(), strict=True):
        assert_agrees(formula, arguments, got)
    assert sum(scalar(formula, arguments) is not None for arguments in points) > len(points) / 3


@given(st.data())
@settings(max_examples=150)
def test_arguments_of_different_shapes_broadcast(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FORMULAS)))
    formula = FORMULAS[name]
    count = len(inspect.signature(formula).parameters)
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=count, max_dims=3, max_side=3))
    elements = st.sampled_from(NUMBERS) | st.floats(-1e6, 1e6)
    arrays = [data.draw(hnp.arrays(np.float64, shape, elements=elements)) for shape in shapes.input_shapes]
    # An argument that a formula ignores leaves no trace in the shape either.
    results = np.broadcast_to(elementwise(formula)(*arrays), shapes.result_shape)
    for got, *arguments in np.broadcast(results, *arrays):
        assert_agrees(formula, tuple(float(argument) for argument in arguments), float(got))


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_scalars_may_stand_beside_an_array_or_alone(formula: Formula) -> None:
    for arguments in grid(formula)[::7]:
        first, *others = arguments
        (got,) = elementwise(formula)(np.array([first]), *others).tolist()
        assert_agrees(formula, arguments, got)
        assert_agrees(formula, arguments, float(elementwise(formula)(*arguments)))


def test_warnings_of_the_branch_not_taken_stay_inside() -> None:
    with np.errstate(all="raise"):
        assert elementwise(sinc)(np.array([0.0])).tolist() == [1.0]
        assert elementwise(sigmoid)(np.array([-LARGEST, LARGEST])).tolist() == [0.0, 1.0]
        with pytest.raises(FloatingPointError):
            np.zeros(1) / np.zeros(1)


def test_a_formula_is_rewritten_only_once() -> None:
    assert elementwise(sigmoid) is elementwise(sigmoid)
