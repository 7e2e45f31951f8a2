"""A step on a network with a frozen part is refused, and nothing is changed: no part that comes before it either."""

import pytest

from engine import Network
from tests.parity.machine import Machine

SIZES = {"1-1-1-1": (1, 2, 1, 1), "2-2-2-2": (2, 2, 2, 2), "3-3-3-3": (3, 2, 3, 3), "4-4-4-4": (4, 2, 4, 4)}
SIZES["6-5-5-2"] = (6, 2, 5, 2)

_EACH_PART = """
local KNN, text, inputs, target, layout = ...
local wrong = {}
local function tryPart(where, partOf)
    for used = 0, 1 do
        local network = KNN.loadNet(text)
        if used == 1 then
            KNN.backwardNet(network, 0, inputs, target)
            KNN.resetState(network)
        end
        local before = KNN.saveNet(network)
        table.freeze(partOf(network[2]))
        for _, step in ipairs({
            { KNN.backwardNet, 0.1, inputs, target },
            { KNN.backwardNet, KNN.createOptimizer("Momentum"), inputs, target },
            { KNN.trainNet, { inputs, inputs }, { target, target }, 0.1, { epochs = 20 } },
        }) do
            local done, message = pcall(step[1], network, unpack(step, 2))
            local start = "Wrong Arg#1: Network" .. where .. " must be a table"
            local isRight = not done and string.sub(message, 1, #start) == start
            if not isRight or KNN.saveNet(network) ~= before then
                wrong[#wrong + 1] = where .. ": " .. tostring(message)
            end
        end
    end
end
local layers = table.freeze and KNN.loadNet(text)[2] or {}
for l, layer in ipairs(layers) do
    for j in ipairs(layer[1]) do
        tryPart("[2][" .. l .. "][1][" .. j .. "]", function(own) return own[l][1][j] end)
    end
    -- The state of the output layer is out of play.
    for part = 2, l < #layers and #layer or 2 do
        tryPart("[2][" .. l .. "][" .. part .. "]", function(own) return own[l][part] end)
    end
end
return wrong
"""


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
def test_a_step_changes_nothing_if_a_part_is_frozen(
    machine: Machine, sizes: tuple[int, int, int, int], recurrent: bool
) -> None:
    network = Network.create(*sizes, "Tanh", recurrent=recurrent, seed=1)
    inputs, target = [0.5, -0.25, 1.0, 2.0, 0.125, -1.0][: sizes[0]], [0.0, 1.0, 0.5, 0.25][: sizes[3]]
    assert machine.run(_EACH_PART, network.save(), inputs, target) == [[]]
