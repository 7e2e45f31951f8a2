"""What an error quotes of a text: so that it can be read, and word for word the same in both languages."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine import ACTIVATIONS, Network, Optimizer, Random, Scaler, approximate_length, load_optimizer
from engine.arguments import check_options
from engine.describe import printable
from engine.files.extras import EXTRA_NAMES
from engine.formulas.registry import LOSSES, OPTIMIZERS
from engine.interface.limits import INVISIBLE_CHARACTERS, LONGEST_QUOTE
from engine.interface.options import OPTIMIZER_OPTIONS
from engine.layers.registry import LAYER_KINDS
from engine.spelling import nearest
from tests.parity.machine import Machine
from tests.parity.messages import LOAD_IT, NETWORK, quoted, said_by_lua
from tests.parity.test_errors import said_by_python

# Machines are shared by all examples; no call that is tested here leaves anything in them.
examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
FLAG = "Wrong Arg#6: Recurrent must be true or false, got "

QUOTED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", '""'),
    "letters": (b"Hello, world!", '"Hello, world!"'),
    "what means something to patterns": (b"%d %1 %% {got} {0}", '"%d %1 %% {got} {0}"'),
    "newline": (b"one\ntwo", r'"one\ntwo"'),
    "carriage return": (b"one\r\n", r'"one\r\n"'),
    "tab": (b"\tone", r'"\tone"'),
    "nul": (b"a\0b", r'"a\x00b"'),
    "bell": (b"\a", r'"\x07"'),
    "colours of a terminal": (b"\x1b[31m", r'"\x1B[31m"'),
    "last control": (b"\x1f", r'"\x1F"'),
    "delete": (b"\x7f", r'"\x7F"'),
    "quote": (b'say "hi"', '"say "hi""'),
    "one quote": (b"it's", '"it\'s"'),
    "backslash": (b"C:\\new", r'"C:\\new"'),
    "two bytes": ("für".encode(), '"für"'),
    "three bytes": ("日本".encode(), '"日本"'),
    "four bytes": ("😀!".encode(), '"😀!"'),
    "next line": (b"\xc2\x85", r'"\xC2\x85"'),
    "first beyond ASCII": (b"\xc2\x80", r'"\xC2\x80"'),
    "no-break space": (b"a\xc2\xa0b", r'"a\xC2\xA0b"'),
    "just behind it": ("¡".encode(), '"¡"'),
    "soft hyphen": (b"\xc2\xad", r'"\xC2\xAD"'),
    "line separator": (b"\xe2\x80\xa8", r'"\xE2\x80\xA8"'),
    "zero width space": (b"ReLU\xe2\x80\x8b", r'"ReLU\xE2\x80\x8B"'),
    "right-to-left override": (b"\xe2\x80\xaeab", r'"\xE2\x80\xAEab"'),
    "byte order mark": (b"\xef\xbb\xbf[1]", r'"\xEF\xBB\xBF[1]"'),
    "joined emoji": ("👩\u200d💻".encode(), r'"👩\xE2\x80\x8D💻"'),
    "emoji with a selector": ("❤\ufe0f".encode(), '"❤\ufe0f"'),
    "private": (b"\xee\x80\x80", r'"\xEE\x80\x80"'),
    "no character": (b"\xef\xbf\xbf", r'"\xEF\xBF\xBF"'),
    "the last one there is": (b"\xf4\x8f\xbf\xbf", r'"\xF4\x8F\xBF\xBF"'),
    "the largest before surrogates": ("\ud7ff".encode(), '"\ud7ff"'),
    "overlong in two": (b"\xc0\x80", r'"\xC0\x80"'),
    "overlong letter": (b"\xc1\xa1", r'"\xC1\xA1"'),
    "overlong in three": (b"\xe0\x9f\xbf", r'"\xE0\x9F\xBF"'),
    "overlong in four": (b"\xf0\x8f\xbf\xbf", r'"\xF0\x8F\xBF\xBF"'),
    "lone continuation": (b"a\x80b", r'"a\x80b"'),
    "first surrogate": (b"\xed\xa0\x80", r'"\xED\xA0\x80"'),
    "surrogate pair": (b"\xed\xa0\xbd\xed\xb8\x80", r'"\xED\xA0\xBD\xED\xB8\x80"'),
    "beyond Unicode": (b"\xf4\x90\x80\x80", r'"\xF4\x90\x80\x80"'),
    "a lead that is none": (b"\xf5\x80\x80\x80", r'"\xF5\x80\x80\x80"'),
    "five bytes": (b"\xf8\x88\x80\x80\x80", r'"\xF8\x88\x80\x80\x80"'),
    "bytes that never are": (b"\xff\xfe", r'"\xFF\xFE"'),
    "cut at the end": (b"a\xe4\xb8", r'"a\xE4\xB8"'),
    "cut before a letter": (b"\xe4\xb8a", r'"\xE4\xB8a"'),
    "cut before another": (b"\xe4\xb8\xc3\xbc", r'"\xE4\xB8ü"'),
    "cut before a newline": (b"\xf0\x9f\x98\n", r'"\xF0\x9F\x98\n"'),
    "one continuation too many": (b"\xe4\xb8\xad\xad", r'"中\xAD"'),
    "forty bytes": (b"a" * 40, f'"{"a" * 40}"'),
    "forty that are escaped": (b"\0" * 40, '"' + r"\x00" * 40 + '"'),
    "forty-one bytes": (b"a" * 40 + b"b", f'a string of 41 bytes that starts with "{"a" * 40}"'),
    "a character of two bytes in the way": (
        b"a" * 39 + "ü".encode(),
        f'a string of 41 bytes that starts with "{"a" * 39}"',
    ),
    "one of three": (b"a" * 38 + "日".encode(), f'a string of 41 bytes that starts with "{"a" * 38}"'),
    "its last byte": (b"a" * 39 + "日".encode(), f'a string of 42 bytes that starts with "{"a" * 39}"'),
    "one of four": (b"a" * 37 + "😀".encode(), f'a string of 41 bytes that starts with "{"a" * 37}"'),
    "one that just fits": (b"a" * 37 + "日b".encode(), f'a string of 41 bytes that starts with "{"a" * 37}日"'),
    "continuations without end": (b"\x80" * 41, 'a string of 41 bytes that starts with "' + r"\x80" * 37 + '"'),
    "a long one with lines": (b"-- file\n" * 9, r'a string of 72 bytes that starts with "' + r"-- file\n" * 5 + '"'),
}


@pytest.mark.parametrize(("data", "words"), QUOTED.values(), ids=QUOTED)
def test_a_text_is_quoted_so_that_it_can_be_read(machine: Machine, data: bytes, words: str) -> None:
    assert said_by_lua(machine, data, [ROLES["flag"][0]]) == [FLAG + words + "."]
    assert quoted(data) == words


def test_what_cannot_be_seen_begins_and_ends_at_the_same_characters(machine: Machine) -> None:
    edges = {code for first, last in INVISIBLE_CHARACTERS for code in (first - 1, first, last, last + 1)}
    # The last of one byte, of two, of three, and the first of more.
    edges |= {0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF}
    for code in sorted(code for code in edges if code <= 0x10FFFF):
        data = chr(code).encode(errors="surrogatepass")
        assert said_by_lua(machine, data, [ROLES["flag"][0]]) == [f"{FLAG}{quoted(data)}."], hex(code)


def unreadable(message: str) -> list[str]:
    """Its characters that cannot be printed; those do not count that this Python's Unicode does not know yet."""
    return [each for each in message if not each.isprintable() and unicodedata.category(each) != "Cn"]


# What a text may come as: the call in Lua, and the same in Python.
ROLES: dict[str, tuple[str, Callable[[Any], object]]] = {
    "flag": ("KNN.getAproxLength, 1, 1, 1, 1, nil, text", lambda text: length(recurrent=text)),
    "number": ("KNN.setSeed, text", lambda text: Random(text)),
    "activator": ("KNN.getAproxLength, 1, 1, 1, 1, text", lambda text: length(activator=text)),
    "activators": ("KNN.getAproxLength, 1, 1, 1, 1, { text, 'Tanh' }", lambda text: length(activator=[text, "Tanh"])),
    "inputs": ("KNN.forwardNet, network, text", lambda text: NETWORK.forward(text)),
    "input": ("KNN.forwardNet, network, { 1, text }", lambda text: NETWORK.forward([1.0, text])),
    "optimizer": ("KNN.createOptimizer, text", lambda text: Optimizer(text)),
    "option": (
        "KNN.createOptimizer, 'Momentum', { [text] = 1 }",
        lambda text: check_options("createOptimizer", "options", {text: 1}, "Momentum"),
    ),
    "network": ("KNN.saveNet, text", lambda text: Network.from_table(text)),
    "network string": ("KNN.loadNet, text", lambda text: Network.load(text)),
    "optimizer string": ("KNN.loadOptimizer, text", lambda text: load_optimizer(text)),
    "extra": (
        "KNN.saveNet, { network[1], network[2], false, 'Tanh', { [text] = 'x' } }",
        lambda text: with_extras({text: "x"}),
    ),
    "kind": (
        "KNN.saveNet, { network[1], network[2], false, 'Tanh', { kinds = { 'Dense', text } } }",
        lambda text: with_extras({"kinds": ["Dense", text]}),
    ),
    "name": (
        "KNN.saveNet, { network[1], network[2], false, 'Tanh', { inputs = { 'a', text } } }",
        lambda text: with_extras({"inputs": ["a", text]}),
    ),
    "input by name": (
        "KNN.forwardNet, { network[1], network[2], false, 'Tanh', { inputs = { 'far', 'fast' } } }, { [text] = 1 }",
        lambda text: with_extras({"inputs": ["far", "fast"]}).forward({text: 1.0}),
    ),
    "scaler": ("KNN.createScaler, { { 1 }, { 2 } }, text", lambda text: Scaler.fit([[1.0], [2.0]], text)),
    "name of a scaler": (
        "KNN.scaleSample, { name = text, shift = { 1 }, scale = { 1 } }, { 1 }",
        lambda text: Scaler(text, [1.0], [1.0]),
    ),
    "field of a scaler": (
        "KNN.saveNet, { network[1], network[2], false, 'Tanh', { inputScaler = { [text] = 1 } } }",
        lambda text: with_extras({"inputScaler": {text: 1.0}}),
    ),
    "class": (
        "KNN.backwardNet, { network[1], network[2], false, 'Tanh', { classes = { 'cat' } } }, 1, { 1, 2 }, text",
        lambda text: with_extras({"classes": ["cat"]}).backward(1.0, [1.0, 2.0], text),
    ),
    "loss": (
        "KNN.saveNet, { network[1], network[2], false, 'Tanh', { loss = text } }",
        lambda text: with_extras({"loss": text}),
    ),
    "name of a loss": (
        "KNN.saveNet, { network[1], network[2], false, 'Tanh', { loss = { name = text } } }",
        lambda text: with_extras({"loss": {"name": text}}),
    ),
    "setting of a loss": (
        (
            "KNN.saveNet, { network[1], network[2], false, 'Tanh', "
            "{ loss = { name = 'BinaryCrossEntropy', [text] = 5 } } }"
        ),
        lambda text: with_extras({"loss": {"name": "BinaryCrossEntropy", text: 5}}),
    ),
}


def length(activator: Any = "Tanh", recurrent: Any = False) -> float:
    return approximate_length(1, 1, 1, 1, activator, recurrent)


def with_extras(extras: object) -> Network:
    inputs, layers, *_ = NETWORK.to_table()
    return Network.from_table([inputs, layers, False, "Tanh", extras])


# All characters, surrogates among them, and what numbers and the strings of networks consist of.
CHARACTERS = st.characters(exclude_categories=())
NUMERALS = st.text(st.sampled_from([*"0123456789", *"..eE+-+- \t\n\v\fxa_日"]), max_size=6)
NAMES = st.sampled_from(
    [*ACTIVATIONS, *OPTIMIZERS, *LOSSES, *LAYER_KINDS, *EXTRA_NAMES, "rate", "momentum", "momentun", "relu", "sgd"]
)
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=45),
    st.text(st.sampled_from([*'\0\n\r\t"\\\x7f a%', "ü", "日", "😀", "\u200b", "\ud800", "\udc80"]), max_size=45),
    NUMERALS,
    # Names with something in them, behind them, or long enough behind them to be quoted in part.
    st.builds(
        lambda name, at, more: name[:at] + more + name[at:], NAMES, st.integers(0, 9), st.text(CHARACTERS, max_size=3)
    ),
    st.builds(lambda name, more: name + more, NAMES, st.text(st.sampled_from([*"-日 "]), max_size=30)),
    st.builds(
        lambda start, more: start + more, st.sampled_from(["[", "[[", '["', '[{"a":']), st.text(CHARACTERS, max_size=30)
    ),
)


@examples
@given(text=TEXTS)
@example(text="ReLU" + "日" * 12)
@example(text="ReLU" + "日" * 13)
@example(text="1" + " " * 39)
@example(text="1" + " " * 40)
@example(text="[" + '"]' * 25 + "日" * 9)
@example(text='["\ud83d\ude00')
def test_both_languages_say_the_same_of_any_text_and_it_can_be_read(machine: Machine, text: str) -> None:
    data = text.encode(errors="surrogatepass")
    messages = said_by_lua(machine, data, [call for call, _ in ROLES.values()])
    for (role, (_, python)), message in zip(ROLES.items(), messages, strict=True):
        assert message == with_names_of_luau(said_by_python(partial(python, text))), role
        assert unreadable(message or "") == [], role


def with_names_of_luau(message: str | None) -> str | None:
    """What Python says, where the list of options has them as Luau calls them."""
    listed = OPTIMIZER_OPTIONS.common
    own, luau = (", ".join(names) for names in ([e.python for e in listed], [e.name for e in listed]))
    return message and message.replace(own, luau)


PIECES = st.sampled_from(
    [
        *(
            b"\xc0\x80",
            b"\xc1\xa1",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\xf4\x8f\xbf\xbf",
            b"\xe4\xb8",
            b"\xf0\x9f\x98",
            b"\xf5",
        ),
        *(b"\x80", b"\xff", b"\0", b"\n", b'"', b"\\", b"a", b"ReLU", "日".encode(), "😀".encode(), "ü".encode()),
    ]
)


@examples
@given(data=st.binary(max_size=60) | st.lists(PIECES, max_size=20).map(b"".join))
def test_both_languages_say_the_same_of_any_bytes_and_it_can_be_read(machine: Machine, data: bytes) -> None:
    letters = "".join(chr(byte) for byte in data if byte < 0x80)

    def near(names: Iterable[str]) -> str:
        name = nearest(letters, tuple(names)) if len(data) <= LONGEST_QUOTE else None
        return f" (did you mean {name}?)" if name else ""

    tails = {
        "flag": quoted(data),
        "activator": quoted(data) + near(ACTIVATIONS),
        "activators": quoted(data) + " as number 1" + near(ACTIVATIONS),
        "optimizer": quoted(data) + near(OPTIMIZERS),
        "option": quoted(data) + near(["rate", "momentum"]),
        "extra": quoted(data) + near(EXTRA_NAMES),
        "loss": quoted(data) + near(LOSSES),
        "name of a loss": quoted(data) + near(LOSSES),
        "kind": quoted(data) + " as number 2" + near(LAYER_KINDS),
        "network": quoted(data) + (f" {LOAD_IT}" if data.lstrip(b" \t\n\v\f\r").startswith(b"[") else ""),
    }
    for (role, tail), message in zip(
        tails.items(), said_by_lua(machine, data, [ROLES[role][0] for role in tails]), strict=True
    ):
        if message is not None:
            assert message.endswith(f", got {tail}."), role
            assert unreadable(message) == [], role
        else:
            assert data.isascii(), role


_NAMED = """
local KNN, digits, network = ...
local folder = Instance.new("Folder")
for _ = 1, 2 do
    local value = Instance.new("StringValue")
    value.Name = string.gsub(digits, "%x%x", function(byte)
        return string.char(tonumber(byte, 16))
    end)
    value.Value = network
    value.Parent = folder
end
setLongestValue(20, folder:GetChildren()[1])
local _, message = pcall(KNN.runGenNet, folder, { 1, 2 })
return message
"""


@examples
@given(
    data=st.binary(max_size=60) | st.text(CHARACTERS, max_size=60).map(lambda text: text.encode(errors="surrogatepass"))
)
@example(data=b"My\nValue\xff\0")
def test_the_name_of_a_stringvalue_can_be_read(stand_in_machine: Machine, data: bytes) -> None:
    # The stand-in's networks go through Python's JSON; names stay in Lua.
    (message,) = stand_in_machine.run(_NAMED, data.hex(), NETWORK.save())
    start, end = f"No StringValue was changed, since {printable(data)} did not take a network string of ", " characters"
    assert message.startswith(start)
    length, _, reason = message.removeprefix(start).partition(end)
    assert length.isdigit()
    assert reason == ": String too long."
    assert unreadable(message) == []
