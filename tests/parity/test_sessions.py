"""What training sessions do beside the arithmetic: order, callbacks, and what is left when something fails."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from codegen.library.schedules import LAYOUT_STEPS, VECTOR_NODES
from codegen.runtimes import LuaError
from codegen.runtimes.lune import Lune
from engine import Network, Random, TrainingError
from engine.interface.limits import LAYOUTS
from engine.kernels.schedules import SCHEDULES, TILES
from tests.engine.samples import ODD_DATA
from tests.parity.cases import RATE, Case
from tests.parity.checks import check_single_precision, sample_loss
from tests.parity.machine import Machine

# Arithmetic alone, so that everything is equal to the last bit; wide enough for every tile.
CASE = Case(5, 2, 13, 3, activator=("LeakyReLU", "ReLU", "ElliotSign"), recurrent=True)
PAIRS = CASE.samples(2 * LAYOUT_STEPS)
SAMPLES, TARGETS = [inputs for inputs, _ in PAIRS], [target for _, target in PAIRS]

# Recurrence of activations with infinite range is compared like everything else.
pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

every_layout = pytest.mark.parametrize("layout", LAYOUTS)

_TRAIN = """
local KNN, text, samples, targets, rate, options, seed = ...
local network = KNN.loadNet(text)
KNN.setSeed(seed or 0)
local losses = KNN.trainNet(network, samples, targets, rate, options)
return KNN.saveNet(network), losses
"""


def network(*, recurrent: bool = True) -> Network:
    return replace(CASE, recurrent=recurrent).create(CASE.seed)


@cache
def trained(epochs: int, shuffled: Random | None = None) -> tuple[Network, list[float]]:
    """What so many epochs make of the network, one step after the other, and their losses."""
    result, losses = network(recurrent=shuffled is None), []
    for _ in range(epochs):
        order = list(range(len(PAIRS)))
        if shuffled is not None:
            for last in reversed(range(1, len(order))):
                other = shuffled.index(last + 1)
                order[last], order[other] = order[other], order[last]
        total = 0.0
        for index in order:
            total += sample_loss(result, *PAIRS[index])
            result.backward(RATE, *PAIRS[index])
        losses.append(total / len(order))
    return result, losses


def test_the_case_reaches_every_tile() -> None:
    tiled = [each for each in SCHEDULES.values() if TILES in each.kept.values()]
    assert all(CASE.hidden_nodes >= sum(each.rows) for each in tiled)
    assert CASE.hidden_nodes >= VECTOR_NODES
    depths = {depth for each in tiled for depth in each.inputs if depth > 1}
    assert all(count % depth for count in (CASE.inputs, CASE.hidden_nodes) for depth in depths)


@every_layout
@pytest.mark.parametrize("epochs", [1, 3])
def test_epochs_follow_each_other(machine: Machine, layout: str, epochs: int) -> None:
    expected, losses = trained(epochs)
    text, told = machine.run(_TRAIN, network().save(), SAMPLES, TARGETS, RATE, {"epochs": epochs, "layout": layout})
    assert text == expected.save()
    assert told == losses


def test_options_have_defaults(machine: Machine) -> None:
    expected, losses = trained(1)
    given: list[dict[str, object] | None] = [None, {}]
    for options in given:
        assert machine.run(_TRAIN, network().save(), SAMPLES, TARGETS, RATE, options) == [expected.save(), losses]


@every_layout
def test_a_shuffled_epoch_takes_every_sample_in_an_order_of_its_own(machine: Machine, layout: str) -> None:
    expected, losses = trained(3, shuffled=Random(7))
    start = network(recurrent=False)
    options = {"epochs": 3, "shuffle": True, "layout": layout}
    assert machine.run(_TRAIN, start.save(), SAMPLES, TARGETS, RATE, options, 7) == [expected.save(), losses]


_CALLBACKS = """
local KNN, text, samples, targets, rate, layout, stopAt = ...
local network, calls = KNN.loadNet(text), {}
local losses = KNN.trainNet(network, samples, targets, rate, {
	epochs = 4,
	layout = layout,
	onEpoch = function(epoch, loss)
		calls[epoch] = { epoch, loss, KNN.saveNet(network) }
		return epoch ~= stopAt
	end,
})
return calls, losses, KNN.saveNet(network)
"""


@every_layout
@pytest.mark.parametrize("stop_at", [1, 3, None])
def test_the_callback_sees_every_epoch_and_may_end_the_training(
    machine: Machine, layout: str, stop_at: int | None
) -> None:
    epochs = stop_at or 4
    calls, losses, text = machine.run(_CALLBACKS, network().save(), SAMPLES, TARGETS, RATE, layout, stop_at)
    assert losses == trained(epochs)[1]
    assert calls == [[index, losses[index - 1], trained(index)[0].save()] for index in range(1, epochs + 1)]
    assert text == trained(epochs)[0].save()


@every_layout
def test_a_callback_that_returns_nothing_ends_nothing(machine: Machine, layout: str) -> None:
    script = """
    local KNN, text, samples, targets, rate, layout = ...
    local options = { epochs = 3, layout = layout, onEpoch = function() end }
    return #KNN.trainNet(KNN.loadNet(text), samples, targets, rate, options)
    """
    assert machine.run(script, network().save(), SAMPLES, TARGETS, RATE, layout) == [3]


@every_layout
def test_what_the_callback_does_to_the_network_counts(machine: Machine, layout: str) -> None:
    script = """
    local KNN, text, samples, targets, rate, layout = ...
    local network = KNN.loadNet(text)
    KNN.trainNet(network, samples, targets, rate, {
        epochs = 2,
        layout = layout,
        onEpoch = function(epoch)
            if epoch == 1 then
                network[2][1][1][2] = { 1, 2, 3, 4, 5, 6 }
                network[2][3][2][1] = 0.25
            end
        end,
    })
    return KNN.saveNet(network)
    """
    expected = trained(1)[0].copy()
    first = expected.layers[0]
    first.weights[1], expected.layers[2].biases[0] = [1, 2, 3, 4, 5, 6], 0.25
    for pair in PAIRS:
        expected.backward(RATE, *pair)
    assert machine.run(script, network().save(), SAMPLES, TARGETS, RATE, layout) == [expected.save()]


_FAILING = """
local KNN, text, samples, targets, rate, layout, fail = ...
local network = KNN.loadNet(text)
local taken, message = pcall(KNN.trainNet, network, samples, targets, rate, {
	epochs = 3,
	layout = layout,
	onEpoch = function(epoch)
		if epoch == 2 then
			fail(network, samples, targets)
		end
	end,
})
return taken, message
"""
_FAILURES = {
    "error('enough')": "enough",
    "error({ 1 })": None,
    "network[2][1][1][1][1] = 'x'": 'Wrong Arg#1: Network[2][1][1][1] must be in an array of 6 numbers, got "x" as '
    "number 1.",
    "network[4] = 'Tanh'": "Wrong Arg#1: Network must keep its shape 5-13-13-3 LeakyReLU/ReLU/ElliotSign recurrent "
    "while it is trained, got 5-13-13-3 Tanh recurrent.",
    "samples[3][2] = 'x'": 'Wrong Arg#2: Samples[3] must be in an array of 5 numbers, got "x" as number 2.',
    "targets[4] = { 1 }": "Wrong Arg#3: Targets[4] must be in an array of 3 numbers, got an array of 1.",
    "samples[#samples] = nil": f"Wrong Arg#2: Samples[{len(PAIRS)}] must be in an array of 5 numbers, got nothing.",
}


@every_layout
@pytest.mark.parametrize(("done", "message"), _FAILURES.items(), ids=_FAILURES)
def test_what_goes_wrong_in_a_callback_is_told(machine: Machine, layout: str, done: str, message: str | None) -> None:
    fail = machine.runtime.keep(
        machine.runtime.compile(f"return function(network, samples, targets)\n{done}\nend", "callback")
    )
    taken, said = machine.run(_FAILING, network().save(), SAMPLES, TARGETS, RATE, layout, fail)
    assert taken is False
    if message is None:
        assert said == [1]
    elif message.startswith("Wrong"):
        assert said == message
    else:
        assert LuaError(said).message == message
        assert LuaError(said).position == "callback:2"


@every_layout
def test_the_network_has_what_was_reached_when_the_callback_fails(machine: Machine, layout: str) -> None:
    script = """
    local KNN, text, samples, targets, rate, layout = ...
    local network = KNN.loadNet(text)
    local options = { epochs = 3, layout = layout }
    options.onEpoch = function(epoch)
        assert(epoch < 2)
    end
    local taken = pcall(KNN.trainNet, network, samples, targets, rate, options)
    return taken, KNN.saveNet(network)
    """
    expected = [False, trained(2)[0].save()]
    assert machine.run(script, network().save(), SAMPLES, TARGETS, RATE, layout) == expected


@every_layout
def test_a_sample_that_is_broken_meanwhile_leaves_the_steps_before_it(machine: Machine, layout: str) -> None:
    script = """
    local KNN, text, samples, targets, rate, layout = ...
    local network = KNN.loadNet(text)
    local options = { epochs = 2, layout = layout }
    options.onEpoch = function()
        samples[2] = { 1, 2, "x", 4, 5 }
    end
    local _, message = pcall(KNN.trainNet, network, samples, targets, rate, options)
    return message, KNN.saveNet(network)
    """
    message, text = machine.run(script, network().save(), SAMPLES, TARGETS, RATE, layout)
    assert message == 'Wrong Arg#2: Samples[2] must be in an array of 5 numbers, got "x" as number 3.'
    expected = trained(1)[0].copy()
    expected.backward(RATE, *PAIRS[0])
    assert text == expected.save()


@every_layout
def test_a_network_that_was_broken_since_it_was_checked_is_refused_as_it_is(machine: Machine, layout: str) -> None:
    script = """
    local KNN, text, samples, targets, rate, layout = ...
    local network = KNN.loadNet(text)
    KNN.forwardNet(network, samples[1])
    network[2][3][1][2][13] = "x"
    local _, message = pcall(KNN.trainNet, network, samples, targets, rate, { layout = layout })
    network[2][3][1][2][13] = KNN.loadNet(text)[2][3][1][2][13]
    KNN.resetState(network)
    return message, KNN.saveNet(network) == text
    """
    expected = 'Wrong Arg#1: Network[2][3][1][2] must be in an array of 14 numbers, got "x" as number 13.'
    assert machine.run(script, network().save(), SAMPLES, TARGETS, RATE, layout) == [expected, True]


_HELD = """
local KNN, text, samples, targets, rate, layout = ...
local value, seen = Instance.new("StringValue"), {}
value.Value = text
local losses = KNN.trainNet(value, samples, targets, rate, {
	epochs = 2,
	layout = layout,
	onEpoch = function(epoch)
		seen[epoch] = value.Value
	end,
})
return seen, value.Value
"""


@every_layout
def test_a_string_value_is_written_at_callbacks_and_at_the_end(roblox_machine: Machine, layout: str) -> None:
    # Weights of few digits, which every parser of JSON reads exactly.
    start = network()
    for layer in start.layers:
        layer.weights[:] = np.round(layer.weights * 1024) / 1024
    expected, after = start.copy(), []
    for _ in range(2):
        for pair in PAIRS:
            expected.backward(RATE, *pair)
        after.append(expected.to_table())
    seen, text = roblox_machine.run(_HELD, start.save(), SAMPLES, TARGETS, RATE, layout)
    assert [json.loads(each) for each in [*seen, text]] == [*after, after[-1]]


@every_layout
def test_a_string_value_that_the_callback_replaces_counts(roblox_machine: Machine, layout: str) -> None:
    script = """
    local KNN, text, other, samples, targets, rate, layout = ...
    local value = Instance.new("StringValue")
    value.Value = text
    local losses = KNN.trainNet(value, samples, targets, rate, {
        epochs = 2,
        layout = layout,
        onEpoch = function(epoch)
            value.Value = epoch == 1 and other or value.Value
        end,
    })
    local network = KNN.loadNet(other)
    return losses[2], value.Value, KNN.trainNet(network, samples, targets, rate)[1], KNN.saveNet(network)
    """
    texts = [Network.create(5, 1, 6, 3, "ElliotSign", seed=seed).save() for seed in (1, 2)]
    loss, text, expected, trained = roblox_machine.run(script, *texts, SAMPLES, TARGETS, RATE, layout)
    assert (loss, text) == (expected, trained)


@ODD_DATA
@every_layout
def test_training_that_diverges_says_so_with_and_without_a_callback(machine: Machine, layout: str) -> None:
    script = """
    local KNN, text, layout = ...
    local function diverge(onEpoch)
        local samples, targets = {}, {}
        for index = 1, 40 do
            samples[index], targets[index] = { 1000, 1000 }, { 1 }
        end
        local network = KNN.loadNet(text)
        local options = { epochs = 3, layout = layout, onEpoch = onEpoch }
        local _, message = pcall(KNN.trainNet, network, samples, targets, 10, options)
        return message, KNN.saveNet(network)
    end
    local alone, after = diverge()
    local watched, same = diverge(function() end)
    return alone, watched == alone, after, same == after
    """
    network = Network.create(2, 1, 3, 1, ("Identity", "Identity"), seed=1)
    alone, is_same, after, is_left_the_same = machine.run(script, network.save(), layout)
    with pytest.raises(TrainingError) as caught:
        network.train([[1000.0, 1000.0]] * 40, [[1.0]] * 40, 10, 3, engine="numpy")
    assert alone == str(caught.value)
    assert after == network.save()
    assert (is_same, is_left_the_same) == (True, True)


@pytest.mark.parametrize(
    "tie",
    [
        "network[2][2][1] = network[2][1][1]",
        "network[2][2] = network[2][1]",
        "network[2][1][1][2] = network[2][1][1][1]",
        "network[2][2][2] = network[2][1][2]",
    ],
)
@pytest.mark.parametrize("epoch", [0, 1])
@every_layout
def test_weights_that_layers_share_stay_shared(machine: Machine, layout: str, epoch: int, tie: str) -> None:
    script = f"""
    local KNN, text, samples, targets, rate, layout, when = ...
    local function tie(network, epoch)
        if epoch == when then
            {tie}
        end
    end
    local one, other = KNN.loadNet(text), KNN.loadNet(text)
    for epoch = 0, 1 do
        tie(one, epoch)
        for index, sample in ipairs(samples) do
            KNN.backwardNet(one, rate, sample, targets[index])
        end
    end
    tie(other, 0)
    local function onEpoch(epoch)
        tie(other, epoch)
    end
    KNN.trainNet(other, samples, targets, rate, {{ epochs = 2, layout = layout, onEpoch = onEpoch }})
    return KNN.saveNet(one), KNN.saveNet(other)
    """
    width = 6
    samples = [[*inputs, 0.5] for inputs in SAMPLES]
    targets = [[*target, 0.25, 0.5, 0.75] for target in TARGETS]
    text = Network.create(width, 1, width, width, "ElliotSign", seed=1).save()
    expected, trained = machine.run(script, text, samples, targets, RATE, layout, epoch)
    assert trained == expected


@ODD_DATA
@every_layout
def test_training_that_diverges_leaves_a_string_value_as_it_last_was_finite(
    roblox_machine: Machine, layout: str
) -> None:
    text = Network.create(2, 1, 3, 1, ("Identity", "Identity"), seed=1).save()
    script = """
    local KNN, text, layout = ...
    local value = Instance.new("StringValue")
    value.Value = text
    local samples, targets = {}, {}
    for index = 1, 400 do
        samples[index], targets[index] = { 9, -9 }, { 5 }
    end
    local _, message = pcall(KNN.trainNet, value, samples, targets, 10, { layout = layout })
    return message, KNN.saveNet(KNN.loadNet(value.Value)), #KNN.forwardNet(value, { 0, 0 })
    """
    message, after, outputs = roblox_machine.run(script, text, layout)
    network = Network.load(text)
    with pytest.raises(TrainingError) as caught:
        network.train([[9.0, -9.0]] * 400, [[5.0]] * 400, 10, engine="numpy")
    assert message == str(caught.value)
    assert outputs == 1
    # Lune's JSON reads numbers up to 2 units in the last place off, and a few steps make much of that.
    if not isinstance(roblox_machine.runtime, Lune):
        assert json.loads(after, parse_int=float) == network.to_table()


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("nodes", [VECTOR_NODES, VECTOR_NODES + 1, 2 * VECTOR_NODES + 2])
def test_arithmetic_in_single_precision_stays_within_its_rounding(
    machine: Machine, nodes: int, recurrent: bool
) -> None:
    check_single_precision(machine, Case(5, 2, nodes, 3, activator="Tanh", recurrent=recurrent))


@pytest.mark.parametrize(("nodes", "steps"), [(VECTOR_NODES - 1, LAYOUT_STEPS), (VECTOR_NODES, LAYOUT_STEPS - 1)])
def test_a_session_too_small_for_vectors_is_as_without_the_option(machine: Machine, nodes: int, steps: int) -> None:
    start = Network.create(2, 1, nodes, 1, seed=1).save()
    samples, targets = [[1.0, 2.0]] * steps, [[1.0]] * steps
    plain = machine.run(_TRAIN, start, samples, targets, RATE, {"layout": "tables"})
    assert machine.run(_TRAIN, start, samples, targets, RATE, {"layout": "tables", "f32": True}) == plain
