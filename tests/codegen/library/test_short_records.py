"""Short names for fields of records: everywhere or nowhere."""

import re

import pytest

from codegen.library.bundle import bundle
from codegen.runtimes import RUNTIMES, Runtime
from tests.roblox.type_checker import check_source
from tests.skips import or_skip

INIT = """--!strict
local file = require("@self/file")
local types = require("@self/types")
export type Shown = types.Shown
return { run = file.run }
"""
TYPES = """--!strict
export type Part = { sides: number }
export type Shown = { shared: number, part: Part? }
export type Hidden = {
	count: number,
	longest: { number },
	shared: number,
	length: number,
	format: string,
	huge: number,
	text: string,
	sides: number?,
}
return {}
"""
FILE = """--!strict
local types = require("./types")
type Hidden = types.Hidden
local function run(x: number): number
	local hidden: Hidden =
		{ count = x, longest = { 1, 2 }, shared = 3, length = 4, format = "length", huge = 5, text = "a", sides = 6 }
	hidden.count += hidden.longest[2]
	hidden.text = ("%d"):format(hidden.shared) .. hidden.format
	local parts: { longest: { number } }? = hidden :: any
	if parts and hidden.huge < math.huge then
		hidden.count *= (hidden :: any)[hidden.format] + #parts.longest
	end
	return hidden.count
end
return { run = run }
"""


def short(file: str = FILE) -> str:
    return bundle({"init": INIT, "types": TYPES, "file": file}, "--!strict", (), shortened=("file", "types"))


def test_fields_of_records_are_short_wherever_they_are_said() -> None:
    text = short()
    for name in ("count", "longest", "text"):
        assert name not in text
    assert or_skip(lambda: check_source("", text)) == []
    machine = or_skip(RUNTIMES["lua51"])
    tree = {"init": INIT, "types": TYPES, "file": FILE}
    results = [machine.run("return (...).run(5)", each) for each in (machine.require(text), machine.require_tree(tree))]
    assert results == [[42.0], [42.0]]


@pytest.mark.parametrize(
    "name",
    [
        "shared",  # of a type that the library exports
        "length",  # what a string may stand for
        "format",  # a method
        "huge",  # of a global
        "sides",  # of a type that one is made of that the library exports
    ],
)
def test_what_others_may_mean_keeps_its_name(name: str) -> None:
    text = short()
    assert f"{name}=" in text.split("local A=(function()")[1]
    assert re.search(rf"\btype A={{.*\b{name}:", text)


def test_what_is_said_in_a_file_to_be_read_keeps_its_name() -> None:
    files = {"init": INIT.replace("return", "print(({} :: any).count)\nreturn"), "types": TYPES, "file": FILE}
    text = bundle(files, "--!strict", (), shortened=("file", "types"))
    assert ".count+=" in text
    assert "longest" not in text


def test_a_new_name_is_that_of_no_other_field() -> None:
    text = short(FILE.replace("return {", "print(({} :: any).a, ({} :: any).b)\nreturn {"))
    declared = text.split("type A={")[1].split("}\n")[0]
    names = [each.split(":")[0] for each in declared.split(",")]
    assert len(set(names)) == len(names)
    assert {"a", "b"}.isdisjoint(names)


FILLED = """--!strict
local types = require("./types")
type Hidden = types.Hidden
local RULE, KEY = "must be at most {longest} of {shared}{s}", "longest"
local function fill(message: string, values: any): string
	return (string.gsub(message, "{(%w+)}", function(name: string): string
		return name == "s" and "s" or tostring(values[name])
	end))
end
local function run(x: number): string
	local hidden = { longest = x, shared = 2, count = 3 } :: any
	local found: Hidden = hidden
	return fill(RULE, hidden) .. fill(" and {count}", { count = found.count }) .. tostring(hidden[KEY])
end
return { run = run }
"""


def test_a_message_says_fields_by_their_short_names(runtime: Runtime) -> None:
    """Where a sentence only says where a field is filled in, both change; a string that may be a key keeps its word."""
    files = {"init": INIT, "types": TYPES, "file": FILLED}
    text = bundle(files, "-- A test.", (), shortened=("file", "types"))
    assert "count" not in text
    assert '"longest"' in text
    assert "{longest}" in text
    module = runtime.require(text, "bundle")
    assert runtime.run("return (...).run(7)", module) == ["must be at most 7 of 2s and 37"]
