"""Python values as Luau literals: what is written is what is read."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codegen.runtimes import Runtime
from codegen.translate.luau_literals import luau_number, luau_string, luau_value


@given(value=st.floats())
@example(value=-0.0)
@example(value=math.nan)
@example(value=math.inf)
@example(value=-math.inf)
@example(value=5e-324)
@example(value=1.7976931348623157e308)
@example(value=0.1 + 0.2)
def test_every_number_reads_back_as_itself(runtime: Runtime, value: float) -> None:
    (text,) = runtime.run(f'return string.format("%.17g", {luau_number(value)})')
    read = float(text)
    assert (math.isnan(read) and math.isnan(value)) or read.hex() == value.hex()


@given(text=st.text())
@example(text="\0001")
@example(text="\r\n\\n\t\v\f\b\a\x1a\x7f")
@example(text="\"'")
@example(text="it's [[long]] -- no comment")
@example(text="é — 🙂 \u2028")
def test_every_text_reads_back_as_itself_from_one_line(runtime: Runtime, text: str) -> None:
    literal = luau_string(text)
    assert "\n" not in literal
    assert "\r" not in literal
    assert runtime.run(f"return {literal}") == [text]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "nil"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (-2.5, "-2.5"),
        (1_000_000, "1000000"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e300, "1e+300"),
        ("text", '"text"'),
        ('say "x"', "'say \"x\"'"),
        ("both \" and '", '"both \\" and \'"'),
        ("1", '"1"'),
    ],
)
def test_a_literal_is_written_as_a_person_would(value: float | bool | str | None, expected: str) -> None:
    assert luau_value(value) == expected
