"""Formulas as Luau: the text for people, the value bit by bit for machines."""

import ast
import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from codegen.runtimes import Runtime
from codegen.translate.luau_expressions import luau_expression
from codegen.translate.python_subset import read_module
from tests.engine.samples import double_floor

HEADER = 'import math\n\nLIMIT = 2.5\n\n\ndef other(a, b):\n    """Another formula."""\n    return a - b\n\n\n'

GOLDENS = [
    # Two minus signs side by side would start a comment.
    ("-(-x)", "-(-x)"),
    ("--x", "-(-x)"),
    ("-(-2.0)", "-(-2)"),
    ("x - -y", "x - -y"),
    ("x - (-(-y))", "x - -(-y)"),
    ("-(x - y)", "-(x - y)"),
    ("-(x * y)", "-(x * y)"),
    ("-x * y", "-x * y"),
    ("x * -y", "x * -y"),
    # Parentheses that change the order of additions change the bits.
    ("x - y - 1", "x - y - 1"),
    ("x - (y - 1)", "x - (y - 1)"),
    ("x - (y + 1)", "x - (y + 1)"),
    ("x + (y + 1)", "x + (y + 1)"),
    ("x + (y - 1)", "x + (y - 1)"),
    ("(x + y) + 1", "x + y + 1"),
    ("x * y / 2", "x * y / 2"),
    ("x / y / 2", "x / y / 2"),
    ("x / (y / 2)", "x / (y / 2)"),
    ("x / (y * 2)", "x / (y * 2)"),
    ("x * (y * 2)", "x * (y * 2)"),
    ("x * (y + 1) - 2 * x", "x * (y + 1) - 2 * x"),
    ("(x + 1) * (y - 1)", "(x + 1) * (y - 1)"),
    # What Lua calls the remainder.
    ("x - math.floor(x / y) * y", "x % y"),
    ("x + 1 - math.floor((x + 1) / (y - 2)) * (y - 2)", "(x + 1) % (y - 2)"),
    ("x - math.floor(x / (y * 2)) * (y * 2) + 1", "x % (y * 2) + 1"),
    ("x - math.floor(x / y) * 2", "x - math.floor(x / y) * 2"),
    ("x - math.floor(y / 2) * 2", "x - math.floor(y / 2) * 2"),
    # A conditional expression in every position.
    ("x if x > y else y", "x > y and x or y"),
    ("1 if x > 0 else 2 if y > 0 else 3", "x > 0 and 1 or y > 0 and 2 or 3"),
    ("(1 if x > 1 else 2) if y > 0 else 3", "y > 0 and (x > 1 and 1 or 2) or 3"),
    ("x if (1 if x > 0 else 2) < y else y", "(x > 0 and 1 or 2) < y and x or y"),
    ("x if x < (1 if y > 0 else 2) else y", "x < (y > 0 and 1 or 2) and x or y"),
    ("-(x if x > 0 else y)", "-(x > 0 and x or y)"),
    ("1 + (x if x > 0 else y)", "1 + (x > 0 and x or y)"),
    ("(x if x > 0 else y) * 2", "(x > 0 and x or y) * 2"),
    ("1 + x if x > 0 else y - 1", "x > 0 and 1 + x or y - 1"),
    ("math.sqrt(x if x > 0 else -x)", "math.sqrt(x > 0 and x or -x)"),
    ("other(x if x > 0 else y, y)", "other(x > 0 and x or y, y)"),
    # Conditions.
    ("1 if x > 0 and y > 0 else 2", "x > 0 and y > 0 and 1 or 2"),
    ("1 if x > 0 or y > 0 else 2", "(x > 0 or y > 0) and 1 or 2"),
    ("1 if x > 0 or y > 0 and x < y else 2", "(x > 0 or y > 0 and x < y) and 1 or 2"),
    ("1 if (x > 0 or y > 0) and x < y else 2", "(x > 0 or y > 0) and x < y and 1 or 2"),
    ("1 if x > 0 and y > 0 and x < y else 2", "x > 0 and y > 0 and x < y and 1 or 2"),
    ("1 if x + 1 <= y * 2 else 2", "x + 1 <= y * 2 and 1 or 2"),
    ("1 if x == y else 2 if x != 0 else 3", "x == y and 1 or x ~= 0 and 2 or 3"),
    ("1 if x >= y else 2", "x >= y and 1 or 2"),
    # Names and numbers.
    ("LIMIT * other(x, y)", "LIMIT * other(x, y)"),
    ("math.fabs(x) + math.floor(y)", "math.abs(x) + math.floor(y)"),
    ("math.atan(math.exp(x))", "math.atan(math.exp(x))"),
    ("1.0 / 3 + 0.1 - 1e300 * 5e-324", "1 / 3 + 0.1 - 1e+300 * 4.94065645841247e-324"),
    ("x / 1e999", "x / math.huge"),
    ("x * -1e999", "x * -math.huge"),
]


@pytest.fixture(scope="module")
def luau_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Writes an expression into a formula module, reads it and gives it back as Luau."""
    path: Path = tmp_path_factory.mktemp("formulas") / "formulas.py"

    def luau(expression: str, names: Callable[[str], str] = str) -> str:
        source = f'{HEADER}def formula(x, y):\n    """One formula."""\n    return {expression}\n'
        path.write_text(source, encoding="utf-8")
        return luau_expression(read_module(path).formulas["formula"].body, names)

    return luau


@pytest.mark.parametrize(("expression", "expected"), GOLDENS)
def test_an_expression_has_the_parentheses_that_it_needs_and_no_other(
    luau_of: Callable[..., str], expression: str, expected: str
) -> None:
    assert luau_of(expression) == expected


def test_every_name_but_those_of_math_is_asked_for(luau_of: Callable[..., str]) -> None:
    calls = {"x": "row[i]", "LIMIT": "LIMIT", "other": "otherOne", "y": "before[j]"}
    luau = luau_of("-x * LIMIT + other(y, math.fabs(x))", calls.__getitem__)
    assert luau == "-row[i] * LIMIT + otherOne(before[j], math.abs(row[i]))"


EDGES = [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 2**53, -(2**53)]
NUMBERS = st.sampled_from(EDGES) | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
POINTS = st.lists(st.tuples(st.floats(), st.floats()), min_size=1, max_size=6)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 4) -> str:
    """Any formula's expression, with all parentheses, so that only the tree decides what it means."""

    def smaller() -> str:
        return draw(expressions(draw(st.integers(0, depth - 1))))

    forms = ["name", "name", "number"] if depth == 0 else ["binary", "binary", "minus", "choice", "choice", "call"]
    match draw(st.sampled_from(forms)):
        case "name":
            return draw(st.sampled_from("xy"))
        case "number":
            return f"({draw(NUMBERS)!r})"
        case "binary":
            return f"({smaller()} {draw(st.sampled_from('+-*/'))} {smaller()})"
        case "minus":
            return f"(-{smaller()})"
        case "choice":
            return f"({smaller()} if {draw(conditions(depth - 1))} else {smaller()})"
        case _:
            call = draw(st.sampled_from(["math.fabs({})", "math.floor({})", "math.sqrt(math.fabs({}))"]))
            return call.format(smaller())


@st.composite
def conditions(draw: st.DrawFn, depth: int) -> str:
    if depth > 0 and draw(st.booleans()):
        word = draw(st.sampled_from(["and", "or"]))
        return f"({draw(conditions(depth - 1))} {word} {draw(conditions(depth - 1))})"
    operator = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
    return f"({draw(expressions(depth))} {operator} {draw(expressions(depth))})"


class _Doubles(ast.NodeTransformer):
    """Luau has no integers: a formula's literals stand for doubles."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        assert isinstance(node.value, (int, float))
        return ast.copy_location(ast.Constant(float(node.value)), node)


def python_values(expression: str, points: list[tuple[float, float]]) -> dict[tuple[float, float], float]:
    """Python's own value at each point where it has one: it raises an error where Lua divides by zero."""
    code = compile(ast.fix_missing_locations(_Doubles().visit(ast.parse(expression, mode="eval"))), "formula", "eval")
    functions = SimpleNamespace(sqrt=math.sqrt, fabs=math.fabs, floor=double_floor)
    values = {}
    for x, y in points:
        try:
            values[x, y] = eval(code, {"math": functions, "x": x, "y": y})
        except ZeroDivisionError:
            continue
    return values


def is_same(value: float, expected: float, runtime: Runtime) -> bool:
    if math.isnan(expected):
        return math.isnan(value)
    # Lua 5.1 keeps one constant for 0 and -0 in a function. No value but a zero's sign can tell, as nothing is
    # divided by zero here.
    same_sign = math.copysign(1.0, value) == math.copysign(1.0, expected) or (runtime.name == "lua51" and value == 0)
    return value == expected and same_sign


@settings(max_examples=100)
@given(expression=expressions(), points=POINTS)
def test_a_formula_has_the_same_bits_in_luau_as_in_python(
    runtime: Runtime, luau_of: Callable[..., str], expression: str, points: list[tuple[float, float]]
) -> None:
    expected = python_values(expression, points)
    assume(expected)
    # As text, since a machine may hand -0 over as an integer.
    script = f"""
        local function formula(x, y)
            return {luau_of(expression)}
        end
        local texts = {{}}
        for index, point in ipairs(...) do
            texts[index] = string.format("%.17g", formula(point[1], point[2]))
        end
        return texts
    """
    (texts,) = runtime.run(script, list(expected))
    for point, text in zip(expected, texts, strict=True):
        assert is_same(float(text), expected[point], runtime), (point, text, expected[point])
