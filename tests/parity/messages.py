"""What tests of messages share: what the library says of calls, in Lua, and Python's words for what came.

Texts go to Lua as hexadecimal digits, for not all of them are UTF-8.
"""

from collections.abc import Iterable

from engine import Network
from engine.describe import printable
from engine.interface.limits import LONGEST_QUOTE
from tests.parity.machine import Machine

NETWORK = Network.create(2, 1, 2, 1, seed=1)

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


def quoted(data: bytes) -> str:
    """What Python's words for any bytes are, those too that are no text in Python."""
    if len(data) <= LONGEST_QUOTE:
        return f'"{printable(data)}"'
    first = next((n for n in range(LONGEST_QUOTE, LONGEST_QUOTE - 3, -1) if not is_continuation(data[n])), 37)
    return f'a string of {len(data)} bytes that starts with "{printable(data[:first])}"'


def is_continuation(byte: int) -> bool:
    return byte & 0xC0 == 0x80


_TRAINED = "function(it) KNN.trainNet(it, { { 1, 2 } }, { { 1 } }, 0.1) return it end"
# Arguments that functions take, as they stand in a script that has made ``network``, ``other`` and the like.
ARGUMENTS = {
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
    "createFunction": "network",
    "createOptimizer": '"SGD"',
    "saveOptimizer": "optimizer",
    "loadOptimizer": "KNN.saveOptimizer(optimizer)",
    "saveTraining": f"({_TRAINED})(network), 0.1",
    "loadTraining": f"KNN.saveTraining(({_TRAINED})(network), 0.1)",
    "createScaler": '{ { 1 }, { 2 } }, "MinMax"',
    "setScaler": "network",
    "scaleSample": '{ name = "MinMax", shift = { 0 }, scale = { 1 } }, { 1 }',
    "unscaleSample": '{ name = "MinMax", shift = { 0 }, scale = { 1 } }, { 1 }',
    "forwardBatch": "network, { { 1, 2 } }",
    "trainNet": "network, { { 1, 2 } }, { { 1 } }, 0.1, { epochs = 2 }",
    "evaluateNet": "network, { { 1, 2 } }, { { 1 } }",
}


IS_TEXT = "(text: tonumber makes a number of it)"
LOAD_IT = "(loadNet makes a network of it)"
