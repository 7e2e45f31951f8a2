"""Short names for types, and what keeps its name."""

import pytest

from codegen.library.bundle import bundle
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
export type Shown = { part: Part }
export type Hidden = { shown: Shown, other: Hidden? }
export type Maker = (first: number, second: Hidden) -> Hidden
return {}
"""
FILE = """--!strict
local types = require("./types")
type Shown = types.Shown
type Hidden = types.Hidden
type Maker = types.Maker
local function run(hidden: Hidden, make: Maker): Shown
	local again: Hidden = make(1, hidden)
	return again.shown
end
return { run = run }
"""


def short(file: str = FILE, types: str = TYPES) -> str:
    return bundle({"init": INIT, "types": types, "file": file}, "--!strict", (), shortened=("file", "types"))


def test_what_the_library_exports_is_said_in_full() -> None:
    text = short()
    # And what that is made of.
    assert "\ntype Part={sides:number}\nexport type Shown={part:Part}\n" in text
    assert "local function a(a:A,b:B):Shown\n" in text


def test_what_only_the_library_sees_is_short() -> None:
    text = short()
    assert "Hidden" not in text
    assert "Maker" not in text
    assert "\ntype A={a:Shown,b:A?}\ntype B=(number,A)->A\n" in text
    assert or_skip(lambda: check_source("", text)) == []
    assert len(or_skip(lambda: check_source("", text.replace("(1,", "(true,")))) == 1


def test_types_of_luau_have_a_name_where_that_pays() -> None:
    often = "".join(f"local v{place}: number = 1\nprint(v{place})\n" for place in range(10))
    text = short(FILE.replace("return {", f"{often}return {{"))
    assert "\n\ntype N=number\n" in text
    assert ":N=1\n" in text
    assert "number" not in text.split("type N=number\n")[1].replace("type Part={sides:number}", "")
    assert or_skip(lambda: check_source("", text)) == []


@pytest.mark.parametrize("name", ["A", "N"])
def test_names_that_are_taken_stay_what_they_are(name: str) -> None:
    often = "".join(f"local v{place}: number = 1\nprint(v{place})\n" for place in range(10))
    generic = f"local function same<{name}>(x: {name}): {name}\n\treturn x\nend\nprint(same(1))\n"
    text = short(FILE.replace("return {", f"{often}{generic}return {{"))
    assert f"<{name}>" in text
    assert f"type {name}=" not in text
    assert or_skip(lambda: check_source("", text)) == []


def test_a_name_of_luau_is_not_hidden_behind_two() -> None:
    often = "".join(f"local v{place}: number = 1\nprint(v{place})\n" for place in range(10))
    types = TYPES.replace("return {}", "export type Count = number\nreturn {}")
    file = FILE.replace(
        "local function", f"type Count = types.Count\n{often}local w: Count = 1\nprint(w)\nlocal function"
    )
    text = short(file, types)
    assert "type N=number\n" in text
    assert text.count("=number\n") == 2
