"""Strings that end too soon: an error says so, and how they end."""

from collections.abc import Callable
from functools import partial

import pytest

from engine import Network, Optimizer, load_optimizer, save_optimizer
from tests.parity.machine import Machine
from tests.parity.messages import NETWORK, said_by_lua
from tests.parity.test_errors import said_by_python

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
