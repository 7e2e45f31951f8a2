"""How far apart Python and Luau may be, derived case by case.

Two mathematical libraries may differ by a few units in the last place in exp, log, sin and the like; everything else
is equal to the last bit. So the tolerance of a computation is what such errors, put into the Python engine itself,
do to its result.
"""

import ast
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np

from codegen.translate.luau_formulas import FormulaModules, read_formulas
from codegen.translate.luau_rules import MATH_FUNCTIONS
from engine import ACTIVATIONS, propagation
from engine.elementwise import Array, elementwise
from engine.kernels import arrays
from engine.training import rate_schedule, updates

# One unit in the last place, relative to the number.
ULP = sys.float_info.epsilon
# How many of them each call of a transcendental function may be off.
LIBRARY_ULPS = 4
# The errors that are put in have random signs; worse luck with the signs stays below this factor.
SAFETY = 10
# How many of them a number may be off when HttpService reads it. The stand-in reads exactly; Lune's codec (the Rust
# library serde_json without its feature float_roundtrip) does not: 20 % of random doubles come out 1 off, 0.1 % 2 off.
# It writes exactly.
READING_ULPS = {"lune": 2, "lune-native": 2}


def reading_tolerance(runtime: str, times: int, largest: float) -> float:
    """How far numbers up to ``largest`` can be off after HttpService has read them so many times."""
    return READING_ULPS.get(runtime, 0) * times * ULP * largest


def tolerance(compute: Callable[[], Array], exact: Array | None = None) -> float:
    """How far two right implementations of a computation by the engine can be apart, whose result may be known."""
    return tolerances(lambda: [compute()], None if exact is None else [exact])[0]


def tolerances(compute: Callable[[], Sequence[Array]], exact: Sequence[Array] | None = None) -> list[float]:
    """How far they can be apart in each of several results, which may be known."""
    right = compute() if exact is None else exact
    with _library_errors():
        disturbed = compute()
    return [
        float(SAFETY * np.max(np.abs(one - other), initial=0.0) + ULP * np.max(np.abs(one), initial=0.0))
        for one, other in zip(right, disturbed, strict=True)
    ]


def transcendental_calls(activator: str) -> int:
    """How many math functions whose last bits may differ an activation and its slope call."""
    return transcendental_calls_of(ACTIVATIONS[activator].value, ACTIVATIONS[activator].slope)


def transcendental_calls_of(*formulas: Callable[..., float]) -> int:
    """How many math functions whose last bits may differ these formulas call."""
    return sum(map(_calls_of, formulas))


def _calls_of(formula: Callable[..., float]) -> int:
    return _calls(formula.__module__.rpartition(".")[2], formula.__name__)


@cache
def _calls(module: str, formula: str) -> int:
    total = 0
    for node in ast.walk(_formulas()[module].formulas[formula].body):
        match node:
            case ast.Call(ast.Attribute(_, name)):
                _, is_exact = MATH_FUNCTIONS[name]
                total += not is_exact
            case ast.Call(ast.Name(name)):
                total += _calls(module, name)
    return total


@cache
def _formulas() -> FormulaModules:
    return read_formulas()


@contextmanager
def _library_errors() -> Iterator[None]:
    """Run the engine as if exp and its like came from another library."""
    signs = np.random.default_rng(0)

    def disturbed(formula: Callable[..., float]) -> Callable[..., Array]:
        right, error = elementwise(formula), LIBRARY_ULPS * ULP * _calls_of(formula)

        def over_arrays(*arguments: Any) -> Array:
            result = right(*arguments)
            size = np.maximum(np.abs(result), 1.0)
            # Either sign: choice would take many times as long.
            return result + error * size * (2.0 * signs.integers(2, size=result.shape) - 1.0)

        return over_arrays if error else right

    schedule = rate_schedule._of

    def disturbed_rate(formula: Callable[..., float], known: Mapping[str, float]) -> float:
        error = LIBRARY_ULPS * ULP * _calls_of(formula) * float(signs.choice([-1.0, 1.0]))
        return schedule(formula, known) + error * known["rate"]

    with patch.object(propagation, "elementwise", disturbed), patch.object(rate_schedule, "_of", disturbed_rate):
        yield


def single_precision_tolerance(compute: Callable[[], Array], exact: Array) -> float:
    """How far a computation with weights and sums of 32 bits can be from the one by the engine, which is known.

    Its errors are those that such weights and sums make in the engine itself, with the same safety as above.
    """

    def stepped(parameter: Array, step: Array, value: Array | float) -> Array:
        return np.asarray(np.float32(parameter + step * value), dtype=np.float64)

    with _single_sums(rounds_factors=False), patch.object(updates, "_stepped", stepped):
        disturbed = compute()
    return float(SAFETY * np.max(np.abs(exact - disturbed)))


def single_precision_batch_tolerance(compute: Callable[[], Array], additions: int = 2) -> float:
    """How far outputs that are calculated with 32 bits can be from those of the engine.

    Their errors are those of the engine itself when inputs, weights, products, sums, biases and outputs of every layer
    are rounded to 32 bits, with the same safety as above, and the rounding of the outputs. In vectors, the bias comes
    behind the first inputs already: so many ``additions`` of small numbers to a large one are rounded where the engine
    adds small ones among themselves.
    """

    def rounded(formula: Callable[..., float]) -> Callable[..., Array]:
        def over_arrays(*arguments: Array) -> Array:
            given = (np.float32(each).astype(np.float64) for each in arguments)
            return np.asarray(np.float32(elementwise(formula)(*given)), dtype=np.float64)

        return over_arrays

    exact = compute()
    with _single_sums(rounds_factors=True), patch.object(propagation, "elementwise", rounded):
        disturbed = compute()
    rounding = additions * float(np.finfo(np.float32).eps) / 2 * np.max(np.abs(exact))
    return float(SAFETY * np.max(np.abs(exact - disturbed)) + rounding)


@contextmanager
def _single_sums(*, rounds_factors: bool) -> Iterator[None]:
    """Run the engine's kernels with products and sums of 32 bits, and with factors of them too if wanted."""
    factor = np.float32 if rounds_factors else np.asarray

    def add_row_sums(rows: Array, column: int, values: Array, width: int, sums: Array) -> None:
        total = sums.astype(np.float32)
        for index in range(width):
            total += np.float32(factor(values[..., index, None]) * factor(rows[:, column + index]))
        sums[...] = total

    def add_share_rows(rows: Array, column: int, deltas: Array, width: int, upstream: Array) -> None:
        add_row_sums(rows[:, column : column + width].T, 0, deltas, len(rows), upstream)

    with patch.object(arrays, "add_row_sums", add_row_sums), patch.object(arrays, "add_share_rows", add_share_rows):
        yield
