"""The gradient of all parameters of a network before any of them moves, and what is done to it.

The formulas, and the order in which they are used, are those of `engine.formulas.regularization`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.elementwise import Array, elementwise
from engine.formulas import regularization
from engine.kernels import arrays
from engine.layer import Layer
from engine.training.updates import Place

# The attributes of a layer that have its parameters.
PARTS = ("weights", "biases")
# What is remembered of the parameters of a layer: arrays like theirs, by their names.
LayerMemory = dict[str, Array]
# All parameters of a part of a layer, so that an array of it is a view, (nodes, columns).
_ALL: Mapping[str, tuple[slice, slice | None]] = {"weights": (slice(None), slice(None)), "biases": (slice(None), None)}

_penalized = elementwise(regularization.penalized)
_limited = elementwise(regularization.limited)
_decayed = elementwise(regularization.decayed)


class Common(NamedTuple):
    """What can be set of every optimizer, by the names of `engine.formulas.registry.COMMON_SETTINGS`."""

    weight_decay: float
    l1: float
    l2: float
    clip_value: float | None
    clip_norm: float | None

    @property
    def changes_gradients(self) -> bool:
        """Whether anything is done to gradients or, before a step, to parameters."""
        return self.weight_decay > 0 or self.l1 > 0 or self.l2 > 0 or (self.clip_value or self.clip_norm) is not None


class Part(NamedTuple):
    """Where a part of a layer lies, a view of its parameters and one of their gradient: (nodes, columns)."""

    place: Place
    parameters: Array
    gradient: Array


def zeros_like(layers: Sequence[Layer]) -> list[LayerMemory]:
    """An array of zeros for each array of parameters."""
    return [{part: np.zeros_like(getattr(layer, part)) for part in PARTS} for layer in layers]


def parts(layers: Sequence[Layer], gradients: Sequence[LayerMemory]) -> Iterator[Part]:
    """All parts of all layers: of each layer its weights, then its biases."""
    for index, layer in enumerate(layers):
        for part, at in _ALL.items():
            yield Part(Place(index, part, at), getattr(layer, part)[at], gradients[index][part][at])


@np.errstate(over="ignore", invalid="ignore")
def prepare(every: Sequence[Part], common: Common, rate: float, *, decouples: bool) -> None:
    """Make of the gradients of the loss those that an optimizer steps along.

    The length of them all is the root of a sum that grows layer by layer: its weights row by row, then its biases.
    """
    for place, parameters, gradient in every:
        if place.part == "weights" and (common.l1 > 0 or common.l2 > 0):
            gradient[...] = _penalized(gradient, parameters, common.l1, common.l2)
        if common.clip_value is not None:
            gradient[...] = _limited(gradient, common.clip_value)
    if common.clip_norm is not None:
        numbers = np.concatenate([part.gradient.ravel() for part in every])
        squares = arrays.add_squares(numbers, len(numbers), 0.0)
        factor = regularization.scale_within(common.clip_norm, squares)
        for part in every:
            part.gradient[...] *= factor
    if common.weight_decay > 0:
        for _, parameters, gradient in every:
            if decouples:
                parameters[...] *= regularization.share_left(rate, common.weight_decay)
            else:
                gradient[...] = _decayed(gradient, parameters, common.weight_decay)
