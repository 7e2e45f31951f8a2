"""How a large network is packed: all its numbers in one text, and which loops run each layer."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from engine import Network
from engine.elementwise import Array
from engine.spec import INTERLEAVED_NODES, UNPACKED_INPUTS


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
    """

    number: int
    inputs: int
    nodes: int
    activator: str
    recurrent: bool
    states_before: int

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Its inputs in blocks that fit into locals: the first one's number, from 1, and how many."""
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


def packed_layers(network: Network) -> list[PackedLayer]:
    """The layers of a network."""
    before = accumulate((layer.nodes for layer in network.layers), initial=0)
    return [
        PackedLayer(number, layer.weights.shape[1], layer.nodes, layer.activator, layer.memory is not None, states)
        for number, (layer, states) in enumerate(zip(network.layers, before, strict=False), start=1)
    ]


def packed_order(network: Network) -> list[float]:
    """All weights and biases in the order in which the module takes them out of the text.

    By layer: the rows of weights, the biases, and the recurrent weights if they are in play.
    """
    return [float(number) for part in _parts(network) for number in part]


def _parts(network: Network) -> Iterator[Array]:
    for layer in network.layers:
        yield layer.weights.ravel()
        yield layer.biases
        if layer.memory is not None:
            yield layer.memory.weights
