"""What tests of the benchmark are given."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from benchmarks.machines import Other
from benchmarks.report import Race, Report
from benchmarks.tasks import MIDDLE, TASKS, TINY
from tests.benchmarks.samples import BEFORE, result
from tests.scripts import load_script


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """scripts/benchmark.py, which finds itself in its environment."""
    monkeypatch.setitem(sys.modules, "environment", SimpleNamespace(enter=lambda: None))
    return load_script("benchmark")


@pytest.fixture
def old() -> Other:
    """The library as it stood at an earlier commit."""
    return Other("old.luau", BEFORE.read_text(encoding="utf-8"))


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
