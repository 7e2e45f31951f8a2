"""What is quoted of a text: whatever came, it can be read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.describe import describe, describe_name, printable
from engine.interface.limits import LONGEST_QUOTE


def test_what_is_quoted_as_it_is_can_be_seen() -> None:
    """All characters that this Python's Unicode knows; the others may be assigned one day."""
    characters = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) != "Cn"]
    quoted = [each for each in characters if printable(each.encode(errors="surrogatepass")) == each]
    assert [f"U+{ord(each):04X}" for each in quoted if not each.isprintable()] == []


def read_back(quoted: str) -> bytes:
    """The bytes of a text as it is written in Luau's quotes."""
    escapes = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}
    data, rest = b"", quoted
    while rest:
        if rest[0] != "\\":
            data, rest = data + rest[0].encode(), rest[1:]
        elif rest[1] == "x":
            data, rest = data + bytes.fromhex(rest[2:4]), rest[4:]
        else:
            data, rest = data + escapes[rest[1]], rest[2:]
    return data


@given(
    data=st.binary()
    | st.text(st.characters(exclude_categories=())).map(lambda text: text.encode(errors="surrogatepass"))
)
def test_luau_reads_what_is_quoted_as_what_it_was(data: bytes) -> None:
    assert read_back(printable(data)) == data


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("ReLU" + "!" * 36, f'"ReLU{"!" * 36}" (did you mean ReLU?)'),
        ("ReLU" + "!" * 37, f'a string of 41 bytes that starts with "ReLU{"!" * 36}"'),
        # Bytes count, not characters.
        ("ReLU" + "日" * 12, f'"ReLU{"日" * 12}" (did you mean ReLU?)'),
        ("ReLU" + "日" * 13, f'a string of 43 bytes that starts with "ReLU{"日" * 12}"'),
    ],
)
def test_what_is_too_long_to_be_quoted_was_meant_to_be_no_name(word: str, words: str) -> None:
    assert describe_name(word, ["ReLU"]) == words
    assert (len(word.encode()) > LONGEST_QUOTE) == describe(word).startswith("a string of ")
