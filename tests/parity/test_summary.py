"""What a network consists of is the same text everywhere."""

import numpy as np
import pytest

from engine import Network
from engine.interface.limits import DATA_STORE_CHARACTERS, STRING_VALUE_CHARACTERS
from engine.layers.registry import LAYER_KINDS
from engine.summary import summary
from tests.engine.samples import network_of_kinds
from tests.parity.machine import Machine


@pytest.mark.parametrize("kind", LAYER_KINDS)
@pytest.mark.parametrize("activator", ["Tanh", ("SQ-RBF", "BentIdentity", "Softmax")], ids=str)
def test_the_text_is_the_same(machine: Machine, kind: str, activator: str | tuple[str, ...]) -> None:
    network = network_of_kinds((kind, "Dense", kind), activator, seed=1, sizes=(12, 105, 3, 10))
    assert machine.call("summarizeNet", network.to_table()) == [network.summary()]


def test_what_was_hung_on_a_network_does_not_count(machine: Machine) -> None:
    network = Network.create(2, 1, 2, 1, seed=1)
    script = "local KNN, network = ... network.owner = 'Bob' network[2][1].note = {} return KNN.summarizeNet(network)"
    assert machine.run(script, network.to_table()) == [network.summary()]


_FITS = """
local KNN, length = ...
local network, row = KNN.createNet(1, 1, 1, 1), {}
-- A zero and a comma are two characters, and ten is one more.
network[1] = math.floor((length - 200) / 2)
for i = 1, network[1] do
    row[i] = 0
end
network[2][1][1][1] = row
for i = 1, length - #KNN.saveNet(network) do
    row[i] = 10
end
return KNN.summarizeNet(network), #KNN.saveNet(network)
"""


@pytest.mark.parametrize(
    ("length", "which"),
    [
        (STRING_VALUE_CHARACTERS, "both"),
        (STRING_VALUE_CHARACTERS + 1, "the key only"),
    ],
)
def test_where_its_string_fits_is_said(machine: Machine, length: int, which: str) -> None:
    text, saved = machine.run(_FITS, length)
    assert saved == length
    assert text.splitlines()[-2] == (
        f"Saved it has {length} characters. A StringValue takes {STRING_VALUE_CHARACTERS} and a DataStore key "
        f"{DATA_STORE_CHARACTERS}: it fits {which}."
    )


def test_a_string_value_is_summarized_in_roblox(roblox_machine: Machine) -> None:
    network = Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1)
    # Of few digits, which every parser of JSON reads exactly.
    for layer in network.layers:
        layer.weights[:] = np.round(layer.weights * 1024) / 1024
    script = """
    local KNN, text = ...
    local value = Instance.new("StringValue")
    value.Value = text
    local first = KNN.summarizeNet(value)
    return first, KNN.summarizeNet(value), #KNN.saveNet(value)
    """
    first, second, length = roblox_machine.run(script, network.save())
    # Roblox's own JSON may write a number in another way, of another length.
    assert first == second == summary(network.layers, int(length))


def test_a_damaged_network_is_refused(machine: Machine) -> None:
    table = Network.create(1, 1, 2, 1, seed=1).to_table()
    table[1][0][1][1] = "x"  # type: ignore[index]  # a table's layers
    message = 'Wrong Arg#1: Network[2][1][2] must be in an array of 2 numbers, got "x" as number 2.'
    assert machine.refusal("summarizeNet", table) == message
