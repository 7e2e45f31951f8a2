"""The example Digits as it is played: drawn on with mouse and fingers, in Lune, with real instances."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digits.drawing import placed
from digits.unseen_drawings import UNSEEN
from tests.roblox.digits_scene import (
    CLEAR,
    DESKTOP,
    FINGER,
    FRAME,
    LOOK,
    MOUSE,
    PHONE,
    SECOND_FINGER,
    Pointer,
    play,
    seen,
)

SIDE = 24
# Small and near the top right corner.
CORNER = (10.0, 12.5, 2.0)
POINTERS = pytest.mark.parametrize("pointer", [MOUSE, FINGER], ids=["mouse", "finger"])


def ink(look: dict[str, Any]) -> np.ndarray:
    """Which cells show ink that is more than faint."""
    cells: np.ndarray = np.array(look["cells"]).reshape(SIDE, SIDE) < 0.7
    return cells


@POINTERS
def test_digits_that_are_drawn_off_the_centre_are_told(tmp_path: Path, pointer: Pointer) -> None:
    plays = [
        play([*pointer.strokes(placed(ways[0], *CORNER), SIDE), FRAME, LOOK], size)
        for size in (PHONE, DESKTOP)
        for ways in UNSEEN.values()
    ]
    looks = seen(tmp_path, *plays)
    right = 0
    for number, look in enumerate(looks):
        best = int(np.argmax(look["shares"]))
        assert look["caption"] == f"This is a {best} ({100 * look['shares'][best]:.0f} %)"
        assert sum(look["shares"]) == pytest.approx(1, abs=1e-5)
        assert look["greens"] == [digit == best for digit in range(10)]
        right += best == number % 10
    assert len(looks) == 20
    assert right >= 18


@POINTERS
def test_a_fast_stroke_leaves_no_gaps(tmp_path: Path, pointer: Pointer) -> None:
    drawing = (((3.0, 4.0), (20.0, 9.0), (5.0, 21.0)),)
    (look,) = seen(tmp_path, play([*pointer.strokes(drawing, SIDE), FRAME, LOOK]))
    (points,) = drawing
    for start, end in pairwise(points):
        columns, rows = np.linspace(start, end, 100).astype(int).T
        assert ink(look)[rows, columns].all()
    assert not ink(look)[:, 22:].any()


def test_nothing_is_shown_before_the_next_frame(tmp_path: Path) -> None:
    stroke = MOUSE.strokes((((4.0, 4.0), (4.0, 20.0)),), SIDE)
    before, after = seen(tmp_path, play([*stroke, LOOK, FRAME, LOOK]))
    assert before["caption"] == "Draw a digit"
    assert before["shares"] == [0] * 10
    assert not ink(before).any()
    assert ink(after).any()
    assert after["caption"].startswith("This is a 1 (")


def test_clear_clears(tmp_path: Path) -> None:
    stroke = list(MOUSE.strokes(placed(UNSEEN["3"][0], *CORNER), SIDE))
    first, drawn, cleared, again = seen(
        tmp_path, play([LOOK, *stroke, FRAME, LOOK, CLEAR, FRAME, LOOK, *stroke, FRAME, LOOK])
    )
    assert drawn != first
    assert cleared == first
    assert again == drawn


def test_a_click_is_a_dot(tmp_path: Path) -> None:
    (look,) = seen(tmp_path, play([MOUSE.begin(0.52, 0.52), MOUSE.end(0.52, 0.52), FRAME, LOOK]))
    rows, columns = np.nonzero(ink(look))
    assert {11, 12, 13} >= set(rows) >= {12}
    assert {11, 12, 13} >= set(columns) >= {12}


def test_a_mouse_that_is_not_pressed_draws_nothing(tmp_path: Path) -> None:
    steps = [MOUSE.move(0.1, 0.1), MOUSE.move(0.9, 0.9), FRAME, LOOK]
    released = [MOUSE.begin(0.1, 0.1), MOUSE.end(0.1, 0.1), *steps]
    elsewhere = [MOUSE.begin(0.1, 0.1), MOUSE.leave(0, 0), MOUSE.end_elsewhere(0, 0), *steps]
    never, after_release, after_release_elsewhere = seen(tmp_path, play(steps), play(released), play(elsewhere))
    assert not ink(never).any()
    for look in (after_release, after_release_elsewhere):
        assert ink(look)[:5, :5].any()
        assert not ink(look)[5:].any()


def test_a_pressed_mouse_that_comes_back_goes_on_where_it_comes_in(tmp_path: Path) -> None:
    steps = [MOUSE.begin(0.5, 0.1), MOUSE.leave(0.5, 0), MOUSE.move(0.1, 0.9), MOUSE.move(0.9, 0.9), FRAME, LOOK]
    (look,) = seen(tmp_path, play(steps))
    assert ink(look)[21, 3:21].all()
    assert not ink(look)[6:18].any()


def test_a_second_finger_draws_nothing_and_ends_nothing(tmp_path: Path) -> None:
    second = [SECOND_FINGER.begin(0.9, 0.1), SECOND_FINGER.move(0.9, 0.3), SECOND_FINGER.end(0.9, 0.3)]
    one, two = (
        [FINGER.begin(0.1, 0.5), *others, FINGER.move(0.5, 0.5), *others, FINGER.move(0.9, 0.9), FRAME, LOOK]
        for others in ([], second)
    )
    alone, together = seen(tmp_path, play(one), play(two))
    assert ink(alone)[12, 3:12].all()
    assert together == alone


def test_a_press_is_seen_after_one_that_ended_elsewhere(tmp_path: Path) -> None:
    elsewhere = [MOUSE.begin(0.1, 0.1), MOUSE.leave(0, 0), MOUSE.end_elsewhere(0, 0)]
    (look,) = seen(tmp_path, play([*elsewhere, MOUSE.begin(0.8, 0.8), FRAME, LOOK]))
    assert ink(look)[18:21, 18:21].any()


def test_a_finger_may_draw_after_one_that_the_system_took_away(tmp_path: Path) -> None:
    steps = [FINGER.begin(0.1, 0.1), FINGER.cancel(0.1, 0.1), SECOND_FINGER.begin(0.8, 0.8), FRAME, LOOK]
    (look,) = seen(tmp_path, play(steps))
    assert ink(look)[18:21, 18:21].any()


@pytest.mark.parametrize("size", [PHONE, DESKTOP, (1000, 1000)], ids=str)
def test_everything_has_its_place_on_the_stage(tmp_path: Path, size: tuple[int, int]) -> None:
    (look,) = seen(tmp_path, play([LOOK], size))
    width, height = size
    pad, clear, bars = look["pad"], look["clear"], look["bars"]
    assert look["active"]
    assert pad[2] == pytest.approx(pad[3])
    assert pad[2] >= 0.43 * min(width, 2 * height)
    assert clear[3] >= 40
    # From left to right and from top to bottom nothing lies on anything else, the caption above included.
    for left, top, wide, high in (pad, clear, *bars):
        assert left >= 0
        assert left + wide <= width
        assert top >= 0.08 * height
        assert top + high <= height
    assert pad[0] + pad[2] <= min(clear[0], *(bar[0] for bar in bars))
    ends = [bar[1] + bar[3] for bar in bars]
    assert all(end <= bar[1] + 0.01 for end, bar in zip(ends, [*bars[1:], clear], strict=True))
    assert bars[0][3] >= 20
