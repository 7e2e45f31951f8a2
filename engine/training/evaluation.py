"""What a network is worth on samples: its loss, metrics and confusions. The same as training/evaluation.luau."""

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import propagation
from engine.elementwise import Array
from engine.formulas.records import Loss
from engine.formulas.scaling import unscaled
from engine.interface.limits import BORDER
from engine.layer import Layer
from engine.scaler import Scaler
from engine.training.session import Dataset

# Metrics by their names in Python, and what they are called in Luau.
ACCURACY, MEAN_ABSOLUTE_ERROR, VALIDATION_LOSS = "accuracy", "mean_absolute_error", "validation_loss"

Metrics = dict[str, float]


class Evaluation(NamedTuple):
    """What a network is worth on samples.

    Attributes:
        loss: the mean loss.
        metrics: by their names: ``mean_absolute_error``, in the units of the targets; where these are all 0 or 1, and
            nothing scales them, ``accuracy``: the share of samples whose largest output is that of the largest target
            or, where targets are no classes, the share of outputs on their target's side of 0.5.
        confusion: for classes (at least two outputs, exactly one target of each sample is 1) how many samples of each
            class, by rows, the network took for each, by columns: (classes, classes). Otherwise None.
    """

    loss: float
    metrics: Metrics
    confusion: NDArray[np.int64] | None


def evaluated(
    layers: Sequence[Layer], dataset: Dataset, loss: Loss, scaler: Scaler | None, *, ordered: bool = True
) -> Evaluation:
    """Measure layers on samples; they stay as they are.

    Layers with states begin without memory, and the samples follow one another in time.

    Args:
        layers: the network's.
        dataset: the samples.
        loss: what is measured.
        scaler: that of targets.
        ordered: whether sums are added in order, or as matrix products in whatever order BLAS likes.
    """
    losses, outputs = _run(layers, dataset, loss, ordered=ordered)
    targets = dataset.targets
    metrics: Metrics = {}
    confusion = None
    if scaler is None and np.isin(targets, (0.0, 1.0)).all():
        if targets.shape[1] > 1 and (targets.sum(axis=1) == 1).all():
            wanted, taken = targets.argmax(axis=1), outputs.argmax(axis=1)
            confusion = np.zeros((targets.shape[1],) * 2, dtype=np.int64)
            np.add.at(confusion, (wanted, taken), 1)
            metrics[ACCURACY] = int(np.trace(confusion)) / len(targets)
        else:
            metrics[ACCURACY] = int(((outputs > BORDER) == (targets > BORDER)).sum()) / targets.size
    with np.errstate(over="ignore", invalid="ignore"):
        if scaler is not None:
            outputs, targets = scaler.apply(unscaled, outputs), scaler.apply(unscaled, targets)
        metrics[MEAN_ABSOLUTE_ERROR] = _sum(np.abs(outputs - targets)) / targets.size
        return Evaluation(_sum(losses) / len(targets), metrics, confusion)


def _run(layers: Sequence[Layer], dataset: Dataset, loss: Loss, *, ordered: bool) -> tuple[Array, Array]:
    with np.errstate(over="ignore", invalid="ignore"):
        if all(layer.state is None for layer in layers):
            return propagation.losses(layers, dataset.inputs, dataset.targets, loss, ordered=ordered)
        copies = deepcopy(layers)
        for layer in copies:
            layer.forget()
        every = [
            propagation.losses(copies, inputs, targets, loss, ordered=True)
            for inputs, targets in zip(dataset.inputs, dataset.targets, strict=True)
        ]
    return np.array([each for each, _ in every]), np.array([outputs for _, outputs in every])


def _sum(numbers: Array) -> float:
    """Added from the first on."""
    return float(np.add.accumulate(numbers.ravel())[-1])
