"""Networks whose modules the tests look at, one for each way in which a module can be built, and how they look."""

import re
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from codegen.export.limits import Precision
from codegen.export.module import InferenceModule, Layout, inference_module
from codegen.runtimes import Handle
from engine import OUTPUT_ACTIVATIONS, Network, Random, Scaler
from engine.files.network_table import implied_kinds
from tests.engine.samples import network_of_kinds
from tests.parity.machine import Machine

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

Shape = tuple[int, int, int, int]
BATCH = 4
# Runs a module on many samples.
RUN_ALL = "local _, brain, all = ... for i, sample in ipairs(all) do all[i] = brain(sample) end return all"

every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
each_precision = pytest.mark.parametrize("precision", Precision, ids=lambda precision: precision.value)
with_and_without_memory = pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
# Each layout once feed-forward and once recurrent.
every_layout = pytest.mark.parametrize(
    ("shape", "recurrent"), list(zip(SHAPES, [True, False, True, False, True], strict=True)), ids=str
)

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


@cache
def sources() -> Mapping[str, str]:
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


def brain_in(machine: Machine, source: str) -> Handle:
    """A module, required in a machine."""
    return machine.runtime.require(source, "Brain")


def is_interpreted(machine: Machine) -> bool:
    """Whether Luau runs, and no native code."""
    return machine.runtime.runs_luau and machine.runtime.name != "lune-native"


def samples_for(made: Network) -> list[list[float]]:
    """A few samples that a network can take."""
    random = Random(7)
    return [[random.symmetric(2.0) for _ in range(made.inputs)] for _ in range(BATCH)]


def python_outputs(made: Network, samples: list[list[float]]) -> np.ndarray:
    """What a network gives for samples in Python, one after the other; it stays as it is."""
    copy = made.copy()
    return np.array([copy.forward(sample) for sample in samples])


def unwrapped(source: str) -> str:
    """A source whose comments go on in one line."""
    return re.sub(r"\n-- ", " ", source)
