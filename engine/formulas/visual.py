"""How a network is drawn: where its parts stand in a container of fixed proportions, and their colours.

A column for the inputs and one for each layer, from left to right. Positions and sizes are shares: across, of the
container's width; down, of its height; diameters and thicknesses, of its height. Colours are HSV, from 0 to 1.
"""

import math

# The proportions of the container.
WIDTH = 16.0
HEIGHT = 9.0

# Where a part has its anchor, and what lies in the middle of what holds it; also the radius of a round corner.
HALF = 0.5

# How much of its room a node fills, and the bounds of its diameter.
NODE_SHARE = 0.7
LARGEST_NODE = 0.14
SMALLEST_NODE = 0.008
# A recurrent node's ring, outside and inside, and a connection, by the diameter of the node.
RING_SHARE = 1.4
HOLE_SHARE = 1.15
LINE_SHARE = 0.07
THINNEST_LINE = 0.004
# Between two columns, more lines than this let each other shine through, up to a bound.
OPAQUE_LINES = 120.0
MOST_TRANSPARENT = 0.85

DEGREES_PER_RADIAN = 57.29577951308232

# Weights and biases are red to green by the largest of them, but small ones stay yellow.
LEAST_SPAN = 3.0
RED = 0.0
GREEN = 0.3333333333333333
# Grey levels of activity.
DARKEST = 0.5
BRIGHTEST = 1.0


def lesser(a: float, b: float) -> float:
    """The smaller of two numbers."""
    return a if a < b else b


def greater(a: float, b: float) -> float:
    """The greater of two numbers; the first if the second is not a number."""
    return b if b > a else a


def centre(index: float, count: float) -> float:
    """Where part ``index`` (from 1) of ``count`` equal parts has its centre."""
    return (index - HALF) / count


def middle(a: float, b: float) -> float:
    """Half way between two positions."""
    return (a + b) / 2.0


def width_of(height: float) -> float:
    """The share of the width that is as long as a share of the height."""
    return height * HEIGHT / WIDTH


def node_diameter(nodes: float, columns: float) -> float:
    """Diameter of the nodes of a column: they fill their room, within bounds."""
    return greater(SMALLEST_NODE, lesser(LARGEST_NODE, NODE_SHARE * lesser(1.0 / nodes, WIDTH / HEIGHT / columns)))


def ring_diameter(node: float) -> float:
    """Outer diameter of the ring around a recurrent node of a diameter."""
    return RING_SHARE * node


def hole_diameter(node: float) -> float:
    """Inner diameter of the ring around a recurrent node of a diameter: the node does not touch it."""
    return HOLE_SHARE * node


def line_thickness(origin: float, target: float) -> float:
    """Thickness of a connection between nodes of two diameters."""
    return greater(THINNEST_LINE, LINE_SHARE * lesser(origin, target))


def line_transparency(origins: float, targets: float) -> float:
    """Transparency of the connections between two columns of so many nodes, from 0 (none) to 1."""
    return greater(0.0, lesser(MOST_TRANSPARENT, 1.0 - OPAQUE_LINES / (origins * targets)))


def line_length(across: float, down: float) -> float:
    """Length, as a share of the width, of a connection that goes so far across and down."""
    return math.sqrt(WIDTH * across * (WIDTH * across) + HEIGHT * down * (HEIGHT * down)) / WIDTH


def line_rotation(across: float, down: float) -> float:
    """Rotation of a connection in degrees, clockwise; connections go to the right, so ``across`` is above 0."""
    return DEGREES_PER_RADIAN * math.atan(HEIGHT * down / (WIDTH * across))


def span(largest: float) -> float:
    """The absolute value that is drawn in full red or green, from the largest one in the network."""
    return greater(LEAST_SPAN, largest)


def hue(value: float, reach: float) -> float:
    """Hue of a weight or bias from -reach (red) over 0 (yellow) to reach (green)."""
    return RED + (GREEN - RED) * (value / reach + 1.0) / 2.0


def grey(value: float, reach: float) -> float:
    """Grey level of an activity: (value + reach) / (2 reach), within bounds; the darkest for what is not a number."""
    return lesser(BRIGHTEST, greater(DARKEST, (value / reach + 1.0) / 2.0))
