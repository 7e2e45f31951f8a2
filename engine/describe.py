"""What a value is, in the words that a Lua programmer would use: the last part of every error."""

import math
import numbers
import re
from collections.abc import Mapping, Sequence
from typing import TypeGuard

import numpy as np

from engine.files.number_text import number_text
from engine.interface.limits import INVISIBLE_CHARACTERS, LONGEST_QUOTE, QUOTED_END
from engine.interface.messages import MESSAGES, article, fill
from engine.spelling import nearest

# How Luau writes these in a string.
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
# How strings that hold networks begin, or something else that was saved, and what is said of them.
_STARTS = {
    re.compile(r"\s*\[\s*\[", re.ASCII): "got_training_text",
    re.compile(r'\s*\[\s*"', re.ASCII): "got_optimizer_text",
    re.compile(r"\s*\[", re.ASCII): "got_network_text",
}
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)


def as_number(value: object) -> float | None:
    """The value as a double (an integer beyond them as an infinity), or None when it is not a number."""
    if isinstance(value, np.ndarray) and value.ndim == 0 and value is not np.ma.masked:
        value = value.item()
    if isinstance(value, (bool, np.bool_)) or value is np.ma.masked or not isinstance(value, numbers.Real):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value == abs(value) else -math.inf


def is_array(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is what Lua would call an array: a sequence or a numpy array, but no string."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def describe(value: object) -> str:
    """What a value is."""
    if value is np.ma.masked:
        return MESSAGES["got_masked"]
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    number = as_number(value)
    if number is not None:
        return describe_number(number)
    if value is None:
        return MESSAGES["got_nothing"]
    if isinstance(value, (bool, np.bool_)):
        return MESSAGES["got_true" if value else "got_false"]
    if isinstance(value, str):
        data = value.encode(errors="surrogatepass")
        if len(data) > LONGEST_QUOTE:
            return fill(MESSAGES["got_long_text"], length=len(data), text=printable(_start_of(data)))
        return fill(MESSAGES["got_text"], text=printable(data))
    if isinstance(value, Mapping):
        return MESSAGES["got_dictionary" if value else "got_empty"]
    if is_array(value):
        return fill(MESSAGES["got_array"], length=len(value)) if len(value) else MESSAGES["got_empty"]
    if isinstance(value, bytes):
        return MESSAGES["got_bytes"]
    name = "function" if callable(value) else type(value).__name__
    return fill(MESSAGES["got_other"], article=article(name), type=name)


def describe_number(number: float) -> str:
    """What a number is; nan and the infinities by name."""
    if math.isnan(number):
        return MESSAGES["got_nan"]
    if math.isinf(number):
        return MESSAGES["got_infinity" if number > 0 else "got_minus_infinity"]
    return number_text(number)


def printable(data: bytes) -> str:
    """The text of UTF-8 bytes with all that cannot be seen escaped as Luau does it in a string."""
    return "".join(map(_escaped, data.decode(errors="surrogateescape")))


def is_name(text: str, longest: int) -> bool:
    """Whether a text of 1 to so many bytes can be seen and stands in quotes as it is."""
    data = text.encode(errors="surrogatepass")
    return 1 <= len(data) <= longest and printable(data) == text and '"' not in text


def _escaped(character: str) -> str:
    if _is_visible(ord(character)) and character not in _ESCAPES:
        return character
    in_hexadecimal = "".join(f"\\x{byte:02X}" for byte in character.encode(errors="surrogateescape"))
    return _ESCAPES.get(character, in_hexadecimal)


def _is_visible(code: int) -> bool:
    return ord(" ") <= code and code != 0x7F and not any(a <= code <= b for a, b in INVISIBLE_CHARACTERS)


def _start_of(data: bytes) -> bytes:
    """As much of the beginning as is quoted; no character is cut in two."""
    end = LONGEST_QUOTE
    while end > LONGEST_QUOTE - 3 and 0x80 <= data[end] < 0xC0:
        end -= 1
    return data[:end]


def describe_unless_number(value: object, index: int | None = None) -> str:
    """What came where a number should be, as which number of an array: a number in quotes is none."""
    got = describe_entry(value, index)
    is_number = isinstance(value, str) and len(value) <= LONGEST_QUOTE and _NUMBER.fullmatch(value)
    return fill(MESSAGES["got_number_text"], got=got) if is_number else got


def describe_name(value: object, names: Sequence[str], index: int | None = None) -> str:
    """What came where one of some names should be, as which entry of an array, and which was probably meant."""
    is_short = isinstance(value, str) and len(value.encode(errors="surrogatepass")) <= LONGEST_QUOTE
    near = nearest(str(value), names) if is_short else None
    got = describe_entry(value, index)
    return got if near is None else fill(MESSAGES["got_near"], got=got, name=near)


def describe_entry(value: object, index: int | None) -> str:
    """What came as which number of an array, if it is in one."""
    got = describe(value)
    return got if index is None else fill(MESSAGES["got_entry"], got=got, index=index)


def describe_unless_network(value: object) -> str:
    """What came where a network should be: its string is none yet."""
    got = describe(value)
    if not isinstance(value, str):
        return got
    return next((fill(MESSAGES[name], got=got) for start, name in _STARTS.items() if start.match(value)), got)


def describe_text(value: object) -> str:
    """What came where the text of an array should be; of one that is not finished, where it ends."""
    if value is None:
        return MESSAGES["got_no_text"]
    if isinstance(value, str) and _begins_as_array(value):
        brackets = re.sub('"[^"]*"?', "", value)
        if sum(map(brackets.count, "[{")) > sum(map(brackets.count, "]}")):
            data = value.encode(errors="surrogatepass")
            return fill(MESSAGES["got_cut_text"], length=len(data), text=printable(_end_of(data)))
    return describe(value)


def _begins_as_array(value: object) -> bool:
    return isinstance(value, str) and re.match(r"\s*\[", value, re.ASCII) is not None


def _end_of(data: bytes) -> bytes:
    start = max(len(data) - QUOTED_END, 0)
    while 0 < start < len(data) - QUOTED_END + 3 and 0x80 <= data[start] < 0xC0:
        start += 1
    return data[start:]
