"""What can be set of every optimizer, in Luau: the bits of Python's, the same strings and sentences."""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine import Network, Optimizer, load_optimizer, save_optimizer
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS, RATE_SCHEDULES
from engine.interface.options import OPTIMIZER_OPTIONS, SCHEDULE_OPTIONS
from tests.engine.training.test_common_options import ALL_AT_ONCE, OLD, broken_strings
from tests.engine.training.test_rate_schedules import REFUSED
from tests.parity.cases import Case
from tests.parity.checks import parameters
from tests.parity.junk import ANYTHING, NUMBERS
from tests.parity.machine import Machine
from tests.parity.test_optimizers import EXACT, ROUNDED, said_by_python
from tests.parity.tolerances import tolerance

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")
examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)

every_optimizer = pytest.mark.parametrize("name", ELEMENTWISE_OPTIMIZERS)
RATE, EPOCHS, COUNT = 0.05, 4, 5
# By the names of their formulas: cosines are not the same in all machines.
ROUNDED_SCHEDULES = {"Cosine", "CosineRestarts"}
_OWN: dict[str, dict[str, Any]] = {
    "Step": {"steps": 4, "factor": 0.5},
    "Exponential": {"factor": 0.75},
    "Cosine": {"steps": 7, "min_rate": 0.01},
    "CosineRestarts": {"steps": 3, "multiple": 2},
    "OnPlateau": {"patience": 0, "threshold": 0.9, "cooldown": 1, "factor": 0.5, "min_rate": 0.01},
}
SCHEDULES = {name: {"name": name, "warm_up": 2, **_OWN.get(name, {})} for name in RATE_SCHEDULES}
EXACT_CHOICES: list[dict[str, Any]] = [
    *({name: value} for name, value in ALL_AT_ONCE.items()),
    {**ALL_AT_ONCE, "schedule": SCHEDULES["Step"]},
    *({"schedule": each} for name, each in SCHEDULES.items() if name not in ROUNDED_SCHEDULES),
]
ROUNDED_CHOICES: list[dict[str, Any]] = [{"schedule": SCHEDULES[name]} for name in RATE_SCHEDULES]

_NAMES = {each.python: each.name for each in (*OPTIMIZER_OPTIONS.fields, *SCHEDULE_OPTIONS.fields)}

# One step after the other, then a session that goes on from strings.
_TRAINED = """
local KNN, text, pairs_, epochs, name, options = ...
local network, optimizer, samples, targets = KNN.loadNet(text), KNN.createOptimizer(name, options), {}, {}
for index, pair in ipairs(pairs_) do
	samples[index], targets[index] = pair[1], pair[2]
	KNN.backwardNet(network, optimizer, pair[1], pair[2])
end
local losses = KNN.trainNet(network, samples, targets, optimizer, { epochs = epochs })
local saved = KNN.saveOptimizer(optimizer)
local loaded, other = KNN.loadOptimizer(saved), KNN.loadNet(KNN.saveNet(network))
assert(KNN.saveOptimizer(loaded) == saved, "other numbers than those that were loaded")
KNN.trainNet(network, samples, targets, optimizer, { epochs = 2 })
KNN.trainNet(other, samples, targets, loaded, { epochs = 2 })
assert(KNN.saveNet(other) == KNN.saveNet(network), "it does not go on from its string")
assert(KNN.saveOptimizer(loaded) == KNN.saveOptimizer(optimizer), "it does not go on from its string")
return KNN.saveNet(network), KNN.saveOptimizer(optimizer), losses
"""


def in_luau(options: dict[str, Any]) -> dict[str, Any]:
    """Options by their names in Luau."""
    return {_NAMES[key]: in_luau(value) if isinstance(value, dict) else value for key, value in options.items()}


def trained(case: Case, name: str, options: dict[str, Any]) -> tuple[Network, Optimizer, list[float]]:
    """What Python makes of the same."""
    network, optimizer = case.create(case.seed), Optimizer(name, rate=RATE, **options)
    for sample, target in case.samples(COUNT):
        network.backward(optimizer, sample, target)
    inputs, targets = zip(*case.samples(COUNT), strict=True)
    losses = network.train(inputs, targets, optimizer, EPOCHS, engine="numpy")
    network.train(inputs, targets, optimizer, 2, engine="numpy")
    return network, optimizer, losses.tolist()


@every_optimizer
@pytest.mark.parametrize("options", EXACT_CHOICES, ids=str)
def test_steps_have_the_bits_of_python(machine: Machine, name: str, options: dict[str, Any]) -> None:
    for case in EXACT:
        given, wanted = bits(case, name, json.dumps(options))
        assert machine.run(_TRAINED, *given) == wanted


@cache
def bits(case: Case, name: str, options: str) -> tuple[tuple[Any, ...], list[Any]]:
    """What Luau is given of a case, with options as JSON, and what Python makes of it."""
    chosen = json.loads(options)
    network, optimizer, losses = trained(case, name, chosen)
    given = (case.create(case.seed).save(), case.samples(COUNT), EPOCHS, name, in_luau({"rate": RATE, **chosen}))
    return given, [network.save(), save_optimizer(optimizer), losses]


@every_optimizer
@pytest.mark.parametrize("options", ROUNDED_CHOICES, ids=str)
def test_steps_are_those_of_python_within_what_machines_differ_by(
    machine: Machine, name: str, options: dict[str, Any]
) -> None:
    given = (ROUNDED.create(ROUNDED.seed).save(), ROUNDED.samples(COUNT), EPOCHS, name)
    text, _, _ = machine.run(_TRAINED, *given, in_luau({"rate": RATE, **options}))
    expected, allowed = rounded(name, json.dumps(options))
    assert_allclose(parameters(Network.load(text)), expected, rtol=0, atol=allowed)


@cache
def rounded(name: str, options: str) -> tuple[np.ndarray, float]:
    """The numbers of Python, with options as JSON, and how far those of a machine may be from them."""

    def numbers() -> np.ndarray:
        return parameters(trained(ROUNDED, name, json.loads(options))[0])

    return numbers(), tolerance(numbers)


@pytest.mark.parametrize("schedule", RATE_SCHEDULES)
def test_a_name_is_a_schedule_with_the_defaults_of_python(machine: Machine, schedule: str) -> None:
    script = """
    local KNN, schedule = ...
    local short = KNN.saveOptimizer(KNN.createOptimizer("SGD", { schedule = schedule }))
    return short, KNN.saveOptimizer(KNN.createOptimizer("SGD", { schedule = { name = schedule } }))
    """
    assert machine.run(script, schedule) == [save_optimizer(Optimizer("SGD", schedule=schedule))] * 2


def test_a_schedules_table_stays_what_it_was(machine: Machine) -> None:
    script = """
    local KNN, schedule = ...
    local optimizer = KNN.createOptimizer("SGD", { schedule = schedule })
    local before = KNN.saveOptimizer(optimizer)
    schedule.steps, schedule.name = -1, nil
    return before, KNN.saveOptimizer(optimizer)
    """
    expected = save_optimizer(Optimizer("SGD", schedule=SCHEDULES["Step"]))
    assert machine.run(script, in_luau(SCHEDULES["Step"])) == [expected] * 2


@pytest.mark.parametrize("text", OLD)
def test_strings_of_before_load_for_ever(machine: Machine, text: str) -> None:
    script = "local KNN, text = ... return KNN.saveOptimizer(KNN.loadOptimizer(text))"
    assert machine.run(script, text) == [text]


def test_an_epoch_that_fails_is_undone_for_the_schedule_too(roblox_machine: Machine) -> None:
    script = """
    local KNN, text, options = ...
    local value, optimizer = Instance.new("StringValue"), KNN.createOptimizer("Momentum", options)
    value.Value = text
    KNN.trainNet(value, { { 0.5 } }, { { 0 } }, optimizer, { epochs = 2 })
    local saved = KNN.saveOptimizer(optimizer)
    local done = pcall(KNN.trainNet, value, { { 1e200 } }, { { 0 } }, optimizer, { epochs = 2 })
    return done, saved, KNN.saveOptimizer(optimizer)
    """
    text = Network.from_table([1, [[[[1.0]], [0.0]], [[[1.0]], [0.0]]], False, ["Identity", "Identity"]]).save()
    for schedule in ("Step", "OnPlateau"):
        options = in_luau({"rate": 0.5, "l2": 0.1, "schedule": SCHEDULES[schedule]})
        done, saved, after = roblox_machine.run(script, text, options)
        assert not done
        # Roblox writes the fields of a dictionary in any order.
        assert json.loads(saved) == json.loads(after)


# The same sentences.


def said_in_luau(sentence: str | None) -> str | None:
    """A sentence of Python with the names of options as Luau has them."""
    for python, luau in _NAMES.items():
        sentence = sentence and sentence.replace(python, luau)
    return sentence


def names_an_unknown_option(sentence: str | None) -> bool:
    return sentence is not None and " must have nothing but " in sentence


def check_refusal(machine: Machine, name: str, options: dict[str, Any]) -> None:
    expected = said_in_luau(said_by_python(lambda: Optimizer(name, **options)))
    said = machine.refusal("createOptimizer", name, in_luau_as_far_as_known(options))
    if names_an_unknown_option(expected):
        # Of several that are unknown, Lua names any.
        assert str(said).rpartition(", got ")[0] == str(expected).rpartition(", got ")[0]
    else:
        assert said == expected


def in_luau_as_far_as_known(options: dict[str, Any]) -> dict[str, Any]:
    return {
        _NAMES.get(key, key): in_luau_as_far_as_known(value) if isinstance(value, dict) else value
        for key, value in options.items()
        if value is not None
    }


@pytest.mark.parametrize(("chosen", "sentence"), REFUSED)
def test_a_bad_schedule_is_refused(machine: Machine, chosen: Any, sentence: str) -> None:
    check_refusal(machine, "SGD", {"schedule": chosen})


_SETTINGS = st.one_of(NUMBERS, st.integers(0, 9), ANYTHING)


@examples
@given(
    name=st.sampled_from(list(ELEMENTWISE_OPTIMIZERS)),
    schedule=st.one_of(
        st.sampled_from(list(RATE_SCHEDULES)),
        st.fixed_dictionaries(
            {"name": st.one_of(st.sampled_from(list(RATE_SCHEDULES)), ANYTHING)},
            optional={each.python: _SETTINGS for each in SCHEDULE_OPTIONS.fields if each.python != "name"},
        ),
    ),
)
def test_descriptions_are_refused_the_same(machine: Machine, name: str, schedule: Any) -> None:
    if isinstance(schedule, dict):
        # What is nothing, a table in Lua does not have.
        schedule = {key: value for key, value in schedule.items() if value is not None}
    check_refusal(machine, name, {"schedule": schedule})


@pytest.mark.parametrize(("text", "sentence"), broken_strings())
def test_a_broken_sixth_entry_is_refused_the_same(machine: Machine, text: str, sentence: str) -> None:
    assert machine.refusal("loadOptimizer", text) == said_by_python(lambda: load_optimizer(text))


@pytest.mark.parametrize("entry", ["null", "{}", "[]"])
def test_a_sixth_entry_that_says_nothing_is_none(machine: Machine, entry: str) -> None:
    script = "local KNN, text = ... return KNN.saveOptimizer(KNN.loadOptimizer(text))"
    assert machine.run(script, f'["SGD",[1],[],false,false,{entry}]') == ['["SGD",[1],[],false,false]']
