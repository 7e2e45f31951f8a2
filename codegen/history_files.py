"""The history of a training as a picture: losses by epoch."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from engine import History
from engine.training.evaluation import VALIDATION_LOSS


def history_figure(history: History) -> Figure:
    """The mean losses of all epochs and, if there are any, those of validation samples; the best epoch is marked."""
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    epochs = np.arange(1, len(history.losses) + 1)
    axes.plot(epochs, history.losses, label="training")
    validation = history.metrics.get(VALIDATION_LOSS)
    if validation is not None:
        axes.plot(epochs, validation, label="validation")
    axes.axvline(history.best_epoch, color="gray", linestyle=":", label=f"best epoch ({history.best_epoch})")
    shown = [history.losses] if validation is None else [history.losses, validation]
    if min(float(each.min()) for each in shown) > 0:
        axes.set_yscale("log")
    axes.set_xlabel("epoch")
    axes.set_ylabel("mean loss")
    axes.legend()
    return figure


def write_history(history: History, path: str | Path) -> None:
    """Write the picture; the ending of the path says how (``.png``, ``.svg``, ``.pdf``).

    Raises:
        ValueError: if the ending is none that matplotlib writes.
        OSError: if the file cannot be written.
    """
    history_figure(history).savefig(path)
