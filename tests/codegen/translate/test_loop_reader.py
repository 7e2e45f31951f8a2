"""What a kernel may be made of, and how anything else is refused."""

import ast
from pathlib import Path

import pytest

from codegen.translate.loop_reader import Assign, Give, Kernel, Loop, read_kernels
from codegen.translate.python_subset import FormulaError

HEAD = 'def kernel(values: Values, count: int) -> None:\n    """A loop.\n\n    More of it.\n    """\n'


def read(path: Path, text: str) -> Kernel:
    path.write_text(text, encoding="utf-8")
    return read_kernels(path)["kernel"]


def test_a_kernel_has_its_loops_assignments_and_result(tmp_path: Path) -> None:
    body = """
    total = 0.0
    for j in range(count):
        value, half = values[j], 0.5
        values[j] = value * half
        total += value
        values[j] *= total
    return total
"""
    found = read(tmp_path / "loops.py", HEAD + body)
    assert (found.name, found.summary, found.gives) == ("kernel", "A loop.", True)
    assert found.parameters == {"values": "Values", "count": "int"}
    start, loop, end = found.body
    assert isinstance(start, tuple)
    assert isinstance(loop, Loop)
    assert isinstance(end, Give)
    assert (loop.index, ast.unparse(loop.count), ast.unparse(end.value)) == ("j", "count", "total")
    shown = [
        [(ast.unparse(each.target), each.operator, ast.unparse(each.value)) for each in line]
        for line in loop.body
        if isinstance(line, tuple) and all(isinstance(each, Assign) for each in line)
    ]
    assert shown == [
        [("value", None, "values[j]"), ("half", None, "0.5")],
        [("values[j]", None, "value * half")],
        [("total", ast.Add, "value")],
        [("values[j]", ast.Mult, "total")],
    ]


def test_a_kernel_without_return_gives_nothing(tmp_path: Path) -> None:
    assert not read(tmp_path / "loops.py", HEAD + "    values[0] = 1.0\n").gives


@pytest.mark.parametrize(
    "statement",
    [
        "if count: pass",
        "while count: pass",
        "for value in values: pass",
        "for j in range(1, count): pass",
        "total -= 1.0",
        "a, b = values",
        "values.first, b = 0.0, 1.0",
        "a = b = 0.0",
        "values.append(0.0)",
        "return 0.0",
        "import math",
    ],
)
def test_all_else_is_refused_at_its_line(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "loops.py"
    with pytest.raises(FormulaError) as raised:
        read(path, f"{HEAD}    {statement}\n")
    message = str(raised.value)
    assert message.startswith(f"{path}:6: `")
    assert message.endswith("` is no part of a kernel; write a loop over a range, an assignment, += or *=.")
    assert "\n" not in message


def test_a_statement_inside_loops_is_refused_as_well(tmp_path: Path) -> None:
    path = tmp_path / "loops.py"
    with pytest.raises(FormulaError) as raised:
        read(path, f"{HEAD}    for j in range(count):\n        break\n")
    assert str(raised.value).startswith(f"{path}:7: `break` is no part")


@pytest.mark.parametrize(
    ("statement", "line", "unknown"),
    [
        ("values[0] = value", 6, "value"),
        ("values[j] = 0.0", 6, "j"),
        ("total += 1.0", 6, "total"),
        ("total, half = 0.0, 0.5 * total", 6, "total"),
        ("return total", 6, "total"),
        ("values[0] = max(values[0], other)", 6, "other"),
        ("values[0] = sgd.shared_step(rate, values[0])", 6, "rate"),
        ("for j in range(count):\n        x = values[j]\n    values[0] = x", 8, "x"),
    ],
)
def test_a_name_means_something(tmp_path: Path, statement: str, line: int, unknown: str) -> None:
    path = tmp_path / "loops.py"
    with pytest.raises(FormulaError) as raised:
        read(path, f"{HEAD}    {statement}\n")
    assert str(raised.value) == (
        f"{path}:{line}: `{unknown}` is unknown here; "
        "write an argument, or a name that is assigned above in this loop or around it."
    )


@pytest.mark.parametrize("count", ["turns", "j", "len(row)"])
def test_loops_count_by_arguments(tmp_path: Path, count: str) -> None:
    path = tmp_path / "loops.py"
    body = f"    for j in range(count):\n        row = values\n        for i in range({count}):\n            pass\n"
    with pytest.raises(FormulaError) as raised:
        read(path, HEAD + body)
    name = count.removeprefix("len(").removesuffix(")")
    assert str(raised.value) == f"{path}:8: `{name}` is unknown here; write an argument or a number."


def test_a_kernel_says_what_it_does(tmp_path: Path) -> None:
    path = tmp_path / "loops.py"
    with pytest.raises(FormulaError) as raised:
        read(path, "\ndef kernel(count: int) -> None:\n    count = 1\n")
    assert str(raised.value) == (
        f"{path}:2: `def kernel(count: int) -> None:` has no docstring; write one that says what the loop does."
    )
