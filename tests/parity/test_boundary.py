"""Names, classes and scalers mean the same in Luau as in Python, and what will not do is refused word for word."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen.library.schedules import COLUMN_SAMPLES
from engine import ArgumentError, Network, Optimizer, Scaler, TrainingError, draw
from engine.describe import describe
from engine.formulas.registry import SCALERS
from engine.kernels.schedules import NARROW
from engine.scaler import scaler_fault
from tests.engine.samples import ODD_DATA
from tests.parity.machine import Machine

examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
WIDE = NARROW + 2
OUT = ["left", "right"]


def names(inputs: int) -> list[str]:
    return [f"input {index}" for index in range(inputs)]


def network_of(inputs: int, extras: Mapping[str, object], *, recurrent: bool = False) -> Network:
    """A network of arithmetic alone, so that all numbers have to be equal to the last bit."""
    network = Network.create(inputs, 1, 3, 2, ("ElliotSign", "ElliotSign"), recurrent=recurrent, seed=7)
    return Network.from_table([*network.to_table(), extras])


def sample_of(inputs: int, seed: float) -> dict[str, float]:
    return {name: seed + index / 8 for index, name in enumerate(names(inputs))}


_SCRIPT = """
local KNN, table, one, other, target = ...
local network = KNN.loadNet(KNN.saveNet(table))
local found = {}
found.one = KNN.forwardNet(network, one)
found.made = KNN.createFunction(KNN.loadNet(KNN.saveNet(table)))(one)
found.cache = KNN.forwardNet(network, one, true)
KNN.backwardNet(network, 0.25, one, target)
KNN.backwardNet(network, KNN.createOptimizer("Momentum"), one, target)
found.losses = KNN.trainNet(network, { one, other, other }, { target, target, { 0, 1 } }, 0.25, { epochs = 2 })
found.class, found.share = KNN.classifyNet(network, one)
if not network[2][1][3] then
    found.batch = KNN.forwardBatch(network, { one, other })
    found.mixed = KNN.forwardBatch(network, { other, one })
    found.columns = KNN.forwardBatch(network, { one, other }, { columns = true })
end
return found, KNN.hardCode(network)
"""


@ODD_DATA
@pytest.mark.parametrize("recurrent", [False, True], ids=["", "recurrent"])
@pytest.mark.parametrize("inputs", [2, WIDE])
@pytest.mark.parametrize("which", ["inputs", "outputs", "both", "classes"])
def test_names_give_the_bits_of_python(machine: Machine, which: str, inputs: int, recurrent: bool) -> None:
    fields: dict[str, list[str]] = {"inputs": names(inputs), "outputs": OUT, "classes": OUT}
    chosen = {"both": ("inputs", "outputs"), "classes": ("inputs", "classes")}.get(which, (which,))
    network = network_of(inputs, {name: fields[name] for name in chosen}, recurrent=recurrent)
    numbers = [sample_of(inputs, 0.5), sample_of(inputs, -1.0)]
    one: Any = numbers[0] if "inputs" in chosen else list(numbers[0].values())
    other: Any = list(numbers[1].values())
    target: Any = "right" if which == "classes" else [0.25, 0.5]
    target = dict(zip(OUT, target, strict=True)) if "outputs" in chosen else target
    found, text = machine.run(_SCRIPT, network.to_table(), one, other, target)

    def plain(outputs: Any) -> Any:
        return outputs.tolist() if isinstance(outputs, np.ndarray) else outputs

    assert found["made"] == plain(network.function()(one))
    assert found["one"] == plain(network.forward(one))
    outputs, cache = network.forward(one, give_cache=True)
    assert found["cache"] == [plain(outputs), [part.tolist() for part in cache]]
    network.backward(0.25, one, target)
    network.backward(Optimizer("Momentum"), one, target)
    losses = network.train([one, other, other], [target, target, [0.0, 1.0]], 0.25, 2, engine="numpy")
    assert found["losses"] == losses.tolist()
    best: Any
    best, share = network.classify(one)
    assert (found["class"], found["share"]) == (best if isinstance(best, str) else best + 1, share)
    if not recurrent:
        assert found["batch"] == plain(network.forward([one, other]))
        assert found["mixed"] == plain(network.forward([other, one]))
        rows = network.forward([list(numbers[0].values()), other])
        columns = np.asarray(rows).T.tolist()
        is_named = which == "both"
        assert found["columns"] == (dict(zip(OUT, columns, strict=True)) if is_named else columns)
    assert text == network.hard_code()


VALUES = st.one_of(
    st.floats(-10, 10), st.sampled_from([float("nan"), float("inf"), 1e308, "x", "1", True, [1.0], {"far": 1.0}])
)
KEYS = st.sampled_from(["far", "fast", "fats", "Far", "fa", "faster", "", "beyond", 'f"', "日"])
SAMPLES = st.one_of(
    st.dictionaries(KEYS, VALUES, max_size=3),
    st.fixed_dictionaries({"far": VALUES, "fast": VALUES}),
    st.lists(VALUES, max_size=3),
    VALUES,
    st.sampled_from(["cat", "dog", "dgo", "horse", "hores"]),
)
FIELDS = [
    {"inputs": ["far", "fast"], "outputs": ["fast", "far"]},
    {"inputs": ["far", "fast"], "classes": ["horse", "cat"]},
]


def said_by_python(call: Any, *arguments: Any) -> str | None:
    try:
        call(*arguments)
    except (ArgumentError, TrainingError) as error:
        return str(error)
    return None


@ODD_DATA
@pytest.mark.parametrize("extras", [*FIELDS, {}], ids=["names", "classes", "neither"])
@examples
@given(sample=SAMPLES, target=SAMPLES)
def test_what_will_not_do_is_refused_in_the_same_words(
    machine: Machine, extras: Mapping[str, object], sample: Any, target: Any
) -> None:
    network = network_of(2, extras)
    table = network.to_table()
    # In Python, these take many samples, too.
    if not (isinstance(sample, list) and sample and isinstance(sample[0], (list, dict))):
        assert machine.refusal("forwardNet", table, sample) == said_by_python(network.forward, sample)
        assert machine.refusal("classifyNet", table, sample) == said_by_python(network.classify, sample)
    said = said_by_python(network.backward, 0.0, sample, target)
    assert machine.refusal("backwardNet", table, 0.0, sample, target) == said
    said = said_by_python(network.train, [[1.0, 2.0], sample], [[1.0, 0.0], target], 0.0)
    assert machine.refusal("trainNet", table, [[1.0, 2.0], sample], [[1.0, 0.0], target], 0.0) == said


def test_a_picture_takes_a_dictionary(roblox_machine: Machine) -> None:
    network = network_of(2, FIELDS[0])
    script = """
    local KNN, network, one, other = ...
    local visual = KNN.getVisual(network)
    KNN.updateVisualActive(network, visual, one, 2)
    local node = visual.Container.Layer1.Node2
    local seen = node.BackgroundColor3
    KNN.updateVisualActive(network, visual, other, 2)
    local same = seen.R == node.BackgroundColor3.R and seen.B == node.BackgroundColor3.B
    local _, said = pcall(KNN.updateVisualActive, network, visual, { far = 1 })
    return same, said
    """
    same, said = roblox_machine.run(script, network.to_table(), {"far": 1.0, "fast": 1.5}, [1.0, 1.5])
    assert same
    assert said == said_by_python(lambda: draw(network, {"far": 1.0}))


def test_a_string_value_keeps_names_and_gives_them_to_children(roblox_machine: Machine) -> None:
    script = """
    local KNN, text, other, one = ...
    local first, second, third = Instance.new("StringValue"), Instance.new("StringValue"), Instance.new("StringValue")
    first.Value, second.Value, third.Value = text, text, other
    KNN.backwardNet(first, 0.25, one, { fast = 0, far = 1 })
    local outputs = KNN.forwardNet(first, one)
    KNN.runGenNet({ first, second, third }, { 3, 2, 1 }, false, { keepShare = 0 })
    return outputs, KNN.loadNet(first)[5], KNN.loadNet(third)[5]
    """
    network = network_of(2, FIELDS[0])
    one = {"far": 1.0, "fast": 0.5}
    outputs, *extras = roblox_machine.run(script, network.save(), network_of(2, {}).save(), one)
    network.backward(0.25, one, {"fast": 0.0, "far": 1.0})
    assert outputs == pytest.approx(network.forward(one), rel=1e-14)
    assert extras == [FIELDS[0], FIELDS[0]]


def test_a_name_that_was_changed_later_is_found_before_a_recurrent_network_moves_on(machine: Machine) -> None:
    script = """
    local KNN, network, one = ...
    KNN.forwardNet(network, one)
    local state = network[2][1][3][1]
    network[5].outputs[2] = 5
    local _, said = pcall(KNN.forwardNet, network, one)
    return said, network[2][1][3][1] == state
    """
    network = network_of(2, FIELDS[0], recurrent=True)
    said, is_before = machine.run(script, network.to_table(), {"far": 1.0, "fast": 0.5})
    assert said.startswith("Wrong Arg#1: Network[5].outputs must be an array of 2 different names")
    assert is_before


# Scalers.

INPUTS = Scaler("Standard", [20.0, -3.0], [10.0, 0.25])
TARGETS = Scaler("MinMax", [-5.0, 100.0], [10.0, 50.0])
RAW = [[25.0, -2.5], [0.0, -4.0], [31.0, 7.5]]
WANTED = [[1.0, 120.0], [-2.0, 101.0], [0.0, 150.0]]
COLUMN = st.lists(
    st.floats(-1e3, 1e3) | st.sampled_from([0.0, -0.0, 1.0, 1e308, -1e308, 5e-324, 1e-170]), min_size=3, max_size=3
)

_FIT = """
local KNN, samples, name = ...
local said
warn = function(text)
    said = text
end
local done, made = pcall(KNN.createScaler, samples, name)
return done, made, said
"""


@pytest.mark.parametrize("name", SCALERS)
@examples
@given(columns=st.lists(COLUMN, min_size=1, max_size=3), count=st.integers(1, 3))
def test_a_scaler_has_the_bits_of_python(machine: Machine, name: str, columns: list[list[float]], count: int) -> None:
    samples = [list(row) for row in zip(*columns, strict=True)][:count]
    expected: list[object] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        refused = said_by_python(lambda: expected.append(Scaler.fit(samples, name).to_fields()))
    done, made = machine.run(_FIT, samples, name)[:2]
    assert done == (refused is None)
    if refused is not None:
        assert made == refused
    else:
        assert made == expected[0]
    assert len(caught) <= 1


_NAMED = """
local KNN, samples, name, network, sample = ...
local said
warn = function(text)
    said = text
end
local done, made = pcall(KNN.createScaler, samples, name)
local set, why, scaled, back
if done then
    set, why = pcall(KNN.setScaler, network, made)
    scaled = { pcall(KNN.scaleSample, made, sample) }
    back = { pcall(KNN.unscaleSample, made, sample) }
end
return made, why, network[5], scaled, back
"""


def test_known_scalers_are_python_s(machine: Machine) -> None:
    samples = [[3.0, -1.0], [1.0, 2.5], [4.0, 0.0], [1.5, 9.0], [-2.0, 8.0], [6.0, -7.0]]
    for name in SCALERS:
        assert machine.call("createScaler", samples, name) == [Scaler.fit(samples, name).to_fields()]
    scaler, sample = Scaler.fit(samples, "Standard"), samples[0]
    assert machine.call("scaleSample", scaler.to_fields(), sample) == [scaler.scale(sample).tolist()]
    assert machine.call("unscaleSample", scaler.to_fields(), sample) == [scaler.unscale(sample).tolist()]
    named = [dict(zip(("fast", "away", "far"), [*row, row[0]], strict=True)) for row in samples]
    order = ["far", "fast", "away"]
    network = Network.from_table([*Network.create(3, 1, 3, 2, "Tanh", seed=1).to_table()[:4], {"inputs": order}])
    made, _, extras, scaled, back = machine.run(_NAMED, named, "MinMax", network.to_table(), named[1])
    scaler = Scaler.fit(named, "MinMax")
    network.set_scaler(scaler)
    assert made == {**scaler.to_fields(), "names": ["away", "far", "fast"]}
    assert extras == network.to_table()[4]
    assert (scaled, back) == ([True, scaler.scale(named[1])], [True, scaler.unscale(named[1])])


def test_no_spread_is_said_once_in_roblox(roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    KNN.createScaler({ { 1, 2, 3 }, { 1, 3, 3 } }, "Standard")
    return getWarnings()
    """
    (said,) = roblox_machine.run(script)
    assert said == ["The numbers of column 1, column 3 have no spread: they are shifted, but their scale stays 1."]


_SCALED = """
local KNN, network, inputs, targets, samples, wanted, isWide = ...
KNN.setScaler(network, inputs, targets)
local found = { outputs = {} }
for index, sample in ipairs(samples) do
    found.outputs[index] = KNN.forwardNet(network, sample)
end
found.cache = KNN.forwardNet(network, samples[1], true)
KNN.backwardNet(network, 0.25, samples[1], wanted[1])
KNN.backwardNet(network, KNN.createOptimizer("Momentum"), samples[1], wanted[1])
found.losses = KNN.trainNet(network, samples, wanted, 0.25, { epochs = 2 })
found.buffers = KNN.trainNet(network, samples, wanted, 0.25, { layout = "buffers" })
if not network[2][1][3] then
    found.batch = KNN.forwardBatch(network, samples)
    local batch = KNN.createBatch(samples)
    found.handle = KNN.forwardBatch(network, batch)
    found.columns = KNN.forwardBatch(network, batch, { columns = true })
end
found.class, found.share = KNN.classifyNet(network, samples[1])
return found, KNN.loadNet(KNN.saveNet(network))[5], KNN.hardCode(network)
"""


@pytest.mark.parametrize("recurrent", [False, True], ids=["", "recurrent"])
@pytest.mark.parametrize("nodes", [3, WIDE])
def test_scaled_networks_have_the_bits_of_python(machine: Machine, nodes: int, recurrent: bool) -> None:
    network = Network.create(2, 1, nodes, 2, ("ElliotSign", "Identity"), recurrent=recurrent, seed=9)
    arguments = (INPUTS.to_fields(), TARGETS.to_fields(), RAW, WANTED)
    found, extras, text = machine.run(_SCALED, network.to_table(), *arguments)
    network.set_scaler(INPUTS, TARGETS)
    assert extras == network.to_table()[4]
    assert found["outputs"] == [network.forward(sample).tolist() for sample in RAW]
    outputs, cache = network.forward(RAW[0], give_cache=True)
    assert found["cache"] == [outputs.tolist(), [part.tolist() for part in cache]]
    network.backward(0.25, RAW[0], WANTED[0])
    network.backward(Optimizer("Momentum"), RAW[0], WANTED[0])
    assert found["losses"] == network.train(RAW, WANTED, 0.25, 2, engine="numpy").tolist()
    assert found["buffers"] == network.train(RAW, WANTED, 0.25, engine="numpy").tolist()
    if not recurrent:
        outputs = network.forward(RAW)
        assert found["batch"] == found["handle"] == outputs.tolist()
        assert found["columns"] == outputs.T.tolist()
    best: Any
    best, share = network.classify(RAW[0])
    assert (found["class"], found["share"]) == (best + 1, share)
    assert text == network.hard_code()


NAMED_SAMPLES = st.lists(st.one_of(st.fixed_dictionaries({"far": VALUES, "fast": VALUES}), SAMPLES), max_size=3)


@examples
@given(
    inputs=st.sampled_from([["far", "fast"], ["fast", "far"], ["far", "fats"], None]),
    samples=NAMED_SAMPLES,
    sample=SAMPLES,
)
@pytest.mark.filterwarnings("ignore:The numbers of")
def test_scalers_by_names_are_python_s_word_for_word(
    machine: Machine, inputs: list[str] | None, samples: list[Any], sample: Any
) -> None:
    network = network_of(2, {} if inputs is None else {"inputs": inputs})
    made, why, extras, scaled, back = machine.run(_NAMED, samples, "MinMax", network.to_table(), sample)
    fitted: list[Scaler] = []
    refused = said_by_python(lambda: fitted.append(Scaler.fit(samples, "MinMax")))
    if refused is not None:
        assert made == refused
        return
    scaler = fitted[0]
    names_of_scaler = {} if scaler.names is None else {"names": list(scaler.names)}
    assert made == {**scaler.to_fields(), **names_of_scaler}
    assert why == said_by_python(network.set_scaler, scaler)
    assert (extras or {}) == (network.to_table()[4:] or [{}])[0]
    for found, call in ((scaled, scaler.scale), (back, scaler.unscale)):
        done, value = found
        said = said_by_python(call, sample)
        assert done == (said is None)
        if said is None:
            expected = call(sample)
            assert value == (expected if isinstance(expected, dict) else np.asarray(expected).tolist())
        else:
            assert value == said


NUMBERS = st.floats(-1e9, 1e9) | st.sampled_from([1e300, -1e300, float("nan"), "x"])
TINY = Scaler("Robust", [1.0, 0.0], [1e-200, 3.0])


@ODD_DATA
@examples
@given(sample=st.lists(NUMBERS, min_size=1, max_size=2), target=st.lists(NUMBERS, min_size=2, max_size=2))
def test_what_does_not_stay_finite_is_refused_in_the_same_words(
    machine: Machine, sample: list[Any], target: list[Any]
) -> None:
    network = network_of(2, {"inputs": ["far", "fast"]})
    network.set_scaler(TINY, TINY)
    table, fields = network.to_table(), TINY.to_fields()
    by_name = dict(zip(["far", "fast"], sample, strict=False))
    for each in (sample, by_name):
        assert machine.refusal("forwardNet", table, each) == said_by_python(network.forward, each)
        said = said_by_python(network.backward, 0.0, each, target)
        assert machine.refusal("backwardNet", table, 0.0, each, target) == said
    said = said_by_python(network.train, [[1.0, 1.0], sample], [[1.0, 1.0], target], 0.0)
    assert machine.refusal("trainNet", table, [[1.0, 1.0], sample], [[1.0, 1.0], target], 0.0) == said
    assert machine.refusal("scaleSample", fields, sample) == said_by_python(TINY.scale, sample)
    assert machine.refusal("unscaleSample", fields, sample) == said_by_python(TINY.unscale, sample)


def test_a_batch_that_does_not_stay_finite_names_its_number(machine: Machine) -> None:
    script = """
    local KNN, network, scaler, samples = ...
    local batch = KNN.createBatch(samples)
    KNN.setScaler(network, scaler)
    local messages = {}
    for index, given in ipairs({ batch, samples }) do
        messages[index] = select(2, pcall(KNN.forwardBatch, network, given))
    end
    return messages
    """
    samples = [[1.0, 1.0] for _ in range(COLUMN_SAMPLES + 2)]
    samples[-1][0] = 1e200
    (messages,) = machine.run(script, network_of(2, {}).to_table()[:4], TINY.to_fields(), samples)
    place = f"Samples[{len(samples)}][1]"
    said = f"Wrong Arg#2: {place} must be a number that stays finite when scaled, got {describe(1e200)}."
    assert messages == [said, said]


FIELDS_OF_SCALERS: list[Any] = [
    3,
    {},
    [1.0],
    {"name": "MinMax"},
    {"name": "minmax", "shift": [0.0, 0.0], "scale": [1.0, 1.0]},
    {"name": "MinMax", "shift": [0.0, 0.0], "scale": [1.0, 1.0], "Scale": 1.0},
    {"name": "MinMax", "shift": [0.0], "scale": [1.0]},
    {"name": "MinMax", "shift": [0.0, 1.0], "scale": [1.0]},
    {"name": "MinMax", "shift": [0.0, "1"], "scale": [1.0, 1.0]},
    {"name": "MinMax", "shift": [0.0, 1.0], "scale": [1.0, 0.0]},
    {"name": "MinMax", "shift": [0.0, 1.0], "scale": [-1.0, 1.0]},
    {"name": "MinMax", "shift": 1.0, "scale": [1.0, 1.0]},
    {"name": "MinMax", "shift": [0.0, 1.0], "scale": {"a": 1.0}},
]
FIELDS_WITH_NAMES: list[Any] = [["far"], ["far", "far"], ["far", ""], {"far": 1.0}, "far", ["far", 1.0]]


@pytest.mark.parametrize("given_names", FIELDS_WITH_NAMES, ids=str)
def test_names_of_scalers_are_looked_at(machine: Machine, given_names: Any) -> None:
    fields = {"name": "MinMax", "shift": [0.0, 1.0], "scale": [1.0, 1.0], "names": given_names}
    said = machine.refusal("scaleSample", fields, [1.0, 1.0])
    assert said is not None
    assert said == said_by_python(lambda: Scaler(*fields.values()))
    stored = [*network_of(2, {}).to_table()[:4], {"inputScaler": fields}]
    assert machine.refusal("saveNet", stored) == said_by_python(Network.from_table, stored)


@pytest.mark.parametrize("fields", FIELDS_OF_SCALERS, ids=str)
def test_what_is_no_scaler_is_refused_in_the_same_words(machine: Machine, fields: Any) -> None:
    table = network_of(2, {}).to_table()[:4]
    for name in ("inputScaler", "targetScaler"):
        extras = [*table, {name: fields}]
        said = said_by_python(Network.from_table, extras)
        assert said is not None
        assert machine.refusal("saveNet", extras) == said
    for position, arguments in ((2, [fields]), (3, [None, fields])):
        said = machine.refusal("setScaler", table, *arguments) or ""
        label = "Input scaler" if position == 2 else "Target scaler"
        assert said == f"Wrong Arg#{position}: {scaler_fault(label, fields, 2)}."
    if scaler_fault("Scaler", fields, None):
        said = f"Wrong Arg#1: {scaler_fault('Scaler', fields, None)}."
        assert machine.refusal("scaleSample", fields, [1.0, 1.0]) == said


def test_a_scaler_beside_classes_is_refused_and_changes_nothing(machine: Machine) -> None:
    script = """
    local KNN, network, scaler = ...
    local before = KNN.saveNet(network)
    local _, said = pcall(KNN.setScaler, network, scaler, scaler)
    return said, KNN.saveNet(network) == before
    """
    network = network_of(2, {"classes": ["cat", "dog"]})
    said, is_before = machine.run(script, network.to_table(), TINY.to_fields())
    assert said == said_by_python(network.set_scaler, TINY, TINY)
    assert is_before


def test_a_network_keeps_a_copy_of_its_scaler_and_loses_it_when_it_is_taken_away(machine: Machine) -> None:
    script = """
    local KNN, network, scaler = ...
    KNN.setScaler(network, scaler, scaler)
    scaler.shift[1] = 7
    local kept = network[5].inputScaler.shift[1]
    KNN.setScaler(network, nil, scaler)
    local extras = network[5]
    KNN.setScaler(network)
    return kept, extras, #network
    """
    kept, extras, length = machine.run(script, network_of(2, {}).to_table()[:4], TINY.to_fields())
    assert kept == TINY.shifts[0]
    assert extras == {"targetScaler": {**TINY.to_fields(), "shift": [7.0, 0.0]}}
    assert length == 4


def test_what_hangs_on_an_array_of_extras_goes_into_no_copy(machine: Machine) -> None:
    script = """
    local KNN, first, second, third, scaler = ...
    first[5].inputs.note = first[5].inputs
    scaler.shift.note = scaler
    KNN.setScaler(first, scaler)
    second[5] = first[5]
    KNN.runGenNet({ first, second, third }, { 3, 2, 1 }, false, { keepShare = 0 })
    local scales = first[5].inputScaler
    return KNN.loadNet(KNN.saveNet(third))[5], first[5].inputs.note, third[5].inputs.note, scales.shift.note
    """
    network = network_of(2, {"inputs": ["far", "fast"]})
    plain = network_of(2, {}).to_table()[:4]
    extras, *notes = machine.run(script, network.to_table(), network.to_table(), plain, TINY.to_fields())
    network.set_scaler(TINY)
    assert extras == network.to_table()[4]
    assert [each for each in notes if each is not None] == []


def test_a_string_value_takes_a_scaler_and_its_picture_shows_what_the_layers_see(roblox_machine: Machine) -> None:
    script = """
    local KNN, text, scaler, scaled, sample, inner = ...
    local value = Instance.new("StringValue")
    value.Value = text
    local visual = KNN.getVisual(value)
    local function shown(network, inputs)
        KNN.updateVisualActive(network, visual, inputs, 2)
        local levels = {}
        for layer = 1, 3 do
            levels[layer] = visual.Container["Layer" .. layer].Node1.BackgroundColor3.R
        end
        return levels
    end
    local before = shown(value, inner)
    KNN.setScaler(value, scaler, scaler)
    return before, shown(value, sample), KNN.loadNet(value)[5], KNN.forwardNet(value, sample)
    """
    network = network_of(2, {})
    sample, inner = RAW[0], INPUTS.scale(RAW[0]).tolist()
    text = Network.from_table(network.to_table()[:4]).save()
    before, after, extras, outputs = roblox_machine.run(script, text, INPUTS.to_fields(), None, sample, inner)
    network.set_scaler(INPUTS, INPUTS)
    assert before == after
    assert extras == network.to_table()[4]
    assert outputs == pytest.approx(network.forward(sample).tolist(), rel=1e-14)
