"""Types vanish and nothing else changes: not a line, not a column, not what a program does."""

import re

import pytest

from codegen.runtimes import Runtime
from codegen.translate.erase_types import EraseError, erase_types
from tests.codegen.machines import made
from tests.library import tree

# What stands between « and » is a type and must become blanks.
TYPED = {
    "a local": "local x«: number» = 1",
    "locals without values": "local x«: number», y«: { [string]: any }?»",
    "several locals": 'local a«: number», b«: string?», c = 1, "x", nil',
    "a function type": "local f«: (number, string?) -> (boolean, ...any)» = g",
    "a union of strings": 'local x«: "a" | "b" & C» = y',
    "a qualified generic type": "local x«: Module.Map<string, { number }>» = y",
    "parameters and a result": "local function f(a«: number», b, c«: { x: number }?»)«: boolean» return a end",
    "several results": "local function f()«: (number, string?)» return 1 end",
    "no result": "local function f()«: ()» end",
    "varargs": "local function f(x«: number», ...«: string») return ... end",
    "overloads on several lines": "«type F =\n\t((a: A) -> { number })\n\t& ((a: A, b: B) -> { any })»\nreturn 1",
    "generics": "local function f«<T, U...>»(x«: T», ...«: any»)«: (T, U...)» return x, ... end",
    "an anonymous function": "local f = function«<T>»(x«: T»)«: T» return x end",
    "a method": "function object.part:method(x«: number»)«: string» return self.name:rep(x) end",
    "a loop's variables": "for index«: number», value«: any» in pairs(t) do print(index, value) end",
    "a nested function": "return function(a«: number») return function(b«: number») return a + b end end",
    "an exported type": "«export type Pair<A, B = A> = { first: A, second: B }» return 1",
    "a local type": "«type Callback = (number) -> ()» local x = 1",
    "a cast": "local x = y« :: any»",
    "a cast of a table": "local x = {}« :: { [string]: number }»",
    "a cast of a function": "local x = function(a«: number») return a end« :: Callback»",
    "a cast in parentheses": "local x = (y« :: any»).z[i« :: any»]",
    "casts as arguments": "f(a« :: any», b« :: string»)(c« :: any»)",
    "casts in a table": "local t = { a« :: any», k = b« :: any», [c« :: any»] = d« :: any», e }",
    "casts of operands": "local x = a« :: number» + -b« :: number» .. (c« :: any»)",
    "casts in conditions": "while a« :: any» do if b« :: any» then break end end repeat until c« :: any»",
    "a cast of the first of several calls": "return f()« :: number», 1",
    "a cast of a call in parentheses": "return (f()« :: number»)",
    "casts of calls that Lua cuts as well": "t = { { x = f()« :: any» }, g(f()« :: any», 5), f()« :: any», 5 }",
    "a cast of a call for one local": "local x = f()« :: number»",
    "an assignment": "a.b, c = x« :: any», y« :: any»",
    "a type beyond ASCII": 'local x«: "é" | "—"» = y',
    "a multi-line type": "«export type Shape = {\n\tsides: number, -- at least 3\n\tname: string?,\n}»\nreturn 1",
    "a multi-line union": '«type Name =\n\t| "a"\n\t| "b"»\nreturn 1',
    "a multi-line signature": "local function f(\n\ta«: number»,\n\tb«: {\n\t\tany\n\t}»\n)«: (\n\tA,\n\tB\n)»\nend",
    "types beside other text": 'local s«: string» = "é: number" -- ü: number :: T\nlocal t«: any» = s',
}

PLAIN = [
    "",
    "local a, b = 1, 'x'\n\nreturn a, b",
    'local s = "x: number = 1 :: T += 2"',
    "local s = 'export type A = number'",
    "local s = [[\nlocal x: number = y :: T\nx += 1\n]] -- a: b",
    "--[[ local x: number\ntype A = B ]] local x = 1 -- x += 1 :: T",
    "object:method(1):other { a = 1 }",
    "function object:method() return self:other() end",
    "local type = type\nlocal name = type(value)",
    "for i = 1, 10, 2 do t[i] = i % 2 == 0 and i or -i end",
    "if a < b and c > d then e = not f else g = a ~= b end",
    "\r\nlocal x = 1\r\n\treturn x\r\n",
]

COMPOUND = [
    ("a += 1", "a = a + (1)"),
    ("a+=1", "a= a +(1)"),
    ("a -= b and c", "a = a - (b and c)"),
    ("a *= b + c", "a = a * (b + c)"),
    ("a /= -b", "a = a / (-b)"),
    ("a %= b .. c", "a = a % (b .. c)"),
    ("a ^= b ^ c", "a = a ^ (b ^ c)"),
    ("a ..= b or c", "a = a .. (b or c)"),
    ("a.b[c.d][1].e += 1", "a.b[c.d][1].e = a.b[c.d][1].e + (1)"),
    ("a += 1 b -= 2", "a = a + (1) b = b - (2)"),
    ("a += 1; b -= 2 -- c", "a = a + (1); b = b - (2) -- c"),
    ("a += b :: number", "a = a + (b          )"),
    ("a += f(\n\tb\n)\nc = 1", "a = a + (f(\n\tb\n))\nc = 1"),
    (
        "a += (function(x: number) x += 1 return x end)(2)",
        "a = a + ((function(x        ) x = x + (1) return x end)(2))",
    ),
]

RESULTS = "local function f() return 1, 2, 3 end\n"
COUNTER = "local calls = 0\nlocal function once() calls = calls + 1 return 1 end\nlocal t = { 10 }\n"

# In Luau a cast keeps one result, and the place of a compound assignment is evaluated once. Where Lua differs, a
# program is refused or rewritten.
PROGRAMS: dict[str, tuple[str, list[object]]] = {
    "a looser operator on the right": ("local a, b, c = 10, 3, 4 a -= b - c a *= b + c return a", [77.0]),
    "a logical operator on the right": (
        "local a, b = 2, nil a += b or 5 a ..= b == nil and 'x' or 'y' return a",
        ["7x"],
    ),
    "a nested index": ("local t = { a = { 1, 2 } } t.a[1 + 1] *= 2 + 3 return t.a[2]", [10.0]),
    "a cast in a compound target": ("local t: any = { 1 } (t :: any)[1] += 1 return t[1]", [2.0]),
    "a cast in a compound index": ("local t: any, i: any = { 1 }, 1 t[i :: number] += 1 return t[1]", [2.0]),
    "a call in a compound index": (COUNTER + "t[once()] += 5 return t[1], calls", [15.0, 1.0]),
    "a call inside a compound target": (COUNTER + "({ { t } })[1][once()][1] += 5 return t[1], calls", [15.0, 1.0]),
    "a compound target over lines": (
        "local t = { 1 }\nt[\n\t1\n] += 1\nlocal _, text = pcall(function() error('here') end) return text, t[1]",
        ["script:5: here", 2.0],
    ),
    "a compound index with blanks": ("local t = { ['a  b'] = 1 } t['a  b'] += 1 return t['a  b']", [2.0]),
    "a compound index with a comment": ("local t, i = { 1 }, 1 t[i -- one\n] += 1 return t[1]", [2.0]),
    "a compound assignment with comments": ("local a = 1 a --[[one]] += --[[two]] 1 -- three\nreturn a", [2.0]),
    "a cast call for two locals": (RESULTS + "local a, b = f() :: any return a, b", [1.0, None]),
    "a cast call for two variables": (RESULTS + "local a, b = 0, 0 a, b = f() :: any return a, b", [1.0, None]),
    "a last cast call for locals": (RESULTS + "local a, b, c = 0, f() :: any return a, b, c", [0.0, 1.0, None]),
    "a first cast call for locals": (RESULTS + "local a, b = f() :: any, 5 return a, b", [1.0, 5.0]),
    "a cast call for a loop": (
        "local function f() return next, { 'a' } end\nreturn (pcall(function() for _ in f() :: any do return end end))",
        [False],
    ),
    "a last cast call in a table": (RESULTS + "return #{ 5, f() :: any, }", [2.0]),
    "a last cast call in a table, with a comment": (RESULTS + "return #{ f() :: any -- one\n}", [1.0]),
    "a last cast call as an argument, with a comment": (RESULTS + "return select('#', f() :: any --[[one]])", [1.0]),
    "a first cast call in a table": (RESULTS + "return #{ f() :: any, 5 }", [2.0]),
    "a first cast call as an argument": (RESULTS + "return select('#', f() :: any, 5)", [2.0]),
    "a cast call under an operator": (RESULTS + "return not f() :: any", [False]),
}

# A quoted string, a comment or a long string, so that what is left is code.
NO_CODE = re.compile(r"""--\[\[.*?\]\]|\[\[.*?\]\]|--[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def typed_and_erased(marked: str) -> tuple[str, str]:
    blanked = re.sub(r"«(.*?)»", lambda found: re.sub(r"[^\n]", " ", found[1]), marked, flags=re.DOTALL)
    return marked.replace("«", "").replace("»", ""), blanked


@pytest.mark.parametrize("marked", TYPED.values(), ids=TYPED)
def test_a_type_becomes_blanks_and_all_else_stays_in_its_place(marked: str) -> None:
    source, erased = typed_and_erased(marked)
    assert erase_types(source) == erased


@pytest.mark.parametrize("marked", TYPED.values(), ids=TYPED)
def test_what_is_left_is_lua(marked: str) -> None:
    made("lua51").compile(typed_and_erased(marked)[0], "erased")


@pytest.mark.parametrize("source", PLAIN)
def test_lua_without_types_stays_as_it_is(source: str) -> None:
    assert erase_types(source) == source


@pytest.mark.parametrize(("source", "expected"), COMPOUND)
def test_a_compound_assignment_is_written_out(source: str, expected: str) -> None:
    assert erase_types(source) == expected


@pytest.mark.parametrize(("source", "expected"), PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_gives_without_types_what_it_gives_with_them_or_is_refused(
    runtime: Runtime, source: str, expected: list[object]
) -> None:
    if runtime.name != "luau":
        try:
            erase_types(source)
        except EraseError:
            return
    assert runtime.run(source) == expected


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("return f() :: number", 8),
        ("return 1, f() :: number", 11),
        ("return ... :: number", 8),
        ("return object:method() :: number", 8),
        ("g(f() :: number)", 3),
        ("g(1, f() :: number)", 6),
        ("local t = { f() :: number }", 13),
        ("local t = { 1, f() :: number }", 16),
    ],
)
def test_a_cast_that_cuts_results_is_refused_where_lua_would_keep_them(source: str, column: int) -> None:
    with pytest.raises(EraseError, match=rf"^line 2, column {column}: write \(f\(\) :: T\) in parentheses"):
        erase_types(f"\n{source}")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("local x = = 3", 1),
        ("local x: = 3", 1),
        ("local x = 1\nif x then\n\tx = )\nend", 3),
        ("local x = 1\nlocal function f(a b) end", 2),
        ("\nreturn 'open", 2),
        ("for i = 1, 2 do", 1),
    ],
)
def test_a_syntax_error_is_named_with_its_place(source: str, line: int) -> None:
    with pytest.raises(EraseError, match=rf"^line {line}, column \d+: this is not Luau$"):
        erase_types(source)


@pytest.mark.parametrize("path", tree())
def test_the_library_is_lua_on_the_same_lines_once_its_types_are_erased(path: str) -> None:
    typed = tree()[path]
    erased = erase_types(typed)
    assert not re.search(r"::|->|\bexport\b|[-+*/%^.]=", NO_CODE.sub("", erased))
    for number, (was, left) in enumerate(zip(typed.split("\n"), erased.split("\n"), strict=True), start=1):
        column = len(left) - len(left.lstrip())
        assert was[column : column + 1] == left[column : column + 1], number
    assert erase_types(erased) == erased
    made("lua51").compile(erased, path)
