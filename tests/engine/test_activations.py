"""Activations: values against published numbers, slopes against differences, both against high precision."""

import math
import sys
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy import special

from engine.elementwise import Array, elementwise
from engine.formulas import activations
from engine.formulas.records import Activation
from engine.formulas.registry import ACTIVATIONS

EPSILON = sys.float_info.epsilon

# Names and order are public: they are listed in errors, in the README and in `ACTIVATORS`.
DESIGNED_NAMES = [
    *("Identity", "Binary", "Sigmoid", "Tanh", "ArcTan", "Sin", "Sinc", "ArSinh", "SoftPlus", "BentIdentity"),
    *("ReLU", "SoftReLU", "LeakyReLU", "Swish", "ElliotSign", "Gaussian", "SQ-RBF"),
    *("ELU", "SELU", "GELU", "Mish", "HardSigmoid", "HardTanh"),
]

LN_2 = 0.6931471805599453
SOFTPLUS = {0.0: LN_2, 1.0: 1.3132616875182228, -1.0: 0.31326168751822286, 800.0: 800.0}
# From tables, or by hand: arsinh 3/4 = ln(3/4 + 5/4), bent identity of 3/4 = (5/4 - 1)/2 + 3/4, SQ-RBF from its pieces.
PUBLISHED: dict[str, dict[float, float]] = {
    "Identity": {-2.5: -2.5, 0.0: 0.0, 3.0: 3.0},
    "Binary": {-1e-9: 0.0, 0.0: 1.0, 2.0: 1.0},
    "Sigmoid": {0.0: 0.5, 1.0: 0.7310585786300049, -2.0: 0.11920292202211755},
    "Tanh": {0.0: 0.0, 1.0: 0.7615941559557649, -0.5: -0.46211715726000975},
    "ArcTan": {0.0: 0.0, 1.0: 0.7853981633974483, -1e6: -1.5707953267948966},
    "Sin": {0.0: 0.0, 1.0: 0.8414709848078965, math.pi / 2: 1.0},
    "Sinc": {0.0: 1.0, 1.0: 0.8414709848078965, -math.pi / 2: 0.6366197723675814},
    "ArSinh": {0.0: 0.0, 1.0: 0.881373587019543, -0.75: -LN_2},
    "SoftPlus": SOFTPLUS,
    "BentIdentity": {0.0: 0.0, 1.0: 1.2071067811865475, 0.75: 0.875, -0.75: -0.625},
    "ReLU": {-3.0: 0.0, 0.0: 0.0, 2.5: 2.5},
    "SoftReLU": SOFTPLUS,
    "LeakyReLU": {-2.0: -0.2, 0.0: 0.0, 2.5: 2.5},
    "Swish": {0.0: 0.0, 1.0: 0.7310585786300049, -2.0: -0.2384058440442351},
    "ElliotSign": {0.0: 0.0, 1.0: 0.5, -3.0: -0.75},
    "Gaussian": {0.0: 1.0, 1.0: 0.36787944117144233, -2.0: 0.01831563888873418},
    "SQ-RBF": {0.0: 1.0, 0.5: 0.875, -1.0: 0.5, 1.5: 0.125, -1.75: 0.03125, 2.0: 0.0, -3.0: 0.0},
    # As PyTorch has them, here with 60 decimal digits and rounded.
    "ELU": {0.5: 0.5, 2.0: 2.0, -1.0: -0.6321205588285577, -2.0: -0.8646647167633873, -3.0: -0.950212931632136},
    "SELU": {1.0: 1.0507009873554805, 2.0: 2.101401974710961, -1.0: -1.1113307378125628, -3.0: -1.670568728767112},
    "GELU": {1.0: 0.8411919906082767, -1.0: -0.1588080093917233, 0.5: 0.34571400982514394, 2.0: 1.954597694087775},
    "Mish": {1.0: 0.8650983882673103, -1.0: -0.3034014613741089, -3.0: -0.14564746127562458, 2.0: 1.9439589595339946},
    "HardSigmoid": {-3.5: 0.0, -3.0: 0.0, 0.0: 0.5, 1.5: 0.75, 3.0: 1.0, 4.0: 1.0},
    "HardTanh": {-1.5: -1.0, -1.0: -1.0, 0.25: 0.25, 1.0: 1.0, 7.0: 1.0},
}
PUBLISHED_ULPS = 2

# Where a derivative of some order jumps: no difference may reach across.
BREAKS: dict[str, tuple[float, ...]] = {
    "Binary": (0.0,),
    "ReLU": (0.0,),
    "LeakyReLU": (0.0,),
    "ElliotSign": (0.0,),
    "SQ-RBF": (-2.0, -1.0, 1.0, 2.0),
    "ELU": (0.0,),
    "SELU": (0.0,),
    "HardSigmoid": (-3.0, 3.0),
    "HardTanh": (-1.0, 1.0),
}
LEFT_SLOPES = {
    ("Binary", 0.0): 0.0,
    ("ReLU", 0.0): 0.0,
    ("LeakyReLU", 0.0): 0.1,
    ("ElliotSign", 0.0): 1.0,
    ("SQ-RBF", -2.0): 0.0,
    ("SQ-RBF", -1.0): 1.0,
    ("SQ-RBF", 1.0): -1.0,
    ("SQ-RBF", 2.0): 0.0,
    ("ELU", 0.0): 1.0,
    ("SELU", 0.0): 1.0507009873554805 * 1.6732632423543772,
    ("HardSigmoid", -3.0): 0.0,
    ("HardSigmoid", 3.0): 1.0 / 6.0,
    ("HardTanh", -1.0): 0.0,
    ("HardTanh", 1.0): 1.0,
}

# Powers of two, so that every point of every stencil is exact.
CENTRAL_STEP, LEFT_STEP = 2.0**-6, 2.0**-10
CENTRAL, LEFT = tuple(range(-4, 5)), (-5, -4, -3, -2, -1)
# Errors of a formula in units of epsilon times the size of what it adds up; four covers a logarithm of an exponential.
FORMULA_ERROR = 4

GRID = [step / 8 for step in range(-64, 65)] + [sign * x for x in (30.0, 100.5, 700.0, 745.0) for sign in (-1, 1)]

EXTREME = 1e6
ONE_NUMBER_FOR_EACH_SCALE = 1500

activation = pytest.mark.parametrize("each", ACTIVATIONS.values(), ids=ACTIVATIONS)


def slope_at(each: Activation, x: float) -> float:
    return each.slope(x, each.value(x))


def difference(
    function: Callable[[float], float], x: float, offsets: tuple[int, ...], step: float
) -> tuple[float, float]:
    """The derivative at x of the polynomial through the points, and how far that can be from the true derivative.

    With w(t) = (t - t₁)…(t - tₙ) the interpolation error is w(t) f⁽ⁿ⁾/n!, hence the derivative's at a node or an end
    is at most |w'(0)| stepⁿ⁻¹ max|f⁽ⁿ⁾/n!|. The Taylor coefficient is taken as at most 1, as it is for every function
    that is analytic and of size 1 within distance 1.
    """
    weights, truncation = [], Fraction(0)
    for node in offsets:
        others = [other for other in offsets if other != node]
        # d/dt at 0 of the Lagrange polynomial of this node.
        numerator = sum(math.prod(-kept for kept in others if kept != dropped) for dropped in others)
        weights.append(float(Fraction(numerator, math.prod(node - other for other in others))))
        truncation += math.prod(-other for other in others)
    values = [function(x + node * step) for node in offsets]
    derivative = math.fsum(w * v for w, v in zip(weights, values, strict=True)) / step
    size = max(1.0, *(abs(v) for v in values))
    rounding = FORMULA_ERROR * EPSILON * size * (sum(abs(w) for w in weights) / step + 1)
    return derivative, float(abs(truncation)) * step ** (len(offsets) - 1) + rounding


# The same functions by SciPy, whose special functions are written for all digits.
BY_SCIPY: dict[str, Callable[[Array], Array]] = {
    "Sigmoid": special.expit,
    "SoftPlus": lambda x: np.logaddexp(0.0, x),
    "Sinc": lambda x: np.sinc(x / np.pi),
    "ArSinh": np.arcsinh,
    "Swish": lambda x: x * special.expit(x),
    "Mish": lambda x: x * np.tanh(np.logaddexp(0.0, x)),
    "ELU": lambda x: np.where(x > 0, x, special.expm1(np.minimum(x, 0.0))),
    "BentIdentity": lambda x: (np.hypot(x, 1.0) - 1.0) / 2.0 + x,
}


@pytest.mark.parametrize("name", BY_SCIPY)
def test_values_are_those_of_scipy(name: str) -> None:
    x = np.concatenate([np.linspace(-40.0, 40.0, 2001), [-700.0, -1e-9, 1e-9, 700.0]])
    np.testing.assert_allclose(elementwise(ACTIVATIONS[name].value)(x), BY_SCIPY[name](x), rtol=1e-13, atol=1e-15)


def test_the_registry_has_exactly_the_designed_names_in_their_order() -> None:
    assert list(ACTIVATIONS) == DESIGNED_NAMES
    assert [each.name for each in ACTIVATIONS.values()] == DESIGNED_NAMES


@activation
def test_values_are_the_published_ones(each: Activation) -> None:
    assert len(PUBLISHED[each.name]) >= 3
    for x, expected in PUBLISHED[each.name].items():
        assert abs(each.value(x) - expected) <= PUBLISHED_ULPS * math.ulp(expected), x


@activation
def test_the_slope_is_the_derivative_of_the_value(each: Activation) -> None:
    breaks = BREAKS.get(each.name, ())
    for x in GRID:
        if x not in breaks:
            expected, tolerance = difference(each.value, x, CENTRAL, CENTRAL_STEP)
            assert abs(slope_at(each, x) - expected) <= tolerance, x


@activation
def test_the_slope_at_a_break_is_the_one_from_the_left(each: Activation) -> None:
    for x in BREAKS.get(each.name, ()):
        expected, tolerance = difference(each.value, x, LEFT, LEFT_STEP)
        assert abs(slope_at(each, x) - expected) <= tolerance
        assert slope_at(each, x) == LEFT_SLOPES[each.name, x]


@activation
def test_value_and_slope_are_finite_up_to_a_million(each: Activation) -> None:
    rng = np.random.default_rng(17)
    scales = 10.0 ** rng.uniform(-323, 6, ONE_NUMBER_FOR_EACH_SCALE)
    edges = [0.0, 5e-324, 2.2250738585072014e-308, 0.1, 1.0, 2.0, 708.9, 709.0, 709.1, 744.4, 745.2, EXTREME]
    for magnitude in [*scales.tolist(), *edges]:
        for x in (magnitude, -magnitude):
            assert math.isfinite(each.value(x)), x
            assert math.isfinite(slope_at(each, x)), x


@activation
def test_bounded_tells_whether_the_values_stop_growing(each: Activation) -> None:
    def largest(magnitude: float) -> float:
        return max(abs(each.value(sign * magnitude * part)) for sign in (-1, 1) for part in np.linspace(0, 1, 101))

    assert each.bounded == (largest(EXTREME) - largest(1000.0) < 1.0)


@activation
def test_what_is_no_number_stays_so(each: Activation) -> None:
    assert math.isnan(each.value(math.nan))
    assert np.isnan(elementwise(each.value)(np.array([math.nan]))).all()


def exact_sinc_slope(x: Decimal) -> Decimal:
    """The sum of (-1)ᵏ 2k x²ᵏ⁻¹ / (2k + 1)! over k = 1, 2, …; 400 terms are enough for any |x| < 10."""
    total, power_by_factorial = Decimal(0), x
    for k in range(1, 400):
        power_by_factorial *= (-x * x if k > 1 else -1) / Decimal(2 * k * (2 * k + 1))
        total += 2 * k * power_by_factorial
    return total


def exact_sigmoid(x: Decimal) -> Decimal:
    return 1 / (1 + (-x).exp())


def exact_tanh(x: Decimal) -> Decimal:
    return 1 - 2 / ((2 * x).exp() + 1)


# e⁻⁷⁰⁰ and squares of 1e-190 beside a 1 need some 400 digits.
DIGITS = 420

TINY = [sign * x for x in (1e-190, 3.3e-20, 1.5e-16, 2.5e-9, 1e-3) for sign in (-1, 1)]
MEDIUM = [sign * x for x in (0.011, 0.02, 0.05, 0.0999, 0.1, 0.1001, 0.5, 1.0, 2.7, 9.9) for sign in (-1, 1)]
TAILS = [sign * x for x in (17.3, 36.7, 40.0, 300.1, 690.0) for sign in (-1, 1)]
FAR = [sign * x for x in (1e3, 12345.678, EXTREME) for sign in (-1, 1)]


def few_ulps(x: float, expected: float) -> float:
    return FORMULA_ERROR * math.ulp(expected)


def rounded_square(x: float, expected: float) -> float:
    """Half an ulp of x² in the exponent is as many relative errors of the result."""
    return few_ulps(x, expected) + x * x * EPSILON * expected


def sinc_slope_error(x: float, expected: float) -> float:
    """Two rounded numbers near 1 cancel to x²/3, worst where the series gives over at 0.1."""
    return few_ulps(x, expected) + 2 * EPSILON / (0.1**2 / 3) * abs(expected)


def sinc_slope(x: float) -> float:
    return activations.sinc_slope(x, activations.sinc(x))


def complement_error(x: float, expected: float) -> float:
    """1 - y knows a small rest only to half an epsilon."""
    return few_ulps(x, expected) + 2 * EPSILON


@pytest.mark.parametrize(
    ("formula", "exact", "points", "tolerance"),
    [
        (activations.softplus, lambda x: (1 + x.exp()).ln(), [*TINY, *MEDIUM, *TAILS], few_ulps),
        (activations.arsinh, lambda x: (x + (x * x + 1).sqrt()).ln(), [*TINY, *MEDIUM, *TAILS, *FAR], few_ulps),
        (
            lambda x: activations.sinc_slope(x, activations.sinc(x)),
            exact_sinc_slope,
            [*TINY, *MEDIUM],
            sinc_slope_error,
        ),
        (activations.sigmoid, exact_sigmoid, [*TINY, *MEDIUM, *TAILS], few_ulps),
        (activations.swish, lambda x: x * exact_sigmoid(x), [*TINY, *MEDIUM, *TAILS], few_ulps),
        (activations.tanh, exact_tanh, [*TINY, *MEDIUM, *TAILS], few_ulps),
        (activations.gaussian, lambda x: (-x * x).exp(), [*TINY, *MEDIUM, -17.3, 26.0], rounded_square),
        (
            lambda x: activations.tanh_slope(x, activations.tanh(x)),
            lambda x: 1 - exact_tanh(x) ** 2,
            [*TINY, *MEDIUM, *TAILS],
            complement_error,
        ),
        (
            lambda x: activations.arsinh_slope(x, 0.0),
            lambda x: 1 / (x * x + 1).sqrt(),
            [*TINY, *MEDIUM, *TAILS, *FAR],
            few_ulps,
        ),
    ],
    ids=["softplus", "arsinh", "sinc slope", "sigmoid", "swish", "tanh", "gaussian", "tanh slope", "arsinh slope"],
)
def test_formulas_keep_their_digits_near_zero_and_in_the_tails(
    formula: Callable[[float], float],
    exact: Callable[[Decimal], Decimal],
    points: list[float],
    tolerance: Callable[[float, float], float],
) -> None:
    for x in points:
        with localcontext(prec=DIGITS):
            reference = exact(Decimal(x))
            error = float(abs(Decimal(formula(x)) - reference))
        assert error <= tolerance(x, float(reference)), x
