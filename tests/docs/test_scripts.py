"""Every script of README and docs/ runs as it stands and prints what it says."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import LUAU, PAGES, PYTHON, WITH_CODE, Section, shown
from tests.docs.scripts import luau_of, luau_server, prepared, printed_by, quiet

# How scripts in Luau begin: nothing else stands above them where a reader pastes them.
_REQUIRE = re.compile(
    r"^local KNN = require\(game:GetService\(\"ReplicatedStorage\"\)"
    r"(\.KNNLibrary|:WaitForChild\(\"KNNLibrary\"\))\)$",
    re.MULTILINE,
)
# What is no script: commands and what they say, and what needs packages that tests do without.
NOT_RUN = {"", "text", "py"}
every_section = pytest.mark.parametrize("section", WITH_CODE, ids=lambda section: section.name)


def assert_prints(code: str, printed: list[str]) -> None:
    """What a script says that it prints, it prints, in that order."""
    lines = iter(printed)
    for line in shown(code):
        assert line in lines, (line, printed)


@every_section
def test_it_runs_and_prints_what_it_says(section: Section) -> None:
    with quiet():
        session = prepared(section)
    assert_prints(section.code(PYTHON), session.printed)
    if section.code(LUAU):
        machine = luau_server(section)
        machine.runtime.run(luau_of(section, session), name="script")
        assert_prints(section.code(LUAU), printed_by(machine))


@every_section
def test_it_begins_with_what_it_needs(section: Section) -> None:
    """So it can be pasted alone. Where there is no library in it, it is about something that needs none."""
    luau, python = section.code(LUAU), section.code(PYTHON)
    if "KNN." in luau:
        assert len(_REQUIRE.findall(luau)) == 1
    if python:
        assert re.search(r"^(from|import) ", python, re.MULTILINE)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_block_is_in_a_language_that_is_known(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fences = re.findall(r"^```(.*)$", text, re.MULTILINE)
    assert len(fences) % 2 == 0
    assert {*fences[::2]} <= {LUAU, PYTHON, *NOT_RUN}
    assert {*fences[1::2]} <= {""}
