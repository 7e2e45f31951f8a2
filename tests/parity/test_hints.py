"""What to do about a fault, where an error can tell: the same words in Python and in every runtime."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from engine import Network, Optimizer, Scaler, load_optimizer, load_training, run_generation
from engine.formulas.registry import OPTIMIZERS
from engine.interface.options import OPTIMIZER_OPTIONS
from tests.parity.machine import Machine
from tests.parity.messages import NETWORK, said_by_lua
from tests.parity.test_errors import said_by_python

SAMPLES: Any = [[1.0, 2.0], [3.0, 4.0]]
LUA_SAMPLES = "{ { 1, 2 }, { 3, 4 } }"
TRAIN = f"KNN.trainNet, network, {LUA_SAMPLES}, {{ {{ 1 }}, {{ 0 }} }}, "
RATE = "Wrong Arg#4: Learning rate must be a finite number of at least 0, or an optimizer made by createOptimizer or "
NETWORK_RULE = "Network must be a network table or a StringValue that holds a network string, got "


def train(rate: Any) -> Callable[[], object]:
    return lambda: NETWORK.copy().train(SAMPLES, [[1.0], [0.0]], rate)


def line() -> Network:
    """A network of one input."""
    return Network.create(1, 1, 2, 1, seed=1)


# A call in Lua, the same in Python, and what both say.
HINTS: dict[str, tuple[str, Callable[[], object], str]] = {
    "a target is an array": (
        f"KNN.trainNet, network, {LUA_SAMPLES}, {{ 1, 0 }}, 0.1",
        lambda: NETWORK.copy().train(SAMPLES, cast(Any, [1.0, 0.0]), 0.1),
        "Wrong Arg#3: Targets[1] must be in an array of 1 number, got the number 1 (in an array: { 1 }).",
    ),
    "a single input, too": (
        "KNN.forwardNet, KNN.createNet(1, 1, 2, 1), -0.5",
        lambda: line().forward(-0.5),
        "Wrong Arg#2: Inputs must be in an array of 1 number, got the number -0.5 (in an array: { -0.5 }).",
    ),
    "not where more numbers are wanted": (
        "KNN.forwardNet, network, 1",
        lambda: NETWORK.forward(1.0),
        "Wrong Arg#2: Inputs must be in an array of 2 numbers, got the number 1.",
    ),
    "what is scaled": (
        "KNN.createScaler, { 3, 4 }, 'Standard'",
        lambda: Scaler.fit(cast(Any, [3.0, 4.0]), "Standard"),
        "got the number 3 (in an array: { 3 }).",
    ),
    "how many are no number": (
        "KNN.forwardNet, network, { 1 }",
        lambda: NETWORK.forward([1.0]),
        "Wrong Arg#2: Inputs must be in an array of 2 numbers, got an array of 1.",
    ),
    "options for a rate": (
        TRAIN + "{ rate = 0.1, epochs = 10 }",
        train({"rate": 0.1, "epochs": 10}),
        RATE + "loadOptimizer, got a dictionary (a rate stands alone).",
    ),
    "an array for a rate": (
        TRAIN + "{ 0.1 }",
        train([0.1]),
        RATE + "loadOptimizer, got an array of 1 (a rate stands alone).",
    ),
    "the name of an optimizer": (
        TRAIN + "'Adam'",
        train("Adam"),
        RATE + 'loadOptimizer, got "Adam" (createOptimizer makes one).',
    ),
    "another word": (TRAIN + "'Fast'", train("Fast"), RATE + 'loadOptimizer, got "Fast".'),
    "a share for options": (
        "KNN.runGenNet, { network, KNN.loadNet(KNN.saveNet(network)) }, { 1, 2 }, false, 0.5",
        lambda: run_generation([NETWORK.copy(), NETWORK.copy()], [1, 2], cast(Any, 0.5)),
        "Wrong Arg#4: Options must be a table of options, got 0.5 (did you mean { keepShare = 0.5 }?).",
    ),
    "what is no share": (
        "KNN.runGenNet, { network, KNN.loadNet(KNN.saveNet(network)) }, { 1, 2 }, false, 5",
        lambda: run_generation([NETWORK.copy(), NETWORK.copy()], [1, 2], cast(Any, 5)),
        "Wrong Arg#4: Options must be a table of options, got 5.",
    ),
    "a network to be loaded": (
        "KNN.loadNet, network",
        lambda: Network.load(cast(Any, NETWORK)),
        "Wrong Arg#1: String must be a network string made by saveNet, got a network (loaded already).",
    ),
    "its table": (
        "KNN.loadTraining, network",
        lambda: load_training(cast(Any, NETWORK.to_table())),
        "Wrong Arg#1: String must be a training string made by saveTraining, got a network (loaded already).",
    ),
    "another table": (
        "KNN.loadNet, { 1, 2 }",
        lambda: Network.load(cast(Any, [1, 2])),
        "Wrong Arg#1: String must be a network string made by saveNet, got an array of 2.",
    ),
    "nothing is saved": (
        "KNN.loadNet, nil",
        lambda: Network.load(cast(Any, None)),
        "Wrong Arg#1: String must be a network string made by saveNet, got nothing (not saved yet? begin anew).",
    ),
    "no optimizer either": (
        "KNN.loadOptimizer, nil",
        lambda: load_optimizer(cast(Any, None)),
        "must be an optimizer string made by saveOptimizer, got nothing (not saved yet? begin anew).",
    ),
    "a whole generation": (
        "KNN.saveNet, { network, network }",
        lambda: Network.from_table([NETWORK.to_table(), NETWORK.to_table()]),
        f"Wrong Arg#1: {NETWORK_RULE}an array with a network (give that).",
    ),
    "what only looks like one": (
        "KNN.saveNet, { { 2, {} } }",
        lambda: Network.from_table([[2, []]]),
        "Wrong Arg#1: Network[1] must be an integer from 1 to 1000000, got an array of 2.",
    ),
    "an activation of other libraries": (
        "KNN.createNetwork, { inputs = 1, layers = { { nodes = 1, activator = 'linear' } } }",
        lambda: Network.build(inputs=1, layers=[{"nodes": 1, "activator": "linear"}]),
        'got "linear" (did you mean Identity?).',
    ),
    "where SELU is nearer": (
        "KNN.createNet, 1, 1, 2, 1, 'silu'",
        lambda: Network.create(1, 1, 2, 1, "silu"),
        'got "silu" (did you mean Swish?).',
    ),
}


@pytest.mark.parametrize("case", HINTS)
def test_both_say_what_to_do(machine: Machine, case: str) -> None:
    lua, python, expected = HINTS[case]
    (message,) = said_by_lua(machine, b"", [lua])
    assert message is not None
    assert message.endswith(expected)
    assert (said_by_python(python) or "").replace("keep_share", "keepShare") == message


def test_a_whole_generation_is_no_network_wherever_one_is_taken(machine: Machine) -> None:
    rule = "got an array with a network (give that)."
    calls = ["KNN.forwardNet, { network, network }, { 1, 2 }", "KNN.runGenNet, { { network }, network }, { 1, 2 }"]
    assert [str(each).endswith(rule) for each in said_by_lua(machine, b"", calls)] == [True, True]
    # What lies in itself has no end.
    script = """
    local KNN = ...
    local ring = {}
    ring[1] = ring
    return select(2, pcall(KNN.saveNet, ring))
    """
    said = "Wrong Arg#1: Network[1] must be an integer from 1 to 1000000, got an array of 1."
    assert machine.run(script) == [said]


def test_numbers_in_place_of_options_are_understood(machine: Machine) -> None:
    rule = "Options must be a table of options, got "
    calls = [TRAIN + "0.1, 100", TRAIN + "0.1, 0.5", "KNN.createOptimizer, 'Adam', 0.01", "KNN.saveNet, network, 32"]
    assert said_by_lua(machine, b"", calls) == [
        f"Wrong Arg#5: {rule}100 (did you mean {{ epochs = 100 }}?).",
        f"Wrong Arg#5: {rule}0.5.",
        f"Wrong Arg#2: {rule}0.01 (did you mean {{ rate = 0.01 }}?).",
        f"Wrong Arg#2: {rule}32.",
    ]


def test_a_rate_by_the_name_of_other_libraries(machine: Machine) -> None:
    calls = [f"KNN.createOptimizer, 'SGD', {{ {name} = 0.1 }}" for name in ("learningRate", "learning_rate")]
    common = ", ".join(each.name for each in OPTIMIZER_OPTIONS.common)
    assert said_by_lua(machine, b"", calls) == [
        f'Wrong Arg#2: Options must have nothing but rate, {common}, got "{name}" (did you mean rate?).'
        for name in ("learningRate", "learning_rate")
    ]


def test_a_recurrent_network_takes_its_samples_in_their_order(machine: Machine) -> None:
    rule = "must be left out for a recurrent network, whose samples follow one another in time, got"
    recurrent = f"KNN.trainNet, KNN.createNet(2, 1, 3, 1, 'Tanh', true), {LUA_SAMPLES}, {{ {{ 1 }}, {{ 0 }} }}, 0.1, "
    options = ["{ shuffle = true }", "{ shuffle = true, batchSize = 2 }", "{ shuffle = false, batchSize = 1 }"]
    assert said_by_lua(machine, b"", [recurrent + each for each in options]) == [
        f"Wrong Arg#5: Options.shuffle {rule} true.",
        f"Wrong Arg#5: Options.batchSize {rule} 2.",
        None,
    ]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("options", [0.01, {"rate": 0.01}, None])
def test_python_takes_settings_of_optimizers_by_their_names(name: str, options: Any) -> None:
    got = {float: "0.01", dict: "a dictionary"}.get(type(options), "nothing")
    message = said_by_python(lambda: Optimizer(name, options))
    assert message == f"Wrong Arg#2: Options must be given by their names, as in rate=0.1, got {got}."
