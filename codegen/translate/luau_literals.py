"""Python values as Luau source text."""

import math

from engine.files.number_text import number_text

# Control characters by their three-digit codes, which no digit behind them can change.
_ESCAPES = {chr(code): f"\\{code:03d}" for code in (*range(32), 127)} | {"\n": "\\n", "\t": "\\t", "\\": "\\\\"}


def luau_number(value: float) -> str:
    """A number as the shortest literal that reads back exactly."""
    if math.isnan(value):
        return "0 / 0"
    if math.isinf(value):
        return "math.huge" if value > 0 else "-math.huge"
    return number_text(value)


def luau_string(text: str) -> str:
    """A string as a quoted literal, on one line."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return (
        quote + "".join(_ESCAPES.get(character, character) for character in text).replace(quote, "\\" + quote) + quote
    )


def luau_value(value: float | bool | str | None) -> str:
    """A number, boolean, string or None as a literal."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    return luau_string(value) if isinstance(value, str) else luau_number(value)
