"""Statements of kernels that cannot be translated: an error says which, and where."""

from pathlib import Path

import pytest

from codegen.translate.kernel_bindings import Bindings
from codegen.translate.kernel_layout import Layout
from codegen.translate.loop_reader import read_kernels
from codegen.translate.luau_formulas import read_formulas
from codegen.translate.python_subset import FormulaError
from engine.kernels.schedules import Schedule
from tests.codegen.translate.kernel_calls import OPTIMIZERS

_BROKEN = """
def broken(rows: Rows, values: Values, width: int, sums: Values, value: Formula, update: Formula) -> None:
    \"\"\"Sums.\"\"\"
    for j in range(len(rows)):
        row = rows[j]
        for i in range(width):
            {statement}
"""


_HALF = """
def half(rows: Rows, values: Values, count: int) -> None:
    \"\"\"Adds.\"\"\"
    for j in range(count):
        row = rows[j]
        for i in range({turns}):
            row[i] += values[i]
"""


@pytest.mark.parametrize("turns", ["k + 1", "j", "row + 1", "count + j", "j + 2", "1 + j"])
def test_turns_are_as_many_or_fewer_by_an_index_around_them(tmp_path: Path, turns: str) -> None:
    path = tmp_path / "loops.py"
    path.write_text(_HALF.format(turns=turns), encoding="utf-8")
    with pytest.raises(FormulaError, match=r"loops.py:6: `\w+` is unknown here; write an argument or a number"):
        read_kernels(path)


def test_several_rows_at_once_have_the_same_turns(tmp_path: Path) -> None:
    path = tmp_path / "loops.py"
    path.write_text(_HALF.format(turns="j + 1"), encoding="utf-8")
    kernel = read_kernels(path)["half"]
    bindings = Bindings(read_formulas())
    assert "for i = 1, j - j % 2, 2 do" in "".join(
        Layout(kernel, Schedule("half", "half", inputs=(2,)), bindings).lines()
    )
    with pytest.raises(FormulaError, match="has several rows at once, of which `half` takes ever more columns; write"):
        Layout(kernel, Schedule("half", "half", rows=(4, 1)), bindings).lines()


@pytest.mark.parametrize("rows", [(1,), (4, 1)])
@pytest.mark.parametrize(
    ("statement", "refused", "told"),
    [
        ("sums[j] += row[width - i]", "width - i", "is no index; write a sum of loop variables, whole arguments and"),
        ("sums[-1] += row[i]", "-1", "is no index"),
        ("sums[j] += row[value]", "value", "is no index"),
        ("sums[width] = row[i]", "sums[width]", "is the same for every `i`, and each would put something else there; "),
        (
            "row[j] = values[i]",
            "row[j]",
            "is the same for every `i`, and each would put something else there; write an",
        ),
        ("sums[j] += row[i] % 2.0", "row[i] % 2.0", "is no number of a kernel; write arithmetic, an element of an ar"),
        ("sums[j] += not row[i]", "not row[i]", "is no number of a kernel"),
        ("sums[j] += [each[i] for each in rows]", "[each[i] for each in rows]", "is no number of a kernel"),
        ("sums[j] += row.first", "row.first", "is no number of a kernel"),
        (
            "sums[j] += rows[j][i][0]",
            "rows[j][i][0]",
            "is no element of an array; write `array[index]` or `rows[row][in",
        ),
        (
            "sums[j] += max(row[i])",
            "max(row[i])",
            "is no call of a kernel; write len(array), max(a, b), Vector(x, y, z",
        ),
        ("sums[j] += row[i](0.0)", "row[i](0.0)", "is no call of a kernel"),
        ("sums[j] += value(row[i], y=row[i])", "value(row[i], y=row[i])", "is no call of a kernel"),
        ("sums[j] += sgd.stepped(step=row[i])", "sgd.stepped(step=row[i])", "is no call of a kernel"),
        (
            "sums[j] += value(y=row[i])",
            "value(y=row[i])",
            "calls activations.tanh, whose argument `x` stands for nothing here; write one of y.",
        ),
        ("sums[j] = value()", "value()", "calls activations.tanh with 0 argument(s); write 1: x."),
        (
            "sums[j] += sgd.stepped(1.0, 2.0)",
            "sgd.stepped(1.0, 2.0)",
            "calls sgd.stepped with 2 argument(s); write 3: ",
        ),
        ("sums[j] += sgd.jumped(row[i])", "sgd.jumped(row[i])", "calls sgd.jumped, which is no formula; write one tha"),
        ("row[i] = update(row[i], 1.0)", "update(row[i], 1.0)", "is no step of an optimizer; write `update(parameter"),
    ],
)
def test_what_cannot_be_translated_is_refused_at_its_line(
    tmp_path: Path, statement: str, refused: str, told: str, rows: tuple[int, ...]
) -> None:
    path = tmp_path / "loops.py"
    path.write_text(_BROKEN.format(statement=statement), encoding="utf-8")
    optimizer, *_ = OPTIMIZERS.values()
    bindings = Bindings(read_formulas(), {"value": "activations.tanh"}, update=optimizer)
    with pytest.raises(FormulaError) as raised:
        Layout(read_kernels(path)["broken"], Schedule("broken", "broken", rows=rows), bindings).lines()
    message = str(raised.value)
    assert message.startswith(f"{path}:7: `{refused}` {told}")
    assert "\n" not in message
