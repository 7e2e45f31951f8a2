"""Studio underlines nothing in the pages' scripts: Luau's type checker and linter have nothing to say."""

from roblox_facts.declarations import DECLARATIONS
from tests.docs.pages import LUAU, WITH_CODE
from tests.roblox.library_forms import LIBRARY_FORMS
from tests.roblox.type_checker import Finding, check_sources
from tests.skips import or_skip

# The globals that examples use beside those of the library's declarations.
GLOBALS = """
declare class Workspace extends Instance
	Gravity: number
end
declare workspace: Workspace
declare Vector3: { new: (x: number?, y: number?, z: number?) -> Vector3 }
"""
LIBRARY = {"KNNLibrary": LIBRARY_FORMS["tree"]}


def said_of(scripts: list[str]) -> dict[str, list[Finding]]:
    """What is said of scripts, checked as Studio does without being asked."""
    definitions = DECLARATIONS.read_text(encoding="utf-8") + GLOBALS
    sources = [f"--!nonstrict\n{script}" for script in scripts]
    return or_skip(lambda: check_sources(definitions, sources, modules=LIBRARY))


def test_there_is_nothing_to_say() -> None:
    scripts = [each.code(LUAU) for each in WITH_CODE if "KNN." in each.code(LUAU)]
    assert len(scripts) > 30
    assert [found for found in said_of(scripts).values() if found] == []


def test_a_mistake_is_seen() -> None:
    script = 'local KNN = require(game:GetService("ReplicatedStorage").KNNLibrary)\nlocal unused = KNN.createNett(1)\n'
    (found,) = said_of([script]).values()
    assert found
