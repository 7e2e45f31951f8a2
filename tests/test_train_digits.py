"""The training of the example Digits: what it writes and says, and, with --thorough, that it learns what it should."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from codegen.export.limits import Precision
from codegen.export.module import inference_module
from digits.modules import Modules, any_runtime
from digits.scans import read_scans
from digits.variations import varied_drawing, varied_scans
from engine import Network
from tests.roblox.test_digits import SHARES
from tests.scripts import load_script


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """scripts/train_digits.py, which finds itself in its environment and writes into a folder of its own."""
    monkeypatch.setitem(sys.modules, "environment", SimpleNamespace(enter=lambda *extras: None))
    monkeypatch.setattr(sys, "argv", ["train_digits.py"])
    script = load_script("train_digits")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "STRING", tmp_path / "network.txt")
    monkeypatch.setattr(script, "BRAIN", tmp_path / "Brain.luau")
    return script


def told_shares(text: str) -> dict[str, float]:
    """How much is told right of what, as the training says it."""
    lines = [line.strip().partition("% ") for line in text.splitlines() if line.startswith("  ")]
    return {how: float(share) / 100 for share, _, how in lines}


def test_the_training_writes_network_and_module_and_says_what_they_are_good_for(
    training: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, count in {"VARIED": 1, "CUT_OFF": 1, "DRAWN": 3, "EPOCHS": 3}.items():
        monkeypatch.setattr(training, name, count)
    assert training.main() == 0
    network = Network.load((tmp_path / "network.txt").read_text(encoding="utf-8"))
    module = inference_module(network, Precision.F32, "Brain")
    assert (tmp_path / "Brain.luau").read_text(encoding="utf-8") == module.source
    text = capsys.readouterr().out
    # Each scan as it is, varied and cut off, and three drawings of each digit.
    assert text.startswith(f"Training with {3 * 1438 + 30:,} pictures of 1,438 scans and of drawings\n")
    assert text.endswith("wrote network.txt\nwrote Brain.luau\n")
    shares = told_shares(text)
    assert shares.keys() == SHARES.keys()
    # Even so little training shows.
    assert shares["as they are, on the pad"] > 0.9


def test_a_training_of_full_length_learns_what_it_should(
    training: ModuleType, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("thorough"):
        return
    assert training.main() == 0
    shares = told_shares(capsys.readouterr().out)
    assert all(shares[how] >= SHARES[how] for how in SHARES), shares


def test_what_is_taught_is_the_same_every_time(training: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VARIED", "CUT_OFF", "DRAWN"):
        monkeypatch.setattr(training, name, 1)
    modules, (seen, _) = Modules(any_runtime()), read_scans()
    first, second = (training.taught(modules, seen, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
    assert (first[0].min(), first[0].max()) == (0, 1)


def test_variations_are_of_many_sizes_and_stay_on_the_pad() -> None:
    random = np.random.default_rng(1)
    square = np.ones((500, 8, 8))
    pads = varied_scans(square, 24, random)
    sizes = np.sqrt(pads.sum(axis=(1, 2)))
    # As areas are kept, a square of 8 cells gets as large as it is told, but for its edge and what leaves the pad.
    assert sizes.min() == pytest.approx(8 * 1.2, abs=1)
    assert 20 < sizes.max() < 23
    middles = np.einsum("nrc,r->n", pads, np.arange(24)) / pads.sum(axis=(1, 2))
    assert middles.min() < 8
    assert middles.max() > 16
    drawing = (((0.0, 0.0), (0.6, 1.0)), ((0.6, 0.0), (0.0, 1.0)))
    drawn = np.array([varied_drawing(drawing, 24, random) for _ in range(500)])
    # There is room for the pen's line all around, and all of it is used.
    assert (drawn.min(), drawn.max()) == (pytest.approx(2, abs=0.05), pytest.approx(22, abs=0.05))
    assert drawn.min() >= 2 - 1e-9
    heights = np.ptp(drawn[..., 1].reshape(500, -1), axis=1)
    assert heights.min() < 9
    assert heights.max() > 19
    assert not np.array_equal(varied_scans(square[:1], 24, random), varied_scans(square[:1], 24, random))


def test_a_scan_between_cells_is_mixed_from_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without turning and the like, in the middle of the pad, two cells wide, and as full as it is.
    monkeypatch.setattr("digits.variations._forms", lambda count, random: np.tile(np.eye(2), (count, 1, 1)))
    for name, bounds in {"SCAN_SIZES": (2.0, 2.0), "EDGES": (0.5, 0.5), "SHARPNESS": (1.0, 1.0)}.items():
        monkeypatch.setattr(f"digits.variations.{name}", bounds)
    scan = np.zeros((1, 8, 8))
    scan[0, 3, 4] = 1
    (pad,) = varied_scans(scan, 16, np.random.default_rng(1))
    line = np.array([0.25, 0.75, 0.75, 0.25])
    expected = np.zeros((16, 16))
    expected[5:9, 7:11] = np.outer(line, line)
    assert pad == pytest.approx(expected)
