"""Whoever looks at a network in training sees it as it was after a whole step; nothing is lost when that ends."""

import json
import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine import Network, Optimizer
from engine.interface.limits import LAYOUTS
from tests.conftest import as_new
from tests.library import PAIRS as MACHINES
from tests.parity.cases import Case
from tests.parity.clock import steps_between_clocks
from tests.parity.machine import Machine

# Arithmetic alone, so that everything is equal to the last bit; it takes several looks at the clock in an epoch.
CASE = Case(5, 2, 13, 3, activator=("LeakyReLU", "ElliotSign", "Identity"), recurrent=True)
COUNT = 2 * steps_between_clocks(replace(CASE, recurrent=False).create(CASE.seed)) + 7
PAIRS = CASE.samples(COUNT)
SAMPLES, TARGETS = [inputs for inputs, _ in PAIRS], [target for _, target in PAIRS]
EPOCHS = 3
# What takes the steps, by how it is made in both languages. The network has a memory unless its name says otherwise.
STEPPERS: dict[str, Any] = {
    "a rate": 0.05,
    "a rate, feed-forward": 0.05,
    "Adam": {"rate": 0.01},
    "AdamW": {"rate": 0.01, "weight_decay": 0.1},
}

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

# Only plain steps know of other layouts than tables.
every_way = pytest.mark.parametrize(
    ("stepper", "layout"),
    [
        *product(("a rate", "a rate, feed-forward"), LAYOUTS[1:]),
        ("Adam", "tables"),
        ("AdamW", "tables"),
    ],
)
every_holder = pytest.mark.parametrize("holder", ["a table", "a StringValue"])


def made(stepper: str) -> float | Optimizer:
    settings = STEPPERS[stepper]
    return Optimizer(stepper, **settings) if isinstance(settings, dict) else settings


def given(stepper: str) -> Any:
    """The same for Luau: a rate, or a name and options."""
    settings = STEPPERS[stepper]
    names = {"weight_decay": "weightDecay"}
    return [stepper, {names.get(k, k): v for k, v in settings.items()}] if isinstance(settings, dict) else settings


def network(*, recurrent: bool = True) -> Network:
    return shortened(replace(CASE, recurrent=recurrent).create(CASE.seed))


def shortened(network: Network) -> Network:
    """With short numbers, which every HttpService reads as they are."""
    for layer in network.layers:
        for array in layer.numbers:
            array[...] = np.round(array * 256) / 256
    return network


def network_for(stepper: str) -> Network:
    return network(recurrent="feed-forward" not in stepper)


@cache
def whole_steps(stepper: str) -> tuple[list[Any], list[Any]]:
    """The network, and what its optimizer remembers, after so many steps: one after the other, of the engine."""
    stepped, update = network_for(stepper), made(stepper)
    networks, memories = [stepped.to_table()], [memory_of(update)]
    for _ in range(EPOCHS):
        for sample, target in PAIRS:
            stepped.backward(update, sample, target)
            networks.append(stepped.to_table())
            memories.append(memory_of(update))
    return networks, memories


def memory_of(update: float | Optimizer) -> Any:
    return update.to_table() if isinstance(update, Optimizer) else None


def read(text: str | None) -> Any:
    """What stands in a text; None for none."""
    return json.loads(text, parse_int=float) if text else None


# A network as a table or in a StringValue, and what steps it.
MAKERS = """
local function newHolder()
	local network, value = KNN.loadNet(text), isStored and Instance.new("StringValue") or nil
	if value then
		value.Value = text
	end
	return value or network
end
local function newStepper()
	return type(given) == "table" and KNN.createOptimizer(given[1], given[2]) or given
end
"""

_START = f"""
local KNN, text, samples, targets, given, options, isStored, extra = ...
{MAKERS}
local waits = 0
setWhileWaiting(function()
	waits = waits + 1
	coroutine.yield()
end)
local holder, stepper = newHolder(), newStepper()
options.frameBudget = 1e-9
local done, result
local thread = coroutine.create(function()
	done, result = pcall(KNN.trainNet, holder, samples, targets, stepper, options)
end)
local function memory()
	return type(given) == "table" and KNN.saveOptimizer(stepper) or nil
end
local function textOf()
	return isStored and holder.Value or KNN.saveNet(holder)
end
"""

_LOOK = (
    _START
    + """
local seen, answers, memories = {}, {}, {}
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
	seen[#seen + 1] = textOf()
	memories[#seen] = memory() or ""
	answers[#seen] = KNN.saveNet(holder)
end
return seen, answers, memories, done, waits
"""
)


def run(machine: Machine, script: str, stepper: str, layout: str, holder: str, *extra: Any, **options: Any) -> Any:
    text = network_for(stepper).save()
    settings = {"epochs": EPOCHS, "layout": layout, **options}
    is_stored = holder == "a StringValue"
    return machine.run(script, text, SAMPLES, TARGETS, given(stepper), settings, is_stored, *extra)


def can_wait(machine: Machine) -> bool:
    return bool(machine.run("return coroutine.isyieldable ~= nil")[0])


@every_way
@every_holder
def test_at_every_turn_there_is_a_whole_step(roblox_machine: Machine, stepper: str, layout: str, holder: str) -> None:
    seen, answers, memories, done, waits = run(roblox_machine, _LOOK, stepper, layout, holder)
    networks, wanted = whole_steps(stepper)
    assert done
    if holder == "a StringValue":
        networks, wanted = networks[::COUNT], wanted[::COUNT]
    reached = -1
    for text, answer, memory in zip(seen, answers, memories, strict=True):
        steps = networks.index(read(text))
        assert read(answer) == networks[steps]
        assert steps >= reached
        assert read(memory) == wanted[steps] or steps == 0
        reached = steps
    assert reached == len(networks) - 1
    # Between two epochs there are turns within them.
    assert waits >= 2 * EPOCHS if can_wait(roblox_machine) else waits == 0


_MOVE = (
    _START
    + """
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
	if extra and coroutine.status(thread) ~= "dead" then
		KNN.forwardNet(holder, samples[1])
	end
end
return done, textOf()
"""
)


def test_training_goes_on_from_the_state_that_others_leave_in_a_turn(roblox_machine: Machine) -> None:
    (alone, still), *moved = (
        run(roblox_machine, _MOVE, "a rate", layout, "a table", moves)
        for layout, moves in (("tables", False), ("tables", True), ("buffers", True))
    )
    assert alone is True
    assert moved[0] == moved[1]
    assert (moved[0] != [True, still]) is can_wait(roblox_machine)


_CANCEL = (
    """
local KNN, text, samples, targets, given, options, isStored = ...
"""
    + MAKERS
    + """
local results = {}
options.frameBudget = 1e-9

local function cancelAt(turn)
	local holder, stepper = newHolder(), newStepper()
	local function textOf()
		return isStored and holder.Value or KNN.saveNet(holder)
	end
	local function memory()
		return type(given) == "table" and KNN.saveOptimizer(stepper) or ""
	end
	setWhileWaiting(coroutine.yield)
	options.epochs = 3
	local thread = coroutine.create(function()
		KNN.trainNet(holder, samples, targets, stepper, options)
	end)
	for _ = 1, turn do
		assert(coroutine.resume(thread))
	end
	if coroutine.status(thread) == "dead" then
		return false
	end
	local _, refused = pcall(KNN.trainNet, holder, samples, targets, 0.1)
	local kept = { textOf(), memory() }
	coroutine.close(thread)
	assert(textOf() == kept[1])
	-- Nobody holds it any more, nor its optimizer: training goes on from there.
	setWhileWaiting(function() end)
	options.epochs = 1
	KNN.trainNet(holder, samples, targets, stepper, options)
	results[turn] = { refused, kept[1], kept[2], textOf(), memory() }
	return true
end

local turn = 1
while cancelAt(turn) do
	turn = turn + 1
end
return results
"""
)


@pytest.fixture(params=[name for name in MACHINES if MACHINES[name][0].startswith(("luau", "lune"))])
def closing_machine(request: pytest.FixtureRequest) -> Machine:
    """The runtimes whose coroutines can be cancelled, as good as new, with the library and Roblox's globals."""
    return as_new(request.param)


@every_way
@every_holder
def test_a_cancelled_training_leaves_the_last_whole_step_and_holds_nothing(
    closing_machine: Machine, stepper: str, layout: str, holder: str
) -> None:
    networks, memories = whole_steps(stepper)
    (results,) = run(closing_machine, _CANCEL, stepper, layout, holder)
    last = -1
    for refused, text, memory, after, memory_after in results:
        assert re.search(r"trained, got one that trainNet trains, called at \S*script\S*:\d+ \(epoch", refused)
        steps = networks.index(read(text))
        assert steps >= last
        last = steps
        assert read(memory) == memories[steps] or steps == 0
        assert [read(after), read(memory_after)] == gone_on(stepper, steps)
    assert len(results) >= 2 * EPOCHS


@cache
def gone_on(stepper: str, steps: int) -> list[Any]:
    """The network and its optimizer's memory an epoch after so many steps."""
    stepped, update = network_for(stepper), made(stepper)
    for index in [*range(steps), *range(COUNT)]:
        stepped.backward(update, *PAIRS[index % COUNT])
    return [stepped.to_table(), memory_of(update)]


_RAISE = (
    _START
    + """
local thrown = {}
options.onEpoch = function(epoch)
	if epoch == extra then
		error(thrown)
	end
end
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
end
local free = pcall(KNN.setScaler, holder)
return done, result == thrown, textOf(), memory() or "", free
"""
)


@every_way
@every_holder
@pytest.mark.parametrize("epoch", range(1, EPOCHS + 1))
def test_an_error_of_a_callback_goes_on_and_leaves_the_epochs_that_were_done(
    roblox_machine: Machine, stepper: str, layout: str, holder: str, epoch: int
) -> None:
    done, is_same, text, memory, free = run(roblox_machine, _RAISE, stepper, layout, holder, epoch)
    networks, memories = whole_steps(stepper)
    assert (done, is_same, free) == (False, True, True)
    assert read(text) == networks[epoch * COUNT]
    assert read(memory) == memories[epoch * COUNT]


_SPOIL = (
    _START
    + """
options.onEpoch = function(epoch)
	if epoch == 2 then
		local rows = extra == "huge" and targets or samples
		rows[3][2] = extra == "nan" and 0 / 0 or extra == "huge" and 1e300 or extra
	end
end
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
end
return done, result, textOf(), memory() or ""
"""
)


@every_way
@every_holder
@pytest.mark.parametrize("spoilt", ["nan", "x", "huge"])
def test_a_sample_that_is_spoilt_meanwhile_ends_training_before_its_step(
    roblox_machine: Machine, stepper: str, layout: str, holder: str, spoilt: Any
) -> None:
    done, message, text, memory = run(roblox_machine, _SPOIL, stepper, layout, holder, spoilt)
    networks, memories = whole_steps(stepper)
    assert not done
    if spoilt == "huge":
        assert message.startswith(
            "Training ended in epoch 3 at sample 3, whose loss would be infinity. The network keeps"
        )
    else:
        got = "nan" if spoilt == "nan" else '"x"'
        assert message == f"Wrong Arg#2: Samples[3] must be in an array of 5 numbers, got {got} as number 2."
    assert read(text) == networks[2 * COUNT + 2]
    assert read(memory) == memories[2 * COUNT + 2]


_HELD = """
local KNN, text, samples, targets, isStored = ...
local holder, messages = KNN.loadNet(text), {}
if isStored then
	holder = Instance.new("StringValue")
	holder.Value = text
end
local other = KNN.loadNet(text)
local calls = {
	function() KNN.trainNet(holder, samples, targets, 0.1) end,
	function() KNN.backwardNet(holder, 0.1, samples[1], targets[1]) end,
	function() KNN.backwardNet(holder, KNN.createOptimizer("Adam"), samples[1], targets[1]) end,
	function() KNN.setScaler(holder) end,
	function() KNN.runGenNet({ other, holder }, { 1, 2 }) end,
}
local free = {
	function() KNN.forwardNet(holder, samples[1]) end,
	function() KNN.saveNet(holder) end,
	function() KNN.evaluateNet(holder, samples, targets) end,
	function() KNN.resetState(holder) end,
	function() KNN.backwardNet(other, 0.1, samples[1], targets[1]) end,
}
local taken = 0
local losses = KNN.trainNet(holder, samples, targets, 0.1, { epochs = 2, onEpoch = function()
	for index, call in ipairs(calls) do
		messages[index] = select(2, pcall(call))
	end
	for _, call in ipairs(free) do
		taken = taken + (pcall(call) and 1 or 0)
	end
	local thread = coroutine.create(function()
		messages[#calls + 1] = select(2, pcall(KNN.resetState, holder))
	end)
	coroutine.resume(thread)
end })
for index, call in ipairs(calls) do
	assert(pcall(call))
end
return messages, taken, #losses
"""


@every_holder
def test_nobody_else_changes_a_network_meanwhile(roblox_machine: Machine, holder: str) -> None:
    text = network().save()
    messages, taken, epochs = roblox_machine.run(_HELD, text, SAMPLES[:4], TARGETS[:4], holder == "a StringValue")
    line = _HELD[: _HELD.index("KNN.trainNet(holder, samples, targets, 0.1, {")].count("\n") + 1
    rule = rf"trained, got one that trainNet trains, called at \S*script\S*:{line} \(epoch 2 of 2; wait, or "
    assert all(re.search(rule, message) for message in messages)
    assert "Networks[2] must" in messages[4]
    assert (len(messages), taken, epochs) == (6, 10, 2)


_WRITTEN = (
    _START
    + """
local other = KNN.saveNet(KNN.createNet(5, 1, 2, 3))
local turns = 0
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
	turns = turns + 1
	if turns == extra then
		holder.Value = other
	end
end
return done, result, textOf() == other, (pcall(KNN.setScaler, holder))
"""
)


@pytest.mark.parametrize("turn", [1, 3])
@every_way
def test_what_another_script_writes_into_a_string_value_meanwhile_stays(
    roblox_machine: Machine, stepper: str, layout: str, turn: int
) -> None:
    if not can_wait(roblox_machine):
        return
    found = run(roblox_machine, _WRITTEN, stepper, layout, "a StringValue", turn)
    rule = "Network must be left alone while it is trained, got one whose Value another script has written"
    assert found == [False, f"Wrong Arg#1: {rule}.", True, True]


_CHANGED_LAST = (
    _START
    + """
options.onEpoch = function(epoch)
	local changed = KNN.loadNet(textOf())
	changed[2][1][1][1][1] = 7
	if isStored then
		holder.Value = KNN.saveNet(changed)
	else
		holder[2][1][1][1][1] = 7
	end
	return epoch < extra
end
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
end
return done, result, KNN.loadNet(textOf())[2][1][1][1][1]
"""
)


@every_way
@every_holder
def test_what_a_callback_changes_stays_also_where_it_ends_the_training(
    roblox_machine: Machine, stepper: str, layout: str, holder: str
) -> None:
    done, _, weight = run(roblox_machine, _CHANGED_LAST, stepper, layout, holder, 2)
    assert (done, weight) == (True, 7.0)


_TOO_FAR = """
local KNN, text, layout, isSeen, isStored = ...
local holder, epochs = KNN.loadNet(text), 0
if isStored then
	holder = Instance.new("StringValue")
	holder.Value = text
end
local function textOf()
	return isStored and holder.Value or KNN.saveNet(holder)
end
local samples, seen = { { 1e60, 1e60 } }, textOf()
local options = { epochs = 1, layout = layout }
if isSeen then
	samples[1][1], samples[1][2] = 1e-100, 1e-100
	options.epochs = 3
	options.onEpoch = function(epoch)
		epochs, seen = epoch, textOf()
		samples[1][1], samples[1][2] = 1e60, 1e60
	end
end
local done, said = pcall(KNN.trainNet, holder, samples, { { 0 } }, 1e200, options)
return done, said, epochs, seen, textOf()
"""


@pytest.mark.parametrize("layout", LAYOUTS[1:])
@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("is_seen", [False, True])
@every_holder
def test_a_step_beyond_all_numbers_is_taken_back(
    roblox_machine: Machine, layout: str, recurrent: bool, is_seen: bool, holder: str
) -> None:
    """Where no loss tells, since none is looked at any more: at the end, or in an epoch that is seen."""
    start = shortened(Network.create(2, 1, 3, 1, ("Identity", "Identity"), recurrent, 0.0, seed=1))
    given = start.save(), layout, is_seen, holder == "a StringValue"
    done, said, epochs, seen, text = roblox_machine.run(_TOO_FAR, *given)
    assert not done
    assert said.startswith(
        f"Training ended in epoch {int(epochs) + 1}, in which a weight was no finite number any more."
    )
    assert epochs == is_seen
    assert read(text) == read(seen)
    assert (read(text) == start.to_table()) != is_seen


_LOOKED_AT = """
local KNN, layout, recurrent = ...
local network = KNN.createNet(1, 1, 1, 1, { "Identity", "Identity" }, recurrent, 0)
network[5] = { loss = "MeanAbsoluteError" }
local first, second = network[2][1][1][1], network[2][2][1][1]
first[1], second[1] = 0.5, 1
local options = { epochs = 5, layout = layout, patience = 9 }
local done, said = pcall(KNN.trainNet, network, { { 1 } }, { { 0 } }, 1e154, options)
return done, said, { first[1], second[1] }
"""


@pytest.mark.parametrize("layout", LAYOUTS[1:])
@pytest.mark.parametrize("recurrent", [False, True])
def test_what_is_gone_back_to_is_what_was_looked_at_last(machine: Machine, layout: str, recurrent: bool) -> None:
    """However few steps ago that is: here those of one epoch, whose outputs patience looks at."""
    done, said, weights = machine.run(_LOOKED_AT, layout, recurrent)
    assert not done
    assert said.startswith("Training ended in epoch 2")
    assert weights == [-1e154, -5e153]


_FREEZE = """
local KNN, text, samples, targets, layout, isMeasured, patience = ...
if not table.freeze then
	return false
end
setWhileWaiting(coroutine.yield)
local network, done, said = KNN.loadNet(text), nil, nil
local options = { epochs = 3, layout = layout, frameBudget = 1e-9, metrics = isMeasured, patience = patience }
local thread = coroutine.create(function()
	done, said = pcall(KNN.trainNet, network, samples, targets, 0.05, options)
end)
assert(coroutine.resume(thread))
local seen = KNN.saveNet(network)
table.freeze(network[2][3][2])
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
end
return true, done, said, seen, KNN.saveNet(network)
"""


@pytest.mark.parametrize("layout", LAYOUTS[1:])
@pytest.mark.parametrize("kind", ["Dense", "Recurrent", "Elman"])
@pytest.mark.parametrize(("is_measured", "patience"), [(False, None), (True, None), (False, 1)])
def test_what_is_frozen_in_a_turn_ends_training_where_that_began(
    roblox_machine: Machine, layout: str, kind: str, is_measured: bool, patience: int | None
) -> None:
    network = replace(CASE, recurrent=kind != "Dense", kinds=(kind, "Dense", "Dense")).create(3)
    given = network.save(), SAMPLES, TARGETS, layout, is_measured, patience
    can_freeze, *found = roblox_machine.run(_FREEZE, *given)
    if can_freeze:
        done, said, seen, text = found
        assert not done
        assert said == ("Wrong Arg#1: Network[2][3][2] must be a table that can be changed, got a frozen one.")
        assert read(text) == read(seen) != network.to_table()
