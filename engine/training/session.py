"""Training over a dataset: epoch by epoch, in order or shuffled, one sample at a time or in batches.

What takes the steps is a `Session`. The reference is here, in numpy; others are found by `engine.training.trainers`.
"""

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
# Called with the number of epochs that are done and the mean loss of the last; False ends the training.
OnEpoch = Callable[[int, float], object]


@dataclass(frozen=True)
class Dataset:
    """What goes in, (samples, inputs), and what should come out, (samples, outputs): contiguous doubles."""

    inputs: Array
    targets: Array

    def __len__(self) -> int:
        return len(self.inputs)


class Session(Protocol):
    """A network and the dataset that it is trained on."""

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order, as `shuffled_order` draws it."""
        ...

    def run(self, order: Order) -> float:
        """Go through the samples once and return the sum of their losses, each as it was before its step.

        If this does not come to its end, the network is as before.
        """
        ...


# Begins a session: of these layers and this dataset, with this update and this loss.
Trainer = Callable[[Sequence[Layer], Dataset, Update, Loss], Session]


def train(
    begin: Callable[[], Session],
    update: Update,
    samples: int,
    epochs: int,
    random: Random | None,
    on_epoch: OnEpoch | None,
) -> Array:
    """Train for some epochs, shuffled if there is a ``random``; the update is told each epoch's loss.

    Returns:
        The mean loss of each epoch: (epochs,), or fewer if ``on_epoch`` ended it.
    """
    losses = []
    session = begin()
    in_order = np.arange(samples, dtype=np.int64)
    for epoch in range(1, epochs + 1):
        loss = session.run(in_order if random is None else session.shuffled(random)) / samples
        losses.append(loss)
        update.observe(loss)
        if on_epoch is not None:
            goes_on = on_epoch(epoch, loss)
            if isinstance(goes_on, (bool, np.bool_)) and not goes_on:
                break
            # It may have changed the network.
            session = begin()
    return np.array(losses)


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
        ordered: bool = True,
    ) -> None:
        self._layers, self._dataset, self._update, self._loss = layers, dataset, update, loss
        self._dropout, self._batch_size, self._ordered = dropout, batch_size, ordered

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order."""
        return shuffled_order(len(self._dataset), random)

    def run(self, order: Order) -> float:
        """Go through the samples once; see `Session.run`."""
        # A network that diverges says so by its losses.
        with _all_or_nothing(self._layers, self._update), np.errstate(over="ignore", invalid="ignore"):
            return self._run_by_sample(order) if self._batch_size == 1 else self._run_by_batch(order)

    def _run_by_sample(self, order: Order) -> float:
        inputs, targets = self._dataset.inputs, self._dataset.targets
        total = 0.0
        for index in order:
            masks = self._dropout.masks(self._layers) if self._dropout else ()
            total += propagation.backward(self._layers, self._update, inputs[index], targets[index], self._loss, masks)
        return total

    def _run_by_batch(self, order: Order) -> float:
        total = 0.0
        for start in range(0, len(order), self._batch_size):
            chosen = order[start : start + self._batch_size]
            inputs, targets = self._dataset.inputs[chosen], self._dataset.targets[chosen]
            masks = self._dropout.masks_of_batch(self._layers, len(chosen)) if self._dropout else ()
            total += propagation.backward_batch(
                self._layers, self._update, inputs, targets, self._loss, masks, ordered=self._ordered
            )
        return total


@contextmanager
def _all_or_nothing(layers: Sequence[Layer], update: Update) -> Iterator[None]:
    """Undo what was done to the layers and the update if it does not come to its end."""
    before = [[array.copy() for array in layer.numbers] for layer in layers]
    put_back = update.checkpoint()
    try:
        yield
    except BaseException:  # KeyboardInterrupt too
        put_back()
        for layer, arrays in zip(layers, before, strict=True):
            for array, old in zip(layer.numbers, arrays, strict=True):
                array[:] = old
        raise
