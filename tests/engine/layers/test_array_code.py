"""What is made of programs for arrays gives the bits of the programs themselves, which run by the plain loops."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import ACTIVATIONS, propagation
from engine.elementwise import Array, elementwise
from engine.layer import Layer
from engine.layers import derivative, operations
from engine.layers.array_code import code_of, code_of_program
from engine.layers.array_loops import BY_MATRIX_PRODUCT, ORDERED, MatrixProducts, Ordered
from engine.layers.program import Program, Step, read_program
from engine.layers.records import LayerKind
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import ANY_SCALE, bits

EPSILON = float(np.finfo(np.float64).eps)


class PlainParts:
    """A layer as its program sees it when it runs as it is."""

    def __init__(self, layer: Layer) -> None:
        self.weights, self.biases = layer.weights, layer.biases
        self.state = np.zeros(0) if layer.state is None else layer.state
        self._value = elementwise(ACTIVATIONS[layer.activator].value)

    def activation(self, sums: Array) -> Array:
        return self._value(sums)


def layer_of(kind: LayerKind, inputs: int, nodes: int, activator: str, generator: np.random.Generator) -> Layer:
    weights = generator.normal(size=(nodes, int(kind.columns(inputs, nodes))))
    state = generator.normal(size=nodes) if kind.has_state else None
    return Layer(kind.name, inputs, weights, generator.normal(size=nodes), activator, state)


KINDS = pytest.mark.parametrize("kind", LAYER_KINDS.values(), ids=lambda kind: kind.name)


@KINDS
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20), st.sampled_from(sorted(ACTIVATIONS)))
def test_a_layer_has_the_bits_of_its_program(
    kind: LayerKind, seed: int, inputs: int, nodes: int, activator: str
) -> None:
    generator = np.random.default_rng(seed)
    layer = layer_of(kind, inputs, nodes, activator, generator)
    for _ in range(2):
        values = generator.normal(size=inputs)
        parts = PlainParts(layer)
        expected = kind.forward(parts, values)
        read = None if layer.state is None else layer.state.copy()
        done = propagation.forward_layer(layer, values, ORDERED)
        outputs, state = expected if kind.program.state is not None else (expected, read)
        assert bits(done.outputs) == bits(outputs)
        if state is not None:
            assert layer.state is not None
            assert bits(layer.state) == bits(state)


@KINDS
def test_the_state_that_a_step_read_is_known_after_it(kind: LayerKind) -> None:
    layer = layer_of(kind, 3, 4, "Tanh", np.random.default_rng(1))
    if layer.state is None:
        return
    read = layer.state.copy()
    done = propagation.forward_layer(layer, np.ones(3), ORDERED)
    assert bits(done.known["state"]) == bits(read)
    assert layer.state is not done.outputs


ROWS = st.lists(ANY_SCALE, min_size=4, max_size=4).map(np.array)


@given(st.lists(ROWS, min_size=3, max_size=3), ROWS, ROWS)
def test_ordered_sums_are_those_of_the_programs_words(rows: list[Array], values: Array, sums: Array) -> None:
    weights, of_nodes = np.array(rows), sums[:3]
    assert bits(ORDERED.row_sums(weights, values)) == bits(operations.row_sums(weights, values))
    after, two = np.zeros(2), values[:2]
    expected = operations.add_row_sums(of_nodes, weights, two, after)
    assert bits(ORDERED.add_row_sums(of_nodes, weights, two, after)) == bits(expected)


@pytest.mark.parametrize("of_samples", [(), (5,)], ids=["one", "batch"])
@pytest.mark.parametrize("sums_of_samples", [False, True], ids=["the same sums for all", "sums of samples"])
def test_both_ways_of_adding_agree(of_samples: tuple[int, ...], sums_of_samples: bool) -> None:
    generator = np.random.default_rng(2)
    weights, after = generator.normal(size=(3, 9)), np.zeros(4)
    sums = generator.normal(size=(*(of_samples if sums_of_samples else ()), 3))
    values, deltas = generator.normal(size=(*of_samples, 5)), generator.normal(size=(*of_samples, 3))
    share = generator.normal(size=(*of_samples, 5))

    def all_of(loops: Ordered | MatrixProducts) -> Iterable[Array]:
        before = [each.copy() for each in (weights, sums, values, deltas, share)]
        yield loops.row_sums(weights, values)
        yield loops.add_row_sums(sums, weights, values, after)
        yield loops.share_rows(weights, deltas, values)
        yield loops.share_rows(weights, deltas, values, after)
        yield loops.add_share_rows(share, weights, deltas, values)
        yield loops.add_share_rows(share, weights, deltas, values, after)
        if of_samples:
            yield loops.gradient(deltas, values)
            yield loops.gradient(deltas, values[0])
            yield loops.total(deltas)
        for array, old in zip((weights, sums, values, deltas, share), before, strict=True):
            assert bits(array) == bits(old)

    for ordered, product in zip(all_of(ORDERED), all_of(BY_MATRIX_PRODUCT), strict=True):
        assert ordered.shape == product.shape
        np.testing.assert_allclose(ordered, product, rtol=0, atol=100 * EPSILON)


def test_what_no_later_pass_needs_is_given_back() -> None:
    known = {"weights": np.ones((2, 3)), "biases": np.ones(2), "inputs": np.ones(3)}
    code_of_program(LAYER_KINDS["Dense"].program).forward(known, ORDERED, lambda x: x)
    assert known.keys() == {"weights", "biases", "inputs", "sums2", "outputs"}


def test_every_operation_has_a_pass() -> None:
    # A result that nothing uses is no reason to fail.
    steps = (
        Step("unused", "own_column", ("weights", "inputs")),
        Step("sums", "row_sums", ("weights", "inputs")),
        Step("unused2", "activation", ("sums",)),
        Step("outputs", "subtract", ("sums", "biases")),
    )
    known = {"weights": np.array([[2.0, 7.0]]), "biases": np.array([0.5]), "inputs": np.array([3.0])}
    code = code_of_program(Program(steps, "outputs", None))
    code.forward(known, ORDERED, np.tanh)
    assert known["outputs"].tolist() == [5.5]
    known[derivative.ERROR] = np.array([2.0])
    code.backward(known, ORDERED, lambda error, x, y: error * y)
    code.share(known, ORDERED)
    assert known[code.share_name].tolist() == [4.0]


def test_code_is_made_once() -> None:
    forward = LAYER_KINDS["Dense"].forward
    assert code_of(forward) is code_of(forward)
    assert read_program(forward) is read_program(forward)
