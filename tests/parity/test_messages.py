"""What an error says of what came: quoted so that it can be read, and with a word on what was probably meant.

Both languages say the same, word for word. Texts go to Lua as hexadecimal digits, for not all of them are UTF-8.
"""

import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from codegen.runtimes import LuaError
from engine import ACTIVATIONS, Network, Optimizer, Random, Scaler, approximate_length, load_optimizer, save_optimizer
from engine.arguments import check_options
from engine.describe import printable
from engine.files.extras import EXTRA_NAMES
from engine.formulas.registry import LOSSES, OPTIMIZERS
from engine.interface.functions import FUNCTIONS, OPTIMIZER_OPTIONS
from engine.interface.limits import INVISIBLE_CHARACTERS, LONGEST_QUOTE
from engine.interface.rules import (
    Description,
    Integer,
    NetworkLike,
    Number,
    NumberAbove,
    NumberBelow,
    NumberBetween,
    NumberFrom,
    Option,
    Options,
    Parameter,
)
from engine.layers.registry import LAYER_KINDS
from engine.spelling import nearest
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python

# Machines are shared by all examples; no call that is tested here leaves anything in them.
examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

NETWORK = Network.create(2, 1, 2, 1, seed=1)
FLAG = "Wrong Arg#6: Recurrent must be true or false, got "

_SAID = """
local KNN, digits, network = ...
local text = string.gsub(digits, "%x%x", function(byte)
    return string.char(tonumber(byte, 16))
end)
local function said(...)
    local taken, message = pcall(...)
    return not taken and message or false
end
return {{ {calls} }}
"""


def said_by_lua(machine: Machine, text: bytes, calls: Iterable[str]) -> list[str | None]:
    """The messages with which functions refuse calls, None for those that they take.

    A call is a function and its arguments, with commas between them; in it ``text`` is the text, ``network`` a network.
    """
    script = _SAID.format(calls=", ".join(f"said({call})" for call in calls))
    (messages,) = machine.run(script, text.hex(), NETWORK.to_table())
    return [message or None for message in messages]


# What is quoted of a text.

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


def quoted(data: bytes) -> str:
    """What Python's words for any bytes are, those too that are no text in Python."""
    if len(data) <= LONGEST_QUOTE:
        return f'"{printable(data)}"'
    first = next((n for n in range(LONGEST_QUOTE, LONGEST_QUOTE - 3, -1) if not is_continuation(data[n])), 37)
    return f'a string of {len(data)} bytes that starts with "{printable(data[:first])}"'


def is_continuation(byte: int) -> bool:
    return byte & 0xC0 == 0x80


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


# What was probably meant.

COLONS = {
    "createNet": "2, 1, 2, 1",
    "createNetwork": "{ inputs = 2, layers = { { nodes = 1 } } }",
    "forwardNet": "network, { 1, 2 }",
    "classifyNet": "network, { 1, 2 }",
    "backwardNet": "network, 0.1, { 1, 2 }, { 1 }",
    "runGenNet": "{ network, other }, { 1, 2 }",
    "saveNet": "network",
    "loadNet": "KNN.saveNet(network)",
    "hardCode": "network",
    "getAproxLength": "2, 1, 2, 1",
    "getNetworkData": "network",
    "summarizeNet": "network",
    "resetState": "network",
    "getVisual": "network",
    "updateVisualState": "network, visual",
    "updateVisualActive": "network, visual, { 1, 2 }",
    "setSeed": "1",
    "createGenNet": "folder, 2, 2, 1, 2, 1",
    "createBatch": "{ { 1, 2 } }",
    "createOptimizer": '"SGD"',
    "saveOptimizer": "optimizer",
    "loadOptimizer": "KNN.saveOptimizer(optimizer)",
    "createScaler": '{ { 1 }, { 2 } }, "MinMax"',
    "setScaler": "network",
    "scaleSample": '{ name = "MinMax", shift = { 0 }, scale = { 1 } }, { 1 }',
    "unscaleSample": '{ name = "MinMax", shift = { 0 }, scale = { 1 } }, { 1 }',
    "forwardBatch": "network, { { 1, 2 } }",
    "trainNet": "network, { { 1, 2 } }, { { 1 } }, 0.1, { epochs = 2 }",
}
LABELS = {name: function.parameters[0].label for name, function in FUNCTIONS.items()}
COLON = "(write a dot before the name of its function, not a colon)"


def test_every_function_can_be_called_with_a_colon() -> None:
    assert COLONS.keys() == FUNCTIONS.keys()


def colon_of(machine: Machine, function: str, arguments: str) -> LuaError:
    script = f"""local KNN = ...
    local network, other = KNN.createNet(2, 1, 2, 1), KNN.createNet(2, 1, 2, 1)
    local optimizer = KNN.createOptimizer("SGD")
    local folder = Instance and Instance.new("Folder")
    local visual = folder and KNN.getVisual(network)
    KNN:{function}({arguments})
    """
    with pytest.raises(LuaError) as caught:
        machine.run(script)
    return caught.value


@pytest.mark.parametrize(("function", "arguments"), COLONS.items())
def test_a_colon_in_place_of_a_dot_is_named(machine: Machine, function: str, arguments: str) -> None:
    for given_arguments in (arguments, "", "nil, nil, nil"):
        error = colon_of(machine, function, given_arguments)
        assert error.message == (
            f"Wrong Arg#1: {LABELS[function]} must be the first argument, got the library itself {COLON}."
        )
        assert error.position == "script:6"


def test_a_colon_is_named_in_roblox_too(roblox_machine: Machine) -> None:
    for function, arguments in COLONS.items():
        assert colon_of(roblox_machine, function, arguments).message == (
            f"Wrong Arg#1: {LABELS[function]} must be the first argument, got the library itself {COLON}."
        )


def test_a_colon_is_named_where_it_was_written_only(machine: Machine) -> None:
    """Not for the library as another argument, nor for a table with some of its functions."""
    messages = said_by_lua(
        machine,
        b"",
        [
            "KNN.createNet, 1, KNN",
            "KNN.createNet, { createNet = KNN.createNet }",
            "KNN.createNet, setmetatable({}, { __index = KNN })",
        ],
    )
    assert messages == [
        "Wrong Arg#2: Hidden layers must be an integer from 1 to 10000, got a dictionary.",
        "Wrong Arg#1: Inputs must be an integer from 1 to 1000000, got a dictionary.",
        "Wrong Arg#1: Inputs must be an integer from 1 to 1000000, got an empty table.",
    ]


IS_TEXT = "(text: tonumber makes a number of it)"
LOAD_IT = "(loadNet makes a network of it)"
NETWORK_RULE = "must be a network table or a StringValue that holds a network string"
TAKE_NETWORKS = [
    name
    for name, function in FUNCTIONS.items()
    if any(isinstance(parameter.rule, NetworkLike) for parameter in function.parameters)
]


@pytest.mark.parametrize("function", TAKE_NETWORKS)
@pytest.mark.parametrize(("text", "hint"), [(NETWORK.save(), True), (" [1,2]", True), ("hello\n", False), ("", False)])
def test_the_string_of_a_network_is_no_network_yet(machine: Machine, function: str, text: str, hint: bool) -> None:
    data = text.encode()
    (message,) = said_by_lua(machine, data, [f"KNN.{function}, text"])
    assert message == f"Wrong Arg#1: Network {NETWORK_RULE}, got {quoted(data)}{f' {LOAD_IT}' if hint else ''}."
    assert message == said_by_python(lambda: Network.from_table(text))


def test_the_strings_of_a_generation_are_no_networks_yet(machine: Machine) -> None:
    calls = ["KNN.runGenNet, { network, text }, { 1, 2 }", "KNN.runGenNet, { text, text }, { 1, 2 }"]
    assert said_by_lua(machine, b"[1,2]", calls) == [
        f'Wrong Arg#1: Networks[2] {NETWORK_RULE}, got "[1,2]" {LOAD_IT}.',
        f'Wrong Arg#1: Networks[1] {NETWORK_RULE}, got "[1,2]" {LOAD_IT}.',
    ]


ACTIVATOR = (
    f"must be one of {', '.join(ACTIVATIONS)}, or an array of 2 of them "
    "(one per layer; the output layer may also have Softmax), got "
)
TRAINING = "Options must be named one of epochs, shuffle, frameBudget, onEpoch, f32, layout, got "
GENERATION = "Options must be named one of keepShare, selectionPressure, biasNoise, mutatedNodes, mutationRange, got "
KINDS = f"Network[5].kinds must be an array of 2 kinds of layers, each one of {', '.join(LAYER_KINDS)}, got "
EXTRAS = (
    f"Network[5] must be left out or a dictionary of nothing but {', '.join(EXTRA_NAMES)} "
    "(a newer version of the library may have written more), got "
)
LOSS = (
    f"Network[5].loss must be one of {', '.join(LOSSES)}, or a dictionary with one of these as its name and with "
    "settings of it, got "
)
LOSS_NAME = f"Network[5].loss.name must be one of {', '.join(LOSSES)}, got "
SMOOTHING = "Network[5].loss.smoothing must be a number of at least 0 and below 1, got "
TRAIN = "KNN.trainNet, network, { { 1, 2 } }, { { 1 } }, 0.1, "
BREED = "KNN.runGenNet, { network, KNN.loadNet(KNN.saveNet(network)) }, { 1, 2 }, false, "
SAVE = "KNN.saveNet, { network[1], network[2], false, 'Tanh', "

# A call with a misspelt name, and what is said.
MISSPELT: list[tuple[str, str]] = [
    ("KNN.createNet, 2, 1, 2, 1, 'relu'", f'Wrong Arg#5: Activator {ACTIVATOR}"relu" (did you mean ReLU?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'Sigmod'", f'Wrong Arg#5: Activator {ACTIVATOR}"Sigmod" (did you mean Sigmoid?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'SQRBF'", f'Wrong Arg#5: Activator {ACTIVATOR}"SQRBF" (did you mean SQ-RBF?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'TANH\\n'", rf'Wrong Arg#5: Activator {ACTIVATOR}"TANH\n" (did you mean Tanh?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'Softmax'", f'Wrong Arg#5: Activator {ACTIVATOR}"Softmax".'),
    ("KNN.createNet, 2, 1, 2, 1, ''", f'Wrong Arg#5: Activator {ACTIVATOR}"".'),
    (
        "KNN.getAproxLength, 2, 1, 2, 1, { 'Tanh', 'leaky_relu' }",
        f'Wrong Arg#5: Activator {ACTIVATOR}"leaky_relu" as number 2 (did you mean LeakyReLU?).',
    ),
    ("KNN.createOptimizer, 'sgd'", 'Wrong Arg#1: Name must be one of {optimizers}, got "sgd" (did you mean SGD?).'),
    (
        "KNN.createOptimizer, 'Momentun'",
        'Wrong Arg#1: Name must be one of {optimizers}, got "Momentun" (did you mean Momentum?).',
    ),
    (
        "KNN.createOptimizer, 'Momentum', { Rate = 1 }",
        'Wrong Arg#2: Options must be named one of rate, momentum, {common}, got "Rate" (did you mean rate?).',
    ),
    # Momentum's option, but not SGD's.
    (
        "KNN.createOptimizer, 'SGD', { momentum = 0.5 }",
        'Wrong Arg#2: Options must be named one of rate, {common}, got "momentum".',
    ),
    (
        """KNN.loadOptimizer, '["momentum"]'""",
        'Wrong Arg#1: String[1] must be one of {optimizers}, got "momentum" (did you mean Momentum?).',
    ),
    (TRAIN + "{ Epochs = 5 }", f'Wrong Arg#5: {TRAINING}"Epochs" (did you mean epochs?).'),
    (TRAIN + "{ frame_budget = 5 }", f'Wrong Arg#5: {TRAINING}"frame_budget" (did you mean frameBudget?).'),
    (TRAIN + "{ onEpock = print }", f'Wrong Arg#5: {TRAINING}"onEpock" (did you mean onEpoch?).'),
    (TRAIN + "{ batchSize = 5 }", f'Wrong Arg#5: {TRAINING}"batchSize".'),
    (
        TRAIN + "{ layout = 'buffer' }",
        'Wrong Arg#5: Options.layout must be one of auto, tables, buffers, got "buffer" (did you mean buffers?).',
    ),
    (
        TRAIN + "{ layout = 'Auto' }",
        'Wrong Arg#5: Options.layout must be one of auto, tables, buffers, got "Auto" (did you mean auto?).',
    ),
    (
        "KNN.forwardBatch, network, { { 1, 2 } }, { Columns = true }",
        'Wrong Arg#3: Options must be named one of columns, f32, got "Columns" (did you mean columns?).',
    ),
    (
        "KNN.saveNet, network, { precision = 'F32' }",
        'Wrong Arg#2: Options.precision must be one of f64, f32, got "F32" (did you mean f32?).',
    ),
    (
        "KNN.saveNet, network, { Precision = 'f32' }",
        'Wrong Arg#2: Options must be named one of precision, got "Precision" (did you mean precision?).',
    ),
    (BREED + "{ keep_share = 1 }", f'Wrong Arg#4: {GENERATION}"keep_share" (did you mean keepShare?).'),
    (BREED + "{ mutationrange = 1 }", f'Wrong Arg#4: {GENERATION}"mutationrange" (did you mean mutationRange?).'),
    (SAVE + "{ kinds = { 'dense', 'Dense' } } }", f'Wrong Arg#1: {KINDS}"dense" as number 1 (did you mean Dense?).'),
    (
        SAVE + "{ kinds = { 'Dense', 'Recurent' } } }",
        f'Wrong Arg#1: {KINDS}"Recurent" as number 2 (did you mean Recurrent?).',
    ),
    (SAVE + "{ Kinds = {} } }", f'Wrong Arg#1: {EXTRAS}"Kinds" (did you mean kinds?).'),
    (SAVE + "{ lsos = 1 } }", f'Wrong Arg#1: {EXTRAS}"lsos" (did you mean loss?).'),
    (SAVE + "{ name = 'Bob' } }", f'Wrong Arg#1: {EXTRAS}"name".'),
    (
        SAVE + "{ loss = 'HalfSquareError' } }",
        f'Wrong Arg#1: {LOSS}"HalfSquareError" (did you mean HalfSquaredError?).',
    ),
    (SAVE + "{ loss = 'CrossEntropy' } }", f'Wrong Arg#1: {LOSS}"CrossEntropy".'),
    (SAVE + "{ loss = false } }", f"Wrong Arg#1: {LOSS}false."),
    (SAVE + "{ loss = { 'HalfSquaredError' } } }", f"Wrong Arg#1: {LOSS}an array of 1."),
    (SAVE + "{ loss = {} } }", f"Wrong Arg#1: {LOSS}an empty table."),
    (SAVE + "{ loss = setmetatable({ name = 'Huber' }, {}) } }", f"Wrong Arg#1: {LOSS}one with a metatable."),
    (SAVE + "{ loss = { smoothing = 0.1 } } }", f"Wrong Arg#1: {LOSS_NAME}nothing."),
    (SAVE + "{ loss = { name = {} } } }", f"Wrong Arg#1: {LOSS_NAME}an empty table."),
    (
        SAVE + "{ loss = { name = 'meansquarederror' } } }",
        f'Wrong Arg#1: {LOSS_NAME}"meansquarederror" (did you mean MeanSquaredError?).',
    ),
    (
        SAVE + "{ loss = { name = 'BinaryCrossEntropy', Smoothing = 0.1, [1.5] = 2 } } }",
        (
            "Wrong Arg#1: Network[5].loss must have nothing but name, smoothing, as BinaryCrossEntropy has, got "
            '"Smoothing" (did you mean smoothing?).'
        ),
    ),
    (
        SAVE + "{ loss = { name = 'HalfSquaredError', smoothing = 0.1 } } }",
        'Wrong Arg#1: Network[5].loss must have nothing but name, as HalfSquaredError has, got "smoothing".',
    ),
    (SAVE + "{ loss = { name = 'BinaryCrossEntropy', smoothing = 1 } } }", f"Wrong Arg#1: {SMOOTHING}1."),
    (SAVE + "{ loss = { name = 'BinaryCrossEntropy', smoothing = 0 / 0 } } }", f"Wrong Arg#1: {SMOOTHING}nan."),
    (
        SAVE + "{ loss = { name = 'BinaryCrossEntropy', smoothing = '0.5' } } }",
        f'Wrong Arg#1: {SMOOTHING}"0.5" (text: tonumber makes a number of it).',
    ),
    (
        "KNN.saveNet, { network[1], network[2], false, 'leakyrelu' }",
        f'Wrong Arg#1: Network[4] {ACTIVATOR}"leakyrelu" (did you mean LeakyReLU?).',
    ),
]


@pytest.mark.parametrize(("call", "message"), MISSPELT, ids=[call for call, _ in MISSPELT])
def test_the_name_that_was_probably_meant_is_said(machine: Machine, call: str, message: str) -> None:
    common = ", ".join(option.name for option in OPTIMIZER_OPTIONS.common)
    expected = message.replace("{optimizers}", ", ".join(OPTIMIZERS)).replace("{common}", common)
    assert said_by_lua(machine, b"", [call]) == [expected]


NUMBER_RULES = (Integer, Number, NumberFrom, NumberAbove, NumberBetween, NumberBelow)
TWELVE: Any = "12"
NUMBER_TEXT = 'got "12" (text: tonumber makes a number of it)'


def number_places() -> list[tuple[str, int, str, Option | Parameter]]:
    """Where numbers are wanted: the function, the position, what errors call the place, and what is wanted there."""
    places: list[tuple[str, int, str, Option | Parameter]] = []
    for name, function in FUNCTIONS.items():
        for position, parameter in enumerate(function.parameters, start=1):
            if isinstance(parameter.rule, NUMBER_RULES):
                places.append((name, position, parameter.label, parameter))
            elif isinstance(parameter.rule, Options) and not isinstance(parameter.rule, Description):
                fields = [option for option in parameter.rule.fields if isinstance(option.rule, NUMBER_RULES)]
                places += [(name, position, f"{parameter.label}.{option.name}", option) for option in fields]
    return places


def test_there_is_a_place_for_every_rule_of_numbers() -> None:
    assert {type(each.rule) for *_, each in number_places()} >= set(NUMBER_RULES)


def test_a_number_in_quotes_is_no_number(roblox_machine: Machine) -> None:
    for function, position, place, wanted in number_places():
        arguments = COLONS[function].replace("KNN.", "library.")
        script = f"""
        local library, position, option, name = ...
        local KNN = library
        local network, other = library.createNet(2, 1, 2, 1), library.createNet(2, 1, 2, 1)
        local optimizer = library.createOptimizer("SGD")
        local folder, visual = Instance.new("Folder"), library.getVisual(network)
        local given = {{ {arguments} }}
        given[position] = option and {{ [option] = "12" }} or "12"
        if name then
            given[1] = name
        end
        local _, message = pcall(library.{function}, unpack(given, 1, position))
        return message
        """
        option = wanted.name if isinstance(wanted, Option) else None
        owner = next(
            (name for name, record in OPTIMIZERS.items() if option in {each.name for each in record.settings}), None
        )
        (message,) = roblox_machine.run(script, position, option, owner if function == "createOptimizer" else None)
        assert message == f"Wrong Arg#{position}: {place} {wanted.rule.text()}, {NUMBER_TEXT}."


def test_a_number_in_quotes_is_none_inside_either(machine: Machine) -> None:
    layers: Any = NETWORK.to_table()[1]
    calls: dict[str, tuple[str, Callable[[], object]]] = {
        "Wrong Arg#2: Inputs must be in an array of 2 numbers, got {} as number 2.": (
            "KNN.forwardNet, network, { 1, text }",
            lambda: NETWORK.forward([1.0, TWELVE]),
        ),
        "Wrong Arg#4: Target must be in an array of 1 numbers, got {} as number 1.": (
            "KNN.backwardNet, network, 0.1, { 1, 2 }, { text }",
            lambda: NETWORK.copy().backward(0.1, [1.0, 2.0], [TWELVE]),
        ),
        "Wrong Arg#2: Samples[2] must be in an array of 2 numbers, got {} as number 1.": (
            "KNN.trainNet, network, { { 1, 2 }, { text, 2 } }, { { 1 }, { 1 } }, 0.1",
            lambda: NETWORK.copy().train([[1.0, 2.0], [TWELVE, 2.0]], [[1.0], [1.0]], 0.1),
        ),
        "Wrong Arg#3: Targets[1] must be in an array of 1 numbers, got {} as number 1.": (
            "KNN.trainNet, network, { { 1, 2 } }, { { text } }, 0.1",
            lambda: NETWORK.copy().train([[1.0, 2.0]], [[TWELVE]], 0.1),
        ),
        "Wrong Arg#1: Network[1] must be an integer from 1 to 1000000, got {}.": (
            "KNN.saveNet, { text, network[2], false, 'Tanh' }",
            lambda: Network.from_table([TWELVE, layers, False, "Tanh"]),
        ),
        "Wrong Arg#1: Network[2][1][2] must be in an array of 2 numbers, got {} as number 2.": (
            "KNN.saveNet, { 2, { { network[2][1][1], { 0, text } }, network[2][2] }, false, 'Tanh' }",
            lambda: Network.from_table([2, [[layers[0][0], [0.0, TWELVE]], layers[1]], False, "Tanh"]),
        ),
        "Wrong Arg#1: String[2] must be in an array of 1 numbers, got {} as number 1.": (
            """KNN.loadOptimizer, '["SGD",["12"]]'""",
            lambda: load_optimizer('["SGD",["12"]]'),
        ),
        "Wrong Arg#1: String[1] must be an integer from 1 to 1000000, got {}.": (
            """KNN.loadNet, '["12",[]]'""",
            lambda: Network.load('["12",[]]'),
        ),
    }
    expected = [f"""{message.format('"12"').removesuffix(".")} {IS_TEXT}.""" for message in calls]
    assert said_by_lua(machine, b"12", [call for call, _ in calls.values()]) == expected
    assert [said_by_python(python) for _, python in calls.values()] == expected
    only_lua = ["KNN.createBatch, { { text } }", "KNN.forwardBatch, network, { { 1, 2 }, { 1, text } }"]
    scores = "KNN.runGenNet, { network, KNN.loadNet(KNN.saveNet(network)) }, { 1, text }"
    assert said_by_lua(machine, b"12", [*only_lua, scores]) == [
        f'Wrong Arg#1: Samples[1] must be in an array of 1 numbers, got "12" as number 1 {IS_TEXT}.',
        f'Wrong Arg#2: Samples[2] must be in an array of 2 numbers, got "12" as number 2 {IS_TEXT}.',
        f'Wrong Arg#2: Scores must be in an array of 2 numbers, got "12" as number 2 {IS_TEXT}.',
    ]


NUMBER_TEXTS = [
    *("1", "0", "007", "-1", "+1", "1.", ".5", "-.5", "0.25", "1e5", "1E-5", "1e+5", "1.e5", ".5e1", "1e400", "1e-400"),
    *(" 1", "1 ", " \t-1.5e3\n", "\v1\f", "1\r\n", "1" * 40),
]
NO_NUMBER_TEXTS = [
    *("", " ", ".", "-", "+", "e5", "1e", "1e+", "--1", "+-1", "- 1", "1 2", "1,5", "1.2.3", "1..2", "1e5.5", "1-1"),
    *("0x10", "0b1", "1_000", "nan", "inf", "-inf", "NaN", "Infinity", "1LL", "1i", "1f", "5%", "1/2", "1\0", "\0001"),
    *("１", "٣", "\u00a01", "1\u2028", "²", "one", "1" * 41, " " * 40 + "1"),
]


@pytest.mark.parametrize("text", [*NUMBER_TEXTS, *NO_NUMBER_TEXTS], ids=ascii)
def test_which_texts_are_numbers(machine: Machine, text: Any) -> None:
    data = text.encode()
    got = f'"{printable(data)}" (text: tonumber makes a number of it)' if text in NUMBER_TEXTS else quoted(data)
    (message,) = said_by_lua(machine, data, ["KNN.setSeed, text"])
    assert message == f"Wrong Arg#1: Seed must be an integer from 0 to 4294967295, got {got}."
    assert message == said_by_python(lambda: Random(text))


# Strings that end too soon.

SHORT = '[2,[[[[0.1,-0.2]],[0.5]],[[[0.3]],[0.5]]],false,["Tanh","SQ-RBF"],{"loss":"HalfSquaredError"}]'
TRAINED = Optimizer("Momentum", momentum=0.5)
Network.create(1, 1, 1, 1, seed=1).train([[1.0]], [[1.0]], TRAINED)

_CUTS = """
local KNN, text, name = ...
local messages = {}
for length = 0, #text - 1 do
    local taken, message = pcall(KNN[name], string.sub(text, 1, length))
    messages[length + 1] = not taken and message or "taken"
end
return messages
"""


@pytest.mark.parametrize(
    ("text", "function", "rule", "python"),
    [
        (SHORT, "loadNet", "a network string made by saveNet", Network.load),
        (NETWORK.save(), "loadNet", "a network string made by saveNet", Network.load),
        (save_optimizer(TRAINED), "loadOptimizer", "an optimizer string made by saveOptimizer", load_optimizer),
    ],
    ids=["network", "saved network", "optimizer"],
)
def test_a_string_that_was_cut_anywhere_ends_too_soon(
    machine: Machine, text: str, function: str, rule: str, python: Callable[[str], object]
) -> None:
    python(text)
    expected = [f'Wrong Arg#1: String must be {rule}, got "".']
    for cut in range(1, len(text)):
        end = text[max(0, cut - 20) : cut]
        got = f'one of length {cut} that seems to end too soon, with "{end}"'
        expected.append(f"Wrong Arg#1: String must be {rule}, got {got}.")
    assert [said_by_python(partial(python, text[:cut])) for cut in range(len(text))] == expected
    assert machine.run(_CUTS, text, function) == [expected]


_IN_VALUES = """
local KNN, texts = ...
local value, messages = Instance.new("StringValue"), {}
for index, text in ipairs(texts) do
    value.Value = text
    messages[2 * index - 1] = select(2, pcall(KNN.loadNet, value))
    messages[2 * index] = select(2, pcall(KNN.saveNet, value))
end
return messages
"""


def test_a_string_in_a_stringvalue_that_was_cut_ends_too_soon(roblox_machine: Machine) -> None:
    cuts = range(1, len(SHORT))
    (messages,) = roblox_machine.run(_IN_VALUES, [SHORT[:cut] for cut in cuts])
    expected = []
    for cut in cuts:
        end = SHORT[max(0, cut - 20) : cut]
        for place in ("String", "Network"):
            expected.append(
                f"Wrong Arg#1: {place}.Value must be a network string made by saveNet, "
                f'got one of length {cut} that seems to end too soon, with "{end}".'
            )
    assert messages == expected


# A string, and what is said of it behind the rule.
ENDS: list[tuple[bytes, str]] = [
    (b"[", 'one of length 1 that seems to end too soon, with "["'),
    (b"[[[", 'one of length 3 that seems to end too soon, with "[[["'),
    (b'["abc', 'one of length 5 that seems to end too soon, with "["abc"'),
    (b"[1,\n", r'one of length 4 that seems to end too soon, with "[1,\n"'),
    (b"[" + b"1" * 20, 'one of length 21 that seems to end too soon, with "11111111111111111111"'),
    # Of a character that the last twenty bytes begin inside of, nothing is quoted.
    (b'["' + "日".encode() * 7, 'one of length 23 that seems to end too soon, with "日日日日日日"'),
    (b'["' + "😀".encode() * 5 + b"a", 'one of length 23 that seems to end too soon, with "😀😀😀😀a"'),
    (b'["ab' + "ü".encode() * 10, 'one of length 24 that seems to end too soon, with "üüüüüüüüüü"'),
    (b'["ab' + b"\x80" * 20, 'one of length 24 that seems to end too soon, with "' + r"\x80" * 17 + '"'),
    # A character that the string itself was cut in.
    (b'["' + "日".encode()[:2], r'one of length 4 that seems to end too soon, with "["\xE6\x97"'),
    # Brackets in quotes do not count.
    (b'["[[["]]', '"["[[["]]"'),
    (b'["]]]"', 'one of length 6 that seems to end too soon, with "["]]]""'),
    # All brackets are closed, or it is no array: not cut, but something else.
    (b"[1,]", '"[1,]"'),
    (b"[1]]", '"[1]]"'),
    (b"[}", '"[}"'),
    (b"{", '"{"'),
    (b'{"a":[', '"{"a":["'),
    (b" [1", 'one of length 3 that seems to end too soon, with " [1"'),
    (b"\xef\xbb\xbf[1", r'"\xEF\xBB\xBF[1"'),
    (b"return [", '"return ["'),
]


@pytest.mark.parametrize(("data", "got"), ENDS, ids=[ascii(data) for data, _ in ENDS])
def test_what_ends_too_soon_and_what_does_not(machine: Machine, data: bytes, got: str) -> None:
    expected = [
        f"Wrong Arg#1: String must be a network string made by saveNet, got {got}.",
        f"Wrong Arg#1: String must be an optimizer string made by saveOptimizer, got {got}.",
    ]
    assert said_by_lua(machine, data, ["KNN.loadNet, text", "KNN.loadOptimizer, text"]) == expected


# Strings that nest deep.

DEPTHS = [*range(98, 103), 120, 130, 1000]
LAYERS = "[[[[1,2]],[0]],[[[3]],[0]]]"


def nested(depth: int) -> dict[str, str]:
    """Texts of arrays, of dictionaries and of both that lie so deep in one another."""
    dictionaries = '{"a":' * (depth - 1)
    closed = "}" * (depth - 1)
    return {
        "arrays": "[" * depth + "]" * depth,
        "arrays with a number": "[" * depth + "1" + "]" * depth,
        "arrays behind a number": "[1," * depth + "1" + "]" * depth,
        "dictionaries": dictionaries + "{}" + closed,
        "dictionaries with a number": dictionaries + '{"a":1}' + closed,
        "dictionaries in an array": "[" + '{"a":' * (depth - 2) + "{}" + "}" * (depth - 2) + "]",
        "dictionaries with a number in an array": "[" + dictionaries + "1" + closed + "]",
        "both": '[{"a":' * (depth // 2) + "1" + "}]" * (depth // 2),
        "inputs": "[" + "[" * (depth - 1) + "]" * (depth - 1) + f',{LAYERS},false,"Tanh"]',
        "an extra": f'[2,{LAYERS},false,"Tanh",{{"kinds":' + "[" * (depth - 2) + "]" * (depth - 2) + "}]",
        "behind all": f'[2,{LAYERS},false,"Tanh",{{}},' + "[" * (depth - 1) + "5" + "]" * (depth - 1) + "]",
        "an optimizer's settings": '["SGD",' + "[" * (depth - 1) + "]" * (depth - 1) + "]",
        "unfinished arrays": "[" * depth,
        "unfinished dictionaries": "[" + dictionaries,
    }


_READ = """
local KNN, text = ...
return (select(2, pcall(KNN.loadNet, text))), (select(2, pcall(KNN.loadOptimizer, text)))
"""


def check_depth(machine: Machine, depth: int) -> None:
    for name, text in nested(depth).items():
        expected = [said_by_python(partial(read, text)) for read in (Network.load, load_optimizer)]
        assert machine.run(_READ, text) == expected, name


@pytest.mark.parametrize("depth", DEPTHS)
def test_how_deep_a_string_may_nest_is_the_same_everywhere(machine: Machine, depth: int) -> None:
    check_depth(machine, depth)


@pytest.mark.parametrize("depth", DEPTHS)
def test_how_deep_a_string_may_nest_is_the_same_with_the_reader_of_roblox(roblox_machine: Machine, depth: int) -> None:
    check_depth(roblox_machine, depth)


def test_a_hundred_levels_are_read_and_no_more(machine: Machine) -> None:
    assert [machine.refusal("loadNet", "[" * depth + "1" + "]" * depth) for depth in (100, 101)] == [
        "Wrong Arg#1: String[1] must be an integer from 1 to 1000000, got an array of 1.",
        (
            "Wrong Arg#1: String must be a network string made by saveNet, "
            f'got a string of 203 bytes that starts with "{"[" * 40}".'
        ),
    ]
