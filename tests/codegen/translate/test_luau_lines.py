"""What the writer of kernels puts into one statement."""

import pytest

from codegen.translate.luau_lines import Line, Put, merged, rendered


def zero(name: str, *, is_new: bool = False) -> Put:
    return Put(name, ("0",), is_new=is_new)


def more(name: str, *terms: str) -> Put:
    return Put(name, terms, adds=True)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([zero("t", is_new=True), more("t", "a"), more("t", "b")], ["local t = a + 0 + b"]),
        ([zero("t"), more("t", "a", "b")], ["t = a + 0 + b"]),
        ([zero("t[1]"), more("t[1]", "a", "b")], ["t[1] = a + 0 + b"]),
        ([zero("t[i]"), "local a = x[i]", more("t[i]", "a", "b")], ["local a = x[i]", "t[i] = a + 0 + b"]),
        # Other elements of the array are no hindrance if they are sure to be others, …
        (
            [zero("t[0]"), zero("t[1]"), more("t[0]", "a"), more("t[1]", "b")],
            ["t[0] = a + 0", "t[1] = b + 0"],
        ),
        # … but those that may be the same, and those that are read, are.
        ([zero("t[0]"), zero("t[i]"), more("t[0]", "a")], ["t[0] = 0", "t[i] = 0", "t[0] += a"]),
        (
            [zero("t[0]"), more("t[1]", "t[0]"), more("t[0]", "a")],
            ["t[0] = 0", "t[1] += t[0]", "t[0] += a"],
        ),
        ([zero("t[0]"), "f(t)", more("t[0]", "a")], ["t[0] = 0", "f(t)", "t[0] += a"]),
        ([more("t[0]", "a"), more("t[0]", "b")], ["t[0] += a", "t[0] += b"]),
    ],
)
def test_what_is_added_to_a_zero_stands_in_its_statement(lines: list[Line], expected: list[str]) -> None:
    assert rendered(merged(lines, set())) == expected


def test_a_zero_is_left_out_behind_what_is_no_minus_zero() -> None:
    assert rendered(merged([zero("t", is_new=True), more("t", "a"), more("t", "b")], {"b"})) == ["local t = a + b"]
