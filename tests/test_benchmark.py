"""The benchmark: what it computes is checked here, never how fast anything is."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import machines, processes, python_side
from benchmarks.machines import MACHINES, Machine, NoLibraryError, Other
from benchmarks.plot import ROWS, plot
from benchmarks.processes import Commit, ProcessError, PythonProcess, commit_of, two_processes, write_metadata
from benchmarks.race import FULL, QUICK, Contestant, Pace, Result, UnequalError, compare, joined, quartiles, race
from benchmarks.report import Race, Report, pairs_of
from benchmarks.table import END, START, duration, pair_table, readme_table, screen_table, times, with_measured_table
from benchmarks.tasks import LUAU_TASKS, MIDDLE, NO_SHAPE, PYTHON_TASKS, SETTINGS, SHAPES, TASKS, TINY
from benchmarks.versions import LeftOut, paired
from codegen.library.generate import README, ROOT
from codegen.runtimes import LuaError, UnavailableError
from codegen.translate.requires import TOP
from tests.scripts import load_script
from tests.skips import or_skip

RUNTIMES = pytest.mark.parametrize("runtime", MACHINES)
BEFORE = ROOT / "tests" / "data" / "KNNLibrary-9a9c5ef.luau"
FEW = {**SETTINGS, "samples": 3, "exampleSteps": 200, "points": 20, "generation": 5}

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
    return load_script("benchmark")


@pytest.fixture
def old() -> Other:
    """The library as it stood at an earlier commit."""
    return Other("old.luau", BEFORE.read_text(encoding="utf-8"))


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


def taking_turns() -> tuple[list[Contestant], list[str]]:
    """Contestants a, b and c, whose runs take a second, and the names of those that had turns."""
    turns: list[str] = []

    def contestant(name: str) -> Contestant:
        def time(runs: int) -> float:
            turns.append(name)
            return float(runs)

        return Contestant(name, 1, time)

    return [contestant(name) for name in "abc"], turns


def test_the_turns_of_every_other_round_go_backwards() -> None:
    contestants, turns = taking_turns()
    race(contestants, Pace(turn=1, race=12, fewest=4, most=4))
    assert "".join(turns) == "abcabcbaccabacb"


def test_in_every_other_machine_the_last_one_warms_up_first() -> None:
    contestants, turns = taking_turns()
    results = race(contestants, Pace(turn=1, race=3, fewest=1, most=1), last_warms_up_first=True)
    assert "".join(turns) == "cbaabc"
    assert [each.name for each in results] == ["a", "b", "c"]


def test_machines_share_a_race_and_their_rounds_are_joined() -> None:
    assert Pace(turn=1, race=12, fewest=4, most=15).shared(4) == Pace(turn=1, race=3, fewest=1, most=4)
    assert Pace(turn=1, race=12, fewest=2, most=3).shared(4) == Pace(turn=1, race=3, fewest=1, most=1)
    first = [result("textbook", [2, 4], [1, 1], 64), Result("own", (1, 2), (2, 2), None, "textbook")]
    second = [result("textbook", [6], [1], 80), Result("own", (2,), (3,), None, "textbook")]
    assert joined([first, second]) == [
        result("textbook", [2, 4, 6], [1, 1, 1], 64),
        Result("own", (1, 2, 2), (2, 2, 3), None, "textbook"),
    ]


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
    monkeypatch.setattr(machines, "SETTINGS", FEW)
    contestants = or_skip(lambda: Machine(runtime)).contestants(TASKS[task], TASKS[task].shapes[0])
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
    assert (NO_SHAPE.name, NO_SHAPE.weights, NO_SHAPE.samples) == ("–", 0, 1024)


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


def test_how_long_loading_takes_is_not_in_the_readme(report: Report) -> None:
    before = readme_table("luau", report)
    report.races.append(Race("luau", TASKS["require"], NO_SHAPE, [result("require", [1], [1])]))
    assert readme_table("luau", report) == before


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
        (["--save", "--against", "README.md"], "--save is for the library alone: leave out --against."),
        (["--against", "no such"], "--against must be a file that exists or a commit that git knows, got no such."),
        (["--against", "--help"], "argument --against: expected one argument"),
        (["--against", sys.executable], f"--against must be a script of the library, and {sys.executable} is no text."),
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
    assert benchmark.available(benchmark.racing(None, None), report) == ["python"]
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


def fake(name: str, answer: list[float] | Exception | None, *, of_library: bool = True) -> Contestant:
    """A contestant that computes this, or raises it; without an answer it is tried by a run."""

    def computed() -> list[float]:
        if isinstance(answer, Exception):
            raise answer
        assert answer is not None
        return answer

    def time(runs: int) -> float:
        return float(runs)

    return Contestant(name, 1, time, None if answer is None else computed, of_library=of_library)


def test_another_versions_contestants_race_behind_the_same_of_the_present_one() -> None:
    present = [fake("textbook", [1], of_library=False), fake("forward", [1]), fake("batch", [1]), fake("by hand", None)]
    others = [fake("textbook", [2], of_library=False), fake("batch", [1]), fake("forward", [1]), fake("by hand", None)]
    contestants, left_out = paired(present, others, "old.luau")
    assert left_out == []
    assert [(each.name, each.beside) for each in contestants] == [
        ("textbook", None),
        ("forward", None),
        ("forward · old.luau", "forward"),
        ("batch", None),
        ("batch · old.luau", "batch"),
        ("by hand", None),
        ("by hand · old.luau", "by hand"),
    ]
    results = race(contestants, QUICK)
    assert [each.beside for each in results] == [each.beside for each in contestants]


def test_what_another_version_cannot_do_is_left_out_and_said_why() -> None:
    def fails(_: int) -> float:
        raise ProcessError("no engine")

    present = [fake(name, [1]) for name in ("first", "error", "other numbers", "unknown")] + [fake("silent", None)]
    others = [
        fake("first", [1]),
        fake("error", LuaError("x:1: attempt to call a nil value\nand more")),
        fake("other numbers", [2]),
        Contestant("silent", 1, fails, of_library=True),
    ]
    contestants, left_out = paired(present, others, "old")
    assert [each.name for each in contestants if each.beside] == ["first · old"]
    assert left_out == [
        LeftOut("error", "x:1: attempt to call a nil value"),
        LeftOut("other numbers", "other numbers · old does not compute what first computes."),
        LeftOut("unknown", "it has no such contestant"),
        LeftOut("silent", "no engine"),
    ]


def test_answers_are_computed_once_however_often_they_are_compared() -> None:
    calls = []

    def answer() -> list[float]:
        calls.append(1)
        return [1.0]

    contestants, _ = paired([Contestant("one", 1, float, answer, of_library=True)], [fake("one", [1])], "old")
    compare(contestants)
    assert len(calls) == 1


@pytest.fixture
def beside() -> Report:
    """A report of two versions, in which one pair went well and one badly."""

    def both(own: list[float], other: list[float]) -> list[Result]:
        mine = result("forwardNet", own, [1] * len(own))
        return [mine, Result("forwardNet · old", tuple(other), tuple(1.0 for _ in other), beside="forwardNet")]

    races = [
        Race("luau", TASKS["forward"], TINY, both([1, 2, 4], [2, 2, 12])),
        Race("luajit", TASKS["require"], NO_SHAPE, both([2, 2], [1, 1.5])),
    ]
    return Report(quick=True, against="old", versions={"luau": "Luau 0.1", "luajit": "LuaJIT 9"}, races=races)


def test_pairs_are_compared_round_by_round_the_worst_first(beside: Report) -> None:
    worse, better = pairs_of(beside.races)
    assert (worse.race.runtime, worse.ratios, worse.ratio) == ("luajit", (0.5, 0.75), 0.625)
    assert (better.race.runtime, better.contestant, better.ratios, better.ratio) == ("luau", "forwardNet", (2, 1, 3), 2)


def test_the_list_of_pairs(beside: Report) -> None:
    assert pair_table(pairs_of(beside.races)).splitlines() == [
        "runtime            task                 network  contestant  ratio     middle half",
        "LuaJIT             loading the library  –        forwardNet  0.62×  0.56× to 0.69×",
        "Luau, interpreted  forward, one call    2-3-3-1  forwardNet  2.00×  1.50× to 2.50×",
        "The worst: 0.62× (0.56× to 0.69×) in LuaJIT, loading the library, –, forwardNet.",
    ]


def test_pairs_are_in_the_file(beside: Report, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    beside.write(path)
    written = json.loads(path.read_text(encoding="utf-8"))["against"]
    assert written["version"] == "old"
    assert written["pairs"][0] == {
        "runtime": "luajit",
        "task": "require",
        "shape": "–",
        "contestant": "forwardNet",
        "ratio": 0.625,
        "ratioQuartiles": [0.5625, 0.625, 0.6875],
        "rounds": [0.5, 0.75],
    }
    report.write(path)
    assert "against" not in json.loads(path.read_text(encoding="utf-8"))


@RUNTIMES
@pytest.mark.parametrize("task", LUAU_TASKS)
def test_every_contestant_of_the_library_has_its_like_in_another_version(
    runtime: str, task: str, old: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "SETTINGS", FEW)
    contestants, left_out = or_skip(lambda: Machine(runtime, old)).contestants_of_both(
        TASKS[task], TASKS[task].shapes[0]
    )
    assert left_out == []
    compare(contestants)
    apart = {"textbook", "by hand", "Brain(inputs)", "Brain(inputs) f32", "Brain.values(…)"}
    own = {each.name for each in contestants if each.beside is None} - apart
    assert own
    assert {each.beside for each in contestants if each.beside} == own
    for before, other in pairwise(contestants):
        if other.beside:
            assert (before.name, other.name) == (other.beside, f"{other.beside} · old.luau")
            assert (before.calls, before.rough) == (other.calls, other.rough)
            assert (before.bytes is None) == (other.bytes is None)
            assert other.time(1) > 0


# A version that takes no network but its own, and knows little else.
_SMALL = """
local own = {}
local function made(network)
    own[network] = true
    return network
end
local layer = { { { 0, 0 } }, { 0 } }
return {
    setSeed = function() end,
    createNet = function()
        return made({ 2, { layer }, false, "Identity" })
    end,
    forwardNet = function(network)
        assert(own[network], "of another library")
        return { ANSWER }
    end,
    backwardNet = function(network)
        assert(own[network], "of another library")
    end,
}
"""


def small(answer: float) -> Other:
    return Other("small.luau", _SMALL.replace("ANSWER", str(answer)))


def noting(calls: list[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which writes its name down when it is called."""

    def noted(*arguments: Any) -> Any:
        calls.append(name)
        return function(*arguments)

    return noted


@RUNTIMES
@pytest.mark.parametrize("other_first", [False, True])
def test_versions_are_loaded_in_either_order(
    monkeypatch: pytest.MonkeyPatch, old: Other, runtime: str, other_first: bool
) -> None:
    or_skip(lambda: Machine(runtime))
    loaded: list[str] = []
    for which in ("_load", "_load_other"):
        monkeypatch.setattr(Machine, which, noting(loaded, which, getattr(Machine, which)))
    Machine(runtime, old, other_first=other_first)
    assert loaded == (["_load_other", "_load"] if other_first else ["_load", "_load_other"])


@RUNTIMES
def test_a_version_gets_networks_of_its_own_alone(runtime: str) -> None:
    machine = or_skip(lambda: Machine(runtime, small(0.5)))
    for task in ("forward", "recurrent-step"):
        contestants, (left_out,) = machine.contestants_of_both(TASKS[task], TINY)
        assert not any(each.beside for each in contestants)
        assert left_out.reason.endswith("does not compute what textbook computes.")


@RUNTIMES
def test_a_function_that_a_version_lacks_leaves_its_contestants_out(runtime: str) -> None:
    machine = or_skip(lambda: Machine(runtime, small(0.5)))
    _, left_out = machine.contestants_of_both(TASKS["training"], TINY)
    assert [each.contestant for each in left_out] == ["backwardNet", "trainNet", "trainNet f32"]
    assert all("nil" in each.reason and "\n" not in each.reason for each in left_out[1:])
    for task in ("batch", "generation", "save", "load", "string-value"):
        contestants, left_out = machine.contestants_of_both(TASKS[task], TINY)
        assert left_out
        assert not any(each.beside for each in contestants)
        compare(contestants)


def test_an_option_that_a_version_lacks_leaves_its_contestants_out(old: Other) -> None:
    known = 'name == "f32"'
    assert old.source.count(known) == 2
    without = Other("without.luau", old.source.replace(known, "false"))
    machine = or_skip(lambda: Machine("luajit", without))
    contestants, left_out = machine.contestants_of_both(TASKS["training"], TINY)
    assert [each.contestant for each in left_out] == ["trainNet f32"]
    assert "f32" in left_out[0].reason
    assert [each.beside for each in contestants if each.beside] == ["backwardNet", "trainNet"]


@RUNTIMES
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("return {", "other.luau does not load ("),
        ("error('went wrong')", "other.luau does not load ("),
        ("return 1", "other.luau is no version of the library: it has no createNet and forwardNet."),
        ("return { createNet = 1 }", "other.luau is no version of the library: it has no createNet and forwardNet."),
    ],
)
def test_a_script_that_is_no_library_is_refused_in_a_line(runtime: str, source: str, sentence: str) -> None:
    or_skip(lambda: Machine(runtime))
    with pytest.raises(NoLibraryError) as refusal:
        Machine(runtime, Other("other.luau", source))
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("runtime", ["luau", "luajit"])
def test_every_run_loads_all_files_of_the_library_anew(runtime: str, monkeypatch: pytest.MonkeyPatch) -> None:
    top = "--!strict\nlocal part = require('@self/part')\nlog('top' .. part.name)\n" + small(1).source
    part = "log('part')\nlocal name: string = '!'\nreturn { name = name }"
    log = "local seen = {} function log(word) table.insert(seen, word) end function logged() return seen end"
    read: Callable[[Path], str] = machines._read
    monkeypatch.setattr(machines, "library_files", lambda _: {TOP: top, "part": part})
    monkeypatch.setattr(machines, "_read", lambda path: read(path) + (log if path.name == "stand_in.luau" else ""))
    machine = or_skip(lambda: Machine(runtime))
    (contestant,) = machine.contestants(TASKS["require"], NO_SHAPE)
    assert contestant.time(2) > 0
    assert machine.runtime.run("return logged()") == [["part", "top!"] * 3]


def test_a_file_races_in_luau_a_commit_in_python(
    benchmark: ModuleType, old: Other, capsys: pytest.CaptureFixture[str]
) -> None:
    assert benchmark.racing(None, None) == [*MACHINES, "python"]
    assert benchmark.racing(["luau"], old) == ["luau"]
    assert benchmark.racing(["python"], Commit("1234567")) == ["python"]
    assert capsys.readouterr().out == ""
    assert benchmark.racing(None, old) == list(MACHINES)
    assert benchmark.racing(["luau", "python", "lune-native"], Commit("1234567")) == ["python"]
    assert capsys.readouterr().out.splitlines() == [
        "A file races in Luau and Lua only, so this is left out: Python.",
        "A commit races in Python only, so this is left out: Luau, interpreted; Lune, native code.",
    ]


def test_two_versions_get_about_as_many_rounds_as_one(benchmark: ModuleType, old: Other) -> None:
    assert (benchmark.pace(False, None), benchmark.pace(True, None)) == (FULL, QUICK)
    assert benchmark.pace(True, old) == Pace(QUICK.turn, 2 * QUICK.race, QUICK.fewest + 2, QUICK.most)


def test_a_quick_race_against_a_file(benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    or_skip(lambda: Machine("luajit"))
    out, options = tmp_path / "figures.json", ["--quick", "--runtime", "luajit", "--task", "string-value", "require"]
    assert benchmark.main([*options, "--against", str(BEFORE), "--out", str(out)]) == 0
    pairs = json.loads(out.read_text(encoding="utf-8"))["against"]["pairs"]
    assert sorted((pair["task"], pair["shape"], pair["contestant"]) for pair in pairs) == [
        ("require", "–", "require"),
        ("string-value", "16-32-32-4", "forwardNet"),
        ("string-value", "2-3-3-1", "forwardNet"),
    ]
    assert [pair["ratio"] for pair in pairs] == sorted(pair["ratio"] for pair in pairs)
    shown = capsys.readouterr().out
    assert f"forwardNet · {BEFORE.name}" in shown
    assert f"How many times as fast as {BEFORE.name} the present library is:" in shown
    assert "The worst: " in shown


def test_what_is_left_out_of_a_race_is_told_once(
    benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    or_skip(lambda: Machine("luajit"))
    other, out = tmp_path / "small.luau", str(tmp_path / "figures.json")
    other.write_text(small(0.5).source, encoding="utf-8")
    options = ["--quick", "--runtime", "luajit", "--task", "load", "--against", str(other), "--out", out]
    assert benchmark.main(options) == 0
    shown = capsys.readouterr().out
    assert shown.count("small.luau is left out of LuaJIT, load, loadNet: ") == 1
    assert "The worst" not in shown


def test_a_file_that_is_no_library_ends_the_benchmark_with_a_line(
    benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    or_skip(lambda: Machine("luajit"))
    other = tmp_path / "other.luau"
    other.write_text("return {}", encoding="utf-8")
    assert benchmark.main(["--runtime", "luajit", "--task", "load", "--against", str(other)]) == 1
    assert capsys.readouterr().out.startswith("other.luau is no version of the library: ")


# An engine that says which one it is, and as much of one as the benchmark takes. What trains is told by metadata.
_ENGINE = """
import importlib.metadata
import numpy as np

class Network:
    @classmethod
    def create(cls, *sizes, seed):
        print("what an engine prints is no answer")
        return cls()

    def forward(self, inputs):
        return np.full((*inputs.shape[:-1], 1), {value})

    {more}

    def train(self, samples, targets, rate, epochs, *, engine, batch_size=1):
        if engine == "luajit":
            (entry,) = importlib.metadata.entry_points(group="luaunn.trainers", name="luajit")
            entry.load()()
"""
_TRAINER = "def start():\n    {does}\n"
_PROJECT = """
[project]
name = "luaunn"
[project.entry-points."luaunn.trainers"]
luajit = "{module}:start"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one commit, whose engine and trainer are others than those in the folder now."""
    folder = tmp_path / "project"

    def write(value: float, module: str, does: str, more: str = "") -> None:
        files = {
            "engine/__init__.py": _ENGINE.format(value=value, more=more),
            f"codegen/{module}.py": _TRAINER.format(does=does),
            "pyproject.toml": _PROJECT.format(module=f"codegen.{module}"),
        }
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")

    def git(*words: str) -> None:
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com")
        subprocess.run(["git", *who, *words], cwd=folder, env=os.environ | alone, check=True, capture_output=True)

    if shutil.which("git") is None:
        pytest.skip("git is left out: it is not installed.")
    write(1.0, "training_then", "raise ImportError('the trainer of then')")
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "then")
    shutil.rmtree(folder / "codegen")
    write(1.0, "training_now", "pass", "def forward_by_matrix_product(self, inputs): return self.forward(inputs)")
    monkeypatch.setattr(processes, "ROOT", folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return folder


@pytest.mark.usefixtures("project")
def test_commits_are_known_by_every_name_of_theirs() -> None:
    commit = commit_of("HEAD")
    assert commit is not None
    assert commit == commit_of(commit.name)
    assert 7 <= len(commit.name) < 40
    assert commit_of("HEAD~1") is None
    assert commit_of("--help") is None


def test_a_process_runs_the_engine_of_its_commit_and_its_trainer(project: Path, tmp_path: Path) -> None:
    commit = commit_of("HEAD")
    assert commit is not None
    with two_processes(commit) as (present, other):
        assert present.engine == project.resolve() / "engine" / "__init__.py"
        assert other.engine.is_relative_to((tmp_path / "temporary").resolve())
        contestants, left_out = paired(
            present.contestants(PYTHON_TASKS["python-forward"], TINY),
            other.contestants(PYTHON_TASKS["python-forward"], TINY),
            commit.name,
        )
        assert [each.beside for each in contestants if each.beside] == ["numpy, batch 1", "numpy, batch 256"]
        (lacking,) = left_out
        assert lacking.contestant == "numpy, batch 256, matrix product"
        assert "'Network' object has no attribute 'forward_by_matrix_product'" in lacking.reason
        compare(contestants)
        assert all(each.time(2) > 0 for each in contestants)
        _, (lacking,) = paired(
            present.contestants(PYTHON_TASKS["python-example"], TINY),
            other.contestants(PYTHON_TASKS["python-example"], TINY),
            commit.name,
        )
        assert lacking == LeftOut("LuaJIT", "ImportError: the trainer of then")
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.usefixtures("project")
def test_a_race_against_a_commit(benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "figures.json"
    options = ["--quick", "--runtime", "luau", "python", "--task", "python-training", "--out", str(out)]
    assert benchmark.main([*options, "--against", "HEAD"]) == 0
    commit = commit_of("HEAD")
    assert commit is not None
    against = json.loads(out.read_text(encoding="utf-8"))["against"]
    assert against["version"] == commit.name
    assert {pair["contestant"] for pair in against["pairs"]} == {"numpy, batch 1", "numpy, batch 256"}
    assert len(against["pairs"]) == 2 * len(SHAPES)
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "A commit races in Python only, so this is left out: Luau, interpreted."
    assert f"numpy, batch 256 · {commit.name}" in shown
    assert list((tmp_path / "temporary").iterdir()) == []


def test_an_engine_that_does_not_start_ends_the_benchmark_with_a_line(
    benchmark: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "engine" / "__init__.py").write_text("raise ImportError('half of it is gone')", encoding="utf-8")
    assert benchmark.main(["--runtime", "python", "--task", "python-forward", "--against", "HEAD"]) == 1
    assert capsys.readouterr().out == "the process ended and said: ImportError: half of it is gone\n"


def test_an_engine_that_makes_no_network_is_left_out_of_the_task(benchmark: ModuleType) -> None:
    def broken(*_: object) -> list[Contestant]:
        raise ProcessError("AttributeError: create")

    own = [fake("one", [1]), fake("two", [1])]
    present, other = SimpleNamespace(contestants=lambda *_: own), SimpleNamespace(contestants=broken)
    contestants, left_out = benchmark.in_processes(present, other, PYTHON_TASKS["python-forward"], TINY, "old")
    assert contestants == own
    assert left_out == [LeftOut("one", "AttributeError: create"), LeftOut("two", "AttributeError: create")]


def test_an_engine_from_elsewhere_is_not_taken_for_that_of_the_commit(tmp_path: Path) -> None:
    (tmp_path / "metadata").mkdir()
    with pytest.raises(ProcessError, match="would run instead of the engine in"):
        PythonProcess(tmp_path / "empty", tmp_path / "metadata")


def test_the_metadata_of_a_project_names_its_entry_points(tmp_path: Path) -> None:
    write_metadata(ROOT, tmp_path)
    (folder,) = tmp_path.iterdir()
    text = (folder / "entry_points.txt").read_text(encoding="utf-8")
    assert "[luaunn.trainers]\nluajit = codegen." in text
    assert "Name: luaunn\n" in (folder / "METADATA").read_text(encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_a_file_and_a_commit_are_told_apart(benchmark: ModuleType) -> None:
    assert benchmark.other_version(str(BEFORE)) == Other(BEFORE.name, BEFORE.read_text(encoding="utf-8"))
    assert benchmark.other_version("HEAD") == commit_of("HEAD")
