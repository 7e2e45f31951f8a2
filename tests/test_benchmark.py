"""The benchmark: what it computes is checked here, never how fast anything is."""

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree

import pytest

from benchmarks import machines, python_side
from benchmarks.machines import MACHINES, Machine
from benchmarks.plot import ROWS, plot
from benchmarks.race import QUICK, Contestant, Pace, Result, UnequalError, compare, quartiles, race
from benchmarks.report import Race, Report
from benchmarks.table import END, START, duration, readme_table, screen_table, times, with_measured_table
from benchmarks.tasks import LUAU_TASKS, MIDDLE, PYTHON_TASKS, SETTINGS, SHAPES, TASKS, TINY
from codegen.generate import README, ROOT
from codegen.runtimes import UnavailableError
from tests.skips import or_skip

RUNTIMES = pytest.mark.parametrize("runtime", MACHINES)

# Networks of every activation that textbook.luau knows, and three inputs for each.
_BOTH = """
local KNN, textbook, activator, recurrent, step = ...
local function numbers(value, found)
	if type(value) == "table" then
		for _, item in ipairs(value) do
			numbers(item, found)
		end
	elseif type(value) == "number" then
		found[#found + 1] = value
	end
	return found
end
local function all(forward, backward)
	KNN.setSeed(3)
	local network, found = KNN.createNet(3, 2, 4, 2, activator, recurrent, 0.5, true), {}
	for _, input in ipairs({ { 0.5, -1, 2 }, { -3, 0.25, 1 }, { 0, 0, 0 } }) do
		backward(network, 0.1, input, { 0.25, 1 })
		numbers(forward(network, input), found)
	end
	return numbers(network, found)
end
return all(KNN.forwardNet, KNN.backwardNet), all(textbook.forward, textbook.step)
"""


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """scripts/benchmark.py, which finds itself in its environment."""
    monkeypatch.setitem(sys.modules, "environment", SimpleNamespace(enter=lambda: None))
    spec = importlib.util.spec_from_file_location("benchmark", ROOT / "scripts" / "benchmark.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def result(name: str, seconds: list[float], ratios: list[float], size: float | None = None) -> Result:
    return Result(name, tuple(seconds), tuple(ratios), size)


@pytest.fixture
def report() -> Report:
    """A report of figures that are easy to read."""
    textbook = result("textbook", [2e-6, 4e-6, 6e-6], [1, 1, 1], 288)
    forward = result("forwardNet", [1e-6, 1e-6, 1e-6], [3, 4, 5], 1500)
    races = [
        Race("luau", TASKS["forward"], TINY, [textbook, forward]),
        Race("luau", TASKS["forward"], MIDDLE, [textbook, forward]),
        Race("luau", TASKS["code"], TINY, [textbook, result("Brain(inputs)", [2e-7], [20])]),
        Race("luajit", TASKS["forward"], TINY, [textbook, forward]),
    ]
    return Report(quick=True, versions={"luau": "Luau 0.1", "luajit": "LuaJIT 9"}, races=races)


def test_quartiles_and_what_is_made_of_them() -> None:
    assert quartiles([4, 1, 3, 2]) == (1.75, 2.5, 3.25)
    assert quartiles([7]) == (7, 7, 7)
    one = result("one", [4, 1, 3, 2], [1, 2, 9])
    assert (one.median, one.spread, one.ratio) == (2.5, 1.5 / 2.5, 2)


def test_contestants_take_turns_and_each_begins_by_turns() -> None:
    turns: list[tuple[str, int]] = []

    def contestant(name: str, seconds: float, calls: int) -> Contestant:
        def time(runs: int) -> float:
            turns.append((name, runs))
            return seconds * runs

        return Contestant(name, calls, time, bytes=(lambda: 60.0) if name == "slow" else None)

    slow, fast = race([contestant("slow", 2.0, 1), contestant("fast", 0.5, 2)], Pace(turn=4, race=12, fewest=3, most=9))
    assert turns[:3] == [("slow", 1), ("fast", 1), ("fast", 2)]  # until a fifth of a turn has passed
    assert turns[3:] == [("slow", 2), ("fast", 8), ("fast", 8), ("slow", 2), ("slow", 2), ("fast", 8)]
    assert (slow.seconds, slow.ratios, slow.bytes) == ((2, 2, 2), (1, 1, 1), 60)
    assert (fast.seconds, fast.ratios, fast.bytes) == ((0.25, 0.25, 0.25), (8, 8, 8), None)


@pytest.mark.parametrize(("seconds", "rounds"), [(0.1, 15), (1.0, 10), (60.0, 2)])
def test_a_race_has_as_many_rounds_as_there_is_time_for(seconds: float, rounds: int) -> None:
    contestant = Contestant("one", 1, lambda runs: seconds * runs)
    (only,) = race([contestant], Pace(turn=seconds, race=10, fewest=2, most=15))
    assert len(only.seconds) == rounds


@pytest.mark.parametrize("answer", [[1.0, 2.0 + 1e-9], [1.0], [1.0, float("nan")]])
def test_contestants_that_compute_something_else_do_not_race(answer: list[float]) -> None:
    def never(_: int) -> float:
        raise AssertionError

    first = Contestant("textbook", 1, never, lambda: [1.0, 2.0])
    silent = Contestant("silent", 1, never)
    with pytest.raises(UnequalError, match=r"^other does not compute what textbook computes\.$"):
        race([first, silent, Contestant("other", 1, never, lambda: answer)], QUICK)
    compare([first, Contestant("single", 1, never, lambda: [1.0, 2.0 + 1e-5], rough=True)])
    with pytest.raises(UnequalError, match="single"):
        compare([first, Contestant("single", 1, never, lambda: [1.0, 2.1], rough=True)])


@RUNTIMES
@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("activator", ["Identity", "Sigmoid", "Tanh", "ReLU", "LeakyReLU"])
def test_textbook_computes_the_numbers_of_the_library(runtime: str, recurrent: bool, activator: str) -> None:
    machine = or_skip(lambda: Machine(runtime))
    library, textbook = machine.runtime.run(_BOTH, machine.library, machine.textbook, activator, recurrent)
    assert len(library) == 3 * 2 + (3 * 4 + 4 + 4 * 4 + 4 + 4 * 2 + 2) + (4 + 4 + 2 + 4 + 4 + 2) * recurrent + 1
    assert textbook == library


@RUNTIMES
@pytest.mark.parametrize("task", LUAU_TASKS)
def test_all_contestants_of_a_task_compute_the_same(runtime: str, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {"samples": 3, "exampleSteps": 200, "points": 20, "generation": 5}
    monkeypatch.setattr(machines, "SETTINGS", {**SETTINGS, **few})
    contestants = or_skip(lambda: Machine(runtime)).contestants(TASKS[task], TINY)
    compare(contestants)
    assert all(contestant.answer is not None for contestant in contestants)
    assert all((contestant.bytes is not None) == TASKS[task].counts_bytes for contestant in contestants)


def test_a_fault_in_textbook_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    read: Callable[[Path], str] = machines._read
    monkeypatch.setattr(machines, "_read", lambda path: read(path).replace("sum += layer[2][j]", "sum -= layer[2][j]"))
    with pytest.raises(UnequalError, match="forwardNet does not compute"):
        compare(or_skip(lambda: Machine("luajit")).contestants(TASKS["forward"], TINY))


@pytest.mark.parametrize("task", PYTHON_TASKS)
def test_all_contestants_in_python_compute_the_same(task: str) -> None:
    contestants = python_side.contestants(PYTHON_TASKS[task], TINY)
    compare(contestants)
    assert contestants


def test_without_luajit_numpy_races_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_side, "luajit_is_missing", lambda: "luajit21 is left out.")
    assert [task.name for task in python_side.tasks()] == ["python-forward", "python-training"]
    names = {each.name for each in python_side.contestants(PYTHON_TASKS["python-training"], TINY)}
    assert names == {"numpy, batch 1", "numpy, batch 256"}


@RUNTIMES
def test_bytes_are_those_that_a_run_allocates(runtime: str) -> None:
    machine = or_skip(lambda: Machine(runtime))
    kept = "local text, number = string.rep('x', 100000), 0 return function() number += 1 return text .. number end"
    nothing = "return function() end"
    (text,), (idle,) = machine.runtime.run(kept), machine.runtime.run(nothing)
    assert 100_000 <= machine.allocated(text) < 105_000
    assert machine.allocated(idle) < 1_000


def test_the_shapes_are_the_ones_that_are_compared_everywhere() -> None:
    assert [shape.name for shape in SHAPES] == ["2-3-3-1", "8-16-16-4", "16-32-32-4", "64-64-64-10", "784-128-10"]
    assert TINY.weights == 2 * 3 + 3 * 3 + 3 * 1
    assert [weights.weights.size for weights in TINY.network().layers] == [6, 9, 3]
    assert [shape.samples for shape in (TINY, SHAPES[-1])] == [1024, 64]


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


def test_the_table_in_the_readme_leaves_out_what_is_told_already(report: Report) -> None:
    assert readme_table("luau", report).splitlines() == [
        "**Luau, interpreted** (Luau 0.1)",
        "",
        "| | | 2-3-3-1 | 8-16-16-4 | 16-32-32-4 | 64-64-64-10 | 784-128-10 |",
        "|---|---|---|---|---|---|---|",
        "| forward, one call | textbook | 4.00 µs |  | 4.00 µs |  |  |",
        "|  | forwardNet | 1.00 µs (**4.0×**) |  | 1.00 µs (**4.0×**) |  |  |",
        "| forward, code for one network | Brain(inputs) | 200 ns (**20×**) |  |  |  |  |",
    ]


def test_only_what_is_between_the_marks_of_the_readme_changes(report: Report) -> None:
    text = README.read_text(encoding="utf-8")
    assert (text.count(START), text.count(END)) == (1, 1)
    written = with_measured_table(f"before\n{START}\nold\n{END}\nafter\n", report)
    assert written == f"before\n{START}\n{readme_table('luau', report)}\n{END}\nafter\n"
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


@RUNTIMES
def test_a_quick_race_from_beginning_to_end(
    benchmark: ModuleType, runtime: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    or_skip(lambda: Machine(runtime))
    out = tmp_path / "figures.json"
    assert benchmark.main(["--quick", "--runtime", runtime, "--task", "string-value", "--out", str(out)]) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["quick"] is True
    assert list(figures["versions"]) == [runtime]
    assert [race["shape"] for race in figures["races"]] == ["2-3-3-1", "16-32-32-4"]
    first, second = figures["races"][0]["contestants"]
    assert (first["name"], first["ratio"]) == ("textbook", 1)
    assert second["name"] == "forwardNet"
    assert all(seconds > 0 for each in (first, second) for seconds in [*each["quartiles"], *each["rounds"]])
    assert (tmp_path / "benchmark.svg").is_file()
    shown = capsys.readouterr().out
    assert figures["versions"][runtime] in shown
    assert "forward of a StringValue  2-3-3-1" in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--runtime", "lua"], "argument --runtime: invalid choice: 'lua' (choose from "),
        (["--task", "backward"], "argument --task: invalid choice: 'backward' (choose from "),
        (["--out", "figures.txt"], "--out must be a file that ends in .json, got figures.txt."),
        (["--out", "no/where.json"], "--out must be in a folder that exists, got "),
        (["--save", "--quick"], "--save is for the whole benchmark: leave out --quick, --runtime and --task."),
        (["--save", "--task", "save"], "--save is for the whole benchmark: "),
    ],
)
def test_a_bad_argument_is_refused_in_a_sentence(
    benchmark: ModuleType, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        benchmark.main(arguments)
    assert sentence in capsys.readouterr().err


def test_what_cannot_be_raced_is_told(benchmark: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--runtime", "python", "--task", "forward"]) == 1
    assert capsys.readouterr().out.startswith("There is nothing to race: ")


def test_a_runtime_that_is_missing_is_told_and_left_out(
    benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> Machine:
        raise UnavailableError(f"{name} is left out.")

    monkeypatch.setattr(benchmark, "Machine", missing)
    report = Report(quick=True)
    assert benchmark.available(None, report) == ["python"]
    assert list(report.versions) == ["python"]
    assert capsys.readouterr().out.splitlines() == [f"{name} is left out." for name in MACHINES]


def test_saving_writes_the_readme_and_the_picture(
    benchmark: ModuleType, report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"{START}\n{END}\n", encoding="utf-8")
    monkeypatch.setattr(benchmark, "README", readme)
    monkeypatch.setattr(benchmark, "PICTURES", tmp_path)
    benchmark.save(report)
    assert readme.read_text(encoding="utf-8") == f"{START}\n{readme_table('luau', report)}\n{END}\n"
    assert (tmp_path / "benchmark.svg").is_file()
