"""How many digits a network tells, of those that it has never seen."""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from digits import scans
from digits.drawing import placed
from digits.modules import Modules
from digits.scans import Scans
from digits.unseen_drawings import UNSEEN
from engine.elementwise import Array

# By how many cells of theirs scans are shifted, to each side.
SHIFTS = tuple(product(range(-2, 3), repeat=2))
# Heights of drawings on the pad and where their top left corners are, in cells: large, small, and in the corners.
PLACES = ((18.0, 3.0, 3.0), (12.0, 2.0, 9.0), (8.0, 12.0, 2.0), (15.0, 8.0, 6.0))

# Tells of pictures (count, 64) which digits they are, (count,).
Reader = Callable[[Array], Array]


def judged(read: Reader, modules: Modules, unseen: Scans) -> Iterator[tuple[str, float]]:
    """What share a network tells of scans and drawings, and how it was shown them."""
    inputs = modules.pictures(scans.on_pads(unseen.pictures, modules.side))
    yield "as they are, on the pad", _share(read, inputs, unseen.digits)
    yield (
        "shifted by up to two cells, on the pad",
        _mean(
            _share(read, modules.pictures(scans.on_pads(unseen.pictures, modules.side, *shift)), unseen.digits)
            for shift in SHIFTS
        ),
    )
    yield (
        "shifted by up to two cells, cut off and without preparation",
        _mean(_share(read, flat(scans.cut_off(unseen.pictures, *shift)), unseen.digits) for shift in SHIFTS),
    )
    inputs, digits = drawn_pictures(modules)
    yield "drawn with a mouse, in many places and sizes", _share(read, inputs, digits)


def flat(pictures: Array) -> Array:
    """Pictures (count, 8, 8) as a network takes them without preparation: (count, 64)."""
    return pictures.reshape(len(pictures), -1)


def drawn_pictures(modules: Modules) -> tuple[Array, Array]:
    """What a network is given of all unseen drawings in all places, and which digits they are."""
    drawings = [(placed(way, *place), digit) for digit, ways in UNSEEN.items() for way in ways for place in PLACES]
    inputs = modules.pictures_of([drawing for drawing, _ in drawings])
    return inputs, np.array([int(digit) for _, digit in drawings])


def _share(read: Reader, inputs: Array, digits: Array) -> float:
    return float(np.mean(read(inputs) == digits))


def _mean(shares: Iterator[float]) -> float:
    return float(np.mean(list(shares)))
