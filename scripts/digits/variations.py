"""Digits as others might have written them: of other sizes, turned, slanted, with other pens."""

import math

import numpy as np

from digits.drawing import Drawing
from digits.scans import SIDE
from engine.elementwise import Array

# How far a digit is turned at most, in radians; slanted, in heights; and made wider than high or the other way round,
# as a logarithm.
TURN, SLANT, STRETCH = 0.2, 0.25, 0.2
# So many cells of a pad a cell of a scan takes, and the height of a drawing.
SCAN_SIZES, DRAWING_SIZES = (1.2, 2.8), (8.0, 20.0)
# Ink of a scan that is more than this becomes fuller, ink that is less becomes paler, by so many times: with a pen's
# sharp edge, and of another thickness.
EDGES, SHARPNESS = (0.3, 0.6), (1.0, 6.0)
# A hand misses the points of a drawing by so much (standard deviation), in heights.
TREMBLE = 0.02
# The pen's line needs so much room around its points, in cells.
PEN = 2.0


def varied_scans(pictures: Array, side: int, random: np.random.Generator) -> Array:
    """Scans (count, 8, 8), each written anew somewhere on a pad (count, side, side)."""
    count = len(pictures)
    sizes = random.uniform(*SCAN_SIZES, count)
    room = np.maximum(side - SIDE * sizes, 0) / 2
    centres = side / 2 + random.uniform(-1, 1, (count, 2)) * room[:, None]
    backwards = np.linalg.inv(_forms(count, random) * sizes[:, None, None])
    places = np.arange(side) + 0.5
    cells = np.stack(np.meshgrid(places, places), axis=-1).reshape(1, -1, 2)
    # Where on its scan each cell of a pad lies: (count, cells, x and y).
    origins = np.einsum("nij,ncj->nci", backwards, cells - centres[:, None, :]) + SIDE / 2
    edges = random.uniform(*EDGES, (count, 1))
    sharpness = np.exp(random.uniform(math.log(SHARPNESS[0]), math.log(SHARPNESS[1]), (count, 1)))
    inks = _between_cells(pictures, origins)
    # Where there was no ink at all, no pen leaves any.
    return np.where(inks > 0, np.clip((inks - edges) * sharpness + 0.5, 0, 1), 0).reshape(count, side, side)


def varied_drawing(drawn: Drawing, side: int, random: np.random.Generator) -> Drawing:
    """A drawing of height 1, drawn anew somewhere on a pad, in cells."""
    form = _forms(1, random)[0]
    strokes = [(np.array(stroke) + random.normal(0, TREMBLE, (len(stroke), 2))) @ form.T for stroke in drawn]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    room = side - 2 * PEN
    # Turned and slanted it may have become too large for the pad.
    size = min(random.uniform(*DRAWING_SIZES), room / (high - low).max())
    corner = PEN + random.uniform(size=2) * (room - size * (high - low))
    return tuple(tuple((float(x), float(y)) for x, y in corner + size * (stroke - low)) for stroke in strokes)


def _forms(count: int, random: np.random.Generator) -> Array:
    """Matrices (count, 2, 2) that turn, slant and stretch, and leave areas as they are."""
    turns, slants = random.uniform(-TURN, TURN, count), random.uniform(-SLANT, SLANT, count)
    widths = np.exp(random.uniform(-STRETCH, STRETCH, count))
    turned = np.moveaxis(np.array([[np.cos(turns), -np.sin(turns)], [np.sin(turns), np.cos(turns)]]), -1, 0)
    slanted = np.moveaxis(np.array([[widths, slants], [np.zeros(count), 1 / widths]]), -1, 0)
    forms: Array = turned @ slanted
    return forms


def _between_cells(pictures: Array, places: Array) -> Array:
    """The ink of pictures at places (count, places, x and y) in cells, mixed from the nearest cells' (bilinear)."""
    # A cell's number stands for its middle. Around the picture there is paper, as far as places are brought near.
    margin = 2
    padded = np.pad(pictures, ((0, 0), (margin, margin), (margin, margin)))
    near = np.clip(places - 0.5 + margin, 0, SIDE + 2 * margin - 1.001)
    first = near.astype(int)
    x, y = np.moveaxis(first, -1, 0)
    right, down = np.moveaxis(near - first, -1, 0)
    each = np.arange(len(pictures))[:, None]
    above = padded[each, y, x] * (1 - right) + padded[each, y, x + 1] * right
    below = padded[each, y + 1, x] * (1 - right) + padded[each, y + 1, x + 1] * right
    inks: Array = above * (1 - down) + below * down
    return inks
