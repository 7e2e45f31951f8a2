"""scikit-learn's digits, written by hand and scanned: some to train with, the others kept back to judge by."""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits

from engine.elementwise import Array

# A scan has so many cells in each direction, and so much ink in the fullest.
SIDE, MOST_INK = 8, 16
# Every so many-th scan is kept back: nothing is trained with it, and nothing chosen by it.
KEPT_BACK = 5
# On a pad as it is, a cell of a scan is so many in each direction: then there is room to shift it.
ENLARGED = 2


@dataclass(frozen=True)
class Scans:
    """Scanned digits.

    Attributes:
        pictures: their ink, from 0 to 1, (count, SIDE, SIDE).
        digits: which each of them is, (count,).
    """

    pictures: Array
    digits: Array


def read_scans() -> tuple[Scans, Scans]:
    """The scans to train with, and those that are kept back."""
    inks, digits = load_digits(return_X_y=True)
    pictures = inks.reshape(-1, SIDE, SIDE) / MOST_INK
    is_kept_back = np.arange(1, len(digits) + 1) % KEPT_BACK == 0
    return Scans(pictures[~is_kept_back], digits[~is_kept_back]), Scans(pictures[is_kept_back], digits[is_kept_back])


def on_pads(pictures: Array, side: int, right: int = 0, down: int = 0) -> Array:
    """Scans on pads of so many cells in each direction, beside the middle by so many cells of theirs."""
    enlarged = pictures.repeat(ENLARGED, axis=1).repeat(ENLARGED, axis=2)
    pads = np.zeros((len(pictures), side, side))
    margin = (side - SIDE * ENLARGED) // 2
    top, left = margin + ENLARGED * down, margin + ENLARGED * right
    pads[:, top : top + SIDE * ENLARGED, left : left + SIDE * ENLARGED] = enlarged
    return pads


def cut_off(pictures: Array, right: int, down: int) -> Array:
    """Scans that were shifted by so many of their cells; what leaves them is lost."""
    reach = max(abs(right), abs(down))
    padded = np.pad(pictures, ((0, 0), (reach, reach), (reach, reach)))
    top, left = reach - down, reach - right
    return padded[:, top : top + SIDE, left : left + SIDE]
