"""What files are called in a bundle: no two alike, and nothing else in their way."""

import pytest

from codegen.runtimes import RUNTIMES
from tests.codegen.library.bundles import bundled, names_in
from tests.skips import or_skip


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
