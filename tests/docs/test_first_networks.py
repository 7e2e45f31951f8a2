"""The first networks mean the same in both languages, and learn in several runtimes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine import Network
from engine.elementwise import Array
from tests.conftest import make_machine
from tests.docs.claims import CLAIMS
from tests.docs.pages import LUAU, PYTHON, Section, of_one_epoch, section, sections_of
from tests.docs.scripts import enter, python_session
from tests.parity.machine import Machine
from tests.parity.tolerances import tolerance

PAGE = "docs/first-networks.md"
NETWORKS = [title for page, title in CLAIMS if page == PAGE]
every_network = pytest.mark.parametrize("title", NETWORKS)
every_runtime = pytest.mark.parametrize("runtime", ["luajit21-bundle", "luau-tree"])


def machine_for(runtime: str, part: Section) -> Machine:
    """A machine with the library, and with what the section's Python writes for Roblox."""
    machine = make_machine(runtime, roblox=True)
    python_session(of_one_epoch(part.code(PYTHON))[0])
    enter(machine)
    return machine


def test_every_network_of_the_page_is_tried(request: pytest.FixtureRequest) -> None:
    _, *parts = sections_of(request.config.rootpath / PAGE)
    assert [each.title for each in parts] == NETWORKS


@every_network
@every_runtime
def test_the_script_in_luau_learns(title: str, runtime: str) -> None:
    part = section(PAGE, title)
    machine = machine_for(runtime, part)
    (text,) = machine.runtime.run(f"{part.code(LUAU)}\nreturn KNN.saveNet(network)")
    names = python_session(of_one_epoch(part.code(PYTHON))[0]).names
    assert CLAIMS[PAGE, title].holds({**names, "network": Network.load(text)})


@every_network
@every_runtime
def test_both_languages_mean_the_same(title: str, runtime: str) -> None:
    """After one epoch: after all, errors of the last digit may have grown to any size."""
    part = section(PAGE, title)
    python, epochs = of_one_epoch(part.code(PYTHON))
    python = python.replace("epochs=1", 'epochs=1, engine="numpy"')
    luau, luau_epochs = of_one_epoch(part.code(LUAU))
    assert luau_epochs == epochs
    assert len(epochs) == 1
    names = python_session(python).names
    (text,) = machine_for(runtime, part).runtime.run(f"{luau}\nreturn KNN.saveNet(network)")
    expected, network = names["network"], Network.load(text)
    assert network.shape == expected.shape
    assert replace(network.extras, input_scaler=None) == replace(expected.extras, input_scaler=None)
    # By what goes in as users have it, so that the scaler counts too.
    samples = names["samples"]
    assert_allclose(network.forward(samples), expected.forward(samples), rtol=0, atol=allowed(python))


@cache
def allowed(python: str) -> float:
    """How far the numbers of a script in Python may be from those with another mathematical library."""

    def outputs() -> Array:
        names = python_session(python).names
        return np.asarray(names["network"].forward(names["samples"]))

    return tolerance(outputs)
