"""Every way to require a file, and every way to get it wrong."""

import posixpath
from collections.abc import Mapping

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from codegen.translate.luau_syntax import parsed
from codegen.translate.requires import TreeError, read_requires, requires_of, resolve, taking_require

FILES = ["init", "random", "types", "api/run", "api/training", "api/deep/down", "layers/run"]


def requires_in(source: str) -> list[tuple[str, str]]:
    return [(require.name, require.text) for require in read_requires(parsed(source), "api/run")]


def test_requires_are_read_in_the_order_in_which_they_stand() -> None:
    source = """--!strict
-- local no = require("./no")
local b = require("./b")
local a = require('../a')

local text = 'local no = require("./no")'
local network: { require: number } = { require = 1 }
local c = require("./c") -- c
local d = other("./d")
print(network.require, network:require())
return text
"""
    assert requires_in(source) == [("b", "./b"), ("a", "../a"), ("c", "./c")]


def test_a_function_that_does_nothing_else_may_require() -> None:
    source = 'local a = require("./a")\nlocal function late()\n\treturn require("./b")\nend\nreturn { late, a }'
    assert requires_in(source) == [("a", "./a"), ("late", "./b")]
    assert taking_require(source).startswith("local require = ...; local a")
    assert taking_require(source.split("\n", 1)[1]).startswith("local require = ...; local function late()")


@pytest.mark.parametrize(
    "line",
    [
        'local a, b = require("./a"), 1',
        'local a, b = require("./a")',
        'local a = require("./a"), 1',
        'local a: any = require("./a")',
        'local a = require("./a") :: any',
        'local a = require("./a").b',
        'local a = require("./a")()',
        'local a = require "./a"',
        'local a = require("./a", 1)',
        'local a = require("./\\97")',
        "local a = require([[./a]])",
        "local a = require(`./a`)",
        "local a = require(script.a)",
        "local a = require(name)",
        "local a = require",
        "local require = 1",
        'require("./a")',
        'a = require("./a")',
        'do local a = require("./a") end',
        'local function f(x) return require("./a") end',
        'local function f(): any return require("./a") end',
        'local function f() return require("./a"), 1 end',
        'local function f() print(1) return require("./a") end',
        'do local function f() return require("./a") end end',
        'function f() return require("./a") end',
        'local t = { [require("./a")] = 1 }',
        'local t = { require("./a") }',
        "local t = { require }",
        'require.a("./a")',
    ],
)
def test_require_stands_in_one_form_only(line: str) -> None:
    with pytest.raises(TreeError, match=r"^api/run:2: require stands in lines like `local name = require\(") as caught:
        requires_in(f"-- first\n{line}\nreturn 1")
    assert "\n" not in str(caught.value)


def test_what_is_not_luau_is_refused() -> None:
    with pytest.raises(TreeError, match=r"^api/run:2: this is not Luau$"):
        requires_in('local a = require("./a")\nlocal = 1')


@pytest.mark.parametrize(
    ("path", "text", "target"),
    [
        ("init", "@self/random", "random"),
        ("init", "@self/api/run", "api/run"),
        ("random", "./types", "types"),
        ("random", "./api/run", "api/run"),
        ("api/run", "../random", "random"),
        ("api/run", "./training", "api/training"),
        ("api/run", "./run", "api/run"),
        ("api/run", "./deep/down", "api/deep/down"),
        ("api/run", "../layers/run", "layers/run"),
        ("api/deep/down", "../run", "api/run"),
        ("api/deep/down", "../../types", "types"),
        ("api/deep/down", "../../layers/run", "layers/run"),
    ],
)
def test_a_string_means_a_file(path: str, text: str, target: str) -> None:
    assert resolve(text, path, FILES) == target


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("init", "./random", 'init reaches its files by "@self/…"'),
        ("init", "../random", 'init reaches its files by "@self/…"'),
        ("init", "random", 'init reaches its files by "@self/…"'),
        ("init", "@self/nothing", "there is no file 'nothing'"),
        ("init", "@self/api", "there is no file 'api'"),
        ("init", "@self", "there is no file ''"),
        ("init", "@self/", "there is no file ''"),
        ("init", "@self/init", "init requires the others, nobody requires it"),
        ("init", "@self/../random", "there is no file '../random'"),
        ("init", "@self/random.luau", "there is no file 'random.luau'"),
        ("random", "@self/types", 'only init has files of its own, others write "./…" or "../…"'),
        ("random", "types", 'a file is required by "./…" or "../…"'),
        ("random", "@game/types", 'a file is required by "./…" or "../…"'),
        ("random", "/types", 'a file is required by "./…" or "../…"'),
        ("random", "", 'a file is required by "./…" or "../…"'),
        ("random", "./init", "init requires the others, nobody requires it"),
        ("random", "../types", "this leaves the library"),
        ("random", "..", "this leaves the library"),
        ("random", "./Types", "there is no file 'Types'"),
        ("api/run", "./random", "there is no file 'api/random'"),
        ("api/run", "../../random", "this leaves the library"),
        ("api/run", "./../random", "there is no file 'api/../random'"),
        ("api/run", "..", "there is no file ''"),
        ("api/run", "../", "there is no file ''"),
        ("api/run", "..//random", "there is no file '/random'"),
    ],
)
def test_a_string_that_means_no_file_says_why(path: str, text: str, why: str) -> None:
    with pytest.raises(TreeError) as caught:
        resolve(text, path, FILES)
    assert str(caught.value) == f'{path}: "{text}": {why}'


parts = st.sampled_from([".", "..", "@self", "api", "deep", "run", "random", "types", "training", "down", "layers", ""])


@given(path=st.sampled_from(FILES), words=st.lists(parts, min_size=1, max_size=6))
def test_whatever_is_found_is_where_the_path_leads(path: str, words: list[str]) -> None:
    text = "/".join(words)
    led = posixpath.normpath(posixpath.join(posixpath.dirname(path), text.removeprefix("@self/")))
    try:
        target = resolve(text, path, FILES)
    except TreeError as error:
        said = str(error)
        event("refused")
        assert said.startswith(f'{path}: "{text}": ')
        assert "\n" not in said
    else:
        event("found")
        assert target == led


def test_each_file_has_its_strings_and_their_paths() -> None:
    files = {
        "init": 'local run = require("@self/api/run")\nlocal random = require("@self/random")\nreturn {}',
        "random": "return {}",
        "api/run": 'local random = require("../random")\nreturn {}',
    }
    found = requires_of(files)
    assert found == {
        "init": {"@self/api/run": "api/run", "@self/random": "random"},
        "random": {},
        "api/run": {"../random": "random"},
    }
    assert list(found["init"]) == ["@self/api/run", "@self/random"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "there is no file init"),
        ({"random": ""}, "there is no file init"),
        ({"init": "", "a.luau": ""}, "'a.luau' is no path: names are letters, digits and _, with / between them"),
        ({"init": "", "a//b": ""}, "'a//b' is no path: names are letters, digits and _, with / between them"),
        ({"init": "", "./b": ""}, "'./b' is no path: names are letters, digits and _, with / between them"),
        ({"init": "", "a\n": ""}, "'a\\n' is no path: names are letters, digits and _, with / between them"),
        ({"init": "", "api/init": ""}, "api/init: only the library itself has an init"),
        ({"init": "", "a/b": "", "a/b/c/d": ""}, "a/b is a file and a folder: in Roblox both would have one name"),
        ({"init": 'local a = require("@self/a")'}, "init: \"@self/a\": there is no file 'a'"),
        ({"init": "\nlocal ="}, "init:2: this is not Luau"),
    ],
)
def test_a_tree_that_is_none_says_why(files: Mapping[str, str], why: str) -> None:
    with pytest.raises(TreeError) as caught:
        requires_of(files)
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("source", "taking"),
    [
        ('«»local a = require("./a")\n', True),
        ('--!native\n-- é\n--[[ x\n]]\n\n«»local a = require("./a")\nreturn a', True),
        ('--!strict\n--[[ x ]] «»type A = number\nlocal a = require("./a")', True),
        ("--!native\n«»local a = 1 -- require\nreturn a", False),
        ("-- nothing «»", False),
    ],
)
def test_a_source_takes_its_require_behind_the_comments_at_its_top(source: str, taking: bool) -> None:
    expected = source.replace("«»", "local require = ...; " if taking else "")
    assert taking_require(source.replace("«»", "")) == expected
