"""How far a training has come: all that it goes on with after an epoch, beside the network and what steps it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.interface.messages import MESSAGES, fill
from engine.layer import Layer
from engine.random import Random, State
from engine.training.optimizer import SCHEDULE, Optimizer
from engine.training.rate_schedule import NAME


@dataclass(frozen=True)
class Reached:
    """What was trained, what stepped it and where random numbers came from, as they were after an epoch: copies."""

    layers: Sequence[Layer]
    stepper: float | Optimizer
    random: State


@dataclass(frozen=True, repr=False)
class TrainingProgress:
    """How far a training had come after an epoch: what `engine.Network.train` takes as ``resume`` to go on from there.

    Attributes:
        shape: the shape of the network.
        stepper: what steps it, in words (see `words_of`).
        random: where random numbers come from: while a callback has its turn, the very stream that is drawn from.
        epoch: how many epochs are done.
        loss: the loss of the last that was watched: that of validation where there was one.
        lowest_loss: the lowest of all epochs.
        best_epoch: the first with that.
        best: all as it was after that, if it may be put back.
    """

    shape: str
    stepper: str
    random: Random
    epoch: int = 0
    loss: float = math.inf
    lowest_loss: float = math.inf
    best_epoch: int = 0
    best: Reached | None = None

    def __repr__(self) -> str:
        return f"<TrainingProgress after epoch {self.epoch}>"

    def after_epoch(self, loss: float, random: Random, reached: Callable[[], Reached] | None) -> "TrainingProgress":
        """Where it stands when one more epoch is done.

        Args:
            loss: what is watched.
            random: where random numbers come from.
            reached: gives what is kept of a best epoch, if that may be put back.
        """
        further = replace(self, epoch=self.epoch + 1, loss=loss, random=random)
        # The first is the best so far, whatever its loss.
        if self.best_epoch > 0 and not loss < self.lowest_loss:
            return further
        best, lowest = None if reached is None else reached(), loss if loss < math.inf else math.inf
        return replace(further, lowest_loss=lowest, best_epoch=further.epoch, best=best)

    def with_best(self, reached: Callable[[], Reached]) -> "TrainingProgress":
        """The same with a best epoch that can be put back: if nothing of it was kept, it is the last."""
        if self.best is not None or self.epoch == 0:
            return self
        return replace(self, lowest_loss=self.loss, best_epoch=self.epoch, best=reached())

    def at_best(self) -> "TrainingProgress":
        """Where it stood after the best epoch, which has been put back."""
        assert self.best is not None
        random = Random.from_state(self.best.random)
        return replace(self, epoch=self.best_epoch, loss=self.lowest_loss, random=random, best=None)


def words_of(stepper: float | Optimizer) -> str:
    """What steps a network, in words: as far as another may not go on with what it remembers."""
    if not isinstance(stepper, Optimizer):
        return MESSAGES["plain_steps"]
    schedule = stepper.settings.get(SCHEDULE)
    name = stepper.name
    return name if schedule is None else fill(MESSAGES["with_schedule"], name=name, schedule=schedule[NAME])
