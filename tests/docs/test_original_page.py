"""What docs/original.md shows runs as it stands, and CHANGELOG.md has the present version and names that there are."""

import math
import re

import pytest

from codegen.library.generate import DOCS, ROOT
from engine import VERSION
from engine.interface.functions import FUNCTIONS
from tests.parity.machine import Machine

TEXT = (DOCS / "original.md").read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
_COLLECT = """
addModule("KNNLibrary", (...))
math.randomseed(1)
lines = {}
function print(...)
    lines[#lines + 1] = { ... }
end
"""


def printed(machine: Machine, heading: str) -> list[list[float]]:
    """The numbers in each line that the script under a heading prints."""
    (script,) = re.findall(
        r"```luau\n(.*?)```", TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0], re.DOTALL
    )
    machine.run(_COLLECT.replace("addModule", "(...).setSeed(1)\naddModule"))
    machine.runtime.run(script)
    (lines,) = machine.runtime.run("return lines")
    return [list(map(float, line)) for line in lines]


def test_the_old_script_learns(real_roblox_machine: Machine) -> None:
    ((near_one, near_zero),) = printed(real_roblox_machine, "Old scripts")
    assert near_one > 0.8
    assert near_zero < 0.2


def test_the_old_save_gives_what_was_worked_out_by_hand(real_roblox_machine: Machine) -> None:
    # 0.1 - 0.2 + 0.5 = 0.4, then the sigmoid of 0.12 + 0.5; as a table and in a StringValue.
    expected = 1 / (1 + math.exp(-0.62))
    assert printed(real_roblox_machine, "Old saves") == [[pytest.approx(expected, rel=1e-15)]] * 2


def test_the_changelog_begins_with_the_present_version() -> None:
    versions = re.findall(r"^## (\S+?),? ", CHANGES, re.MULTILINE)
    assert versions == [VERSION, "1.04"]


def test_the_functions_that_the_changelog_names_are_there() -> None:
    named = set(re.findall(r"`([a-z]+[A-Z]\w*)`", CHANGES))
    assert named <= set(FUNCTIONS)
    assert len(named) > 15


def test_every_link_of_the_changelog_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)", CHANGES)
    assert all(link.startswith("https://") or (ROOT / link).exists() for link in links)
