"""createFunction: forwardNet's bits, of the network as it was, whatever becomes of that, and whichever loops it has."""

from collections.abc import Mapping
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine import Network, Scaler
from engine.formulas.registry import ACTIVATIONS, OUTPUT_ACTIVATIONS
from engine.interface.limits import DEFAULT_ACTIVATOR
from engine.kernels.schedules import NARROW
from engine.layers.registry import LAYER_KINDS
from engine.random import Random
from tests.engine.samples import ODD_DATA
from tests.parity.machine import Machine
from tests.parity.tolerances import single_precision_batch_tolerance

pytestmark = [pytest.mark.filterwarnings("ignore:.*infinite range"), ODD_DATA]

# As few nodes as have a function of plain values, all of them; some wide layers; more than are written out; more than
# whole tiles and groups, and the width of a blackboard's digits.
NARROW_SHAPES = [shape for nodes in range(1, NARROW + 1) for shape in ((nodes, nodes, 1), (2, nodes, nodes, nodes))]
SHAPES = [
    *NARROW_SHAPES,
    *((1, 1), (3, 4), (4, 2), (2, 3, 5), (5, 3, 2), (3, 6, 4), (8, 16, 16, 4), (6, 8, 8, 8, 6), (13, 15, 11, 3)),
    *((16, 32, 32, 4), (17, 17, 17), (40, 33, 3), (3, 64, 10), (784, 20, 10)),
]

_SCRIPT = """
local KNN, texts, samples, f32 = ...
local found = {}
for index, text in ipairs(texts) do
	local network, twin = KNN.loadNet(text), KNN.loadNet(text)
	-- Moved on by a step, so that what is remembered is not nothing.
	KNN.forwardNet(network, samples[index][1])
	KNN.forwardNet(twin, samples[index][1])
	local before = KNN.saveNet(network)
	local run, values = KNN.createFunction(network, { f32 = f32 })
	local answers, expected, plain = {}, {}, {}
	for turn, sample in ipairs(samples[index]) do
		if values and turn % 2 == 0 then
			answers[turn] = { values(unpack(sample)) }
			plain[#plain + 1] = turn
		else
			answers[turn] = run(sample)
		end
		if turn == 2 then
			-- Neither does the function move the network, nor does the network the function.
			assert(KNN.saveNet(network) == before, "the network has moved")
			local layers = network[2]
			for _, layer in ipairs(layers) do
				layer[1][1][1], layer[2][1] = 5, 7
				if layer[3] then
					layer[3][1] = 9
				end
			end
			layers[#layers] = nil
			network[1], network[4], network[5] = 1, "Sin", nil
		end
		expected[turn] = KNN.forwardNet(twin, sample)
	end
	assert(answers[1] ~= answers[3], "outputs share a table")
	found[index] = { answers = answers, expected = expected, hasValues = values ~= nil }
end
return found
"""


def network_of(shape: tuple[int, ...], activator: str, output: str, kind: str | None, seed: int) -> Network:
    """A network of a kind of hidden layers, or of such as go without saying."""
    layers: list[dict[str, object]] = [
        {"nodes": nodes, "activator": activator, "bias": 0.25, **({"kind": kind} if kind else {})}
        for nodes in shape[1:-1]
    ]
    return Network.build(inputs=shape[0], layers=[*layers, {"nodes": shape[-1], "activator": output}], seed=seed)


def samples_for(networks: list[Network], turns: int = 5) -> list[list[list[float]]]:
    random = Random(3)
    return [[[random.symmetric(2.0) for _ in range(each.inputs)] for _ in range(turns)] for each in networks]


def results(machine: Machine, networks: list[Network], *, f32: bool = False) -> list[Mapping[str, Any]]:
    samples = samples_for(networks)
    (found,) = machine.run(_SCRIPT, [each.save() for each in networks], samples, f32)
    assert len(found) == len(networks)
    return list(found)


_SHARED = """
local KNN, text, samples = ...
local network, twin = KNN.loadNet(text), KNN.loadNet(text)
for _, each in ipairs({ network, twin }) do
	each[2][2][3] = each[2][1][3]
end
local run, values = KNN.createFunction(network)
local answers, expected = {}, {}
for turn, sample in ipairs(samples) do
	answers[turn] = values and turn % 2 == 0 and { values(unpack(sample)) } or run(sample)
	expected[turn] = KNN.forwardNet(twin, sample)
end
return answers, expected
"""


@pytest.mark.parametrize("nodes", [3, 7])
def test_layers_that_share_a_state_share_it_in_a_function(machine: Machine, nodes: int) -> None:
    network = Network.create(2, 2, nodes, 1, "Tanh", recurrent=True, seed=1)
    answers, expected = machine.run(_SHARED, network.save(), *samples_for([network]))
    assert answers == expected


@pytest.mark.share(3)
@pytest.mark.parametrize("kind", [None, *LAYER_KINDS])
def test_functions_give_the_bits_of_forwardnet(machine: Machine, kind: str | None) -> None:
    pairs = [*product(ACTIVATIONS, ["Sigmoid", "Identity"]), *product([DEFAULT_ACTIVATOR], OUTPUT_ACTIVATIONS)]
    networks = [
        network_of(shape, activator, output, kind, seed)
        for seed, (shape, (activator, output)) in enumerate(product([(2, 3, 3, 1), (3, 9, 6, 5), (5, 18, 4)], pairs))
    ]
    for network, each in zip(networks, results(machine, networks), strict=True):
        assert each["answers"] == each["expected"], network.shape


@pytest.mark.share(2)
@pytest.mark.parametrize("recurrent", [False, True], ids=["", "recurrent"])
def test_functions_of_all_widths_do(machine: Machine, recurrent: bool) -> None:
    networks = [
        Network.create(shape[0], 1, nodes, shape[-1], name, recurrent, 0.5, seed=nodes)
        for shape in ((1, 1), (2, 3), (4, 4), (5, 2), (16, 17))
        for nodes in range(1, 20)
        for name in ("Tanh", "LeakyReLU")
    ]
    networks += [network_of(shape, "Tanh", "Sigmoid", "Recurrent" if recurrent else None, 1) for shape in SHAPES]
    for network, each in zip(networks, results(machine, networks), strict=True):
        assert each["answers"] == each["expected"], network.shape
        sizes = [network.inputs, *(layer.nodes for layer in network.layers)]
        assert each["hasValues"] == (max(sizes) <= NARROW), network.shape


def test_single_precision_is_right_to_seven_digits(machine: Machine) -> None:
    networks = [network_of(shape, name, "Sigmoid", None, 2) for shape in SHAPES for name in ("Tanh", "ReLU")]
    found = results(machine, networks, f32=True)
    for network, samples, each in zip(networks, samples_for(networks), found, strict=True):
        allowed = single_precision_batch_tolerance(partial(network.forward, samples))
        np.testing.assert_allclose(each["answers"], each["expected"], rtol=0, atol=allowed, err_msg=network.shape)


_SIGNS = """
local KNN, sizes = ...
local found = {}
for _, size in ipairs(sizes) do
	for _, bias in ipairs({ 0, -1 / math.huge }) do
		for _, weight in ipairs({ 0, -1 / math.huge, 1, -1 }) do
			local network = KNN.createNet(size, 1, size, size, { "Identity", "Identity" })
			for _, layer in ipairs(network[2]) do
				for j, row in ipairs(layer[1]) do
					layer[2][j] = bias
					for i = 1, #row do
						row[i] = weight
					end
				end
			end
			local run = KNN.createFunction(network)
			for _, input in ipairs({ 0, -1 / math.huge }) do
				local inputs = {}
				for i = 1, size do
					inputs[i] = input
				end
				found[#found + 1] = 1 / run(inputs)[1] == 1 / KNN.forwardNet(network, inputs)[1]
			end
		end
	end
end
return found
"""


def test_zeros_have_the_sign_that_they_have_in_forwardnet(machine: Machine) -> None:
    (found,) = machine.run(_SIGNS, [1, 2, 4, 5, 16, 18])
    assert found == [True] * 6 * 2 * 4 * 2


_NAMED = """
local KNN, table, one, other = ...
local network, twin = KNN.loadNet(KNN.saveNet(table)), KNN.loadNet(KNN.saveNet(table))
local run, values = KNN.createFunction(network)
local extras = network[5]
for _, names in ipairs({ extras.inputs, extras.outputs }) do
	names[1] = "gone"
end
for _, scaler in ipairs({ extras.inputScaler, extras.targetScaler }) do
	scaler.shift[1], scaler.scale[1] = 5, 7
end
local answers, expected = {}, {}
for index, sample in ipairs({ one, other, one, other }) do
	answers[index], expected[index] = run(sample), KNN.forwardNet(twin, sample)
end
return answers, expected, values == nil
"""


@pytest.mark.parametrize("nodes", [3, 9])
@pytest.mark.parametrize("recurrent", [False, True], ids=["", "recurrent"])
def test_names_and_scalers_are_as_they_were(machine: Machine, nodes: int, recurrent: bool) -> None:
    network = Network.create(2, 1, nodes, 2, "Tanh", recurrent, seed=1)
    extras = {"inputs": ["far", "fast"], "outputs": ["left", "right"]}
    network = Network.from_table([*network.to_table(), extras])
    inputs, targets = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[3.0, -7.0], [2.0, 9.0]])
    network.set_scaler(Scaler.fit(inputs, "MinMax"), Scaler.fit(targets, "Standard"))
    answers, expected, has_none = machine.run(_NAMED, network.to_table(), {"far": 2.5, "fast": 3.0}, [-1.0, 4.0])
    assert answers == expected
    assert has_none
    assert set(answers[0]) == {"left", "right"}
    assert len(answers[1]) == 2


def test_python_has_a_function_of_the_network_as_it_was() -> None:
    network = Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1)
    twin, run = network.copy(), network.function()
    network.backward(0.5, [1.0, 2.0], [0.0])
    before = network.save()
    for _ in range(3):
        assert np.array_equal(np.asarray(run([1.0, 2.0])), twin.forward([1.0, 2.0]))
    assert network.save() == before
