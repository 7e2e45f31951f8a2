"""A network as a picture: the same parts, places and colours as the visualiser has in Roblox.

All places and sizes are shares of a container with the proportions of `engine.formulas.visual`; see there for what
they are shares of.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arguments import check, fault, refusal
from engine.boundary import End, Sample
from engine.describe import describe_unless_network
from engine.elementwise import Array
from engine.formulas import visual
from engine.interface.messages import MESSAGES, fill
from engine.interface.visual import CONNECTION, DEFAULT_RANGE, LAYER, NEUTRAL_LEVEL, NODE, RING, SYNAPSE
from engine.layer import Layer
from engine.network import Network


@dataclass(frozen=True)
class Colour:
    """Hue, saturation and value, each from 0 to 1."""

    hue: float
    saturation: float
    value: float

    @classmethod
    def grey(cls, level: float) -> "Colour":
        """A grey from 0 (black) to 1 (white)."""
        return cls(0.0, 0.0, level)


@dataclass(frozen=True)
class Node:
    """A node.

    Attributes:
        name: what the visualiser calls it, with the frame it is in: ``Layer2/Node1``.
        x: its centre across.
        y: its centre down.
        diameter: as a share of the height.
        colour: what shows its number.
        number: bias or activity; None where there is none to show.
    """

    name: str
    x: float
    y: float
    diameter: float
    colour: Colour
    number: float | None


@dataclass(frozen=True)
class Ring:
    """What stands around a recurrent node for its weight on its own last output.

    Attributes:
        name: what the visualiser calls it, with the frame it is in: ``Synapse2/Ring1``.
        x: its centre across.
        y: its centre down.
        diameter: outer, as a share of the height.
        hole: inner diameter, as a share of the height.
        colour: what shows its number.
        number: weight or activity.
    """

    name: str
    x: float
    y: float
    diameter: float
    hole: float
    colour: Colour
    number: float


@dataclass(frozen=True)
class Line:
    """A connection.

    Attributes:
        name: what the visualiser calls it, with the frame it is in: ``Synapse2/Syn1_3``.
        x: its middle across.
        y: its middle down.
        length: as a share of the width.
        thickness: as a share of the height.
        rotation: in degrees, clockwise from level.
        transparency: from 0 (none) to 1.
        colour: what shows its number.
        number: weight or activity.
    """

    name: str
    x: float
    y: float
    length: float
    thickness: float
    rotation: float
    transparency: float
    colour: Colour
    number: float


@dataclass(frozen=True)
class Picture:
    """All parts of a picture in the order in which they are drawn: lines, rings on top of them, nodes on top of all."""

    lines: tuple[Line, ...]
    rings: tuple[Ring, ...]
    nodes: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Line | Ring | Node, ...]:
        """All parts."""
        return (*self.lines, *self.rings, *self.nodes)


@dataclass(frozen=True)
class _Shown:
    """What a picture shows: a number for every part, and how numbers become colours.

    nodes[c] (nodes,) of each column; lines[l] (nodes, fan-in) and rings[l] (nodes,) of each layer.
    """

    nodes: Sequence[Sequence[float | None]]
    lines: Sequence[Array]
    rings: Sequence[Array | None]
    is_active: bool
    node_span: float
    line_span: float

    def node_colour(self, number: float | None) -> Colour:
        return Colour.grey(NEUTRAL_LEVEL) if number is None else self._colour(number, self.node_span)

    def line_colour(self, number: float) -> Colour:
        return self._colour(number, self.line_span)

    def _colour(self, number: float, span: float) -> Colour:
        return Colour.grey(visual.grey(number, span)) if self.is_active else Colour(visual.hue(number, span), 1.0, 1.0)


def draw(network: Network, inputs: Sample | None = None, range: float = DEFAULT_RANGE) -> Picture:  # noqa: A002  # named as in Luau
    """A picture of a network: of its weights and biases or, when inputs are given, of its activity.

    Weights and biases go from red (negative) over yellow to green (positive), each by the largest of its own, at
    least 3. Activity goes from grey (0 and below) to white (``range`` and above); a connection's is its weight times
    what comes in. The network stays as it is, a recurrent one at its time step.

    Args:
        network: the network.
        inputs: (inputs,), or a dictionary where they have names.
        range: the activity that is shown in white, above 0.

    Raises:
        ArgumentError: if an argument will not do, or training has driven a weight or bias to nan or infinity.
    """
    function = "getVisual" if inputs is None else "updateVisualActive"
    if not isinstance(network, Network):
        raise refusal(
            function, "network", fault("Network", MESSAGES["network_object"], describe_unless_network(network))
        )
    network.checked_table(function)
    if inputs is None:
        return _drawn(network, _state(network.layers))
    numbers = End.of_inputs(network.inputs, network.extras).take_one(function, "inputs", inputs)
    check(function, "range", range)
    return _drawn(network, _activity(network, numbers, float(range)))


def _state(layers: Sequence[Layer]) -> _Shown:
    weights = [layer.input_weights for layer in layers]
    rings = [_own_weights(layer) for layer in layers]
    largest_weight = max(float(np.abs(part).max()) for part in [*weights, *rings] if part is not None)
    largest_bias = max(float(np.abs(layer.biases).max()) for layer in layers)
    return _Shown(
        nodes=[[None] * layers[0].inputs, *(layer.biases.tolist() for layer in layers)],
        lines=weights,
        rings=rings,
        is_active=False,
        node_span=visual.span(largest_bias),
        line_span=visual.span(largest_weight),
    )


def _activity(network: Network, inputs: Array, span: float) -> _Shown:
    columns = [inputs, *network.activities(inputs)]
    own = [(_own_weights(layer), layer.state) for layer in network.layers]
    return _Shown(
        nodes=[column.tolist() for column in columns],
        lines=[layer.input_weights * values for layer, values in zip(network.layers, columns, strict=False)],
        rings=[None if weights is None or state is None else weights * state for weights, state in own],
        is_active=True,
        node_span=span,
        line_span=span,
    )


def _own_weights(layer: Layer) -> Array | None:
    """Each node's weight on its own last output, where a layer has such weights in play.

    Behind the weights of the inputs a row has one weight, or one for every node's last output.
    """
    columns = layer.weights.shape[1]
    if not layer.remembers or columns == layer.inputs:
        return None
    nodes = np.arange(layer.nodes)
    own: Array = layer.weights[nodes, np.minimum(layer.inputs + nodes, columns - 1)]
    return own


def _drawn(network: Network, shown: _Shown) -> Picture:
    sizes = [network.inputs, *(layer.nodes for layer in network.layers)]
    columns = [
        [(visual.centre(column, len(sizes)), visual.centre(node, nodes)) for node in range(1, nodes + 1)]
        for column, nodes in enumerate(sizes, start=1)
    ]
    diameters = [visual.node_diameter(nodes, len(sizes)) for nodes in sizes]
    nodes = tuple(
        Node(f"{fill(LAYER, layer=column)}/{fill(NODE, node=node)}", x, y, diameter, shown.node_colour(number), number)
        for column, (places, diameter, numbers) in enumerate(zip(columns, diameters, shown.nodes, strict=True), start=1)
        for node, ((x, y), number) in enumerate(zip(places, numbers, strict=True), start=1)
    )
    rings = tuple(
        Ring(
            f"{fill(SYNAPSE, layer=column)}/{fill(RING, node=node)}",
            x,
            y,
            visual.ring_diameter(diameters[column - 1]),
            visual.hole_diameter(diameters[column - 1]),
            shown.line_colour(number),
            number,
        )
        for column, numbers in enumerate(shown.rings, start=2)
        if numbers is not None
        for node, ((x, y), number) in enumerate(zip(columns[column - 1], numbers.tolist(), strict=True), start=1)
    )
    return Picture(tuple(_lines(columns, diameters, shown)), rings, nodes)


def _lines(
    columns: Sequence[Sequence[tuple[float, float]]], diameters: Sequence[float], shown: _Shown
) -> Sequence[Line]:
    lines = []
    for column, numbers in enumerate(shown.lines, start=2):
        thickness = visual.line_thickness(diameters[column - 2], diameters[column - 1])
        transparency = visual.line_transparency(len(columns[column - 2]), len(columns[column - 1]))
        for to, row in enumerate(numbers.tolist(), start=1):
            x, y = columns[column - 1][to - 1]
            for origin, number in enumerate(row, start=1):
                from_x, from_y = columns[column - 2][origin - 1]
                lines.append(
                    Line(
                        f"{fill(SYNAPSE, layer=column)}/{fill(CONNECTION, to=to, origin=origin)}",
                        visual.middle(from_x, x),
                        visual.middle(from_y, y),
                        visual.line_length(x - from_x, y - from_y),
                        thickness,
                        visual.line_rotation(x - from_x, y - from_y),
                        transparency,
                        shown.line_colour(number),
                        number,
                    )
                )
    return lines
