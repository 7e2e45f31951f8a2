"""What a bundle leaves out of its files: comments and white space, and nothing that does anything."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.library.bundle import bundle
from codegen.runtimes import RUNTIMES
from codegen.translate.luau_syntax import first_error, inside, parsed, text_of
from tests.codegen.library.bundles import HEADER, bundled
from tests.skips import or_skip


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


def short(source: str) -> str:
    """What becomes of a file that nobody has to read."""
    files = {"init": 'local file = require("@self/file")\nreturn file', "file": source}
    text = bundle(files, "", {"public"}, shortened=("file",))
    assert first_error(parsed(text)) is None
    return text.split("local A=(function()\n")[1].removesuffix("\nend)()\nreturn A\n")


def test_files_that_nobody_has_to_read_have_no_spaces_for_readers() -> None:
    written = """local a, b = 1 + 2, { { 3, }, { }, }
local function sum(first: number, ...: number): number
	-- What would be something else without its space keeps it.
	return a - -first * 2 .. "" == "a , b" and first == 1 or (first :: any) ~= b
end
return { sum = sum }"""
    assert (
        short(written)
        == """local b,c=1+2,{{3},{}}
local function a(a:number,...:number)return b- -a*2 ..""=="a , b"and a==1 or(a::any)~=c
end
return{sum=a}"""
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # A block begins and ends in the same line where that saves a space, and where no linter minds.
        ("if f() then\n\tf()\nend\nreturn 1", "if f()then\nf()end\nreturn 1"),
        ("f(function()\n\tf()\n\tf()\nend)\nreturn 1", "f(function()f()\nf()end)\nreturn 1"),
        ("f(function()\n\tf(function() end)\nend)\nreturn 1", "f(function()f(function()end)end)\nreturn 1"),
        (
            "f(function()\n\tif f() then\n\t\tf()\n\tend\nend)\nreturn 1",
            "f(function()\nif f()then\nf()end\nend)\nreturn 1",
        ),
        # The next statement has a line of its own where it had one.
        ("f()\nf() f()\nreturn 1", "f()\nf()f()\nreturn 1"),
        ("f();\n(g)()\nreturn 1", "f();\n(g)()\nreturn 1"),
        ("-- x\nlocal function public()\nend\n-- y\nreturn 1", "-- x\nlocal function a()end\nreturn 1"),
        # Two tokens do not become another one.
        ("local a: Box<number> = f()\nreturn a", "local a:Box<number> =f()\nreturn a"),
        # A comma at the end of a table, and none that something else ends with.
        ("return { 1, f(), }", "return{1,f()}"),
        ('return { a = { ",", }, }', 'return{a={","}}'),
    ],
)
def test_lines_of_files_that_nobody_has_to_read(source: str, expected: str) -> None:
    assert short(source) == expected
