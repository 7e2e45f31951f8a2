"""What a formula may say, and how everything else is refused."""

import ast
from pathlib import Path

import pytest

from codegen.translate.python_subset import FormulaError, FormulaModule, read_module

HEADER = 'import math\n\nLIMIT = 2.0\n\n\ndef other(a, b):\n    """Another formula."""\n    return a - b\n\n\n'

# Fragments of what the error must tell to write instead.
ARITHMETIC, COMPARISON, MATH, MODULE, RETURN = (
    "+ - * /",
    "one: Lua",
    "one of fabs",
    "only `import math`",
    "single return",
)
FORMULA, NAME, CHAIN, LITERAL, PLAIN = "math.fabs for abs", "an argument or a number", "a < b and b", "literal", "plain"
CALL = "a call of math or of a formula"

BAD_EXPRESSIONS = [
    ("x ** 2", "x * x for x ** 2"),
    ("x // 2", ARITHMETIC),
    ("x % 2", ARITHMETIC),
    ("x @ y", ARITHMETIC),
    ("+x", ARITHMETIC),
    ("1 + x // 2", ARITHMETIC),
    ("-(x % 2)", ARITHMETIC),
    ("other(x ** 2, y)", ARITHMETIC),
    ("math.sqrt(x % 2)", ARITHMETIC),
    ("x if y % 2 > 0 else y", ARITHMETIC),
    ("x if x > 0 else y % 2", ARITHMETIC),
    ("x % 2 if x > 0 else y", ARITHMETIC),
    ("x < y", ARITHMETIC),
    ("x and y", ARITHMETIC),
    ("x or 0", ARITHMETIC),
    ("not x", ARITHMETIC),
    ("x + (x > 0)", ARITHMETIC),
    ("True", "a number"),
    ("x if x == True else y", "a number"),
    ("None", ARITHMETIC),
    ("1j", ARITHMETIC),
    ("'text'", ARITHMETIC),
    ("f'{x}'", ARITHMETIC),
    ("x[0]", ARITHMETIC),
    ("(x, y)", ARITHMETIC),
    ("[x for x in y]", ARITHMETIC),
    ("lambda: x", ARITHMETIC),
    ("(z := x)", ARITHMETIC),
    ("9007199254740993", "a float"),
    ("x - -9007199254740993", "a float"),
    ("math.pi", "upper-case name"),
    ("x * math.pi", "upper-case name"),
    ("max(x, y)", "conditions for max"),
    ("abs(x)", FORMULA),
    ("float(x)", FORMULA),
    ("formula(x, y)", FORMULA),
    ("LIMIT(x)", FORMULA),
    ("x(y)", FORMULA),
    ("later(x)", FORMULA),
    ("math.pow(x, y)", MATH),
    ("math.log1p(x)", MATH),
    ("math.sqrt()", "one argument"),
    ("math.log(x, 2)", "one argument"),
    ("math.sqrt(x=x)", ARITHMETIC),
    ("math.sqrt(*x)", ARITHMETIC),
    ("other(x)", "2."),
    ("other(x, y, x)", "2."),
    ("other(x, b=y)", ARITHMETIC),
    ("numpy.sqrt(x)", CALL),
    ("math.a.sqrt(x)", CALL),
    ("(lambda: x)()", CALL),
    ("unknown", NAME),
    ("LATER", NAME),
    ("math", NAME),
    ("other", NAME),
    ("x if x else y", COMPARISON),
    ("x if True else y", COMPARISON),
    ("x if not x > 0 else y", COMPARISON),
    ("x if x > 0 and y else y", COMPARISON),
    ("x if (x if x > 0 else y) else y", COMPARISON),
    ("x if math.isnan(x) else y", COMPARISON),
    ("x if 0 < x < 1 else y", CHAIN),
    ("x if x in y else y", CHAIN),
    ("x if x is y else y", CHAIN),
    ("x if y > 0 and 0 < x < 1 else y", CHAIN),
]

BAD_BODIES = [
    ("x = x + 1\n    return x", RETURN),
    ("if x > 0:\n        return x\n    return y", RETURN),
    ("for _ in x:\n        return x", RETURN),
    ("pass", RETURN),
    ("return", RETURN),
    ("return x\n    return y", RETURN),
]

BAD_MODULES = [
    ("def f(x):\n    return x", "one that says what"),
    ('def f(x):\n    """"""\n    return x', "one that says what"),
    ('def f(x):\n    """Nothing else."""', RETURN),
    ('def f(x=1.0):\n    """Doc."""\n    return x', PLAIN),
    ('def f(*, x):\n    """Doc."""\n    return x', PLAIN),
    ('def f(*, x=1.0):\n    """Doc."""\n    return x', PLAIN),
    ('def f(x, /):\n    """Doc."""\n    return x', PLAIN),
    ('def f(*x):\n    """Doc."""\n    return 1.0', PLAIN),
    ('def f(**x):\n    """Doc."""\n    return 1.0', PLAIN),
    ('def repeat(x):\n    """Doc."""\n    return x', "another name"),
    ('def f(x, end):\n    """Doc."""\n    return x', "another name"),
    ('def fX(x):\n    """Doc."""\n    return x', "lower-case words"),
    ('def f(x, x__y):\n    """Doc."""\n    return x', "lower-case words"),
    ('def f(x_1):\n    """Doc."""\n    return x_1', "lower-case words"),
    ('def f(other):\n    """Doc."""\n    return other', "another name"),
    ('def f(math):\n    """Doc."""\n    return math', "another name"),
    ('async def f(x):\n    """Doc."""\n    return x', MODULE),
    ("import numpy", MODULE),
    ("import math as m", MODULE),
    ("import math, cmath", MODULE),
    ("from math import sqrt", MODULE),
    ("from other import formula", MODULE),
    ("class A: pass", MODULE),
    ("print(1)", MODULE),
    ("A: float = 1.0", MODULE),
    ("A = B = 1.0", MODULE),
    ("A, B = 1.0, 2.0", MODULE),
    ("LIMIT += 1.0", MODULE),
    ("lower_case = 1.0", "upper case"),
    ("É = 1.0", "upper case"),
    ("A = 9007199254740993", "a float"),
    ("A = 1.0 / 3.0", LITERAL),
    ("A = math.pi", LITERAL),
    ("A = LIMIT", LITERAL),
    ("A = True", LITERAL),
    ("A = None", LITERAL),
    ("A = 'text'", LITERAL),
    ("A = [1.0]", LITERAL),
    ("A = 1j", LITERAL),
    ("A = other(1.0, 2.0)", LITERAL),
    ("A = Optimizer()", LITERAL),
    ("from engine.formulas.records import Optimizer as O", MODULE),
    ("from engine.formulas import records", MODULE),
    ("from .records import Optimizer", MODULE),
    ("from engine.formulas.registry import ACTIVATIONS", MODULE),
    ("from engine.formulas.optimizers.sgd import stepped", MODULE),
    ("from engine.formulas.optimizers.sgd import SGD as S", MODULE),
    ("from engine.kernels.loops.sgd import SGD", MODULE),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shapes.py"


def read(path: Path, source: str) -> FormulaModule:
    path.write_text(source, encoding="utf-8")
    return read_module(path)


def formula_of(expression: str) -> str:
    return f'def formula(x, y):\n    """Doc."""\n    return {expression}\n'


def assert_refused(path: Path, source: str, line: int, instead: str) -> None:
    with pytest.raises(FormulaError) as refused:
        read(path, source)
    text = str(refused.value)
    assert text.startswith(f"{path}:{line}: `")
    assert instead in text.partition("; write ")[2]


@pytest.mark.parametrize(("expression", "instead"), BAD_EXPRESSIONS)
def test_an_expression_that_luau_cannot_repeat_is_refused_at_its_line(
    path: Path, expression: str, instead: str
) -> None:
    later = 'LATER = 1.0\n\n\ndef later(x):\n    """Defined too late."""\n    return x\n'
    line = (HEADER + formula_of("")).count("\n")
    assert_refused(path, HEADER + formula_of(expression) + later, line, instead)


@pytest.mark.parametrize(("body", "instead"), BAD_BODIES)
def test_a_function_of_more_than_one_return_is_refused_at_the_first_other_statement(
    path: Path, body: str, instead: str
) -> None:
    source = f'def formula(x, y):\n    """Doc."""\n    {body}\n'
    assert_refused(path, HEADER + source, HEADER.count("\n") + 3, instead)


@pytest.mark.parametrize(("definition", "instead"), BAD_MODULES)
def test_a_module_that_holds_anything_but_numbers_and_plain_functions_is_refused(
    path: Path, definition: str, instead: str
) -> None:
    assert_refused(path, f"{HEADER}{definition}\n", HEADER.count("\n") + 1, instead)


def test_records_that_say_what_the_formulas_are_for_are_passed_over(path: Path) -> None:
    imports = "from engine.formulas.records import Memory, Optimizer\n\n\n"
    module = read(
        path, f"{imports}{HEADER.partition('math')[2].lstrip()}OTHER = Optimizer('Other', (Memory('m', other),))\n"
    )
    assert (dict(module.constants), list(module.formulas)) == ({"LIMIT": 2.0}, ["other"])
    assert_refused(path, f"{imports}other = Optimizer()\n", 4, "upper case")


def test_records_may_have_parts_of_other_files_records_but_no_formula_may(path: Path) -> None:
    imports = "from engine.formulas.optimizers.sgd import SGD\nfrom engine.formulas.records import Optimizer\n\n\n"
    assert read(path, f"{imports}OTHER = Optimizer('Other', SGD.settings, SGD.parameter)\n").formulas == {}
    assert_refused(path, f"{imports}{formula_of('x + SGD')}", imports.count("\n") + 3, NAME)


def test_a_decorated_function_is_refused(path: Path) -> None:
    assert_refused(path, f"{HEADER}@cache\n{formula_of('x')}", HEADER.count("\n") + 2, "the bare function")


def test_the_line_is_the_one_of_the_fault_and_not_of_its_statement(path: Path) -> None:
    assert_refused(path, HEADER + formula_of("(\n        x\n        + y ** 2\n    )"), HEADER.count("\n") + 5, "x * x")


def test_what_is_not_python_is_refused_at_its_line(path: Path) -> None:
    with pytest.raises(FormulaError, match=rf"^{path}:2: this is not Python"):
        read(path, "A = 1.0\ndef (x):\n")


def test_the_error_shows_what_was_refused(path: Path) -> None:
    with pytest.raises(FormulaError, match=r": `x \*\* 3` "):
        read(path, formula_of("1 + x ** 3"))


@pytest.mark.parametrize(
    "expression",
    [
        "x",
        "LIMIT",
        "1",
        "-1.5e-300",
        "1 + x - y * 2 / LIMIT",
        "-x",
        "x if x < y else y if x > LIMIT else -y",
        "x if (x <= y or x >= 1) and x == 0 or x != 3 else y",
        "x if (x if x > 0 else y) > 0 else y",
        "other(x, other(1.0, y))",
        *[f"math.{name}(x)" for name in ("fabs", "floor", "sqrt", "exp", "log", "sin", "cos", "tanh", "atan")],
    ],
)
def test_arithmetic_conditions_and_calls_are_read_as_they_stand(path: Path, expression: str) -> None:
    formula = read(path, HEADER + formula_of(expression)).formulas["formula"]
    assert ast.unparse(formula.body) == ast.unparse(ast.parse(expression))


def test_a_module_is_read_whole_and_in_its_order(path: Path) -> None:
    module = read(
        path,
        '"""What the module is about."""\n\nimport math\n\nFIRST = -1.5\nSECOND = 2\n\n\n'
        'def b(x: float, y: float) -> float:\n    """One line.\n\n    And more.\n    """\n    return x + y\n\n\n'
        'def a() -> float:\n    """No argument."""\n    return SECOND\n',
    )
    assert list(module.constants.items()) == [("FIRST", -1.5), ("SECOND", 2)]
    assert [(f.name, f.parameters, f.summary) for f in module.formulas.values()] == [
        ("b", ("x", "y"), "One line."),
        ("a", (), "No argument."),
    ]
