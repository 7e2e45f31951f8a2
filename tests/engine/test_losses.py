"""Losses: against numbers of PyTorch's definitions, and slopes against differences, alone and in whole networks."""

import math
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Network, Random, propagation
from engine.formulas.records import Loss
from engine.formulas.registry import ACTIVATIONS, LOSSES, OUTPUT_ACTIVATIONS
from engine.kernels.loops import backward, forward
from engine.training.updates import Sgd
from tests.engine.differences import central
from tests.engine.samples import by_name
from tests.engine.test_activations import CENTRAL, difference

# Names are public: networks are saved with them.
DESIGNED_NAMES = [
    "HalfSquaredError",
    "MeanSquaredError",
    "MeanAbsoluteError",
    "Huber",
    "BinaryCrossEntropy",
    "CategoricalCrossEntropy",
]

# Settings, outputs, targets, and the loss and the slopes of such a sample by the definitions of PyTorch 2 (MSELoss,
# L1Loss, BCELoss and CrossEntropyLoss without its softmax), worked out with 60 decimal digits.
Sample = tuple[dict[str, float], list[float], list[float], float, list[float]]
KNOWN: dict[str, list[Sample]] = {
    "HalfSquaredError": [
        ({}, [0.5, 3.0, -0.25], [0.5, 1.0, 0.25], 2.125, [0.0, 2.0, -0.5]),
        ({}, [2.25], [0.0], 2.53125, [2.25]),
        ({}, [-1000.0, 1000.0], [1000.0, -1000.0], 4000000.0, [-2000.0, 2000.0]),
    ],
    "MeanSquaredError": [
        ({}, [0.5, 3.0, -0.25], [0.5, 1.0, 0.25], 1.4166666666666667, [0.0, 1.3333333333333333, -0.3333333333333333]),
        ({}, [2.25], [0.0], 5.0625, [4.5]),
        ({}, [-1000.0, 1000.0], [1000.0, -1000.0], 4000000.0, [-2000.0, 2000.0]),
    ],
    "MeanAbsoluteError": [
        ({}, [0.5, 3.0, -0.25], [0.5, 1.0, 0.25], 0.8333333333333334, [0.0, 0.3333333333333333, -0.3333333333333333]),
        ({}, [2.25], [0.0], 2.25, [1.0]),
        ({}, [-1000.0, 1000.0], [1000.0, -1000.0], 2000.0, [-0.5, 0.5]),
    ],
    "Huber": [
        ({}, [0.5, 3.0, -0.25], [0.5, 1.0, 0.25], 0.5416666666666666, [0.0, 0.3333333333333333, -0.16666666666666666]),
        (
            {},
            [2.0, 0.0, -1.0],
            [1.0, 1.0, 2.0],
            1.1666666666666667,
            [0.3333333333333333, -0.3333333333333333, -0.3333333333333333],
        ),
        ({"delta": 0.5}, [0.5, 3.0, -0.25, 0.75], [0.5, 1.0, 0.25, 1.0], 0.2578125, [0.0, 0.125, -0.125, -0.0625]),
        ({"delta": 2.0}, [-1000.0, 1000.0], [1000.0, -1000.0], 3998.0, [-1.0, 1.0]),
    ],
    "BinaryCrossEntropy": [
        (
            {},
            [0.25, 0.5, 0.875],
            [0.0, 1.0, 0.75],
            0.5336127276333591,
            [0.4444444444444444, -0.6666666666666666, 0.38095238095238093],
        ),
        ({}, [0.0, 1.0], [0.0, 1.0], 0.0, [0.0, 0.0]),
        ({}, [0.0, 1.0], [1.0, 0.0], 100.0, [-500000000000.0, 500000000000.0]),
        ({}, [0.0, 1.0], [0.25, 0.25], 50.0, [-125000000000.0, 375000000000.0]),
        (
            {"smoothing": 0.25},
            [0.25, 0.5, 0.875],
            [0.0, 1.0, 0.75],
            0.6199280344331827,
            [0.2222222222222222, -0.5, 0.5714285714285714],
        ),
        ({}, [1e-300], [1.0], 100.0, [-1000000000000.0]),
        ({}, [1e-20], [0.5], 23.025850929940457, [-500000000000.0]),
    ],
    "CategoricalCrossEntropy": [
        ({}, [0.25, 0.5, 0.25], [0.0, 1.0, 0.0], 0.6931471805599453, [0.0, -2.0, 0.0]),
        ({}, [0.0, 1.0, 0.0], [0.0, 1.0, 0.0], 0.0, [0.0, -1.0, 0.0]),
        ({}, [0.0, 1.0, 0.0], [1.0, 0.0, 0.0], 100.0, [-1000000000000.0, 0.0, 0.0]),
        ({}, [0.125, 0.75, 0.125], [0.25, 0.5, 0.25], 1.1835618070658085, [-2.0, -0.6666666666666666, -2.0]),
        (
            {"smoothing": 0.25},
            [0.25, 0.5, 0.25],
            [0.0, 1.0, 0.0],
            0.8086717106532695,
            [-0.3333333333333333, -1.6666666666666667, -0.3333333333333333],
        ),
        ({"smoothing": 0.5}, [0.0, 1.0], [1.0, 0.0], 75.0, [-750000000000.0, -0.25]),
        ({}, [1e-300, 1.0], [0.5, 0.5], 50.0, [-500000000000.0, -0.5]),
    ],
}

# The same of pre-activations, for losses that are fused with an activation (BCEWithLogitsLoss, CrossEntropyLoss).
KNOWN_OF_LOGITS: dict[str, list[Sample]] = {
    "BinaryCrossEntropy": [
        (
            {},
            [0.0, 2.0, -3.0],
            [0.0, 1.0, 0.25],
            0.5395541810588866,
            [0.16666666666666666, -0.03973430734070585, -0.06752470894081107],
        ),
        ({}, [1000.0, -1000.0], [1.0, 0.0], 0.0, [0.0, 0.0]),
        ({}, [1000.0, -1000.0], [0.0, 1.0], 1000.0, [0.5, -0.5]),
        ({}, [1000.0, -1000.0], [0.25, 0.75], 750.0, [0.375, -0.375]),
        (
            {"smoothing": 0.25},
            [0.5, -40.0, 1000000.0],
            [1.0, 0.0, 1.0],
            41668.51219232806,
            [-0.08418022293271514, -0.041666666666666664, 0.041666666666666664],
        ),
        ({}, [-1000000.0, 1000000.0], [0.5, 0.5], 500000.0, [-0.25, 0.25]),
        ({}, [37.5], [1.0], 5.175555005801868e-17, [-5.175555005801868e-17]),
    ],
    "CategoricalCrossEntropy": [
        (
            {},
            [1.0, 2.0, 3.0],
            [0.0, 0.0, 1.0],
            0.4076059644443803,
            [0.09003057317038046, 0.24472847105479764, -0.3347590442251781],
        ),
        ({}, [1000.0, -1000.0, 0.0], [1.0, 0.0, 0.0], 0.0, [0.0, 0.0, 0.0]),
        ({}, [1000.0, -1000.0, 0.0], [0.0, 1.0, 0.0], 2000.0, [1.0, -1.0, 0.0]),
        ({}, [1000.0, -1000.0, 1000.0], [0.25, 0.5, 0.25], 1000.6931471805599, [0.25, -0.5, 0.25]),
        (
            {"smoothing": 0.25},
            [1.0, 2.0, 3.0],
            [1.0, 0.0, 0.0],
            2.15760596444438,
            [-0.7433027601629528, 0.16139513772146433, 0.5819076224414885],
        ),
        ({"smoothing": 0.5}, [1000000.0, -1000000.0], [0.0, 1.0], 1500000.0, [0.75, -0.75]),
        ({}, [0.5, -0.5], [0.25, 0.25], 0.4066308437591114, [0.11552928931500243, -0.11552928931500243]),
        ({}, [-7.0], [1.0], 0.0, [0.0]),
        ({}, [40.0, 0.0], [1.0, 0.0], 4.248354255291589e-18, [-4.248354255291589e-18, 4.248354255291589e-18]),
    ],
}
# A logarithm is known to 1e-16 of 1, whatever its own size.
RELATIVE, ABSOLUTE = 1e-14, 4e-16

# At which distances of output and target no difference may reach across, since a derivative jumps there. (PyTorch has
# the mean of both sides there: 0.)
BREAKS: dict[str, tuple[float, ...]] = {"MeanAbsoluteError": (0.0,), "Huber": (1.0,)}

# So small that what a pole at a distance of 1/8 adds to the error, as that of a logarithm, is less than the rounding.
CENTRAL_STEP = 2.0**-10

# Between 0 and 1 outputs are those of a probability, which every loss takes; at both ends some are infinite.
OUTPUTS, TARGETS = [step / 16 for step in range(2, 15)], [0.0, 0.25, 0.5, 1.0]
# What a loss of any outputs takes besides.
FURTHER_OUTPUTS = [-700.0, -3.5, -1.0, 0.0, 1.0, 2.25, 30.0]
OF_PROBABILITIES = ("BinaryCrossEntropy", "CategoricalCrossEntropy")
# What puts out probabilities, and what any numbers.
PROBABLE, ANY = ("Sigmoid", "Softmax", "Gaussian"), ("Identity", "Tanh", "Sigmoid", "Softmax", "Swish")
SETTINGS: dict[str, list[dict[str, float]]] = {
    name: [{}, *({each.name: 0.3} for each in loss.settings)] for name, loss in LOSSES.items()
}

loss = pytest.mark.parametrize("each", LOSSES.values(), ids=LOSSES)
fused_loss = pytest.mark.parametrize("name", [name for name, each in LOSSES.items() if each.fused is not None])
every_setting = pytest.mark.parametrize(
    "each",
    [record.with_settings(chosen) for name, record in LOSSES.items() for chosen in SETTINGS[name]],
    ids=lambda each: f"{each.name}-{each.values}",
)


def outputs_of(each: Loss) -> list[float]:
    return OUTPUTS if each.name in OF_PROBABILITIES else [*OUTPUTS, *FURTHER_OUTPUTS]


def values_of(activator: str, sums: Sequence[float]) -> list[float]:
    """What an output layer puts out that has these pre-activations."""
    if activator in ACTIVATIONS:
        return [ACTIVATIONS[activator].value(x) for x in sums]
    record, outputs = OUTPUT_ACTIVATIONS[activator], [0.0] * len(sums)
    forward.activate_shares([*sums], [0.0] * len(sums), outputs, len(sums), record.power, record.share)
    return outputs


def measured(each: Loss, outputs: list[float], targets: list[float]) -> tuple[float, list[float]]:
    """A sample's loss and its slopes, by the plain loop."""
    slopes = [0.0] * len(outputs)
    value, slope = by_name(each.value, each.values), by_name(each.slope, each.values)
    return backward.measure([], outputs, targets, slopes, len(outputs), value, slope), slopes


def measured_fused(each: Loss, sums: list[float], targets: list[float]) -> tuple[float, list[float]]:
    """The same by pre-activations."""
    assert each.fused is not None
    slopes, outputs, count = [0.0] * len(sums), values_of(each.fused.activator, sums), len(sums)
    value, slope = by_name(each.fused.value, each.values), by_name(each.fused.slope, each.values)
    if each.fused.level is None:
        return backward.measure_sums(sums, outputs, targets, slopes, count, value, slope), slopes
    level = each.fused.level
    return backward.measure_shares(sums, outputs, targets, slopes, count, level, value, slope), slopes


def test_the_registry_has_exactly_the_designed_names_in_their_order() -> None:
    assert list(LOSSES) == DESIGNED_NAMES
    assert [each.name for each in LOSSES.values()] == DESIGNED_NAMES


@loss
def test_samples_have_the_known_losses_and_slopes(each: Loss) -> None:
    assert len(KNOWN[each.name]) >= 3
    for settings, outputs, targets, value, slopes in KNOWN[each.name]:
        found = measured(each.with_settings(settings), outputs, targets)
        assert found[0] == pytest.approx(value, rel=RELATIVE, abs=ABSOLUTE), (settings, outputs)
        assert found[1] == pytest.approx(slopes, rel=RELATIVE, abs=ABSOLUTE), (settings, outputs)


@fused_loss
def test_pre_activations_have_the_known_losses_and_slopes(name: str) -> None:
    assert len(KNOWN_OF_LOGITS[name]) >= 3
    for settings, sums, targets, value, slopes in KNOWN_OF_LOGITS[name]:
        found = measured_fused(LOSSES[name].with_settings(settings), sums, targets)
        assert found[0] == pytest.approx(value, rel=RELATIVE, abs=ABSOLUTE), (settings, sums)
        assert found[1] == pytest.approx(slopes, rel=RELATIVE, abs=ABSOLUTE), (settings, sums)


def of_output(each: Loss, outputs: Sequence[float], targets: Sequence[float]) -> Callable[[float], float]:
    """A sample's loss as a function of its first output alone."""
    return lambda output: measured(each, [output, *outputs[1:]], [*targets])[0]


@every_setting
@pytest.mark.parametrize("count", [1, 3])
def test_the_slope_is_the_derivative_of_the_value(each: Loss, count: int) -> None:
    breaks = BREAKS.get(each.name, ())
    for output, target in product(outputs_of(each), TARGETS):
        outputs, targets = [output, 0.5, 0.25][:count], [target, 0.0, 1.0][:count]
        if all(abs(abs(output - target) - jump) > 2 * CENTRAL_STEP for jump in breaks):
            expected, tolerance = difference(of_output(each, outputs, targets), output, CENTRAL, CENTRAL_STEP)
            assert abs(measured(each, outputs, targets)[1][0] - expected) <= tolerance, (output, target)


@every_setting
@pytest.mark.parametrize("sums", [[0.3], [-1.5, 2.0], [0.5, -0.75, 3.0, 0.25]], ids=len)
def test_the_fused_slope_is_the_derivative_by_the_pre_activation(each: Loss, sums: list[float]) -> None:
    targets = [0.25, 1.0, 0.0, 0.5][: len(sums)]
    for j in range(len(sums)) if each.fused is not None else ():

        def of_sum(x: float, j: int = j) -> float:
            return measured_fused(each, [*sums[:j], x, *sums[j + 1 :]], targets)[0]

        expected, tolerance = difference(of_sum, sums[j], CENTRAL, CENTRAL_STEP)
        assert abs(measured_fused(each, sums, targets)[1][j] - expected) <= 4 * tolerance, j


@fused_loss
@given(st.lists(st.tuples(st.floats(-8, 8), st.floats(0, 1)), min_size=1, max_size=6), st.floats(0, 0.9))
def test_fused_or_not_it_is_one_loss(name: str, nodes: list[tuple[float, float]], smoothing: float) -> None:
    each = LOSSES[name].with_settings({"smoothing": smoothing})
    assert each.fused is not None
    sums, targets = [x for x, _ in nodes], [target for _, target in nodes]
    value, slopes = measured(each, values_of(each.fused.activator, sums), targets)
    found, deltas = measured_fused(each, sums, targets)
    assert found == pytest.approx(value, rel=1e-12, abs=1e-12)
    network = Network.create(1, 1, 1, len(sums), ("Tanh", each.fused.activator), seed=1)
    errors, outputs = np.array(slopes), np.array(values_of(each.fused.activator, sums))
    scaled = propagation._scaled(network.layers[-1].activator)(errors, np.array(sums), outputs)
    assert deltas == pytest.approx(scaled.tolist(), rel=1e-9, abs=1e-9)


@fused_loss
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1)), min_size=1, max_size=6))
def test_no_pre_activation_is_too_large(name: str, nodes: list[tuple[float, float]]) -> None:
    value, slopes = measured_fused(LOSSES[name], [x for x, _ in nodes], [target for _, target in nodes])
    assert math.isfinite(value)
    assert value >= -1e-9
    assert all(abs(slope) <= len(nodes) for slope in slopes)


@loss
@pytest.mark.parametrize("output", [-1e300, -1.0, 0.0, 5e-324, 1.0, 1.5, 1e300])
def test_any_output_has_a_number_for_a_slope(each: Loss, output: float) -> None:
    for target in TARGETS:
        assert not math.isnan(measured(each, [output], [target])[1][0])


@loss
def test_what_is_no_number_stays_none(each: Loss) -> None:
    assert math.isnan(measured(each, [math.nan], [0.5])[0])
    assert math.isnan(measured(each, [math.nan], [0.5])[1][0])
    if each.fused is not None:
        assert math.isnan(measured_fused(each, [math.nan], [0.5])[0])
        assert math.isnan(measured_fused(each, [math.nan], [0.5])[1][0])


@loss
def test_a_target_that_is_met_leaves_nothing_to_learn(each: Loss) -> None:
    for output in outputs_of(each) if each.name != "CategoricalCrossEntropy" else ():
        assert measured(each, [output], [output])[1][0] == 0
    if each.fused is not None:
        outputs = values_of(each.fused.activator, [0.5, -0.5, 1.0])
        assert measured_fused(each, [0.5, -0.5, 1.0], outputs)[1] == pytest.approx([0, 0, 0], abs=1e-15)


def test_formulas_may_have_any_argument_that_there_is() -> None:
    """What a loop gives by names and what settings are called never is one name."""
    for each in LOSSES.values():
        assert not each.values.keys() & {"x", "output", "target", "count", "largest", "rest", "target_sum"}


STEP = 1e-6


@every_setting
@pytest.mark.parametrize("activator", dict.fromkeys((*ANY, *PROBABLE)))
@pytest.mark.parametrize("recurrent", [False, True])
def test_networks_step_along_the_differences_of_their_loss(each: Loss, activator: str, recurrent: bool) -> None:
    if activator not in (PROBABLE if each.name in OF_PROBABILITIES else ANY):
        return
    network = Network.create(3, 1, 4, 3, ("Tanh", activator), recurrent, seed=5)
    x, target = np.array([0.3, -0.7, 0.9]), np.array([0.1, 0.75, 0.3])
    network.forward([0.5, 0.25, -1.0])
    random = Random(3)
    for layer in network.layers:
        layer.biases += [random.symmetric(0.5) for _ in layer.biases]

    def value() -> float:
        outputs = network.copy().forward(x)
        return measured(each, outputs.tolist(), target.tolist())[0]

    stepped, before = network.copy(), value()
    assert propagation.backward(stepped.layers, Sgd(1.0), x, target, each) == pytest.approx(before, rel=1e-12)
    batched = network.copy()
    if not recurrent:
        propagation.backward_batch(
            batched.layers, Sgd(1.0), np.array([x, x]), np.array([target, target]), each, ordered=True
        )
    for layer, after, same in zip(network.layers, stepped.layers, batched.layers, strict=True):
        arrays = (layer.weights, after.weights, same.weights), (layer.biases, after.biases, same.biases)
        for array, new, mean in arrays:
            gradient = central(value, array, STEP)
            np.testing.assert_allclose(array - new, gradient, rtol=0, atol=2e-8)
            if not recurrent:
                np.testing.assert_allclose(array - mean, gradient, rtol=0, atol=2e-8)
