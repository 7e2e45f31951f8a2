"""The example's own Luau modules in a runtime: only they make of a drawing what the network takes."""

from collections.abc import Iterable, Sequence

import numpy as np

from codegen.library.generate import PLACE_FOLDER
from codegen.runtimes import RUNTIMES, Handle, Runtime, UnavailableError
from codegen.translate.requires import TOP
from digits.drawing import Drawing
from engine.elementwise import Array

EXAMPLE = PLACE_FOLDER / "src" / "ReplicatedStorage" / "Examples" / "Digits"
# Those that need no Roblox.
PURE = ("Ink", "Preparation")
# The fastest first; all give the same numbers.
_PREFERRED = ("luajit21", "luau", "lua51")
# On its way to Luau the ink of a cell is a letter, of so many greys, from this one on.
_GREYS, _NO_INK = 64, "0"

_READ = """
local modules, letters, greys, noInk = ...
local ink = {}
for index = 1, #letters do
	ink[index] = (string.byte(letters, index) - string.byte(noInk)) / greys
end
return modules.Preparation.picture(ink)
"""
_DRAW = """
local modules, strokes = ...
local ink = modules.Ink.blank()
for _, stroke in ipairs(strokes) do
	for index, point in ipairs(stroke) do
		local last = stroke[math.max(1, index - 1)]
		modules.Ink.line(ink, last[1], last[2], point[1], point[2])
	end
end
return ink
"""


class Modules:
    """The example's modules, loaded once.

    Args:
        runtime: what they run in.
        names: which of them; those that every use needs come by themselves.
    """

    def __init__(self, runtime: Runtime, names: Iterable[str] = ()) -> None:
        self.runtime = runtime
        self.loaded: Handle = runtime.require_tree(_tree([*PURE, *names]), EXAMPLE.name)
        self._read = runtime.compile(_READ, "read")
        self._draw = runtime.compile(_DRAW, "draw")
        (side,) = runtime.run("return (...).Ink.SIDE", self.loaded)
        self.side = int(side)

    def picture(self, pad: Array) -> list[float] | None:
        """What the network is given of a pad (side, side), or None if it is empty."""
        letters = np.round(pad * _GREYS).astype(np.uint8) + ord(_NO_INK)
        picture: list[float] | None
        (picture,) = self.runtime.call(self._read, self.loaded, letters.tobytes().decode("ascii"), _GREYS, _NO_INK)
        return picture

    def pictures(self, pads: Array) -> Array:
        """What the network is given of pads (count, side, side): (count, 64). None of them may be empty."""
        return np.array([self.picture(pad) for pad in pads], dtype=np.float64)

    def drawn(self, drawing: Drawing) -> Array:
        """The pad (side, side) on which a drawing is, whose points are in cells."""
        (ink,) = self.runtime.call(self._draw, self.loaded, drawing)
        return np.array(ink).reshape(self.side, self.side)

    def pictures_of(self, drawings: Sequence[Drawing]) -> Array:
        """What the network is given of drawings: (count, 64)."""
        return self.pictures(np.array([self.drawn(each) for each in drawings]))


def any_runtime() -> Runtime:
    """The fastest runtime that can be had here.

    Raises:
        UnavailableError: if there is none.
    """
    for name in _PREFERRED[:-1]:
        try:
            return RUNTIMES[name]()
        except UnavailableError:
            pass
    return RUNTIMES[_PREFERRED[-1]]()


def _tree(names: Iterable[str]) -> dict[str, str]:
    """The sources of modules, and one that requires them all, by their paths."""
    sources = {name: (EXAMPLE / f"{name}.luau").read_text(encoding="utf-8") for name in names}
    lines = [f'local {name} = require("@self/{name}")' for name in sources]
    return {**sources, TOP: "\n".join([*lines, f"return {{ {', '.join(f'{name} = {name}' for name in sources)} }}\n"])}
