"""How a module and a script are put together for the type checker, and what the checker's findings become."""

import pytest

from tests.roblox.type_checker import check, exported_types, link
from tests.skips import or_skip

MODULE = "export type Number = number\nlocal two: Number = 2\nreturn { two = two }\n"
SCRIPT = "local Short = require(game.Module)\nlocal _: Short.Number = Short.two\n"


def test_the_script_keeps_its_columns() -> None:
    assert link(MODULE, SCRIPT).script == "local Short = _linked(game.Module)\nlocal _: Short_Number = Short.two\n"


def test_the_module_is_declared_by_what_it_returns() -> None:
    assert link(MODULE, SCRIPT).definitions == (
        " type Number = number\nlocal two: Number = 2\nlocal moduleExports = { two = two }\n\n"
        "export type Short_Number = Number\n"
        "declare function _linked(module: ModuleScript): typeof(moduleExports)\n"
    )


def test_only_exported_types_are_given() -> None:
    assert exported_types("type A = number\nexport type B = A\nreturn 1") == {"B": "export type B = A"}


@pytest.mark.parametrize(
    ("module", "script", "message"),
    [
        ("local a = 1", SCRIPT, "must end with a return"),
        (MODULE, "print(1)", "must require one module, got 0"),
        (MODULE, SCRIPT + "local Other = require(game.Other)", "must require one module, got 2"),
        (MODULE, "print(require(game.Module))", "must be kept in a local"),
    ],
)
def test_what_cannot_be_linked_is_refused(module: str, script: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        link(module, script)


def test_findings_have_their_lines() -> None:
    found = or_skip(lambda: check("declare global: number", "print(global)\nlocal a: string = global\nprint(a)\n"))
    assert [(each.line, each.message) for each in found] == [(2, "Expected this to be 'string', but got 'number'")]


def test_definitions_with_errors_are_refused() -> None:
    with pytest.raises(ValueError, match="Unknown type 'Nope'"):
        or_skip(lambda: check("declare global: Nope", "print(global)\n"))
