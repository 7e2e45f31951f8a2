"""How much goes into a bundle: characters, locals and upvalues; and what is left out where it is too much."""

import re

import pytest

from codegen.library.bundle import LOCALS, UPVALUES, bundle, left_out_of
from codegen.runtimes import RUNTIMES
from codegen.translate.requires import TreeError
from tests.codegen.library.bundles import BUNDLE, HEADER, TREE, bundled, names_of
from tests.skips import or_skip


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
