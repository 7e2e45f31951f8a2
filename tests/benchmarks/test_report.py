"""What is found is shown in tables and in a picture."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.machines import Machine
from benchmarks.plot import ROWS, plot
from benchmarks.report import Race, Report
from benchmarks.table import END, START, duration, page_table, screen_table, times, with_measured_table
from benchmarks.tasks import BOT, NO_SHAPE, TASKS, TINY
from codegen.library.generate import DOCS
from tests.benchmarks.samples import result
from tests.skips import or_skip


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (12.3, "12.3 s"),
        (1.0, "1.00 s"),
        (0.123, "123 ms"),
        (4.56e-6, "4.56 µs"),
        (3.2e-8, "32.0 ns"),
        (4e-10, "0.40 ns"),
    ],
)
def test_times_have_three_digits(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_ratios_have_two_digits() -> None:
    assert [times(ratio) for ratio in (0.94, 9.84, 11.2, 486.0)] == ["0.9×", "9.8×", "11×", "486×"]


def test_the_table_on_the_screen(report: Report) -> None:
    assert screen_table(report.races[:1]).splitlines() == [
        "task               network  contestant  one call  spread  ratio   middle half  bytes",
        "forward, one call  2-3-3-1  textbook     4.00 µs    ±25%                         288",
        "                            forwardNet   1.00 µs     ±0%   4.0×  3.5× to 4.5×  1,500",
    ]


def test_the_table_on_the_page_leaves_out_what_is_told_already(report: Report) -> None:
    assert page_table("luau", report).splitlines() == [
        "**Luau, interpreted** (Luau 0.1)",
        "",
        "| | | 2-3-3-1 | 8-16-16-4 | 16-32-32-4 | 64-64-64-10 | 784-128-10 |",
        "|---|---|---|---|---|---|---|",
        "| forward, one call | textbook | 4.00 µs |  | 4.00 µs |  |  |",
        "|  | forwardNet | 1.00 µs (**4.0×**) |  | 1.00 µs (**4.0×**) |  |  |",
        "| forward, code for one network | Brain(inputs) | 200 ns (**20×**) |  |  |  |  |",
    ]


def test_what_else_there_is_to_say_of_a_runtime_stands_below(report: Report) -> None:
    before = page_table("luau", report)
    report.notes["luau"] = "It was told this."
    assert page_table("luau", report) == f"{before}\n\nIt was told this."


def test_what_is_done_in_a_frame_has_a_table_of_its_own(report: Report) -> None:
    before = page_table("luau", report)
    race = Race("luau", TASKS["bots"], BOT, [result("textbook", [4e-3], [1]), result("forwardNet", [1e-5], [400])])
    report.races.insert(0, race)
    assert page_table("luau", report).removeprefix(before).splitlines() == [
        "",
        "",
        "| | | 6-8-8-8-6 | of a frame of 16.67 ms |",
        "|---|---|---|---|",
        "| 16 bots decide, 20 times a second | textbook | 4.00 ms | 24% |",
        "|  | forwardNet | 10.0 µs (**400×**) | 0.06% |",
    ]
    assert "10.0 µs (0.06% of a frame)" in screen_table(report.races[:1])


def test_how_long_loading_takes_is_not_on_the_page(report: Report) -> None:
    before = page_table("luau", report)
    report.races.append(Race("luau", TASKS["require"], NO_SHAPE, [result("require", [1], [1])]))
    assert page_table("luau", report) == before


def test_only_what_is_between_the_marks_of_the_page_changes(report: Report) -> None:
    text = (DOCS / "speed.md").read_text(encoding="utf-8")
    assert (text.count(START), text.count(END)) == (1, 1)
    written = with_measured_table(f"before\n{START}\nold\n{END}\nafter\n", report)
    assert written == f"before\n{START}\n{page_table('luau', report)}\n{END}\nafter\n"
    assert with_measured_table(written, report) == written


def test_the_picture_is_the_same_for_the_same_figures(report: Report, tmp_path: Path) -> None:
    pictures = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for path in pictures:
        plot(report, path)
    one, two = (path.read_bytes() for path in pictures)
    assert one == two
    assert b"date" not in one
    words = "".join(ElementTree.fromstring(one).itertext())
    assert all(word in words for word in ("Luau, interpreted", "LuaJIT", "forwardNet", "Brain(inputs)", *ROWS))


def test_every_line_of_the_picture_is_raced() -> None:
    machine = or_skip(lambda: Machine("luau"))
    for task, name in {line for lines in ROWS.values() for line in lines}:
        assert name in [each.name for each in machine.contestants(TASKS[task], TINY)]
