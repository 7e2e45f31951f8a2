"""The command, from its arguments to what it writes."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.machines import MACHINES, Machine, Other
from benchmarks.processes import Commit
from benchmarks.race import FULL, QUICK, Pace
from benchmarks.report import Report
from benchmarks.table import END, START, page_table
from codegen.runtimes import UnavailableError
from tests.benchmarks.samples import BEFORE, RUNTIMES, small
from tests.skips import or_skip


@pytest.mark.share(3)
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


def test_saving_writes_the_page_and_the_picture(
    benchmark: ModuleType, report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "speed.md"
    page.write_text(f"{START}\n{END}\n", encoding="utf-8")
    monkeypatch.setattr(benchmark, "PAGE", page)
    monkeypatch.setattr(benchmark, "PICTURES", tmp_path)
    benchmark.save(report)
    assert page.read_text(encoding="utf-8") == f"{START}\n{page_table('luau', report)}\n{END}\n"
    assert (tmp_path / "benchmark.svg").is_file()


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
