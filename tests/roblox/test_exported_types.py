"""Strict types of modules for one network: the modules have them, and so do those who require one."""

import pytest

from roblox_facts.declarations import DECLARATIONS
from tests.codegen.exported import every_kind, exported
from tests.roblox.type_checker import check, check_script
from tests.skips import or_skip

SHAPE = (2, 2, 3, 2)
HEAD = "--!strict\nlocal Brain = require(game:GetService('ReplicatedStorage').KNNLibrary)\n"


def definitions() -> str:
    return DECLARATIONS.read_text(encoding="utf-8")


def said(statement: str) -> list[str]:
    """What is said of a script that uses a module."""
    module = exported(SHAPE, recurrent=True).source
    return [found.message for found in or_skip(lambda: check_script(definitions(), module, f"{HEAD}{statement}\n"))]


@pytest.mark.parametrize("name", every_kind())
def test_a_module_is_clean(name: str) -> None:
    assert or_skip(lambda: check(definitions(), every_kind()[name])) == []


@pytest.mark.parametrize(
    "statement",
    [
        "local outputs: { number } = Brain({ 1, 2 })\nprint(outputs[1])",
        "local y1: number, y2: number = Brain.values(1, 2)\nprint(y1 + y2)",
        "Brain.reset()\nprint(Brain.INPUTS + Brain.OUTPUTS)",
    ],
)
def test_what_users_write_is_clean(statement: str) -> None:
    assert said(statement) == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("local _: { string } = Brain({ 1, 2 })", "string"),
        # Of what a table's __call takes, Luau checks the number of arguments and not their types.
        ("Brain()", "Argument count mismatch"),
        ("Brain.values(1)", "Argument count mismatch"),
        ("Brain.values(1, 'a')", "string"),
        ("Brain.nope()", "nope"),
    ],
)
def test_misuse_is_caught(statement: str, message: str) -> None:
    (found,) = said(statement)
    assert message in found
