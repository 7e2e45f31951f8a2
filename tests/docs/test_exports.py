"""A module that docs/exports.md has `luaunn export` write answers as its network does."""

import contextlib
import io

from codegen.commands.cli import main
from codegen.library.generate import PICTURES
from engine import Network
from tests.docs.pages import LUAU, section
from tests.docs.scripts import luau_of, luau_server, prepared, printed_by

PART = section("docs/exports.md", "Write it and call it")


def test_the_module_gives_the_outputs_of_the_network() -> None:
    session = prepared(PART)
    machine = luau_server()
    machine.runtime.run(luau_of(PART, session))
    called, value, _ = printed_by(machine)
    network = Network.load((PICTURES / "curve.txt").read_text(encoding="utf-8"))
    assert called == value
    assert abs(float(called) - network.forward([1.0, -3.0])[0]) < 1e-12
    assert PART.code(LUAU).count("KNNLibrary") == 0


def test_the_command_says_what_it_wrote() -> None:
    (line,) = PART.commands()
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert main(line.replace("pictures/", f"{PICTURES}/").split()) == 0
    assert told.getvalue().startswith("wrote Brain.luau\nwrote Brain.rbxmx\n")
