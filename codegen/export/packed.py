"""How a large network is packed: all its numbers in one text, and which loops run each layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from codegen.export.limits import INTERLEAVED_NODES, UNPACKED_INPUTS
from engine import Network
from engine.elementwise import Array


@dataclass(frozen=True)
class PackedLayer:
    """A layer as its loops need it.

    Attributes:
        number: its number, from 1.
        inputs: how many numbers go in.
        nodes: how many come out.
        activator: the name of its activation.
        recurrent: whether its nodes see their own last outputs.
        states_before: how many nodes with a state are in front of it.
        coded: how many of its first nodes have functions with their weights.
    """

    number: int
    inputs: int
    nodes: int
    activator: str
    recurrent: bool
    states_before: int
    coded: int

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """The inputs of nodes without functions, in blocks that fit into locals: the first's number, and how many."""
        if self.coded == self.nodes:
            return []
        return [
            (first + 1, min(UNPACKED_INPUTS, self.inputs - first)) for first in range(0, self.inputs, UNPACKED_INPUTS)
        ]

    @property
    def group_widths(self) -> set[int]:
        """How many nodes at a time are summed side by side."""
        return {INTERLEAVED_NODES if self.full_groups else 0, self.left_over} - {0}

    @property
    def full_groups(self) -> int:
        """How many full groups of nodes it has whose sums grow side by side."""
        return self.nodes // INTERLEAVED_NODES

    @property
    def left_over(self) -> int:
        """How many nodes are behind the full groups."""
        return self.nodes % INTERLEAVED_NODES


def packed_layers(network: Network, coded: Mapping[int, int]) -> list[PackedLayer]:
    """The layers of a network, some of which have so many nodes with functions of their own."""
    before = accumulate((layer.nodes * layer.remembers for layer in network.layers), initial=0)
    return [
        PackedLayer(
            number=number,
            inputs=layer.inputs,
            nodes=layer.nodes,
            activator=layer.activator,
            recurrent=layer.remembers,
            states_before=states,
            coded=coded.get(number, 0),
        )
        for number, (layer, states) in enumerate(zip(network.layers, before, strict=False), start=1)
    ]


def packed_order(network: Network, coded: Mapping[int, int]) -> list[float]:
    """All weights and biases in the order in which the module takes them out of the text.

    By layer: the rows of weights of nodes that have no functions, the biases, and the recurrent weights if they are in
    play. None is -0, for a function's sum may be: it does not start from 0. Adding 0 makes it the library's 0.
    """
    return [float(number) + 0.0 for part in _parts(network, coded) for number in part]


def _parts(network: Network, coded: Mapping[int, int]) -> Iterator[Array]:
    for number, layer in enumerate(network.layers, start=1):
        yield layer.input_weights[coded.get(number, 0) :].ravel()
        yield layer.biases
        if layer.remembers:
            yield layer.weights[:, layer.inputs]
