"""A place, played: frames go by when they are told to, a pointer touches the screen, and what it shows is seen."""

from collections.abc import Iterator
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

    def press(self, x: float, y: float, *, touch: bool = False) -> None:
        """Press the mouse's left button, or touch the screen, at a place in pixels below Roblox's own strip."""
        self._ask("point", "press", x, y, touch)

    def move(self, x: float, y: float, *, touch: bool = False) -> None:
        """Move the mouse, or the finger."""
        self._ask("point", "move", x, y, touch)

    def release(self, x: float, y: float, *, touch: bool = False) -> None:
        """Let go."""
        self._ask("point", "release", x, y, touch)

    def click(self, text: str, *, touch: bool = False) -> None:
        """Click on the one thing on the screen with that text.

        Raises:
            ValueError: if there is none, or more than one.
        """
        (box,) = (each for each in self.boxes() if each.text == text)
        self.press(*box.centre, touch=touch)
        self.release(*box.centre, touch=touch)
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
