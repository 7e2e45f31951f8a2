"""The type checker's own behaviour: requires are followed, and what is wrong is said of its own file and line."""

from pathlib import Path

import pytest

from tests.roblox.type_checker import Finding, check, check_source, check_sources, exported_types
from tests.skips import or_skip

DEFINITIONS = """\
declare class ModuleScript
end
declare class Storage
	Short: ModuleScript
	WaitForChild: (self: Storage, name: string) -> ModuleScript
end
declare storage: Storage
"""

# A library as a tree: a type made in one file, carried through others, and given to users.
TREE = {
    "init.luau": """\
local Types = require("@self/types")
local run = require("@self/api/run")
export type Network = Types.Network
return { run = run, helper = require("./helper"), VERSION = "1" }
""",
    "types.luau": "export type Network = { size: number, name: string? }\nreturn {}\n",
    "api/run.luau": """\
local Types = require("../types")
local sums = require("../kernels")
local twice = require("./twice")
return function(network: Types.Network): number
	return twice(sums.total({ network.size }))
end
""",
    "api/twice.luau": "return function(x: number): number\n\treturn 2 * x\nend\n",
    "kernels/init.luau": 'local total = require("@self/total")\nreturn { total = total }\n',
    "kernels/total.luau": """\
local twice = require("../api/twice")
return function(values: { number }): number
	local sum = twice(0)
	for _, value in values do
		sum += value
	end
	return sum
end
""",
    "../helper.luau": 'return "beside the folder"\n',
}

USER = """\
--!strict
local Short = require(storage.Short)
local network: Short.Network = { size = 1 }
local result: number = Short.run(network)
print(result, Short.VERSION)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The folder of the library, which is clean."""
    folder = tmp_path / "Short"
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def found_in(tree: Path) -> list[Finding]:
    """What is found from a tree's init on."""
    return or_skip(lambda: check(DEFINITIONS, tree / "init.luau"))


def found_by_user(tree: Path, script: str) -> list[tuple[int, str]]:
    """The lines and messages of what is found in a user's script."""
    found = or_skip(lambda: check_source(DEFINITIONS, script, modules={"Short": tree / "init.luau"}))
    assert {each.path.name for each in found} <= {"source.luau"}
    return [(each.line, each.message) for each in found]


def test_only_exported_types_are_given() -> None:
    assert exported_types("type A = number\nexport type B = A\nreturn 1") == {"B": "export type B = A"}


def test_findings_have_their_lines() -> None:
    source = "print(global)\nlocal a: string = global\nprint(a)\n"
    found = or_skip(lambda: check_source("declare global: number", source))
    assert [(each.line, each.message) for each in found] == [(2, "Expected this to be 'string', but got 'number'")]


def test_definitions_with_errors_are_refused() -> None:
    with pytest.raises(ValueError, match="1:17: Unknown type 'Nope'"):
        or_skip(lambda: check_source("declare global: Nope", "print(global)\n"))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nope"):
        or_skip(lambda: check("", tmp_path / "nope.luau"))


def test_a_tree_without_mistakes_is_clean(tree: Path) -> None:
    assert found_in(tree) == []
    assert or_skip(lambda: check(DEFINITIONS, *tree.rglob("*.luau"))) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        ("types.luau", "number", "string", 5, "'number', but got 'string'"),  # found where the type is used
        ("api/run.luau", "sums.total(", "sums.totals(", 5, "Key 'totals' not found"),
        ("api/run.luau", "network.size }", "'a' }", 5, "'number', but got 'string'"),
        ("api/run.luau", "Types.Network", "Types.Nope", 4, "Unknown type 'Types.Nope'"),
        ("kernels/total.luau", "twice(0)", "twice()", 3, "Argument count mismatch"),
    ],
)
def test_a_type_error_across_files_is_found_once(
    tree: Path, file: str, old: str, new: str, line: int, message: str
) -> None:
    change(tree / file, old, new)
    (found,) = found_in(tree)
    where = "api/run.luau" if file == "types.luau" else file
    assert (found.path, found.line) == (tree / where, line)
    assert message in found.message


def test_a_lint_in_a_child_is_found(tree: Path) -> None:
    change(tree / "kernels" / "total.luau", "\tlocal sum", "\tlocal unread = 1\n\tlocal sum")
    (found,) = found_in(tree)
    assert (found.path, found.line) == (tree / "kernels" / "total.luau", 3)
    assert "Variable 'unread' is never used" in found.message


def test_a_file_is_checked_strictly_whoever_requires_it(tree: Path) -> None:
    change(tree / "api" / "twice.luau", "return 2", "nowhere = x\n\treturn 2")
    found = found_in(tree)
    assert {(each.path, each.line) for each in found} == {(tree / "api" / "twice.luau", 2)}
    assert "Unknown global 'nowhere'" in found[0].message


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("init.luau", "@self/types", "@self/type"),
        ("init.luau", "@self/types", "./types"),  # which would be beside the folder
        ("init.luau", "./helper", "../helper"),
        ("init.luau", "./helper", "./helper.luau"),
        ("api/run.luau", "./twice", "@self/twice"),  # which has no children
        ("api/run.luau", "./twice", "twice"),
        ("api/run.luau", "./twice", ".//twice"),
        ("api/run.luau", "../kernels", "../kernels/init"),
        ("kernels/init.luau", "@self/total", "./total"),
    ],
)
def test_a_require_that_leads_nowhere_is_found(tree: Path, file: str, old: str, new: str) -> None:
    change(tree / file, f'"{old}"', f'"{new}"')
    found = found_in(tree)
    text = (tree / file).read_text(encoding="utf-8")
    line = text[: text.index(f'"{new}"')].count("\n") + 1
    assert (found[0].path, found[0].line) == (tree / file, line)
    assert "Unknown require: " in found[0].message


def test_a_require_that_leads_to_two_files_is_found(tree: Path) -> None:
    (tree / "kernels.luau").write_text("return {}\n", encoding="utf-8")
    assert {(each.path, each.line) for each in found_in(tree)} == {(tree / "api" / "run.luau", 2)}


def test_a_circle_of_requires_is_found(tree: Path) -> None:
    change(tree / "api" / "twice.luau", "return 2", 'print(require("../kernels"))\n\treturn 2')
    assert any("Cyclic module dependency" in each.message for each in found_in(tree))


@pytest.mark.parametrize("place", ["storage.Short", "storage:WaitForChild('Short')", "(storage.Short)"])
def test_a_users_script_is_clean(tree: Path, place: str) -> None:
    assert found_by_user(tree, USER.replace("storage.Short", place)) == []


def test_a_script_may_keep_the_module_in_a_local(tree: Path) -> None:
    script = USER.replace(
        "local Short = require(storage.Short)", "local place = storage.Short\nlocal Short = require(place)"
    )
    assert found_by_user(tree, script) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("size = 1", "size = 'a'", 3, "'number', but got 'string'"),
        ("result: number", "result: string", 4, "'string', but got 'number'"),
        ("Short.Network", "Short.Nope", 3, "Unknown type 'Short.Nope'"),
        ("Short.VERSION", "Short.nope", 5, "Key 'nope' not found"),
        ("require(storage.Short)", "require(storage.Long)", 2, "Key 'Long' not found"),
    ],
)
def test_a_mistake_in_a_users_script_is_found(tree: Path, old: str, new: str, line: int, message: str) -> None:
    found = found_by_user(tree, USER.replace(old, new))
    assert any(each == line and message in text for each, text in found)


def test_an_error_in_the_library_is_said_of_the_library(tree: Path) -> None:
    change(tree / "api" / "twice.luau", "2 * x", "'a'")
    (found,) = or_skip(lambda: check_source(DEFINITIONS, USER, modules={"Short": tree / "init.luau"}))
    assert found.path == tree / "api" / "twice.luau"


def test_a_module_may_be_one_file(tree: Path) -> None:
    path = tree / "single.luau"
    path.write_text(
        "export type Network = { size: number }\n"
        "local function run(network: Network): number\n\treturn network.size\nend\n"
        "return { run = run, VERSION = '1' }\n",
        encoding="utf-8",
    )
    assert or_skip(lambda: check_source(DEFINITIONS, USER, modules={"Short": path})) == []


def test_of_many_sources_each_gets_what_is_said_of_it(tree: Path) -> None:
    wrong, worse = USER.replace("number = S", "string = S"), USER.replace("size = 1", "sice = 1")
    # What is said of the module is not said of who requires it.
    change(tree / "types.luau", "return {}", "local unread = 1\nreturn {}")
    sources = [wrong, USER, worse]
    found = or_skip(lambda: check_sources(DEFINITIONS, sources, modules={"Short": tree / "init.luau"}))
    assert {source: [each.line for each in said] for source, said in found.items()} == {
        wrong: [4],
        USER: [],
        worse: [3],
    }
