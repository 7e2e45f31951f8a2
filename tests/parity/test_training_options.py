"""What trainNet is asked for, and what it tells of: the same in Luau as in Python, with every optimizer."""

from functools import cache, partial
from typing import Any

import numpy as np
import pytest

from engine import ArgumentError, History, Network, Optimizer, Random
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS
from tests.parity.machine import Machine
from tests.parity.tolerances import tolerances

# How options are called in Luau.
NAMES = {
    "batch_size": "batchSize",
    "validation_share": "validationShare",
    "target_loss": "targetLoss",
    "sample_weights": "sampleWeights",
    "class_weights": "classWeights",
    "random": "seed",
}
METRICS = {
    "accuracy": "accuracy",
    "mean_absolute_error": "meanAbsoluteError",
    "validation_loss": "validationLoss",
}
ENDINGS = {"epochs": "epochs", "patience": "patience", "target_loss": "targetLoss"}

_TRAIN = """
local KNN, text, samples, targets, given, options = ...
local network = KNN.loadNet(text)
local stepper = type(given) == "table" and KNN.createOptimizer(given[1], given[2]) or given
local losses, history = KNN.trainNet(network, samples, targets, stepper, options)
local loss, metrics, confusion = KNN.evaluateNet(network, samples, targets)
assert(history.losses == losses)
assert(#history.seconds == #losses)
return KNN.saveNet(network), history, loss, metrics, confusion
"""


def of_classes() -> tuple[Network, list[list[float]], Any]:
    """Three classes, which have names."""
    random = np.random.default_rng(1)
    centres = np.array([[0.0, 2.0], [2.0, -1.0], [-2.0, -1.0]])
    classes = [index % 3 for index in range(23)]
    samples = (centres[classes] + random.normal(size=(23, 2))).tolist()
    network = Network.build(inputs=2, layers=[{"nodes": 5}, {}], classes=["red", "green", "blue"], seed=2)
    return network, samples, [("red", "green", "blue")[each] for each in classes]


def of_numbers() -> tuple[Network, list[list[float]], Any]:
    """A curve, of arithmetic alone."""
    samples = [[x / 10] for x in range(-10, 11)]
    network = Network.build(inputs=1, layers=[{"nodes": 13, "activator": "ReLU"}, {"nodes": 1}], seed=3)
    return network, samples, [[x * x] for (x,) in samples]


def of_sides() -> tuple[Network, list[list[float]], Any]:
    """Two questions, each answered by yes or no."""
    samples = [[a, b] for a in (0.0, 0.5, 1.0) for b in (0.0, 0.5, 1.0)]
    network = Network.build(
        inputs=2, layers=[{"nodes": 4, "activator": "Tanh"}, {"nodes": 2, "activator": "Sigmoid"}], seed=4
    )
    return network, samples, [[float(a > b), float(a + b > 1)] for a, b in samples]


TASKS = {"classes": of_classes, "numbers": of_numbers, "sides": of_sides}
# Options, and for which tasks.
CASES: list[tuple[str, dict[str, Any]]] = [
    *((task, {"batch_size": size, "epochs": 3}) for task in TASKS for size in (2, 4, 100)),
    ("classes", {"batch_size": 4, "epochs": 4, "shuffle": True, "random": 7, "validation_share": 0.3}),
    ("classes", {"epochs": 3, "class_weights": {"red": 2.0, "blue": 0.5}}),
    ("classes", {"epochs": 3, "class_weights": [0.0, 1.0, 3.0], "batch_size": 5, "metrics": True}),
    ("numbers", {"epochs": 3, "sample_weights": [k % 4 for k in range(21)], "metrics": True}),
    ("numbers", {"epochs": 3, "sample_weights": [k % 4 for k in range(21)], "batch_size": 4, "validation_share": 0.5}),
    ("numbers", {"epochs": 40, "patience": 2, "validation_share": 0.25, "shuffle": True, "random": 5}),
    ("numbers", {"epochs": 40, "target_loss": 0.05}),
    ("sides", {"epochs": 30, "patience": 1, "validation": ([[0.2, 0.9], [0.7, 0.1]], [[1, 0], [0, 1]])}),
]
STEPPERS: dict[str, Any] = {"a rate": 0.125, **{name: {"rate": 0.0625} for name in ELEMENTWISE_OPTIMIZERS}}


@cache
def trained(task: str, case: int, stepper: str) -> tuple[Network, History]:
    network, samples, targets = TASKS[task]()
    options = {"epochs": 1, **CASES[case][1]}
    update = Optimizer(stepper, **STEPPERS[stepper]) if stepper in ELEMENTWISE_OPTIMIZERS else STEPPERS[stepper]
    history = network.train(samples, targets, update, history=True, engine="numpy", **options)
    return network, history


@cache
def allowed_in(task: str, case: int, stepper: str) -> list[float]:
    """How far off each of the parts may be."""
    again = partial(trained.__wrapped__, task, case, stepper)
    return tolerances(lambda: parts(*again()), parts(*trained(task, case, stepper)))


def parts(network: Network, history: History) -> list[Any]:
    arrays = [array for layer in network.layers for array in layer.numbers]
    return [*arrays, history.losses, history.rates, *history.metrics.values()]


@pytest.mark.share(3)
@pytest.mark.parametrize("stepper", STEPPERS)
def test_options_do_the_same_in_both_languages(machine: Machine, stepper: str) -> None:
    for case, (task, options) in enumerate(CASES):
        network, history = trained(task, case, stepper)
        start, samples, targets = TASKS[task]()
        given = {NAMES.get(name, name): value for name, value in options.items()}
        if "validation" in given:
            given["validation"] = list(given["validation"])
        step = [stepper, STEPPERS[stepper]] if stepper in ELEMENTWISE_OPTIMIZERS else STEPPERS[stepper]
        text, told, loss, metrics, confusion = machine.run(_TRAIN, start.save(), samples, targets, step, given)
        got = Network.load(text)
        arrays = [array for layer in got.layers for array in layer.numbers]
        named = [told["metrics"][METRICS[name]] for name in history.metrics]
        for one, other, bound in zip(
            [*arrays, told["losses"], told["rates"], *named],
            parts(network, history),
            allowed_in(task, case, stepper),
            strict=True,
        ):
            np.testing.assert_allclose(one, other, rtol=0, atol=bound)
        assert told["bestEpoch"] == history.best_epoch
        assert told["endedBy"] == ENDINGS[history.ended_by]
        evaluated = got.evaluate(samples, targets)
        assert (confusion is None) == (evaluated.confusion is None)
        if evaluated.confusion is not None:
            assert confusion == evaluated.confusion.tolist()
        assert {METRICS[name] for name in evaluated.metrics} == set(metrics)
        np.testing.assert_allclose(loss, evaluated.loss, rtol=1e-13)
        np.testing.assert_allclose(
            [metrics[METRICS[name]] for name in evaluated.metrics], list(evaluated.metrics.values()), rtol=1e-13
        )


BAD: list[tuple[str, dict[str, Any]]] = [
    ("numbers", {"validation": 5}),
    ("numbers", {"validation": [[[1.0]]]}),
    ("numbers", {"validation": [[[1.0, 2.0]], [[1.0]]]}),
    ("numbers", {"validation": [[[1.0]], [[1.0], [2.0]]]}),
    ("numbers", {"validation": [[[1.0]], [["x"]]]}),
    ("numbers", {"validation": [[], []]}),
    ("classes", {"validation": [[[1.0, 2.0]], ["rde"]]}),
    ("numbers", {"validation_share": 1.0}),
    ("numbers", {"validation_share": 0.01}),
    ("numbers", {"validation": [[[1.0]], [[1.0]]], "validation_share": 0.5}),
    ("numbers", {"patience": 0}),
    ("numbers", {"target_loss": -1.0}),
    ("numbers", {"sample_weights": [1.0]}),
    ("numbers", {"sample_weights": [1.0] * 20 + [-1.0]}),
    ("numbers", {"sample_weights": "all"}),
    ("numbers", {"class_weights": [1.0]}),
    ("classes", {"class_weights": [1.0, 2.0]}),
    ("classes", {"class_weights": {"red": 1.0, "gren": 2.0}}),
    ("classes", {"class_weights": {"red": -1.0}}),
    ("sides", {"class_weights": {"red": 1.0}}),
    ("sides", {"batch_size": 0}),
    ("sides", {"metrics": 1}),
]


@pytest.mark.parametrize(("task", "options"), BAD, ids=range(len(BAD)))
def test_a_bad_option_is_refused_in_the_same_words(machine: Machine, task: str, options: dict[str, Any]) -> None:
    network, samples, targets = TASKS[task]()
    before = network.to_table()
    with pytest.raises(ArgumentError) as caught:
        network.train(samples, targets, 0.1, **options)
    assert network.to_table() == before
    given = {NAMES.get(name, name): value for name, value in options.items()}
    said = machine.refusal("trainNet", before, samples, targets, 0.1, given)
    words = str(caught.value)
    for python, luau in NAMES.items():
        words = words.replace(f".{python}", f".{luau}").replace(f"beside {python}", f"beside {luau}")
    assert said == words


def test_the_same_seed_shuffles_the_same_and_leaves_the_library_alone(machine: Machine) -> None:
    script = """
    local KNN, text, samples, targets = ...
    local texts = {}
    for index, seed in ipairs({ 5, 5, 6 }) do
        KNN.setSeed(index)
        local network = KNN.loadNet(text)
        KNN.trainNet(network, samples, targets, 0.1, { shuffle = true, seed = seed })
        texts[index] = KNN.saveNet(network)
        texts[index + 3] = KNN.createNet(1, 1, 1, 1)[2][1][1][1][1]
    end
    return texts
    """
    network, samples, targets = of_numbers()
    (texts,) = machine.run(script, network.save(), samples, targets)
    assert texts[0] == texts[1] != texts[2]
    for index in range(3):
        assert texts[index + 3] == Network.create(1, 1, 1, 1, seed=Random(index + 1)).layers[0].weights[0, 0]


def test_a_recurrent_network_is_measured_from_a_forgotten_state_and_stays_as_it_is(machine: Machine) -> None:
    network = Network.create(2, 1, 3, 1, "ElliotSign", recurrent=True, seed=5)
    samples, targets = [[0.5, -1.0], [1.0, 0.25], [0.0, 2.0]], [[0.0], [1.0], [1.0]]
    network.forward([3.0, 1.0])
    table = network.to_table()
    loss, metrics, _ = machine.run(
        "local KNN, network, x, y = ...\nlocal a, b = KNN.evaluateNet(network, x, y)\nreturn a, b, network",
        table,
        samples,
        targets,
    )
    again = Network.from_table(table)
    again.reset_state()
    outputs = np.array([again.forward(sample) for sample in samples])
    expected = float(np.mean(np.abs(outputs - targets)))
    assert network.to_table() == table == _
    assert metrics["meanAbsoluteError"] == pytest.approx(expected, rel=1e-14)
    assert network.evaluate(samples, targets).loss == pytest.approx(loss, rel=1e-14)
    assert network.to_table() == table
