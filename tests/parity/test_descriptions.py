"""Networks that are described: the same ones, or the same refusal, in both languages."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import ACTIVATIONS, ArgumentError, Network, Random
from engine.formulas.registry import ALL_ACTIVATIONS, INITIALIZERS
from engine.interface.options import LAYER_DESCRIPTION, NETWORK_DESCRIPTION
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import losses
from tests.parity.machine import Machine

pytestmark = pytest.mark.filterwarnings("ignore:.* has an infinite range")
examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)

NAMES = st.lists(st.sampled_from(["a", "speed", "distance to wall", "é"]), min_size=1, max_size=3, unique=True)
LAYER = st.fixed_dictionaries(
    {"nodes": st.integers(1, 4)},
    optional={
        "activator": st.sampled_from(list(ACTIVATIONS)),
        "initializer": st.sampled_from(list(INITIALIZERS)),
        "bias": st.sampled_from([0.5, -1.0, 0.0]),
        "dropout": st.sampled_from([0.0, 0.5]),
        "kind": st.sampled_from(list(LAYER_KINDS)),
    },
)
# What fits nowhere, and what fits somewhere else.
WRONG = st.sampled_from(
    [0, -1, 2.5, "3", "", "relu", "softmax", True, [], [1], ["a", "a"], [""], {"nodes": 1}, "Softmax", 1e300, "SGD"]
)
FIELDS = [each.name for each in (*NETWORK_DESCRIPTION.fields, *LAYER_DESCRIPTION.fields)] + ["node", "Layers", "size"]


@st.composite
def descriptions(draw: st.DrawFn) -> dict[str, Any]:
    """What describes a network."""
    layers: list[dict[str, Any]] = draw(st.lists(LAYER, min_size=1, max_size=3))
    description: dict[str, Any] = {"inputs": draw(st.integers(1, 4) | NAMES), "layers": layers, "seed": 5}
    layers[-1].pop("dropout", None)
    named = draw(st.sampled_from(["", "outputs", "classes"]))
    if named:
        description[named] = draw(NAMES.filter(lambda names: named == "outputs" or len(names) > 1))
        layers[-1]["nodes"] = len(description[named])
        if draw(st.booleans()):
            del layers[-1]["nodes"]
    if draw(st.booleans()):
        layers[-1]["activator"] = draw(st.sampled_from(list(ALL_ACTIVATIONS)))
    if draw(st.booleans()):
        description["loss"] = draw(losses())
    return description


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """What describes a network no more, perhaps."""
    description = draw(descriptions())
    for _ in range(draw(st.integers(1, 2))):
        layers = description.get("layers")
        inside = [each for each in layers if isinstance(each, dict)] if isinstance(layers, list) else []
        place = draw(st.sampled_from([description, *inside]))
        name = draw(st.sampled_from([*place, *FIELDS]))
        if name in place and draw(st.booleans()):
            del place[name]
        else:
            place[name] = draw(WRONG)
    return {"seed": 5, **description}


def built(description: dict[str, Any]) -> str:
    """The string of the network in Python, or what it says instead."""
    try:
        return Network.build(**description).save()
    except ArgumentError as error:
        return str(error)


def of_lua(machine: Machine, description: dict[str, Any]) -> str:
    script = """
    local KNN, description = ...
    local done, result = pcall(KNN.createNetwork, description)
    return done and KNN.saveNet(result) or result
    """
    (text,) = machine.run(script, description)
    return str(text)


@examples
@given(descriptions())
def test_a_description_makes_the_same_network_in_both_languages(machine: Machine, description: dict[str, Any]) -> None:
    text = built(description)
    assert of_lua(machine, description) == text
    assert Network.load(text).save() == text


@examples
@given(damaged())
def test_what_is_no_description_is_refused_in_the_same_words(machine: Machine, description: dict[str, Any]) -> None:
    known = [each.name for each in NETWORK_DESCRIPTION.fields]
    if all(name in known for name in description) and {"inputs", "layers"} <= description.keys():
        assert of_lua(machine, description) == built(description)
    else:
        assert of_lua(machine, description).startswith("Wrong Arg#1: Description")


PLACE = "Wrong Arg#1: Description"
HIDDEN = f"{PLACE}.layers[1].activator must be one of {', '.join(ACTIVATIONS)} (the output layer may also have Softmax)"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no inputs": ({"inputs": 0}, f"{PLACE}.inputs must be an integer from 1 to 1000000, or an array of names, got 0."),
    "twins": (
        {"inputs": ["a", "a"]},
        (
            f"{PLACE}.inputs must be an array of 2 different names of 1 to 40 bytes without quotes, backslashes and "
            'control characters, got "a" as number 1 and as number 2.'
        ),
    ),
    "no layers": (
        {"layers": []},
        f"{PLACE}.layers must be an array of 1 to 10001 layers, output layer last, got an empty table.",
    ),
    "a number as a layer": (
        {"layers": [3, {"nodes": 1}]},
        f"{PLACE}.layers[1] must be a dictionary that describes a layer, got 3.",
    ),
    "a misspelt field": (
        {"layers": [{"node": 3}]},
        (
            f"{PLACE}.layers[1] must have nothing but nodes, activator, initializer, bias, dropout, kind, "
            'got "node" (did you mean nodes?).'
        ),
    ),
    "a hidden layer without nodes": (
        {"layers": [{}, {"nodes": 1}]},
        f"{PLACE}.layers[1].nodes must be an integer from 1 to 1000000, got nothing.",
    ),
    "an output layer without nodes": (
        {"layers": [{}]},
        f"{PLACE}.layers[1].nodes must be an integer from 1 to 1000000, got nothing.",
    ),
    "Softmax inside": (
        {"layers": [{"nodes": 2, "activator": "Softmax"}, {"nodes": 2}]},
        f'{HIDDEN}, got "Softmax".',
    ),
    "all left out": (
        {"layers": [{"nodes": 3, "dropout": 1}, {"nodes": 1}]},
        f"{PLACE}.layers[1].dropout must be a number of at least 0 and below 1, got 1.",
    ),
    "outputs left out": (
        {"layers": [{"nodes": 3, "dropout": 0.5}, {"nodes": 1, "dropout": 0.25}]},
        f"{PLACE}.layers[2].dropout must be left out or 0 in the output layer, got 0.25.",
    ),
    "outputs and classes": (
        {"outputs": ["a"], "classes": ["b", "c"]},
        f"{PLACE}.outputs must be left out where there are classes, got an array of 1.",
    ),
    "one class": (
        {"classes": ["b"]},
        f"{PLACE}.classes must be an array of at least 2 names, got an array of 1.",
    ),
    "Softmax, nearly": (
        {"layers": [{"nodes": 2, "activator": "Sofmax"}, {"nodes": 2}]},
        f'{HIDDEN}, got "Sofmax".',
    ),
    "too many nodes": (
        {"classes": ["a", "b"]},
        f"{PLACE}.layers[1].nodes must be 2, as many as there are classes, got 3.",
    ),
    "too large": (
        {"inputs": 1000000, "layers": [{"nodes": 1000000}]},
        f"{PLACE}.layers must make at most 20000000 weights and biases, got 1000001000000.",
    ),
    "a seed too large": ({"seed": 2**32}, f"{PLACE}.seed must be an integer from 0 to 4294967295, got 4294967296."),
}


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED)
def test_it_says_what_is_wrong(machine: Machine, change: dict[str, Any], sentence: str) -> None:
    description = {"inputs": 2, "layers": [{"nodes": 3}], "seed": 1, **change}
    assert built(description) == sentence
    assert of_lua(machine, description) == sentence


@pytest.mark.parametrize("wrong", ["5", "nil", '"net"', "{ 1 }", "KNN.createNet(1, 1, 1, 1)"])
def test_what_is_no_dictionary_is_refused(machine: Machine, wrong: str) -> None:
    script = f"local KNN = ... return (select(2, pcall(KNN.createNetwork, {wrong})))"
    (message,) = machine.run(script)
    assert message.startswith(f"{PLACE} must be a dictionary that describes a network, got ")


def test_a_seed_leaves_the_librarys_numbers_alone(machine: Machine) -> None:
    script = """
    local KNN = ...
    local description = { inputs = 2, layers = { { nodes = 3 } } }
    KNN.setSeed(3)
    local first = KNN.saveNet(KNN.createNetwork(description))
    KNN.setSeed(3)
    description.seed = 8
    KNN.createNetwork(description)
    description.seed = nil
    return first, KNN.saveNet(KNN.createNetwork(description))
    """
    first, second = machine.run(script)
    assert first == second == Network.build(inputs=2, layers=[{"nodes": 3}], seed=3).save()


def test_a_plain_description_makes_a_plain_network(machine: Machine) -> None:
    description = {"inputs": 2, "layers": [{"nodes": 3}, {"nodes": 1}], "seed": 4}
    text = built(description)
    assert of_lua(machine, description) == text
    assert Network.load(text).to_table()[3:] == [["LeakyReLU", "Identity"]]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_weights_have_the_spread_of_their_initializer(name: str) -> None:
    fan_in, fan_out = 40, 60
    variances = {
        "HeUniform": 2 / fan_in,
        "HeNormal": 2 / fan_in,
        "XavierUniform": 2 / (fan_in + fan_out),
        "XavierNormal": 2 / (fan_in + fan_out),
        "LeCunUniform": 1 / fan_in,
        "LeCunNormal": 1 / fan_in,
        "Zeros": 0.0,
    }
    network = Network.build(inputs=fan_in, layers=[{"nodes": fan_out, "initializer": name}], seed=1)
    weights = network.layers[0].weights
    # 2400 numbers: their variance is off by less than 3 % as a rule.
    assert np.var(weights) == pytest.approx(variances[name], rel=0.1)
    assert abs(np.mean(weights)) < 0.1 * np.sqrt(variances[name]) + 1e-12
    widest = np.abs(weights).max()
    if "Uniform" in name:
        assert widest <= np.sqrt(3 * variances[name])
    elif "Normal" in name:
        assert 3 * np.sqrt(variances[name]) < widest < 6 * np.sqrt(variances[name])


def test_a_normal_number_is_made_of_twelve_uniform_ones() -> None:
    one, other = Random(9), Random(9)
    total = 0.0
    for _ in range(12):
        total += other.uniform()
    assert one.normal() == total - 6
    assert one.uniform() == other.uniform()


@pytest.mark.parametrize(
    ("activator", "name"), [("ReLU", "HeUniform"), ("SELU", "LeCunNormal"), ("Tanh", "XavierUniform")]
)
def test_the_initializer_suits_the_activation(activator: str, name: str) -> None:
    layers = [{"nodes": 5, "activator": activator}, {"nodes": 2, "activator": "Identity", "initializer": "Zeros"}]
    named = [{**layers[0], "initializer": name}, layers[1]]
    assert Network.build(inputs=3, layers=layers, seed=6).save() == Network.build(inputs=3, layers=named, seed=6).save()


def test_every_part_of_a_description_is_in_the_network() -> None:
    network = Network.build(
        inputs=["a", "b"],
        layers=[{"nodes": 3, "activator": "Tanh", "bias": 0.25, "kind": "Elman"}, {}],
        classes=["cat", "dog"],
        seed=1,
    )
    assert network.shape == "2-3-2 Tanh/Softmax Elman/Dense"
    assert network.extras.inputs == ("a", "b")
    assert network.extras.classes == ("cat", "dog")
    assert network.layers[0].biases.tolist() == [0.25] * 3
    assert network.layers[1].biases.tolist() == [0.0] * 2


def test_one_layer_will_do(machine: Machine) -> None:
    network = Network.build(inputs=2, layers=[{"nodes": 1, "activator": "Sigmoid"}], seed=2)
    script = """
    local KNN, text = ...
    local network = KNN.loadNet(text)
    local before = KNN.forwardNet(network, { 0.5, -1 })[1]
    KNN.backwardNet(network, 0.5, { 0.5, -1 }, { 1 })
    local losses = KNN.trainNet(network, { { 1, 0 }, { 0, 1 } }, { { 1 }, { 0 } }, 0.5, { epochs = 3 })
    local inputs, hiddenL, hiddenN, outputs = KNN.getNetworkData(network)
    local other = KNN.loadNet(KNN.saveNet(network))
    local best = KNN.runGenNet({ network, other }, { 2, 1 })
    return before, losses, { inputs, hiddenL, hiddenN, outputs }, best, KNN.forwardBatch(network, { { 0.5, -1 } })[1][1]
    """
    before, losses, data, best, after = machine.run(script, network.save())
    assert before == pytest.approx(network.forward([0.5, -1.0])[0], abs=1e-15)
    network.backward(0.5, [0.5, -1.0], [1.0])
    expected = network.train([[1.0, 0.0], [0.0, 1.0]], [[1.0], [0.0]], 0.5, 3)
    np.testing.assert_allclose(losses, expected, rtol=1e-12)
    assert data == [2, 0, 0, 1]
    assert best == 1
    assert after == pytest.approx(network.forward([0.5, -1.0])[0], abs=1e-12)
