"""What cannot be saved of a training or read from its string is refused in the same words in both languages."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from engine import Network, Optimizer, load_training, save_training
from engine.interface.limits import DATA_STORE_CHARACTERS
from tests.conftest import shared_machine
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python
from tests.parity.test_resumed_trainings import stopped
from tests.parity.test_training_options import TASKS

_REFUSED = """
local KNN, text, samples, targets = ...
local network, other, optimizer = KNN.loadNet(text), KNN.loadNet(text), KNN.createOptimizer("Adam")
KNN.trainNet(network, samples, targets, optimizer, { seed = 1 })
local loaded, rate, progress = KNN.loadTraining(KNN.saveTraining(network, optimizer))
local said = {}
for index, call in ipairs({
	{ KNN.saveTraining, other, 0.1 },
	{ KNN.saveTraining, network, 0.1 },
	{ KNN.saveTraining, network, KNN.createOptimizer("SGD") },
	{ KNN.saveTraining, network, KNN.createOptimizer("Adam") },
	{ KNN.saveTraining, network, -1 },
	{ KNN.saveTraining, 5, 0.1 },
	{ KNN.saveTraining, loaded, rate },
	{ KNN.trainNet, loaded, samples, targets, rate, { resume = 5 } },
	{ KNN.trainNet, loaded, samples, targets, rate, { resume = progress, seed = 1 } },
	{ KNN.trainNet, loaded, samples, targets, 0.1, { resume = progress } },
	{ KNN.trainNet, KNN.createNet(1, 1, 2, 1), samples, targets, KNN.createOptimizer("Adam"), { resume = progress } },
}) do
	said[index] = select(2, pcall(call[1], unpack(call, 2, 6)))
end
return said
"""


def test_what_cannot_be_saved_or_gone_on_with_is_refused_in_the_same_words(machine: Machine) -> None:
    network, samples, targets = TASKS["numbers"]()
    said = machine.run(_REFUSED, network.save(), samples, targets)[0]
    other, optimizer = network.copy(), Optimizer("Adam")
    network.train(samples, targets, optimizer, random=1)
    loaded, rate, progress = load_training(save_training(network, optimizer))
    small = Network.create(1, 1, 2, 1, seed=1)
    anything: Any = 5
    calls = [
        lambda: save_training(other, 0.1),
        lambda: save_training(network, 0.1),
        lambda: save_training(network, Optimizer("SGD")),
        lambda: save_training(network, Optimizer("Adam")),
        lambda: save_training(network, -1),
        lambda: save_training(anything, 0.1),
        lambda: save_training(loaded, rate),
        lambda: loaded.train(samples, targets, rate, resume=anything),
        lambda: loaded.train(samples, targets, rate, resume=progress, random=1),
        lambda: loaded.train(samples, targets, 0.1, resume=progress),
        lambda: small.train(samples, targets, Optimizer("Adam"), resume=progress),
    ]
    words = [(said_by_python(call) or "").replace("Options.random", "Options.seed") for call in calls]
    # What Luau takes for networks is not what Python does.
    assert "must be a network table or a StringValue" in said[5]
    assert "must be a Network" in words[5]
    assert [*said[:5], *said[6:]] == [*words[:5], *words[6:]]
    assert all(said)


@pytest.mark.parametrize("name", ["luau-bundle"])
def test_a_training_that_no_key_takes_is_refused_with_its_size(name: str) -> None:
    script = """
    local KNN = ...
    local network = KNN.createNetwork({ inputs = 480, layers = { { nodes = 460 }, { nodes = 1 } }, seed = 1 })
    local sample = {}
    for k = 1, 480 do
        sample[k] = k / 480
    end
    KNN.trainNet(network, { sample }, { { 1 } }, 0.01, { seed = 1 })
    return select(2, pcall(KNN.saveTraining, network, 0.01))
    """
    network = Network.build(inputs=480, layers=[{"nodes": 460}, {"nodes": 1}], seed=1)
    network.train([[k / 480 for k in range(1, 481)]], [[1.0]], 0.01, random=1)
    said = said_by_python(lambda: save_training(network, 0.01))
    assert said is not None
    assert f"of at most {DATA_STORE_CHARACTERS} characters, as a DataStore key takes, got 4" in said
    assert shared_machine(name).run(script) == [said]


def broken(text: str) -> list[Any]:
    """What a string holds, with something wrong in it."""
    whole = json.loads(text)
    _, adam, _ = load_training(text)
    assert isinstance(adam, Optimizer)

    def changed(place: list[int], value: Any) -> Any:
        copy = json.loads(text)
        inside = copy
        for index in place[:-1]:
            inside = inside[index]
        inside[place[-1]] = value
        return copy

    anything: list[Any] = [None, 1, "x", True, {}, [], [1], -1]
    return [
        whole[:2],
        whole[:3],
        whole[:4],
        [*whole, 1],
        *(changed([index], value) for index in range(5) for value in anything),
        changed([0, 0], 2),
        changed([1, 0], "Adma"),
        changed([1, 3], "2-3-1 LeakyReLU"),
        changed([1, 4, 0, 0, 0], [[1.0]]),
        changed([2], [0, 0, 0, 1, 1, 1]),
        changed([2], [1, 1, 1, 0, 0, 0]),
        changed([2], [4294967087, 1, 1, 1, 1, 1]),
        changed([2], [1, 1, 1, 1, 1, 4294944443]),
        changed([2], [1, 1, 1, 1, 1]),
        changed([3], [0, 1, 1, 1]),
        changed([3], [1, 1, 1.5, 1]),
        changed([3], [1, "x", 1, 1]),
        changed([3], [2, 0.1, 3, 0.05]),
        changed([4, 0], [1, [[[[1.0]], [1.0]]], False, ["Sigmoid"]]),
        changed([4, 1], 0.1),
        changed([4, 1, 0], "AdaMax"),
        changed([4, 2], [1]),
    ]


def test_a_broken_string_is_refused_in_the_same_words(machine: Machine) -> None:
    _, texts, _ = stopped(1, "Adam")
    assert json.loads(texts[1])[4]
    for value in broken(texts[1]):
        text = json.dumps(value)
        said = said_by_python(partial(load_training, text))
        assert said is not None, text
        assert machine.refusal("loadTraining", text) == said


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@for_all(data=st.data())
def test_strings_with_anything_in_them_are_taken_or_refused_the_same(machine: Machine, data: st.DataObject) -> None:
    whole = json.loads(stopped(1, "Adam")[1][1])
    inside = whole
    for _ in range(data.draw(st.integers(0, 4))):
        index = data.draw(st.integers(0, len(inside) - 1))
        if not isinstance(inside[index], list) or not inside[index]:
            break
        inside = inside[index]
    inside[data.draw(st.integers(0, len(inside) - 1))] = data.draw(_JSON)
    text = json.dumps(whole)
    assert machine.refusal("loadTraining", text) == said_by_python(partial(load_training, text))
