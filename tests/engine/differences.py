"""Gradients by differences: what a loss does when one number after the other of an array is changed."""

from collections.abc import Callable

import numpy as np

from engine.elementwise import Array


def central(loss: Callable[[], float], array: Array, step: float) -> Array:
    """Of second order: off by step² / 6 third derivatives and a rounding of the loss over the step."""
    below, above = _beside(loss, array, step, (-1, 1))
    return (above - below) / (2 * step)


def fourth_order(loss: Callable[[], float], array: Array, step: float) -> Array:
    """Off by step⁴ / 30 fifth derivatives and two roundings of the loss over the step."""
    far_below, below, above, far_above = _beside(loss, array, step, (-2, -1, 1, 2))
    return (far_below - 8 * below + 8 * above - far_above) / (12 * step)


def _beside(loss: Callable[[], float], array: Array, step: float, offsets: tuple[int, ...]) -> list[Array]:
    """The losses with each number so many steps away from where it is, an array for every offset."""
    losses = [np.empty(array.shape) for _ in offsets]
    for at in np.ndindex(array.shape):
        before = array[at]
        for into, offset in zip(losses, offsets, strict=True):
            array[at] = before + offset * step
            into[at] = loss()
        array[at] = before
    assert np.isfinite(losses).all()
    return losses
