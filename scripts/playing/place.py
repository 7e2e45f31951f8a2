"""A place, played: frames go by when they are told to, pointers touch the screen, and what it shows is seen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codegen.runtimes.lune import Lune

FOLDER = Path(__file__).parent
FRAMES_PER_SECOND = 60
# The one that is no part of the tree of modules.
_PRELUDE = "prelude"
_CALL = """
local playing, name, a, b, c, d = ...
return playing[name](a, b, c, d)
"""


@dataclass(frozen=True)
class Box:
    """Something on the screen, and what is in it from back to front; places and sizes are in pixels.

    Attributes:
        path: its name and the names of all that it is in.
        class_name: its class in Roblox.
        x: its left side, before it is turned.
        y: its top.
        width: how wide it is.
        height: how high it is.
        rotation: by how many degrees it is turned about its middle, clockwise, with all that is in it.
        colour: of its background, ``#rrggbb``.
        opacity: of its background, from 0 to 1.
        clips: whether what is in it is cut off at its sides.
        active: whether what pointers do there is told to nothing behind it.
        inside: what is in it.
        corner: the radius of its corners.
        stroke: the colour of its outline; empty where it has none.
        stroke_width: how thick the outline is.
        text: what is written on it.
        text_colour: the colour of that.
        text_size: how high letters are; 0 where they are as large as there is room.
        most_text_size: how large they may be then; 0 where nothing says.
        align: where text stands: Left, Center or Right.
    """

    path: str
    class_name: str
    x: float
    y: float
    width: float
    height: float
    rotation: float
    colour: str
    opacity: float
    clips: bool
    active: bool
    inside: tuple["Box", ...] = field(repr=False)
    corner: float = 0.0
    stroke: str = ""
    stroke_width: float = 0.0
    text: str = ""
    text_colour: str = ""
    text_size: float = 0.0
    most_text_size: float = 0.0
    align: str = "Center"

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Box":
        """A box as drawing.luau tells it."""
        inside = tuple(cls.read(each) for each in raw["inside"])
        names = {
            "class": "class_name",
            "strokeWidth": "stroke_width",
            "textColour": "text_colour",
            "textSize": "text_size",
            "mostTextSize": "most_text_size",
        }
        return cls(**{names.get(name, name): value for name, value in raw.items()} | {"inside": inside})

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2]

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def walk(self) -> Iterator["Box"]:
        """This box and all that is in it."""
        yield self
        for each in self.inside:
            yield from each.walk()


def named(boxes: Iterable[Box], name: str) -> Box:
    """The one box with that name.

    Raises:
        ValueError: if there is none, or more than one.
    """
    (found,) = (box for box in boxes if box.name == name)
    return found


class PlayedPlace:
    """A place after Play has been pressed in Studio.

    Nothing in it depends on the time that work takes: a frame is a sixtieth of a second, whatever happens in it.

    Args:
        path: the .rbxlx file.
        width: of the screen, in pixels.
        height: of the screen.
        seed: for all random numbers, those that start from the clock too.

    Raises:
        UnavailableError: if there is no Lune.
    """

    def __init__(self, path: Path, width: float = 1920, height: float = 1080, seed: int = 1) -> None:
        self._runtime = Lune((FOLDER / f"{_PRELUDE}.luau").read_text(encoding="utf-8"))
        files = {each.stem: each.read_text(encoding="utf-8") for each in sorted(FOLDER.glob("*.luau"))}
        del files[_PRELUDE]
        self._playing = self._runtime.require_tree(files, "playing")
        self._call = self._runtime.compile(_CALL, "call")
        self._ask("play", str(path), width, height, seed)

    def _ask(self, name: str, *arguments: Any) -> list[Any]:
        return self._runtime.call(self._call, self._playing, name, *arguments)

    def frames(self, count: int) -> None:
        """Let so many frames go by.

        Raises:
            LuaError: if a script fails.
        """
        self._ask("frames", count)

    def press(self, x: float, y: float, *, finger: int | None = None) -> None:
        """Press the mouse's left button, or touch the screen.

        Args:
            x: the place, in pixels; a mouse that is elsewhere moves there first.
            y: the same, below Roblox's own strip.
            finger: the number of the finger, of any; without one it is the mouse.

        Raises:
            LuaError: if that finger touches the screen already, or a script fails.
        """
        self._ask("point", "press", finger, x, y)

    def move(self, x: float, y: float, *, finger: int | None = None) -> None:
        """Move the mouse, or a finger that touches the screen.

        Raises:
            LuaError: if that finger does not touch it, or a script fails.
        """
        self._ask("point", "move", finger, x, y)

    def release(self, x: float, y: float, *, finger: int | None = None) -> None:
        """Let go, at a place to which the pointer moves first.

        Raises:
            LuaError: if that finger does not touch the screen, or a script fails.
        """
        self._ask("point", "release", finger, x, y)

    def cancel(self, finger: int) -> None:
        """Let the system take a touch away, as it does for a call.

        Raises:
            LuaError: if that finger does not touch the screen, or a script fails.
        """
        self._ask("point", "cancel", finger)

    def stroke(self, points: Iterable[tuple[float, float]], *, finger: int | None = None) -> None:
        """Press at the first of these points, move through the others, and let go at the last."""
        first, *others = points
        self.press(*first, finger=finger)
        for point in others:
            self.move(*point, finger=finger)
        self.release(*(others or [first])[-1], finger=finger)

    def click(self, text: str, *, finger: int | None = None) -> None:
        """Click on the one thing on the screen with that text.

        Raises:
            ValueError: if there is none, or more than one.
        """
        (box,) = (each for each in self.boxes() if each.text == text)
        self.stroke([box.centre], finger=finger)
        self.frames(1)

    def screen(self) -> list[Box]:
        """What is on the screen, from back to front."""
        (drawn,) = self._ask("drawn")
        return [Box.read(each) for each in drawn]

    def boxes(self) -> list[Box]:
        """The same with all that is in them, one behind the other."""
        return [box for each in self.screen() for box in each.walk()]

    def printed(self) -> list[str]:
        """What scripts have printed."""
        (lines,) = self._ask("printed")
        return [str(line) for line in lines]
