"""Layers that a session has in buffers become what they become in the network's own tables.

Losses, messages and networks are equal to the last bit, whatever the shape, the activations, the loss and what a layer
remembers; after every epoch, and after a training that ended somewhere.
"""

from typing import Any

import pytest

from codegen.library.schedules import COMMON_ACTIVATIONS
from engine import ACTIVATIONS, Network, Random
from engine.formulas.registry import LOSSES, OUTPUT_ACTIVATIONS
from engine.kernels.schedules import SCHEDULES, TILES
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.parity.machine import Machine

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

RATE = 0.03
SAMPLES = 9
# Every rung of the ladders, and what is left over behind it.
WIDEST = 43
SEEDS = range(24)

_BOTH = """
local KNN, text, given, goals, weights, rate, harm, at = ...
local function copied(value)
	if type(value) ~= "table" then
		return value
	end
	local made = {}
	for key, each in pairs(value) do
		made[key] = copied(each)
	end
	return made
end
local function train(layout)
	local network, samples, targets, seen = KNN.loadNet(text), copied(given), copied(goals), {}
	local function onEpoch(epoch)
		seen[epoch] = KNN.saveNet(network)
		if epoch < 2 then
			return
		end
		if harm == "a word in a sample" then
			samples[at][#samples[at]] = "word"
		elseif harm == "no number in a target" then
			targets[at][1] = 0 / 0
		elseif harm == "no sample" then
			samples[at] = nil
		elseif harm == "a huge target" then
			targets[at][1] = 1e300
		elseif harm == "a huge sample" then
			samples[at][1] = 1.7e308
		elseif harm == "another weight" then
			network[2][1][1][1][1] = 0.5
			network[2][1][2][1] = -0.25
		elseif harm == "no weight" then
			network[2][1][1][1][1] = nil
		elseif harm == "the end" then
			return false
		end
	end
	local options = { epochs = 4, layout = layout, sampleWeights = weights, onEpoch = onEpoch }
	local done, told = pcall(KNN.trainNet, network, samples, targets, rate, options)
	return { done, done and told or tostring(told), seen, pcall(KNN.saveNet, network) }, network
end
local tables, one = train("tables")
local buffers, other = train("buffers")
return tables, buffers, one[2], other[2]
"""


def drawn(seed: int) -> tuple[Network, list[list[float]], list[list[float]]]:
    """A network of some shape, with samples and targets that suit its loss."""
    random = Random(seed)

    def one_of(choices: list[str]) -> str:
        return choices[random.index(len(choices))]

    inputs, nodes, outputs = (1 + random.index(WIDEST) for _ in range(3))
    # Half of them are those that have loops over buffers.
    names = [one_of(list(COMMON_ACTIVATIONS if seed % 2 else ACTIVATIONS)) for _ in range(2)]
    last = one_of([*OUTPUT_ACTIVATIONS, "Sigmoid", *ACTIVATIONS])
    if seed % 3 == 2:
        kinds = [one_of(list(LAYER_KINDS)) for _ in range(3)]
        network = network_of_kinds(kinds, (*names, last), seed=random, sizes=(inputs, nodes, nodes, outputs))
    else:
        network = Network.create(inputs, 2, nodes, outputs, activator=[*names, last], recurrent=not seed % 3, seed=seed)
    if last in OUTPUT_ACTIVATIONS:
        network.loss = "CategoricalCrossEntropy"
    elif last == "Sigmoid":
        network.loss = "BinaryCrossEntropy"
    else:
        network.loss = one_of([name for name in LOSSES if "Entropy" not in name])
    samples = [[random.symmetric(1.0) for _ in range(inputs)] for _ in range(SAMPLES)]
    targets = [[float(j == n % outputs) for j in range(outputs)] for n in range(SAMPLES)]
    return network, samples, targets


def both(machine: Machine, seed: int, harm: str = "", *, weighs: bool = False) -> list[Any]:
    network, samples, targets = drawn(seed)
    weights = [0.5 + n / 4.0 for n in range(SAMPLES)] if weighs else None
    return machine.run(_BOTH, network.save(), samples, targets, weights, RATE, harm, 1 + seed % SAMPLES)


def test_the_shapes_reach_every_rung() -> None:
    tiled = [each for each in SCHEDULES.values() if TILES in each.kept.values()]
    assert all(sum(each.rows) + max(each.inputs) + sum(each.rest) < WIDEST for each in tiled)


@pytest.mark.share(3)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_network_becomes_the_same(machine: Machine, seed: int) -> None:
    tables, buffers, one, other = both(machine, seed, weighs=seed % 4 == 0)
    assert buffers == tables
    assert other == one
    assert tables[0] is True
    assert len(tables[2]) == 4


@pytest.mark.parametrize(
    "harm",
    [
        "a word in a sample",
        "no number in a target",
        "no sample",
        "a huge target",
        "a huge sample",
        "another weight",
        "no weight",
        "the end",
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3, 6])
def test_what_goes_wrong_ends_alike(machine: Machine, seed: int, harm: str) -> None:
    tables, buffers, one, other = both(machine, seed, harm)
    assert buffers == tables
    assert other == one
    # Some losses are finite however large an error is.
    assert len(tables[2]) == (4 if harm == "another weight" else 2) or "huge" in harm
