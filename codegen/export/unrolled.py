"""Which node of an unrolled network is in which function: weights and biases are constants of the source."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from codegen.export.limits import (
    FUNCTION_CONSTANTS,
    FUNCTION_INPUTS,
    FUNCTION_NODES,
    INTERLEAVED_NODES,
    UNROLLED_FUNCTIONS,
    UNROLLED_PARAMETERS,
    UNROLLED_VALUES,
    VALUES_INPUTS,
    VALUES_OUTPUTS,
    Precision,
)
from codegen.translate.luau_literals import luau_number
from engine import Network
from engine.layer import Layer


@dataclass(frozen=True)
class Node:
    """One node of a layer.

    Attributes:
        number: its number in its layer, from 1.
        weights: the constants that the layer's inputs are multiplied by.
        bias: its bias.
        recurrent: its recurrent weight and where the network's state holds its last output, or None.
    """

    number: int
    weights: tuple[str, ...]
    bias: str
    recurrent: tuple[str, int] | None


@dataclass(frozen=True)
class Piece:
    """Nodes of one layer that fit into one function.

    Attributes:
        layer: the number of the layer, from 1.
        inputs: the numbers of the layer's inputs, from 1.
        nodes: the numbers of the nodes, from 1.
        activator: the name of the layer's activation.
        blocks: the nodes; the sums of each block grow side by side.
    """

    layer: int
    inputs: range
    nodes: range
    activator: str
    blocks: tuple[tuple[Node, ...], ...]

    @property
    def name(self) -> str:
        """The name of its function."""
        return f"layer{self.layer}From{self.nodes.start}"


@dataclass(frozen=True)
class UnrolledLayout:
    """A network in functions of plain values.

    Attributes:
        network: the network.
        precision: how exactly its module holds weights and biases.
    """

    network: Network
    precision: Precision = Precision.F64

    @cached_property
    def is_small(self) -> bool:
        """Whether one function has room for all its constants."""
        return parameter_count(self.network) <= FUNCTION_CONSTANTS

    @cached_property
    def has_values(self) -> bool:
        """Whether inputs and outputs are few enough to be given and returned one by one."""
        return self.network.inputs <= VALUES_INPUTS and self.network.outputs <= VALUES_OUTPUTS

    @cached_property
    def fits(self) -> bool:
        """Whether the languages' limits on constants, locals and functions allow it, and it is the fastest."""
        widths = [layer.inputs for layer in self.network.layers]
        return (
            parameter_count(self.network) <= UNROLLED_PARAMETERS[self.precision]
            and sum(widths) + self.network.outputs <= UNROLLED_VALUES
            and max(widths) <= FUNCTION_INPUTS
            and sum(len(_shares(layer)) for layer in self.network.layers) <= UNROLLED_FUNCTIONS
        )

    @cached_property
    def pieces(self) -> list[Piece]:
        """Its nodes in order: each layer whole in a small network, otherwise in the functions that it needs."""
        pieces, state = [], 0
        for number, layer in enumerate(self.network.layers, start=1):
            shares = [range(1, layer.nodes + 1)] if self.is_small else _shares(layer)
            pieces += [_piece(layer, number, state, nodes) for nodes in shares]
            state += layer.nodes if layer.remembers else 0
        return pieces


def parameter_count(network: Network) -> int:
    """How many weights and biases take part when a network runs."""
    return sum(layer.nodes * (layer.inputs + (2 if layer.remembers else 1)) for layer in network.layers)


def literal(value: float) -> str:
    """A constant of the source.

    It is never -0, which plain Lua would take for a 0 in the same function, or the other way round. Neither a 0 for a
    weight or bias of -0 nor a sum that starts with its first product instead of 0 changes an output: what they change
    is the sign of a sum of 0, and adding a bias that is not -0 gives 0 then, or the bias.
    """
    return luau_number(float(value) + 0.0)


def _shares(layer: Layer) -> list[range]:
    """The nodes of each function of a layer, which has a constant for each weight and bias of them."""
    return list(_parted(layer.nodes, min(FUNCTION_CONSTANTS // (layer.inputs + 2), FUNCTION_NODES)))


def _parted(count: int, largest: int) -> Iterator[range]:
    """The numbers from 1 to a count in as few ranges as may be, all of about one length."""
    parts = -(-count // largest)
    bounds = [1 + count * part // parts for part in range(parts + 1)]
    return (range(start, stop) for start, stop in pairwise(bounds))


def _piece(layer: Layer, number: int, state: int, nodes: range) -> Piece:
    made = [_node(layer, each, state) for each in nodes]
    blocks = (tuple(made[each - 1] for each in block) for block in _parted(len(made), INTERLEAVED_NODES))
    return Piece(
        layer=number,
        inputs=range(1, layer.inputs + 1),
        nodes=nodes,
        activator=layer.activator,
        blocks=tuple(blocks),
    )


def _node(layer: Layer, number: int, state: int) -> Node:
    row = layer.weights[number - 1]
    return Node(
        number,
        tuple(literal(weight) for weight in row[: layer.inputs]),
        literal(layer.biases[number - 1]),
        (literal(row[layer.inputs]), state + number) if layer.remembers else None,
    )
