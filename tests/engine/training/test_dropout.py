"""Dropout: what a step leaves out, by hand and by differences."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from engine import Network, Random, propagation
from engine.elementwise import Array
from engine.formulas.dropout import mask
from engine.formulas.registry import LOSSES
from engine.interface.limits import DEFAULT_LOSS
from engine.layer import Layer
from engine.layers.registry import LAYER_KINDS
from engine.training import trainers
from engine.training.dropout import Dropout, Masks
from engine.training.updates import Sgd
from tests.engine.differences import central
from tests.engine.samples import ODD_DATA, bits, refused

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

LOSS = LOSSES[DEFAULT_LOSS]
STEP = 1e-5
# Central differences: third derivatives of some tens, times STEP² / 6, and some fifty roundings of a loss of up to 10,
# 1e-15 each, over STEP.
CLOSE = 1e-8


def network(kind: str = "Dense", rates: Sequence[float] = (0.5, 0.25)) -> Network:
    layers: list[dict[str, object]] = [
        {"nodes": 4, "activator": "Tanh", "kind": kind, "dropout": rate} for rate in rates
    ]
    return Network.build(inputs=3, layers=[*layers, {"nodes": 2}], seed=1)


def test_masks_keep_the_mean() -> None:
    assert [mask(uniform, 0.25) for uniform in (0.0, 0.2499, 0.25, 0.999)] == [0.0, 0.0, 4 / 3, 4 / 3]
    assert mask(1e-300, 0.0) == 1.0
    drawn = Dropout((0.2, 0.0), Random(1)).masks_of_batch(network(rates=(0.2,)).layers, 5000)
    assert drawn[1] is None
    masks = drawn[0]
    assert masks is not None
    assert masks.shape == (5000, 4)
    assert set(masks.ravel()) == {0.0, 1.25}
    # Four standard deviations of a share of 20,000.
    assert abs((masks == 0).mean() - 0.2) < 4 * math.sqrt(0.2 * 0.8 / masks.size)


def test_a_step_by_hand() -> None:
    """1 → 2 → 1, all Identity: of two hidden outputs 2 x and 3 x one is left out and the other doubled."""
    made = Network.from_table(
        [1.0, [[[[2.0], [3.0]], [0.0, 0.0]], [[[1.0, 10.0]], [0.0]]], False, ["Identity", "Identity"]]
    )
    masks = [np.array([2.0, 0.0]), None]
    # y = 1 · 2 · 2 = 4, the error is 4 - 3, and only what was left in has a gradient.
    loss = propagation.backward(made.layers, Sgd(0.125), np.array([1.0]), np.array([3.0]), LOSS, masks)
    assert loss == 0.5
    assert made.layers[1].weights.tolist() == [[1 - 0.125 * 4, 10.0]]
    assert made.layers[1].biases.tolist() == [-0.125]
    assert made.layers[0].weights.tolist() == [[2 - 0.125 * 2], [3.0]]
    assert made.layers[0].biases.tolist() == [-0.25, 0.0]


def loss_of(layers: Sequence[Layer], inputs: Array, target: Array, masks: Masks) -> float:
    """The loss of a step, by nothing but forward passes of single layers; the states stay as they are."""
    states = [layer.state for layer in layers]
    values = inputs
    for layer, factors in zip(layers, masks, strict=True):
        values = propagation.forward([layer], values)[-1].outputs
        values = values if factors is None else values * factors
    for layer, state in zip(layers, states, strict=True):
        layer.state = state
    return float(((values - target) ** 2).sum() / 2)


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_gradients_go_through_the_masks(kind: str) -> None:
    made = network(kind)
    generator = np.random.default_rng(0)
    for layer in made.layers:
        layer.biases[:] = generator.normal(size=layer.nodes)
        if layer.state is not None:
            layer.state[:] = generator.normal(size=layer.nodes)
    inputs, target = generator.normal(size=3), generator.normal(size=2)
    masks = [np.array([2.0, 0.0, 2.0, 0.0]), np.array([0.0, 4 / 3, 4 / 3, 4 / 3]), None]
    stepped = made.copy()
    propagation.backward(stepped.layers, Sgd(1.0), inputs, target, LOSS, masks)
    for layer, after in zip(made.layers, stepped.layers, strict=True):
        for array, moved in ((layer.weights, after.weights), (layer.biases, after.biases)):
            expected = central(lambda: loss_of(made.layers, inputs, target, masks), array, STEP)
            np.testing.assert_allclose(array - moved, expected, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("kind", [name for name, each in LAYER_KINDS.items() if each.remembers])
def test_a_layer_remembers_its_outputs_whole(kind: str) -> None:
    made = network(kind)
    inputs = np.array([0.5, -1.0, 2.0])
    whole = propagation.forward(made.copy().layers, inputs)[0].outputs
    masks = [np.array([0.0, 2.0, 0.0, 2.0]), None, None]
    propagation.backward(made.layers, Sgd(0.1), inputs, np.zeros(2), LOSS, masks)
    assert made.layers[0].state is not None
    assert bits(made.layers[0].state) == bits(whole)


@pytest.mark.parametrize("size", [3, 5])
def test_a_batch_steps_along_the_mean_of_its_samples_masked_one_by_one(size: int) -> None:
    generator = np.random.default_rng(1)
    inputs, targets = generator.normal(size=(5, 3)), generator.normal(size=(5, 2))
    made = network()
    stepped = made.copy()
    losses = stepped.train(inputs, targets, 1.0, batch_size=size, engine="numpy", random=7)
    dropout, total = Dropout((0.5, 0.25, 0.0), Random(7)), 0.0
    for start in range(0, 5, size):
        chosen = range(start, min(start + size, 5))
        before = [[array.copy() for array in layer.numbers] for layer in made.layers]
        changes = [[np.zeros_like(array) for array in layer.numbers] for layer in made.layers]
        for index in chosen:
            single = made.copy()
            masks = dropout.masks(made.layers)
            total += propagation.backward(single.layers, Sgd(1.0), inputs[index], targets[index], LOSS, masks)
            for layer, olds, sums in zip(single.layers, before, changes, strict=True):
                for array, old, change in zip(layer.numbers, olds, sums, strict=True):
                    change += array - old
        for layer, sums in zip(made.layers, changes, strict=True):
            for array, change in zip(layer.numbers, sums, strict=True):
                array += change / len(chosen)
    assert losses[0] == pytest.approx(total / 5, rel=1e-12)
    for layer, other in zip(stepped.layers, made.layers, strict=True):
        for array, wanted in zip(layer.numbers, other.numbers, strict=True):
            np.testing.assert_allclose(array, wanted, rtol=0, atol=1e-12)


def test_matrix_products_leave_out_the_same() -> None:
    generator = np.random.default_rng(1)
    inputs, targets = generator.normal(size=(8, 3)), generator.normal(size=(8, 2))
    one, other = network(), network()
    found = one.train(inputs, targets, 0.1, 3, batch_size=4, random=7, shuffle=True)
    wanted = other.train(inputs, targets, 0.1, 3, batch_size=4, random=7, shuffle=True, engine="numpy")
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)


@ODD_DATA
def test_luajit_has_no_dropout(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = refused(lambda: network().train([[1.0, 2.0, 3.0]], [[1.0, 2.0]], 0.1, engine="luajit"))
    assert sentence == ('Wrong Arg#5: Options.engine must be auto or numpy for a network with dropout, got "luajit".')
    # What would pay for LuaJIT is done in numpy then.
    monkeypatch.setattr(trainers, "LUAJIT_PAYS_FROM", 0)
    monkeypatch.setattr(trainers, "luajit_trainer", lambda: pytest.fail("LuaJIT was started"))
    samples, targets = [[1.0, 2.0, 3.0]] * 4, [[0.5, 0.5]] * 4
    one, other = network(), network()
    assert bits(one.train(samples, targets, 0.1, random=3)) == bits(
        other.train(samples, targets, 0.1, random=3, engine="numpy")
    )


def test_the_losses_are_those_of_what_is_left_and_differ_from_step_to_step() -> None:
    made = network()
    losses = made.train([[1.0, 2.0, 3.0]], [[1.0, 1.0]], 0.0, 20, random=3)
    assert len(set(losses)) > 5
    outputs = made.forward([1.0, 2.0, 3.0])
    assert float(((outputs - 1.0) ** 2).sum() / 2) not in losses
