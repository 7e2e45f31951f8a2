"""What templates are given: formulas, names and messages as Luau."""

import math
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.library import signatures
from codegen.library.signatures import message_expression
from codegen.library.template_context import template_context
from codegen.translate import luau_formulas
from codegen.translate.luau_formulas import luau_name
from codegen.translate.python_subset import FormulaError
from engine.formulas import activations
from engine.formulas.losses import half_squared_error
from engine.formulas.optimizers import sgd
from engine.formulas.records import Activation
from engine.formulas.registry import ACTIVATIONS
from engine.interface.messages import MESSAGES

FORMULAS = '''"""Shapes."""

import math

FULL_TURN = 2.5
LIMIT = -1


def on_circle(radius: float, first_angle: float, last_angle: float) -> float:
    """Length of an arc.

    More that nobody reads in Luau.
    """
    return radius * (last_angle if last_angle > LIMIT else FULL_TURN)


def chord(radius: float) -> float:
    """Length of a chord."""
    return -on_circle(radius - 1.0, 0.0, math.sqrt(radius))
'''

CHOICES = '''

def step(x: float) -> float:
    """A choice in a choice."""
    return LIMIT if x < 0 else FULL_TURN if x > FULL_TURN else x


def growing(x: float) -> float:
    """Above one, the factor makes the other number the larger one."""
    return x if x > 0 else FULL_TURN * x


def falling(x: float) -> float:
    """Below zero too."""
    return x if x > 0 else LIMIT * x


def from_zero(x: float) -> float:
    """Zero is on the other side."""
    return x if x >= 0 else 0.0


def of_another(x: float, y: float) -> float:
    """The number that is tested is not the one that is returned."""
    return y if x > 0 else 0.0
'''

DEFINED = """local FULL_TURN = 2.5
local LIMIT = -1

-- Length of an arc.
local function onCircle(radius: number, _firstAngle: number, lastAngle: number): number
\treturn radius * (lastAngle > LIMIT and lastAngle or FULL_TURN)
end

-- Length of a chord.
local function chord(radius: number): number
\treturn -onCircle(radius - 1, 0, math.sqrt(radius))
end"""

Text = Callable[..., str]


@pytest.fixture
def shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Text]:
    """The context when there is one formula module more."""
    folder = tmp_path / "formulas"
    shutil.copytree(luau_formulas.FORMULAS, folder)
    (folder / "shapes.py").write_text(FORMULAS + CHOICES, encoding="utf-8")
    monkeypatch.setattr(luau_formulas, "FORMULAS", folder)
    return cast(dict[str, Any], template_context())


def test_a_formula_module_becomes_typed_local_constants_and_functions(shapes: dict[str, Text]) -> None:
    assert shapes["define"]("shapes").startswith(DEFINED)


def test_a_formula_can_be_written_where_it_is_used(shapes: dict[str, Text]) -> None:
    inline = shapes["inline"]
    assert inline("shapes.on_circle", "r", "0", "ends[j]") == "r * (ends[j] > LIMIT and ends[j] or FULL_TURN)"
    assert inline("shapes.chord", "row[i + 1]") == "-onCircle(row[i + 1] - 1, 0, math.sqrt(row[i + 1]))"


@pytest.mark.parametrize("arguments", [("r",), ("r", "0", "1", "2")])
def test_a_formula_is_not_written_with_a_wrong_number_of_arguments(
    shapes: dict[str, Text], arguments: tuple[str, ...]
) -> None:
    with pytest.raises(
        FormulaError, match=r"`shapes.on_circle` is given \d argument\(s\); write 3: radius, first_angle, "
    ):
        shapes["inline"]("shapes.on_circle", *arguments)


def test_a_formula_can_be_assigned_by_statements(shapes: dict[str, Text]) -> None:
    assert shapes["assign"]("shapes.chord", "length", "r") == "length = -onCircle(r - 1, 0, math.sqrt(r))"
    assert shapes["assign"]("shapes.step", "x", "x").split("\n") == [
        "if x < 0 then",
        "\tx = LIMIT",
        "else",
        "\tif x > FULL_TURN then",
        "\t\tx = FULL_TURN",
        "\tend",
        "end",
    ]


@pytest.mark.parametrize(
    ("formula", "exact", "rough"),
    [
        ("activations.identity", "1", "1"),
        ("activations.leaky_relu", "LEAKY_SLOPE", "LEAKY_SLOPE"),
        ("activations.relu", None, "0"),
        ("activations.binary", None, None),
        ("activations.tanh", None, None),
        ("shapes.growing", None, None),
        ("shapes.falling", None, None),
        ("shapes.from_zero", None, None),
        ("shapes.of_another", None, None),
        ("shapes.step", None, None),
    ],
)
def test_a_negative_slope_is_found_only_where_a_formula_is_the_larger_one_of_two_numbers(
    shapes: dict[str, Text], formula: str, exact: str | None, rough: str | None
) -> None:
    assert shapes["negative_slope"](formula) == exact
    assert shapes["negative_slope"](formula, rough=True) == rough


@given(st.floats())
def test_a_negative_slope_gives_the_same_bits(x: float) -> None:
    """What math.max does in Lua: the second number if it is larger, else the first."""
    for value, c in ((activations.identity, 1.0), (activations.leaky_relu, activations.LEAKY_SLOPE)):
        larger = x if x > c * x else c * x
        assert struct.pack("d", larger) == struct.pack("d", value(x)) or (math.isnan(larger) and math.isnan(value(x)))


@pytest.mark.parametrize(
    ("value", "slope", "told"),
    [
        (
            half_squared_error.half_squared_error,
            activations.tanh_slope,
            "value of Odd is `half_squared_error`.* with 1 ",
        ),
        (activations.tanh, sgd.shared_step, "slope of Odd is `shared_step`.* with 2 "),
        (activations.tanh, activations.tanh, "slope of Odd is `tanh`.* with 2 "),
    ],
)
def test_an_activation_needs_two_formulas_of_its_module(
    monkeypatch: pytest.MonkeyPatch, value: Callable[..., float], slope: Callable[..., float], told: str
) -> None:
    odd = Activation("Odd", value, slope, -1.0, 1.0)
    monkeypatch.setattr(luau_formulas, "ACTIVATIONS", {**ACTIVATIONS, "Odd": odd})
    with pytest.raises(FormulaError, match=told):
        template_context()


@pytest.mark.parametrize(
    ("python", "luau"),
    [("x", "x"), ("he_uniform_limit", "heUniformLimit"), ("s10", "s10"), ("SEED_MODULUS", "SEED_MODULUS")],
)
def test_names_are_written_in_camel_case_and_constants_as_they_are(python: str, luau: str) -> None:
    assert luau_name(python) == luau


def test_a_message_is_a_concatenation_of_text_and_of_what_is_only_known_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "MESSAGES", {**MESSAGES, "sample": '{count} of "{name}" is {limit} too many'})
    assert message_expression("sample", limit=0.5) == """count .. ' of "' .. name .. '" is 0.5 too many'"""
    assert (
        message_expression("sample", count=3, name="#names", limit=1) == """'3 of "' .. #names .. '" is 1 too many'"""
    )
