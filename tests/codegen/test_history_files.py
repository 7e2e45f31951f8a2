"""Pictures of histories have the losses by epoch; a progress bar is told of each."""

import io
from contextlib import redirect_stderr
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from codegen.history_files import history_figure, write_history
from engine import ArgumentError, History, Network
from engine.training import progress_bar


def history(share: float) -> History:
    network = Network.create(1, 1, 3, 1, "Tanh", seed=1)
    samples = [[x / 8] for x in range(8)]
    return network.train(samples, samples, 0.2, 5, validation_share=share, history=True)


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_the_picture_has_the_losses_of_every_epoch(share: float) -> None:
    told = history(share)
    (axes,) = history_figure(told).axes
    curves = {str(line.get_label()): np.asarray(line.get_ydata()) for line in axes.lines}
    assert curves["training"].tolist() == told.losses.tolist()
    assert ("validation" in curves) == (share > 0)
    if share > 0:
        assert curves["validation"].tolist() == told.metrics["validation_loss"].tolist()
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [1, 2, 3, 4, 5]
    assert axes.get_yscale() == "log"


def test_the_picture_is_written(tmp_path: Path) -> None:
    write_history(history(0.25), tmp_path / "history.png")
    assert imread(tmp_path / "history.png").shape[:2] == (450, 800)
    write_history(history(0.25), tmp_path / "history.svg")
    assert "<svg" in (tmp_path / "history.svg").read_text(encoding="utf-8")


def test_a_progress_bar_shows_epochs_and_losses() -> None:
    shown = io.StringIO()
    with redirect_stderr(shown):
        losses = Network.create(1, 1, 3, 1, "Tanh", seed=1).train([[1.0]], [[0.5]], 0.2, 7, progress=True)
    assert "7/7" in shown.getvalue()
    assert f"loss={losses[-1]:.4g}" in shown.getvalue()


def test_without_one_the_error_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_bar, "entry_points", lambda **_: ())
    network = Network.create(1, 1, 3, 1, "Tanh", seed=1)
    before = network.to_table()
    with pytest.raises(ArgumentError) as caught:
        network.train([[1.0]], [[0.5]], 0.2, progress=True)
    assert str(caught.value) == (
        "Wrong Arg#5: Options.progress must be left out or false where no progress bar can be had (the package luaunn "
        "is not installed), got true."
    )
    assert network.to_table() == before
