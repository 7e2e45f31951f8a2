"""A picture as a file: SVG, PNG or a web page, all from the same SVG."""

import colorsys
import html
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

import resvg_py

from engine.files.number_text import number_text
from engine.formulas.visual import HEIGHT, WIDTH
from engine.interface.messages import fill
from engine.interface.visual import BACKGROUND_LEVEL
from engine.picture import Colour, Line, Node, Picture, Ring

# Pixels per unit of the proportions: 1600 × 900.
PIXELS = 100.0
# With more lines than these, a PNG has hard edges.
MOST_SMOOTH_LINES = 1000
ACROSS, DOWN = WIDTH * PIXELS, HEIGHT * PIXELS

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body { margin: 0; background: black; color: white; font-family: system-ui, sans-serif; text-align: center }
h1 { font-size: large }
svg { width: 100%; height: calc(100vh - 4em) }
svg :is(line, circle):hover { filter: brightness(1.4) }
</style>
</head>
<body>
<h1>{title}</h1>
{svg}</body>
</html>
"""


def picture_svg(picture: Picture) -> str:
    """A picture as SVG. Its parts have the visualiser's names as ids, and tell their numbers when pointed at."""
    width, height = _text(ACROSS), _text(DOWN)
    root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"})
    ElementTree.SubElement(root, "rect", {"width": width, "height": height, "fill": _BACKGROUND})
    for line in picture.lines:
        _add_line(root, line)
    for ring in picture.rings:
        _add_ring(root, ring)
    for node in picture.nodes:
        _add_node(root, node)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def picture_png(picture: Picture) -> bytes:
    """A picture as PNG."""
    # Smooth edges take some 2 ms for each line.
    is_smooth = len(picture.lines) <= MOST_SMOOTH_LINES
    png = resvg_py.svg_to_bytes(
        svg_string=picture_svg(picture),
        skip_system_fonts=True,
        shape_rendering="geometric_precision" if is_smooth else "crisp_edges",
    )
    return bytes(png)


def picture_html(picture: Picture, title: str) -> str:
    """A picture as a web page that needs nothing else; it fills the window and tells numbers when pointed at."""
    return fill(_PAGE, title=html.escape(title), svg=picture_svg(picture))


# What a file becomes, by its suffix: bytes from a picture and a title.
FORMATS: Mapping[str, Callable[[Picture, str], bytes]] = MappingProxyType(
    {
        ".svg": lambda picture, _: picture_svg(picture).encode(),
        ".png": lambda picture, _: picture_png(picture),
        ".html": lambda picture, title: picture_html(picture, title).encode(),
    }
)


def write_picture(picture: Picture, path: Path, title: str) -> None:
    """Write a picture in the format that the suffix names, one of `FORMATS`.

    Raises:
        KeyError: for another suffix.
        OSError: if the file cannot be written.
    """
    path.write_bytes(FORMATS[path.suffix.lower()](picture, title))


def _add_line(root: ElementTree.Element, line: Line) -> None:
    """A level line of the right length, turned about its middle: as Roblox does it."""
    x, y, half = line.x * ACROSS, line.y * DOWN, line.length * ACROSS / 2
    element = ElementTree.SubElement(
        root,
        "line",
        {
            "id": line.name,
            "x1": _text(x - half),
            "y1": _text(y),
            "x2": _text(x + half),
            "y2": _text(y),
            "transform": f"rotate({_text(line.rotation)} {_text(x)} {_text(y)})",
            "stroke": _hex(line.colour),
            "stroke-width": _text(line.thickness * DOWN),
            "stroke-opacity": _text(1 - line.transparency),
        },
    )
    _add_title(element, line.name, line.number)


def _add_ring(root: ElementTree.Element, ring: Ring) -> None:
    """A circle's outline, half way between outside and inside; as in Roblox, no line is seen through it."""
    outline = {"stroke": _hex(ring.colour), "stroke-width": _text((ring.diameter - ring.hole) / 2 * DOWN)}
    diameter = (ring.diameter + ring.hole) / 2
    _add_title(_circle(root, ring, diameter, {"fill": _BACKGROUND, **outline}), ring.name, ring.number)


def _add_node(root: ElementTree.Element, node: Node) -> None:
    _add_title(_circle(root, node, node.diameter, {"fill": _hex(node.colour)}), node.name, node.number)


def _circle(
    root: ElementTree.Element, part: Node | Ring, diameter: float, paint: Mapping[str, str]
) -> ElementTree.Element:
    place = {"cx": _text(part.x * ACROSS), "cy": _text(part.y * DOWN), "r": _text(diameter * DOWN / 2)}
    return ElementTree.SubElement(root, "circle", {"id": part.name, **place, **paint})


def _add_title(element: ElementTree.Element, name: str, number: float | None) -> None:
    ElementTree.SubElement(element, "title").text = name if number is None else f"{name}: {number_text(number)}"


def _hex(colour: Colour) -> str:
    channels = colorsys.hsv_to_rgb(colour.hue, colour.saturation, colour.value)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _text(number: float) -> str:
    return f"{number:.10g}"


_BACKGROUND = _hex(Colour.grey(BACKGROUND_LEVEL))
