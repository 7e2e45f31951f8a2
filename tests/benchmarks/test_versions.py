"""Two versions of the library in Luau and Lua."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks import machines
from benchmarks.machines import Machine, NoLibraryError, Other
from benchmarks.processes import ProcessError
from benchmarks.race import QUICK, Contestant, Result, compare, race
from benchmarks.report import Race, Report, pairs_of
from benchmarks.table import pair_table
from benchmarks.tasks import LUAU_TASKS, NO_SHAPE, TASKS, TINY
from benchmarks.versions import LeftOut, paired
from codegen.runtimes import LuaError
from codegen.translate.requires import TOP
from tests.benchmarks.samples import FEW, RUNTIMES, fake, result, small
from tests.skips import or_skip


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


# What the version that is kept for tests cannot do, by its task, and a word of the reason.
NEWER = {
    "forward": (["createFunction", "createFunction, values", "createFunction f32"], "nil"),
    "bots": (["createFunction"], "nil"),
    "training-optimizer": (["backwardNet", "trainNet"], "nil"),
    "training-batch": (["trainNet, batchSize 32"], "batchSize"),
    "training-head": (["trainNet, Softmax"], "Softmax"),
}


@pytest.mark.share(3)
@RUNTIMES
@pytest.mark.parametrize("task", [name for name in LUAU_TASKS if name not in NEWER])
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


@pytest.mark.share(2)
@RUNTIMES
@pytest.mark.parametrize("task", NEWER)
def test_what_a_version_has_no_word_for_is_left_out(runtime: str, task: str, old: Other) -> None:
    machine, (names, word) = or_skip(lambda: Machine(runtime, old)), NEWER[task]
    contestants, left_out = machine.contestants_of_both(TASKS[task], TASKS[task].shapes[0])
    assert [each.contestant for each in left_out] == names
    assert not {each.beside for each in contestants} & set(names)
    assert all(word in each.reason for each in left_out)
    compare(contestants)


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
    for task in ("recurrent-forward", "recurrent-step"):
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


@pytest.mark.share(2)
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
