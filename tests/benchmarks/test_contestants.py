"""The contestants of every task compute the same."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import machines, python_side
from benchmarks.machines import Machine
from benchmarks.race import TOLERANCE, UnequalError, compare
from benchmarks.tasks import LUAU_TASKS, NO_SHAPE, PYTHON_TASKS, RATE, SEED, SHAPES, TASKS, TINY
from engine import Network
from tests.benchmarks.samples import FEW, RUNTIMES
from tests.skips import or_skip

# Networks of every activation that textbook.luau knows, and three inputs for each.
_BOTH = """
local KNN, textbook, activator, recurrent, step = ...
local function numbers(value, found)
	if type(value) == "table" then
		for _, item in ipairs(value) do
			numbers(item, found)
		end
	elseif type(value) == "number" then
		found[#found + 1] = value
	end
	return found
end
local function all(forward, backward)
	KNN.setSeed(3)
	local network, found = KNN.createNet(3, 2, 4, 2, activator, recurrent, 0.5, true), {}
	for _, input in ipairs({ { 0.5, -1, 2 }, { -3, 0.25, 1 }, { 0, 0, 0 } }) do
		backward(network, 0.1, input, { 0.25, 1 })
		numbers(forward(network, input), found)
	end
	return numbers(network, found)
end
return all(KNN.forwardNet, KNN.backwardNet), all(textbook.forward, textbook.step)
"""

# Those that compute something else than the others of their task.
APART = {"training-batch": ["trainNet, batchSize 32"], "training-head": ["trainNet, Softmax"]}
# What they answer all the same, and what they were given.
_ANSWERS = """
local makers, task, shape, samples = ...
local made = makers[task](shape, samples)
local _, answer = made[#made].build()
return answer(), made[#made].name
"""


@RUNTIMES
@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("activator", ["Identity", "Sigmoid", "Tanh", "ReLU", "LeakyReLU"])
def test_textbook_computes_the_numbers_of_the_library(runtime: str, recurrent: bool, activator: str) -> None:
    machine = or_skip(lambda: Machine(runtime))
    library, textbook = machine.runtime.run(_BOTH, machine.library, machine.textbook, activator, recurrent)
    assert len(library) == 3 * 2 + (3 * 4 + 4 + 4 * 4 + 4 + 4 * 2 + 2) + (4 + 4 + 2 + 4 + 4 + 2) * recurrent + 1
    assert textbook == library


@pytest.mark.share(3)
@RUNTIMES
@pytest.mark.parametrize("task", LUAU_TASKS)
def test_all_contestants_of_a_task_compute_the_same(runtime: str, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "SETTINGS", FEW)
    contestants = or_skip(lambda: Machine(runtime)).contestants(TASKS[task], TASKS[task].shapes[0])
    compare(contestants)
    assert [each.name for each in contestants if each.answer is None] == APART.get(task, [])
    assert all((contestant.bytes is not None) == TASKS[task].counts_bytes for contestant in contestants)


@RUNTIMES
@pytest.mark.parametrize("task", APART)
def test_what_computes_something_else_computes_what_python_does(runtime: str, task: str) -> None:
    machine, shape, count = or_skip(lambda: Machine(runtime)), SHAPES[1], 64
    answers, name = machine.runtime.run(_ANSWERS, machine._makers, task, shape.sizes, count)
    assert [name] == APART[task]
    inputs, targets = 2 * _uniform(count, shape.inputs) - 1, _uniform(count, shape.outputs)
    network, size = shape.network(), 32
    if task == "training-head":
        activators = ["LeakyReLU"] * shape.hidden_layers + ["Softmax"]
        network = Network.create(
            shape.inputs, shape.hidden_layers, shape.hidden_nodes, shape.outputs, activators, seed=SEED
        )
        network.loss = "CategoricalCrossEntropy"
        targets, size = np.eye(shape.outputs)[np.arange(1, count + 1) % shape.outputs], 1
    network.train(inputs, targets, RATE, 1, batch_size=size, engine="numpy")
    assert np.array(answers) == pytest.approx(network.forward(inputs).ravel(), rel=0, abs=TOLERANCE)


def _uniform(count: int, width: int) -> NDArray[np.float64]:
    """The numbers from 0 to 1 that contestants.luau draws, from the first on at every call."""
    state, numbers = SEED, np.empty(count * width)
    for index in range(numbers.size):
        state = state * 16807 % 2147483647
        numbers[index] = state / 2147483647
    return numbers.reshape(count, width)


def test_a_fault_in_textbook_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    read: Callable[[Path], str] = machines._read
    monkeypatch.setattr(machines, "_read", lambda path: read(path).replace("sum += layer[2][j]", "sum -= layer[2][j]"))
    with pytest.raises(UnequalError, match="forwardNet does not compute"):
        compare(or_skip(lambda: Machine("luajit")).contestants(TASKS["forward"], TINY))


@pytest.mark.parametrize("task", PYTHON_TASKS)
def test_all_contestants_in_python_compute_the_same(task: str) -> None:
    contestants = python_side.contestants(PYTHON_TASKS[task], TINY)
    compare(contestants)
    assert contestants


def test_without_luajit_numpy_races_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_side, "luajit_is_missing", lambda: "luajit21 is left out.")
    assert [task.name for task in python_side.tasks()] == ["python-forward", "python-training"]
    names = {each.name for each in python_side.contestants(PYTHON_TASKS["python-training"], TINY)}
    assert names == {"numpy, batch 1", "numpy, batch 256"}


@RUNTIMES
def test_bytes_are_those_that_a_run_allocates(runtime: str) -> None:
    machine = or_skip(lambda: Machine(runtime))
    kept = "local text, number = string.rep('x', 100000), 0 return function() number += 1 return text .. number end"
    nothing = "return function() end"
    (text,), (idle,) = machine.runtime.run(kept), machine.runtime.run(nothing)
    assert 100_000 <= machine.allocated(text) < 105_000
    assert machine.allocated(idle) < 1_000


def test_the_shapes_are_the_ones_that_are_compared_everywhere() -> None:
    assert [shape.name for shape in SHAPES] == ["2-3-3-1", "8-16-16-4", "16-32-32-4", "64-64-64-10", "784-128-10"]
    assert TINY.weights == 2 * 3 + 3 * 3 + 3 * 1
    assert [weights.weights.size for weights in TINY.network().layers] == [6, 9, 3]
    assert [shape.samples for shape in (TINY, SHAPES[-1])] == [1024, 64]
    assert (NO_SHAPE.name, NO_SHAPE.weights, NO_SHAPE.samples) == ("–", 0, 1024)
