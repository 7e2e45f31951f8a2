"""Optimizers in Luau: the bits of Python's, the same strings and sentences, and nothing half done."""

import json
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from codegen.runtimes import LuaError
from engine import ArgumentError, Network, Optimizer, TrainingError, load_optimizer, save_optimizer
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS
from engine.interface.limits import LAYOUTS
from engine.interface.options import OPTIMIZER_OPTIONS
from tests.engine.training.test_optimizer import BROKEN, damaged_optimizer_strings
from tests.parity.cases import Case
from tests.parity.checks import parameters
from tests.parity.junk import ANYTHING, NUMBERS
from tests.parity.machine import Machine
from tests.parity.tolerances import tolerance

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")
# Machines are shared by all examples; no call that is tested here leaves anything in them.
examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

every_optimizer = pytest.mark.parametrize("name", ELEMENTWISE_OPTIMIZERS)
# Of arithmetic alone, wide and narrow, feed-forward and recurrent; and one whose activations differ between machines.
EXACT = [
    Case(2, 2, 3, 1, activator=("LeakyReLU", "ReLU", "ElliotSign"), recurrent=False),
    Case(5, 2, 13, 3, activator=("LeakyReLU", "ReLU", "ElliotSign"), recurrent=True),
    Case(1, 1, 1, 1, activator=("ElliotSign", "Identity"), recurrent=True),
]
ROUNDED = Case(3, 2, 4, 2, activator="Tanh", recurrent=True)
RATE, EPOCHS, COUNT = 0.05, 3, 9

_STEPS = """
local KNN, text, pairs_, epochs, name, options = ...
local network, optimizer = KNN.loadNet(text), KNN.createOptimizer(name, options)
for _ = 1, epochs do
	for _, pair in ipairs(pairs_) do
		KNN.backwardNet(network, optimizer, pair[1], pair[2])
	end
end
return KNN.saveNet(network), KNN.saveOptimizer(optimizer)
"""
_SESSION = """
local KNN, text, pairs_, epochs, name, options, training = ...
local network, optimizer, samples, targets = KNN.loadNet(text), KNN.createOptimizer(name, options), {}, {}
for index, pair in ipairs(pairs_) do
	samples[index], targets[index] = pair[1], pair[2]
end
training.epochs = epochs
local losses = KNN.trainNet(network, samples, targets, optimizer, training)
return KNN.saveNet(network), KNN.saveOptimizer(optimizer), losses
"""


def stepped(case: Case, name: str, epochs: int = EPOCHS) -> tuple[Network, Optimizer]:
    """What Python makes of a case."""
    network, optimizer = case.create(case.seed), Optimizer(name, rate=RATE)
    for _ in range(epochs):
        for inputs, target in case.samples(COUNT):
            network.backward(optimizer, inputs, target)
    return network, optimizer


def luau_names(optimizer: Optimizer) -> dict[str, float]:
    """The settings of an optimizer as Luau takes them."""
    names = {option.python: option.name for option in OPTIMIZER_OPTIONS.fields}
    return {names[name]: value for name, value in optimizer.settings.items()}


@every_optimizer
@pytest.mark.parametrize("case", EXACT, ids=str)
def test_steps_have_the_bits_of_python(machine: Machine, name: str, case: Case) -> None:
    given, network, optimizer, expected = bits(case, name)
    assert machine.run(_STEPS, *given) == [network, optimizer]
    told = []
    for layout in LAYOUTS:
        saved, remembered, losses = machine.run(_SESSION, *given, {"layout": layout, "f32": False})
        assert (saved, remembered) == (network, optimizer), layout
        told.append(losses)
    assert told == [expected] * len(LAYOUTS)


@cache
def bits(case: Case, name: str) -> tuple[tuple[Any, ...], str, str, list[float]]:
    """What Luau is given of a case, and what Python makes of it: the network, the optimizer and a session's losses."""
    network, optimizer = stepped(case, name)
    samples = case.samples(COUNT)
    inputs, targets = zip(*samples, strict=True)
    losses = case.create(case.seed).train(inputs, targets, Optimizer(name, rate=RATE), EPOCHS, engine="numpy")
    given = (case.create(case.seed).save(), samples, EPOCHS, name, luau_names(optimizer))
    return given, network.save(), save_optimizer(optimizer), losses.tolist()


@every_optimizer
def test_steps_are_those_of_python_within_what_machines_differ_by(machine: Machine, name: str) -> None:
    _, optimizer = stepped(ROUNDED, name)
    given = (ROUNDED.create(ROUNDED.seed).save(), ROUNDED.samples(COUNT), EPOCHS, name, luau_names(optimizer))
    text, _ = machine.run(_STEPS, *given)
    expected, allowed = stepped(ROUNDED, name)[0], tolerance(lambda: parameters(stepped(ROUNDED, name)[0]))
    assert_allclose(parameters(Network.load(text)), parameters(expected), rtol=0, atol=allowed)


@every_optimizer
def test_settings_have_the_defaults_of_python(machine: Machine, name: str) -> None:
    (text,) = machine.run("local KNN, name = ... return KNN.saveOptimizer(KNN.createOptimizer(name))", name)
    assert text == save_optimizer(Optimizer(name))


@every_optimizer
@pytest.mark.parametrize("case", EXACT[:2], ids=str)
def test_training_goes_on_from_a_string_of_either_language(machine: Machine, name: str, case: Case) -> None:
    whole, _ = stepped(case, name, 2 * EPOCHS)
    network, optimizer = stepped(case, name)
    script = """
    local KNN, text, saved, pairs_, epochs = ...
    local network, optimizer = KNN.loadNet(text), KNN.loadOptimizer(saved)
    assert(KNN.saveOptimizer(optimizer) == saved, "other numbers than those that were loaded")
    for _ = 1, epochs do
        for _, pair in ipairs(pairs_) do
            KNN.backwardNet(network, optimizer, pair[1], pair[2])
        end
    end
    return KNN.saveNet(network), KNN.saveOptimizer(optimizer)
    """
    text, saved = machine.run(script, network.save(), save_optimizer(optimizer), case.samples(COUNT), EPOCHS)
    assert text == whole.save()
    assert save_optimizer(load_optimizer(saved)) == saved
    # And back: Python goes on from what Luau wrote half-way.
    half_text, half = machine.run(
        _STEPS, case.create(case.seed).save(), case.samples(COUNT), EPOCHS, name, luau_names(optimizer)
    )
    other, late = Network.load(half_text), load_optimizer(half)
    for _ in range(EPOCHS):
        for inputs, target in case.samples(COUNT):
            other.backward(late, inputs, target)
    assert other.save() == text


# The same sentences.


def said_by_python(call: Any) -> str | None:
    try:
        call()
    except (ArgumentError, TrainingError) as error:
        return str(error)
    return None


@examples
@given(
    name=st.one_of(st.sampled_from(list(ELEMENTWISE_OPTIMIZERS)), ANYTHING),
    options=st.fixed_dictionaries(
        {}, optional={each.python: st.one_of(NUMBERS, ANYTHING) for each in OPTIMIZER_OPTIONS.fields}
    ),
)
def test_creation_refuses_the_same(machine: Machine, name: Any, options: dict[str, Any]) -> None:
    options = {key: value for key, value in options.items() if value is not None}
    expected = said_by_python(lambda: Optimizer(name, **options))
    names = {option.python: option.name for option in OPTIMIZER_OPTIONS.fields}
    for python, luau in names.items():
        expected = expected and expected.replace(python, luau)
    given = {names[key]: value for key, value in options.items()}
    said = machine.refusal("createOptimizer", name, given)
    # Of several that are unknown, Lua names any.
    if expected is None or not expected.startswith("Wrong Arg#2: Options must have nothing but"):
        assert said == expected
    else:
        assert str(said).rpartition(", got ")[0] == expected.rpartition(", got ")[0]


@examples
@given(damaged_optimizer_strings())
def test_a_damaged_string_is_refused_the_same(machine: Machine, text: str) -> None:
    assert machine.refusal("loadOptimizer", text) == said_by_python(lambda: load_optimizer(text))


@pytest.mark.parametrize(("text", "sentence"), BROKEN, ids=[str(index) for index in range(len(BROKEN))])
def test_a_broken_string_is_refused_with_the_place(machine: Machine, text: str, sentence: str) -> None:
    assert machine.refusal("loadOptimizer", text) == said_by_python(lambda: load_optimizer(text))


@every_optimizer
def test_an_optimizer_steps_one_network_alone(machine: Machine, name: str) -> None:
    script = """
    local KNN, name = ...
    KNN.setSeed(1)
    local one, other, wider = KNN.createNet(2, 1, 3, 1), KNN.createNet(2, 1, 3, 1), KNN.createNet(2, 1, 4, 1)
    local optimizer = KNN.createOptimizer(name)
    KNN.backwardNet(one, optimizer, { 1, 2 }, { 1 })
    local loaded, texts = KNN.loadOptimizer(KNN.saveOptimizer(optimizer)), { KNN.saveNet(other), KNN.saveNet(wider) }
    local _, owned = pcall(KNN.backwardNet, other, optimizer, { 1, 2 }, { 1 })
    local _, trained = pcall(KNN.trainNet, other, { { 1, 2 } }, { { 1 } }, optimizer)
    local _, shape = pcall(KNN.backwardNet, wider, loaded, { 1, 2 }, { 1 })
    assert(KNN.saveNet(other) == texts[1] and KNN.saveNet(wider) == texts[2], "a step all the same")
    KNN.backwardNet(other, loaded, { 1, 2 }, { 1 })
    local _, loadedOwned = pcall(KNN.backwardNet, one, loaded, { 1, 2 }, { 1 })
    KNN.backwardNet(one, optimizer, { 1, 2 }, { 1 })
    return owned, trained, shape, loadedOwned
    """
    rule = "must be an optimizer that has stepped no other network (one for each)"
    alone = f"Wrong Arg#2: Learning rate {rule}, got one that has."
    shape = (
        "Wrong Arg#2: Learning rate must be an optimizer of a 2-4-1 LeakyReLU network, got one of a 2-3-1 LeakyReLU "
        "network."
    )
    assert machine.run(script, name) == [alone, alone.replace("#2", "#4"), shape, alone]


@every_optimizer
def test_a_network_that_has_another_shape_by_now_is_refused(machine: Machine, name: str) -> None:
    script = """
    local KNN, name, change = ...
    local network = KNN.createNet(2, 1, 3, 1, { "Tanh", "Sigmoid" })
    local optimizer = KNN.createOptimizer(name)
    for _ = 1, 2 do KNN.backwardNet(network, optimizer, { 1, 2 }, { 1 }) end
    change(network)
    local _, message = pcall(KNN.backwardNet, network, optimizer, { 1, 2 }, { 1 })
    return message
    """
    for change, shape in {
        'network[4][1] = "ReLU"': "2-3-1 ReLU/Sigmoid",
        "for _, row in ipairs(network[2][2][1]) do row[4] = 1 end "
        "network[2][1][1][4] = { 1, 1 } network[2][1][2][4] = 1": "2-4-1 Tanh/Sigmoid",
    }.items():
        changed = machine.runtime.compile(f"local network = ... {change}", "change")
        (message,) = machine.run(script, name, changed)
        rule = f"must be an optimizer of a {shape} network, got one of a 2-3-1 Tanh/Sigmoid network"
        assert message == f"Wrong Arg#2: Learning rate {rule}."


@pytest.mark.parametrize("function", ["backwardNet", "trainNet"])
def test_a_memory_that_does_not_fit_is_refused(machine: Machine, function: str) -> None:
    """Whether its sizes were wrong from the start or the network's have changed under it."""
    script = """
    local KNN, text = ...
    local loaded, network = KNN.loadOptimizer(text), KNN.createNet(1, 1, 2, 1, "Tanh")
    return select(2, pcall(KNN.backwardNet, network, loaded, { 1 }, { 1 }))
    """
    text = '["Momentum",[1,0],[],"1-2-1 Tanh",[[[[[1]],[1]],[[[1]],[1]]]]]'
    sentence = "Wrong Arg#2: Learning rate must be an optimizer of a 1-2-1 Tanh network, got one that remembers other "
    assert machine.run(script, text) == [f"{sentence}sizes."]


@pytest.mark.parametrize("value", [None, 5, "SGD", [0.1], {"name": "SGD"}, True])
def test_nothing_but_what_was_created_is_an_optimizer(machine: Machine, value: Any) -> None:
    message = machine.refusal("saveOptimizer", value)
    assert message == said_by_python(lambda: save_optimizer(value))
    if value not in (5, None):
        rule = "must be a finite number of at least 0, or an optimizer made by createOptimizer or loadOptimizer"
        said = machine.refusal("backwardNet", EXACT[0].create(1).to_table(), value, [1.0, 2.0], [1.0])
        assert str(said).startswith(f"Wrong Arg#2: Learning rate {rule}, got ")


def test_what_diverged_is_not_saved(machine: Machine) -> None:
    script = """
    local KNN = ...
    local network = KNN.createNet(1, 1, 1, 1, { "Identity", "Identity" })
    local optimizer = KNN.createOptimizer("RMSprop")
    -- Gradients whose squares no double holds.
    KNN.trainNet(network, { { 1e100 } }, { { -1e100 } }, optimizer)
    return select(2, pcall(KNN.saveOptimizer, optimizer))
    """
    (said,) = machine.run(script)
    assert said.startswith("Wrong Arg#1: Optimizer must remember finite numbers, got ")


@every_optimizer
def test_a_handle_says_its_name_and_keeps_the_rest(machine: Machine, name: str) -> None:
    script = """
    local KNN, name = ...
    local optimizer = KNN.createOptimizer(name)
    local keys = {}
    for key in pairs(optimizer) do
        keys[#keys + 1] = key
    end
    local written = pcall(function()
        optimizer.name = "x"
    end)
    local same = KNN.saveOptimizer(optimizer) == KNN.saveOptimizer(KNN.createOptimizer(name))
    return keys, written and table.freeze ~= nil, same
    """
    keys, written, same = machine.run(script, name)
    assert (keys, written, same) == (["name"], False, True)


# Nothing half done.


@every_optimizer
def test_the_optimizer_has_what_was_reached_when_the_callback_fails(machine: Machine, name: str) -> None:
    case = EXACT[1]
    network, optimizer = stepped(case, name, 2)
    script = """
    local KNN, text, pairs_, name, options = ...
    local network, optimizer, samples, targets = KNN.loadNet(text), KNN.createOptimizer(name, options), {}, {}
    for index, pair in ipairs(pairs_) do
        samples[index], targets[index] = pair[1], pair[2]
    end
    local taken = pcall(KNN.trainNet, network, samples, targets, optimizer, {
        epochs = 3,
        onEpoch = function(epoch)
            assert(epoch < 2)
        end,
    })
    return taken, KNN.saveNet(network), KNN.saveOptimizer(optimizer)
    """
    given = (case.create(case.seed).save(), case.samples(COUNT), name, luau_names(optimizer))
    assert machine.run(script, *given) == [False, network.save(), save_optimizer(optimizer)]


@every_optimizer
def test_a_sample_that_is_broken_meanwhile_leaves_the_steps_before_it(machine: Machine, name: str) -> None:
    case = EXACT[0]
    pairs = case.samples(COUNT)
    network, optimizer = stepped(case, name, 1)
    network.backward(optimizer, *pairs[0])
    script = """
    local KNN, text, pairs_, name, options, which = ...
    local network, optimizer, samples, targets = KNN.loadNet(text), KNN.createOptimizer(name, options), {}, {}
    for index, pair in ipairs(pairs_) do
        samples[index], targets[index] = pair[1], pair[2]
    end
    local broken = which == "samples" and samples or targets
    local _, message = pcall(KNN.trainNet, network, samples, targets, optimizer, {
        epochs = 2,
        onEpoch = function()
            broken[2] = { "x", "x" }
        end,
    })
    return message, KNN.saveNet(network), KNN.saveOptimizer(optimizer)
    """
    for which in ("samples", "targets"):
        given = (case.create(case.seed).save(), pairs, name, luau_names(optimizer), which)
        message, text, saved = machine.run(script, *given)
        assert message.startswith("Wrong Arg#2: Samples[2]" if which == "samples" else "Wrong Arg#3: Targets[2]")
        assert (text, saved) == (network.save(), save_optimizer(optimizer)), which


@every_optimizer
def test_a_broken_network_leaves_an_optimizer_free(machine: Machine, name: str) -> None:
    script = """
    local KNN, name = ...
    local one, other, optimizer = KNN.createNet(2, 1, 3, 1), KNN.createNet(2, 1, 3, 1), KNN.createOptimizer(name)
    local before = KNN.saveOptimizer(optimizer)
    KNN.forwardNet(one, { 1, 2 })
    one[2][2][1][1][3] = "x"
    local _, message = pcall(KNN.backwardNet, one, optimizer, { 1, 2 }, { 1 })
    local isFree = KNN.saveOptimizer(optimizer) == before
    KNN.backwardNet(other, optimizer, { 1, 2 }, { 1 })
    return message, isFree
    """
    message, is_free = machine.run(script, name)
    assert message == 'Wrong Arg#1: Network[2][2][1][1] must be in an array of 3 numbers, got "x" as number 3.'
    assert is_free


_HELD = """
local KNN, text, name, options = ...
local value = Instance.new("StringValue")
value.Value = text
local optimizer, other = KNN.createOptimizer(name, options), Instance.new("StringValue")
other.Value = text
"""


@every_optimizer
def test_a_stringvalue_has_an_optimizer_too(roblox_machine: Machine, name: str) -> None:
    case = EXACT[0]
    network, optimizer = stepped(case, name, 1)
    script = (
        _HELD
        + """
    local samples, targets = {}, {}
    for index, pair in ipairs(select(5, ...)) do
        samples[index], targets[index] = pair[1], pair[2]
    end
    KNN.backwardNet(value, optimizer, samples[1], targets[1])
    local rest = { {}, {} }
    for index = 2, #samples do
        rest[1][index - 1], rest[2][index - 1] = samples[index], targets[index]
    end
    KNN.trainNet(value, rest[1], rest[2], optimizer)
    local _, message = pcall(KNN.backwardNet, other, optimizer, samples[1], targets[1])
    return value.Value, message
    """
    )
    given = (case.create(case.seed).save(), name, luau_names(optimizer), case.samples(COUNT))
    text, message = roblox_machine.run(script, *given)
    assert message.endswith("that has stepped no other network (one for each), got one that has.")
    # Lune's JSON reads numbers up to 2 units in the last place off, at every step here.
    assert_allclose(parameters(Network.load(text)), parameters(network), rtol=0, atol=1e-13)


@every_optimizer
@pytest.mark.parametrize("train", [False, True], ids=["backwardNet", "trainNet"])
def test_what_a_stringvalue_does_not_take_is_undone_for_the_optimizer_too(
    roblox_machine: Machine, name: str, train: bool
) -> None:
    script = (
        _HELD
        + """
    local train = select(5, ...)
    local function step(x)
        if train then
            KNN.trainNet(value, { { x }, { x }, { x } }, { { 0 }, { 0 }, { 0 } }, optimizer)
        else
            KNN.backwardNet(value, optimizer, { x }, { 0 })
        end
    end
    local free = KNN.saveOptimizer(optimizer)
    local done, message = pcall(step, 1e200)
    assert(not done, "nothing diverged")
    assert(KNN.saveOptimizer(optimizer) == free, "a free optimizer has changed")
    step(0.5)
    local text, saved = value.Value, KNN.saveOptimizer(optimizer)
    done, message = pcall(step, 1e200)
    assert(not done, "nothing diverged")
    return message, value.Value == text, KNN.saveOptimizer(optimizer) == saved
    """
    )
    # Identity throughout: 1e200 squared is infinite.
    network = Network.from_table([1, [[[[1.0]], [0.0]], [[[1.0]], [0.0]]], False, ["Identity", "Identity"]])
    message, same_text, same_memory = roblox_machine.run(script, network.save(), name, {"rate": 0.5}, train)
    assert re.match(r"Training ended in epoch \d at sample 1,|The step was not taken,", LuaError(message).message)
    assert same_text
    assert same_memory


@every_optimizer
def test_an_epoch_that_a_stringvalue_takes_counts_for_the_optimizer_too(roblox_machine: Machine, name: str) -> None:
    script = (
        _HELD
        + """
    local samples, reached = { { 0.5 } }, {}
    local done, message = pcall(KNN.trainNet, value, samples, { { 0 } }, optimizer, {
        epochs = 3,
        onEpoch = function(epoch)
            reached[epoch] = KNN.saveOptimizer(optimizer)
            reached.text = value.Value
            if epoch == 2 then
                samples[1][1] = 1e200
            end
        end,
    })
    assert(not done, "nothing diverged")
    return message, value.Value == reached.text, KNN.saveOptimizer(optimizer) == reached[2], reached[1] ~= reached[2]
    """
    )
    text = Network.from_table([1, [[[[1.0]], [0.0]], [[[1.0]], [0.0]]], False, ["Identity", "Identity"]]).save()
    # No steps of a half: two of them may lead to a network of zeros, which nothing makes diverge.
    message, same_text, same_memory, moved = roblox_machine.run(script, text, name, {"rate": 0.25})
    assert re.match(r"Training ended in epoch \d at sample 1,|The step was not taken,", LuaError(message).message)
    assert same_text
    assert same_memory
    assert moved == (ELEMENTWISE_OPTIMIZERS[name].fused is None)


def test_a_network_may_hold_its_optimizer_and_both_go_together(machine: Machine) -> None:
    script = """
    local KNN = ...
    local held = setmetatable({}, { __mode = "k" })
    for _ = 1, 20 do
        local network, optimizer = KNN.createNet(2, 1, 2, 1), KNN.createOptimizer("Momentum")
        network.optimizer = optimizer
        KNN.backwardNet(network, optimizer, { 1, 2 }, { 1 })
        held[network] = true
    end
    local kept = {}
    if not gcinfo or not collectgarbage then
        return 0
    end
    for _ = 1, 4 do
        if not pcall(collectgarbage, "collect") then
            return 0
        end
        for index = 1, 1000 do
            kept[index] = { index }
        end
    end
    local count = 0
    for _ in pairs(held) do
        count = count + 1
    end
    return count
    """
    (count,) = machine.run(script)
    assert count <= 1


@every_optimizer
def test_an_option_table_stays_what_it_was(machine: Machine, name: str) -> None:
    options = luau_names(Optimizer(name))
    script = """
    local KNN, name, options = ...
    local optimizer = KNN.createOptimizer(name, options)
    local before = KNN.saveOptimizer(optimizer)
    for key in pairs(options) do
        options[key] = -1
    end
    return KNN.saveOptimizer(optimizer) == before
    """
    assert machine.run(script, name, options) == [True]
    assert json.loads(save_optimizer(Optimizer(name)))[0] == name
