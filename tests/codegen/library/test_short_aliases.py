"""What other files return, said where it is used once in place of by a local."""

import pytest

from codegen.library.bundle import bundle
from codegen.library.generate import library_sources
from codegen.library.tree_files import read_file
from codegen.runtimes import RUNTIMES
from codegen.translate.luau_syntax import text_of
from tests.codegen.library.bundles import HEADER
from tests.skips import or_skip

FIRST = "local first = other.first\nprint(first)"
OTHER = "return { first = f(), second = f(), third = f() }"


def files(source: str, other: str = OTHER) -> dict[str, str]:
    """A file that requires another."""
    file = f'local other = require("./other")\n{source}\nreturn 1'
    return {"init": 'local file = require("@self/file")\nreturn { file }', "other": other, "file": file}


def short(source: str, shortened: tuple[str, ...] = ("file",)) -> str:
    """What becomes of that file, without the return at its end."""
    text = bundle(files(source), "", (), shortened=shortened)
    return text.split("local B=(function()\n")[1].removesuffix("\nend)()\nreturn { B }\n").removesuffix("return 1")


def changed_by(path: str, source: str) -> list[str]:
    """The fields of files that it requires which a file gives another value."""
    file = read_file(path, source)
    required = {require.name for require in file.requires.values()}
    targets = [each for each, _ in file.nodes if each.type == "variable_list"]
    fields = [child for each in targets for child in each.children if child.type == "dot_index_expression"]
    return [text_of(each) for each in fields if text_of(each.children[0]) in required]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("local first = other.first\nprint(first)", "print(A.first)\n"),
        ("local first = other.first\nlocal function two() first() end", "local function a()A.first()end\n"),
        ("local first = other.first\nprint(first.first, x.first)", "print(A.first.first,x.first)\n"),
        # One of several, wherever it stands among them, and all.
        ("local first, two = other.first, 2\nprint(first, two, two)", "local a=2\nprint(A.first,a,a)\n"),
        ("local two, first = 2, other.first\nprint(first, two, two)", "local a=2\nprint(A.first,a,a)\n"),
        (
            "local first, two, third = other.first, 2, other.third\nprint(first, two, two, third)",
            "local a=2\nprint(A.first,a,a,A.third)\n",
        ),
        (
            "local one, first, second, four = 1, other.first, other.second, 4\nf(first, second, one, one, four, four)",
            "local a,b=1,4\nf(A.first,A.second,a,a,b,b)\n",
        ),
        ("local first, second = other.first, other.second\nprint(first, second)", "print(A.first,A.second)\n"),
        # What is used more often, in a loop or never, is a local.
        ("local first = other.first\nprint(first, first)", "local a=A.first\nprint(a,a)\n"),
        ("local first = other.first\nfor _ = 1, 2 do first() end", "local a=A.first\nfor _=1,2 do a()end\n"),
        ("local first = other.first\nwhile x do first() end", "local a=A.first\nwhile x do a()end\n"),
        (
            "local first = other.first\nrepeat local two = first() until two",
            "local a=A.first\nrepeat local b=a()until b\n",
        ),
        ("local first = other.first", "local a=A.first\n"),
        # So is what is made otherwise, has a type, is given something else or is hidden somewhere.
        ("local first = other.first()\nprint(first)", "local a=A.first()\nprint(a)\n"),
        ("local first = other.first.second\nprint(first)", "local a=A.first.second\nprint(a)\n"),
        ("local first = x.first\nprint(first)", "local a=x.first\nprint(a)\n"),
        ("local first: any = other.first\nprint(first)", "local a:any=A.first\nprint(a)\n"),
        ("local first, second = other.first\nprint(first, second)", "local a,b=A.first\nprint(a,b)\n"),
        ("local first = other.first\nfirst = 1", "local a=A.first\na=1\n"),
        (
            "local first = other.first\nlocal function two(first) end\nprint(first)",
            "local a=A.first\nlocal function b(a)end\nprint(a)\n",
        ),
        (
            "local function two()\nlocal first = other.first\nprint(first)\nend",
            "local function a()local a=A.first\nprint(a)end\n",
        ),
    ],
)
def test_what_is_used_once_is_said_where_it_is_used(source: str, expected: str) -> None:
    assert short(source) == expected


def test_in_a_file_that_runs_often_it_stays_a_local() -> None:
    text = bundle(
        {**files(""), "file": f'--!native\nlocal other = require("./other")\n{FIRST}\nreturn 1'},
        "",
        (),
        shortened=("file",),
    )
    assert "local a=A.first\nprint(a)\n" in text


def test_its_field_has_the_short_name_that_it_has_everywhere() -> None:
    assert short("local second = other.second\nprint(second, other.third, other.third)", ("file", "other")) == (
        "print(A.b,A.a,A.a)\n"
    )


def test_what_is_said_so_is_what_was_said() -> None:
    names = [f"v{place}" for place in range(60)]
    source = (
        "local first, second, third = other.first, other.second, other.third\n"
        f"local {', '.join(names)} = {', '.join(map(str, range(60)))}\n"
        "local function say(A, B) return first + A, second + B, third end\n"
        f"say(say(1, {', '.join(names)}))\n"
        "result = { say(10, 20) }"
    )
    machine = or_skip(RUNTIMES["lua51"])
    text = bundle(files(source, "return { first = 1, second = 2, third = 3 }"), HEADER, (), shortened=("file", "other"))
    machine.require(text)
    assert machine.run("return unpack(result)") == [11, 22, 3]


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("other.first = 2", 1),
        ("other.first += 2", 1),
        ("x.y, other.z = 1, 2", 1),
        ("x = other.first\nother.first.second = 2", 0),
    ],
)
def test_who_changes_what_another_file_returns_is_seen(source: str, count: int) -> None:
    assert len(changed_by("file", files(source)["file"])) == count


def test_no_file_of_the_library_changes_what_another_returns() -> None:
    """So it does not matter when that is looked at."""
    assert [found for path, source in library_sources().items() for found in changed_by(path, source)] == []
