"""Long lines are broken as StyLua breaks them. The expected texts are its own output."""

import pytest

from codegen.generate import library_source
from codegen.layout import TAB, WIDTH, break_long_lines

LONG = "a" * 60


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        (
            f"local function {LONG}(first: number, second: {{ number }}?, third: string): (number, number?)",
            [
                f"local function {LONG}(",
                "\tfirst: number,",
                "\tsecond: { number }?,",
                "\tthird: string",
                "): (number, number?)",
            ],
        ),
        (
            f'\treturn {LONG}("one, two", describe(three, four), "five and six and seven and eight")',
            [
                f"\treturn {LONG}(",
                '\t\t"one, two",',
                "\t\tdescribe(three, four),",
                '\t\t"five and six and seven and eight"',
                "\t)",
            ],
        ),
        (
            f'\terror("{LONG} (" .. one .. "), {LONG}" .. two(three .. four) .. ".", 2)',
            [
                "\terror(",
                f'\t\t"{LONG} ("',
                "\t\t\t.. one",
                f'\t\t\t.. "), {LONG}"',
                "\t\t\t.. two(three .. four)",
                '\t\t\t.. ".",',
                "\t\t2",
                "\t)",
            ],
        ),
        (
            f"\treturn {LONG} * (one + two) + {LONG} + three",
            [f"\treturn {LONG} * (one + two)", f"\t\t+ {LONG}", "\t\t+ three"],
        ),
        (
            rf'\treturn {LONG}("one \\", two, "three \" four, five and six", "seven and eight and nine")'.replace(
                r"\t", "\t", 1
            ),
            [
                f"\treturn {LONG}(",
                r'		"one \\",',
                "\t\ttwo,",
                r'		"three \" four, five and six",',
                '\t\t"seven and eight and nine"',
                "\t)",
            ],
        ),
        (
            f'\t\treturn "{LONG}{LONG}" .. two',
            [f'\t\treturn "{LONG}{LONG}"', "\t\t\t.. two"],
        ),
    ],
)
def test_a_long_line_is_broken(line: str, broken: list[str]) -> None:
    assert len(line.expandtabs(TAB)) > WIDTH
    assert break_long_lines(f"{line}\n") == "\n".join(broken) + "\n"


@pytest.mark.parametrize(
    "line", ["", "\treturn one + two", f"-- {LONG} {LONG} {LONG}", f'local text = "{LONG}{LONG}"', 'print("a, b")']
)
def test_other_lines_stay_as_they_are(line: str) -> None:
    assert break_long_lines(f"{line}\n") == f"{line}\n"


def test_no_line_of_the_module_is_too_long_but_for_strings() -> None:
    too_long = [line.strip() for line in library_source().splitlines() if len(line.expandtabs(TAB)) > WIDTH]
    assert all(line.startswith(('"', '.. "')) for line in too_long)
