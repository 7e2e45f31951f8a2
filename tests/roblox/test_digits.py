"""The network of the example Digits, as it was exported, and what its drawings are made into before they are read."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.runtimes import RUNTIMES
from digits.brain import BRAIN, STRING, brain_source
from digits.drawing import Drawing
from digits.judge import judged
from digits.modules import Modules, any_runtime
from digits.scans import MOST_INK, cut_off, on_pads, read_scans
from digits.taught_drawings import TAUGHT
from digits.unseen_drawings import UNSEEN
from engine import Network
from engine.elementwise import Array
from tests.skips import or_skip

_READ = """
local modules, pictures = ...
local answers = {}
for index, picture in ipairs(pictures) do
	answers[index] = modules.Brain(picture)
end
return answers
"""
# At least so much of each is told right; the words are those of the training.
SHARES: Mapping[str, float] = {
    "as they are, on the pad": 0.97,
    "shifted by up to two cells, on the pad": 0.97,
    "shifted by up to two cells, cut off and without preparation": 0.9,
    "drawn with a mouse, in many places and sizes": 0.9,
}


@pytest.fixture(scope="module")
def modules() -> Modules:
    """The example's modules in a runtime that has arithmetic like any other."""
    return Modules(any_runtime())


def reader(modules: Modules) -> Callable[[Array], Array]:
    """What tells digits with the exported network."""

    def read(pictures: Array) -> Array:
        (answers,) = modules.runtime.run(_READ, modules.loaded, pictures)
        digits: Array = np.array(answers).argmax(axis=1)
        return digits

    return read


def test_the_exported_network_tells_digits_that_it_has_never_seen() -> None:
    modules = or_skip(lambda: Modules(RUNTIMES["luau"](), [BRAIN.stem]))
    _, unseen = read_scans()
    shares = dict(judged(reader(modules), modules, unseen))
    assert shares.keys() == SHARES.keys()
    assert all(shares[how] >= SHARES[how] for how in SHARES), shares


def test_the_exported_module_is_what_the_exporter_makes_of_the_string() -> None:
    """To make it anew: luaunn export scripts/digits/network.txt -o …/Digits/Brain.luau --precision f32."""
    text = STRING.read_text(encoding="utf-8")
    assert brain_source(text).encode() == BRAIN.read_bytes()
    # The bars are those of the digits from 0 on.
    assert Network.load(text).extras.classes == tuple("0123456789")


def test_what_is_kept_back_is_every_fifth_and_not_trained_with() -> None:
    seen, unseen = read_scans()
    assert (len(seen.digits), len(unseen.digits)) == (1438, 359)
    assert not {each.tobytes() for each in seen.pictures} & {each.tobytes() for each in unseen.pictures}
    # No digit is rare among them.
    assert np.bincount(unseen.digits).min() > 20
    assert seen.pictures.max() == unseen.pictures.max() == 1
    assert np.array_equal(seen.pictures * MOST_INK, np.round(seen.pictures * MOST_INK))


def test_no_drawing_to_judge_by_is_one_to_train_with() -> None:
    assert UNSEEN.keys() == TAUGHT.keys() == set("0123456789")
    assert not {way for ways in UNSEEN.values() for way in ways} & {way for ways in TAUGHT.values() for way in ways}


def test_scans_are_shifted_by_cells_of_theirs() -> None:
    picture = np.zeros((1, 8, 8))
    picture[0, 0, 7], picture[0, 4, 3] = 1, 0.5
    (pad,) = on_pads(picture, 24, right=2, down=-1)
    expected = np.zeros((24, 24))
    expected[2:4, 22:24], expected[10:12, 14:16] = 1, 0.5
    assert np.array_equal(pad, expected)
    (left,) = cut_off(picture, 1, 2)
    assert (left.sum(), left[6, 4]) == (0.5, 0.5)
    assert np.array_equal(cut_off(picture, 0, 0), picture)


# Preparation.

places = st.floats(0, 24, allow_subnormal=False)
drawings = st.lists(st.lists(st.tuples(places, places), min_size=1, max_size=5), min_size=1, max_size=3)


@given(drawing=drawings, right=st.integers(-20, 20), down=st.integers(-20, 20))
def test_where_on_the_pad_a_drawing_is_changes_nothing(
    modules: Modules, drawing: Drawing, right: int, down: int
) -> None:
    pad = modules.drawn(drawing)
    rows, columns = np.nonzero(pad)
    # Only as far as it stays on the pad, to the last cell with any ink.
    down = max(-rows.min(), min(down, modules.side - 1 - rows.max()))
    right = max(-columns.min(), min(right, modules.side - 1 - columns.max()))
    assert modules.picture(np.roll(pad, (down, right), axis=(0, 1))) == modules.picture(pad)


@given(drawing=drawings)
def test_a_picture_is_64_numbers_from_0_to_1_and_fills_a_side(modules: Modules, drawing: Drawing) -> None:
    values = modules.picture(modules.drawn(drawing))
    assert values is not None
    picture = np.array(values).reshape(8, 8)
    assert picture.min() >= 0
    assert picture.max() == 1
    fills_height = picture[0].any() and picture[-1].any()
    fills_width = picture[:, 0].any() and picture[:, -1].any()
    assert fills_height or fills_width


def test_an_empty_pad_makes_no_picture(modules: Modules) -> None:
    assert modules.picture(np.zeros((24, 24))) is None


def overlaps(length: float) -> Array:
    """Of each of 8 cells, the part that lies on a line of some length in the middle of them all."""
    starts = np.arange(8)
    parts: Array = np.clip(np.minimum(starts + 1, 4 + length / 2) - np.maximum(starts, 4 - length / 2), 0, 1)
    return parts


@given(left=st.integers(0, 23), top=st.integers(0, 23), width=st.integers(1, 24), height=st.integers(1, 24))
def test_proportions_are_kept_and_what_is_drawn_comes_into_the_middle(
    modules: Modules, left: int, top: int, width: int, height: int
) -> None:
    width, height = min(width, 24 - left), min(height, 24 - top)
    pad = np.zeros((24, 24))
    pad[top : top + height, left : left + width] = 1
    scale = 8 / max(width, height)
    expected = np.outer(overlaps(height * scale), overlaps(width * scale))
    expected /= expected.max()
    picture = modules.picture(pad)
    assert picture is not None
    assert np.array(picture) == pytest.approx(expected.ravel(), abs=1e-12)


def test_faint_ink_does_not_make_a_drawing_smaller(modules: Modules) -> None:
    pad = np.zeros((24, 24))
    pad[4:12, 6:14] = 1
    alone = modules.picture(pad)
    pad[20, 20] = 0.25
    assert modules.picture(pad) == alone


# Ink.


@given(start=st.tuples(places, places), end=st.tuples(places, places))
def test_a_line_is_as_wide_as_the_pen_all_along(
    modules: Modules, start: tuple[float, float], end: tuple[float, float]
) -> None:
    pad = modules.drawn(((start, end),))
    along = np.linspace(start, end, 200)
    cells = np.minimum(along.astype(int), 23)
    assert (pad[cells[:, 1], cells[:, 0]] >= 0.9).all()
    middles = np.stack(np.meshgrid(np.arange(24) + 0.5, np.arange(24) + 0.5), axis=-1)
    away = np.linalg.norm(middles[:, :, None, :] - along, axis=-1).min(axis=-1)
    # A pen of 1.2 cells to each side with half a cell of soft edge, and as exact as the line is seen here.
    assert np.abs(pad - np.clip(1.2 + 0.5 - away, 0, 1)).max() <= math.hypot(24, 24) / 199 / 2


def test_lines_that_cross_take_no_ink_away(modules: Modules) -> None:
    one, other = ((2.0, 2.0), (20.0, 21.0)), ((20.0, 3.0), (3.0, 19.0))
    both = np.maximum(modules.drawn((one,)), modules.drawn((other,)))
    assert np.array_equal(modules.drawn((one, other)), both)
