"""The example scripts for Studio run, with fewer steps, and do what they say."""

import math
import re
from pathlib import Path
from typing import Any

import pytest

from codegen.library.generate import BUNDLE, LIBRARY, ROOT
from codegen.runtimes import RUNTIMES
from engine import Network, draw
from tests.conftest import make_machine
from tests.library import PAIRS
from tests.parity.machine import Machine
from tests.parity.test_visual import assert_shows, shown

SCRIPTS = ROOT / "roblox_place" / "src" / "ReplicatedStorage" / "Examples"


@pytest.fixture(params=[name for name, (runtime, _) in PAIRS.items() if RUNTIMES[runtime].runs_luau])
def luau(request: pytest.FixtureRequest) -> Machine:
    """Luau with Roblox's globals, in which scripts find the library in ReplicatedStorage."""
    machine = make_machine(request.param, roblox=True)
    machine.run("local KNN = ... addModule('KNNLibrary', KNN) math.randomseed(1)")
    return machine


def run(machine: Machine, path: Path, **constants: int) -> list[str]:
    """What a script prints when some of its constants are others."""
    source = path.read_text(encoding="utf-8")
    for name, value in constants.items():
        source, count = re.subn(rf"(?m)^local {name} = .*$", f"local {name} = {value}", source)
        assert count == 1, name
    machine.runtime.run(source, name=path.name)
    (printed,) = machine.runtime.run("return getPrinted()")
    assert isinstance(printed, list)
    return printed


def percentages(lines: list[str]) -> list[float]:
    return [float(found[1]) for line in lines if (found := re.search(r"right at ([\d.]+) %", line))]


def stage(machine: Machine) -> Any:
    """The frame on the screen that a script is in: a network's picture is in it as in a visual."""
    return machine.keep("return script.Parent")


def caption(machine: Machine) -> str:
    (text,) = machine.runtime.run("return script.Parent.Caption.Text")
    assert isinstance(text, str)
    return text


def test_backpropagation_learns_the_curve(luau: Machine) -> None:
    lines = run(luau, SCRIPTS / "Backpropagation.client.luau", STEPS=30_000, ANSWERS=100)
    before, after = percentages(lines)
    assert before < 60
    assert after > 90
    assert luau.runtime.run("return getFrames()") == [30_000 / 250 + 100]
    # The last answer is seen: the point after 100 fiftieths of a radian, on a circle of 3.
    point = [3 * math.cos(2), 3 * math.sin(2)]
    text = lines[-1].removeprefix("KNN.loadNet('").removesuffix("')")
    assert_shows(shown(luau, stage(luau)), draw(Network.load(text), point))
    assert caption(luau) == "(-1.2, 2.7) is above the curve"
    # The last line may be pasted into a script as it is.
    (answer,) = luau.run(f"local KNN = ... return KNN.forwardNet({lines[-1]}, {{ 1, 2 }})[1]")
    assert answer == pytest.approx(Network.load(text).forward([1, 2])[0], abs=1e-9)


def test_the_genetic_algorithm_learns_the_curve(luau: Machine) -> None:
    lines = run(luau, SCRIPTS / "Genetic.client.luau", GENERATIONS=20, POINTS=200)
    scores = percentages(lines)
    assert scores == sorted(scores)
    assert scores[-1] > 80
    assert luau.runtime.run("return getFrames()") == [20]
    assert caption(luau) == f"Generation 20: {scores[-1]:.1f} % right"
    colours = [part[6] for name, part in shown(luau, stage(luau)).items() if name.startswith("Synapse")]
    assert len({tuple(colour) for colour in colours}) == len(colours) == 18


def test_memory_is_what_the_task_takes(luau: Machine) -> None:
    lines = run(luau, SCRIPTS / "Memory.client.luau")
    shares = [[float(share) for share in re.findall(r"([\d.]+) %", line)] for line in lines]
    assert [line.partition(":")[0] for line in lines[:2]] == ["Before training", "After 2000 looks"]
    assert len(lines) == 11
    assert shares[0][0] < 75
    assert shares[-1][0] > 99
    # Whoever sees only the lamp as it is can but guess: 2,000 guesses are right half of the time, ± 1.1 % (σ).
    assert all(45 < without < 55 for _, without in shares)
    assert luau.runtime.run("return getFrames()") == [400]
    parts = shown(luau, stage(luau))
    assert len([name for name in parts if "Ring" in name]) == 10
    # The output node is bright when it says that the lamp has changed, and it is right.
    level = parts["Layer3/Node1"][6][0]
    assert caption(luau) == f"Look 20000: the lamp has {'changed' if level > 0.75 else 'not changed'}"


def test_every_example_is_tested() -> None:
    assert {path.name for path in SCRIPTS.iterdir()} == {
        *("Backpropagation.client.luau", "Genetic.client.luau", "Memory.client.luau"),
        "Challenge.client.luau",  # by test_challenge.py
        "Cars",  # by roblox/test_cars.py
        "Digits",  # by roblox/test_digits.py and test_digits_pad.py
    }


@pytest.mark.parametrize("path", [LIBRARY / "init.luau", BUNDLE], ids=lambda path: path.name)
def test_the_example_at_the_top_of_the_library_runs(luau: Machine, path: Path) -> None:
    head = path.read_text(encoding="utf-8").partition("\n\n")[0]
    example = "\n".join(line.removeprefix("--\t") for line in head.splitlines() if line.startswith("--\t"))
    assert "require(" in example
    luau.runtime.run(example)
    (printed,) = luau.runtime.run("return getPrinted()")
    assert 0 < float(printed[0]) < 1
