"""Both sides refuse the same arguments, word for word, and change nothing."""

import re
from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from codegen.runtimes import LuaError
from engine import (
    ArgumentError,
    Network,
    Optimizer,
    Random,
    TrainingError,
    approximate_length,
    run_generation,
    save_optimizer,
    save_training,
)
from engine.arguments import check
from engine.formulas.registry import OPTIMIZERS, SCALERS
from engine.interface.functions import FUNCTIONS
from engine.interface.options import GENERATION_OPTIONS
from engine.interface.rules import Parameter
from tests.parity.junk import ANYTHING, INSIDE, NUMBERS, TEXTS, damaged_strings, damaged_tables
from tests.parity.machine import Machine

NETWORK = Network.create(2, 2, 3, 1, seed=1)
RECURRENT = Network.create(2, 2, 3, 1, "Tanh", recurrent=True, seed=1)

# Machines are shared by all examples; no call that is tested here leaves anything in them.
examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def said_by_python(call: Callable[[], object]) -> str | None:
    """The message with which Python refuses a call, or None if it does not."""
    try:
        call()
    except (ArgumentError, TrainingError) as error:
        return str(error)
    return None


def with_defaults(function: str, arguments: tuple[Any, ...]) -> list[Any]:
    """Arguments as Python takes them: nothing, where it may be left out, is the default."""
    parameters = FUNCTIONS[function].parameters
    return [
        given.default if value is None and given.optional else value
        for value, given in zip(arguments, parameters, strict=False)
    ]


def create(*arguments: Any) -> object:
    make: Callable[..., Network] = Network.create
    return make(*with_defaults("createNet", arguments), seed=0)


def length(*arguments: Any) -> object:
    return approximate_length(*with_defaults("getAproxLength", arguments))


SHAPE_VALUES = st.one_of(st.sampled_from([1, 2, 3.0]), ANYTHING)


@pytest.mark.filterwarnings("ignore:.*infinite range")
@examples
@given(
    shape=st.tuples(*[st.one_of(st.sampled_from([1, 2]), st.sampled_from([0, 1.5, -1, 1e7, "2", True]), ANYTHING)] * 4),
    rest=st.tuples(ANYTHING, st.one_of(st.none(), st.booleans(), ANYTHING), ANYTHING),
)
def test_createnet_refuses_the_same(machine: Machine, shape: tuple[Any, ...], rest: tuple[Any, ...]) -> None:
    # Networks that would be made are kept small.
    small = tuple(2 if isinstance(size, float) and 5 < size <= 1e6 and size.is_integer() else size for size in shape)
    arguments = (*small, *rest)
    assert machine.refusal("createNet", *arguments, True) == said_by_python(lambda: create(*arguments))
    arguments = (*shape, *rest[:2])
    assert machine.refusal("getAproxLength", *arguments) == said_by_python(lambda: length(*arguments))


@examples
@given(table=st.one_of(damaged_tables(), INSIDE))
def test_a_network_table_is_refused_for_the_same_fault(machine: Machine, table: Any) -> None:
    expected = said_by_python(lambda: Network.from_table(table))
    alone = ("saveNet", "hardCode", "getNetworkData", "summarizeNet", "resetState", "createFunction")
    for function in (*alone, "forwardNet", "backwardNet"):
        if expected is not None or function in alone:
            assert machine.refusal(function, table) == expected, function


@examples
@given(text=st.one_of(damaged_strings(), TEXTS))
def test_a_network_string_is_refused_for_the_same_fault(machine: Machine, text: str) -> None:
    assert machine.refusal("loadNet", text) == said_by_python(lambda: Network.load(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "nul",
        "[]",
        "{}",
        '{"a":null}',
        '"text"',
        "5",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "0x10",
        "nan",
        "NaN",
        "Infinity",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1]x",
        "[null]",
        '["\\ud83d\\ude00"]',
        '["\\x"]',
        '["\\u12"]',
        '["tab\there"]',
        '["\x7f"]',
        "[" * 99 + "]" * 99,
        "[" * 101 + "]" * 101,
        "[" * 100_000,
        "[1e999,[],false,1]",
        "\ufeff[1]",
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",1]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",null]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,["ReLU","Tanh"]]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{},1]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"b":1,"a":2,"loss":3}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"kinds":"Dense"}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"kinds":["Dense"]}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"kinds":["Dense","dense"]}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"kinds":["Dense","Dense"]}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"kinds":["Dense","Recurrent"]}]',
        '[1,[[[[1,2]],[0],[0]],[[[3]],[0]]],false,"ReLU",{"kinds":["Recurrent","Dense"]}]',
        '[2,[[[[1,2]],[0],[0]],[[[3]],[0]]],false,"ReLU",{"kinds":["Recurrent","Dense"]}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":"Loss"}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":{}}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":[]}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":{"name":"Loss","b":1}}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":{"name":"BinaryCrossEntropy","b":1,"a":2}}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":{"name":"BinaryCrossEntropy","smoothing":[]}}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":{"smoothing":0,"name":"BinaryCrossEntropy"}}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":{"smoothing":0.5,"name":"BinaryCrossEntropy"}}]',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"ReLU",{"loss":"HalfSquaredError","kinds":["Dense","Dense"]}]',
        ' [ 2 , [[[[1,2]],[0]],[[[3]],[0]]] , false , "ReLU" ] \n',
        '[2,[[[[1,2]],[0]],[[[3]],[0]]],false,"\\u0052eLU"]',
    ],
    ids=lambda text: text[:30],
)
def test_strings_are_json_for_both_or_for_neither(machine: Machine, text: str) -> None:
    assert machine.refusal("loadNet", text) == said_by_python(lambda: Network.load(text))


@examples
@given(values=st.one_of(st.lists(st.one_of(NUMBERS, INSIDE), max_size=3), ANYTHING))
@example(values=["{index} {got}", 1.0])
def test_forwardnet_refuses_the_same_inputs(machine: Machine, values: Any) -> None:
    # In Python an array of arrays is a batch; Lua has none.
    if not (isinstance(values, list) and values and isinstance(values[0], list)):
        expected = said_by_python(lambda: NETWORK.forward(values))
        assert machine.refusal("forwardNet", NETWORK.to_table(), values) == expected


@examples
@given(
    rate=st.one_of(st.just(0.1), NUMBERS, ANYTHING),
    inputs=st.one_of(st.just([1.0, 2.0]), st.lists(NUMBERS, max_size=3), ANYTHING),
    target=st.one_of(st.just([1.0]), st.lists(NUMBERS, max_size=2), ANYTHING),
)
def test_backwardnet_refuses_the_same_and_changes_nothing(
    machine: Machine, rate: Any, inputs: Any, target: Any
) -> None:
    network = RECURRENT.copy()
    expected = said_by_python(lambda: network.copy().backward(rate, inputs, target))
    script = """
    local KNN, text, rate, inputs, target = ...
    local network = KNN.loadNet(text)
    local taken, message = pcall(KNN.backwardNet, network, rate, inputs, target)
    return taken, message, not taken and KNN.saveNet(network)
    """
    taken, message, text = machine.run(script, network.save(), rate, inputs, target)
    assert (None if taken else message) == expected
    if not taken:
        assert text == network.save()


NUMBER_ROWS = st.lists(
    st.one_of(st.just([1.0, 2.0]), st.just([1.0]), st.lists(NUMBERS, max_size=3), INSIDE), max_size=3
)


@examples
@given(
    samples=st.one_of(st.just([[1.0, 2.0], [3.0, 4.0]]), NUMBER_ROWS, ANYTHING),
    targets=st.one_of(st.just([[1.0], [0.0]]), NUMBER_ROWS, ANYTHING),
    rate=st.one_of(st.just(0.1), NUMBERS, ANYTHING),
)
@example(samples=[[1.0, 2.0], [1.0, 2.0, 3.0]], targets=[[1.0]], rate=0.1)
@example(samples=[[1.0, 2.0]], targets=[[1.0], [2.0]], rate=0.1)
@example(samples=[[1.0, 2.0]], targets=[[1.0, 2.0]], rate=0.1)
@example(samples=[], targets=[], rate=0.1)
@example(samples=[[1.0, 2.0]], targets=[], rate=0.1)
def test_samples_and_targets_are_refused_the_same_and_nothing_changes(
    machine: Machine, samples: Any, targets: Any, rate: Any
) -> None:
    def check_all() -> None:
        check("trainNet", "samples", samples, count=2)
        check("trainNet", "targets", targets, count=1, samples=len(samples))
        check("trainNet", "rate", rate)

    script = """
    local KNN, text, samples, targets, rate = ...
    local network = KNN.loadNet(text)
    local taken, message = pcall(KNN.trainNet, network, samples, targets, rate)
    return taken, message, not taken and KNN.saveNet(network)
    """
    expected = said_by_python(check_all)
    taken, message, text = machine.run(script, RECURRENT.save(), samples, targets, rate)
    assert (None if taken else message) == expected
    if not taken:
        assert text == RECURRENT.save()
    expected = said_by_python(lambda: check("forwardBatch", "samples", samples, count=2))
    assert machine.refusal("forwardBatch", NETWORK.to_table(), samples) == expected
    assert machine.refusal("createBatch", samples) == said_by_python(lambda: check("createBatch", "samples", samples))


OPTION_FAULTS: list[tuple[dict[str, object], str]] = [
    ({"epochs": 0}, "Options.epochs must be an integer from 1 to 10000000, got 0."),
    ({"epochs": 1.5}, "Options.epochs must be an integer from 1 to 10000000, got 1.5."),
    ({"shuffle": 1}, "Options.shuffle must be true or false, got 1."),
    ({"frameBudget": 0}, "Options.frameBudget must be a finite number above 0, got 0."),
    (
        {"frameBudget": "1"},
        'Options.frameBudget must be a finite number above 0, got "1" (text: tonumber makes a number of it).',
    ),
    ({"onEpoch": 3}, "Options.onEpoch must be a function, got 3."),
    ({"onEpoch": False}, "Options.onEpoch must be a function, got false."),
    ({"f32": "yes"}, 'Options.f32 must be true or false, got "yes".'),
    ({"layout": "table"}, 'Options.layout must be one of auto, tables, buffers, got "table" (did you mean tables?).'),
    ({"layout": 1}, "Options.layout must be one of auto, tables, buffers, got 1."),
    (
        {"epoch": 1},
        (
            "Options must have nothing but epochs, shuffle, batchSize, validation, validationShare, patience, "
            "targetLoss, timeLimit, sampleWeights, classWeights, metrics, seed, resume, frameBudget, onEpoch, f32, "
            'layout, got "epoch" (did you mean epochs?).'
        ),
    ),
]


@pytest.mark.parametrize(("options", "fault"), OPTION_FAULTS, ids=str)
def test_a_bad_option_of_training_is_refused(machine: Machine, options: dict[str, object], fault: str) -> None:
    message = machine.refusal("trainNet", NETWORK.to_table(), [[1.0, 2.0]], [[1.0]], 0.1, options)
    assert message == f"Wrong Arg#5: {fault}"


@examples
@given(
    scores=st.one_of(st.lists(NUMBERS, min_size=1, max_size=4), ANYTHING),
    options=st.one_of(
        st.none(),
        ANYTHING,
        st.fixed_dictionaries(
            {}, optional={option.python: st.one_of(NUMBERS, ANYTHING) for option in GENERATION_OPTIONS.fields}
        ),
    ),
    count=st.integers(0, 4),
)
@example(scores=[1.0, 2.0], options=False, count=2)
def test_rungennet_refuses_the_same_and_changes_nothing(
    machine: Machine, scores: Any, options: Any, count: int
) -> None:
    networks = [Network.create(1, 1, 2, 1, seed=seed) for seed in range(count)]
    texts = [network.save() for network in networks]
    expected = said_by_python(lambda: run_generation(networks, scores, options, Random(0)))
    names = {option.python: option.name for option in GENERATION_OPTIONS.fields}
    # Options are named as each language names things.
    for python, luau in names.items():
        expected = expected and expected.replace(python, luau)
    if isinstance(options, dict):
        options = {names.get(key, key): value for key, value in options.items() if value is not None}
    script = """
    local KNN, texts, scores, options = ...
    local networks = {}
    for index, text in ipairs(texts) do
        networks[index] = KNN.loadNet(text)
    end
    local taken, message = pcall(KNN.runGenNet, networks, scores, false, options)
    for index, network in ipairs(networks) do
        texts[index] = KNN.saveNet(network)
    end
    return taken, message, texts
    """
    taken, message, after = machine.run(script, texts, scores, options)
    assert (None if taken else message) == expected
    if not taken:
        assert after == texts


def test_generations_refuse_the_same_networks(machine: Machine) -> None:
    one, other = Network.create(1, 1, 2, 1, seed=1), Network.create(1, 1, 3, 1, seed=1)
    expected = [
        said_by_python(lambda: run_generation([one, one], [1, 2])),
        said_by_python(lambda: run_generation([one, copy(one)], [1, 2])),
        said_by_python(lambda: run_generation([one, one.copy(), other], [1, 2, 3])),
    ]
    assert None not in expected
    script = """
    local KNN, text, wider = ...
    local one = KNN.loadNet(text)
    local _, same = pcall(KNN.runGenNet, { one, one }, { 1, 2 })
    local shallow = { one[1], one[2], one[3], one[4] }
    local _, clone = pcall(KNN.runGenNet, { one, shallow }, { 1, 2 })
    local _, shape = pcall(KNN.runGenNet, { one, KNN.loadNet(text), KNN.loadNet(wider) }, { 1, 2, 3 })
    return same, clone, shape
    """
    assert machine.run(script, one.save(), other.save()) == expected


@examples
@given(seed=st.one_of(st.sampled_from([0, 2**32 - 1, 2**32, -1, 0.5]), ANYTHING))
def test_setseed_refuses_the_same(machine: Machine, seed: Any) -> None:
    if seed is not None:
        assert machine.refusal("setSeed", seed) == said_by_python(lambda: Random(seed))
    else:
        assert (
            machine.refusal("setSeed", None)
            == "Wrong Arg#1: Seed must be an integer from 0 to 4294967295, got nothing."
        )


@pytest.mark.share(2)
@pytest.mark.parametrize(
    ("function", "parameter"),
    [(name, parameter) for name, function in FUNCTIONS.items() for parameter in function.parameters],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_every_argument_of_every_function_is_checked(
    roblox_machine: Machine, function: str, parameter: Parameter
) -> None:
    """A function is nothing that any argument may be."""
    right: dict[str, object] = {
        "folder": roblox_machine.keep("return Instance.new('Folder')"),
        "network": (Network.create(2, 1, 2, 2, seed=1) if function == "classifyNet" else NETWORK).to_table(),
        "networks": [NETWORK.to_table(), NETWORK.copy().to_table()],
        "visual": roblox_machine.keep("local KNN, network = ... return KNN.getVisual(network)", NETWORK.to_table()),
        "inputs": [1.0, 2.0] if function in ("forwardNet", "classifyNet", "updateVisualActive") else 2,
        "input": [1.0, 2.0],
        "target": [1.0],
        "samples": [[1.0, 2.0], [3.0, 4.0]],
        "targets": [[1.0], [0.0]],
        "rate": 0.1,
        "scores": [1.0, 2.0],
        "text": NETWORK.save(),
        "hiddenL": 1,
        "hiddenN": 1,
        "outputs": 1,
        "networkCount": 2,
        "description": {"inputs": 2, "layers": [{"nodes": 1}]},
        "seed": 1,
        "name": next(iter(OPTIMIZERS)),
        "optimizer": roblox_machine.keep(
            "local KNN, name = ... return KNN.createOptimizer(name)", next(iter(OPTIMIZERS))
        ),
    }
    scaler = {"name": "MinMax", "shift": [0.0, 1.0], "scale": [1.0, 2.0]}
    right |= {"scaler": scaler, "sample": [1.0, 2.0], "inputScaler": scaler}
    if function == "createScaler":
        right["name"] = next(iter(SCALERS))
    if function == "loadOptimizer":
        right["text"] = save_optimizer(Optimizer(next(iter(OPTIMIZERS))))
    if function in ("saveTraining", "loadTraining"):
        trained = Network.create(2, 1, 1, 1, seed=1)
        trained.train([[1.0, 2.0]], [[1.0]], 0.1)
        right["text"] = save_training(trained, 0.1)
        script = "local KNN, it = ... KNN.trainNet(it, { { 1, 2 } }, { { 1 } }, 0.1) return it"
        right["network"] = roblox_machine.keep(script, trained.to_table())
    names = [each.name for each in FUNCTIONS[function].parameters]
    arguments = [right.get(name) for name in names]
    assert roblox_machine.refusal(function, *arguments) is None
    position = names.index(parameter.name)
    message = roblox_machine.refusal(function, *arguments[:position], len, *arguments[position + 1 :])
    assert message is not None
    assert message.startswith(f"Wrong Arg#{position + 1}: {parameter.label} must ")
    assert message.endswith(", got a function.")


def test_errors_name_the_line_of_the_caller(machine: Machine) -> None:
    arguments = {
        "createNet": "0, 1, 1, 1",
        "createNetwork": "{}",
        "forwardNet": "network, {}",
        "classifyNet": "network, {}",
        "backwardNet": "network, 1, {}, {}",
        "runGenNet": "{}, {}",
        "saveNet": "1",
        "loadNet": "1",
        "hardCode": "1",
        "getAproxLength": "0",
        "getNetworkData": "1",
        "summarizeNet": "1",
        "resetState": "1",
        "getVisual": "1",
        "updateVisualState": "network, 1",
        "updateVisualActive": "network, 1",
        "setSeed": "-1",
        "createGenNet": "1",
        "createBatch": "{}",
        "createFunction": "1",
        "createOptimizer": "1",
        "saveOptimizer": "1",
        "loadOptimizer": "1",
        "saveTraining": "network, 0.1",
        "loadTraining": "1",
        "createScaler": "{ { 1 } }, 1",
        "setScaler": "network, {}",
        "scaleSample": "1",
        "unscaleSample": "1",
        "forwardBatch": "network, {}",
        "trainNet": "network, { { 1 } }, { { 1 } }, 1, { epochs = 0 }",
        "evaluateNet": "network, {}, {}",
    }
    assert arguments.keys() == FUNCTIONS.keys()
    for function, wrong in arguments.items():
        script = f"local KNN = ...\nlocal network = KNN.createNet(1, 1, 1, 1)\n\nKNN.{function}({wrong})\n"
        with pytest.raises(LuaError, match="Wrong Arg#") as caught:
            machine.run(script)
        assert caught.value.position == "script:4", function


_OPTIONS = """
local KNN, network, which = ...
local given = {
    inherited = setmetatable({}, { __index = { epochs = 3 } }),
    unknown = setmetatable({ epoch = 5 }, { __index = { epochs = 3 } }),
    strict = setmetatable({ epochs = 2 }, { __index = function(_, name) error("no field " .. name, 0) end }),
}
return pcall(function()
    return #KNN.trainNet(network, { { 1, 0 } }, { { 1 } }, 0.1, given[which])
end)
"""


@pytest.mark.parametrize(("which", "epochs"), [("inherited", 1), ("strict", 2)])
def test_only_options_that_were_given_count(machine: Machine, which: str, epochs: int) -> None:
    assert machine.run(_OPTIONS, Network.create(2, 1, 2, 1, seed=1).to_table(), which) == [True, epochs]


def test_an_unknown_option_is_refused_whatever_its_metatable_adds(machine: Machine) -> None:
    done, text = machine.run(_OPTIONS, Network.create(2, 1, 2, 1, seed=1).to_table(), "unknown")
    assert not done
    assert text.endswith('got "epoch" (did you mean epochs?).')


@pytest.mark.parametrize("inputs", ["{ 1 }", "print", "true", "0 / 0"])
def test_a_known_network_whose_number_of_inputs_is_none_any_more_is_named(machine: Machine, inputs: str) -> None:
    script = f"""
    local KNN = ...
    local network = KNN.createNet(2, 1, 2, 1)
    KNN.forwardNet(network, {{ 1, 2 }})
    network[1] = {inputs}
    local _, forward = pcall(KNN.forwardNet, network, {{ 1, 2 }})
    local _, backward = pcall(KNN.backwardNet, network, 0.1, {{ 1, 2 }}, {{ 1 }})
    return forward, backward
    """
    for text in machine.run(script):
        assert re.search(r"Wrong Arg#1: Network\[1\] must be an integer from 1 to 1000000, got .*\.$", text)


def test_sentences_stay_whole_when_the_list_of_activations_is_changed(roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    pcall(function()
        KNN.ACTIVATORS[5] = {}
    end)
    return (select(2, pcall(KNN.createNet, 1, 1, 1, 1, "x")))
    """
    (text,) = roblox_machine.run(script)
    assert text.endswith('got "x".')
