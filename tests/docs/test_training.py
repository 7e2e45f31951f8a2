"""What docs/training.md shows ends, warns and goes on in Luau as in Python."""

import math
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from engine import Network, load_training
from tests.conftest import make_machine
from tests.docs.pages import LUAU, PYTHON, section
from tests.docs.scripts import luau_server, python_session
from tests.engine.training.warned_data import NO_EPOCH_LEFT

PAGE = "docs/training.md"
# What several runtimes' exponentials may differ by after a few hundred epochs.
CLOSE = 1e-9


def test_training_ends_by_itself_in_the_same_epoch_of_both_languages() -> None:
    part = section(PAGE, "Training that ends by itself")
    names = python_session(part.code(PYTHON)).names
    history = names["history"]
    epochs, best, ended_by, error, text = luau_server().runtime.run(
        f"{part.code(LUAU)}\n"
        "return #losses, history.bestEpoch, history.endedBy, metrics.meanAbsoluteError, KNN.saveNet(wave)"
    )
    assert (epochs, best, ended_by) == (len(history.losses), history.best_epoch, history.ended_by)
    assert error == pytest.approx(names["metrics"]["mean_absolute_error"], abs=CLOSE)
    for one, other in zip(Network.load(text).layers, names["wave"].layers, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=CLOSE)


def test_what_is_told_before_the_first_step_is_what_the_page_shows() -> None:
    part = section(PAGE, "Told before the first step")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        python_session(part.code(PYTHON))
    told = [str(each.message) for each in caught]
    assert told == re.findall("^# (.*)$", part.code(PYTHON), re.MULTILINE)
    assert told == re.findall("^-- (.*)$", part.code(LUAU), re.MULTILINE)
    machine = luau_server()
    machine.runtime.run(part.code(LUAU))
    assert machine.runtime.run("return getWarnings()") == [told]


# A data store that the scripts of one server after the other share, and servers that end in some epoch. Not in Lune,
# whose JSON reads numbers up to 2 units in the last place off.
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
local services = {{
	DataStoreService = {{ GetDataStore = function() return store end }},
	ReplicatedStorage = {{ KNNLibrary = KNN }},
}}
local game = {{
	GetService = function(_, name)
		return services[name]
	end,
	BindToClose = function(_, callback) closing = callback end,
}}
local print = function() end
local function server(epochs)
	local trainNet = KNN.trainNet
	local function require(library)
		return setmetatable({{ trainNet = function(network, samples, targets, optimizer, options)
			local onEpoch = options.onEpoch
			options.onEpoch = function(epoch)
				onEpoch(epoch)
				return epoch < epochs
			end
			return trainNet(network, samples, targets, optimizer, options)
		end }}, {{ __index = library }})
	end
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


def test_a_training_that_stops_with_its_server_goes_on_to_the_bit() -> None:
    part = section(PAGE, "Stop and go on")
    whole, parts = make_machine("luau-tree").run(_SERVERS.format(script=part.code(LUAU)))
    assert parts[-1] == whole
    assert len({*parts}) == len(parts)

    code = part.code(PYTHON)
    texts, told = [], []
    for epochs in (13, 45, 200, 200):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            python_session(code.replace("optimizer, 200,", f"optimizer, {epochs},"))
        told.append([str(each.message) for each in caught])
        texts.append(Path("wave.json").read_text(encoding="utf-8"))
    assert texts[-1] == texts[-2] != texts[0]
    assert told == [[], [], [], [NO_EPOCH_LEFT]]
    Path("wave.json").unlink()
    python_session(code)
    assert Path("wave.json").read_text(encoding="utf-8") == texts[-1]
    for text in (whole, texts[-1]):
        network, _, progress = load_training(text)
        assert progress.epoch == 200
        assert network.forward([1.5])[0] == pytest.approx(math.sin(1.5), abs=0.1)
    for one, other in zip(load_training(whole)[0].layers, load_training(texts[-1])[0].layers, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=CLOSE)
