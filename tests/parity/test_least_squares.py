"""Training by least squares is the same in Luau as in Python: to the last bit where nothing is transcendental."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine import ArgumentError, History, Network, Optimizer, Scaler, load_training, save_optimizer, save_training
from engine.formulas.registry import ALL_ACTIVATIONS, LOSSES
from tests.engine.training.squared_networks import squared_network
from tests.parity.machine import Machine
from tests.parity.test_never_half_trained import MAKERS, read
from tests.parity.test_training_options import NAMES
from tests.parity.tolerances import tolerances, transcendental_calls

NAME = "LevenbergMarquardt"
SAMPLES = 23
EPOCHS = 4
SHAPES = [(1, 1), (2, 3, 1), (3, 2, 5, 2), (5, 6, 3)]
OPTIONS = {"damping": 0.01, "damping_decrease": 0.25, "damping_increase": 4.0}
LUAU_OPTIONS = {"damping": 0.01, "dampingDecrease": 0.25, "dampingIncrease": 4.0}
ENDINGS = {"epochs": "epochs", "max_damping": "maxDamping", "min_gradient": "minGradient"}
EXACT = [name for name in ALL_ACTIVATIONS if name != "Softmax" and not transcendental_calls(name)]

pytestmark = pytest.mark.filterwarnings("ignore")

_TRAIN = """
local KNN, text, samples, targets, settings, options = ...
local network = KNN.loadNet(text)
local optimizer = KNN.createOptimizer("LevenbergMarquardt", settings)
local losses, history = KNN.trainNet(network, samples, targets, optimizer, options)
return KNN.saveNet(network), history, KNN.saveOptimizer(optimizer)
"""


def network(sizes: tuple[int, ...], hidden: str, output: str, loss: str = "HalfSquaredError") -> Network:
    return squared_network(sizes, hidden, output, loss, seed=2, bias_seed=7)


def data(made: Network) -> tuple[list[list[float]], list[list[float]]]:
    random = np.random.default_rng(1)
    inputs, targets = random.normal(size=(SAMPLES, made.inputs)), random.uniform(size=(SAMPLES, made.outputs))
    return inputs.tolist(), targets.tolist()


WEIGHTS: dict[str, dict[str, Any]] = {
    "none": {},
    "samples": {"sample_weights": [k % 4 * 0.5 for k in range(SAMPLES)]},
    "classes": {"class_weights": [0.5, 2.0]},
}


@cache
def trained(sizes: tuple[int, ...], hidden: str, output: str, loss: str, weights: str) -> tuple[Network, History, str]:
    made, stepper = network(sizes, hidden, output, loss), Optimizer(NAME, **OPTIONS)
    options = {"epochs": EPOCHS, **WEIGHTS[weights]}
    history = made.train(*data(made), stepper, engine="numpy", history=True, **options)
    return made, history, save_optimizer(stepper)


def numbers_of(made: Network, history: History, _: str) -> list[Any]:
    return [*(part for layer in made.layers for part in (layer.weights, layer.biases)), history.losses]


@cache
def allowed_in(*case: Any) -> list[float]:
    """How far off each of the numbers may be."""
    return tolerances(lambda: numbers_of(*trained.__wrapped__(*case)), numbers_of(*trained(*case)))


def compare(machine: Machine, *case: Any) -> None:
    sizes, hidden, output, loss, weights = case
    made, history, saved = trained(*case)
    start = network(sizes, hidden, output, loss)
    options = {NAMES.get(name, name): value for name, value in WEIGHTS[weights].items()}
    text, told, optimizer = machine.run(_TRAIN, start.save(), *data(start), LUAU_OPTIONS, {"epochs": EPOCHS, **options})
    assert told["endedBy"] == ENDINGS[history.ended_by]
    if hidden in EXACT and output in EXACT:
        assert json.loads(text) == made.to_table()
        assert (told["losses"], told["rates"], optimizer) == (history.losses.tolist(), history.rates.tolist(), saved)
        return
    got = [part for layer in Network.load(text).layers for part in (layer.weights, layer.biases)]
    for one, other, bound in zip([*got, told["losses"]], numbers_of(*trained(*case)), allowed_in(*case), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=bound)


@pytest.mark.parametrize("activator", ALL_ACTIVATIONS)
def test_every_activation_learns_as_in_python(machine: Machine, activator: str) -> None:
    hidden = "ElliotSign" if activator == "Softmax" else activator
    compare(machine, (3, 4, 2), hidden, activator, "HalfSquaredError", "none")


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("loss", [name for name, loss in LOSSES.items() if loss.squared])
@pytest.mark.parametrize("sizes", SHAPES, ids=str)
def test_every_shape_learns_as_in_python(machine: Machine, sizes: tuple[int, ...], loss: str, weights: str) -> None:
    if weights == "classes" and sizes[-1] != 2:
        return
    compare(machine, sizes, "ElliotSign", "Identity", loss, weights)


def test_it_ends_in_the_same_place(machine: Machine) -> None:
    """By the damping and by the gradient; what is tried in between is the same."""
    for settings, luau in (
        ({"min_gradient": 0.0, "max_damping": 1e3}, {"minGradient": 0, "maxDamping": 1e3}),
        ({"min_gradient": 0.01}, {"minGradient": 0.01}),
    ):
        made, stepper = network((2, 3, 1), "ElliotSign", "Identity"), Optimizer(NAME, **settings)
        start = made.save()
        history = made.train(*data(made), stepper, 3000, engine="numpy", history=True)
        text, told, optimizer = machine.run(_TRAIN, start, *data(made), luau, {"epochs": 3000})
        assert json.loads(text) == made.to_table()
        assert told["losses"] == history.losses.tolist()
        assert optimizer == save_optimizer(stepper)
        assert told["endedBy"] == ENDINGS[history.ended_by] != "epochs"


_GO_ON = """
local KNN, text, samples, targets, fromPython = ...
local network = KNN.loadNet(text)
local optimizer = KNN.createOptimizer("LevenbergMarquardt", { damping = 1e-5 })
local options, texts = { epochs = 12, validationShare = 0.25, patience = 3, shuffle = true, seed = 1 }, {}
options.onEpoch = function(epoch)
	texts[epoch] = KNN.saveTraining(network, optimizer)
end
KNN.trainNet(network, samples, targets, optimizer, options)
texts[#texts + 1] = KNN.saveTraining(network, optimizer)
options.seed, options.onEpoch = nil, nil
for _, each in ipairs({ texts[1], texts[4], texts[#texts], fromPython }) do
	local other, stepper, progress = KNN.loadTraining(each)
	options.resume = progress
	KNN.trainNet(other, samples, targets, stepper, options)
	assert(KNN.saveTraining(other, stepper) == texts[#texts], "another end")
end
return texts
"""


def test_trainings_stop_and_go_on_in_either_language(machine: Machine) -> None:
    made, stepper, texts = network((2, 3, 1), "ElliotSign", "Identity"), Optimizer(NAME, damping=1e-5), list[str]()
    start = made.save()
    options: Any = {"epochs": 12, "validation_share": 0.25, "patience": 3, "shuffle": True}
    made.train(
        *data(made),
        stepper,
        engine="numpy",
        random=1,
        on_epoch=lambda epoch, loss: texts.append(save_training(made, stepper)),
        **options,
    )
    texts.append(save_training(made, stepper))
    (saved,) = machine.run(_GO_ON, start, *data(made), texts[2])
    assert saved == texts
    other, update, progress = load_training(saved[1])
    other.train(*data(made), update, engine="numpy", resume=progress, **options)
    assert save_training(other, update) == texts[-1]


def test_scalers_names_and_metrics_are_those_of_any_training(machine: Machine) -> None:
    random = np.random.default_rng(3)
    rows, wanted = random.normal(size=(SAMPLES, 2)) * 50 + 7, random.normal(size=(SAMPLES, 1)) * 9 - 40
    samples = [{"heat": float(heat), "length": float(length)} for heat, length in rows]
    targets = [{"time": float(time)} for (time,) in wanted]
    made = Network.build(
        inputs=["heat", "length"],
        layers=[{"nodes": 4, "activator": "ElliotSign"}, {"nodes": 1}],
        outputs=["time"],
        seed=1,
    )
    made.set_scaler(Scaler.fit(rows, "Standard"), Scaler.fit(wanted, "Standard"))
    start, stepper = made.save(), Optimizer(NAME)
    history = made.train(samples, targets, stepper, 6, engine="numpy", history=True, validation_share=0.3, metrics=True)
    options = {"epochs": 6, "validationShare": 0.3, "metrics": True}
    text, told, optimizer = machine.run(_TRAIN, start, samples, targets, {}, options)
    assert json.loads(text) == made.to_table()
    assert optimizer == save_optimizer(stepper)
    assert told["losses"] == history.losses.tolist()
    assert told["metrics"]["validationLoss"] == history.metrics["validation_loss"].tolist()
    assert told["metrics"]["meanAbsoluteError"] == history.metrics["mean_absolute_error"].tolist()


_UNTOUCHED = """
local KNN, text, samples, targets = ...
local network, optimizer = KNN.loadNet(text), KNN.createOptimizer("LevenbergMarquardt")
local done, message = pcall(KNN.trainNet, network, samples, targets, optimizer, { epochs = 2 })
return done, message, KNN.saveNet(network) == text, KNN.saveOptimizer(optimizer)
"""


@pytest.mark.parametrize("at", [1, 5])
def test_a_loss_that_is_not_finite_takes_no_step(machine: Machine, at: int) -> None:
    """The optimizer is then nobody's yet."""
    made = network((1, 2, 1), "Identity", "Identity")
    targets = [[0.5]] * 7
    targets[at - 1] = [1e200]
    done, message, is_same, optimizer = machine.run(_UNTOUCHED, made.save(), [[k / 4] for k in range(7)], targets)
    assert (done, is_same, optimizer) == (False, True, save_optimizer(Optimizer(NAME)))
    assert f"Training ended in epoch 1 at sample {at}, whose loss would be inf" in message


_EDIT = """
local KNN, text, samples, targets, field = ...
local network, optimizer = KNN.loadNet(text), KNN.createOptimizer("LevenbergMarquardt")
local before
local done, message = pcall(KNN.trainNet, network, samples, targets, optimizer, {
	epochs = 4,
	onEpoch = function(epoch)
		if epoch == 2 then
			network[5] = field == "loss" and { loss = "Huber" } or network[5]
			network[2][1][1][1][1] = field == "weight" and 0.25 or network[2][1][1][1][1]
			before = KNN.saveNet(network)
		end
	end,
})
return done, message, before == KNN.saveNet(network)
"""


def test_what_a_callback_changes_is_gone_on_with_or_refused(machine: Machine) -> None:
    made = network((2, 3, 1), "ElliotSign", "Identity")
    done, *_ = machine.run(_EDIT, made.save(), *data(made), "weight")
    assert done
    done, message, is_same = machine.run(_EDIT, made.save(), *data(made), "loss")
    assert (done, is_same) == (False, True)
    assert "another optimizer for losses other than" in message


# What it is not for, and what is wrong with its options.
LARGE = (4, 100, 1)
REFUSED: list[tuple[str, Any, dict[str, Any]]] = [
    ("large", network(LARGE, "Tanh", "Identity"), {}),
    ("loss", network((2, 3, 2), "Tanh", "Softmax", "CategoricalCrossEntropy"), {}),
    ("huber", network((2, 3, 2), "Tanh", "Identity", "Huber"), {}),
    ("recurrent", Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1), {}),
    (
        "dropout",
        Network.build(inputs=2, layers=[{"nodes": 3, "dropout": 0.5}, {"nodes": 1}], loss="HalfSquaredError", seed=1),
        {},
    ),
    ("batches", network((2, 3, 1), "Tanh", "Identity"), {"batch_size": 8}),
    ("share", network((2, 3, 1), "Tanh", "Identity"), {"batch_size": SAMPLES, "validation_share": 0.25}),
]
_REFUSE = """
local KNN, text, samples, targets, options = ...
local network, optimizer = KNN.loadNet(text), KNN.createOptimizer("LevenbergMarquardt")
local done, message = pcall(KNN.trainNet, network, samples, targets, optimizer, options)
local single = select(2, pcall(KNN.backwardNet, network, optimizer, samples[1], targets[1]))
return done, message, single, KNN.saveNet(network) == text, KNN.saveOptimizer(optimizer)
"""


@pytest.mark.parametrize(("made", "options"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_it_is_not_for_is_refused_in_the_same_words(
    machine: Machine, made: Network, options: dict[str, Any]
) -> None:
    stepper, text = Optimizer(NAME), made.save()
    with pytest.raises(ArgumentError) as caught:
        made.train(*data(made), stepper, **options)
    with pytest.raises(ArgumentError) as single:
        made.backward(stepper, *(each[0] for each in data(made)))
    assert (made.save(), stepper.shape) == (text, None)
    given = {NAMES.get(name, name): value for name, value in options.items()}
    done, message, of_single, is_same, saved = machine.run(_REFUSE, text, *data(made), given)
    words = str(caught.value)
    for python, luau in NAMES.items():
        words = words.replace(f".{python}", f".{luau}")
    assert (done, message.partition(": Wrong")[2] or message.partition("Wrong")[2]) != (True, "")
    assert message.endswith(words)
    assert of_single.endswith(str(single.value))
    assert (is_same, saved) == (True, save_optimizer(Optimizer(NAME)))


def test_refusals_say_what_is_in_the_way() -> None:
    rest = "got LevenbergMarquardt."
    expected = {
        "large": "Wrong Arg#4: Learning rate must be another optimizer for more than 500 weights and biases, " + rest,
        "loss": "Wrong Arg#4: Learning rate must be another optimizer for losses other than HalfSquaredError, "
        "MeanSquaredError, " + rest,
        "recurrent": "Wrong Arg#4: Learning rate must be another optimizer for recurrent networks, " + rest,
        "dropout": "Wrong Arg#4: Learning rate must be another optimizer for dropout, " + rest,
        "batches": "Wrong Arg#5: Options.batch_size must be left out, or 23, the number of samples, for "
        "LevenbergMarquardt, got 8.",
        "share": "Wrong Arg#5: Options.batch_size must be left out, or 18, the number of samples, for "
        "LevenbergMarquardt, got 23.",
    }
    for name, made, options in REFUSED:
        with pytest.raises(ArgumentError) as caught:
            made.train(*data(made), Optimizer(NAME), **options)
        assert str(caught.value) == expected.get(name, expected["loss"])


@pytest.mark.parametrize(
    ("option", "luau", "value"),
    [
        ("rate", "rate", 0.1),
        ("weight_decay", "weightDecay", 0.1),
        ("clip_norm", "clipNorm", 1.0),
        ("schedule", "schedule", "Cosine"),
        ("damping", "damping", 0.0),
        ("damping_decrease", "dampingDecrease", 1.0),
        ("damping_increase", "dampingIncrease", 1.0),
        ("max_damping", "maxDamping", -1.0),
        ("min_gradient", "minGradient", -1.0),
        ("maxdamping", "maxdamping", 1.0),
    ],
)
def test_bad_options_are_refused_in_the_same_words(machine: Machine, option: str, luau: str, value: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        Optimizer(NAME, **{option: value})
    said = machine.refusal("createOptimizer", NAME, {luau: value})
    names = ("damping", "damping_decrease", "damping_increase", "max_damping", "min_gradient")
    words = str(caught.value)
    for each in (*names[1:], "weight_decay", "clip_norm"):
        words = words.replace(each, each.split("_")[0] + each.split("_")[1].capitalize())
    assert said == words


_LOOK = f"""
local KNN, text, samples, targets, isStored = ...
local given = {{ "LevenbergMarquardt", {{ damping = 1e-6 }} }}
{MAKERS}
local waits, states = 0, {{}}
setWhileWaiting(function()
	waits = waits + 1
	coroutine.yield()
end)
local holder, stepper = newHolder(), newStepper()
local thread = coroutine.create(function()
	KNN.trainNet(holder, samples, targets, stepper, {{ epochs = 2, frameBudget = 1e-9 }})
end)
local seen, busy = {{}}, nil
while coroutine.status(thread) ~= "dead" do
	assert(coroutine.resume(thread))
	local now = KNN.saveNet(holder) .. "|" .. KNN.saveOptimizer(stepper)
	if coroutine.status(thread) ~= "dead" then
		busy = select(2, pcall(KNN.backwardNet, holder, 0.1, samples[1], targets[1]))
		assert(string.find(busy, "left alone"))
	end
	if now ~= seen[#seen] then
		seen[#seen + 1] = now
	end
	-- What is saved in the middle of an epoch is all as it was before it.
	if #seen > 1 then
		assert(pcall(KNN.saveTraining, holder, stepper))
	end
end
return seen, waits
"""


# Where turns are given: between samples, in the factorization, and where the loss is looked at after a step.
TURNS = {
    "samples": ((3, 40, 2), 60, 118),
    "columns": ((3, 80, 2), 3, 600),
    "columns alone": ((3, 20, 1), 4, 8),
    "losses": ((1, 1), 26_000, 6),
}


@pytest.mark.share(6)
@pytest.mark.parametrize("is_stored", [False, True])
@pytest.mark.parametrize("where", TURNS)
def test_whoever_looks_meanwhile_sees_whole_steps(roblox_machine: Machine, where: str, is_stored: bool) -> None:
    sizes, samples, turns = TURNS[where]
    made = network(sizes, "ElliotSign", "Identity")
    for layer in made.layers:
        for array in layer.numbers:
            array[...] = np.round(array * 256) / 256
    random = np.random.default_rng(2)
    inputs = (np.round(random.normal(size=(samples, sizes[0])) * 64) / 64).tolist()
    targets = (np.round(random.normal(size=(samples, sizes[-1])) * 64) / 64).tolist()
    start, stepper = made.save(), Optimizer(NAME, damping=1e-6)
    whole = [made.to_table()]
    for _ in range(2):
        made.train(inputs, targets, stepper, engine="numpy")
        whole.append(made.to_table())
    seen, waits = roblox_machine.run(_LOOK, start, inputs, targets, is_stored)
    networks = [read(each.split("|")[0]) for each in seen]
    assert all(each in whole for each in networks)
    assert networks[-1] == whole[-1]
    # Lua 5.1 cannot tell whether it may wait.
    assert waits == 0 if roblox_machine.name == "lua51" else waits >= turns
