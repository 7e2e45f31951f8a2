"""Adam: the algorithm of the paper in decimals, and what its steps are known for."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Network, Optimizer
from engine.training.updates import Place


def line() -> Network:
    """It gives back what goes in: one weight of 1 after the other, no biases."""
    return Network.from_table([1, [[[[1.0]], [0.0]], [[[1.0]], [0.0]]], False, ["Identity", "Identity"]])


def in_decimals(gradients: list[float], rate: float, beta1: float, beta2: float, epsilon: float) -> list[Decimal]:
    """Where a parameter that begins at 1 is after each step, in 60 digits, by the algorithm as the paper writes it.

    That is with m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ).
    """
    with localcontext() as context:
        context.prec = 60
        a, b1, b2, e = map(Decimal, (rate, beta1, beta2, epsilon))
        parameter, m, v, places = Decimal(1), Decimal(0), Decimal(0), []
        for t, gradient in enumerate(map(Decimal, gradients), start=1):
            m, v = b1 * m + (1 - b1) * gradient, b2 * v + (1 - b2) * gradient * gradient
            parameter -= a * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + e)
            places.append(parameter)
        return places


def in_the_engine(gradients: list[float], name: str = "Adam", **given: float) -> list[float]:
    owner, optimizer, places = line(), Optimizer(name, **given), []
    parameters = owner.layers[0].weights
    optimizer.claim(owner)
    for gradient in gradients:
        optimizer.begin()
        at = Place(0, "weights", (slice(None), slice(None)))
        optimizer.apply_gradient(at, parameters, np.array([[gradient]]))
        places.append(float(parameters[0, 0]))
    return places


# Worked out from the paper's algorithm with the defaults of the paper and of PyTorch (0.001, 0.9, 0.999, 1e-8), for a
# parameter that begins at 1: the first step is one of the rate, whatever the gradient; then m = 0.09 + 0.2 = 0.29 over
# 0.19 and v = 0.004999 over 0.001999: 0.001 · 1.526315… / 1.581376… = 0.000965182…; then m = 0.261 - 0.05 = 0.211 over
# 0.271 and v = 0.005244001 over 0.002997001: 0.001 · 0.778597… / 1.322785… = 0.000588603….
GRADIENTS, PLACES = [1.0, 2.0, -0.5], [0.99900000001, 0.9980348183, 0.9974462152]


def test_steps_are_those_of_the_paper() -> None:
    assert in_the_engine(GRADIENTS) == pytest.approx(PLACES, abs=5e-9)


@settings(max_examples=100)
@given(
    st.lists(st.floats(-1e3, 1e3).filter(lambda g: g == 0 or abs(g) > 1e-3), min_size=1, max_size=20),
    st.floats(0, 1),
    st.floats(0, 0.99),
    st.floats(0, 0.999),
    st.floats(1e-10, 1e-2),
)
def test_steps_are_those_of_the_paper_to_the_last_digits(
    gradients: list[float], rate: float, beta1: float, beta2: float, epsilon: float
) -> None:
    """Each step is off by some roundings of its size, by up to a thousand where β near 1 costs 1 - βᵗ its digits."""
    exact = in_decimals(gradients, rate, beta1, beta2, epsilon)
    told = in_the_engine(gradients, rate=rate, beta1=beta1, beta2=beta2, epsilon=epsilon)
    reached, before = 0.0, Decimal(1)
    for place, wanted in zip(told, exact, strict=True):
        reached += float(abs(wanted - before))
        before = wanted
        assert abs(Decimal(place) - wanted) <= Decimal(2e-13 * (1 + reached) * len(gradients)), (place, wanted)


def test_the_first_step_has_the_size_of_the_rate() -> None:
    for gradient in (1e-3, 1.0, 1e6, -5.0):
        (place,) = in_the_engine([gradient], rate=0.25)
        assert abs(place - (1 - np.sign(gradient) * 0.25)) < 1e-5


def test_a_gradient_of_zero_moves_nothing() -> None:
    assert in_the_engine([0.0, 0.0], rate=0.5) == [1.0, 1.0]


@pytest.mark.parametrize("name", ["Adam", "AdamW", "Nadam"])
def test_the_smallest_epsilon_does_as_well(name: str) -> None:
    """Whatever it is multiplied by, it must not become zero."""
    assert in_the_engine([0.0, 0.0], name, rate=0.5, epsilon=5e-324, weight_decay=0.0) == [1.0, 1.0]
