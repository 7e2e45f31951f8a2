"""What nobody holds any more goes, whatever its parts lead to."""

import pytest

from tests.parity.machine import Machine

# How a user may tie parts of a network to it.
TIES = {
    "nothing": "",
    "a layer": "network[2][1].network = network",
    "the layers": "network[2].network = network",
    "a row": "network[2][1][1][1].network = network",
    "the network itself": "network.network = network",
    "the activator": "network[4] = { 'Tanh', 'Sigmoid', network = network }",
}
USES = {
    "forwardNet": "KNN.forwardNet(network, { 1, 2 })",
    "backwardNet": "KNN.backwardNet(network, 0.1, { 1, 2 }, { 1 })",
    "an optimizer": "network.optimizer = KNN.createOptimizer('Momentum')\n"
    "KNN.backwardNet(network, network.optimizer, { 1, 2 }, { 1 })",
    "trainNet": "KNN.trainNet(network, { { 1, 2 } }, { { 1 } }, 0.1, { epochs = 20 })",
    "a training that ends with an error": "network.optimizer = KNN.createOptimizer('Adam')\n"
    "pcall(KNN.trainNet, network, { { 1, 2 } }, { { 1 } }, network.optimizer, { patience = 2, onEpoch = error })",
    "its target": "local target = { 1 }\ntarget.network = network\nKNN.backwardNet(network, 0.1, { 1, 2 }, target)",
    "forwardBatch": "KNN.forwardBatch(network, { { 1, 2 } })",
}


# All of them: a way back to the network may take a use, a tie and what only one runtime has.
@pytest.mark.share(1)
@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("use", USES)
def test_a_network_goes_that_nobody_holds(machine: Machine, tie: str, use: str) -> None:
    script = f"""
    local KNN = ...
    local kept = setmetatable({{}}, {{ __mode = "v" }})
    local function make()
        local network = KNN.createNet(2, 1, 3, 1, "Tanh")
        {TIES[tie]}
        {USES[use]}
        kept[1] = network
    end
    make()
    -- Another one takes the places of the last call.
    local other = KNN.createNet(2, 1, 3, 1, "Tanh")
    KNN.forwardNet(other, {{ 1, 2 }})
    KNN.backwardNet(other, 0.1, {{ 1, 2 }}, {{ 1 }})
    -- What LuaJIT has compiled holds the functions, a session's too, that it was compiled for.
    if jit then
        jit.flush()
    end
    -- Where they are stored, LuaJIT cannot do without these tables.
    local turns, garbage = 0, {{}}
    while kept[1] and turns < 2000 do
        turns = turns + 1
        for k = 1, 1000 do
            garbage[k] = {{}}
        end
    end
    return kept[1] == nil
    """
    assert machine.run(script) == [True]
