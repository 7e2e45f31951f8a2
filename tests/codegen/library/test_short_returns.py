"""The types that functions return, where a script is shortened."""

import pytest

from codegen.library.short_returns import short_returns
from codegen.library.tree_files import read_file


@pytest.mark.parametrize(
    ("source", "gone"),
    [
        ("local function f(a: number): number\n\treturn a + 1\nend", 1),
        ("local function f(a: number): boolean\n\t-- Why.\n\treturn a > 1\nend", 1),
        ("local function f(a: number): string\n\treturn tostring(a)\nend", 1),
        # Whoever reads the checker's errors wants to know what else there is.
        ("local function f(a: number): any\n\treturn a\nend", 0),
        ("local function f(a: number): number?\n\treturn a\nend", 0),
        ("local function f(a: number): (number, number)\n\treturn a, a\nend", 0),
        ("local function f(a: number): number\n\ta += 1\n\treturn a\nend", 0),
        ("local f = function(a: number): number\n\treturn a\nend", 0),
    ],
)
def test_what_one_line_says_goes(source: str, gone: int) -> None:
    changes = short_returns(read_file("formulas/some", f"{source}\nreturn f\n"))
    assert len(changes) == 2 * gone
    assert set(changes.values()) <= {None}
