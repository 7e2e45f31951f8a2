"""Forward and backward: arithmetic that a reader can check, differences, and the order of addition."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import ArrayLike

from engine import ACTIVATIONS, Network
from engine.elementwise import Array
from tests.engine.differences import fourth_order
from tests.engine.samples import ANY_SCALE, bits, networks, refused

EPSILON = float(np.finfo(np.float64).eps)


def feed_forward() -> Network:
    return Network.from_table(
        [
            2,
            [
                [[[0.5, 1.0], [-1.0, 0.25]], [0.5, 0.25]],
                [[[1.0, 1.0], [0.5, 1.0]], [0.5, 0.0]],
                [[[2.0, 4.0]], [-1.0]],
            ],
            False,
            ["Identity", "ReLU", "Identity"],
        ]
    )


def recurrent() -> Network:
    """In each row the last weight is the node's own; the output layer's 7 has nothing to say."""
    return Network.from_table(
        [
            1,
            [
                [[[0.5, 0.5], [-1.0, 2.0]], [0.5, 1.5], [0.0, 0.0]],
                [[[1.0, 2.0, 7.0]], [0.25], [0.0]],
            ],
            False,
            ["ReLU", "Identity"],
        ]
    )


def test_a_feed_forward_network_gives_what_a_reader_computes() -> None:
    # Identity: 2/2 + 1 + 1/2 = 2.5 and -2 + 1/4 + 1/4 = -1.5.
    # ReLU: 2.5 - 1.5 + 1/2 = 1.5 and 1.25 - 1.5 = -0.25, so 0. Output: 2 · 1.5 - 1 = 2.
    outputs, activations = feed_forward().forward([2.0, 1.0], give_cache=True)
    assert outputs.tolist() == [2.0]
    assert [layer.tolist() for layer in activations] == [[2.5, -1.5], [1.5, 0.0], [2.0]]


def test_a_step_of_a_feed_forward_network_gives_what_a_reader_computes() -> None:
    network = feed_forward()
    network.backward(0.5, [2.0, 1.0], [1.5])
    # Error 2 - 1.5 = 1/2, so the output moves by -1/4 times (1.5, 0, and 1 for the bias).
    # Upstream 2/2 = 1 and 4/2 = 2, but the second ReLU is shut: -1/2 times (2.5, -1.5, 1), and nothing.
    # Upstream again 1 and 1: -1/2 times (2, 1, 1) for both.
    assert network.to_table() == [
        2,
        [
            [[[-0.5, 0.5], [-2.0, -0.25]], [0.0, -0.25]],
            [[[-0.25, 1.75], [0.5, 1.0]], [0.0, 0.0]],
            [[[1.625, 4.0]], [-1.25]],
        ],
        False,
        ["Identity", "ReLU", "Identity"],
    ]


def test_a_recurrent_network_gives_what_a_reader_computes_over_two_steps() -> None:
    network = recurrent()
    # 1/2 + 0 + 1/2 = 1 and -1 + 0 + 3/2 = 1/2; output 1 + 1 + 1/4.
    assert network.forward([1.0]).tolist() == [2.25]
    assert states(network) == [[1.0, 0.5], [0.0]]
    # 1 + 1/2 + 1/2 = 2 and -2 + 2/2 + 3/2 = 1/2; output 2 + 1 + 1/4.
    assert network.forward([2.0]).tolist() == [3.25]
    assert states(network) == [[2.0, 0.5], [0.0]]


def test_a_step_of_a_recurrent_network_learns_from_the_state_it_read() -> None:
    network = recurrent()
    network.forward([1.0])
    network.backward(0.5, [2.0], [2.75])
    # Error 1/2, so the output moves by -1/4 times (2, 1/2, 1); its recurrent weight stays 7 and its state 0.
    # Upstream 1/2 and 1: -1/4 times (2, the state 1, 1) and -1/2 times (2, the state 1/2, 1).
    assert network.to_table() == [
        1,
        [
            [[[0.0, 0.25], [-2.0, 1.75]], [0.25, 1.0], [2.0, 0.5]],
            [[[0.5, 1.875, 7.0]], [0.0], [0.0]],
        ],
        False,
        ["ReLU", "Identity"],
    ]


def states(network: Network) -> list[object]:
    return [layer.state.tolist() for layer in network.layers if layer.state is not None]


def parameters(network: Network) -> list[Array]:
    """The arrays that learn; writing into them changes the network."""
    arrays = []
    for layer in network.layers:
        # Weights of a layer that are out of play have no gradient.
        columns = slice(None) if layer.remembers else slice(layer.inputs)
        arrays += [layer.weights[:, columns], layer.biases]
    return arrays


# With this seed no layer is dead and no difference reaches across a kink.
GRADIENT_SEED = 1
WITHOUT_SLOPE = {"Binary"}
STEP = 2.0**-10
# Fourth-order differences: truncation STEP⁴/30 times a fifth derivative of up to a thousand, rounding 2 epsilon/STEP.
GRADIENT_TOLERANCE = STEP**4 / 30 * 1000 + 2 * EPSILON / STEP + 2 * EPSILON


@pytest.mark.parametrize("is_recurrent", [False, True], ids=["feed-forward", "recurrent"])
@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.filterwarnings("ignore:.* has an infinite range")
def test_a_step_goes_along_the_gradient_of_half_the_squared_error(name: str, is_recurrent: bool) -> None:
    network = Network.create(3, 2, 3, 2, [name] * 3, is_recurrent, 0.25, GRADIENT_SEED)
    network.forward([0.3, -0.8, 0.6])
    inputs, target = [0.7, 0.2, -0.4], np.array([0.1, -0.3])
    read = network.copy()
    network.backward(1.0, inputs, target)

    def loss() -> float:
        error = read.copy().forward(inputs) - target
        return float(np.sum(error * error) / 2)

    for before, after in zip(parameters(read), parameters(network), strict=True):
        assert np.any(before != after) or name in WITHOUT_SLOPE
        np.testing.assert_allclose(before - after, fourth_order(loss, before, STEP), rtol=0, atol=GRADIENT_TOLERANCE)


def test_the_rate_scales_the_step_and_zero_changes_nothing() -> None:
    still = feed_forward()
    still.backward(0, [2.0, 1.0], [1.5])
    assert still.to_table() == feed_forward().to_table()
    quarter = feed_forward()
    quarter.backward(0.125, [2.0, 1.0], [1.5])
    # A quarter of the step from 2 to 1.625.
    assert quarter.layers[-1].weights.tolist() == [[1.90625, 4.0]]


def sum_of(weights: ArrayLike, bias: float = 0.0, own: float | None = None, previous: float = 0.0) -> Network:
    """One hidden Identity node with these weights, and an output that repeats it."""
    row = [*np.asarray(weights, dtype=np.float64).tolist(), *([] if own is None else [own])]
    hidden: list[object] = [[row], [bias]]
    output: list[object] = [[[1.0] if own is None else [1.0, 0.0]], [0.0]]
    layers = [hidden, output] if own is None else [[*hidden, [previous]], [*output, [0.0]]]
    return Network.from_table([len(row) - (own is not None), layers, False, ["Identity", "Identity"]])


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        # Next to 1e16, whose neighbours are 2 apart, a 1 is lost.
        ([1e16, 1.0, -1e16], 0.0),
        ([1e16, -1e16, 1.0], 1.0),
        ([1.0, 1e16, -1e16], 0.0),
        ([1e16, *[1.0] * 9, -1e16, 1.0], 1.0),
        ([*[1.0] * 9, 1e16, -1e16], 8.0),
    ],
)
def test_a_node_adds_its_inputs_from_left_to_right(weights: list[float], expected: float) -> None:
    network, ones = sum_of(weights), np.ones(len(weights))
    assert network.forward(ones).tolist() == [expected]
    assert network.forward(np.stack([ones] * 3)).tolist() == [[expected]] * 3


def test_the_recurrent_term_comes_after_the_inputs_and_the_bias_last() -> None:
    assert sum_of([1e16], bias=-1e16, own=1.0, previous=1.0).forward([1.0]).tolist() == [0.0]
    assert sum_of([1e16], bias=1.0, own=-1e16, previous=1.0).forward([1.0]).tolist() == [1.0]
    assert sum_of([1e16, -1e16], bias=1.0).forward([1.0, 1.0]).tolist() == [1.0]


@pytest.mark.parametrize(
    ("upstream", "expected"),
    [([1e16, 1.0, -1e16], 0.0), ([1e16, -1e16, 1.0], 1.0), ([1e16, *[1.0] * 30, -1e16, 1.0], 1.0)],
)
def test_backward_adds_the_errors_from_above_from_left_to_right(upstream: list[float], expected: float) -> None:
    # The hidden node gives 0, so every output is 0 and, with target -1, has error 1.
    layers = [[[[0.0]], [0.0]], [[[weight] for weight in upstream], [0.0] * len(upstream)]]
    network = Network.from_table([1, layers, False, ["Identity", "Identity"]])
    network.backward(1.0, [1.0], [-1.0] * len(upstream))
    assert network.layers[0].biases.tolist() == [-expected]
    assert network.layers[0].weights.tolist() == [[-expected]]


MODERATE = st.floats(-1e3, 1e3)


@given(st.integers(1, 40).flatmap(lambda n: hnp.arrays(np.float64, (4, n), elements=ANY_SCALE)), ANY_SCALE, ANY_SCALE)
@settings(max_examples=60)
def test_sums_have_the_bits_of_a_plain_loop(rows: Array, own: float, bias: float) -> None:
    weights, *samples = rows.tolist()
    expected = []
    for sample in samples:
        total = 0.0
        for x, w in zip(sample, weights, strict=True):
            total += x * w
        expected.append(total)
    assert bits(sum_of(weights, bias).forward(samples)[:, 0]) == bits([total + bias for total in expected])
    for sample, total in zip(samples, expected, strict=True):
        given_state = sum_of(weights, bias, own, previous=0.7)
        assert bits(given_state.forward(sample)) == bits([total + 0.7 * own + bias])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_batch_has_the_bits_of_its_samples_one_by_one(name: str) -> None:
    network = Network.create(5, 2, 7, 3, [name] * 3, seed=3)
    batch = np.random.default_rng(4).normal(0, 3, (37, 5))
    outputs, activations = network.forward(batch, give_cache=True)
    assert [layer.shape for layer in activations] == [(37, 7), (37, 7), (37, 3)]
    for index, sample in enumerate(batch):
        alone, layers = network.forward(sample, give_cache=True)
        assert bits(outputs[index]) == bits(alone)
        assert [bits(layer[index]) for layer in activations] == [bits(layer) for layer in layers]


@pytest.mark.parametrize("name", ["Sigmoid", "Tanh", "ReLU", "LeakyReLU", "SoftPlus"])
def test_the_matrix_product_is_close_to_the_ordered_sum(name: str) -> None:
    network = Network.create(30, 2, 40, 5, name, seed=8)
    batch = np.random.default_rng(8).normal(0, 2, (50, 30))
    exact, activations = network.forward(batch, give_cache=True)
    # Two sums of n products differ by at most 2 n epsilon Σ|w x|; an error that comes in grows by at most Σ|w|.
    # None of these slopes passes 1, and a formula's own rounding is below 8 epsilon of values of at least 1.
    bound, values = 0.0, batch
    for layer, outputs in zip(network.layers, activations, strict=True):
        growth = np.abs(layer.weights).sum(axis=1).max()
        terms = (np.abs(values) @ np.abs(layer.weights.T)).max()
        bound = growth * bound + 2 * (len(layer.weights[0]) + 1) * EPSILON * (terms + 1) + 8 * EPSILON * (terms + 1)
        values = outputs
    assert 0 < bound < 1e-10
    assert np.abs(network.forward_by_matrix_product(batch) - exact).max() <= bound
    assert np.abs(network.forward_by_matrix_product(batch[0]) - exact[0]).max() <= bound


def test_the_matrix_product_moves_a_recurrent_network_on_too() -> None:
    ordered, product = recurrent(), recurrent()
    for x in (1.0, 2.0):
        assert ordered.forward([x]).tolist() == product.forward_by_matrix_product([x]).tolist()
    assert states(ordered) == states(product)


@given(networks(MODERATE).filter(lambda network: network.recurrent), st.lists(MODERATE, min_size=3, max_size=3))
@settings(max_examples=30)
def test_the_recurrent_part_of_the_output_layer_stays_out_of_play(network: Network, x: list[float]) -> None:
    output = network.layers[-1]
    assert output.state is not None
    own, stored = output.weights[:, output.inputs].copy(), output.state.copy()
    other = network.copy()
    output_of_other = other.layers[-1]
    assert output_of_other.state is not None
    output_of_other.weights[:, output.inputs] = 5.0
    output_of_other.state[:] = 3.0
    inputs = x[: network.inputs]
    assert bits(network.forward(inputs)) == bits(other.forward(inputs))
    network.backward(0.01, inputs, [0.5] * network.outputs)
    assert bits(output.weights[:, output.inputs]) == bits(own)
    assert bits(output.state) == bits(stored)


def test_a_forgotten_state_starts_the_same_sequence_again() -> None:
    network = Network.create(2, 2, 3, 1, "Tanh", True, seed=6)
    rng = np.random.default_rng(6)
    sequence = rng.normal(size=(4, 2))
    first = [bits(network.forward(x)) for x in sequence]
    assert bits(network.forward(sequence[0])) != first[0]
    before = network.copy()
    network.reset_state()
    assert all(not np.any(layer.state) for layer in network.layers if layer.state is not None)
    assert [bits(one) for one in parameters(network)] == [bits(one) for one in parameters(before)]
    assert [bits(network.forward(x)) for x in sequence] == first


def test_forgetting_does_nothing_to_a_feed_forward_network() -> None:
    network = feed_forward()
    network.reset_state()
    assert network.to_table() == feed_forward().to_table()


@pytest.mark.parametrize("batch", [[[1.0], [2.0]], np.ones((2, 1)), np.ones((1, 1)), np.ones((0, 1))])
def test_a_recurrent_network_takes_no_batch(batch: ArrayLike) -> None:
    network = recurrent()
    got = f"an array of {len(batch)}" if len(batch) else "an empty table"  # type: ignore[arg-type]  # every batch of these has a length
    expected = f"Wrong Arg#2: Inputs must be one sample at a time for a recurrent network, got {got}."
    assert refused(lambda: network.forward(batch)) == expected
    assert refused(lambda: network.forward_by_matrix_product(batch)) == expected
    assert network.to_table() == recurrent().to_table()


EIGHTHS = [0.125, -2.0]


@pytest.mark.parametrize(
    "inputs",
    [
        tuple(EIGHTHS),
        np.array(EIGHTHS),
        np.array(EIGHTHS, dtype=np.float32),
        np.array(EIGHTHS, dtype=np.float16),
        np.array([0.125, 9.0, -2.0, 9.0])[::2],
        [np.float32(0.125), -2],
        [Fraction(1, 8), np.longdouble(-2)],
    ],
    ids=["tuple", "float64", "float32", "float16", "strided", "mixed", "fractions"],
)
def test_numbers_of_every_type_work_the_same(inputs: ArrayLike) -> None:
    expected = feed_forward()
    expected.backward(0.5, EIGHTHS, [1.5])
    network = feed_forward()
    assert bits(network.forward(inputs)) == bits(network.forward(EIGHTHS))
    network.backward(np.float32(0.5), inputs, np.array([1.5], dtype=np.float32))  # type: ignore[arg-type]  # numpy's numbers do too
    assert network.save() == expected.save()


def test_inputs_and_targets_stay_as_they_are() -> None:
    network, inputs, target = feed_forward(), np.array([2.0, 1.0]), np.array([1.5])
    network.forward(inputs)
    network.backward(0.5, inputs, target)
    assert inputs.tolist() == [2.0, 1.0]
    assert target.tolist() == [1.5]


def test_what_forward_returns_is_not_the_state() -> None:
    network = recurrent()
    _, activations = network.forward([1.0], give_cache=True)
    activations[0][:] = 99.0
    assert states(network) == [[1.0, 0.5], [0.0]]


def test_training_brings_the_output_to_the_target() -> None:
    network = Network.create(2, 1, 3, 1, "Tanh", seed=1)
    for _ in range(500):
        network.backward(0.5, [0.5, -0.5], [0.8])
    assert abs(network.forward([0.5, -0.5])[0] - 0.8) < 1e-3
