"""A progress bar for training, from whoever can draw one.

The engine draws nothing. A package that does offers a function as an entry point of the group `GROUP`: it takes how
many epochs there are, and returns what is told of each.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Protocol

from engine.arguments import option_refusal
from engine.describe import describe
from engine.interface.messages import MESSAGES, fill

GROUP = "luaunn.progress"


class ProgressBar(Protocol):
    """Something that shows how far training has come."""

    def epoch_done(self, loss: float) -> None:
        """Show that an epoch is done, and the loss that is watched."""
        ...

    def close(self) -> None:
        """Leave it as it is: training has ended."""
        ...


def progress_bar_of(epochs: int) -> ProgressBar:
    """A progress bar for so many epochs.

    Raises:
        ArgumentError: if none can be had.
    """
    reason = "the package luaunn is not installed"
    for entry in entry_points(group=GROUP):
        try:
            start: Callable[[int], ProgressBar] = entry.load()
        except ImportError as error:
            reason = str(error)
        else:
            return start(epochs)
    raise option_refusal(
        "trainNet", "options", "progress", fill(MESSAGES["progress_missing"], reason=reason), describe(True)
    )
