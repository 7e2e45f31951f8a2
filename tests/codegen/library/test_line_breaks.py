"""Long lines are broken as StyLua breaks them. The expected texts are its own output."""

import re

import pytest

from codegen.library.generate import library_sources
from codegen.library.line_breaks import TAB, WIDTH, break_long_lines

LONG = "a" * 60


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        (
            f"\tif {LONG} or two == three and four(five, six or seven) or (eight or nine) and {LONG} then",
            [
                "\tif",
                f"\t\t{LONG}",
                "\t\tor two == three and four(five, six or seven)",
                f"\t\tor (eight or nine) and {LONG}",
                "\tthen",
            ],
        ),
        (
            f"\telseif {LONG} and (two or three) and {LONG} then",
            ["\telseif", f"\t\t{LONG}", "\t\tand (two or three)", f"\t\tand {LONG}", "\tthen"],
        ),
        (
            f"\tone, two, three = check({LONG}, one, two, three, four, five, six)",
            ["\tone, two, three =", f"\t\tcheck({LONG}, one, two, three, four, five, six)"],
        ),
        (
            f"\tlocal one: {{ {{ number }} }}, two: {{ number }}? = layer[{LONG}], seven :: any",
            ["\tlocal one: { { number } }, two: { number }? =", f"\t\tlayer[{LONG}], seven :: any"],
        ),
        (
            f"\tone, two[1] = {LONG}, three(four, five, six(seven)), eight[nine]",
            ["\tone, two[1] =", f"\t\t{LONG}, three(four, five, six(seven)), eight[nine]"],
        ),
        (
            f"\treturn {LONG}(one, two), three(four, five), six(seven, eight, nine, ten, eleven)",
            [f"\treturn {LONG}(one, two),", "\t\tthree(four, five),", "\t\tsix(seven, eight, nine, ten, eleven)"],
        ),
        (
            f"\tone[two + 1] = one[two + 1] - (three + four) / (five - {LONG}) + six - (seven + {LONG})",
            [
                "\tone[two + 1] = one[two + 1]",
                f"\t\t- (three + four) / (five - {LONG})",
                "\t\t+ six",
                f"\t\t- (seven + {LONG})",
            ],
        ),
        (
            f"\tone[j] *= {LONG} < two and three(four) or six / eight - thirteen",
            ["\tone[j] = one[j]", f"\t\t* ({LONG} < two and three(four) or six / eight - thirteen)"],
        ),
        (
            f"\tone[j] *= {LONG} < two and three(four * five) or (six - seven[j]) / eight_and_nine",
            [
                "\tone[j] = one[j]",
                "\t\t* (",
                f"\t\t\t{LONG} < two and three(four * five)",
                "\t\t\tor (six - seven[j]) / eight_and_nine",
                "\t\t)",
            ],
        ),
        (
            f'\t["{LONG}"] = function(one: {{ number }}, two: {{ number }}): number',
            [f'\t["{LONG}"] = function(', "\t\tone: { number },", "\t\ttwo: { number }", "\t): number"],
        ),
        (
            f'local {LONG}: Parameter = {{ name = "one", rule = "two", minimum = 3, maximum = 4 }}',
            [f"local {LONG}: Parameter =", '\t{ name = "one", rule = "two", minimum = 3, maximum = 4 }'],
        ),
        (
            f'\t{{ name = "one", rule = "{LONG}", options = {{ {{ name = "two" }}, {{ name = "{LONG}" }} }} }},',
            [
                "\t{",
                '\t\tname = "one",',
                f'\t\trule = "{LONG}",',
                f'\t\toptions = {{ {{ name = "two" }}, {{ name = "{LONG}" }} }},',
                "\t},",
            ],
        ),
        (
            f'\t{{ options = {{ {{ name = "{LONG}" }}, {{ name = "{LONG}" }} }} }},',
            [
                "\t{",
                "\t\toptions = {",
                f'\t\t\t{{ name = "{LONG}" }},',
                f'\t\t\t{{ name = "{LONG}" }},',
                "\t\t},",
                "\t},",
            ],
        ),
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


def test_no_line_of_the_library_is_too_long_but_for_strings() -> None:
    lines = [line for source in library_sources().values() for line in source.splitlines()]
    too_long = [line.strip() for line in lines if len(line.expandtabs(TAB)) > WIDTH]
    assert all(re.match(r'(\w+ = |\.\. )?"', line) for line in too_long), too_long
