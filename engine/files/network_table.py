"""The network table: the nested lists that JSON holds, that users hold in Luau and that old saves hold.

``[inputs, layers, best, activator, extras]``; each layer is ``[weights, biases]`` or, with a state,
``[weights, biases, state]``. ``weights[j][i]`` goes to node j from input i; row j goes on with the weights of what the
layer's kind sees besides. Extras are a dictionary, left out where there is nothing to say: ``kinds`` has the kind of
each layer, `engine.files.extras` has the other fields.

This file alone knows what stands where; `engine.files.network_faults` says what is wrong with a table.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from engine.elementwise import Array
from engine.files.extras import KINDS, Extras
from engine.interface.limits import OUTPUT_ACTIVATOR
from engine.layer import Layer
from engine.layers.registry import IMPLIED_FEED_FORWARD, IMPLIED_RECURRENT, IMPLIED_RECURRENT_OUTPUT

ActivatorNames = str | Sequence[str]

# The entries of a table and the parts of a layer, counted from 1 as in Lua.
INPUTS, LAYERS, BEST, ACTIVATOR, EXTRAS = 1, 2, 3, 4, 5
WEIGHTS, BIASES, STATE = 1, 2, 3
# All of them by their names, for the templates.
POSITIONS: Mapping[str, int] = MappingProxyType(
    {
        "INPUTS": INPUTS,
        "LAYERS": LAYERS,
        "BEST": BEST,
        "ACTIVATOR": ACTIVATOR,
        "EXTRAS": EXTRAS,
        "WEIGHTS": WEIGHTS,
        "BIASES": BIASES,
        "STATE": STATE,
    }
)


def implied_kinds(layers: int, *, with_state: bool) -> tuple[str, ...]:
    """The kinds of the layers of a network that names none, by whether its layers have states."""
    if with_state:
        return (*[IMPLIED_RECURRENT] * (layers - 1), IMPLIED_RECURRENT_OUTPUT)
    return (IMPLIED_FEED_FORWARD,) * layers


def names_of_layers(activator: ActivatorNames, layers: int) -> list[str]:
    """One activation per layer; a single name is the hidden layers'."""
    return [*[activator] * (layers - 1), OUTPUT_ACTIVATOR] if isinstance(activator, str) else list(activator)


def further_kinds(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The kinds of the layers, if they are not those that a network has that names none; otherwise nothing."""
    kinds = tuple(layer.kind for layer in layers)
    return () if kinds == implied_kinds(len(layers), with_state=layers[0].state is not None) else kinds


def network_to_table(layers: Sequence[Layer], best: bool, activator: ActivatorNames, extras: Extras) -> list[object]:
    """A table that says all; extras only where they are needed."""
    parts = [[part.tolist() for part in layer.numbers] for layer in layers]
    kinds = further_kinds(layers)
    # Luau writes them in this order, as its own is none.
    fields = dict(sorted([*([(KINDS, list(kinds))] if kinds else []), *extras.to_fields().items()]))
    names = activator if isinstance(activator, str) else list(activator)
    return [layers[0].inputs, parts, best, names, *([fields] if fields else [])]


def network_from_table(table: Sequence[object]) -> tuple[list[Layer], ActivatorNames, bool, Extras]:
    """Layers, activator, best and extras of a table that has no fault."""
    inputs, tables, best, activator = cast(tuple[float, Sequence[Sequence[ArrayLike]], bool, ActivatorNames], table[:4])
    fields = extras_of(table)
    implied = implied_kinds(len(tables), with_state=len(tables[0]) == STATE)
    kinds = cast(Sequence[str], fields.get(KINDS, implied))
    layers: list[Layer] = []
    width = int(inputs)
    for parts, kind, name in zip(tables, kinds, names_of_layers(activator, len(tables)), strict=True):
        weights, biases, *state = (_numbers(part) for part in parts)
        layers.append(Layer(kind, width, weights, biases, name, *state))
        width = len(biases)
    return layers, activator, bool(best), Extras.from_fields(fields)


def extras_of(table: Sequence[object]) -> Mapping[str, object]:
    """The extras of a table; an empty dictionary if it has none."""
    extras = table[EXTRAS - 1] if len(table) >= EXTRAS else {}
    return extras if isinstance(extras, Mapping) else {}


def _numbers(part: ArrayLike) -> Array:
    return np.array(part, dtype=np.float64)
