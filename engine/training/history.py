"""What is known of a training when it has ended."""

from dataclasses import dataclass
from typing import Literal

from engine.elementwise import Array

# Why it ended: all epochs were done, on_epoch returned False, or an option of that name, be it of an optimizer.
Ending = Literal["epochs", "on_epoch", "patience", "target_loss", "time_limit", "max_damping", "min_gradient"]


@dataclass(frozen=True)
class History:
    """What happened in the epochs of a training: arrays of one number per epoch, (epochs,).

    Attributes:
        losses: the mean losses, each sample's as it was before its step.
        metrics: what was measured after each epoch, by its name: ``mean_absolute_error`` and, where there is one,
            ``accuracy`` (see `engine.training.evaluation.Evaluation`), of the validation samples if there are some,
            whose mean loss is ``validation_loss``, and otherwise of all; empty if nothing was measured.
        rates: the learning rate at the epoch's last step; of LevenbergMarquardt, which has none, the damping.
        seconds: how long the epoch took, with all that was measured.
        best_epoch: that with the lowest loss (of validation where there is one), from 1.
        ended_by: why training ended: ``"epochs"``, ``"on_epoch"``, or the option that ended it, ``"patience"``,
            ``"target_loss"`` or ``"time_limit"``, of LevenbergMarquardt ``"max_damping"`` or ``"min_gradient"``.
    """

    losses: Array
    metrics: dict[str, Array]
    rates: Array
    seconds: Array
    best_epoch: int
    ended_by: Ending
