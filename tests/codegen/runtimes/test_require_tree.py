"""A tree of files loads in every machine as it does in Roblox: each file once, when it is first required."""

from collections.abc import Callable

import pytest

from codegen.runtimes import LuaError, Runtime
from codegen.translate.requires import TreeError

TREE = {
    "init": """--!strict
--!optimize 2
-- The library.

local run = require("@self/api/run")
local random = require("@self/random")

return { run = run.run, fail = run.fail, random = random, ofRun = run.random }
""",
    "random": """local state: { count: number } = { count = 0 }
return state
""",
    "api/run": """--!native
-- Runs.
local random = require("../random")
local half = require("./helpers/half")

local function run(x: number): number
	random.count += 1
	return half(x) + random.count
end

local function fail()
	error("went wrong")
end

return { run = run, fail = fail, random = random }
""",
    "api/helpers/half": """local random = require("../../random")
random.count += 10
return function(x: number): number
	return x / 2
end
""",
}


def test_files_require_each_other_and_share_what_they_return(runtime: Runtime) -> None:
    library = runtime.require_tree(TREE)
    script = "local L = ... return L.run(3), L.random.count, L.random == L.ofRun, L.run(3)"
    assert runtime.run(script, library) == [12.5, 11.0, True, 13.5]


def test_each_file_runs_once_and_the_first_time_it_is_required(make_runtime: Callable[..., Runtime]) -> None:
    loaded: list[str] = []
    machine = make_runtime("", {"note": loaded.append})
    files = {
        "init": 'note("init")\nlocal b = require("@self/b")\nnote("behind b")\nlocal a = require("@self/a")\nreturn 1',
        "a": 'local b = require("./b")\nnote("a")\nreturn false',
        "b": 'note("b")\nreturn {}',
        "never": 'note("never")\nreturn {}',
    }
    machine.require_tree(files)
    assert loaded == ["init", "b", "behind b", "a"]


def test_a_file_that_returns_false_is_not_run_again(make_runtime: Callable[..., Runtime]) -> None:
    loaded: list[str] = []
    files = {
        "init": 'local a = require("@self/a")\nlocal b = require("@self/b")\nreturn { a = a, b = b }',
        "a": 'note("a")\nreturn false',
        "b": 'local a = require("./a")\nreturn a',
    }
    machine = make_runtime("", {"note": loaded.append})
    library = machine.require_tree(files)
    assert machine.run("return (...).a, (...).b", library) == [False, False]
    assert loaded == ["a"]


def test_two_trees_share_nothing(runtime: Runtime) -> None:
    first, second = runtime.require_tree(TREE), runtime.require_tree(TREE)
    assert runtime.run("local a, b = ... return a.run(0), b.run(0), a.random == b.random", first, second) == [
        11.0,
        11.0,
        False,
    ]


def test_an_error_tells_the_file_and_the_line(runtime: Runtime) -> None:
    library = runtime.require_tree(TREE)
    with pytest.raises(LuaError) as caught:
        runtime.run("local fail = (...).fail\nfail()", library)
    assert (caught.value.position, caught.value.message) == ("KNNLibrary/api/run:12", "went wrong")


@pytest.mark.parametrize(
    ("files", "position", "message"),
    [
        ({"init": '\n\nlocal a = 1\nerror("bad")\nreturn a'}, "Lib:4", "bad"),
        ({"init": 'local a = require("@self/a")\nreturn a', "a": '-- a\nerror("bad")\nreturn 1'}, "Lib/a:2", "bad"),
        (
            {"init": 'local a = require("@self/a")\nreturn a', "a": '-- a\n\nlocal b = require("./a")\nreturn b'},
            "Lib/a:3",
            '"./a" closes a circle of files that require each other',
        ),
        (
            {
                "init": 'local a = require("@self/x/a")\nreturn a',
                "x/a": 'local b = require("./b")\nreturn b',
                "x/b": '\nlocal a = require("./a")\nreturn a',
            },
            "Lib/x/b:2",
            '"./a" closes a circle of files that require each other',
        ),
        ({"init": '\nlocal a = require("@self/a")\nreturn a', "a": ""}, "Lib:2", '"@self/a" returns nothing'),
        ({"init": "local a = 1"}, "", "nothing was returned"),
    ],
)
def test_a_tree_that_cannot_be_loaded_tells_where(
    runtime: Runtime, files: dict[str, str], position: str, message: str
) -> None:
    with pytest.raises(LuaError) as caught:
        runtime.require_tree(files, "Lib")
    assert (caught.value.position, caught.value.message) == (position, message)


def test_a_syntax_error_tells_the_file_and_the_line(runtime: Runtime) -> None:
    with pytest.raises(LuaError) as caught:
        runtime.require_tree({**TREE, "api/helpers/half": "-- half\n\nlocal = 1"})
    assert caught.value.position == "KNNLibrary/api/helpers/half:3"


def test_a_string_that_means_no_file_is_refused(runtime: Runtime) -> None:
    with pytest.raises(TreeError, match=r'^api/run: "\.\./random": there is no file \'random\'$'):
        runtime.require_tree({"init": 'local a = require("@self/api/run")\nreturn a', "api/run": TREE["api/run"]})
