"""A network that its user changes between two calls is run and trained as it then is."""

import numpy as np
import pytest

from engine import Network
from engine.kernels.schedules import NARROW
from tests.parity.machine import Machine

# Narrow networks have kernels that know them, wide ones do not; the last layer of the third is too wide.
SHAPES = [(2, 2, 3, 1), (NARROW, 1, NARROW, NARROW), (2, 1, 3, NARROW + 1), (7, 2, 9, 3)]

# Each changes a network with at least two layers, which stays right.
EDITS = {
    "nothing": "",
    "a weight": "layers[1][1][1][1] = 0.25",
    "a bias": "layers[2][2][1] = -0.75",
    "a row": "layers[1][1][1] = copy(layers[1][1][1]) layers[1][1][1][1] = 0.5",
    "the weights of a layer": "layers[2][1] = copy(layers[2][1]) layers[2][1][1][1] = 2",
    "the biases of a layer": "layers[1][2] = copy(layers[1][2]) layers[1][2][1] = 3",
    "a layer": "layers[1] = copy(layers[1]) layers[1][1][1][1] = -1",
    "all layers": "network[2] = copy(layers) network[2][1][1][1][1] = -2",
    "the activation": 'network[4] = "Sin"',
    "an activation for each layer": 'network[4] = {} for l = 1, #layers do network[4][l] = "Tanh" end',
    "one activation of several": 'network[4] = {} for l = 1, #layers do network[4][l] = "Tanh" end seen(network)'
    ' network[4][1] = "ReLU" network[4][#layers] = "Identity"',
    "a node more": """
        local row = copy(layers[1][1][1])
        table.insert(layers[1][1], row)
        table.insert(layers[1][2], 0.5)
        if layers[1][3] then table.insert(layers[1][3], 0.25) end
        for _, other in ipairs(layers[2][1]) do table.insert(other, #layers[1][1], 0.75) end""",
    "a node less": """
        table.remove(layers[1][1])
        table.remove(layers[1][2])
        if layers[1][3] then table.remove(layers[1][3]) end
        for _, other in ipairs(layers[2][1]) do table.remove(other, #layers[1][1] + 1) end""",
    "an input more": """
        network[1] = network[1] + 1
        for _, row in ipairs(layers[1][1]) do table.insert(row, 1, 0.375) end""",
    "a layer more": """
        local count, layer = #layers[1][2], { {}, {} }
        for j = 1, count do
            layer[1][j], layer[2][j] = {}, j / 8
            for i = 1, count + (layers[1][3] and 1 or 0) do layer[1][j][i] = (i - j) / 16 end
        end
        layer[3] = layers[1][3] and copy(layers[1][3])
        table.insert(layers, 2, layer)""",
    "a memory": """
        for l, layer in ipairs(layers) do
            layer[3] = {}
            for j, row in ipairs(layer[1]) do
                layer[3][j] = l < #layers and j / 4 or 0
                table.insert(row, 0.5)
            end
        end""",
}
RECURRENT_EDITS = {
    "a state": "layers[1][3] = copy(layers[1][3]) layers[1][3][1] = 0.875",
    "no memory": """
        for _, layer in ipairs(layers) do
            table.remove(layer, 3)
            for _, row in ipairs(layer[1]) do table.remove(row) end
        end""",
}

# Runs and trains a network, changes it, and does the same as with a copy that nobody has seen.
_SCRIPT = """
local KNN, edit, inputs, hiddenL, hiddenN, outputs, recurrent = ...
local function numbers(count)
    local made = {}
    for index = 1, count do made[index] = index / 4 - 1 end
    return made
end
local function work(network)
    local counts = { network[1], #network[2][#network[2]][2] }
    local answer = KNN.forwardNet(network, numbers(counts[1]))
    KNN.backwardNet(network, 0.5, numbers(counts[1]), numbers(counts[2]))
    local losses = KNN.trainNet(network, { numbers(counts[1]) }, { numbers(counts[2]) }, 0.5, { epochs = 2 })
    return table.concat(answer, " ") .. KNN.saveNet(network) .. table.concat(losses, " ")
end
KNN.setSeed(3)
local network = KNN.createNet(inputs, hiddenL, hiddenN, outputs, "Tanh", recurrent)
work(network)
edit(network, work)
local stranger = KNN.loadNet(KNN.saveNet(network))
return work(network), work(stranger)
"""
_EDIT = """
local network, seen = ...
local function copy(value)
    if type(value) ~= "table" then return value end
    local made = {{}}
    for key, each in pairs(value) do made[key] = copy(each) end
    return made
end
local layers = network[2]
{}
"""


CASES = {
    **{(edit, False): change for edit, change in EDITS.items()},
    **{(edit, True): change for edit, change in EDITS.items() if edit != "a memory"},
    **{(edit, True): change for edit, change in RECURRENT_EDITS.items()},
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize(("edit", "recurrent"), CASES)
def test_a_changed_network_is_what_it_is_now(
    machine: Machine, shape: tuple[int, int, int, int], edit: str, recurrent: bool
) -> None:
    change = machine.runtime.compile(_EDIT.format(CASES[edit, recurrent]), "edit")
    answer, expected = machine.run(_SCRIPT, change, *shape, recurrent)
    assert answer == expected


def test_a_network_that_its_user_edits_is_right_at_once(machine: Machine) -> None:
    script = """
    local KNN, text, other = ...
    local network, source = KNN.loadNet(text), KNN.loadNet(other)
    KNN.forwardNet(network, { 1, 2 })
    network[2][1] = source[2][1]
    network[2][2][1][2] = source[2][2][1][2]
    network[2][3][2][1] = 0.125
    return KNN.saveNet(network), KNN.forwardNet(network, { 1, 2 })
    """
    text, outputs = machine.run(
        script, Network.create(2, 2, 3, 1, seed=1).save(), Network.create(2, 2, 3, 1, seed=7).save()
    )
    assert np.allclose(outputs, Network.load(text).forward([1.0, 2.0]), rtol=1e-15)
