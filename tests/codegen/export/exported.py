"""Networks whose modules the tests look at: one for each way in which a module can be built."""

from functools import cache

import numpy as np

from codegen.export.limits import Precision
from codegen.export.module import InferenceModule, Layout, inference_module
from engine import OUTPUT_ACTIVATIONS, Network, Scaler
from engine.files.network_table import implied_kinds
from tests.engine.samples import network_of_kinds

# Shapes, one of them without a hidden layer, each with the layout that it gets: in one function; split over functions,
# with nodes left over; packed, with one input block and one group of nodes, and with several of both and some left
# over.
SHAPES = {
    (2, 2, 3, 1): Layout.UNROLLED,
    (9, 2, 13, 3): Layout.UNROLLED,
    (5, 0, 0, 3): Layout.UNROLLED,
    (60, 1, 2, 9): Layout.PACKED,
    (130, 2, 11, 10): Layout.PACKED,
}

# Kinds of the hidden layers and of the output layer, which remembers nothing in one half.
KINDS_OF_SHARED = (("Dense", "Dense"), ("Recurrent", "RecurrentOutput"), ("Dense", "Recurrent"))


@cache
def network(
    shape: tuple[int, int, int, int], activator: str | tuple[str, ...] = "Tanh", recurrent: bool = False
) -> Network:
    """A network of that shape; a recurrent one has a state."""
    made = _made(shape, activator, recurrent)
    for layer in made.layers:
        layer.biases *= 0.3
        if layer.remembers:
            layer.state = layer.biases * 0.5
    return made


def _made(shape: tuple[int, int, int, int], activator: str | tuple[str, ...], recurrent: bool) -> Network:
    inputs, hidden_layers, _, outputs = shape
    if hidden_layers:
        return Network.create(*shape, activator, recurrent, seed=sum(shape))
    kinds = implied_kinds(1, with_state=recurrent)
    return network_of_kinds(kinds, activator, seed=sum(shape), sizes=(inputs, outputs))


@cache
def exported(
    shape: tuple[int, int, int, int],
    activator: str | tuple[str, ...] = "Tanh",
    recurrent: bool = False,
    precision: Precision = Precision.F64,
) -> InferenceModule:
    """Its module."""
    return inference_module(network(shape, activator, recurrent), precision)


@cache
def scaled(shape: tuple[int, int, int, int], recurrent: bool = False) -> Network:
    """The network of that shape with names and with scalers, of outputs beyond those that it has without."""
    table = network(shape, "Tanh", recurrent).to_table()
    made = Network.from_table([*table[:4], {"inputs": [f"input {index}" for index in range(shape[0])]}])
    columns = np.arange(max(shape), dtype=float)
    made.set_scaler(
        Scaler("Standard", columns[: shape[0]] - 2.0, columns[: shape[0]] / 3 + 0.1),
        Scaler("MinMax", -columns[: shape[3]], columns[: shape[3]] + 7.0),
    )
    return made


@cache
def scaled_module(
    shape: tuple[int, int, int, int], recurrent: bool = False, precision: Precision = Precision.F64
) -> InferenceModule:
    """Its module."""
    return inference_module(scaled(shape, recurrent), precision)


def shared(shape: tuple[int, int, int, int], name: str, kinds: tuple[str, str] = KINDS_OF_SHARED[0]) -> Network:
    """A network of that shape with an activation that only output layers have; the kinds of its layers: the last's."""
    inputs, hidden, nodes, outputs = shape
    return network_of_kinds(
        (kinds[0],) * hidden + kinds[1:],
        ("Tanh",) * hidden + (name,),
        seed=sum(shape),
        sizes=(inputs, *[nodes] * hidden, outputs),
    )


def sources() -> dict[str, str]:
    """A source for each way to build a module, by its name."""
    doubles = {
        f"{'-'.join(map(str, shape))}{'-recurrent' * recurrent}": exported(
            shape, "Swish" if not recurrent else "Sinc", recurrent
        ).source
        for shape in SHAPES
        for recurrent in (False, True)
    }
    choices = {"choices": exported((2, 2, 3, 1), ("ReLU", "LeakyReLU", "Binary")).source}
    shares = {
        f"{'-'.join(map(str, shape))}-{name}-{'-'.join(kinds)}": inference_module(shared(shape, name, kinds)).source
        for shape in SHAPES
        for name in OUTPUT_ACTIVATIONS
        for kinds in KINDS_OF_SHARED
    }
    singles = {f"{'-'.join(map(str, shape))}-f32": exported(shape, precision=Precision.F32).source for shape in SHAPES}
    scalers = {f"scaled-{shape}": scaled_module(shape).source for shape in SHAPES}
    return doubles | choices | shares | singles | scalers
