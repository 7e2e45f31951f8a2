"""Derived backward passes: what a reader derives, differences of networks and of programs made up, and refusals."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Network, propagation
from engine.elementwise import Array, elementwise
from engine.formulas.activations import tanh, tanh_slope
from engine.formulas.registry import LOSSES
from engine.layer import Layer
from engine.layers.array_code import code_of_program
from engine.layers.array_loops import BY_MATRIX_PRODUCT, ORDERED, Loops
from engine.layers.derivative import ERROR, Backward, Collect, derive
from engine.layers.operations import Parts, add_row_sums, own_column, row_sums
from engine.layers.program import Program, ProgramError, Step, read_program
from engine.layers.records import LayerKind
from engine.layers.registry import LAYER_KINDS
from engine.training.updates import Place
from tests.engine.differences import fourth_order
from tests.engine.samples import bits

EPSILON = float(np.finfo(np.float64).eps)


def test_the_backward_pass_of_dense_nodes_is_what_a_reader_derives() -> None:
    assert derive(LAYER_KINDS["Dense"].program) == Backward(
        steps=(Step("deltas", "scale_by_slope", ("error", "sums2", "outputs")),),
        share=(Step("share", "share_rows", ("weights", "deltas", "inputs")),),
        collects=(Collect("weights", None, "deltas", "inputs"), Collect("biases", None, "deltas", None)),
    )


def test_nodes_that_see_their_own_output_learn_from_the_state_that_they_read() -> None:
    assert derive(LAYER_KINDS["Recurrent"].program) == Backward(
        steps=(Step("deltas", "scale_by_slope", ("error", "sums3", "outputs")),),
        share=(Step("share", "share_rows", ("weights", "deltas", "inputs")),),
        collects=(
            Collect("weights", None, "deltas", "inputs"),
            Collect("own", "inputs", "deltas", "state"),
            Collect("biases", None, "deltas", None),
        ),
    )


def gated(layer: Parts, inputs: Array) -> Array:
    """Two sums of the inputs, one the gate of the other."""
    sums = row_sums(layer.weights, inputs) + layer.biases
    gate = layer.activation(add_row_sums(layer.biases, layer.weights, inputs, inputs))
    outputs = sums * gate - sums
    return outputs


def test_steps_share_in_the_order_of_columns_after_all_that_is_elementwise() -> None:
    program = Program(
        (
            Step("sums", "row_sums", ("weights", "inputs")),
            Step("gates", "add_row_sums", ("biases", "weights", "inputs", "inputs")),
            Step("gate", "activation", ("gates",)),
            Step("product", "multiply", ("sums", "gate")),
            Step("outputs", "subtract", ("product", "sums")),
        ),
        "outputs",
        None,
    )
    assert derive(program) == Backward(
        steps=(
            Step("deltas", "negate", ("error",)),
            Step("deltas2", "multiply", ("error", "gate")),
            Step("deltas3", "add", ("deltas", "deltas2")),
            Step("deltas4", "multiply", ("error", "sums")),
            Step("deltas5", "scale_by_slope", ("deltas4", "gates", "gate")),
        ),
        share=(
            Step("share", "share_rows", ("weights", "deltas3", "inputs")),
            Step("share2", "add_share_rows", ("share", "weights", "deltas5", "inputs", "inputs")),
        ),
        collects=(
            Collect("weights", None, "deltas3", "inputs"),
            Collect("weights", "inputs", "deltas5", "inputs"),
            Collect("biases", None, "deltas5", None),
        ),
    )


def test_a_weight_that_is_used_twice_is_collected_once() -> None:
    program = Program(
        (
            Step("sums", "row_sums", ("weights", "inputs")),
            Step("column", "own_column", ("weights", "inputs")),
            Step("product", "multiply", ("sums", "column")),
            Step("outputs", "add", ("product", "column")),
        ),
        "outputs",
        None,
    )
    backward = derive(program)
    own = [each for each in backward.collects if each.part == "own"]
    assert own == [Collect("own", "inputs", "deltas3", None)]
    assert backward.steps == (
        Step("deltas", "multiply", ("error", "column")),
        Step("deltas2", "multiply", ("error", "sums")),
        Step("deltas3", "add", ("deltas2", "error")),
    )


def alone(*steps: Step) -> Program:
    return Program(steps, steps[-1].target, None)


OVERLAP = (
    "a program: the columns of weights that it uses overlap ({}); write the first ones for inputs, and one thing more "
    "at most, after inputs."
)


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (
            alone(Step("outputs", "add", ("biases", "biases"))),
            "a program: `outputs` is put out, and does not come of the inputs; write one that does.",
        ),
        (
            # Their length alone is nothing that comes of them.
            alone(Step("outputs", "own_column", ("weights", "inputs"))),
            "a program: `outputs` is put out, and does not come of the inputs; write one that does.",
        ),
        (
            alone(
                Step("sums", "row_sums", ("weights", "inputs")),
                Step("column", "own_column", ("weights", "inputs")),
                Step("sums2", "add", ("sums", "column")),
                Step("outputs", "add_row_sums", ("sums2", "weights", "state", "inputs")),
            ),
            OVERLAP.format("after inputs and after inputs and the first"),
        ),
        (
            alone(
                Step("sums", "row_sums", ("weights", "inputs")),
                Step("outputs", "add_row_sums", ("sums", "weights", "state", "biases")),
            ),
            OVERLAP.format("after biases and the first"),
        ),
    ],
    ids=["no inputs", "their length", "two after", "elsewhere"],
)
def test_a_program_without_a_gradient_of_its_own_is_refused(program: Program, sentence: str) -> None:
    with pytest.raises(ProgramError) as caught:
        derive(program)
    assert str(caught.value) == sentence


# Differences.


STEP = 2.0**-9


def differences(loss: Callable[[], float], array: Array) -> tuple[Array, Array]:
    """The derivatives by all numbers of an array, and how far they may be off: what half the step changes, and more."""
    far, near = (fourth_order(loss, array, step) for step in (STEP, STEP / 2))
    size = max(1.0, abs(loss()), float(np.abs(near).max(initial=0.0)))
    return near, np.abs(near - far) + 64 * EPSILON * size / STEP


def assert_near(got: Array, loss: Callable[[], float], array: Array) -> None:
    expected, slack = differences(loss, array)
    assert got.shape == array.shape
    assert (np.abs(got - expected) <= slack).all(), (got, expected, slack)


class Gradients:
    """An update that changes nothing and puts down the gradient of everything."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.parts = [{part: np.zeros_like(getattr(layer, part)) for part in ("weights", "biases")} for layer in layers]
        self.places: list[Place] = []

    def checkpoint(self) -> Callable[[], None]:
        return lambda: None

    def begin(self) -> None:
        assert not self.places

    def apply(self, place: Place, parameters: Array, deltas: Array, values: Array | float) -> None:
        assert deltas.shape == (len(parameters), 1)
        self.apply_gradient(place, parameters, np.broadcast_to(deltas * values, parameters.shape))

    def apply_gradient(self, place: Place, parameters: Array, gradient: Array) -> None:
        assert parameters.shape == gradient.shape
        view = self.parts[place.layer][place.part][place.at]
        assert not view.any()
        view[...] = gradient
        self.places.append(place)

    def end(self, layers: Sequence[Layer]) -> None:
        pass

    def observe(self, loss: float) -> None:
        pass


LOSS = LOSSES["HalfSquaredError"]


def network_of(kind: LayerKind, activator: str = "Tanh", layers: int = 3) -> Network:
    """A network whose layers are all of one kind, with states that are not zero."""
    generator = np.random.default_rng(5)
    width, made = 3, []
    for nodes in (4, 2, 3, 2)[:layers]:
        columns = int(kind.columns(width, nodes))
        weights, biases = generator.uniform(-0.9, 0.9, (nodes, columns)), generator.uniform(-0.5, 0.5, nodes)
        state = generator.uniform(-0.8, 0.8, nodes) if kind.has_state else None
        made.append(Layer(kind.name, width, weights, biases, activator, state))
        width = nodes
    return Network(made, [activator] * layers)


def numbers(network: Network) -> bytes:
    return b"".join(bits(array) for layer in network.layers for array in layer.numbers)


@pytest.mark.parametrize("kind", LAYER_KINDS.values(), ids=lambda kind: kind.name)
def test_the_gradient_of_every_kind_is_that_of_its_differences(kind: LayerKind) -> None:
    network = network_of(kind)
    inputs, target = np.array([0.3, -0.8, 0.6]), np.full(network.outputs, 0.25)
    at_first = network.copy()

    def loss() -> float:
        outputs = propagation.forward(at_first.copy().layers, inputs)[-1].outputs
        return sum(map(LOSS.value, outputs.tolist(), target.tolist()))

    gradients = Gradients(network.layers)
    assert propagation.backward(network.layers, gradients, inputs, target, LOSS) == pytest.approx(loss(), rel=1e-14)
    for layer, parts in zip(at_first.layers, gradients.parts, strict=True):
        assert_near(parts["weights"], loss, layer.weights)
        assert_near(parts["biases"], loss, layer.biases)
        assert parts["weights"][:, : layer.inputs].all()


@pytest.mark.parametrize(
    "kind", [each for each in LAYER_KINDS.values() if not each.has_state], ids=lambda each: each.name
)
@pytest.mark.parametrize("ordered", [False, True], ids=["matrix products", "ordered"])
def test_the_gradient_of_a_batch_is_the_mean_of_its_samples(kind: LayerKind, ordered: bool) -> None:
    network, generator = network_of(kind), np.random.default_rng(6)
    inputs, targets = generator.normal(size=(7, network.inputs)), generator.normal(size=(7, network.outputs))
    each, together = [Gradients(network.layers) for _ in inputs], Gradients(network.layers)
    losses = [
        propagation.backward(network.layers, gradients, sample, target, LOSS)
        for gradients, sample, target in zip(each, inputs, targets, strict=True)
    ]
    together_losses = propagation.backward_batch(network.layers, together, inputs, targets, LOSS, ordered=ordered)
    assert together_losses.tolist() == pytest.approx(losses, rel=1e-14)
    for index, parts in enumerate(together.parts):
        for part, got in parts.items():
            expected = np.zeros_like(got)
            for one in each:
                expected += one.parts[index][part]
            expected /= len(each)
            if ordered:
                assert bits(got) == bits(expected)
            np.testing.assert_allclose(got, expected, rtol=0, atol=1e-14)


# Programs that nobody has written: straight lines of all operations, with as much memory as they like.

UNARY = ("activation",)
BINARY = ("add", "subtract", "multiply")


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Programs whose outputs come of the inputs."""
    # What lies after the weights of the inputs: nothing, one column, or weights of something.
    further = draw(st.sampled_from(["nothing", "own", "rows"]))
    names, steps = ["biases", "state"], [Step("n0", "row_sums", ("weights", "inputs"))]
    names.append("n0")
    values = None
    for number in range(1, draw(st.integers(1, 7))):
        target = f"n{number}"
        operation = draw(
            st.sampled_from([*UNARY, *BINARY, "row_sums", *([] if further == "nothing" else [further] * 3)])
        )
        some = st.sampled_from(names)
        if operation == "own":
            step = Step(target, "own_column", ("weights", "inputs"))
        elif operation == "rows":
            values = values or draw(st.sampled_from(["inputs", *names]))
            step = Step(target, "add_row_sums", (draw(some), "weights", values, "inputs"))
        elif operation == "row_sums":
            step = Step(target, "row_sums", ("weights", "inputs"))
        else:
            step = Step(target, operation, tuple(draw(some) for _ in range(1 if operation in UNARY else 2)))
        steps.append(step)
        names.append(target)
    last = Step("outputs", draw(st.sampled_from(["add", "subtract"])), (names[-1], draw(st.sampled_from(names[:-1]))))
    comes_of = {"inputs"}
    for step in [*steps, last]:
        operands = step.operands[:-1] if step.operation in ("add_row_sums", "own_column") else step.operands
        comes_of |= {step.target} if comes_of & {*operands} else set()
    # Whatever it is, with the sums of the inputs on top it comes of them.
    closing = (
        [last]
        if "outputs" in comes_of
        else [Step("n", last.operation, last.operands), Step("outputs", "add", ("n", "n0"))]
    )
    return Program((*steps, *closing), "outputs", "outputs")


ACTIVATION, SLOPE = elementwise(tanh), elementwise(tanh_slope)


def known_of(seed: int, nodes: int, width: int) -> dict[str, Array]:
    generator = np.random.default_rng(seed)
    shapes = {"weights": (nodes, width + max(nodes, width)), "biases": (nodes,), "state": (nodes,), "inputs": (width,)}
    return {name: generator.uniform(-0.9, 0.9, shape) for name, shape in shapes.items()}


@settings(max_examples=150, deadline=None)
@given(
    programs(),
    st.integers(0, 2**32 - 1),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from([ORDERED, BY_MATRIX_PRODUCT]),
)
def test_the_gradient_of_any_program_is_that_of_its_differences(
    program: Program, seed: int, nodes: int, width: int, loops: Loops
) -> None:
    at_first, error = known_of(seed, nodes, width), np.linspace(0.5, 1.0, nodes)
    code = code_of_program(program)

    def loss() -> float:
        known = dict(at_first)
        code.forward(known, loops, ACTIVATION)
        return float(known["outputs"] @ error)

    known = {**at_first, ERROR: error}
    code.forward(known, loops, ACTIVATION)
    code.backward(known, loops, lambda error, sums, outputs: error * SLOPE(sums, outputs))
    code.share(known, loops)
    assert_near(known[code.share_name], loss, at_first["inputs"])
    weights, biases = np.zeros_like(at_first["weights"]), np.zeros_like(at_first["biases"])
    for collect in code.collects:
        deltas = known[collect.deltas]
        values: Any = 1.0 if collect.values is None else known[collect.values]
        first = 0 if collect.after is None else len(known[collect.after])
        if collect.part == "weights":
            weights[:, first : first + len(values)] += np.outer(deltas, values)
        elif collect.part == "own":
            weights[:, first] += deltas * values
        else:
            biases += deltas * values
    assert_near(weights, loss, at_first["weights"])
    assert_near(biases, loss, at_first["biases"])


def test_what_comes_of_the_state_alone_is_a_constant() -> None:
    program = read_program(remembering)
    backward = derive(program)
    assert all("state" not in step.operands for step in (*backward.steps, *backward.share))
    assert [each.values for each in backward.collects] == ["inputs", "seen", None]


def remembering(layer: Parts, inputs: Array) -> tuple[Array, Array]:
    """Sums of the inputs, and each node's square of its state."""
    seen = layer.state * layer.state
    outputs = row_sums(layer.weights, inputs) + seen * own_column(layer.weights, inputs) + layer.biases
    return outputs, outputs


def test_a_gate_learns_too() -> None:
    # (w + b)(b + v) - (w + b) of one input 1, w = 2, b = 3 and v = 4, all of it identities: by w and by b + v.
    known = {"weights": np.array([[2.0, 4.0]]), "biases": np.array([3.0]), "inputs": np.ones(1), ERROR: np.ones(1)}
    code = code_of_program(read_program(gated))
    code.forward(known, ORDERED, lambda x: x)
    code.backward(known, ORDERED, lambda error, x, y: error)
    code.share(known, ORDERED)
    assert known[code.outputs].tolist() == [5 * 7 - 5]
    collected = {(each.part, each.after): known[each.deltas].tolist() for each in code.collects}
    assert collected == {("weights", None): [6.0], ("weights", "inputs"): [5.0], ("biases", None): [11.0]}
    assert known[code.share_name].tolist() == [6.0 * 2 + 5.0 * 4]
