"""Networks: how they start, what they tell of themselves, how they become tables and copies."""

import json
import math
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ACTIVATIONS, ArgumentError, Network, Random
from engine.elementwise import Array
from tests.engine.samples import ACTIVATOR_NAMES, AWKWARD, BOUNDED_NAMES, bits, networks, tables

UNBOUNDED_NAMES = tuple(name for name in ACTIVATOR_NAMES if name not in BOUNDED_NAMES)


def rows(network: Network) -> list[Array]:
    """Each layer's weights as the table has them: in a recurrent layer, a node's own weight last."""
    return [layer.weights for layer in network.layers]


@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_weights_fill_the_he_uniform_range(recurrent: bool) -> None:
    network = Network.create(60, 2, 80, 50, "Tanh", recurrent, seed=11)
    own = int(recurrent)
    for weights, fan_in in zip(rows(network), (60 + own, 80 + own, 80 + own), strict=True):
        assert weights.shape[1] == fan_in
        limit = math.sqrt(6 / fan_in)
        # Of some 4000 numbers the outermost is nearer to the limit than 1 % but for a chance of e⁻²⁰.
        assert 0.99 * limit < weights.max() < limit
        assert -limit < weights.min() < -0.99 * limit
        # Four standard deviations of a mean, and of a mean square (variance 4/45 of limit⁴).
        assert abs(weights.mean()) < 4 * limit / math.sqrt(3 * weights.size)
        assert abs((weights**2).mean() - 2 / fan_in) < 4 * limit**2 * math.sqrt(4 / 45 / weights.size)
        assert np.any(weights[:, -1] != 0)


@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(1, 4),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=60)
def test_weights_are_drawn_layer_by_layer_and_node_by_node(
    inputs: int, hidden_layers: int, hidden_nodes: int, outputs: int, recurrent: bool, seed: int
) -> None:
    network = Network.create(inputs, hidden_layers, hidden_nodes, outputs, "Tanh", recurrent, seed=seed)
    again = Random(seed)
    nodes = [*[hidden_nodes] * hidden_layers, outputs]
    fans = [inputs + recurrent, *[hidden_nodes + recurrent] * hidden_layers]
    drawn = [
        [[(2 * again.uniform() - 1) * math.sqrt(6 / fan) for _ in range(fan)] for _ in range(count)]
        for count, fan in zip(nodes, fans, strict=True)
    ]
    assert [layer.tolist() for layer in rows(network)] == drawn


@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_a_network_of_one_layer_has_no_hidden_ones(recurrent: bool) -> None:
    state = [[0.0, 0.0]] if recurrent else []
    table = [1, [[[[1.0] * (1 + recurrent), [-1.0] * (1 + recurrent)], [0.0, 0.5], *state]], False, "Tanh"]
    network = Network.from_table(table)
    assert (network.hidden_layers, network.hidden_nodes, network.outputs) == (0, 0, 2)
    # The single name is of hidden layers; the output layer has Sigmoid, and its state is out of play.
    for _ in range(2):
        assert np.allclose(
            network.forward([2.0]), [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(1.5))], rtol=1e-15, atol=0
        )
    assert network.shape == f"1-2 Tanh{' recurrent' if recurrent else ''}"


def test_the_default_network_is_the_documented_one() -> None:
    network = Network.create(2, 2, 3, 1)
    assert network.activator == "LeakyReLU"
    assert [layer.activator for layer in network.layers] == ["LeakyReLU", "LeakyReLU", "Sigmoid"]
    assert [layer.biases.tolist() for layer in network.layers] == [[0.5] * 3, [0.5] * 3, [0.5]]
    assert not network.recurrent
    assert not network.best


@pytest.mark.parametrize("bias", [0, -0.0, -3.25, 1e308, np.float32(0.5)])
def test_every_bias_starts_at_the_default_bias(bias: float) -> None:
    network = Network.create(1, 1, 2, 2, "Tanh", True, bias, seed=0)
    assert [bits(layer.biases) for layer in network.layers] == [bits([float(bias)] * 2)] * 2


def test_a_recurrent_network_starts_with_an_empty_state() -> None:
    network = Network.create(2, 2, 3, 1, "Tanh", True, seed=0)
    states = [layer.state.tolist() for layer in network.layers if layer.state is not None]
    assert states == [[0.0] * 3, [0.0] * 3, [0.0]]


def test_the_same_seed_makes_the_same_network_and_another_one_another() -> None:
    def made(seed: int | Random | None) -> str:
        return Network.create(3, 1, 4, 2, seed=seed).save()

    assert made(5) == made(5) == made(Random(5)) == made(np.uint32(5))  # type: ignore[arg-type]  # numpy's integers do too
    assert made(5) != made(6)


def test_a_random_as_seed_is_drawn_on() -> None:
    stream, twin = Random(5), Random(5)
    first = Network.create(3, 1, 4, 2, seed=stream)
    second = Network.create(3, 1, 4, 2, seed=stream)
    for _ in range(4 * 3 + 2 * 4):
        twin.uniform()
    assert first.save() == Network.create(3, 1, 4, 2, seed=5).save()
    assert second.save() == Network.create(3, 1, 4, 2, seed=twin).save()
    assert stream.state == twin.state


@pytest.mark.parametrize("container", [list, tuple, np.array])
def test_a_list_names_the_activation_of_each_layer_and_of_the_output(container: type) -> None:
    names = ["Sin", "Gaussian", "Identity"]
    network = Network.create(2, 2, 3, 1, container(names), seed=0)
    assert network.activator == tuple(names)
    assert [layer.activator for layer in network.layers] == names
    assert json.loads(network.save())[3] == names


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_only_unbounded_recurrence_warns(name: str) -> None:
    expected = (
        f"{name} has an infinite range: the outputs of a recurrent network with it can grow without end. "
        "Choose a bounded one such as Tanh."
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Network.create(2, 1, 2, 1, name, False, seed=0)
        Network.create(2, 1, 2, 1, ["Tanh", name], True, seed=0)
        assert caught == []
        Network.create(2, 2, 2, 1, name, True, seed=0)
        Network.create(2, 2, 2, 1, ["Tanh", name, "Tanh"], True, seed=0)
    assert [(each.category, str(each.message)) for each in caught] == [(UserWarning, expected)] * (
        2 * (name in UNBOUNDED_NAMES)
    )
    assert all(each.filename == __file__ for each in caught)


def test_a_network_tells_its_shape() -> None:
    network = Network.create(4, 3, 5, 2, "Tanh", True, seed=0)
    assert (network.inputs, network.hidden_layers, network.hidden_nodes, network.outputs) == (4, 3, 5, 2)
    assert network.recurrent
    assert network.shape == "4-5-5-5-2 Tanh recurrent"
    assert repr(network) == "<Network 4-5-5-5-2 Tanh recurrent>"
    assert Network.create(1, 1, 2, 3, ["Sin", "Sinc"], seed=0).shape == "1-2-3 Sin/Sinc"


def test_whole_numbers_may_come_as_floats_and_numpy_numbers() -> None:
    expected = Network.create(4, 3, 5, 2, "Tanh", True, seed=1)
    network = Network.create(4.0, np.int64(3), np.float64(5), np.uint8(2), "Tanh", np.True_, seed=1)  # type: ignore[arg-type]  # numpy's numbers do too
    assert network.save() == expected.save()
    assert [type(number) for number in (network.inputs, network.outputs)] == [int, int]


@given(tables())
@settings(max_examples=100)
def test_tables_become_networks_and_tables_again_without_loss(table: list[object]) -> None:
    network = Network.from_table(table)
    # repr tells -0.0 from 0.0 and every double from every other.
    assert repr(network.to_table()) == repr(table)


def test_awkward_numbers_keep_their_bits() -> None:
    table = [len(AWKWARD), [[[list(AWKWARD)], [5e-324]], [[[-0.0]], [-0.0]]], True, "Tanh"]
    network = Network.from_table(table)
    assert bits(network.layers[0].weights[0]) == bits(AWKWARD)
    assert repr(network.to_table()) == repr(table)


def test_a_table_of_arrays_and_tuples_will_do_and_is_copied() -> None:
    weights = np.array([[0.5, -1.0]])
    network = Network.from_table((2.0, ((weights, (1,)), ([[2]], np.array([3.0]))), np.False_, ("Sin", "Tanh")))
    weights[:] = 9.0
    assert network.to_table() == [2, [[[[0.5, -1.0]], [1.0]], [[[2.0]], [3.0]]], False, ["Sin", "Tanh"]]


@given(networks(st.floats(-10, 10)))
@settings(max_examples=60)
def test_a_copy_is_equal_and_independent(network: Network) -> None:
    before = network.save()
    copy = network.copy()
    assert copy.save() == before
    copy.best = not copy.best
    copy.backward(1.0, [0.5] * copy.inputs, [2.0] * copy.outputs)
    for layer in copy.layers:
        layer.weights += 1.0
        layer.biases += 1.0
        if layer.state is not None:
            layer.state += 1.0
    assert network.save() == before


def test_a_table_is_a_copy() -> None:
    network = Network.create(1, 1, 1, 1, "Tanh", True, seed=0)
    before = network.save()
    table: list[list[list[list[float]]]] = network.to_table()  # type: ignore[assignment]  # the table is typed for what JSON may hold
    table[1][0][1][0] = 99.0
    table[1][0][2][0] = 99.0
    assert network.save() == before


def test_an_empty_batch_has_a_width() -> None:
    network = Network.create(2, 1, 2, 1, seed=1)
    assert network.forward(np.empty((0, 2))).shape == (0, 1)
    for width in (0, 1, 3):
        with pytest.raises(ArgumentError, match=r"^Wrong Arg#2: Inputs must be in an array of 2 numbers"):
            network.forward(np.empty((0, width)))


def test_a_numpy_boolean_marks_the_best_too() -> None:
    network = Network.create(2, 1, 2, 1, seed=1)
    network.best = np.greater(2, 1)
    assert network.save().endswith(',true,"LeakyReLU"]')


def test_a_loss_is_one_that_there_is() -> None:
    network = Network.create(2, 1, 3, 1, seed=1)
    wrong: Any
    for wrong in ("CrossEntropy", None, 3, ["HalfSquaredError"]):
        with pytest.raises(ValueError, match=r"^Loss must be one of HalfSquaredError.*, got .*\.$"):
            network.loss = wrong
    assert network.loss == "HalfSquaredError"
