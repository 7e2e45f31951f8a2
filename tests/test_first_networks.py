"""The first networks of docs/training.md learn, in both languages and from nearly every seed."""

import contextlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from codegen.library.generate import ROOT
from engine import Network
from engine.elementwise import Array
from tests.conftest import make_machine
from tests.engine.training.accuracy import accuracy
from tests.parity.machine import Machine
from tests.parity.tolerances import tolerance

TEXT = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("\n## Four first networks\n")[2].partition("\n## ")[0]
# How many seeds are tried without --thorough, as far as a few seconds go; with it, all that the page speaks of.
SEEDS = {"Exclusive or": 100, "Three classes": 10, "A curve": 20, "Handwritten digits": 20}
ALL_SEEDS = 100
# Of the seeds.
LEARNING = 0.95


def _tells_exclusive_or(network: Network, _: Mapping[str, Any]) -> bool:
    outputs = network.forward(np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]]))[:, 0]
    return bool((outputs[:2] < 0.2).all() and (outputs[2:] > 0.8).all())


def _tells_training_classes(network: Network, session: Mapping[str, Any]) -> bool:
    return accuracy(network, session["samples"], session["targets"]) >= 0.95


def _tells_unseen_classes(network: Network, session: Mapping[str, Any]) -> bool:
    return accuracy(network, session["unseen"], session["answers"]) >= 0.95


def _follows_the_sine(network: Network, _: Mapping[str, Any]) -> bool:
    # Finer than the samples, so that what lies between them counts too.
    places = np.linspace(0.0, 2 * np.pi, 500)[:, None]
    return float(np.abs(network.forward(places) - np.sin(places)).mean()) <= 0.05


# What a network, and what the page's Python has left, have learnt.
LEARNT: dict[str, Callable[[Network, Mapping[str, Any]], bool]] = {
    "Exclusive or": _tells_exclusive_or,
    "Three classes": _tells_training_classes,
    "A curve": _follows_the_sine,
    "Handwritten digits": _tells_unseen_classes,
}
every_network = pytest.mark.parametrize("heading", LEARNT)
every_runtime = pytest.mark.parametrize("runtime", ["luajit21-bundle", "luau-tree"])


def script(heading: str, language: str, seed: int) -> str:
    """The page's only script of a network in a language, with another seed in its only place."""
    part = SECTION.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    (found,) = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    text, places = re.subn(r"(\bseed ?= ?|\bsetSeed\(|\bRandom\()1\b", rf"\g<1>{seed}", found)
    assert places == 1
    return text


def session(python: str) -> dict[str, Any]:
    """What a script in Python leaves."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(python, names)
    return names


def learns(heading: str, seed: int) -> bool:
    """Whether the network of the script in Python learns from a seed."""
    left = session(script(heading, "python", seed))
    return LEARNT[heading](left["network"], left)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts write files where they are run."""
    monkeypatch.chdir(tmp_path)


def test_every_network_of_the_page_is_tried() -> None:
    assert re.findall(r"^### (.*)$", SECTION, re.MULTILINE) == list(LEARNT) == list(SEEDS)


@every_network
def test_nearly_every_seed_learns(heading: str, request: pytest.FixtureRequest) -> None:
    seeds = range(1, 1 + (ALL_SEEDS if request.config.getoption("thorough") else SEEDS[heading]))
    failed = [seed for seed in seeds if not learns(heading, seed)]
    assert len(failed) <= (1 - LEARNING) * len(seeds), failed


def network_of_luau(machine: Machine, luau: str) -> Network:
    """What a script in Luau leaves; `Digits.luau` is in ReplicatedStorage if the script in Python has written it."""
    written = Path("Digits.luau")
    if written.exists():
        digits = machine.runtime.require(written.read_text(encoding="utf-8"), "Digits")
        machine.run("local _, digits = ... addModule('Digits', digits)", digits)
    (text,) = machine.run(f"local KNN = ...\n{luau}\nreturn KNN.saveNet(network)")
    return Network.load(text)


@every_network
@every_runtime
def test_the_script_in_luau_learns(heading: str, runtime: str) -> None:
    left = session(script(heading, "python", 1))
    network = network_of_luau(make_machine(runtime, roblox=True), script(heading, "lua", 1))
    assert LEARNT[heading](network, left)


def of_one_epoch(text: str) -> tuple[str, str]:
    """A script that trains for one epoch, in Python by the reference, and how many epochs it had."""
    (epochs,) = re.findall(r"\bepochs ?= ?(\d+)", text)
    short = re.sub(r"\bepochs=\d+", 'epochs=1, engine="numpy"', text)
    return re.sub(r"\bepochs = \d+", "epochs = 1", short), epochs


@every_network
@every_runtime
def test_both_languages_mean_the_same(heading: str, runtime: str) -> None:
    """After one epoch: after all, errors of the last digit may have grown to any size."""
    python, epochs = of_one_epoch(script(heading, "python", 1))
    luau, luau_epochs = of_one_epoch(script(heading, "lua", 1))
    assert luau_epochs == epochs
    expected = session(python)["network"]
    network = network_of_luau(make_machine(runtime, roblox=True), luau)
    assert network.shape == expected.shape
    assert replace(network.extras, input_scaler=None) == replace(expected.extras, input_scaler=None)
    # By what goes in as users have it, so that the scaler counts too.
    samples = session(python)["samples"]
    assert_allclose(network.forward(samples), expected.forward(samples), rtol=0, atol=allowed(python))


@cache
def allowed(python: str) -> float:
    """How far the numbers of a script in Python may be from those with another mathematical library."""

    def outputs() -> Array:
        left = session(python)
        return np.asarray(left["network"].forward(left["samples"]))

    return tolerance(outputs)
