"""The example Digits on a stage in Lune, and what pointers do on its pad."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from codegen.roblox.files import roblox_xml
from codegen.roblox.rojo_project import read_project
from digits.drawing import Drawing
from digits.modules import EXAMPLE
from tests.lune import run_lune

SCENE = Path(__file__).with_name("digits_scene.luau")
PHONE, DESKTOP = (667, 300), (1920, 950)

Step = dict[str, Any]
LOOK: Step = {}
FRAME: Step = {"frame": True}
CLEAR: Step = {"clear": True}


@dataclass(frozen=True)
class Pointer:
    """A mouse or a finger: its name, and what its inputs are when it presses and when it moves."""

    name: str
    press: str
    movement: str

    def event(self, event: str, x: float, y: float, *, state: str, moves: bool = False) -> Step:
        """One event, at shares of the pad's size."""
        # A mouse's movement is an input of its own, a finger has one for all.
        kind = self.movement if moves else self.press
        return {"event": event, "name": f"{self.name} {kind}", "type": kind, "state": state, "x": x, "y": y}

    def begin(self, x: float, y: float) -> Step:
        """It is pressed."""
        return self.event("InputBegan", x, y, state="Begin")

    def move(self, x: float, y: float) -> Step:
        """It is moved, pressed or not."""
        return self.event("InputChanged", x, y, state="Change", moves=True)

    def end(self, x: float, y: float) -> Step:
        """It is lifted on the pad."""
        return self.event("InputEnded", x, y, state="End")

    def cancel(self, x: float, y: float) -> Step:
        """The system takes it away."""
        return self.event("InputEnded", x, y, state="Cancel")

    def leave(self, x: float, y: float) -> Step:
        """It leaves the pad, pressed or not."""
        return self.event("InputEnded", x, y, state="Change", moves=True)

    def end_elsewhere(self, x: float, y: float) -> Step:
        """It is lifted beside the pad, which does not hear of it."""
        return self.event("none", x, y, state="End")

    def strokes(self, drawing: Drawing, side: int) -> Iterator[Step]:
        """It draws; the drawing's points are in cells, of which the pad has so many in each direction."""
        for stroke in drawing:
            (x, y), *others = [(x / side, y / side) for x, y in stroke]
            yield self.begin(x, y)
            for x, y in others:
                yield self.move(x, y)
            yield self.end(x, y)


MOUSE = Pointer("mouse", "MouseButton1", "MouseMovement")
FINGER, SECOND_FINGER = Pointer("finger", "Touch", "Touch"), Pointer("second finger", "Touch", "Touch")


@dataclass(frozen=True)
class Play:
    """What is done on a new stage of this size, in pixels."""

    steps: Sequence[Step]
    width: int
    height: int


def play(steps: Iterable[Step], size: tuple[int, int] = PHONE) -> Play:
    """What is done on a new stage."""
    return Play(list(steps), *size)


def seen(folder: Path, *plays: Play) -> list[dict[str, Any]]:
    """What is seen at each `LOOK`; without Lune the test is skipped."""
    project, model = folder / "scene.project.json", folder / "scene.rbxmx"
    project.write_text(json.dumps({"name": EXAMPLE.name, "tree": {"$path": str(EXAMPLE)}}), encoding="utf-8")
    model.write_text(roblox_xml(read_project(project)), encoding="utf-8")
    told = json.dumps([asdict(each) for each in plays])
    looks: list[dict[str, Any]] = run_lune(SCENE.read_text(encoding="utf-8"), str(model), told, folder=folder)
    return looks
