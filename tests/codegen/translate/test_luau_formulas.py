"""An activation as statements: the same bits as its formula, for every number there is."""

import ast

import pytest

from codegen.runtimes import Runtime
from codegen.translate.luau_formulas import FORMULAS, assign, define, inline, needed, read_formulas
from codegen.translate.python_subset import Formula, FormulaError, FormulaModule
from engine import ACTIVATIONS
from tests.engine.samples import AWKWARD

_COMPARE = """
local numbers = ...
table.insert(numbers, 0 / 0)
{formulas}
local function expected(x: number): number
	return {expression}
end
local function found(x: number): number
	{statements}
	return x
end
for _, x in ipairs(numbers) do
	local a, b = expected(x), found(x)
	local same = a == b and 1 / a == 1 / b or a ~= a and b ~= b
	assert(same, string.format("%.17g: %.17g expected, %.17g found", x, a, b))
end
"""


@pytest.mark.parametrize("activator", ACTIVATIONS)
def test_statements_give_the_bits_of_the_expression(runtime: Runtime, activator: str) -> None:
    modules, path = read_formulas(), f"activations.{ACTIVATIONS[activator].value.__name__}"
    source = _COMPARE.format(
        formulas=define(modules, "activations", needed(modules, path)),
        expression=inline(modules, path, "x"),
        statements=assign(modules, path, "x", "x"),
    )
    runtime.run(source, [*AWKWARD, -1.5, -0.5, 0.5, 1.5])


def statements(expression: str) -> list[str]:
    (parsed,) = ast.parse(expression).body
    assert isinstance(parsed, ast.Expr)
    formula = Formula("f", ("x",), "", parsed.value)
    return assign({"some": FormulaModule({}, {"f": formula})}, "some.f", "y", "y").splitlines()


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("x", []),
        ("x * x", ["y = y * y"]),
        ("x if x > 0.0 else 2.0 * x", ["if y <= 0 then", "\ty = 2 * y", "end"]),
        ("x if x > LIMIT else x + 1.0", ["if y <= LIMIT then", "\ty = y + 1", "end"]),
        # Of nan, the formula makes 0, which `y <= 0` would miss.
        ("x if x > 0.0 else 0.0", ["if not (y > 0) then", "\ty = 0", "end"]),
        ("x if 1.0 > x else 2.0 * x", ["if not (1 > y) then", "\ty = 2 * y", "end"]),
        ("1.0 if x == 0.0 else 1.0 / x", ["if y == 0 then", "\ty = 1", "else", "\ty = 1 / y", "end"]),
    ],
)
def test_a_choice_is_an_if(expression: str, wanted: list[str]) -> None:
    assert statements(expression) == wanted


@pytest.mark.parametrize(
    ("path", "arguments", "told"),
    [
        (
            "activations.tan",
            "x",
            f"There is no formula `activations.tan`; write it in a module of {FORMULAS}, or one th",
        ),
        ("other.tanh", "x", "There is no formula `other.tanh`; write it in a module of "),
    ],
)
def test_a_formula_that_is_not_there_is_refused(path: str, arguments: str, told: str) -> None:
    with pytest.raises(FormulaError) as raised:
        inline(read_formulas(), path, *arguments)
    assert str(raised.value).startswith(told)
    assert "\n" not in str(raised.value)
