"""What a schedule makes of a kernel, and which schedules are refused."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from codegen.library import kernels as library_kernels
from codegen.library.kernels import kernel
from codegen.translate.kernel_bindings import Bindings
from codegen.translate.kernel_layout import Layout
from codegen.translate.loop_reader import read_kernels
from codegen.translate.luau_formulas import read_formulas
from codegen.translate.python_subset import FormulaError
from engine.kernels.loops import forward
from engine.kernels.schedules import Schedule

_PLAIN = """
def scaled(rows: Rows, values: Values, width: int, sums: Values) -> None:
    \"\"\"Sums.\"\"\"
    for j in range(len(rows)):
        row, total = rows[j], 0.0
        for i in range(width):
            total += values[i] * row[i]
        sums[j] = total
"""

# Places in a table, counted from 1, and in a buffer.
NUMBERS_AT_ONCE = (("j", "8 * j - 8"), ("j + 1", "8 * j"), ("j + 2", "8 * j + 8"), ("j + 3", "8 * j + 16"))


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (
            Schedule("scaled", "scaled"),
            """\
for j = 1, #rows do
	local row = rows[j]
	local total = 0
	for i = 1, width do
		total += values[i] * row[i]
	end
	sums[j] = total
end""",
        ),
        (
            Schedule("scaled", "scaled", rows=(2, 1)),
            """\
local nodes = #rows
local j = 1
while j + 1 <= nodes do
	local row0, row1 = rows[j], rows[j + 1]
	local total0, total1 = 0, 0
	for i = 1, width do
		total0 += values[i] * row0[i]
		total1 += values[i] * row1[i]
	end
	sums[j] = total0
	sums[j + 1] = total1
	j += 2
end
while j <= nodes do
	local row = rows[j]
	local total = 0
	for i = 1, width do
		total += values[i] * row[i]
	end
	sums[j] = total
	j += 1
end""",
        ),
        (
            Schedule("scaled", "scaled", written_out=2, width="width"),
            """\
for j = 1, #rows do
	local row = rows[j]
	local total = values[1] * row[1] + 0
	if width > 1 then
		total += values[2] * row[2]
	end
	sums[j] = total
end""",
        ),
    ],
)
def test_a_schedule_says_what_stands_side_by_side(tmp_path: Path, schedule: Schedule, expected: str) -> None:
    path = tmp_path / "loops.py"
    path.write_text(_PLAIN, encoding="utf-8")
    found = Layout(read_kernels(path)["scaled"], schedule, Bindings(read_formulas())).lines()
    assert "\n".join(found) == expected


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"without": ("bias",)},
            "names `bias` in `without`, which `scaled` of loops.py does not have; write one of rows, ",
        ),
        ({"known": {"n": 1}}, "names `n` in `known`, which `scaled` of loops.py does not have; write one of rows, "),
        (
            {"held": {"values[n]": "x"}},
            "names `values[n]` in `held`, which `scaled` of loops.py does not have; write one",
        ),
        (
            {"written_out": 2, "width": "n"},
            "names `n` in `width`, which `scaled` of loops.py does not have; write one of ",
        ),
        (
            {"rows": (4, 2, 1), "inputs": (4, 1)},
            "has 2 numbers of inputs for 3 numbers of rows; write one of them, or on",
        ),
    ],
)
def test_a_schedule_of_what_its_loop_does_not_have_is_refused(tmp_path: Path, wrong: Any, told: str) -> None:
    path = tmp_path / "loops.py"
    path.write_text(_PLAIN, encoding="utf-8")
    schedule = Schedule("scaled", "doubled", **wrong)
    with pytest.raises(FormulaError) as raised:
        Layout(read_kernels(path)["scaled"], schedule, Bindings(read_formulas(), held=schedule.held)).lines()
    message = str(raised.value)
    assert message.startswith(f"{inspect.getfile(Schedule)}: the schedule `doubled` {told}")
    assert "\n" not in message


_SCHEDULES = Path(inspect.getfile(Schedule))


@pytest.mark.parametrize(
    ("name", "schedule", "path", "told"),
    [
        (
            "other",
            Schedule("row_sums", "odd"),
            _SCHEDULES,
            "there is no schedule `other`, which a template names; write it.",
        ),
        (
            "odd",
            Schedule("row", "odd"),
            Path(inspect.getfile(forward)).parent,
            "there is no loop `row`, which the schedule `odd` names; write it.",
        ),
        (
            "odd",
            Schedule("row_sums", "odd", kept={"rows": "bits"}),
            _SCHEDULES,
            "the schedule `odd` keeps `rows` in `bits`; write one of numbers, tiles, vectors, lanes, splat.",
        ),
    ],
)
def test_a_schedule_that_names_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, schedule: Schedule, path: Path, told: str
) -> None:
    monkeypatch.setattr(library_kernels, "SCHEDULES", {schedule.name: schedule})
    with pytest.raises(FormulaError) as raised:
        kernel(read_formulas(), name)
    assert str(raised.value) == f"{path}: {told}"


def test_a_slope_that_is_1_everywhere_needs_no_loop() -> None:
    written = kernel(read_formulas(), "scale_by_slope", slope="activations.identity_slope")
    assert written.splitlines()[1:] == ["local function scaleBySlope() end"]
    assert "for j" in kernel(read_formulas(), "scale_by_slope", slope="activations.elliot_sign_slope")


def test_a_branch_in_which_nothing_happens_is_left_out_if_none_follows() -> None:
    leaves, changes = ("written < 3", "activations.identity_slope"), ("written < 2", "activations.tanh_slope")

    def branches(*slopes: tuple[str, str]) -> list[str]:
        lines = kernel(read_formulas(), "scale_by_slope", slope=slopes).splitlines()
        assert lines[1].endswith("count: number, written: number)")
        return [line.strip() for line in lines if line.strip().startswith(("if ", "else"))]

    assert branches(changes, ("", leaves[1])) == ["if written < 2 then"]
    assert branches(changes, leaves, ("", "activations.elliot_sign_slope")) == [
        "if written < 2 then",
        "elseif written < 3 then",
        "else",
    ]


def test_buffers_take_several_numbers_at_once_and_then_the_rest() -> None:
    assert kernel(read_formulas(), "restore_numbers").splitlines()[1:] == [
        "local function restoreNumbers(values: buffer, count: number, into: { number })",
        "\tlocal upTo4 = count - count % 4",
        "\tlocal get = buffer.readf64",
        "\tfor j = 1, upTo4, 4 do",
        *(f"\t\tinto[{place}] = get(values, {at})" for place, at in NUMBERS_AT_ONCE),
        "\tend",
        "\tfor j = upTo4 + 1, count do",
        "\t\tinto[j] = get(values, 8 * j - 8)",
        "\tend",
        "end",
    ]


def test_along_tiles_loops_count_bytes() -> None:
    lines = [line.strip() for line in kernel(read_formulas(), "sum_tiles").splitlines()]
    assert any("local upTo16, upTo8, upTo4, upTo1 = " in line for line in lines)
    of_four_rows = [line for line in lines if line.startswith(("for ", "if "))][:6]
    assert of_four_rows == [
        "for i = 0, upTo16 - 8, 128 do",
        "if upTo16 < upTo1 then",
        "for i = upTo16, upTo8 - 8, 64 do",
        "if upTo8 < upTo1 then",
        "for i = upTo8, upTo4 - 8, 32 do",
        "for i = upTo4, upTo1 - 8, 8 do",
    ]


def test_columns_are_summed_row_by_row() -> None:
    lines = [line.strip() for line in kernel(read_formulas(), "add_columns").splitlines()]
    first = lines.index("for n = 1, count do")
    assert [line.partition(" =")[0] for line in lines[first + 1 : lines.index("end", first)]] == [
        "local value1, value2, value3, value4",
        *(text for row in range(3) for text in (f"local total{row}", f"output{row}[n]")),
    ]
