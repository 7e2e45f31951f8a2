"""What docs/training.md shows beside the first networks runs, and does the same in both languages."""

import contextlib
import io
import math
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codegen.library.generate import ROOT
from engine import Network, load_training
from tests.conftest import make_machine

TEXT = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
ENDS, GOES_ON = "Training that ends by itself", "Stop and go on"
# What several runtimes' exponentials may differ by after a few hundred epochs.
CLOSE = 1e-9


def block(heading: str, language: str) -> str:
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (found,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return str(found)


def test_training_ends_by_itself_in_the_same_epoch_of_both_languages() -> None:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(block(ENDS, "python"), names)
    history = names["history"]
    script = f"""
    local KNN = ...
    local print = function() end
    {block(ENDS, "lua")}
    return #losses, history.bestEpoch, history.endedBy, metrics.meanAbsoluteError, KNN.saveNet(wave)
    """
    epochs, best, ended_by, error, text = make_machine("luau-tree").run(script)
    assert (epochs, best, ended_by) == (len(history.losses), history.best_epoch, history.ended_by)
    assert error == pytest.approx(names["metrics"]["mean_absolute_error"], abs=CLOSE)
    assert error < 0.1
    for one, other in zip(Network.load(text).layers, names["wave"].layers, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=CLOSE)


# A data store that the scripts of one server after the other share, and servers that end in some epoch.
_SERVERS = """
local KNN = ...
local kept, closing = nil, nil
local store = {{
	GetAsync = function()
		return kept
	end,
	SetAsync = function(_, _, text)
		kept = text
	end,
}}
local game = {{
	GetService = function()
		return {{ GetDataStore = function() return store end }}
	end,
	BindToClose = function(_, callback) closing = callback end,
}}
local print = function() end
local function server(epochs)
	local trainNet = KNN.trainNet
	local KNN = setmetatable({{ trainNet = function(network, samples, targets, optimizer, options)
		local onEpoch = options.onEpoch
		options.onEpoch = function(epoch)
			onEpoch(epoch)
			return epoch < epochs
		end
		return trainNet(network, samples, targets, optimizer, options)
	end }}, {{ __index = KNN }})
	{script}
	closing()
	return kept
end
local whole = server(1000)
assert(server(1000) == whole, "what is done is done again")
kept = nil
local parts = {{ server(13), server(45), server(46), server(1000) }}
return whole, parts
"""


def test_a_training_that_stops_with_its_server_goes_on_to_the_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = make_machine("luau-tree").run(_SERVERS.format(script=block(GOES_ON, "lua")))
    assert parts[-1] == whole
    assert len({*parts}) == 4
    monkeypatch.chdir(tmp_path)
    code = block(GOES_ON, "python")
    texts = []
    for epochs in (13, 45, 200, 200):
        names: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code.replace("optimizer, 200,", f"optimizer, {epochs},"), names)
        texts.append(Path("wave.json").read_text())
    assert texts[-1] == texts[-2] != texts[0]
    Path("wave.json").unlink()
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, names)
    assert Path("wave.json").read_text() == texts[-1]
    for text in (whole, texts[-1]):
        network, _, progress = load_training(text)
        assert progress.epoch == 200
        assert network.forward([1.5])[0] == pytest.approx(math.sin(1.5), abs=0.1)
    for one, other in zip(load_training(whole)[0].layers, load_training(texts[-1])[0].layers, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=CLOSE)


def test_what_is_told_before_the_first_step_is_what_the_page_shows() -> None:
    title = "Told before the first step"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(block(title, "python"), {})
    told = [str(each.message) for each in caught]
    assert told == re.findall("^# (.*)$", block(title, "python"), re.MULTILINE)
    assert told == re.findall("^-- (.*)$", block(title, "lua"), re.MULTILINE)
    machine = make_machine("luau-tree", roblox=True)
    assert machine.run(f"local KNN = ...\n{block(title, 'lua')}\nreturn getWarnings()") == [told]
