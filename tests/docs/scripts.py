"""Runs the code of a section: Python, `luaunn export` and Luau, beside real instances."""

import contextlib
import io
import shlex
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codegen.commands.cli import main
from codegen.library.generate import ROOT
from tests.conftest import as_new
from tests.docs.pages import LUAU, PYTHON, Section
from tests.parity.machine import Machine

SERVICES = Path(__file__).with_name("services.luau")
# In Luau, what a reader pastes there: what the section's Python printed last that is a string of a network or the like.
_PASTED = "'…'"
# Scripts that watch somebody who plays, and by what: flees below such a health, fights within so many studs.
_WATCHING = {("docs/in-a-game.md", "Record what players do"): (30, 60)}


@dataclass(frozen=True)
class Session:
    """What a script in Python leaves: its names and what it printed."""

    names: dict[str, Any]
    printed: list[str]


def python_session(code: str) -> Session:
    """Run a script in Python."""
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    return Session(names, printed.getvalue().splitlines())


def luau_server(section: Section | None = None) -> Machine:
    """Luau with real instances, the library where scripts find it, and who a section's script watches; all is new."""
    machine = as_new("lune-tree")
    if machine.runtime.run("return renewServices == nil") == [True]:
        machine.runtime.run(SERVICES.read_text(encoding="utf-8"), name=SERVICES.name)
    machine.runtime.run("renewServices()")
    enter(machine)
    if section and (habits := _WATCHING.get((section.page, section.title))):
        machine.runtime.run("letSomebodyPlay(...)", *habits)
    return machine


def enter(machine: Machine) -> None:
    """Put the library where scripts find it, and what the folder has of ModuleScripts beside it."""
    machine.run("local KNN = ... addModule('KNNLibrary', KNN) math.randomseed(1)")
    for path in sorted(Path().glob("*.luau")):
        module = machine.runtime.require(path.read_text(encoding="utf-8"), path.stem)
        machine.run(f"local _, module = ... addModule('{path.stem}', module)", module)


def printed_by(machine: Machine) -> list[str]:
    """What was printed in a machine."""
    (lines,) = machine.runtime.run("return getPrinted()")
    return [str(line) for line in lines] if lines else []


def prepared(section: Section) -> Session:
    """Run, in the folder where this is, what of a section comes before Luau: Python and the exports."""
    session = python_session(section.code(PYTHON))
    for line in section.commands():
        words = [word.replace("pictures/", f"{ROOT}/pictures/") for word in shlex.split(line)]
        with contextlib.redirect_stdout(io.StringIO()):
            assert main(words) == 0, line
    return session


def luau_of(section: Section, session: Session) -> str:
    """A section's script in Luau, with what its reader pastes into it."""
    code = section.code(LUAU)
    if _PASTED in code:
        text = [line for line in session.printed if line.startswith(("[", "{"))][-1]
        code = code.replace(_PASTED, f"'{text}'")
    return code


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Warnings are no errors: a page may show what causes one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
