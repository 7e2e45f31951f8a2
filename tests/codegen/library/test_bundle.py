"""A bundle does what its tree does, in every machine; and it has the types and the comments that its users see."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.library.bundle import LOCALS, UPVALUES, bundle, left_out_of
from codegen.runtimes import RUNTIMES, Runtime
from codegen.translate.luau_syntax import first_error, inside, parsed, text_of
from codegen.translate.requires import TreeError
from tests.roblox.type_checker import check_source
from tests.skips import or_skip

# Blanks at the end of a line, which editors take away.
BLANK = "·"

HEADER = "--!strict\n-- A library.  \n"

WRITTEN = {
    "init": """--!strict
-- The library.

local random = require("@self/random")
local run = require("@self/api/run")
local types = require("@self/types")

export type Network = types.Network
-- Gone: what is written where it is imported.
export type Options = types.Options

-- The public table.
return {
	run = run.runNet, -- behind code
	random = random,
	[1] = "-- one",
}
""",
    "types": """--!strict
-- Types, a file of nothing else.
local shapes = require("./shapes")

type Shape = shapes.Shape

-- A network: "its" -- parts.
-- selene: allow(anything)
-- And more.
export type Network = {
	-- how many
	inputs: number, -- of them
	--[[ and··
	so on ]]
	next: Map<string, Network>?,
} -- behind

-- Nobody sees this.
export type Map<K, V> = { [K]: V }
export type Options = { quiet: boolean? }
type Inner =
	-- one
	((a: number) -> Shape)
	& ((a: string) -> Shape)
return {}
""",
    "shapes": "export type Shape = { sides: number }\n\nreturn {}\n",
    "random": """--!native
-- Numbers.

local state: { count: number } = { count = 0 }

local function nextOne(): number
	state.count += 1
	return state.count
end

return { nextOne = nextOne }
""",
    "api/run": """--!native
-- Runs.
local types = require("../types")
local random = require("../random")

local nextOne = random.nextOne

type Network = types.Network
type Map<K, V> = types.Map<K, V>

local text = "a -- b" .. [[ -- c···


]] .. 'd --[[ e ]]' --[==[ gone ]] ]==]


-- Private.
local function lengthOf(words: string): number --[[ of what ]]
	-- first

	return #words -- behind
end

--- Runs it: é.
--	x: a number
--!nolint
local function runNet(network: Network, x: number): number
	local sum = nextOne()
	-- only this


	-- and this
	if x --[[ here ]] > 0 then
		sum += lengthOf(text --[[ there ]])
	end
	return sum + network.inputs
end

return { runNet = runNet }""",
}
TREE = {path: source.replace(BLANK, " ") for path, source in WRITTEN.items()}

BUNDLE = """--!strict
-- A library.

type Shape = { sides: number }

-- A network: "its" -- parts.
-- And more.
export type Network = {
	-- how many
	inputs: number, -- of them
	--[[ and
	so on ]]
	next: Map<string, Network>?,
}

type Map<K, V> = { [K]: V }
export type Options = { quiet: boolean? }

type Inner =
	((a: number) -> Shape)
	& ((a: string) -> Shape)

local random = (function()
local state: { count: number } = { count = 0 }

local function nextOne(): number
	state.count += 1
	return state.count
end

return { nextOne = nextOne }
end)()

local run = (function()
local nextOne = random.nextOne

local text = "a -- b" .. [[ -- c···


]] .. 'd --[[ e ]]'

local function lengthOf(words: string): number
	return #words
end

--- Runs it: é.
--	x: a number
local function runNet(network: Network, x: number): number
	local sum = nextOne()

	if x > 0 then
		sum += lengthOf(text)
	end
	return sum + network.inputs
end

return { runNet = runNet }
end)()

return {
	run = run.runNet,
	random = random,
	[1] = "-- one",
}
""".replace(BLANK, " ")


def bundled(files: Mapping[str, str], *public: str) -> str:
    return bundle(files, HEADER, public)


def with_init(source: str, **files: str) -> dict[str, str]:
    """A tree whose init requires all other files first."""
    requires = "".join(f'local {name}_ = require("@self/{name}")\n' for name in files)
    return {"init": requires + source, **files}


def test_a_bundle_is_all_of_this() -> None:
    assert bundled(TREE, "runNet") == BUNDLE


def test_line_ends_of_windows_are_none() -> None:
    files = {path: source.replace("\n", "\r\n") for path, source in TREE.items()}
    assert bundle(files, HEADER.replace("\n", "\r\n"), {"runNet"}) == BUNDLE


def test_a_bundle_does_what_its_tree_does(runtime: Runtime) -> None:
    script = """
    local L = ...
    local network = { inputs = 100 }
    return L.run(network, 0), L.run(network, 1), L.random.nextOne(), L[1]
    """
    results = [runtime.run(script, library) for library in (runtime.require_tree(TREE), runtime.require(BUNDLE))]
    assert results[0] == results[1] == [101.0, 130.0, 3.0, "-- one"]


def test_the_type_checker_finds_nothing_in_a_bundle() -> None:
    use = "local network: Network = { inputs = 1 }\nrun.runNet(network, 2)\n"
    script = bundled(TREE, "runNet").replace("return {\n", f"{use}return {{\n")
    assert or_skip(lambda: check_source("", script)) == []
    wrong = script.replace("inputs = 1 }", "inputs = true }")
    assert wrong != script
    assert len(check_source("", wrong)) == 1


def test_comments_stand_only_above_public_functions() -> None:
    source = """
-- no: an empty line below

-- first
-- second
function public() end

local x = 1 -- no: behind code
-- of other
local function other() end
local y = 2 -- no: behind code
local function third() end
-- no: private
local function private() end
do
	-- no: in a block
	local function public() end
end
-- no: a variable
local fourth = 4
-- no: a call
other()
-- no: at the end
return { public, other, third, private, fourth, x, y }
-- no: behind it
"""
    text = bundled({"init": source}, "public", "other", "third", "fourth")
    assert re.findall("--.*", text.removeprefix(HEADER.replace("  ", ""))) == ["-- first", "-- second", "-- of other"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("local a = 1 -- x\nreturn a", "local a = 1\nreturn a"),
        ("local a = 1 --[[ x ]]\nreturn a", "local a = 1\nreturn a"),
        ("local a = 1 --[[ x ]] return a", "local a = 1 return a"),
        ("local a = 1--[[ x ]]return a", "local a = 1 return a"),
        ("local a--[[ x ]]= 1 return a", "local a = 1 return a"),
        ("local a = f(--[[ x ]]1--[[ y ]], --[[ z ]] 2)\nreturn a", "local a = f(1, 2)\nreturn a"),
        ("local a = 1 --[[ x\n\n]] return a", "local a = 1 return a"),
        ("local a = 1\n--[==[ x\n\n]] ]==]\nreturn a", "local a = 1\nreturn a"),
        ("local a = 1\n\n--[==[ x\n]==]\nreturn a", "local a = 1\n\nreturn a"),
        ("local a = 1\n-- x\n\nreturn a", "local a = 1\n\nreturn a"),
        ("local a = 1\n\n-- x\n\n-- y\n\n\nreturn a", "local a = 1\n\nreturn a"),
        ("local a = 1   \n\t\n\n\nreturn a\n\n\n", "local a = 1\n\nreturn a"),
        ("local a = {\n\t-- x\n\n\t1,\n\n\t-- y\n}\nreturn a", "local a = {\n\t1,\n}\nreturn a"),
        ("do\n\t-- x\n\n\tf()\n\n\t-- y\nend\nreturn a", "do\n\tf()\nend\nreturn a"),
        ("do\n\t-- x\nend\nreturn a", "do\nend\nreturn a"),
        ("f()\n\t--[[ x ]] g()\nreturn a", "f()\n\tg()\nreturn a"),
        ('local a = "-- b" -- x\nreturn a', 'local a = "-- b"\nreturn a'),
        ('local a = "\\"-- b" -- x\nreturn a', 'local a = "\\"-- b"\nreturn a'),
        ("local a = '--[[' -- x ]]\nreturn a", "local a = '--[['\nreturn a"),
        ("local a = [[\n-- b  \n\n\n\n]] -- x\nreturn a", "local a = [[\n-- b  \n\n\n\n]]\nreturn a"),
        ("local a = [=[ ]] -- b ]=] -- x\nreturn a", "local a = [=[ ]] -- b ]=]\nreturn a"),
        ('local a = "b\\\n-- c  \\\n" -- x\nreturn a', 'local a = "b\\\n-- c  \\\n"\nreturn a'),
        ("local a = b - - -- x\n\tc\nreturn a", "local a = b - -\n\tc\nreturn a"),
        ("local a = b - --[[ x ]]-c\nreturn a", "local a = b - -c\nreturn a"),
        ("f(); -- x\n(g)()\nreturn a", "f();\n(g)()\nreturn a"),
        ("type A = number;\nlocal a = 1;\nreturn a;", "local a = 1;\nreturn a;"),
        ("type A = number local a = 1 return a", "local a = 1 return a"),
        ("local a = 1 type A = number return a", "local a = 1 return a"),
        ("local a = 1\n\ntype A = number\n\nreturn a", "local a = 1\n\nreturn a"),
    ],
)
def test_what_is_left_out_leaves_nothing_behind(source: str, expected: str) -> None:
    assert bundled({"init": source}).split("\n\n", maxsplit=1)[1].removeprefix("type A = number\n\n") == f"{expected}\n"


def names_in(files: Mapping[str, str]) -> list[str]:
    return names_of(bundled(files))


def names_of(text: str) -> list[str]:
    return re.findall(r"^local (\w+) = \(function\(\)$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("path", "other", "name"),
    [
        ("random", "", "random"),
        ("valuesOf", "", "valuesOf"),
        ("Values", "", "values"),
        ("api/run", "", "run"),
        ("a_b/c/D_e", "", "dE"),
        # What another file takes from outside must not become this file.
        ("vector", "local v = vector.create(1, 2)", "vector2"),
        ("vector", "local v = { vector = 1 } v.vector = v:vector()", "vector"),
        ("vector", "local v: { vector: number } = nil", "vector"),
        ("vector", "local function v(vector) return vector end", "vector"),
        ("vector", "local function v() for vector = 1, 2 do print(vector) end end", "vector"),
        ("vector", "local function v() for _, vector in {} do print(vector) end end", "vector"),
        ("vector", "local function vector() end vector()", "vector"),
        ("vector", "local v = 1 :: vector", "vector"),
        ("api/run", "print(run)", "apiRun"),
        ("api/run", "print(run, apiRun, apiRun2)", "apiRun3"),
        ("function", "", "function2"),
        ("api/end", "", "apiEnd"),
    ],
)
def test_a_file_is_named_for_its_path(path: str, other: str, name: str) -> None:
    init = f'local file = require("@self/{path}")\nlocal other = require("@self/other")\nreturn {{ file, other }}'
    assert names_in({"init": init, path: "return { 1 }", "other": f"{other}\nreturn {{ 2 }}"}) == [name, "other"]


def test_two_files_never_have_one_name() -> None:
    files = {"init": 'local x = require("@self/aB")\nlocal y = require("@self/a/b")\nreturn { x, y }'}
    assert names_in({**files, "aB": "return 1", "a/b": "return 2"}) == ["aB", "b"]
    files["init"] = files["init"].replace("a/b", "a/aB")
    assert names_in({**files, "aB": "return 1", "a/aB": "return 2"}) == ["aB", "aAB"]


@pytest.mark.parametrize(
    "user",
    [
        'local rows = 1\nlocal other = require("./rows")\nreturn { rows, other.value }',
        'local function rows() end\nlocal other = require("./rows")\nreturn { rows() or 1, other.value }',
        'local rows = require("./one")\nlocal other = require("./rows")\nreturn { rows, other.value }',
        'local rows, other = 1, 2\nlocal again = require("./rows")\nreturn { rows, again.value }',
    ],
)
def test_a_local_of_the_same_name_does_not_hide_a_file(user: str) -> None:
    files = {"init": 'local user = require("@self/user")\nreturn { value = user[2] }', "user": user}
    files |= {"rows": "return { value = 5 }"} | ({"one": "return 1"} if "./one" in user else {})
    machine = or_skip(RUNTIMES["lua51"])
    for library in (machine.require_tree(files), machine.require(bundled(files))):
        assert machine.run("return (...).value", library) == [5.0]


def test_a_local_of_the_same_name_in_init_does_not_hide_a_file() -> None:
    files = {
        "init": 'local rows = 1\nlocal other = require("@self/rows")\nreturn { rows, other }',
        "rows": "return 5",
    }
    machine = or_skip(RUNTIMES["lua51"])
    assert machine.run("return (...)[2]", machine.require(bundled(files))) == [5.0]


def test_a_file_of_types_is_left_out_unless_it_is_used() -> None:
    types = "export type A = number\nreturn {}"
    only_types = with_init("type A = types_.A\nreturn 1", types=types)
    assert bundled(only_types).endswith("\n\ntype A = number\n\nreturn 1\n")
    assert bundled({**only_types, "types": "export type A = number;\nreturn {};\n"}) == bundled(only_types)
    used = with_init("return types_", types=types)
    assert "local types = (function()\nreturn {}\nend)()\n\nreturn types\n" in bundled(used)
    assert names_in(with_init("return 1", types="return { 1 }")) == ["types"]
    assert names_in(with_init("return 1", types="print(1)\nreturn {}")) == ["types"]


def test_a_require_that_only_types_need_goes() -> None:
    files = with_init("local x: A = 1\nreturn x", random="print(1)\nexport type A = number\nreturn {}")
    files["init"] = files["init"].replace("return", "type A = random_.A\nreturn")
    assert bundled(files).endswith("end)()\n\nlocal x: A = 1\nreturn x\n")


def test_types_are_passed_on_from_file_to_file() -> None:
    files = {
        "init": 'local b = require("@self/b")\nexport type A<K, V> = b.A<K, V>\nreturn 1',
        "b": 'local a = require("./a")\nexport type A<K, V> = a.A<K, V>\nreturn {}',
        "a": "export type A<K, V> = { [K]: V }\nreturn {}",
    }
    assert bundled(files).endswith("\n\nexport type A<K, V> = { [K]: V }\n\nreturn 1\n")


def test_what_init_defines_itself_it_exports_as_it_says() -> None:
    text = bundled({"init": "-- kept\nexport type A = number\n-- gone\ntype B = { number }\nreturn 1"})
    assert text.endswith("\n\n-- kept\nexport type A = number\n\ntype B = { number }\n\nreturn 1\n")


def test_two_equal_definitions_are_one() -> None:
    files = with_init(
        "return 1", a="type A = { x: number } -- x\nreturn {}", b="export type A = {\n\tx: number\n}\nreturn {}"
    )
    assert bundled(files).endswith("\n\ntype A = { x: number }\n\nreturn 1\n")


REQUIRED = 'local types = require("@self/types")\n'


@pytest.mark.parametrize(
    ("init", "why"),
    [
        ("return 1 +", r"^init:2: this is not Luau$"),
        ("local a = 1", r"^init: a file ends with a return of one value$"),
        ("", r"^init: a file ends with a return of one value$"),
        ("-- nothing", r"^init: a file ends with a return of one value$"),
        ("return", r"^init: a file ends with a return of one value$"),
        ("return 1, 2", r"^init: a file ends with a return of one value$"),
        ("do return 1 end", r"^init: a file ends with a return of one value$"),
        ("type A = types.A\nreturn 1", r"^init:2: types exports no type A$"),
        ("type Inner = types.Inner\nreturn 1", r"^init:2: types exports no type Inner$"),
        (
            "type Net = types.Network\nreturn 1",
            r"^init:2: `type Net = types.Network`: an imported type keeps its name and its parameters$",
        ),
        (
            "type Map<A, B> = types.Map<B, A>\nreturn 1",
            r"^init:2: `type Map<A, B> = types.Map<B, A>`: an imported type keeps its name and its parameters$",
        ),
        (
            "type Map = types.Map<string, number>\nreturn 1",
            r"^init:2: `type Map = types.Map<string, number>`: an imported type keeps its name and its parameters$",
        ),
        ("type Network =\n\ttypes.Network\nreturn 1", r"^init:2: a type is imported in one line$"),
        (
            "type Network = other.Network\nreturn 1",
            r"^init:2: `type Network = other.Network`: other is not required here$",
        ),
        (
            "type Two = { types.Network }\nreturn 1",
            r"^init:2: import the type first: `type Network = types.Network`, and say Network$",
        ),
        ("type Two = types.Network?\nreturn 1", r"^init:2: import the type first: "),
        ("local x: types.Network = 1\nreturn 1", r"^init:2: import the type first: "),
        ("local function f(x: types.Network) end\nreturn 1", r"^init:2: import the type first: "),
        ("local x = 1 :: types.Network\nreturn 1", r"^init:2: import the type first: "),
        ("type Network = number\nreturn 1", r"^init:2: types has another type Network$"),
        ("type A = number\ntype A = number\nreturn 1", r"^init:3: init has another type A$"),
        ("do\n\ttype A = number\nend\nreturn 1", r"^init:3: types are defined outside blocks$"),
        ("type A = typeof(types)\nreturn 1", r"^init:2: types stand in front of all code, which typeof could"),
        ('local types = require("@self/types")\nreturn 1', r"^init:1: types is two required files$"),
        ('do local a = require("@self/types") end\nreturn 1', r"^init:2: require stands in lines like "),
    ],
)
def test_a_tree_that_breaks_a_rule_says_which(init: str, why: str) -> None:
    types = "export type Network = { number }\nexport type Map<K, V> = { [K]: V }\ntype Inner = number\nreturn {}"
    with pytest.raises(TreeError, match=why) as caught:
        bundled({"init": REQUIRED + init, "types": types})
    assert "\n" not in str(caught.value)


def test_files_that_nobody_requires_are_refused() -> None:
    with pytest.raises(TreeError, match=r"^types: init does not require this, nor does anything that it requires$"):
        bundled({"init": "return 1", "types": "return {}"})


def test_a_bundle_is_shorter_than_a_script_may_be() -> None:
    assert bundle(TREE, HEADER, {"runNet"}, limit=len(BUNDLE) + 1) == BUNDLE
    with pytest.raises(TreeError) as caught:
        bundle(TREE, HEADER, {"runNet"}, limit=len(BUNDLE))
    count = f"{len(BUNDLE):,}"
    assert re.fullmatch(
        rf"the bundle has {count} characters, and a script takes fewer than {count}; "
        r"the largest files are api/run \(\d+\), types \(\d+\), random \(\d+\)",
        str(caught.value),
    )


# How a number is doubled: by a fast file with a table of its own, by a slower one, or by adding.
OPTIONAL = {
    "init": 'local twice = require("@self/twice")\nreturn { twice = twice.twice, how = twice.how }',
    "twice": """local quick = require("./quick")
local slow = require("./slow")

local found = quick and quick.twice or slow and slow.twice
local how = quick and "quick" or slow and "slow" or "added"

local function twice(x: number): number
	return found and found(x) or x + x
end

return { twice = twice, how = how }
""",
    "quick": """local known = require("./known")

local function twice(x: number): number
	return known[x] or 2 * x
end

return { twice = twice }
""",
    "known": "return { 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40 }",
    "slow": "local function twice(x: number): number\n\treturn 2 * x\nend\n\nreturn { twice = twice }\n",
}


@pytest.mark.parametrize("name", ["lua51", "luau"])
def test_as_many_files_are_left_out_as_must_go(name: str) -> None:
    machine = or_skip(RUNTIMES[name])
    lengths: list[int] = []
    for left_out, how in (([], "quick"), (["quick"], "slow"), (["quick", "slow"], "added")):
        limit = lengths[-1] if lengths else 10_000
        text = bundle(OPTIONAL, HEADER, (), ["quick", "slow"], limit)
        assert len(text) < limit
        lengths.append(len(text))
        assert left_out_of(text) == left_out
        # What only they need goes with them.
        assert ("known" in names_of(text)) == ("quick" in names_of(text)) == ("quick" not in left_out)
        assert machine.run("return (...).twice(3), (...).how", machine.require(text)) == [6.0, how]
    with pytest.raises(TreeError, match=rf"^the bundle has {lengths[-1]} characters"):
        bundle(OPTIONAL, HEADER, (), ["quick", "slow"], lengths[-1])


def many(count: int, *, used_by_one: int = 0) -> dict[str, str]:
    """So many files, which init requires under other names, and one more file that uses some of them."""
    files = {f"f{place}": f"return {place}" for place in range(count)}
    requires = "".join(f'local f{place} = require("@self/f{place}")\n' for place in range(count))
    if used_by_one:
        lines = "".join(f'local g{place} = require("./f{place}")\n' for place in range(used_by_one))
        files["user"] = lines + f"return {' + '.join(f'g{place}' for place in range(used_by_one))}"
        requires += 'local user = require("@self/user")\n'
    # Short tables, which Lua builds with few registers.
    paths = list(files)
    tables = ", ".join(f"{{ {', '.join(paths[start : start + 20])} }}" for start in range(0, len(paths), 20))
    return {"init": f"{requires}return {{ {tables} }}", **files}


@pytest.mark.parametrize("name", ["lua51", "luajit21", "luau"])
def test_as_many_files_as_lua_has_locals_run(name: str) -> None:
    machine = or_skip(RUNTIMES[name])
    count = LOCALS - 1
    files = many(count, used_by_one=UPVALUES)
    library = machine.require(bundled(files))
    returned = [value for table in machine.run("return unpack(...)", library) for value in table]
    assert returned == [*range(count), sum(range(UPVALUES))]


def test_more_files_than_lua_has_locals_are_refused() -> None:
    with pytest.raises(TreeError, match=rf"^the bundle needs {LOCALS + 1} locals outside functions, and Lua takes "):
        bundled(many(LOCALS + 1))
    # A local of init is one too, and what it hides of a required file.
    files = many(LOCALS - 1)
    files["init"] = files["init"].replace("return", "local mine, g7: Mine = 1, 2\nreturn")
    with pytest.raises(TreeError, match=rf"^the bundle needs {LOCALS + 1} locals "):
        bundled(files)


def test_a_file_that_uses_more_files_than_a_function_takes_is_refused() -> None:
    with pytest.raises(TreeError, match=rf"^user uses {UPVALUES + 1} files, and a function in Lua takes {UPVALUES} "):
        bundled(many(UPVALUES + 1, used_by_one=UPVALUES + 1))


# Statements that change what `out` is, and things that may stand between any two.
STATEMENTS = st.sampled_from(
    [
        "out = out .. 'x'",
        'out = out .. "--" .. #out',
        "out = out .. [[ -- a \n\n\n b  ]]",
        "out = out .. [==[ ]] --[[ ]==]",
        "out = out .. '\\'--\\\\'",
        'out = out .. "\\\n -- "',
        "out ..= '--[['",
        "if #out > 3 then\n\tout = out .. 'y'\nend",
        "do\n\t-- in\n\n\tout ..= (('z')) -- ]]\nend",
        "local function f(a: number): number return a - -1 --[[ - ]] end out ..= f(1)",
        "local t = { a = --[[ x ]] 1, -- b\n\t['--'] = 2, } out ..= t['--']",
    ]
)
BETWEEN = st.sampled_from(
    [
        "\n",
        "\n\n\n",
        " \t\n",
        " -- x\n",
        "\n-- x\n",
        "--[[ x ]]",
        " --[==[\n]]\n]==] ",
        "\n\t--[[ a\n\nb ]]\n",
        ";\n",
        "; ",
    ]
)


@given(parts=st.lists(st.tuples(STATEMENTS, BETWEEN), max_size=8), split=st.integers(0, 8))
def test_nothing_but_comments_and_white_space_goes(parts: list[tuple[str, str]], split: int) -> None:
    first, second = ("".join(f"{statement}{gap}" for statement, gap in half) for half in (parts[:split], parts[split:]))
    files = {
        "init": f'local part = require("@self/part")\nlocal out = part.out\n{second}\nreturn {{ out = out }}',
        "part": f'-- part\nlocal out = ""\n{first}\nreturn {{ out = out }}',
    }
    text = bundle(files, "", ())
    nodes = list(inside(parsed(text)))
    assert first_error(nodes[0]) is None
    assert not [node for node in nodes if node.type == "comment"]
    without_strings = text
    for node in nodes:
        if node.type == "string":
            without_strings = without_strings.replace(text_of(node), "''")
    assert not re.search(r"[ \t]$|\n\n\n|\r", without_strings, re.MULTILINE)
    machine = or_skip(RUNTIMES["lua51"])
    results = [machine.run("return (...).out", each) for each in (machine.require_tree(files), machine.require(text))]
    assert results[0] == results[1]


def test_files_that_nobody_has_to_read_have_no_spaces_for_readers() -> None:
    written = """local a, b = 1 + 2, { { 3 }, { } }
local function sum(first: number, ...: number): number
	-- What would be something else without its space keeps it.
	return a - -first * 2 .. "" == "a , b" and first == 1 or (first :: any) ~= b
end
return { sum = sum }"""
    text = bundle({"init": 'local x = require("@self/x")\nreturn { x = x }', "x": written}, "", {}, shortened=("x",))
    assert (
        """local b,c=1+2,{ {3},{}}
local function d(a:N,...:N):N
return b- -a*2 ..""=="a , b"and a==1 or(a::any)~=c
end
return{sum=d}"""
        in text
    )
    assert first_error(parsed(text)) is None
