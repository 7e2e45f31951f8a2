"""The demo: what it writes, what it says, and that it tells when Python and Luau differ."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from codegen.library.generate import BUNDLE, MODEL
from engine import Network
from tests.scripts import load_script


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """scripts/demo.py, which finds itself in its environment and writes into a folder of its own."""
    monkeypatch.setitem(sys.modules, "environment", SimpleNamespace(enter=lambda: None, ROOT=tmp_path))
    monkeypatch.setattr(sys, "argv", ["demo.py"])
    return load_script("demo")


def test_the_demo_writes_library_network_and_picture(
    demo: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo.main() == 0
    out = tmp_path / "out"
    names = ["KNNLibrary.rbxmx", "KNNLibrary.luau", "network.txt", "boundary.png"]
    assert {path.name for path in out.iterdir()} == set(names)
    for path in (MODEL, BUNDLE):
        assert (out / path.name).read_bytes() == path.read_bytes()
    network = Network.load((out / "network.txt").read_text(encoding="utf-8"))
    # Far above the curve and far below it.
    assert network.forward([0.0, 4.0])[0] > 0.9
    assert network.forward([0.0, -4.0])[0] < 0.1
    assert (out / "boundary.png").read_bytes().startswith(b"\x89PNG")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-4:] == [f"wrote out/{name}" for name in names]
    # A grid of 101 by 101 points.
    assert lines[0].endswith(" of 10,201 points")
    assert float(lines[0].removeprefix("Python: right at ").partition("%")[0]) >= 99.5
    assert any("the same network, loaded from its string, differs by" in line for line in lines)


def test_the_demo_tells_when_python_and_luau_differ(
    demo: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "EVALUATE", demo.EVALUATE.replace("[1]\n", "[1] + 1e-12\n"))
    assert demo.main() == 1
    assert "Python and Luau differ by more than" in capsys.readouterr().out


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_demo_learns_from_any_start(demo: ModuleType, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(demo, "SEED", seed)
    monkeypatch.setattr(demo, "available_runtimes", list)
    monkeypatch.setattr("builtins.print", told.append)
    assert demo.main() == 0
    assert float(told[0].removeprefix("Python: right at ").partition("%")[0]) >= 99.5
