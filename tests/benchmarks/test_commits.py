"""Two versions of the engine in Python, each in a process of its own."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from benchmarks import processes
from benchmarks.machines import Other
from benchmarks.processes import ProcessError, PythonProcess, commit_of, two_processes, write_metadata
from benchmarks.race import Contestant, compare
from benchmarks.tasks import PYTHON_TASKS, SHAPES, TINY
from benchmarks.versions import LeftOut, paired
from codegen.library.generate import ROOT
from tests.benchmarks.samples import BEFORE, fake

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
