"""A network whose weights are too large for an answer says so, and stays as it was; an answer is made of numbers."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from engine import ACTIVATIONS, Network
from engine.arguments import ArgumentError
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.parity.machine import Machine

# On purpose.
pytestmark = pytest.mark.filterwarnings("ignore:Identity has an infinite range")

RULE = "must give finite numbers for these inputs (smaller weights or inputs do)"


def with_weights(network: Network, *weights: float, layer: int = 0) -> Network:
    """The network with these numbers, again and again, as a layer's weights."""
    flat = network.layers[layer].weights.reshape(-1)
    flat[:] = [weights[index % len(weights)] for index in range(len(flat))]
    return network


def refusal_of(network: Network, inputs: list[float] | list[list[float]]) -> str | None:
    """What Python says, or None; the network is then as it was before."""
    before = network.save()
    try:
        network.forward(inputs)
    except ArgumentError as error:
        assert network.save() == before
        return str(error)
    return None


FORWARD = """
local KNN, text, inputs = ...
local network = KNN.loadNet(text)
local messages = {}
for turn = 1, 3 do
    local done, message = pcall(KNN.forwardNet, network, inputs, turn == 2)
    messages[turn] = done and "answered" or message
end
return messages, KNN.saveNet(network)
"""


def said(machine: Machine, network: Network, inputs: list[float]) -> str:
    """What Luau says, each time and with the cache, and that nothing has changed."""
    text = network.save()
    messages, after = machine.run(FORWARD, text, inputs)
    assert json.loads(after) == json.loads(text)
    assert len(set(messages)) == 1, messages
    return str(messages[0])


SIZES = {"narrow": (2, 2, 3, 1), "wide": (6, 2, 5, 2)}


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("recurrent", [False, True])
def test_the_first_layer_that_gives_what_is_not_finite_is_named(
    machine: Machine, sizes: tuple[int, int, int, int], recurrent: bool
) -> None:
    for layer, inputs in ((0, [1e10, -1.0]), (1, [1.0, 1.0])):
        network = Network.create(*sizes, "Identity", recurrent=recurrent, seed=1)
        with_weights(network, 1e308, layer=layer)
        with_weights(network, 1.0, -1.0, layer=2)
        for row in network.layers[1 if layer == 0 else 0].weights:
            row[:] = [(-1.0) ** index for index in range(len(row))] if layer == 0 else 1e10
        given = [inputs[index % 2] for index in range(sizes[0])]
        expected = refusal_of(network, given)
        assert expected is not None
        assert expected.startswith(f"Wrong Arg#1: Network[2][{layer + 1}] {RULE}, got ")
        assert said(machine, network, given) == expected


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_no_activation_makes_a_number_of_what_is_none(machine: Machine, name: str) -> None:
    """The sum of the first node is infinity minus infinity."""
    network = with_weights(Network.create(2, 1, 3, 1, name, seed=1), 1e308)
    expected = f"Wrong Arg#1: Network[2][1] {RULE}, got nan as number 1."
    assert refusal_of(network, [1e10, -1e10]) == expected
    assert said(machine, network, [1e10, -1e10]) == expected


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_every_kind_of_layer_says_so(machine: Machine, kind: str) -> None:
    network = with_weights(network_of_kinds((kind, kind, "Dense"), seed=1, sizes=(2, 3, 3, 1)), 1e308)
    expected = f"Wrong Arg#1: Network[2][1] {RULE}, got nan as number 1."
    assert refusal_of(network, [1e10, -1e10]) == expected
    assert said(machine, network, [1e10, -1e10]) == expected


def test_nothing_infinite_is_remembered(machine: Machine) -> None:
    """Sigmoid makes 1 of infinity: the answer would be a number, but the network could not be saved any more."""
    network = with_weights(Network.create(2, 1, 3, 1, "Identity", recurrent=True, seed=1), 1e308)
    network.layers[1].weights[:] = 1.0
    expected = f"Wrong Arg#1: Network[2][1] {RULE}, got infinity as number 1."
    assert refusal_of(network, [1e10, 1e10]) == expected
    assert said(machine, network, [1e10, 1e10]) == expected


def test_an_infinite_answer_is_one(machine: Machine) -> None:
    network = with_weights(Network.create(1, 1, 1, 1, ["Identity", "Identity"], seed=1), 1e308)
    network.layers[1].weights[:] = 10.0
    assert network.forward([1.0]).tolist() == [float("inf")]
    script = "local KNN, text = ... return KNN.forwardNet(KNN.loadNet(text), { 1 })[1] == math.huge"
    assert machine.run(script, network.save()) == [True]


BATCH = """
local KNN, text, samples, columns, f32 = ...
local network = KNN.loadNet(text)
local done, result = pcall(KNN.forwardBatch, network, samples, { columns = columns, f32 = f32 })
local batch = KNN.createBatch(samples)
local again, other = pcall(KNN.forwardBatch, network, batch, { columns = columns, f32 = f32 })
assert(done == again and (done or result == other))
return done, result
"""


@pytest.mark.parametrize("f32", [False, True])
@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("place", [0, 4, 600])
def test_a_batch_with_one_sample_too_large_is_refused(machine: Machine, f32: bool, columns: bool, place: int) -> None:
    network = with_weights(Network.create(2, 1, 16, 2, "Tanh", seed=1), 1e308)
    samples = [[0.5, 0.25]] * 700
    samples[place] = [1e10, -1e10]
    expected = f"Wrong Arg#1: Network[2][1] {RULE}, got nan as number 1."
    assert refusal_of(network, samples) == expected
    assert machine.run(BATCH, network.save(), samples, columns, f32) == [False, expected]


@pytest.mark.parametrize("columns", [False, True])
def test_what_is_too_large_for_32_bits_is_answered_with_64(machine: Machine, columns: bool) -> None:
    """1e39 is infinity with 32 bits, and its sums are none."""
    network = with_weights(Network.create(2, 1, 16, 2, "Tanh", seed=1), 1e39)
    network.layers[1].weights[:] = [[(-1.0) ** index / 4 for index in range(16)], [0.5] * 16]
    samples = [[2.0, -2.0], [0.0, 1.0], [0.5, -0.25], [0.0, 0.0], [1.0, 1.0]]
    done, result = machine.run(BATCH, network.save(), samples, columns, True)
    assert done
    expected = network.forward(samples)
    np.testing.assert_allclose(np.array(result), expected.T if columns else expected, rtol=1e-6)


def test_a_visual_shows_no_answer_that_is_none(roblox_machine: Machine) -> None:
    network = with_weights(Network.create(2, 1, 3, 1, "Tanh", seed=1), 1e308)
    script = """
    local KNN, text = ...
    local network = KNN.loadNet(text)
    return pcall(KNN.updateVisualActive, network, KNN.getVisual(network), { 1e10, -1e10 })
    """
    expected = f"Wrong Arg#1: Network[2][1] {RULE}, got nan as number 1."
    assert roblox_machine.run(script, network.save()) == [False, expected]


def test_a_stringvalue_stays_as_it_was(roblox_machine: Machine) -> None:
    network = with_weights(Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1), 1e308)
    script = """
    local KNN, text = ...
    local value = Instance.new("StringValue")
    value.Value = text
    local _, message = pcall(KNN.forwardNet, value, { 1e10, -1e10 })
    return message, value.Value == text
    """
    expected = f"Wrong Arg#1: Network[2][1] {RULE}, got nan as number 1."
    assert roblox_machine.run(script, network.save()) == [expected, True]


@pytest.mark.parametrize("run", [Network.forward, Network.forward_by_matrix_product])
def test_python_refuses_it_by_either_way(run: Callable[[Network, list[float]], object]) -> None:
    network = with_weights(Network.create(2, 1, 4, 1, "Identity", recurrent=True, seed=1), 1e308)
    # Infinity minus infinity in whatever order.
    network.layers[1].weights[:] = [1.0, -1.0, 1.0, -1.0, 0.0]
    before = network.save()
    with pytest.raises(ArgumentError, match=r"Network\[2\]\[1\] must give finite numbers"):
        run(network, [1e10, 1e10])
    assert network.save() == before
