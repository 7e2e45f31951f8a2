"""When others get turns in a training, and what they make of its network then, or between two trainings."""

from dataclasses import replace
from typing import Any

import pytest

from codegen.runtimes import RUNTIMES
from codegen.runtimes.lune import Lune
from engine import Network
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.library import require, tree
from tests.parity.cases import RATE
from tests.parity.clock import steps_between_clocks
from tests.parity.machine import Machine
from tests.parity.test_sessions import CASE, PAIRS, SAMPLES, TARGETS, network, trained
from tests.skips import or_skip

# Recurrence of activations with infinite range is compared like everything else.
pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

EXCLUSIVE_OR = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]

# Whatever its activations, some of which are warned of.
STRIDE = steps_between_clocks(replace(CASE, activator="Tanh").create(CASE.seed))

_TURNS = """
local KNN, network, samples, targets, rate, options, inside = ...
local before, losses = getFrames(), nil
local stepper = type(rate) == "string" and KNN.createOptimizer(rate) or rate
local function train()
	losses = KNN.trainNet(network, samples, targets, stepper, options)
end
if inside == "a coroutine" then
	assert(coroutine.resume(coroutine.create(train)))
elseif inside == "a sort" then
	table.sort({ 1, 2 }, function(a, b)
		if not losses then
			train()
		end
		return a < b
	end)
else
	train()
end
return getFrames() - before, #losses, network
"""


def turns(machine: Machine, budget: float, epochs: int, inside: str) -> Any:
    options = {"epochs": epochs, "frameBudget": budget}
    count, losses, table = machine.run(_TURNS, network().to_table(), SAMPLES, TARGETS, RATE, options, inside)
    assert losses == epochs
    assert table == trained(epochs)[0].to_table()
    return count


def test_training_takes_turns_with_roblox_when_its_budget_is_used_up(roblox_machine: Machine) -> None:
    epochs = -(-5 * STRIDE // len(PAIRS))
    can_wait = roblox_machine.run("return coroutine.isyieldable ~= nil")[0]
    # Some work is done between two looks at the clock, so the smallest budget is used up at each.
    expected = {epochs * len(PAIRS) // STRIDE, epochs * len(PAIRS) // (STRIDE + len(PAIRS))} if can_wait else {0}
    assert turns(roblox_machine, 1e-9, epochs, "a coroutine") in range(min(expected), max(expected) + 1)
    assert turns(roblox_machine, 1e9, epochs, "a coroutine") == 0


@pytest.mark.parametrize("stepper", [RATE, "Adam"])
@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_where_steps_take_longer_others_have_their_turns_after_fewer(
    roblox_machine: Machine, kind: str, stepper: float | str
) -> None:
    start = network_of_kinds((kind, "Dense"), "Tanh", seed=3, sizes=(5, 13, 3))
    stride = steps_between_clocks(start, is_plain=stepper == RATE)
    epochs = -(-7 * stride // len(PAIRS))
    options = {"epochs": epochs, "frameBudget": 1e-9}
    given = start.to_table(), SAMPLES, TARGETS, stepper, options
    count, *_ = roblox_machine.run(_TURNS, *given, "a coroutine")
    steps = epochs * len(PAIRS)
    looks = range(steps // (stride + len(PAIRS)), steps // stride + 1)
    assert count in (looks if roblox_machine.run("return coroutine.isyieldable ~= nil")[0] else [0])


def test_training_never_waits_where_its_caller_cannot(roblox_machine: Machine) -> None:
    assert turns(roblox_machine, 1e-9, -(-2 * STRIDE // len(PAIRS)), "a sort") == 0


@pytest.mark.parametrize("name", [name for name, runtime in RUNTIMES.items() if issubclass(runtime, Lune)])
def test_training_waits_for_a_real_scheduler(name: str) -> None:
    """Lune's own; another thread gets its turn meanwhile."""
    runtime = or_skip(lambda: RUNTIMES[name]('task = require("@lune/task")'))
    script = """
    local KNN, network, samples, targets, rate, epochs = ...
    local turns = 0
    local other = task.spawn(function()
        while true do
            task.wait()
            turns += 1
        end
    end)
    KNN.trainNet(network, samples, targets, rate, { epochs = epochs, frameBudget = 1e-9 })
    task.cancel(other)
    return turns > 0, network
    """
    epochs = -(-10 * STRIDE // len(PAIRS))
    expected = [True, trained(epochs)[0].to_table()]
    library = require(runtime, tree())
    assert runtime.run(script, library, network().to_table(), SAMPLES, TARGETS, RATE, epochs) == expected


_EDITED = """
local KNN, text, samples, targets, rate, epochs, edit = ...
if coroutine.isyieldable == nil then
	return false
end
setWhileWaiting(coroutine.yield)
local network, copy = KNN.loadNet(text), KNN.loadNet(text)
local thread = coroutine.create(function()
	KNN.trainNet(network, samples, targets, rate, { epochs = epochs, frameBudget = 1e-9 })
end)
assert(coroutine.resume(thread))
local _, held = pcall(KNN.backwardNet, network, rate, samples[1], targets[1])
local reached = tonumber(string.match(held, "epoch (%d+) of"))
edit(network)
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
end
for epoch = 1, epochs do
	for index, sample in ipairs(samples) do
		KNN.backwardNet(copy, rate, sample, targets[index])
	end
	if epoch == reached then
		edit(copy)
	end
end
return true, reached, network, copy
"""


@pytest.mark.parametrize(
    "edit",
    [
        'network[4] = "Tanh"',
        "local row = network[2][1][1][1] network[2][1][1][1] = { row[1] + 1, row[2] }",
        "network[2] = { { network[2][1][1], { 1, 1, 1 } }, network[2][2] }",
        'network[5] = { loss = "BinaryCrossEntropy" }',
    ],
)
def test_what_others_make_of_a_small_network_in_a_turn_is_trained_from_then_on(
    roblox_machine: Machine, edit: str
) -> None:
    epochs = 1000
    start, changed = (
        Network.create(2, 1, 3, 1, seed=1),
        roblox_machine.runtime.compile(f"local network = ... {edit}", "edit"),
    )
    given = start.save(), *EXCLUSIVE_OR, RATE, epochs, changed
    can_wait, *found = roblox_machine.run(_EDITED, *given)
    if can_wait:
        reached, in_a_session, by_steps = found
        assert 1 < reached < epochs
        assert in_a_session == by_steps


_EXCHANGED = """
local KNN, text, other, samples, targets, rate, layers = ...
local network, copy = KNN.loadNet(text), KNN.loadNet(text)
KNN.trainNet(network, samples, targets, rate)
KNN.trainNet(copy, samples, targets, rate)
for _, each in ipairs({ network, copy }) do
	local exchanged = KNN.loadNet(other)
	for l = 1, layers do
		each[2][l] = exchanged[2][l]
	end
end
KNN.trainNet(network, samples, targets, rate, { epochs = 3 })
local new = KNN.loadNet(KNN.saveNet(copy))
for _ = 1, 3 do
	for index, sample in ipairs(samples) do
		KNN.backwardNet(new, rate, sample, targets[index])
	end
end
return network, new
"""


@pytest.mark.parametrize("nodes", [1, 2, 4, 9])
@pytest.mark.parametrize("recurrent", [False, True])
def test_layers_of_other_sizes_in_place_of_those_that_were_trained_are_trained(
    machine: Machine, nodes: int, recurrent: bool
) -> None:
    before, after = (Network.create(2, 2, each, 1, "Tanh", recurrent=recurrent, seed=1) for each in (3, nodes))
    given = before.save(), after.save(), *EXCLUSIVE_OR, RATE, 3
    exchanged, new = machine.run(_EXCHANGED, *given)
    assert exchanged == new


_FROZEN = """
local KNN, text, samples, targets, rate, freeze = ...
if coroutine.isyieldable == nil or not table.freeze then
	return false
end
setWhileWaiting(coroutine.yield)
local network, done, said = KNN.loadNet(text), nil, nil
local thread = coroutine.create(function()
	done, said = pcall(KNN.trainNet, network, samples, targets, rate, { epochs = 1000, frameBudget = 1e-9 })
end)
assert(coroutine.resume(thread))
local before = KNN.saveNet(network)
freeze(network)
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
end
return true, done, said, KNN.saveNet(network) == before
"""


@pytest.mark.parametrize("part", ["[1][1][2]", "[1][2]", "[1][3]", "[2][1][1]", "[2][2]", "[2][3]"])
def test_what_is_frozen_of_a_small_network_in_a_turn_ends_training_there(roblox_machine: Machine, part: str) -> None:
    start = Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1)
    freeze = roblox_machine.runtime.compile(f"local network = ... table.freeze(network[2]{part})", "freeze")
    given = start.save(), *EXCLUSIVE_OR, RATE, freeze
    can_freeze, *found = roblox_machine.run(_FROZEN, *given)
    if can_freeze:
        done, said, is_unchanged = found
        assert not done
        assert said.endswith(f"Wrong Arg#1: Network[2]{part} must be a table that can be changed, got a frozen one.")
        assert is_unchanged
