"""Networks are told apart by what they are, not by what a metatable says of them; values by what Roblox calls them."""

import pytest

from engine import Network
from tests.parity.machine import Machine

_EQUAL = """
local KNN, text, equal = ...
local class = {
    __eq = function(a, b)
        if equal == "raises" then
            error("no two are to be compared", 0)
        end
        return equal == "always"
    end,
}
local one, other = setmetatable(KNN.loadNet(text), class), setmetatable(KNN.loadNet(text), class)
local optimizer = KNN.createOptimizer("Momentum")
KNN.forwardNet(one, { 1, 2 })
KNN.backwardNet(one, 0.1, { 1, 2 }, { 1 })
KNN.backwardNet(one, optimizer, { 1, 2 }, { 1 })
local taken, message = pcall(KNN.backwardNet, other, optimizer, { 1, 2 }, { 1 })
KNN.trainNet(one, { { 1, 2 } }, { { 1 } }, 0.1, { epochs = 2, onEpoch = function() end })
KNN.resetState(one)
KNN.runGenNet({ one, other }, { 1, 2 })
return taken, message, rawget(one, "Value") == nil
"""


@pytest.mark.parametrize("equal", ["always", "never", "raises"])
def test_a_metatable_makes_no_two_networks_one(machine: Machine, equal: str) -> None:
    text = Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1).save()
    taken, message, is_plain = machine.run(_EQUAL, text, equal)
    assert not taken
    rule = "must be an optimizer that has stepped no other network (one for each)"
    assert message == f"Wrong Arg#2: Learning rate {rule}, got one that has."
    assert is_plain


def test_roblox_values_are_called_by_their_names(real_roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    local network = KNN.createNet(3, 1, 3, 1)
    local messages = {}
    for index, value in ipairs({ Vector3.new(1, 2, 3), Color3.new(1, 1, 1), UDim2.fromScale(1, 1) }) do
        messages[index] = select(2, pcall(KNN.forwardNet, network, value))
    end
    return messages
    """
    (messages,) = real_roblox_machine.run(script)
    rule = "Wrong Arg#2: Inputs must be in an array of 3 numbers, got a"
    assert messages == [f"{rule} Vector3.", f"{rule} Color3.", f"{rule} UDim2."]
