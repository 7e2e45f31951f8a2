"""A file that is required when it is first needed: loaded then in the tree, there at once in the one script."""

import pytest

from codegen.library.bundle import bundle, left_out_of
from codegen.runtimes import Runtime
from tests.roblox.type_checker import check_source
from tests.skips import or_skip

FILES = {
    "init": """--!strict
local file = require("@self/file")
return { called = file.called, handed = file.handed }
""",
    "file": """--!strict
local log = require("./log")
local function lateFile()
	return require("./late")
end
local function otherFile()
	return require("./other")
end
local function called(): { string }
	log.note("called")
	return { lateFile().name, unpack(log.notes) }
end
local function handed(): { any }
	local done, found: any = pcall(otherFile)
	return { done, found and found.name or "nothing" }
end
return { called = called, handed = handed }
""",
    "log": """--!strict
local notes: { string } = {}
local function note(text: string)
	notes[#notes + 1] = text
end
return { notes = notes, note = note }
""",
    "late": """--!strict
local log = require("./log")
log.note("loaded")
return { name = "late" }
""",
    "other": """--!strict
return { name = "other", size = "as much as makes it worth while to leave it out, though a line is said of that" }
""",
}
SHORTENED = tuple(path for path in FILES if path != "init")
RUN = "local L = ... local first, again = L.called(), L.called() local handed = L.handed() return first, again, handed"


def test_the_tree_loads_it_when_it_is_needed(runtime: Runtime) -> None:
    first, again, handed = runtime.run(RUN, runtime.require_tree(FILES))
    assert first == ["late", "called", "loaded"]
    assert again == ["late", "called", "loaded", "called"]
    assert handed == [True, "other"]


@pytest.mark.parametrize("shortened", [(), SHORTENED], ids=["as it is", "short"])
def test_the_one_script_has_it_at_once(runtime: Runtime, shortened: tuple[str, ...]) -> None:
    text = bundle(FILES, "--!strict", (), shortened=shortened)
    # A function that is only called is gone, and nobody requires anything.
    assert "lateFile" not in text
    assert "require" not in text
    first, _, handed = runtime.run(RUN, runtime.require(text))
    assert first == ["late", "loaded", "called"]
    assert handed == [True, "other"]


def test_what_is_left_out_is_nothing(runtime: Runtime) -> None:
    whole = bundle(FILES, "--!strict", (), optional=("other",))
    text = bundle(FILES, "--!strict", (), optional=("other",), limit=len(whole))
    assert left_out_of(text) == ["other"]
    assert runtime.run(RUN, runtime.require(text))[2] == [True, "nothing"]


def test_the_type_checker_finds_nothing() -> None:
    assert or_skip(lambda: check_source("", bundle(FILES, "--!strict", ()))) == []
