"""Dropout: which outputs the steps of training leave out."""

from collections.abc import Sequence

import numpy as np

from engine.elementwise import Array
from engine.formulas.dropout import mask
from engine.layer import Layer
from engine.random import Random

# For each layer, what its outputs are multiplied by before they go on, (nodes,) or (samples, nodes); None if they go
# on as they are. None for all layers is nothing at all.
Masks = Sequence[Array | None]


class Dropout:
    """Draws the masks of steps.

    Args:
        rates: for each layer, the share of its outputs that is left out.
        random: where masks are drawn from: a number for each node of a layer with a rate, node by node, layer by layer,
            sample by sample.
    """

    def __init__(self, rates: Sequence[float], random: Random) -> None:
        self._rates, self._random = rates, random

    def masks(self, layers: Sequence[Layer]) -> Masks:
        """Those of a step on one sample."""
        return [
            np.array([mask(self._random.uniform(), rate) for _ in range(layer.nodes)]) if rate > 0 else None
            for layer, rate in zip(layers, self._rates, strict=True)
        ]

    def masks_of_batch(self, layers: Sequence[Layer], samples: int) -> Masks:
        """Those of a step on so many samples."""
        drawn = [self.masks(layers) for _ in range(samples)]
        return [
            np.array([masks[index] for masks in drawn]) if rate > 0 else None for index, rate in enumerate(self._rates)
        ]
