"""What docs/training.md shows beside the first networks runs, and does the same in both languages."""

import contextlib
import io
import re
from typing import Any

import numpy as np
import pytest

from codegen.library.generate import ROOT
from engine import Network
from tests.conftest import make_machine

TEXT = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("\n## Training that ends by itself\n")[2].partition("\n## ")[0]
# What several runtimes' exponentials may differ by after a few hundred epochs.
CLOSE = 1e-9


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", SECTION, re.DOTALL)
    return str(found)


def test_training_ends_by_itself_in_the_same_epoch_of_both_languages() -> None:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(block("python"), names)
    history = names["history"]
    script = f"""
    local KNN = ...
    local print = function() end
    {block("lua")}
    return #losses, history.bestEpoch, history.endedBy, metrics.meanAbsoluteError, KNN.saveNet(wave)
    """
    epochs, best, ended_by, error, text = make_machine("luau-tree").run(script)
    assert (epochs, best, ended_by) == (len(history.losses), history.best_epoch, history.ended_by)
    assert error == pytest.approx(names["metrics"]["mean_absolute_error"], abs=CLOSE)
    assert error < 0.1
    for one, other in zip(Network.load(text).layers, names["wave"].layers, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=CLOSE)
