"""The layer whose nodes see the last outputs of all of them: steps worked out by hand, and networks that keep it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from engine import Network
from engine.layers.derivative import Backward, Collect, derive
from engine.layers.program import Step
from engine.layers.registry import LAYER_KINDS
from tests.engine.differences import central
from tests.engine.samples import bits, network_of_kinds

KINDS = ("Elman", "Dense")


def two_nodes(activator: str = "Identity") -> Network:
    """One input, two nodes with weights for the input and for both states, and an output that adds the nodes."""
    hidden = [[[1.0, 0.5, -1.0], [2.0, 0.25, 0.5]], [0.25, -0.5], [2.0, 4.0]]
    table = [1, [hidden, [[[1.0, 1.0]], [0.0]]], False, [activator, "Identity"], {"kinds": list(KINDS)}]
    return Network.from_table(table)


def test_a_row_has_a_weight_for_every_input_and_every_node() -> None:
    assert LAYER_KINDS["Elman"].columns(3, 5) == 8
    assert LAYER_KINDS["Elman"].has_state


def test_every_node_sees_what_all_of_them_put_out_last() -> None:
    network = two_nodes()
    # 3 + 2/2 - 4 + 1/4 = 1/4 and 6 + 2/4 + 4/2 - 1/2 = 8.
    assert [each.tolist() for each in network.forward([3.0], give_cache=True)[1]] == [[0.25, 8.0], [8.25]]
    # -1 + 1/8 - 8 + 1/4 = -69/8 and -2 + 1/16 + 4 - 1/2 = 25/16.
    assert [each.tolist() for each in network.forward([-1.0], give_cache=True)[1]] == [[-8.625, 1.5625], [-7.0625]]
    assert network.layers[0].state is not None
    assert network.layers[0].state.tolist() == [-8.625, 1.5625]


def test_a_network_that_forgot_sees_zeros() -> None:
    network = two_nodes()
    network.reset_state()
    assert network.forward([3.0]).tolist() == [3.25 + 5.5]


def test_a_step_moves_every_weight_as_a_reader_computes() -> None:
    network = two_nodes()
    # The error is 33/4 - 1/4 = 8 at the output and at both nodes; a rate of 1/16 takes half of what each weight saw.
    network.backward(0.0625, [3.0], [0.25])
    assert network.to_table()[1] == [
        [[[1 - 1.5, 0.5 - 1.0, -1 - 2.0], [2 - 1.5, 0.25 - 1.0, 0.5 - 2.0]], [0.25 - 0.5, -0.5 - 0.5], [0.25, 8.0]],
        [[[1 - 0.125, 1 - 4.0]], [-0.5]],
    ]


def test_its_backward_pass_is_what_a_reader_derives() -> None:
    assert derive(LAYER_KINDS["Elman"].program) == Backward(
        steps=(Step("deltas", "scale_by_slope", ("error", "sums3", "outputs")),),
        share=(Step("share", "share_rows", ("weights", "deltas", "inputs")),),
        collects=(
            Collect("weights", None, "deltas", "inputs"),
            Collect("weights", "inputs", "deltas", "state"),
            Collect("biases", None, "deltas", None),
        ),
    )


def loss_at(network: Network, inputs: list[float], target: list[float]) -> float:
    outputs = network.copy().forward(inputs)
    return math.fsum((output - wanted) ** 2 / 2 for output, wanted in zip(outputs, target, strict=True))


# Central differences of this step are off by its square times the third derivative, which is below 100 here.
STEP, ALLOWED = 1e-5, 1e-8


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 5))
def test_gradients_are_those_of_differences(seed: int, inputs: int, nodes: int) -> None:
    """Of the state that the step reads, as for every layer that remembers."""
    network = network_of_kinds(("Elman", "Elman", "Dense"), "Tanh", seed=seed, sizes=(inputs, nodes, nodes + 1, 2))
    generator = np.random.default_rng(seed)
    sample, target = generator.uniform(-1, 1, inputs).tolist(), [0.25, 0.75]
    stepped = network.copy()
    stepped.backward(1.0, sample, target)
    for layer, after in zip(network.layers, stepped.layers, strict=True):
        for numbers, moved in ((layer.weights, after.weights), (layer.biases, after.biases)):
            expected = central(lambda: loss_at(network, sample, target), numbers, STEP)
            assert_allclose(numbers - moved, expected, rtol=0, atol=ALLOWED)


@pytest.mark.parametrize("seed", range(5))
def test_its_string_loads_with_all_that_it_remembers(seed: int) -> None:
    network = network_of_kinds(("Elman", "Recurrent", "Elman"), seed=seed, sizes=(3, 4, 2, 5))
    network.forward([0.5, -1.0, 2.0])
    loaded = Network.load(network.save())
    assert loaded.save() == network.save()
    assert [layer.kind for layer in loaded.layers] == ["Elman", "Recurrent", "Elman"]
    for layer, other in zip(network.layers, loaded.layers, strict=True):
        assert [bits(part) for part in layer.numbers] == [bits(part) for part in other.numbers]
    assert bits(loaded.forward([1.0, 0.0, -0.5])) == bits(network.forward([1.0, 0.0, -0.5]))


def test_it_learns_what_was_put_in_the_step_before() -> None:
    """Each step's target is the input before: nothing that a network without a memory can know."""
    network = network_of_kinds(("Elman", "Dense"), ("Tanh", "Sigmoid"), seed=1, sizes=(1, 6, 1))
    generator = np.random.default_rng(1)
    inputs = generator.integers(0, 2, 4000).astype(float)
    targets = np.concatenate([[0.0], inputs[:-1]])
    for value, target in zip(inputs, targets, strict=True):
        network.backward(0.05, [value], [target])
    told = [float(network.forward([value])[0]) for value in inputs[:200]]
    right = sum(abs(got - wanted) < 0.5 for got, wanted in zip(told[1:], targets[1:200], strict=True))
    # Who guesses is right half of the time.
    assert right > 180
