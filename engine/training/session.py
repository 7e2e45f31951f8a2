"""Training over a dataset once: in order or shuffled, one sample at a time or in batches.

What takes the steps is a `Session`. The reference is here, in numpy; others are found by `engine.training.trainers`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import propagation
from engine.elementwise import Array
from engine.formulas.records import Loss
from engine.layer import Layer
from engine.random import Random
from engine.training.dropout import Dropout
from engine.training.updates import Update

Order = NDArray[np.int64]


@dataclass(frozen=True)
class Dataset:
    """What goes in, (samples, inputs), and what should come out, (samples, outputs): contiguous doubles."""

    inputs: Array
    targets: Array

    def __len__(self) -> int:
        return len(self.inputs)


class Session(Protocol):
    """A network and the dataset that it is trained on.

    Attributes:
        stopped_at: where in the last order there was a sample whose loss was not finite; None if there was none.
    """

    stopped_at: int | None

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order, as `shuffled_order` draws it."""
        ...

    def run(self, order: Order) -> float:
        """Go through the samples once and return the sum of their losses, each as it was before its step.

        At a loss that is not finite it ends: the network is as it was before that step or, if that left it numbers that
        are not finite, as before the run; so it is if such numbers are found at the end, which makes the sum nan. If it
        does not come to its end, the network is as before.
        """
        ...


# Begins a session: of these layers and this dataset, with this update and this loss.
Trainer = Callable[[Sequence[Layer], Dataset, Update, Loss], Session]


def shuffled_order(samples: int, random: Random) -> Order:
    """The indices 0 to samples - 1 in a random order (Fisher and Yates, from the last to the second)."""
    order = list(range(samples))
    for last in range(samples - 1, 0, -1):
        chosen = random.index(last + 1)
        order[last], order[chosen] = order[chosen], order[last]
    return np.array(order, dtype=np.int64)


class NumpySession:
    """The reference. Single samples give the same bits as `propagation.backward` on one after the other.

    Args:
        layers: the network's.
        dataset: the samples.
        update: how parameters change.
        loss: what training makes small.
        batch_size: how many samples make one step; the last batch of an epoch has what is left.
        dropout: what draws masks; None if nothing is left out.
        weights: what the samples' losses and gradients are multiplied by, (samples,); None leaves them as they are.
        ordered: whether sums over a batch are added in order, or as matrix products in whatever order BLAS likes.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        dataset: Dataset,
        update: Update,
        loss: Loss,
        batch_size: int = 1,
        *,
        dropout: Dropout | None = None,
        weights: Array | None = None,
        ordered: bool = True,
    ) -> None:
        self._layers, self._dataset, self._update, self._loss = layers, dataset, update, loss
        self._dropout, self._weights, self._batch_size, self._ordered = dropout, weights, batch_size, ordered
        self.stopped_at: int | None = None

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order."""
        return shuffled_order(len(self._dataset), random)

    def run(self, order: Order) -> float:
        """Go through the samples once; see `Session.run`."""
        self.stopped_at = None
        with all_or_nothing(self._layers, self._update) as undo, np.errstate(over="ignore", invalid="ignore"):
            total = self._run_by_sample(order) if self._batch_size == 1 else self._run_by_batch(order)
            if are_finite(self._layers):
                return total
            undo()
            return math.nan if self.stopped_at is None else total

    def _run_by_sample(self, order: Order) -> float:
        inputs, targets, weights = self._dataset.inputs, self._dataset.targets, self._weights
        total = 0.0
        for position, index in enumerate(order):
            masks = self._dropout.masks(self._layers) if self._dropout else ()
            weight = None if weights is None else float(weights[index])
            loss = propagation.backward(
                self._layers, self._update, inputs[index], targets[index], self._loss, masks, weight
            )
            total += loss
            if not math.isfinite(loss):
                self.stopped_at = position
                break
        return total

    def _run_by_batch(self, order: Order) -> float:
        total = 0.0
        for start in range(0, len(order), self._batch_size):
            chosen = order[start : start + self._batch_size]
            inputs, targets = self._dataset.inputs[chosen], self._dataset.targets[chosen]
            masks = self._dropout.masks_of_batch(self._layers, len(chosen)) if self._dropout else ()
            weights = None if self._weights is None else self._weights[chosen]
            losses = propagation.backward_batch(
                self._layers, self._update, inputs, targets, self._loss, masks, weights, ordered=self._ordered
            )
            # Added from the first sample on, as all sums in between have to be.
            total += float(np.add.accumulate(losses)[-1])
            are_wild = ~np.isfinite(losses)
            if are_wild.any():
                self.stopped_at = start + int(are_wild.argmax())
                break
        return total


def are_finite(layers: Sequence[Layer]) -> bool:
    """Whether all numbers of layers are finite."""
    return all(bool(np.isfinite(array).all()) for layer in layers for array in layer.numbers)


@contextmanager
def all_or_nothing(layers: Sequence[Layer], update: Update) -> Iterator[Callable[[], None]]:
    """Undo what was done to the layers and the update if it does not come to its end; gives what undoes it."""
    undo = checkpoint(layers, update)
    try:
        yield undo
    except BaseException:  # KeyboardInterrupt too
        undo()
        raise


def checkpoint(layers: Sequence[Layer], update: Update) -> Callable[[], None]:
    """What puts back the numbers of layers, and all that their update carries from step to step, as they are now."""
    before = [layer.copy() for layer in layers]
    put_back = update.checkpoint()

    def restore() -> None:
        put_back()
        put_back_numbers(layers, before)

    return restore


def put_back_numbers(layers: Sequence[Layer], before: Sequence[Layer]) -> None:
    """Give layers the numbers that they had before, in their own arrays."""
    for layer, old_layer in zip(layers, before, strict=True):
        for array, old in zip(layer.numbers, old_layer.numbers, strict=True):
            array[:] = old
