"""Networks that the library of an earlier commit made and saved run and train the same in the present one."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codegen.runtimes import Handle
from engine import Network, Optimizer, load_optimizer, save_optimizer
from tests.parity.machine import Machine

# The one script that the library was at that commit.
BEFORE = Path(__file__).parent.parent / "data" / "KNNLibrary-9a9c5ef.luau"

# How each network comes about, as the body of a function of the earlier library, samples and targets.
NETWORKS = {
    "feed-forward": "return before.createNet(3, 2, 4, 2)",
    "wide": "return before.createNet(3, 1, 19, 2, 'Swish')",
    "recurrent": """
        local network = before.createNet(3, 2, 4, 2, "Tanh", true)
        for _, sample in ipairs(samples) do
            before.forwardNet(network, sample)
        end
        return network
    """,
    "an activation for each layer": "return before.createNet(3, 2, 4, 2, { 'ReLU', 'Sinc', 'Identity' })",
    "an activation for each layer, recurrent": """
        return before.createNet(3, 2, 4, 2, { "Sin", "Tanh", "Gaussian" }, true)
    """,
    "trained": """
        local network = before.createNet(3, 2, 4, 2)
        before.trainNet(network, samples, targets, 0.1, { epochs = 30, frameBudget = 3600 })
        return network
    """,
    "trained, recurrent": """
        local network = before.createNet(3, 2, 4, 2, "ElliotSign", true)
        for _ = 1, 30 do
            for index, sample in ipairs(samples) do
                before.backwardNet(network, 0.1, sample, targets[index])
            end
        end
        return network
    """,
    "the best of a generation": """
        local networks = {}
        for index = 1, 6 do
            networks[index] = before.createNet(3, 2, 4, 2)
        end
        for _ = 1, 3 do
            best = before.runGenNet(networks, { 3, 1, 4, 1, 5, 9 })
        end
        local network = networks[best]
        assert(network[3] == true)
        return network
    """,
}
SAMPLES = [[0.5, -1.0, 2.0], [-3.0, 0.25, 1e-3], [0.0, 0.0, 0.0], [1 / 3, -7e5, 0.1]]
TARGETS = [[0.25, 1.0], [0.0, 0.5], [1.0, 1.0], [0.125, 0.0]]

_SAVE = """
local before, samples, targets = ...
before.setSeed(7)
local best
local network = (function()
{make}
end)()
return before.saveNet(network), network
"""
_READ = "local library, text = ... return library.loadNet(text), library.saveNet(library.loadNet(text))"
_GO_ON = """
local library, text, samples, targets = ...
local network, seen = library.loadNet(text), {}
local function look()
    for _, sample in ipairs(samples) do
        table.insert(seen, library.forwardNet(network, sample))
    end
    table.insert(seen, library.saveNet(network))
end
look()
for index, sample in ipairs(samples) do
    library.backwardNet(network, 0.1, sample, targets[index])
end
look()
table.insert(seen, (library.trainNet(network, samples, targets, 0.05, { epochs = 3, frameBudget = 3600 })))
look()
return seen
"""


def library_before(machine: Machine) -> Handle:
    return machine.runtime.require(BEFORE.read_text(encoding="utf-8"), BEFORE.stem)


# The shared machines are kept anyway.
shared_library_before = cache(library_before)


def saved(machine: Machine, before: Handle, network: str) -> tuple[str, Any]:
    """A network's string and its table, from the earlier library."""
    text, table = machine.runtime.run(_SAVE.format(make=NETWORKS[network]), before, SAMPLES, TARGETS)
    return text, table


def gone_on(machine: Machine, library: Handle, text: str) -> str:
    """What a library makes of a string, every bit: outputs, strings and losses before, amid and after training."""
    (seen,) = machine.runtime.run(_GO_ON, library, text, SAMPLES, TARGETS)
    assert len(seen) == 3 * (len(SAMPLES) + 1) + 1
    return repr(seen)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_string_of_before_is_read_and_written_the_same(machine: Machine, network: str) -> None:
    text, table = saved(machine, shared_library_before(machine), network)
    read, written = machine.runtime.run(_READ, machine.library, text)
    assert repr(read) == repr(table)
    assert written == text


@pytest.mark.parametrize("network", NETWORKS)
def test_a_network_of_before_runs_and_trains_the_same(machine: Machine, network: str) -> None:
    before = shared_library_before(machine)
    text, _ = saved(machine, before, network)
    assert gone_on(machine, machine.library, text) == gone_on(machine, before, text)


def test_the_same_where_roblox_reads_and_writes_the_strings(roblox_machine: Machine) -> None:
    """Lune's JSON reads numbers a little off, so what is compared is what both libraries read."""
    before = library_before(roblox_machine)
    for network in NETWORKS:
        text, _ = saved(roblox_machine, before, network)
        assert gone_on(roblox_machine, roblox_machine.library, text) == gone_on(roblox_machine, before, text)


def test_a_difference_in_one_bit_is_seen(machine: Machine) -> None:
    before = shared_library_before(machine)
    text, _ = saved(machine, before, "feed-forward")
    changed = text.replace("0.5", "0.5000000000000001", 1)
    assert changed != text
    assert gone_on(machine, before, changed) != gone_on(machine, before, text)


# What the engine of an earlier commit saved of optimizers that remembered means: a network and its optimizer after 7
# steps, the network after 5 more, and an optimizer before its first step.
MEANS = json.loads((Path(__file__).parent.parent / "data" / "optimizers-52aec24.json").read_text(encoding="utf-8"))
STEPS = [([1.0, 0.5], [0.3]), ([-0.5, 1.0], [-0.7]), ([0.25, -1.0], [0.9])]
# Sums are means divided by what is near 0.001, and the network was stepped by them: a few of their last digits.
CLOSE = 1e-12

_STEP = """
local KNN, text, saved, steps, count = ...
local network, optimizer = KNN.loadNet(text), KNN.loadOptimizer(saved)
for k = 0, count - 1 do
    local step = steps[k % #steps + 1]
    KNN.backwardNet(network, optimizer, step[1], step[2])
end
return KNN.saveNet(network), KNN.saveOptimizer(optimizer)
"""


@pytest.mark.parametrize("name", MEANS)
def test_optimizers_that_were_saved_with_means_go_on(machine: Machine, name: str) -> None:
    given = MEANS[name]
    network, optimizer = Network.load(given["network"]), load_optimizer(given["optimizer"])
    for k in range(5):
        network.backward(optimizer, *STEPS[k % 3])
    text, saved = machine.run(_STEP, given["network"], given["optimizer"], STEPS, 5)
    assert [text, saved] == [network.save(), save_optimizer(optimizer)]
    for one, other in zip(network.layers, Network.load(given["after"]).layers, strict=True):
        for numbers, wanted in zip(one.numbers, other.numbers, strict=True):
            np.testing.assert_allclose(numbers, wanted, rtol=CLOSE)


@pytest.mark.parametrize("name", MEANS)
def test_an_optimizer_that_was_saved_before_its_first_step_begins_like_any(machine: Machine, name: str) -> None:
    network, optimizer = Network.load(MEANS[name]["after"]), load_optimizer(MEANS[name]["fresh"])
    other, new = network.copy(), Optimizer(name, rate=0.01)
    for each, update in ((network, optimizer), (other, new)):
        for k in range(3):
            each.backward(update, *STEPS[k])
    assert network.to_table() == other.to_table()
    assert machine.run(_STEP, MEANS[name]["after"], MEANS[name]["fresh"], STEPS, 3) == [
        network.save(),
        save_optimizer(optimizer),
    ]
