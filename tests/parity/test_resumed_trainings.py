"""Trainings that are saved and go on: to the bit as if they had never stopped, from every epoch and at every turn."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

from engine import History, Network, Optimizer, TrainingError, load_training, save_optimizer, save_training
from engine.formulas.registry import OPTIMIZERS
from tests.parity import test_never_half_trained as meanwhile
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python
from tests.parity.test_never_half_trained import COUNT, EPOCHS, MAKERS, SAMPLES, TARGETS, every_holder, every_way
from tests.parity.test_training_options import NAMES, STEPPERS, TASKS, parts
from tests.parity.tolerances import tolerances

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

# Of the options of other tests, those that make an epoch depend on what came before.
OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("classes", {"batch_size": 4, "epochs": 4, "shuffle": True, "random": 7, "validation_share": 0.3}),
    ("numbers", {"epochs": 9, "patience": 2, "validation_share": 0.25, "shuffle": True, "random": 5}),
    ("numbers", {"epochs": 6, "target_loss": 0.05}),
    ("numbers", {"epochs": 4, "sample_weights": [k % 4 for k in range(21)], "batch_size": 4, "metrics": True}),
    ("sides", {"epochs": 5, "patience": 1, "validation": ([[0.2, 0.9], [0.7, 0.1]], [[1, 0], [0, 1]])}),
]
# Steppers that are more than an optimizer: what changes from step to step or from epoch to epoch.
FURTHER: dict[str, tuple[str, dict[str, Any]]] = {
    "OnPlateau": ("Adam", {"rate": 0.0625, "schedule": {"name": "OnPlateau", "patience": 1}}),
    "CosineRestarts": ("SGD", {"rate": 0.0625, "schedule": {"name": "CosineRestarts", "steps": 20}}),
    "clipped": ("AdamW", {"rate": 0.0625, "clip_norm": 0.5, "l2": 0.001}),
}
ALL_STEPPERS: dict[str, tuple[str, Any]] = {**{name: (name, STEPPERS[name]) for name in STEPPERS}, **FURTHER}
# Those whose steps call nothing whose last bits may differ.
EXACT = [name for name in ALL_STEPPERS if name != "CosineRestarts"]
_IN_LUAU = {"clip_norm": "clipNorm", **NAMES}


def made(stepper: str) -> float | Optimizer:
    name, set_to = ALL_STEPPERS[stepper]
    return Optimizer(name, **set_to) if name in OPTIMIZERS else set_to


def given(stepper: str) -> Any:
    name, set_to = ALL_STEPPERS[stepper]
    return [name, in_luau(set_to)] if name in OPTIMIZERS else set_to


def in_luau(options: dict[str, Any]) -> dict[str, Any]:
    named = {_IN_LUAU.get(name, name): value for name, value in options.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in named.items()}


@cache
def stopped(case: int, stepper: str, engine: Any = "numpy") -> tuple[Network, list[str], History]:
    """The network after all epochs, the strings after each, and the history."""
    task, chosen = OPTIONS[case]
    network, samples, targets = TASKS[task]()
    update, texts = made(stepper), []
    options: Any = {"random": 1, **chosen}

    def on_epoch(epoch: int, loss: float) -> None:
        texts.append(save_training(network, update))

    history = network.train(samples, targets, update, history=True, engine=engine, on_epoch=on_epoch, **options)
    return network, [*texts, save_training(network, update)], history


@pytest.mark.share(2)
@pytest.mark.filterwarnings("ignore:No epoch is left")
@pytest.mark.parametrize("engine", ["numpy", "luajit"])
@pytest.mark.parametrize("stepper", ALL_STEPPERS)
def test_going_on_from_every_epoch_is_as_never_having_stopped(stepper: str, engine: Any) -> None:
    for case, (task, options) in enumerate(OPTIONS):
        if engine == "luajit" and (stepper == "clipped" or {"batch_size", "sample_weights"} & options.keys()):
            continue
        network, texts, history = stopped(case, stepper, engine)
        _, samples, targets = TASKS[task]()
        again = {name: value for name, value in options.items() if name != "random"}
        for text in texts:
            other, update, progress = load_training(text)
            assert save_only(text) == save_only(text_of(other, update, text))
            gone_on = other.train(samples, targets, update, history=True, engine=engine, resume=progress, **again)
            assert other.to_table() == network.to_table(), progress
            assert save_training(other, update) == texts[-1]
            assert (gone_on.best_epoch, gone_on.ended_by) == (history.best_epoch, history.ended_by)
            remaining = len(history.losses) - progress.epoch
            assert gone_on.losses.tolist() == history.losses[progress.epoch :].tolist()
            assert len(gone_on.losses) == remaining
            for name, values in gone_on.metrics.items():
                assert values.tolist() == history.metrics[name][progress.epoch :].tolist()


def save_only(text: str) -> Any:
    """What a string says of the network and of what steps it."""
    return json.loads(text)[:2]


def text_of(network: Network, update: float | Optimizer, text: str) -> str:
    step = update.to_table() if isinstance(update, Optimizer) else update
    return json.dumps([network.to_table(), step, *json.loads(text)[2:]])


_GO_ON = """
local KNN, text, samples, targets, given, options, fromPython = ...
local network = KNN.loadNet(text)
local stepper = type(given) == "table" and KNN.createOptimizer(given[1], given[2]) or given
local texts = {}
options.onEpoch = function(epoch)
	texts[epoch] = KNN.saveTraining(network, stepper)
end
local _, history = KNN.trainNet(network, samples, targets, stepper, options)
texts[#texts + 1] = KNN.saveTraining(network, stepper)
options.seed = nil
local function goOn(text)
	local other, rate, progress = KNN.loadTraining(text)
	options.onEpoch, options.resume = function() end, progress
	local losses, again = KNN.trainNet(other, samples, targets, rate, options)
	assert(#losses == #again.rates and #losses == #again.seconds)
	for k, loss in ipairs(losses) do
		assert(history.losses[progress.epoch + k] - loss == 0 or text == fromPython)
	end
	assert(again.bestEpoch == history.bestEpoch and again.endedBy == history.endedBy)
	return other, KNN.saveTraining(other, rate)
end
for _, each in ipairs(texts) do
	local other, last = goOn(each)
	assert(KNN.saveNet(other) == KNN.saveNet(network), "other numbers than those of never having stopped")
	assert(last == texts[#texts], "another training than that which never stopped")
end
return texts, KNN.saveNet((goOn(fromPython)))
"""


@pytest.mark.share(3)
@pytest.mark.parametrize("stepper", ALL_STEPPERS)
def test_going_on_gives_the_same_in_luau_and_from_one_language_to_the_other(machine: Machine, stepper: str) -> None:
    for case, (task, options) in enumerate(OPTIONS):
        start, samples, targets = TASKS[task]()
        network, texts, _ = stopped(case, stepper)
        luau_options = in_luau({"random": 1, **options})
        saved, text = machine.run(_GO_ON, start.save(), samples, targets, given(stepper), luau_options, texts[1])
        arrays = [array for layer in network.layers for array in layer.numbers]
        gone_on = [array for layer in Network.load(text).layers for array in layer.numbers]
        for one, other, bound in zip(gone_on, arrays, allowed_in(case, stepper), strict=False):
            np.testing.assert_allclose(one, other, rtol=0, atol=bound)
        if task == "numbers" and stepper in EXACT:
            assert saved == texts
        assert [progress_in(each) for each in saved] == [progress_in(each) for each in texts]


@cache
def allowed_in(case: int, stepper: str) -> list[float]:
    """How far off each of the parts may be."""

    def numbers(run: Callable[[int, str], tuple[Network, list[str], History]]) -> list[Any]:
        network, _, history = run(case, stepper)
        return parts(network, history)

    return tolerances(partial(numbers, stopped.__wrapped__), numbers(stopped))


def progress_in(text: str) -> Any:
    """The epochs, and the state of the random numbers."""
    _, _, random, (epoch, _, best_epoch, _), best = json.loads(text)
    return random, epoch, best_epoch, best and best[2]


# At every turn another script saves the training; so does one that looks after it has been cancelled there.
_SAVE_AT_TURNS = (
    """
local KNN, text, samples, targets, given, options, isStored, canCancel = ...
"""
    + MAKERS
    + """
options.frameBudget = 1e-9
local function begin()
	local holder, stepper = newHolder(), newStepper()
	setWhileWaiting(coroutine.yield)
	local thread = coroutine.create(function()
		KNN.trainNet(holder, samples, targets, stepper, options)
	end)
	return thread, function()
		local _, saved = pcall(KNN.saveTraining, holder, stepper)
		return saved
	end
end
local seen = {}
local thread, save = begin()
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
	seen[#seen + 1] = save()
end
for turns = 1, canCancel and #seen - 1 or 0, 5 do
	local other, saveOther = begin()
	for _ = 1, turns do
		assert(coroutine.resume(other))
	end
	coroutine.close(other)
	assert(saveOther() == seen[turns], "cancelled, it is another training")
end
return seen
"""
)


# Networks, samples, targets and epochs: long ones, and those that take several looks at the clock, but of which several
# pass before what they have reached is looked at.
WIDE = replace(meanwhile.CASE, hidden_nodes=40, recurrent=False)
WIDE_PAIRS = WIDE.samples(30)
TRAININGS: dict[str, tuple[Callable[[], Network], list[Any], list[Any], int]] = {
    "long": (partial(meanwhile.network, recurrent=False), SAMPLES, TARGETS, EPOCHS),
    "short": (
        lambda: meanwhile.shortened(WIDE.create(WIDE.seed)),
        [inputs for inputs, _ in WIDE_PAIRS],
        [target for _, target in WIDE_PAIRS],
        7,
    ),
}


@cache
def texts_of(stepper: str, epochs_are: str) -> list[Any]:
    """What the strings after each epoch say, and what is said before the first is done."""
    start, samples, targets, epochs = TRAININGS[epochs_are]
    network, update = start(), meanwhile.made(stepper)
    texts = [said_by_python(lambda: save_training(network, update)) or ""]
    network.train(
        *(samples, targets, update, epochs),
        shuffle=True,
        random=3,
        engine="numpy",
        on_epoch=lambda epoch, loss: texts.append(save_training(network, update)),
    )
    return [read(text) for text in texts]


def read(text: str) -> Any:
    """What a string says, however it is written; or what was said instead of one."""
    return json.loads(text, parse_int=float) if text.startswith("[") else text


@every_way
@every_holder
def test_others_save_a_training_at_every_turn_as_after_the_last_epoch(
    roblox_machine: Machine, stepper: str, layout: str, holder: str
) -> None:
    options = {"epochs": EPOCHS, "layout": layout, "shuffle": True, "seed": 3}
    can_cancel = bool(roblox_machine.run("return coroutine.close ~= nil")[0])
    start, is_stored = meanwhile.network(recurrent=False).save(), holder == "a StringValue"
    (seen,) = roblox_machine.run(
        _SAVE_AT_TURNS, start, SAMPLES, TARGETS, meanwhile.given(stepper), options, is_stored, can_cancel
    )
    texts = texts_of(stepper, "long")
    epochs = [texts.index(read(each)) for each in seen]
    assert epochs == sorted(epochs)
    # Those of turns within epochs, too; at the very end of one a turn may or may not come.
    wanted = set(range(EPOCHS + 1)) if meanwhile.can_wait(roblox_machine) else {EPOCHS}
    assert set(epochs) == wanted
    assert COUNT > 2


# The clock goes on at each look at it, mostly by little, so that turns are due where they are expected and elsewhere.
_SAVE_BY_A_CLOCK = (
    """
local KNN, text, samples, targets, given, options, isStored, seed = ...
"""
    + MAKERS
    + """
local now, looks = 0, seed
setClock(function()
	looks = looks * 16807 % 2147483647
	local step = looks % 10
	now = now + (step < 8 and 1 or 2 * step)
	return now
end)
options.frameBudget = 15
local holder, stepper, seen = newHolder(), newStepper(), {}
setWhileWaiting(function()
	local _, saved = pcall(KNN.saveTraining, holder, stepper)
	local _, held = pcall(KNN.backwardNet, holder, stepper, samples[1], targets[1])
	seen[#seen + 1] = { tonumber(string.match(held, "epoch (%d+) of")), saved }
end)
assert(coroutine.resume(coroutine.create(function()
	KNN.trainNet(holder, samples, targets, stepper, options)
end)))
return seen, KNN.saveTraining(holder, stepper)
"""
)


@pytest.mark.share(2)
@every_way
@every_holder
def test_whatever_the_clock_says_others_see_the_last_epoch_of_all_that_are_done(
    roblox_machine: Machine, stepper: str, layout: str, holder: str
) -> None:
    start, samples, targets, epochs = TRAININGS["short"]
    options = {"epochs": epochs, "layout": layout, "shuffle": True, "seed": 3}
    texts, within, between = texts_of(stepper, "short"), 0, 0
    for seed in range(1, 6):
        given = start().save(), samples, targets, meanwhile.given(stepper), options
        seen, last = roblox_machine.run(_SAVE_BY_A_CLOCK, *given, holder == "a StringValue", seed)
        assert read(last) == texts[-1]
        for epoch, text in seen:
            done = texts.index(read(text))
            assert done in (epoch - 1, epoch)
            within, between = within + (0 < done < epoch), between + (done == epoch)
    assert (within > 5 and between > 0) == meanwhile.can_wait(roblox_machine)


_AFTER_ERRORS = """
local KNN, text, samples, targets = ...
local network, texts = KNN.loadNet(text), {}
pcall(KNN.trainNet, network, samples, targets, 0.05, { epochs = 3, onEpoch = function(epoch)
	texts[#texts + 1] = KNN.saveTraining(network, 0.05)
	error(epoch == 2 and "stop" or nil)
end })
texts[#texts + 1] = KNN.saveTraining(network, 0.05)
samples[1][1] = 1e200
local _, message = pcall(KNN.trainNet, network, samples, targets, 0.05, { epochs = 3 })
local _, refused = pcall(KNN.saveTraining, network, 0.05)
return texts, message, refused
"""


def test_what_an_error_leaves_is_saved_if_it_is_that_of_an_epoch(machine: Machine) -> None:
    network, samples, targets = TASKS["numbers"]()
    texts, message, refused = machine.run(_AFTER_ERRORS, network.save(), samples, targets)
    assert texts[0] == texts[-1]
    assert message.startswith("Training ended in epoch 1 at sample 1")
    network.train(samples, targets, 0.05, epochs=1, random=1)
    samples[0][0] = 1e200
    with pytest.raises(TrainingError):
        network.train(samples, targets, 0.05, epochs=3)
    assert refused == said_by_python(lambda: save_training(network, 0.05))
    assert "must be as trainNet left it after an epoch" in refused


_DAMAGED = """
local KNN, damage = ...
local network = KNN.createNet(2, 3, 3, 1)
KNN.trainNet(network, { { 1, 0 } }, { { 1 } }, 0.1)
damage(network)
return select(2, pcall(KNN.saveTraining, network, 0.1))
"""
_DAMAGES = [
    *["network[1] = nil", "network[2][2] = nil", "network[2][1] = 7", "network[2][1][2] = nil", "network[2][3][2] = 3"],
    *["network[4] = 7", "network[4] = {}", "network[4] = nil", "table.remove(network[2][2][2])"],
]


@pytest.mark.parametrize("damage", _DAMAGES)
def test_a_training_whose_network_was_damaged_says_so(machine: Machine, damage: str) -> None:
    spoil = machine.runtime.keep(machine.runtime.compile(f"return function(network)\n{damage}\nend", "spoil"))
    (message,) = machine.run(_DAMAGED, spoil)
    assert re.match(r"Wrong Arg#1: Network(\[\S+)? must (be|keep) .*, got .*\.$", message)


@pytest.mark.filterwarnings("ignore:No epoch is left")
def test_what_is_done_is_not_done_again(machine: Machine) -> None:
    script = """
    local KNN, text, samples, targets = ...
    local network = KNN.loadNet(text)
    KNN.trainNet(network, samples, targets, 0.05, { epochs = 2 })
    local saved = KNN.saveTraining(network, 0.05)
    local other, rate, progress = KNN.loadTraining(saved)
    local losses, history = KNN.trainNet(other, samples, targets, rate, { epochs = 2, resume = progress })
    return progress.epoch, #losses, history.endedBy, KNN.saveTraining(other, rate) == saved
    """
    network, samples, targets = TASKS["numbers"]()
    assert machine.run(script, network.save(), samples, targets) == [2, 0, "epochs", True]
    network.train(samples, targets, 0.05, epochs=2, random=1)
    saved = save_training(network, 0.05)
    other, rate, progress = load_training(saved)
    history = other.train(samples, targets, rate, epochs=2, resume=progress, history=True)
    assert (progress.epoch, len(history.losses), history.ended_by) == (2, 0, "epochs")
    assert save_training(other, rate) == saved


def test_where_nothing_was_kept_of_the_best_epoch_it_is_the_last_one(machine: Machine) -> None:
    """Patience that was not asked for before: what is reached is the best so far."""
    script = """
    local KNN, text, samples, targets, options = ...
    local network, rate, progress = KNN.loadTraining(text)
    options.resume = progress
    local losses, history = KNN.trainNet(network, samples, targets, rate, options)
    return #losses, history.bestEpoch, KNN.saveNet(network)
    """
    network, samples, targets = TASKS["numbers"]()
    texts: list[str] = []
    network.train(
        *(samples, targets, 0.05, 3),
        random=1,
        sample_weights=[float(k < 10) for k in range(21)],
        on_epoch=lambda epoch, loss: texts.append(save_training(network, 0.05)),
    )
    head, tail = texts[-1].rsplit(",[3,", 1)
    # The best epoch was the first, long ago.
    text = f"{head},[3,{tail.split(',')[0]},1,0],false]"
    options: Any = {"epochs": 8, "patience": 2}
    other, rate, progress = load_training(text)
    history = other.train(samples, targets, rate, resume=progress, history=True, **options)
    assert history.best_epoch >= 3
    assert load_training(save_training(other, rate))[2].epoch == history.best_epoch
    assert machine.run(script, text, samples, targets, options) == [
        len(history.losses),
        history.best_epoch,
        other.save(),
    ]


_PATIENCE_COMES_LATE = """
local KNN, text, samples, targets = ...
local network = KNN.loadNet(text)
KNN.trainNet(network, samples, targets, 0.05, { epochs = 3 })
local other, rate, progress = KNN.loadTraining(KNN.saveTraining(network, 0.05))
KNN.trainNet(other, samples, targets, rate, { epochs = 3, resume = progress, patience = 2 })
local _, _, again = KNN.loadTraining(KNN.saveTraining(other, rate))
return again.epoch
"""


def test_a_training_that_was_done_is_saved_with_what_it_has(machine: Machine) -> None:
    network, samples, targets = TASKS["numbers"]()
    assert machine.run(_PATIENCE_COMES_LATE, network.save(), samples, targets) == [3]


_OTHER_SETTINGS = """
local KNN, text, samples, targets, settings, batchSize = ...
local network, adam = KNN.loadNet(text), KNN.createOptimizer("Adam", { rate = 0.05 })
local saved
KNN.trainNet(network, samples, targets, adam, { epochs = 2, seed = 1, patience = 3, onEpoch = function()
	saved = KNN.saveTraining(network, adam)
end })
local other, loaded, progress = KNN.loadTraining(saved)
local changed = settings and KNN.createOptimizer("Adam", settings) or loaded
local options = { epochs = 4, resume = progress, patience = 1, batchSize = batchSize }
KNN.trainNet(other, samples, targets, changed, options)
options.batchSize = nil
KNN.trainNet(other, samples, targets, changed, options)
KNN.trainNet(other, samples, targets, changed)
return KNN.saveNet(other), KNN.saveOptimizer(changed)
"""


@pytest.mark.parametrize(("settings", "batch_size"), [({"clip_norm": 1.0}, 1), ({"l2": 0.01}, 1), (None, 2)])
def test_another_optimizer_of_the_kind_goes_on(machine: Machine, settings: Any, batch_size: int) -> None:
    network, samples, targets = TASKS["numbers"]()
    start = network.save()
    adam = Optimizer("Adam", rate=0.05)
    texts: list[str] = []
    network.train(
        *(samples, targets, adam, 2),
        random=1,
        patience=3,
        engine="numpy",
        on_epoch=lambda epoch, loss: texts.append(save_training(network, adam)),
    )
    other, loaded, progress = load_training(texts[-1])
    assert progress.best is not None
    # So large a rate makes no later epoch better: the best one comes from the string.
    changed = loaded if settings is None else Optimizer("Adam", rate=3.0, **settings)
    options: Any = {"epochs": 4, "resume": progress, "patience": 1, "engine": "numpy"}
    other.train(samples, targets, changed, batch_size=batch_size, **options)
    other.train(samples, targets, changed, **options)
    other.train(samples, targets, changed, engine="numpy")
    assert isinstance(changed, Optimizer)
    given = settings and in_luau({"rate": 3.0, **settings})
    assert machine.run(_OTHER_SETTINGS, start, samples, targets, given, batch_size) == [
        other.save(),
        save_optimizer(changed),
    ]


_WAITED = """
local KNN, text, samples, targets = ...
local function trained(whileWaiting)
	local network = KNN.loadNet(text)
	setWhileWaiting(whileWaiting)
	KNN.setSeed(5)
	KNN.trainNet(network, samples, targets, 0.05, { epochs = 3, shuffle = true, seed = 1, frameBudget = 1e-9 })
	return KNN.saveNet(network), KNN.saveTraining(network, 0.05), KNN.saveNet(KNN.createNet(2, 1, 2, 1))
end
local turns, drawn = 0, 0
local thread = coroutine.wrap(function()
	local alone, aloneText, after = trained(function() end)
	local beside, besideText, afterOthers = trained(function()
		turns = turns + 1
		KNN.createNet(2, 1, 2, 1)
	end)
	KNN.setSeed(5)
	for _ = 1, turns do
		KNN.createNet(2, 1, 2, 1)
	end
	local wanted = KNN.saveNet(KNN.createNet(2, 1, 2, 1))
	return alone == beside, aloneText == besideText, afterOthers == wanted, turns
end)
return thread()
"""


def test_what_others_draw_in_their_turns_is_not_of_the_stream_of_the_training(roblox_machine: Machine) -> None:
    text = meanwhile.network(recurrent=False).save()
    same, same_text, same_after, turns = roblox_machine.run(_WAITED, text, SAMPLES, TARGETS)
    assert (same, same_text, same_after) == (True, True, True)
    assert turns > 3 or not meanwhile.can_wait(roblox_machine)


_SPOILT = """
local KNN, text, samples, targets = ...
local network, adam = KNN.loadNet(text), KNN.createOptimizer("Adam")
local function spoilAfter(epochs)
	return function(epoch)
		if epoch == epochs then
			samples[#samples][1] = 0 / 0
		end
	end
end
pcall(KNN.trainNet, network, samples, targets, adam, { epochs = 3, onEpoch = spoilAfter(1), patience = 2 })
local _, refused = pcall(KNN.saveTraining, network, adam)
samples[#samples][1] = 0
local other, fresh = KNN.loadNet(text), KNN.createOptimizer("Adam")
KNN.trainNet(other, samples, targets, fresh, { epochs = 1 })
local loaded, _, progress = KNN.loadTraining(KNN.saveTraining(other, fresh))
local unused = KNN.createOptimizer("Adam")
targets[1][1] = 1e300
local _, ended = pcall(KNN.trainNet, loaded, samples, targets, unused, { epochs = 3, resume = progress })
targets[1][1] = 0
-- It has taken no step, so it is free for any network.
KNN.backwardNet(KNN.loadNet(text), unused, samples[1], targets[1])
return refused, ended
"""


def test_an_error_within_an_epoch_leaves_nothing_to_go_on_from_however_long_the_epoch(roblox_machine: Machine) -> None:
    text = meanwhile.network().save()
    for count in (8, len(SAMPLES)):
        refused, ended = roblox_machine.run(_SPOILT, text, SAMPLES[:count], TARGETS[:count])
        assert "must be as trainNet left it after an epoch" in refused
        assert ended.startswith("Training ended in epoch 2 at sample 1")
