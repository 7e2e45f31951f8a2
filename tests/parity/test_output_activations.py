"""Activations that only output layers have: nowhere else, of any numbers, and wherever a network goes."""

import numpy as np
import pytest

from engine import ACTIVATIONS, OUTPUT_ACTIVATIONS, ArgumentError, Network, Optimizer
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.parity.machine import Machine
from tests.parity.test_answers import RULE, SIZES, refusal_of, said
from tests.parity.tolerances import tolerance

every_name = pytest.mark.parametrize("name", OUTPUT_ACTIVATIONS)
every_size = pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
with_and_without_memory = pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])

# What is said of a network that had other activations when it was last used.
_EDITED = """
local KNN, text, edited, inputs, targets = ...
local network = KNN.loadNet(text)
for _ = 1, 2 do
    KNN.forwardNet(network, inputs)
    KNN.backwardNet(network, 0.1, inputs, targets)
end
local before, right = KNN.saveNet(network), network[4]
network[4] = edited
local said = {}
local function try(name, ...)
    local done, message = pcall(KNN[name], ...)
    said[name] = done and "done" or message
end
try("forwardNet", network, inputs)
try("backwardNet", network, 0.1, inputs, targets)
try("forwardBatch", network, { inputs, inputs, inputs, inputs })
try("trainNet", network, { inputs }, { targets }, 0.1, { epochs = 1 })
try("saveNet", network)
try("hardCode", network)
try("getNetworkData", network)
network[4] = right
return said, KNN.saveNet(network) == before
"""


def rule(layers: int) -> str:
    return (
        f"must be one of {', '.join(ACTIVATIONS)}, or an array of {layers} of them "
        f"(one per layer; the output layer may also have {', '.join(OUTPUT_ACTIVATIONS)}), got "
    )


@every_name
@every_size
@with_and_without_memory
@pytest.mark.parametrize("place", ["for all hidden layers", "of the first layer", "of all layers"])
def test_a_hidden_layer_that_has_it_is_refused_by_all_and_nothing_changes(
    machine: Machine, name: str, sizes: tuple[int, int, int, int], recurrent: bool, place: str
) -> None:
    layers = sizes[1] + 1
    network = Network.create(*sizes, ("Tanh",) * layers, recurrent=recurrent, seed=1)
    of_first = [name, *["Tanh"] * (layers - 1)]
    edited: str | list[str] = name if place == "for all hidden layers" else of_first
    edited = [name] * layers if place == "of all layers" else edited
    arguments = [0.5] * sizes[0], [0.25] * sizes[3]
    said_of, is_as_before = machine.run(_EDITED, network.save(), edited, *arguments)
    got = f'"{name}"' if isinstance(edited, str) else f'"{name}" as number 1'
    message = f"Wrong Arg#1: Network[4] {rule(layers)}{got}."
    if recurrent:
        message_of_batch = said_of.pop("forwardBatch")
        assert message_of_batch != "done"
    assert said_of == dict.fromkeys(said_of, message)
    assert is_as_before
    with pytest.raises(ArgumentError) as caught:
        Network.from_table([*network.to_table()[:3], edited])
    assert str(caught.value) == message


def huge(sizes: tuple[int, int, int, int], name: str, *biases: float) -> Network:
    """A network whose outputs' pre-activations are these biases, again and again, beside large weights."""
    network = Network.create(*sizes, ("Tanh",) * sizes[1] + (name,), seed=1)
    network.layers[-1].weights[:] = 0.0
    network.layers[-1].biases[:] = [biases[node % len(biases)] for node in range(sizes[3])]
    return network


_BATCHES = """
local KNN, text, inputs = ...
local network = KNN.loadNet(text)
local samples, all = {}, { KNN.forwardNet(network, inputs) }
for number = 1, 5 do
    samples[number] = inputs
end
for _, f32 in ipairs({ false, true }) do
    all[#all + 1] = KNN.forwardBatch(network, samples, { f32 = f32 })[4]
end
return all
"""


@every_name
@every_size
@pytest.mark.parametrize(
    "biases", [(1e308, -1e308), (-1.7e308, 1.7e308), (1e308, 1e308), (-1e308, -1e308), (800.0, 0.0), (-1e39, 1e39)]
)
def test_huge_sums_have_finite_shares(
    machine: Machine, name: str, sizes: tuple[int, int, int, int], biases: tuple[float, float]
) -> None:
    network = huge(sizes, name, *biases)
    inputs = [0.5] * sizes[0]
    wanted = network.forward(inputs)
    assert np.isfinite(wanted).all()
    for found in machine.run(_BATCHES, network.save(), inputs)[0]:
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


@every_name
def test_what_is_below_all_numbers_has_no_share(machine: Machine, name: str) -> None:
    layers = [[[[0.0]], [10.0]], [[[-1e308], [1.0]], [0.0, 0.0]]]
    network = Network.from_table([1, layers, False, ["Identity", name]])
    assert network.forward([1.0]).tolist() == [0.0, 1.0]
    assert machine.run(_BATCHES, network.save(), [1.0]) == [[[0.0, 1.0]] * 3]


@every_name
@every_size
def test_sums_of_which_none_is_a_number_are_refused(
    machine: Machine, name: str, sizes: tuple[int, int, int, int]
) -> None:
    network = Network.create(*sizes, ("Identity",) * sizes[1] + (name,), seed=1)
    for layer in network.layers:
        layer.weights[:] = 1e200
    inputs = [1.0] * sizes[0]
    expected = refusal_of(network, inputs)
    assert expected is not None
    assert RULE in expected
    assert said(machine, network, inputs) == expected


def case(name: str, last: str = "Dense", hidden: str = "Dense", sizes: tuple[int, ...] = (3, 4, 3)) -> Network:
    kinds = [hidden] * (len(sizes) - 2) + [last]
    return network_of_kinds(kinds, ("Tanh",) * (len(sizes) - 2) + (name,), seed=2, sizes=sizes)


def weights_of(network: Network) -> np.ndarray:
    return np.concatenate([layer.weights.ravel() for layer in network.layers])


_STEPS = """
local KNN, text, optimizer, samples, targets = ...
local network = KNN.loadNet(text)
local by = KNN.createOptimizer(optimizer)
for index, inputs in ipairs(samples) do
    KNN.backwardNet(network, by, inputs, targets[index])
end
return KNN.saveNet(network)
"""


@every_name
@pytest.mark.parametrize("optimizer", ["Momentum", "Adam"])
@pytest.mark.parametrize("sizes", [(3, 4, 3), (6, 9, 9, 5)], ids=str)
def test_optimizers_step_it_the_same(machine: Machine, name: str, optimizer: str, sizes: tuple[int, ...]) -> None:
    samples = np.linspace(-1.0, 1.0, 8 * sizes[0]).reshape(8, -1)
    targets = np.linspace(0.0, 1.0, 8 * sizes[-1]).reshape(8, -1)

    def stepped() -> np.ndarray:
        network, by = case(name, sizes=sizes), Optimizer(optimizer)
        for x, target in zip(samples, targets, strict=True):
            network.backward(by, x, target)
        return weights_of(network)

    (text,) = machine.run(_STEPS, case(name, sizes=sizes).save(), optimizer, samples.tolist(), targets.tolist())
    np.testing.assert_allclose(weights_of(Network.load(text)), stepped(), rtol=0, atol=tolerance(stepped))


_CACHE = """
local KNN, text, inputs = ...
return KNN.forwardNet(KNN.loadNet(text), inputs, true)
"""


@every_name
@pytest.mark.parametrize("hidden", LAYER_KINDS)
@pytest.mark.parametrize("last", LAYER_KINDS)
def test_every_layer_is_in_the_cache(machine: Machine, name: str, hidden: str, last: str) -> None:
    network, inputs = case(name, last, hidden), [0.5, -0.25, 1.0]
    ((found, cached),) = machine.run(_CACHE, network.save(), inputs)
    outputs, cache = network.copy().forward(inputs, give_cache=True)
    np.testing.assert_allclose(found, outputs, rtol=1e-12)
    for one, other in zip(cached, cache, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


_STRING_VALUE = """
local KNN, text, inputs, targets = ...
local values, networks = {}, {}
for index = 1, 3 do
    values[index] = Instance.new("StringValue")
    values[index].Value = text
end
local first = KNN.forwardNet(values[1], inputs)
KNN.backwardNet(values[1], 0.5, inputs, targets)
local second = KNN.forwardNet(KNN.loadNet(values[1].Value), inputs)
local best = KNN.runGenNet(values, { 1, 3, 2 })
return first, second, best, KNN.loadNet(values[3].Value)[4]
"""


@every_name
def test_stringvalues_hold_it(roblox_machine: Machine, name: str) -> None:
    network, inputs, targets = case(name), [0.5, -0.25, 1.0], [1.0, 0.0, 0.0]
    first, second, best, names = roblox_machine.run(_STRING_VALUE, network.save(), inputs, targets)
    np.testing.assert_allclose(first, network.forward(inputs), rtol=1e-12)
    network.backward(0.5, inputs, targets)
    np.testing.assert_allclose(second, network.forward(inputs), rtol=1e-12)
    assert (best, names) == (2, ["Tanh", name])
