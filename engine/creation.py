"""Layers of new networks: of sizes or of a plan, with random weights. The same as networks/creation.luau."""

import warnings
from collections.abc import Iterable, Sequence

import numpy as np

from engine.arguments import check, check_shape, check_size
from engine.description import LayerPlan
from engine.files.network_table import ActivatorNames, implied_kinds, names_of_layers
from engine.formulas.records import Initializer
from engine.formulas.registry import ACTIVATIONS, INITIALIZERS
from engine.interface.limits import CREATED_INITIALIZER
from engine.interface.messages import MESSAGES, fill
from engine.layer import Layer
from engine.layers.registry import LAYER_KINDS
from engine.random import Random


def checked_sizes(
    function: str,
    inputs: int,
    hidden_layers: int,
    hidden_nodes: int,
    outputs: int,
    activator: ActivatorNames,
    recurrent: bool,
    default_bias: float,
) -> list[int]:
    """The inputs and then every layer's nodes, once all that a new network is made of has been checked.

    Raises:
        ArgumentError: at the first argument that will not do.
    """
    check_shape(function, inputs, hidden_layers, hidden_nodes, outputs, activator, recurrent)
    check(function, "defaultBias", default_bias)
    check_size(function, inputs, hidden_layers, hidden_nodes, outputs, recurrent)
    return [int(inputs), *[int(hidden_nodes)] * int(hidden_layers), int(outputs)]


def warn_if_unbounded(activator: ActivatorNames, hidden_layers: int) -> None:
    """Warn the caller's caller if a recurrent network has an activation of infinite range."""
    warn_of_unbounded(names_of_layers(activator, hidden_layers + 1)[:-1], stacklevel=4)


def warn_of_unbounded(activators: Iterable[str], stacklevel: int = 3) -> None:
    """Warn a caller if an activation of layers that remember has an infinite range."""
    for name in activators:
        if name in ACTIVATIONS and not ACTIVATIONS[name].bounded:
            warnings.warn(fill(MESSAGES["unbounded_recurrence"], name=name), stacklevel=stacklevel)
            return


def layers_of_sizes(
    sizes: Sequence[int], activator: ActivatorNames, *, recurrent: bool, bias: float, random: Random
) -> list[Layer]:
    """Layers of a network as createNet makes it; ``sizes`` has the inputs and then every layer's nodes."""
    names = names_of_layers(activator, len(sizes) - 1)
    kinds = implied_kinds(len(names), with_state=recurrent)
    return [
        _new_layer(kind, fan_in, nodes, name, bias, INITIALIZERS[CREATED_INITIALIZER], random)
        for kind, fan_in, nodes, name in zip(kinds, sizes, sizes[1:], names, strict=False)
    ]


def layers_of_plans(inputs: int, plans: Iterable[LayerPlan], random: Random) -> list[Layer]:
    """Layers as they are planned, behind so many inputs."""
    layers, width = list[Layer](), inputs
    for each in plans:
        initializer = INITIALIZERS[each.initializer]
        layers.append(_new_layer(each.kind, width, each.nodes, each.activator, each.bias, initializer, random))
        width = each.nodes
    return layers


def _new_layer(
    kind: str, inputs: int, nodes: int, activator: str, bias: float, initializer: Initializer, random: Random
) -> Layer:
    columns = int(LAYER_KINDS[kind].columns(inputs, nodes))
    weights = np.zeros((nodes, columns))
    if initializer.size is not None:
        size = initializer.size(columns, nodes)
        for row in weights:
            row[:] = [random.normal() * size if initializer.is_normal else random.symmetric(size) for _ in row]
    state = np.zeros(nodes) if LAYER_KINDS[kind].has_state else None
    return Layer(kind, inputs, weights, np.full(nodes, bias), activator, state)
