"""Dropout: the same outputs are left out in both languages, in trainNet alone."""

from typing import Any

import numpy as np
import pytest

from engine import Network, Optimizer, Random
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS
from engine.interface.limits import LAYOUTS
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import bits
from tests.parity.checks import parameters
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python

# Of arithmetic alone, so that all numbers have to be equal to the last bit.
HIDDEN, OUTPUT = "LeakyReLU", "ElliotSign"
RATE, SEED, EPOCHS = 0.05, 11, 3

_TRAIN = """
local KNN, text, samples, targets, rate, seed, optimizer, options = ...
local network = KNN.loadNet(text)
KNN.setSeed(seed)
local losses = KNN.trainNet(network, samples, targets, optimizer and KNN.createOptimizer(optimizer) or rate, options)
return KNN.saveNet(network), losses
"""


def network(kind: str = "Dense", nodes: int = 5, rates: tuple[float, ...] = (0.5, 0.25)) -> Network:
    layers: list[dict[str, object]] = [
        {"nodes": nodes, "activator": HIDDEN, "kind": kind, "dropout": rate} for rate in rates
    ]
    return Network.build(inputs=3, layers=[*layers, {"nodes": 2, "activator": OUTPUT}], seed=1)


def data(count: int = 12) -> tuple[list[list[float]], list[list[float]]]:
    random = Random(5)
    return (
        [[random.symmetric(1.0) for _ in range(3)] for _ in range(count)],
        [[random.symmetric(1.0) for _ in range(2)] for _ in range(count)],
    )


def trained_in_lua(machine: Machine, made: Network, optimizer: str | None = None, **options: Any) -> tuple[str, Any]:
    text, losses = machine.run(_TRAIN, made.save(), *data(), RATE, SEED, optimizer, {"epochs": EPOCHS, **options})
    return text, losses


def trained(made: Network, *, shuffle: bool = False, optimizer: str | None = None) -> tuple[str, list[float]]:
    rate = Optimizer(optimizer) if optimizer else RATE
    losses = made.train(*data(), rate, EPOCHS, shuffle=shuffle, engine="numpy", random=SEED)
    return made.save(), losses.tolist()


@pytest.mark.filterwarnings("ignore:.*infinite range")
@pytest.mark.parametrize(
    ("kind", "shuffle"),
    [(name, is_on) for name, kind in LAYER_KINDS.items() for is_on in (False, True) if not (is_on and kind.has_state)],
)
@pytest.mark.parametrize("nodes", [1, 3, 9])
def test_the_same_seed_leaves_out_the_same(machine: Machine, kind: str, nodes: int, shuffle: bool) -> None:
    expected = trained(network(kind, nodes), shuffle=shuffle)
    for layout in LAYOUTS:
        assert trained_in_lua(machine, network(kind, nodes), shuffle=shuffle, layout=layout) == expected
    assert trained_in_lua(machine, network(kind, nodes), shuffle=shuffle, f32=True) == expected


@pytest.mark.parametrize("name", ELEMENTWISE_OPTIMIZERS)
def test_every_optimizer_steps_what_is_left(machine: Machine, name: str) -> None:
    text, losses = trained(network(), optimizer=name)
    found, others = trained_in_lua(machine, network(), optimizer=name)
    # Some optimizers take powers and cosines.
    numbers, wanted = (parameters(Network.load(each)) for each in (found, text))
    np.testing.assert_allclose(numbers, wanted, rtol=0, atol=1e-12)
    np.testing.assert_allclose(others, losses, rtol=0, atol=1e-12)


def test_only_layers_with_a_rate_draw_and_the_output_layer_never(machine: Machine) -> None:
    made = network(rates=(0.0, 0.5))
    assert trained_in_lua(machine, made) == trained(made.copy())
    _, twin = Random(SEED), Random(SEED)
    made.train(*data(4), RATE, 1, random=twin)
    stream = Random(SEED)
    for _ in range(4 * 5):
        stream.uniform()
    assert twin.state == stream.state


_OTHERS = """
local KNN, text, plain, input, target = ...
local network, other = KNN.loadNet(text), KNN.loadNet(plain)
KNN.setSeed(1)
local first = KNN.saveNet(KNN.createNet(1, 1, 1, 1))
KNN.setSeed(1)
local outputs, same = KNN.forwardNet(network, input), KNN.forwardNet(other, input)
local batch = KNN.forwardBatch(network, { input })[1]
for j = 1, 2 do
	assert(outputs[j] == same[j] and batch[j] == same[j], "forward leaves out something")
end
KNN.backwardNet(network, 0.1, input, target)
KNN.backwardNet(other, 0.1, input, target)
assert(KNN.saveNet(KNN.createNet(1, 1, 1, 1)) == first, "something was drawn")
return KNN.saveNet(network), KNN.saveNet(other)
"""


def test_running_and_single_steps_leave_out_nothing(machine: Machine) -> None:
    made = network()
    plain = Network.from_table(made.to_table()[:4])
    (sample,), (target,) = data(1)
    one, other = machine.run(_OTHERS, made.save(), plain.save(), sample, target)
    assert Network.load(one).to_table()[:4] == Network.load(other).to_table()
    assert Network.load(one).extras.dropout == (0.5, 0.25, 0.0)
    assert bits(made.forward(sample)) == bits(plain.forward(sample))
    made.backward(0.1, sample, target)
    assert made.save() == one


def test_rates_of_zero_go_without_saying(machine: Machine) -> None:
    made = network(rates=(0.0, 0.0))
    assert made.extras.dropout is None
    table = [*made.to_table(), {"dropout": [0.0, 0.0, 0.0]}]
    assert machine.call("saveNet", table) == [made.save()] == [Network.from_table(table).save()]


RULE = (
    "Network[5].dropout must be an array of 3 numbers of at least 0 and below 1, one for each layer, that of the "
    "output layer 0, got "
)
WRONG: dict[str, tuple[Any, str]] = {
    "a number": (0.5, "0.5"),
    "too few": ([0.5, 0.0], "an array of 2"),
    "all": ([1.0, 0.5, 0.0], "1 as number 1"),
    "less than nothing": ([0.5, -0.5, 0.0], "-0.5 as number 2"),
    "the output layer": ([0.5, 0.5, 0.5], "0.5 as number 3"),
    "text": (["0.5", 0.5, 0.0], '"0.5" as number 1 (text: tonumber makes a number of it)'),
    "a truth": ([True, 0.5, 0.0], "true as number 1"),
}


@pytest.mark.parametrize(("rates", "got"), WRONG.values(), ids=WRONG)
def test_wrong_rates_are_refused(machine: Machine, rates: Any, got: str) -> None:
    table = [*network(rates=(0.0, 0.0)).to_table(), {"dropout": rates}]
    assert machine.refusal("saveNet", table) == f"Wrong Arg#1: {RULE}{got}."
    assert said_by_python(lambda: Network.from_table(table)) == f"Wrong Arg#1: {RULE}{got}."


def test_a_child_has_the_rates_of_its_first_parent(machine: Machine) -> None:
    script = """
    local KNN, text = ...
    local networks = { KNN.loadNet(text), KNN.loadNet(text), KNN.loadNet(text) }
    KNN.runGenNet(networks, { 3, 2, 1 })
    return networks[3][5].dropout
    """
    assert machine.run(script, network().save()) == [[0.5, 0.25, 0.0]]
