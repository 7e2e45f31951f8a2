"""What the pages save is there on the next visit, and an error of a DataStore loses nothing."""

import re

import numpy as np
import pytest

from engine import Network
from tests.docs.pages import LUAU, section
from tests.docs.scripts import luau_server, printed_by
from tests.parity.machine import Machine

# Page, section, and how often it tries to read.
ONE_NETWORK = [("README.md", "Save and load with a DataStore", 1), ("docs/saving.md", "In a DataStore", 5)]
every_page = pytest.mark.parametrize(("page", "title", "tries"), ONE_NETWORK)
STORE, KEY = "Networks", "brain"


def visit(machine: Machine, page: str, title: str, failures: int = 0) -> None:
    """A new server runs the script, while so many calls of DataStores fail."""
    machine.runtime.run("newServer() failDataStores(...)", failures)
    machine.runtime.run(section(page, title).code(LUAU))
    machine.runtime.run("failDataStores(0)")


def same(one: object, other: object) -> bool:
    """Whether two strings are the same network, but for what Lune's JSON misreads: 2 units in the last place."""
    assert isinstance(one, str)
    assert isinstance(other, str)
    layers = zip(Network.load(one).layers, Network.load(other).layers, strict=True)
    return all(np.allclose(a.weights, b.weights, rtol=0, atol=1e-12) for a, b in layers)


def kept(machine: Machine, store: str, key: str) -> object:
    (value,) = machine.runtime.run("return getKept(...)", store, key) or (None,)
    return value


def keep_another(machine: Machine) -> object:
    """Put a network under the key that no script makes; its string."""
    machine.run(
        "local KNN, store, key = ... KNN.setSeed(5)"
        "game:GetService('DataStoreService'):GetDataStore(store):SetAsync(key, KNN.saveNet(KNN.createNet(2, 1, 6, 1)))",
        STORE,
        KEY,
    )
    return kept(machine, STORE, KEY)


@every_page
def test_the_first_visit_saves_and_the_next_one_loads(page: str, title: str, tries: int) -> None:
    machine = luau_server()
    visit(machine, page, title)
    first = kept(machine, STORE, KEY)
    marked = keep_another(machine)
    assert not same(first, marked)
    machine.runtime.run(re.sub(r"^KNN\.trainNet\(.*$", "", section(page, title).code(LUAU), flags=re.MULTILINE))
    assert same(kept(machine, STORE, KEY), marked)


@every_page
def test_what_cannot_be_read_is_not_replaced(page: str, title: str, tries: int) -> None:
    machine = luau_server()
    saved = keep_another(machine)
    # All reading fails, and writing would not.
    visit(machine, page, title, failures=tries)
    machine.runtime.run("closeServer()")
    assert kept(machine, STORE, KEY) == saved


def test_one_that_fails_a_few_times_is_called_again() -> None:
    page, title, tries = ONE_NETWORK[1]
    machine = luau_server()
    visit(machine, page, title, failures=tries - 1)
    assert isinstance(kept(machine, STORE, KEY), str)


def test_a_failure_to_save_is_warned_of() -> None:
    machine = luau_server()
    code = section("README.md", "Save and load with a DataStore").code(LUAU)
    before, _, after = code.partition("-- … train")
    assert after
    machine.runtime.run(f"{before}failDataStores(1) --{after}")
    ((warning,),) = machine.runtime.run("return getWarnings()")
    assert warning.startswith("The network is not saved: 502")


def test_the_better_one_stays() -> None:
    machine = luau_server()
    visit(machine, "docs/saving.md", "The best one wins")
    assert printed_by(machine) == ["10"]
    before = kept(machine, "Winners", "winner")
    visit(machine, "docs/saving.md", "The best one wins")
    assert kept(machine, "Winners", "winner") == before


def test_every_player_has_a_network_that_comes_back() -> None:
    machine = luau_server()
    title = "A network for each player"
    visit(machine, "docs/saving.md", title)
    machine.runtime.run("removePlayer(addPlayer(7))")
    saved = kept(machine, "Pets", "7")
    machine.runtime.run("removePlayer(addPlayer(7))")
    assert same(kept(machine, "Pets", "7"), saved)
    saved = kept(machine, "Pets", "7")
    # One that cannot be read is not replaced, nor saved when the server closes; another player's is.
    machine.runtime.run("failDataStores(1) addPlayer(7) addPlayer(8) closeServer()")
    assert kept(machine, "Pets", "7") == saved
    assert isinstance(kept(machine, "Pets", "8"), str)
