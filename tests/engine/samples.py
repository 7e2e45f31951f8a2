"""What several tests of the engine share: exact comparison, networks of all shapes, refusals."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from engine import ACTIVATIONS, ArgumentError, Network, Random
from engine.describe import is_name
from engine.elementwise import arguments_of
from engine.files.extras import EXCLUSIVE
from engine.formulas.registry import ALL_ACTIVATIONS, LOSSES, SCALERS
from engine.interface.limits import LONGEST_NAME
from engine.layers.registry import LAYER_KINDS

ACTIVATOR_NAMES, OUTPUT_NAMES = tuple(ACTIVATIONS), tuple(ALL_ACTIVATIONS)
BOUNDED_NAMES = tuple(name for name, each in ACTIVATIONS.items() if each.bounded)

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ANY_SCALE = st.builds(lambda sign, exponent: sign * 10.0**exponent, st.sampled_from((-1.0, 1.0)), st.floats(-20, 20))
LARGEST = 1.7976931348623157e308
SMALLEST = 5e-324
AWKWARD = (0.0, -0.0, SMALLEST, -SMALLEST, 2.2250738585072014e-308, 0.1, 1 / 3, 123456789012345680.0, LARGEST, -LARGEST)
# For tests whose data is made for its numbers, and not to be learnt.
ODD_DATA = pytest.mark.filterwarnings(r"ignore:(samples|targets)\[")


def bits(numbers: ArrayLike) -> bytes:
    """The very doubles, so that a comparison tells -0.0 from 0.0."""
    return np.asarray(numbers, dtype=np.float64).tobytes()


def by_name(formula: Callable[..., float], known: Mapping[str, float]) -> Callable[..., float]:
    """A formula that is called with names, more than it takes; what it takes besides is known."""
    names = arguments_of(formula)
    return lambda **given: formula(*(given[each] if each in given else known[each] for each in names))


def double_floor(number: float) -> float:
    """The floor as a double that keeps the sign of zero, as Luau has it; Python's is an integer."""
    return math.copysign(float(math.floor(number)), number) if math.isfinite(number) else number


def refused(call: Callable[[], object]) -> str:
    """The sentence with which a call is refused."""
    with pytest.raises(ArgumentError) as caught:
        call()
    return str(caught.value)


@st.composite
def tables(draw: st.DrawFn, numbers: st.SearchStrategy[float] = FINITE) -> list[object]:
    """Network tables of all shapes: any sizes, feed-forward or recurrent, one activator or one for each layer."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    recurrent = draw(st.booleans())
    layers = [
        draw(_layers(fan_in + recurrent, nodes, numbers, has_state=recurrent)) for fan_in, nodes in pairwise(sizes)
    ]
    return [sizes[0], layers, draw(st.booleans()), draw(_activators(len(layers)))]


@st.composite
def losses(draw: st.DrawFn) -> str | dict[str, object]:
    """What a network may say of its loss: a name, or a dictionary with some settings in any order."""
    name = draw(st.sampled_from(list(LOSSES)))
    if draw(st.booleans()):
        return name
    fields: dict[str, object] = {"name": name}
    for each in LOSSES[name].settings:
        if draw(st.booleans()):
            fields[each.name] = draw(st.sampled_from((0.25, each.default)) | st.floats(0.001, 0.999))
    return {each: fields[each] for each in draw(st.permutations(list(fields)))}


@st.composite
def tables_with_extras(draw: st.DrawFn, numbers: st.SearchStrategy[float] = FINITE) -> list[object]:
    """Network tables with layers of any kinds; extras in any order, none of them too."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    names = [draw(st.sampled_from(list(LAYER_KINDS))) for _ in sizes[1:]]
    layers = []
    for name, (fan_in, nodes) in zip(names, pairwise(sizes), strict=True):
        kind = LAYER_KINDS[name]
        layers.append(draw(_layers(int(kind.columns(fan_in, nodes)), nodes, numbers, has_state=kind.has_state)))
    fields = {
        "kinds": st.just(names),
        "loss": losses(),
        "inputs": _names(sizes[0]),
        "outputs": _names(sizes[-1]),
        "classes": _names(sizes[-1]),
        "inputScaler": _scalers(sizes[0]),
        "targetScaler": _scalers(sizes[-1]),
        "dropout": _rates(len(names)),
    }
    chosen = draw(st.permutations([name for name in fields if name == "kinds" or draw(st.booleans())]))
    for name, other in EXCLUSIVE:
        if name in chosen and other in chosen:
            chosen.remove(name)
    extras = {name: draw(fields[name]) for name in chosen}
    return [sizes[0], layers, draw(st.booleans()), draw(_activators(len(layers))), extras]


def network_of_kinds(
    kinds: Sequence[str], activator: str | tuple[str, ...] = "Tanh", *, seed: int | Random, sizes: Sequence[int] = ()
) -> Network:
    """A network with a layer of each of these kinds; without sizes each layer has another number of nodes."""
    random = Random.of(seed)
    sizes = sizes or [2, *range(2, 2 + len(kinds))]
    layers: list[object] = []
    for name, (fan_in, nodes) in zip(kinds, pairwise(sizes), strict=True):
        kind = LAYER_KINDS[name]
        columns = int(kind.columns(fan_in, nodes))
        layer = [[[random.symmetric(1.0) for _ in range(columns)] for _ in range(nodes)], [0.5] * nodes]
        layers.append([*layer, [random.symmetric(1.0) for _ in range(nodes)]] if kind.has_state else layer)
    names = activator if isinstance(activator, str) else list(activator)
    return Network.from_table([sizes[0], layers, False, names, {"kinds": list(kinds)}])


@st.composite
def _layers(
    draw: st.DrawFn, columns: int, nodes: int, numbers: st.SearchStrategy[float], *, has_state: bool
) -> list[object]:
    row = st.lists(numbers, min_size=columns, max_size=columns)
    one_per_node = st.lists(numbers, min_size=nodes, max_size=nodes)
    layer: list[object] = [draw(st.lists(row, min_size=nodes, max_size=nodes)), draw(one_per_node)]
    return [*layer, draw(one_per_node)] if has_state else layer


def _names(count: int) -> st.SearchStrategy[list[str]]:
    """Names that a network may have for its inputs, outputs or classes."""
    name = st.text(st.characters(codec="utf-8"), min_size=1, max_size=10).filter(
        lambda text: is_name(text, LONGEST_NAME)
    )
    return st.lists(name, min_size=count, max_size=count, unique=True)


def _scalers(columns: int) -> st.SearchStrategy[dict[str, object]]:
    """Scalers of so many columns."""
    above = st.floats(0, exclude_min=True, allow_infinity=False, allow_nan=False)
    return st.fixed_dictionaries(
        {
            "name": st.sampled_from(list(SCALERS)),
            "shift": st.lists(FINITE, min_size=columns, max_size=columns),
            "scale": st.lists(above, min_size=columns, max_size=columns),
        }
    )


def _rates(layers: int) -> st.SearchStrategy[list[float]]:
    """Rates of dropout that a network may have."""
    rate = st.floats(0.0, 1.0, exclude_max=True)
    return st.lists(rate, min_size=layers - 1, max_size=layers - 1).map(lambda rates: [*rates, 0.0])


def _activators(layers: int) -> st.SearchStrategy[object]:
    name = st.sampled_from(ACTIVATOR_NAMES)
    hidden = st.lists(name, min_size=layers - 1, max_size=layers - 1)
    return name | st.builds(lambda names, last: [*names, last], hidden, st.sampled_from(OUTPUT_NAMES))


def networks(numbers: st.SearchStrategy[float] = FINITE) -> st.SearchStrategy[Network]:
    """Networks of all shapes that name no kinds of layers."""
    return tables(numbers).map(Network.from_table)


def networks_of_kinds(numbers: st.SearchStrategy[float] = FINITE) -> st.SearchStrategy[Network]:
    """Networks of all shapes, with layers of any kinds."""
    return networks(numbers) | tables_with_extras(numbers).map(Network.from_table)
