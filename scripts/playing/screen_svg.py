"""What a played place shows as SVG: one screen as a drawing, several as one that moves."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

from playing.place import Box

# A letter's width as a share of its height, with room to spare: whoever looks at the drawing may have any font.
_LETTER = 0.6
# Roblox's text leaves a little above and below.
_LINE = 0.8
# What moves farther than this from one screen to the next, in pixels, jumps: it does not slide there.
_JUMP = 40.0
_ANCHORS = {"Left": "start", "Center": "middle", "Right": "end"}


@dataclass(frozen=True)
class _Part:
    """A box as it is drawn: its middle on the screen, how far it is turned there, and everything else."""

    box: Box
    x: float
    y: float
    rotation: float

    @property
    def transform(self) -> tuple[float, float, float]:
        return round(self.x, 1), round(self.y, 1), round(self.rotation, 1)

    def attributes(self) -> dict[str, str]:
        """Those of its rectangle, whose middle is at 0, 0."""
        box = self.box
        width, height = round(box.width, 1), round(box.height, 1)
        attributes = {
            "x": _text(-width / 2),
            "y": _text(-height / 2),
            "width": _text(width),
            "height": _text(height),
            "fill": box.colour,
        }
        if box.opacity < 1:
            attributes["fill-opacity"] = _text(round(box.opacity, 2))
        if box.corner:
            attributes["rx"] = _text(round(box.corner, 1))
        if box.stroke:
            attributes |= {"stroke": box.stroke, "stroke-width": _text(box.stroke_width)}
        return attributes


def screen_svg(
    screens: Sequence[Sequence[Box]], width: float, height: float, seconds: float = 0.0, background: str = "#000000"
) -> str:
    """The drawing of a screen, or of several that follow one another for ever.

    Args:
        screens: each from back to front.
        width: of the drawing, in pixels of the screen.
        height: of the drawing.
        seconds: how long all of them take.
        background: the colour behind everything.
    """
    root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}"})
    ElementTree.SubElement(root, "rect", {"width": f"{width:g}", "height": f"{height:g}", "fill": background})
    parts = [dict(_parts(screen)) for screen in screens]
    # A part that is not there at first stands behind the one that it follows when it comes.
    order: list[tuple[str, int]] = []
    for screen in parts:
        place = 0
        for key in screen:
            if key in order:
                place = order.index(key) + 1
            else:
                order.insert(place, key)
                place += 1
    for key in order:
        _add_part(root, [screen.get(key) for screen in parts], seconds)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _parts(screen: Iterable[Box]) -> Iterator[tuple[tuple[str, int], _Part]]:
    """All that is drawn, from back to front, by its path and its number among those with the same one."""
    count: Counter[str] = Counter()

    def parts(box: Box, turned: tuple[float, float, float] | None) -> Iterator[tuple[tuple[str, int], _Part]]:
        x, y = box.centre
        rotation = box.rotation
        if turned is not None:
            x, y = _turn(x, y, *turned)
            rotation += turned[2]
        count[box.path] += 1
        if box.opacity > 0 or box.text or box.stroke:
            yield (box.path, count[box.path]), _Part(box, x, y, rotation)
        own = (x, y, rotation) if rotation else None
        for each in box.inside:
            yield from parts(each, own)

    for box in screen:
        yield from parts(box, None)


def _turn(x: float, y: float, centre_x: float, centre_y: float, degrees: float) -> tuple[float, float]:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    across, down = x - centre_x, y - centre_y
    return centre_x + across * cosine - down * sine, centre_y + across * sine + down * cosine


def _add_part(root: ElementTree.Element, parts: Sequence[_Part | None], seconds: float) -> None:
    """A part, with what changes about it from screen to screen; where it is None, it is not to be seen."""
    known = next(part for part in parts if part is not None)
    filled: list[_Part] = []
    for part in parts:
        filled.append(part or (filled[-1] if filled else known))
    has_rectangle = any(part.box.opacity > 0 or part.box.stroke for part in filled)
    texts = [text for text in dict.fromkeys(part.box.text for part in filled) if text]
    # What moves as a whole is a group, unless it is one thing anyway.
    whole = ElementTree.SubElement(root, "g" if texts else "rect")
    _animate_transform(whole, _unwound([part.transform for part in filled]), seconds)
    _animate(whole, "visibility", ["hidden" if part is None else "visible" for part in parts], seconds, "visible")
    if has_rectangle:
        rectangle = ElementTree.SubElement(whole, "rect") if texts else whole
        each = [part.attributes() for part in filled]
        for name in {name: None for attributes in each for name in attributes}:
            default = "1" if name == "fill-opacity" else "0"
            _animate(rectangle, name, [attributes.get(name, default) for attributes in each], seconds)
    for text in texts:
        _add_text(whole, text, filled, seconds)


def _unwound(transforms: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """The same, with angles that never take the long way round."""
    unwound: list[tuple[float, float, float]] = []
    for x, y, rotation in transforms:
        before = unwound[-1][2] if unwound else rotation
        unwound.append((x, y, round(before + (rotation - before + 180) % 360 - 180, 1)))
    return unwound


def _animate_transform(
    group: ElementTree.Element, transforms: Sequence[tuple[float, float, float]], seconds: float
) -> None:
    x, y, rotation = transforms[0]
    turned = f" rotate({_text(rotation)})" if rotation else ""
    group.set("transform", f"translate({_text(x)} {_text(y)}){turned}")
    if len(set(transforms)) == 1:
        return
    jumps = [math.dist(one[:2], other[:2]) > _JUMP for one, other in pairwise(transforms)]
    # What moves need not be as exact as what rests.
    moves = [f"{x:.0f} {y:.0f}" for x, y, _ in transforms]
    turns = [f"{rotation:.0f}" for _, _, rotation in transforms]
    for kind, values in (("translate", moves), ("rotate", turns)):
        times, shown = _smoothly(values, jumps)
        attributes = {"type": kind, "values": ";".join(shown), "keyTimes": ";".join(times)}
        if kind == "rotate":
            attributes["additive"] = "sum"
        _add_animation(group, "animateTransform", "transform", attributes, seconds)


def _smoothly(values: Sequence[str], jumps: Sequence[bool]) -> tuple[list[str], list[str]]:
    """Times and values between which is interpolated: at a jump there are two at one time."""
    count = len(values)
    times, shown = ["0"], [values[0]]
    for index in range(1, count):
        rests = values[index - 1] == values[index]
        rests_on = rests and index + 1 < count and values[index + 1] == values[index] and not jumps[index]
        if rests_on:
            continue
        time = _share(index, count)
        if jumps[index - 1]:
            times.append(time)
            shown.append(values[index - 1])
        times.append(time)
        shown.append(values[index])
    return [*times, "1"], [*shown, values[-1]]


def _animate(
    element: ElementTree.Element, name: str, values: Sequence[str], seconds: float, default: str | None = None
) -> None:
    """An attribute that has one value after the other."""
    if values[0] != default:
        element.set(name, values[0])
    if len(set(values)) == 1:
        return
    changes = [index for index in range(len(values)) if index == 0 or values[index] != values[index - 1]]
    attributes = {
        "values": ";".join(values[index] for index in changes),
        "keyTimes": ";".join(_share(index, len(values)) for index in changes),
        "calcMode": "discrete",
    }
    _add_animation(element, "animate", name, attributes, seconds)


def _add_animation(
    element: ElementTree.Element, tag: str, name: str, attributes: Mapping[str, str], seconds: float
) -> None:
    fixed = {"attributeName": name, "dur": f"{seconds:g}s", "repeatCount": "indefinite"}
    ElementTree.SubElement(element, tag, {**fixed, **attributes})


def _add_text(group: ElementTree.Element, text: str, parts: Sequence[_Part], seconds: float) -> None:
    box = next(part.box for part in parts if part.box.text == text)
    size = box.text_size or min(box.height * _LINE, box.width / (_LETTER * len(text)))
    if box.most_text_size:
        size = min(size, box.most_text_size)
    place = {"Left": -box.width / 2, "Right": box.width / 2}.get(box.align, 0.0)
    attributes = {
        "x": _text(round(place, 1)),
        "y": _text(round(size * 0.35, 1)),
        "font-size": _text(round(size, 1)),
        "font-family": "Segoe UI, Helvetica, Arial, sans-serif",
        "text-anchor": _ANCHORS[box.align],
        "fill": box.text_colour,
    }
    element = ElementTree.SubElement(group, "text", attributes)
    element.text = text
    shown = ["visible" if part.box.text == text else "hidden" for part in parts]
    _animate(element, "visibility", shown, seconds, "visible")


def _share(index: int, count: int) -> str:
    return f"{index / count:.4f}".rstrip("0").rstrip(".") or "0"


def _text(number: float) -> str:
    return f"{number:g}"
