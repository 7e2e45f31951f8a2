"""Strict types of modules for one network: the modules have them, and so do those who require one."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from codegen.export.limits import Precision
from roblox_facts.declarations import DECLARATIONS
from tests.codegen.export.exported import Shape, each_precision, every_shape, exported, sources
from tests.roblox.type_checker import Finding, check_source, check_sources
from tests.skips import or_skip

SHAPE = (2, 2, 3, 2)
HEAD = "--!strict\nlocal Brain = require(game:GetService('ReplicatedStorage').KNNLibrary)\n"


def definitions() -> str:
    return DECLARATIONS.read_text(encoding="utf-8")


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module, as the file that is required."""
    path = tmp_path / "KNNLibrary.luau"
    path.write_text(exported(SHAPE, recurrent=True).source, encoding="utf-8", newline="\n")
    return path


def said(module: Path, statement: str) -> list[str]:
    """What is said of a script that uses a module."""
    script = f"{HEAD}{statement}\n"
    found = or_skip(lambda: check_source(definitions(), script, modules={"KNNLibrary": module}))
    return [each.message for each in found]


@cache
def findings() -> Mapping[str, Sequence[Finding]]:
    """What is said of each source."""
    return or_skip(lambda: check_sources(definitions(), sources().values()))


@pytest.mark.parametrize("name", sources())
def test_a_module_is_clean(name: str) -> None:
    assert findings()[sources()[name]] == []


@pytest.mark.parametrize(
    "statement",
    [
        "local outputs: { number } = Brain({ 1, 2 })\nprint(outputs[1])",
        "local y1: number, y2: number = Brain.values(1, 2)\nprint(y1 + y2)",
        "Brain.reset()\nprint(Brain.INPUTS + Brain.OUTPUTS)",
    ],
)
def test_what_users_write_is_clean(module: Path, statement: str) -> None:
    assert said(module, statement) == []


@every_shape
@each_precision
def test_a_module_is_called_however_it_is_built(tmp_path: Path, shape: Shape, precision: Precision) -> None:
    path = tmp_path / "KNNLibrary.luau"
    path.write_text(exported(shape, precision=precision).source, encoding="utf-8", newline="\n")
    assert said(path, "local outputs: { number } = Brain({ 1, 2 })\nprint(outputs[1])") == []


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
def test_misuse_is_caught(module: Path, statement: str, message: str) -> None:
    (found,) = said(module, statement)
    assert message in found
