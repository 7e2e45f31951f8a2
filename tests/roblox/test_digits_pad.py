"""The example Digits as it is played: drawn on with mouse and fingers, in the demo place."""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from digits.drawing import Drawing, placed
from digits.unseen_drawings import UNSEEN
from playing.digit_pad import TITLE, DigitPad
from playing.place import Box, named
from tests.place import FINGER, SCREENS, open_place

SIDE = 24
# Small and near the top right corner.
CORNER = (10 / SIDE, 12.5 / SIDE, 2 / SIDE)
LINE = (((0.2, 0.2), (0.2, 0.8)),)
POINTERS = pytest.mark.parametrize("finger", [None, 1], ids=["mouse", "finger"])


@dataclass(frozen=True)
class Look:
    """What the example shows: of each digit the length of its bar, from 0 to 1, and whether that is green."""

    caption: str
    shares: list[float]
    greens: list[bool]
    cells: list[float]

    def ink(self) -> NDArray[np.bool_]:
        """Which cells show ink that is more than faint."""
        return np.array(self.cells).reshape(SIDE, SIDE) < 0.7


def open_pad(screen: str = "phone") -> DigitPad:
    place = open_place(*SCREENS[screen])
    place.click(TITLE)
    return DigitPad(place)


def rgb(box: Box) -> tuple[float, ...]:
    return tuple(byte / 255 for byte in bytes.fromhex(box.colour.removeprefix("#")))


def look(pad: DigitPad) -> Look:
    boxes = pad.place.boxes()
    tracks = [named(named(boxes, f"Bar{digit}").inside, "Track") for digit in range(10)]
    bars = [named(track.inside, "Share") for track in tracks]
    cells = {box.name: rgb(box)[0] for box in named(boxes, "Pad").inside}
    return Look(
        named(boxes, "Caption").text,
        [bar.width / track.width for bar, track in zip(bars, tracks, strict=True)],
        [rgb(bar)[1] > rgb(bar)[0] for bar in bars],
        [cells[f"Cell{number}"] for number in range(1, SIDE * SIDE + 1)],
    )


def next_look(pad: DigitPad) -> Look:
    """What it shows a frame later."""
    pad.place.frames(1)
    return look(pad)


@pytest.mark.share(2)
@POINTERS
def test_digits_that_are_drawn_off_the_centre_are_told(finger: int | None) -> None:
    right = 0
    for screen in ("phone", "desktop"):
        pad = open_pad(screen)
        for digit, ways in UNSEEN.items():
            pad.draw(placed(ways[0], *CORNER), finger=finger)
            seen = next_look(pad)
            best = int(np.argmax(seen.shares))
            assert seen.caption == f"This is a {best} ({100 * seen.shares[best]:.0f} %)"
            assert sum(seen.shares) == pytest.approx(1, abs=1e-5)
            assert seen.greens == [each == best for each in range(10)]
            right += best == int(digit)
            pad.clear()
    assert len(UNSEEN) == 10
    assert right >= 18


@POINTERS
def test_a_fast_stroke_leaves_no_gaps(finger: int | None) -> None:
    points = np.array([(3.0, 4.0), (20.0, 9.0), (5.0, 21.0)])
    pad = open_pad()
    pad.draw((tuple((x / SIDE, y / SIDE) for x, y in points),), finger=finger)
    ink = next_look(pad).ink()
    for start, end in pairwise(points):
        columns, rows = np.linspace(start, end, 100).astype(int).T
        assert ink[rows, columns].all()
    assert not ink[:, 22:].any()


def test_nothing_is_shown_before_the_next_frame() -> None:
    pad = open_pad()
    pad.draw(LINE)
    before, after = look(pad), next_look(pad)
    assert before.caption == "Draw a digit"
    assert before.shares == [0] * 10
    assert not before.ink().any()
    assert after.ink().any()
    assert after.caption.startswith("This is a 1 (")


def test_clear_clears() -> None:
    pad = open_pad()
    first = look(pad)
    drawing = placed(UNSEEN["3"][0], *CORNER)
    pad.draw(drawing)
    drawn = next_look(pad)
    pad.clear()
    cleared = next_look(pad)
    pad.draw(drawing)
    assert drawn != first
    assert cleared == first
    assert next_look(pad) == drawn


@POINTERS
def test_a_click_is_a_dot(finger: int | None) -> None:
    pad = open_pad()
    pad.draw((((0.52, 0.52),),), finger=finger)
    rows, columns = np.nonzero(next_look(pad).ink())
    assert {11, 12, 13} >= set(rows) >= {12}
    assert {11, 12, 13} >= set(columns) >= {12}


@pytest.mark.parametrize("released", [None, (0.1, 0.1), (-0.2, 0.1)], ids=["never pressed", "there", "elsewhere"])
def test_a_mouse_that_is_not_pressed_draws_nothing(released: tuple[float, float] | None) -> None:
    pad = open_pad()
    if released:
        pad.place.press(*pad.at(0.1, 0.1))
        pad.place.release(*pad.at(*released))
    pad.place.move(*pad.at(0.12, 0.1))
    pad.place.move(*pad.at(0.9, 0.9))
    ink = next_look(pad).ink()
    assert ink[:5, :5].any() == (released is not None)
    assert not ink[5:].any()
    assert not ink[:, 5:].any()


def test_a_pressed_mouse_that_comes_back_goes_on_where_it_comes_in() -> None:
    pad = open_pad()
    pad.place.press(*pad.at(0.5, 0.1))
    pad.place.move(*pad.at(-0.2, 0.5))
    for x in (0.1, 0.9):
        pad.place.move(*pad.at(x, 0.9))
    ink = next_look(pad).ink()
    assert ink[21, 3:21].all()
    assert not ink[6:18].any()


def test_a_second_finger_draws_nothing_and_ends_nothing() -> None:
    def drawn_beside(other: Drawing) -> Look:
        pad = open_pad()
        pad.place.press(*pad.at(0.1, 0.5), finger=1)
        for x, y in ((0.5, 0.5), (0.9, 0.9)):
            pad.draw(other, finger=2)
            pad.place.move(*pad.at(x, y), finger=1)
        return next_look(pad)

    alone, together = drawn_beside(()), drawn_beside((((0.9, 0.1), (0.9, 0.3)),))
    assert alone.ink()[12, 3:12].all()
    assert together == alone


def test_a_press_is_seen_after_one_that_ended_elsewhere() -> None:
    pad = open_pad()
    pad.place.press(*pad.at(0.1, 0.1))
    pad.place.release(*pad.at(-0.2, 0.1))
    pad.place.press(*pad.at(0.8, 0.8))
    assert next_look(pad).ink()[18:21, 18:21].any()


def test_a_finger_may_draw_after_one_that_the_system_took_away() -> None:
    pad = open_pad()
    pad.place.press(*pad.at(0.1, 0.1), finger=1)
    pad.place.cancel(1)
    pad.place.press(*pad.at(0.8, 0.8), finger=2)
    assert next_look(pad).ink()[18:21, 18:21].any()


@pytest.mark.parametrize("screen", SCREENS)
def test_everything_has_its_place_on_the_stage(screen: str) -> None:
    boxes = open_pad(screen).place.boxes()
    stage, pad, clear, caption = (named(boxes, name) for name in ("Stage", "Pad", "Clear", "Caption"))
    bars = sorted((box for box in boxes if re.fullmatch(r"Bar\d", box.name)), key=lambda box: box.name)
    assert pad.active
    assert pad.width == pytest.approx(pad.height)
    assert pad.width >= 0.43 * min(stage.width, 2 * stage.height)
    assert clear.height >= FINGER
    # From left to right and from top to bottom nothing lies on anything else, the caption above included.
    for box in (pad, clear, *bars):
        assert box.x >= stage.x
        assert box.x + box.width <= stage.x + stage.width
        assert box.y >= caption.y + caption.height
        assert box.y + box.height <= stage.y + stage.height
    assert pad.x + pad.width <= min(box.x for box in (clear, *bars))
    below = [*bars[1:], clear]
    assert len(bars) == 10
    assert all(one.y + one.height <= other.y + 0.01 for one, other in zip(bars, below, strict=True))
    assert bars[0].height >= (14 if screen == "small phone" else 20)
