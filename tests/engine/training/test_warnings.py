"""What is said of the data before the first step: how far activations reach, and which lines come, once."""

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import expit

from engine import ArgumentError, Network, Optimizer, load_training, save_training
from engine.formulas.records import Activation
from engine.formulas.registry import ACTIVATIONS, ALL_ACTIVATIONS
from tests.engine.training.warned_data import (
    BROKEN,
    CASES,
    CORNERS,
    ENDINGS,
    NO_EPOCH_LEFT,
    SAMPLES,
    TARGETS,
    plain,
    sum_of_two,
)

activation = pytest.mark.parametrize("each", ACTIVATIONS.values(), ids=ACTIVATIONS)

# The lowest numbers of those that have a valley, by its formula of another hand, and where to look for it.
VALLEYS: dict[str, tuple[Callable[[float], float], tuple[float, float]]] = {
    "Sinc": (lambda x: float(np.sinc(x / math.pi)), (4.0, 5.0)),
    "Swish": (lambda x: x * float(expit(x)), (-2.0, 0.0)),
    "GELU": (lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))), (-2.0, 0.0)),
    "Mish": (lambda x: x * math.tanh(math.log1p(math.exp(x))), (-2.0, 0.0)),
}
# The ends of the others, as textbooks have them.
EVERYTHING, ABOVE_NONE = (-math.inf, math.inf), (0.0, math.inf)
TEXTBOOK = {
    **dict.fromkeys(("Identity", "ArSinh", "BentIdentity", "LeakyReLU"), EVERYTHING),
    **dict.fromkeys(("ReLU", "SoftPlus", "SoftReLU"), ABOVE_NONE),
    **dict.fromkeys(("Binary", "Sigmoid", "Gaussian", "SQ-RBF", "HardSigmoid", "Softmax"), (0.0, 1.0)),
    **dict.fromkeys(("Tanh", "Sin", "ElliotSign", "HardTanh"), (-1.0, 1.0)),
    "ArcTan": (-math.pi / 2, math.pi / 2),
    "ELU": (-1.0, math.inf),
    "SELU": (-1.7580993408473766, math.inf),
}
# Roundings of a formula's value, of which a few operations make a few.
CLOSE = 1e-14
# Where values are looked at: closely around zero, and all the way out.
GRID = np.concatenate(
    [np.linspace(-40, 40, 80_001), 10.0 ** np.linspace(-9, 6, 3001), -(10.0 ** np.linspace(-9, 6, 3001))]
)


@pytest.mark.parametrize("name", TEXTBOOK)
def test_a_range_is_that_of_textbooks(name: str) -> None:
    each = ALL_ACTIVATIONS[name]
    assert (each.lowest, each.highest) == pytest.approx(TEXTBOOK[name], rel=1e-15)


@pytest.mark.parametrize("name", VALLEYS)
def test_a_valley_is_as_deep_as_it_is_said_to_be(name: str) -> None:
    formula, bounds = VALLEYS[name]
    found = minimize_scalar(formula, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    assert ALL_ACTIVATIONS[name].lowest == pytest.approx(found.fun, rel=CLOSE)
    assert ALL_ACTIVATIONS[name].highest == (1.0 if name == "Sinc" else math.inf)


def test_every_range_is_known() -> None:
    assert {*TEXTBOOK, *VALLEYS} == {*ALL_ACTIVATIONS}


@activation
def test_values_stay_in_the_range_and_come_near_to_its_ends(each: Activation) -> None:
    values = np.array([each.value(float(x)) for x in GRID])
    for found, end, side in ((values.min(), each.lowest, 1), (values.max(), each.highest, -1)):
        if math.isfinite(end):
            assert -CLOSE <= side * (found - end) <= 1e-6
        else:
            assert side * each.value(-side * 1e100) < -100
            assert side * found < -10


@activation
@given(x=st.floats(-1e6, 1e6))
def test_no_value_is_out_of_the_range(each: Activation, x: float) -> None:
    assert each.lowest - CLOSE <= each.value(x) <= each.highest + CLOSE


def test_softmax_comes_near_to_the_ends_of_its_range_and_stays_in_it() -> None:
    network = Network.from_arrays([[[1.0], [-1.0]]], [[0.0, 0.0]], ["Softmax"])
    outputs = np.array([network.forward([x]) for x in np.linspace(-50, 50, 1001)])
    softmax = ALL_ACTIVATIONS["Softmax"]
    assert softmax.lowest <= outputs.min() < softmax.lowest + 1e-20
    assert softmax.highest - 1e-15 < outputs.max() <= softmax.highest


def said(network: Network, samples: Any, targets: Any, **options: Any) -> list[str]:
    """What a training says, each line to the line below."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        network.train(samples, targets, 0.01, **options)
    assert all(each.filename == __file__ and each.category is UserWarning for each in caught)
    return [str(each.message) for each in caught]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("engine", ["numpy", "auto"])
def test_each_network_is_told_once(case: str, engine: str) -> None:
    make, samples, targets, expected = CASES[case]
    network = make()
    assert said(network, samples, targets, engine=engine) == expected
    assert said(network, samples, targets, epochs=2) == []
    # Another is told, too.
    assert said(network.copy(), samples, targets) == expected


def test_data_may_be_arrays_of_any_type() -> None:
    for kind in (np.float32, np.int64):
        lines = said(plain(), np.array([[1, 20], [2, 30]], dtype=kind), np.array([[0], [3]], dtype=kind))
        assert [line.partition(",")[0] for line in lines] == ["samples[1][2] is 20", "targets[2][1] is 3"]


def test_all_samples_are_looked_at_by_their_own_numbers() -> None:
    """Those, too, that are set aside for validation."""
    samples, targets = [[k / 10, -k / 10] for k in range(10)], [[k / 10] for k in range(10)]
    for index in range(10):
        changed = [[99.0, 0.0] if k == index else sample for k, sample in enumerate(samples)]
        (line,) = said(plain(), changed, targets, validation_share=0.3)
        assert line.startswith(f"samples[{index + 1}][1] is 99, ")


def test_a_warning_comes_before_the_first_step_and_leaves_all_as_it_was() -> None:
    network, optimizer = plain(), Optimizer("Adam")
    before = network.save()
    # Where warnings are errors, it says so until there is nothing to be said.
    for _ in range(2):
        with pytest.raises(UserWarning, match=r"^samples\[1\]\[1\] is 11, "):
            network.train([[11.0, 0.0]], TARGETS[:1], optimizer)
        assert (network.save(), optimizer.shape) == (before, None)
    assert len(said(network, [[11.0, 0.0]], TARGETS[:1])) == 1
    network.train([[11.0, 0.0]], TARGETS[:1], optimizer)
    assert network.save() != before


def test_nothing_is_said_where_an_argument_is_refused() -> None:
    network = plain()
    for options in ({"batch_size": 0}, {"engine": "luajit", "batch_size": 2}, {"validation_share": 0.001}):
        with pytest.raises(ArgumentError):
            network.train([[11.0, 0.0]], TARGETS[:1], 0.1, **options)
    assert len(said(network, [[11.0, 0.0]], TARGETS[:1])) == 1


def test_validation_and_evaluation_are_not_looked_at() -> None:
    assert said(plain(), SAMPLES, TARGETS, validation=([[99.0, 99.0]] * 2, [[9.0]] * 2)) == []
    plain().evaluate([[99.0, 99.0]] * 2, [[9.0]] * 2)
    plain().backward(0.1, [99.0, 99.0], [9.0])


@pytest.mark.parametrize("case", BROKEN)
def test_a_network_that_is_not_finite_is_refused_before_all_else(case: str) -> None:
    layer, row, column, wild, sentence = BROKEN[case]
    network, optimizer = plain(), Optimizer("Adam")
    (network.layers[layer].biases if row is None else network.layers[layer].weights[row])[column] = wild
    with pytest.raises(ArgumentError) as caught:
        network.train(SAMPLES, TARGETS, optimizer)
    assert (str(caught.value), optimizer.shape) == (sentence, None)
    with pytest.raises(ArgumentError) as caught:
        network.train([["a"]], TARGETS, 0.1, batch_size=0)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name", ["", "Adam"])
def test_a_step_from_nan_is_refused(name: str) -> None:
    layer, row, column, wild, sentence = BROKEN["a weight"]
    network, optimizer = plain(), Optimizer(name or "SGD")
    network.layers[layer].weights[row, column] = wild
    with pytest.raises(ArgumentError) as caught:
        network.backward(optimizer if name else 0.1, SAMPLES[0], TARGETS[0])
    assert (str(caught.value), optimizer.shape) == (sentence, None)


@pytest.mark.parametrize("case", ENDINGS)
def test_what_is_said_at_the_end(case: str) -> None:
    targets, rate, epochs, patience, expected = ENDINGS[case]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sum_of_two().train(CORNERS, targets, rate, epochs, patience=patience)
    assert [str(each.message) for each in caught] == expected
    assert all(each.filename == __file__ and each.category is UserWarning for each in caught)


def test_nothing_is_said_at_the_end_where_on_epoch_ended_it() -> None:
    targets, rate, epochs, _, _ = ENDINGS["a loss that grew"]
    losses = sum_of_two().train(CORNERS, targets, rate, epochs + 1, on_epoch=lambda epoch, _: epoch < epochs)
    assert losses[-1] > 1e38


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_training_that_goes_on_without_an_epoch_says_so(epochs: int) -> None:
    network = plain()
    network.train(SAMPLES, TARGETS, 0.1, epochs=3)
    again, rate, progress = load_training(save_training(network, 0.1))
    with pytest.warns(UserWarning, match=f"^{NO_EPOCH_LEFT}$") as caught:
        losses = again.train(SAMPLES, TARGETS, rate, epochs=epochs, resume=progress)
    assert (len(caught), len(losses), caught[0].filename) == (1, 0, __file__)
    assert again.save() == network.save()
    # Other ends before the first epoch are what was asked for.
    again.train(SAMPLES, TARGETS, rate, epochs=epochs, resume=progress, target_loss=1e9)
    assert len(again.train(SAMPLES, TARGETS, rate, epochs=4, resume=progress)) == 1
