"""The progress bar of training in Python: `engine.training.progress_bar` gets here by an entry point."""

from tqdm import tqdm


class ProgressBar:
    """A bar of tqdm, on standard error.

    Args:
        epochs: how many there are to be.
    """

    def __init__(self, epochs: int) -> None:
        self._bar = tqdm(total=epochs, unit="epoch")

    def epoch_done(self, loss: float) -> None:
        """Move on by an epoch, and show its loss."""
        self._bar.set_postfix(loss=f"{loss:.4g}", refresh=False)
        self._bar.update()

    def close(self) -> None:
        """Leave the bar where it is."""
        self._bar.close()
