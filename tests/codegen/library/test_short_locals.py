"""Short names for locals: one name for as many as possible, and each still means what it meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.library.bundle import bundle
from codegen.runtimes import RUNTIMES
from tests.codegen.library.bundles import HEADER
from tests.roblox.type_checker import check_source
from tests.skips import or_skip


def tree(source: str) -> dict[str, str]:
    return {"init": 'local file = require("@self/file")\nreturn { file }', "file": source}


def short(source: str) -> str:
    """What becomes of a file, without the return at its end."""
    text = bundle(tree(f"{source}\nreturn 1"), "", (), shortened=("file",))
    return text.split("local A=(function()\n")[1].split("\nreturn 1\n")[0]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # The shortest for what is said most often.
        ("local one, two = 1, 2\nprint(two)", "local b,a=1,2\nprint(a)"),
        # One name for all that nobody confuses: in other functions, and behind each other in one.
        (
            "local function one(two) end\nlocal function three(four) end",
            "local function a(a)end\nlocal function b(a)end",
        ),
        ("do local one = 1 end\ndo local two = 2 end", "do local a=1 end\ndo local a=2 end"),
        ("for one = 1, 2 do end\nfor two, three in x do end", "for a=1,2 do end\nfor a,b in x do end"),
        # What is used inside is not hidden there, and elsewhere it is.
        ("local one = 1\nlocal function two(three) return one end", "local a=1\nlocal function b(b)return a end"),
        ("local one = 1\nlocal function two(three) return three end", "local a=1\nlocal function b(a)return a end"),
        ("local function one(two) return one(two) end", "local function a(b)return a(b)end"),
        ("local one\nlocal function two()\nlocal three = one\nend", "local a\nlocal function b()local a=a\nend"),
        # What stands behind `until` sees what is in the block.
        ("local one = 1\nrepeat local two = 2 until one == two", "local a=1\nrepeat local b=2 until a==b"),
        ("repeat local two = 2 until two\nprint(two)", "repeat local a=2 until a\nprint(two)"),
        # What is no local is hidden by none.
        ("local one = 1\nprint(one, a, b.c)", "local c=1\nprint(c,a,b.c)"),
        ("local one = one\nprint(one)", "local a=one\nprint(a)"),
        ("local function print2(x)\nprint(x, x, a)\nend", "local function b(b)print(b,b,a)end"),
        # A name that says that it is not used goes on saying so.
        ("local function one(_two, _three) end", "local function a(_,_a)end"),
        ("for _, one in x do end\nfor _index, one in x do end", "for _,a in x do end\nfor _,a in x do end"),
    ],
)
def test_short_names(source: str, expected: str) -> None:
    assert short(source) == expected


# More locals than there are letters, all used behind what stands between.
BEFORE = "".join(f"local v{place} = {place}\n" for place in range(60))
BEHIND = f"return {{ other.value, {', '.join(f'v{place}' for place in range(60))} }}"
REQUIRE = 'local other = require("./other")\n'


@pytest.mark.parametrize(
    "file",
    [
        f"{REQUIRE}{BEFORE}{BEHIND}",
        # Here the file keeps a local of its own, which something hides elsewhere.
        f"{BEFORE}{REQUIRE}do local other = 1 tostring(other) end\n{BEHIND}",
    ],
)
def test_a_file_is_not_hidden_where_it_is_used(file: str) -> None:
    files = {**tree(file), "other": "return { value = 5 }"}
    machine = or_skip(RUNTIMES["lua51"])
    library = machine.require(bundle(files, HEADER, (), shortened=("file", "other")))
    assert machine.run("return unpack((...)[1])", library) == [5, *range(60)]


NAMES = st.sampled_from(["a", "b", "c", "x", "_d"])


def blocks(depth: int) -> st.SearchStrategy[str]:
    """Statements that make locals of few names in all ways, and say what names mean."""
    simple = st.one_of(
        NAMES.map("say({0})".format),
        st.tuples(NAMES, NAMES).map(lambda each: f"local {each[0]} = next({each[1]})"),
        st.tuples(NAMES, NAMES).map(lambda each: f"{each[0]} = next({each[1]})"),
        st.tuples(NAMES, NAMES, NAMES).map(lambda each: f"local {each[0]}, {each[1]}Two = next({each[2]}), 1"),
    )
    if not depth:
        return st.lists(simple, max_size=4).map("\n".join)
    inner = blocks(depth - 1)
    nested = st.one_of(
        inner.map("do\n{0}\nend".format),
        st.tuples(NAMES, inner).map(lambda each: f"for {each[0]} = 1, 2 do\n{each[1]}\nend"),
        st.tuples(NAMES, inner).map(lambda each: f"for {each[0]}, {each[0]}Two in pairs({{ 7 }}) do\n{each[1]}\nend"),
        st.tuples(inner, NAMES).map(lambda each: f"repeat\n{each[0]}\nuntil say({each[1]})"),
        st.tuples(NAMES, NAMES, inner).map(
            lambda each: f"do\nlocal function {each[0]}({each[1]})\n{each[2]}\nend\ncall({each[0]})\nend"
        ),
        st.tuples(NAMES, inner).map(lambda each: f"call(function({each[0]})\n{each[1]}\nend)"),
        st.tuples(NAMES, inner, inner).map(lambda each: f"if say({each[0]}) then\n{each[1]}\nelse\n{each[2]}\nend"),
    )
    return st.lists(st.one_of(simple, nested), max_size=4).map("\n".join)


# What is no local is a global, of which one run leaves nothing to the next.
HEAD = """a, b, c, x, _d = 1, 2, 3, 4, 5
local said, made, depth = {}, 0, 0
local function say(value) said[#said + 1] = type(value) == "number" and value or type(value) return true end
local function next(value) made = made + 1 return made + (type(value) == "number" and value or 0) * 100 end
local function call(f) depth = depth + 1 if depth < 9 then f(next(1)) end depth = depth - 1 end
"""


@given(source=blocks(3))
def test_names_mean_what_they_meant(source: str) -> None:
    files = tree(f"{HEAD}{source}\nreturn said")
    machine = or_skip(RUNTIMES["lua51"])
    written, shortened = bundle(files, "", ()), bundle(files, "", (), shortened=("file",))
    results = [machine.run("return unpack((...)[1])", machine.require(each)) for each in (written, shortened)]
    assert results[0] == results[1]


@pytest.mark.parametrize(
    "source",
    ["local one = 1\nprint(one)\nlocal two = 2\nprint(two)", "for one = 1, 2 do\nlocal two = 1\nprint(two)\nend"],
)
def test_linters_see_no_local_that_hides_another_of_its_function(source: str) -> None:
    text = bundle(tree(f"{source}\nreturn 1"), "--!strict", (), shortened=("file",))
    assert or_skip(lambda: check_source("", text)) == []
