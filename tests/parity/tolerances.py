"""How far apart Python and Luau may be, derived case by case.

Two mathematical libraries may differ by a few units in the last place in exp, log, sin and the like; everything else
is equal to the last bit. So the tolerance of a computation is what such errors, put into the Python engine itself,
do to its result.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np

from codegen.translate.luau_formulas import FORMULAS
from codegen.translate.luau_rules import MATH_FUNCTIONS
from codegen.translate.python_subset import FormulaModule, read_module
from engine import ACTIVATIONS, propagation
from engine.elementwise import Array, elementwise

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


def tolerance(compute: Callable[[], Array]) -> float:
    """How far two right implementations of a computation by the engine can be apart."""
    exact = compute()
    with _library_errors():
        disturbed = compute()
    return float(SAFETY * np.max(np.abs(exact - disturbed), initial=0.0) + ULP * np.max(np.abs(exact), initial=0.0))


def transcendental_calls(activator: str) -> int:
    """How many math functions whose last bits may differ an activation and its slope call."""
    activation = ACTIVATIONS[activator]
    return _calls(activation.value.__name__) + _calls(activation.slope.__name__)


@cache
def _calls(formula: str) -> int:
    total = 0
    for node in ast.walk(_activations().formulas[formula].body):
        match node:
            case ast.Call(ast.Attribute(_, name)):
                _, is_exact = MATH_FUNCTIONS[name]
                total += not is_exact
            case ast.Call(ast.Name(name)):
                total += _calls(name)
    return total


@cache
def _activations() -> FormulaModule:
    return read_module(FORMULAS / "activations.py")


@contextmanager
def _library_errors() -> Iterator[None]:
    """Run the engine as if exp and its like came from another library."""
    signs = np.random.default_rng(0)

    def disturbed(formula: Callable[..., float]) -> Callable[..., Array]:
        error = LIBRARY_ULPS * ULP * _calls(formula.__name__)

        def over_arrays(*arguments: Any) -> Array:
            result = np.asarray(elementwise(formula)(*arguments))
            size = np.maximum(np.abs(result), 1.0)
            return np.asarray(result + error * size * signs.choice([-1.0, 1.0], size=result.shape))

        return over_arrays

    with patch.object(propagation, "elementwise", disturbed):
        yield


def single_precision_tolerance(compute: Callable[[], Array]) -> float:
    """How far a computation with weights and sums of 32 bits can be from the one by the engine.

    Its errors are those that such weights and sums make in the engine itself, with the same safety as above.
    """

    def ordered_sum(weights: Array, values: Array) -> Array:
        total = np.zeros((*values.shape[:-1], len(weights)), dtype=np.float32)
        for index in range(weights.shape[1]):
            total += np.float32(values[..., index, None] * weights[:, index])
        return total.astype(np.float64)

    def sgd(parameter: Array, step: Array, value: Array) -> Array:
        return np.asarray(np.float32(parameter + step * value), dtype=np.float64)

    exact = compute()
    with patch.object(propagation, "ordered_sum", ordered_sum), patch.object(propagation, "_sgd", sgd):
        disturbed = compute()
    return float(SAFETY * np.max(np.abs(exact - disturbed)))


def single_precision_batch_tolerance(compute: Callable[[], Array]) -> float:
    """How far outputs that are calculated with 32 bits can be from those of the engine.

    Their errors are those of the engine itself when inputs, weights, products, sums, biases and outputs of every layer
    are rounded to 32 bits, with the same safety as above, and the rounding of the outputs.
    """

    def ordered_sum(weights: Array, values: Array) -> Array:
        total = np.zeros((*values.shape[:-1], len(weights)), dtype=np.float32)
        for index in range(weights.shape[1]):
            total += np.float32(values[..., index, None]) * np.float32(weights[:, index])
        return total.astype(np.float64)

    def rounded(formula: Callable[..., float]) -> Callable[..., Array]:
        def over_arrays(sums: Array) -> Array:
            return np.asarray(np.float32(elementwise(formula)(np.float32(sums).astype(np.float64))), dtype=np.float64)

        return over_arrays

    exact = compute()
    with patch.object(propagation, "ordered_sum", ordered_sum), patch.object(propagation, "elementwise", rounded):
        disturbed = compute()
    rounding = float(np.finfo(np.float32).eps) * np.max(np.abs(exact))
    return float(SAFETY * np.max(np.abs(exact - disturbed)) + rounding)
