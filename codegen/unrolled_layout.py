"""Which statement of an unrolled network stands in which function: weights and biases as constants of the source."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from codegen.luau_literals import luau_number
from engine import Network
from engine.formulas.registry import ACTIVATIONS
from engine.layer import Layer
from engine.spec import (
    FUNCTION_CONSTANTS,
    FUNCTION_INPUTS,
    INTERLEAVED_NODES,
    SMALL_INPUTS,
    SMALL_NODES,
    SMALL_OUTPUTS,
    UNROLLED_PARAMETERS,
)


@dataclass(frozen=True)
class Node:
    """One node of a layer.

    Attributes:
        number: its number in its layer, from 1.
        weights: the constants that the inputs are multiplied by.
        bias: its bias, with the sign in front: ``+ 0.5``.
        recurrent: its recurrent weight and where the network's state holds its last output, or None.
    """

    number: int
    weights: tuple[str, ...]
    bias: str
    recurrent: tuple[str, int] | None


@dataclass(frozen=True)
class Block:
    """Nodes whose sums grow side by side, and the numbers of the inputs that they add up."""

    nodes: tuple[Node, ...]
    inputs: range


@dataclass(frozen=True)
class Piece:
    """One function: some nodes of a layer and some of its inputs.

    Attributes:
        name: its name.
        layer: the number of its layer, from 1.
        activation: the formula of the layer's activation.
        blocks: its nodes.
        inputs: the numbers of the inputs that it adds up, from 1.
        begins: whether it starts the sums; otherwise it goes on with those of the piece before.
        ends: whether it makes outputs of the sums.
    """

    name: str
    layer: int
    activation: str
    blocks: tuple[Block, ...]
    inputs: range
    begins: bool
    ends: bool


def parameter_count(network: Network) -> int:
    """How many weights and biases take part when a network runs."""
    return sum(layer.weights.size + layer.nodes * (1 if layer.memory is None else 2) for layer in network.layers)


def is_small(network: Network) -> bool:
    """Whether one function does it all."""
    return (
        network.inputs <= SMALL_INPUTS
        and network.outputs <= SMALL_OUTPUTS
        and sum(layer.nodes for layer in network.layers) <= SMALL_NODES
        and parameter_count(network) <= FUNCTION_CONSTANTS
    )


def is_unrolled(network: Network) -> bool:
    """Whether weights and biases stand in the source as constants."""
    return parameter_count(network) <= UNROLLED_PARAMETERS


def layers_of(network: Network) -> list[Piece]:
    """A small network: every layer whole."""
    return [
        _piece(layer, number, state, range(1, layer.nodes + 1), range(1, layer.weights.shape[1] + 1))
        for number, layer, state in _numbered(network)
    ]


def pieces_of(network: Network) -> list[Piece]:
    """A larger network: every layer in as many functions as its constants need, in the order to be called in."""
    return [
        _piece(layer, number, state, nodes, inputs)
        for number, layer, state in _numbered(network)
        for nodes, inputs in _shares(layer)
    ]


def _numbered(network: Network) -> Iterator[tuple[int, Layer, int]]:
    """Every layer, its number from 1, and how many nodes with a state are in front of it."""
    state = 0
    for number, layer in enumerate(network.layers, start=1):
        yield number, layer, state
        state += layer.nodes


def _shares(layer: Layer) -> Iterator[tuple[range, range]]:
    """The nodes and the inputs of each piece of a layer."""
    nodes, inputs = layer.weights.shape
    parts = _parted(inputs, FUNCTION_INPUTS)
    largest = max(len(part) for part in parts)
    for group in _parted(nodes, FUNCTION_CONSTANTS // (largest + 2)):
        for part in parts:
            yield group, part


def _parted(count: int, largest: int) -> list[range]:
    """The numbers from 1 to a count in as few ranges as may be, all of about one length."""
    parts = -(-count // largest)
    bounds = [1 + count * part // parts for part in range(parts + 1)]
    return [range(start, stop) for start, stop in pairwise(bounds)]


def _piece(layer: Layer, number: int, state: int, nodes: range, inputs: range) -> Piece:
    rows = [_node(layer, each, state, inputs) for each in nodes]
    groups = _parted(len(rows), INTERLEAVED_NODES)
    return Piece(
        name=f"layer{number}_{nodes.start}_{inputs.start}",
        layer=number,
        activation=f"activations.{ACTIVATIONS[layer.activator].value.__name__}",
        blocks=tuple(Block(tuple(rows[each - 1] for each in group), inputs) for group in groups),
        inputs=inputs,
        begins=inputs.start == 1,
        ends=inputs.stop > layer.weights.shape[1],
    )


def _node(layer: Layer, number: int, state: int, inputs: range) -> Node:
    row = layer.weights[number - 1]
    memory = layer.memory
    bias = literal(layer.biases[number - 1])
    return Node(
        number,
        tuple(literal(row[each - 1]) for each in inputs),
        f"- {bias[1:]}" if bias.startswith("-") else f"+ {bias}",
        None if memory is None else (literal(memory.weights[number - 1]), state + number),
    )


def literal(value: float) -> str:
    """A constant of the source.

    Plain Lua would take -0 for 0, or 0 for -0, where both stand in a function. Neither a weight of -0 nor a sum that
    starts with its first product instead of 0 changes an output while no bias is -0: what they change is the sign of a
    sum of 0, and adding the bias gives 0 then, or the bias.
    """
    return luau_number(float(value) + 0.0)
