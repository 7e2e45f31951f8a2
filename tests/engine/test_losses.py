"""Losses: values against numbers worked out by hand, slopes against differences."""

import math
from collections.abc import Callable
from itertools import product

import pytest

from engine.formulas.records import Loss
from engine.formulas.registry import LOSSES
from tests.engine.test_activations import CENTRAL, LEFT, LEFT_STEP, difference

# Names are public: networks are saved with them.
DESIGNED_NAMES = ["HalfSquaredError"]

# Of (output, target): by hand.
KNOWN: dict[str, dict[tuple[float, float], float]] = {
    "HalfSquaredError": {(0.5, 0.5): 0.0, (3.0, 1.0): 2.0, (-0.25, 0.25): 0.125},
}
KNOWN_ULPS = 2

# The distances of output and target between which no difference may reach across, since a derivative jumps there.
BREAKS: dict[str, tuple[float, ...]] = {}

# So small that what a pole at a distance of 1/8 adds to the error, as that of a logarithm, is less than the rounding.
CENTRAL_STEP = 2.0**-10

# Between 0 and 1 outputs are those of a probability, which every loss takes; at both ends some are infinite.
OUTPUTS, TARGETS = [step / 16 for step in range(2, 15)], [0.0, 0.25, 0.5, 1.0]
# What a loss of any outputs takes besides.
FURTHER_OUTPUTS = [-700.0, -3.5, -1.0, 0.0, 1.0, 2.25, 30.0]
OF_PROBABILITIES: tuple[str, ...] = ()

loss = pytest.mark.parametrize("each", LOSSES.values(), ids=LOSSES)


def outputs_of(each: Loss) -> list[float]:
    return OUTPUTS if each.name in OF_PROBABILITIES else [*OUTPUTS, *FURTHER_OUTPUTS]


def test_the_registry_has_exactly_the_designed_names_in_their_order() -> None:
    assert list(LOSSES) == DESIGNED_NAMES
    assert [each.name for each in LOSSES.values()] == DESIGNED_NAMES


@loss
def test_values_are_the_known_ones(each: Loss) -> None:
    assert len(KNOWN[each.name]) >= 3
    for (output, target), expected in KNOWN[each.name].items():
        assert abs(each.value(output, target) - expected) <= KNOWN_ULPS * math.ulp(expected), (output, target)


def of_output(each: Loss, target: float) -> Callable[[float], float]:
    """A loss as a function of the output alone."""
    return lambda output: each.value(output, target)


@loss
def test_the_slope_is_the_derivative_of_the_value(each: Loss) -> None:
    breaks = BREAKS.get(each.name, ())
    for output, target in product(outputs_of(each), TARGETS):
        # At a break it is the derivative from the left.
        offsets, step = (LEFT, LEFT_STEP) if output - target in breaks else (CENTRAL, CENTRAL_STEP)
        expected, tolerance = difference(of_output(each, target), output, offsets, step)
        assert abs(each.slope(output, target) - expected) <= tolerance, (output, target)


@loss
def test_a_target_that_is_met_leaves_nothing_to_learn(each: Loss) -> None:
    for output in outputs_of(each):
        assert each.slope(output, output) == 0
