"""Strings with numbers of 32 bits: as short as they can be, and nothing else is lost."""

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Network
from engine.files.number_text import single_text
from engine.formulas.single import LARGEST_SINGLE, single
from engine.interface.functions import FUNCTIONS
from tests.engine.samples import FINITE, bits, networks_of_kinds, refused

# From here on, the nearest number of 32 bits is infinity: halfway between the largest one and 2^128.
TOO_LARGE = 2.0**128 - 2.0**103
IN_32_BITS = st.floats(max_value=TOO_LARGE, min_value=-TOO_LARGE, exclude_max=True, exclude_min=True)
SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False)
POWERS = [2.0**power for power in range(-149, 128)]


def nearest(number: float) -> float:
    """What numpy makes of it."""
    with np.errstate(over="ignore"):
        return float(np.float32(number))


def significant(text: str) -> str:
    """The significant digits of a number."""
    return text.partition("e")[0].replace(".", "").strip("-0") or "0"


@given(FINITE | SINGLES)
@settings(max_examples=1000)
def test_rounding_is_that_of_numpy(number: float) -> None:
    wanted = nearest(number)
    if math.isinf(wanted):
        assert abs(single(number)) > LARGEST_SINGLE
    else:
        assert bits(single(number)) == bits(wanted)


@given(SINGLES.filter(lambda number: abs(number) < LARGEST_SINGLE))
@settings(max_examples=500)
def test_of_two_as_near_the_even_one_is_taken(number: float) -> None:
    beyond = float(np.nextafter(np.float32(number), np.float32(math.inf)))
    middle = number / 2 + beyond / 2
    assert bits(single(middle)) == bits(nearest(middle))


@pytest.mark.parametrize("power", POWERS)
def test_rounding_is_right_around_powers_of_two(power: float) -> None:
    for factor in (1.0, 1 - 2.0**-53, 1 + 2.0**-52, 1 - 2.0**-24, 1 - 2.0**-25, 1 - 2.0**-26, 1 + 2.0**-24, 1.5):
        for sign in (1, -1):
            assert bits(single(sign * power * factor)) == bits(nearest(sign * power * factor))


@pytest.mark.parametrize(("number", "is_too_large"), [(TOO_LARGE, True), (math.nextafter(TOO_LARGE, 0), False)])
def test_the_largest_is_where_the_standard_has_it(number: float, is_too_large: bool) -> None:
    assert nearest(LARGEST_SINGLE) == LARGEST_SINGLE == np.finfo(np.float32).max
    assert (single(number) > LARGEST_SINGLE) == is_too_large == math.isinf(nearest(number))


@given(IN_32_BITS | SINGLES | st.sampled_from(POWERS))
@settings(max_examples=1000)
def test_a_text_gives_the_number_back_in_as_few_digits_as_do(number: float) -> None:
    text, wanted = single_text(number), nearest(number)
    assert bits(nearest(float(text))) == bits(wanted)
    assert json.loads(text) == float(text)
    fewest = np.format_float_scientific(np.float32(wanted), unique=True)
    assert len(significant(text)) <= len(significant(fewest))


@pytest.mark.parametrize("power", POWERS)
def test_so_does_that_of_every_power_of_two(power: float) -> None:
    fewest = np.format_float_scientific(np.float32(power), unique=True)
    assert len(significant(single_text(power))) == len(significant(fewest))


@given(IN_32_BITS | SINGLES | st.integers(-10000, 10000).map(lambda number: number / 1000))
@settings(max_examples=500)
def test_no_other_way_to_write_these_digits_is_shorter(number: float) -> None:
    text = single_text(number)
    value, digits = float(text), significant(text)
    sign = "-" if math.copysign(1, value) < 0 else ""
    others = [
        f"{sign}{digits[:point] or '0'}{'.' if point < len(digits) else ''}{digits[point:]}e{power}"
        for point in range(len(digits) + 1)
        for power in range(-60, 50)
    ]
    plain = np.format_float_positional(value, trim="-")
    right = [other.removesuffix("e0") for other in [*others, plain] if bits(float(other)) == bits(value)]
    assert len(text) == min(map(len, right))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (-2.5, "-2.5"),
        (0.1, "0.1"),
        (1 / 3, "0.33333334"),
        (1e-5, "1e-5"),
        (0.001, "1e-3"),
        (0.0001, "1e-4"),
        (0.00012, "12e-5"),
        (0.012, "0.012"),
        (1.2345678e-4, "12345678e-11"),
        (100.0, "100"),
        (1000.0, "1e3"),
        (123000.0, "123e3"),
        (1234000.0, "1234e3"),
        (16777217.0, "16777216"),
        (1e20, "1e20"),
        (2.0**-149, "1e-45"),
        (-1e-50, "-0"),
        (2.0**-96, "12621775e-36"),
        (LARGEST_SINGLE, "34028235e31"),
    ],
)
def test_known_numbers_are_written(number: float, text: str) -> None:
    assert single_text(number) == text


@given(networks_of_kinds(IN_32_BITS))
@settings(max_examples=100)
def test_a_network_in_32_bits_stays_as_it_is(network: Network) -> None:
    before, text = network.save(), network.save("f32")
    loaded = Network.load(text)
    assert network.save() == before
    assert loaded.save("f32") == text
    assert len(text) <= len(before)
    for layer, kept in zip(network.layers, loaded.layers, strict=True):
        for part, numbers in zip(layer.numbers, kept.numbers, strict=True):
            assert bits(numbers.astype(np.float32)) == bits(part.astype(np.float32))
    (inputs, _, *rest), (same_inputs, _, *same_rest) = network.to_table(), loaded.to_table()
    assert (inputs, rest) == (same_inputs, same_rest)


def test_without_a_word_every_digit_is_kept() -> None:
    network = Network.create(2, 1, 3, 1, seed=1)
    assert network.save("f64") == network.save()
    assert FUNCTIONS["saveNet"].parameters[1].rule.fields[0].default == "f64"  # type: ignore[attr-defined]  # Options


def test_how_many_inputs_there_are_is_no_number_of_32_bits() -> None:
    assert Network.create(1000, 1, 1, 1, seed=1).save("f32").startswith("[1000,[[")


def test_a_network_takes_much_less_room() -> None:
    network = Network.create(16, 2, 32, 4, seed=1)
    assert len(network.save("f32")) < 0.6 * len(network.save())


@pytest.mark.parametrize("number", [TOO_LARGE, -1e300])
@pytest.mark.parametrize(
    ("part", "place"), [("weights", "[2][1][1][1]"), ("biases", "[2][1][2]"), ("state", "[2][1][3]")]
)
def test_a_number_too_large_is_refused_with_its_place(number: float, part: str, place: str) -> None:
    network = Network.create(1, 1, 2, 1, "Tanh", recurrent=True, seed=1)
    getattr(network.layers[0], part).flat[1] = number
    before = network.save()
    assert refused(lambda: network.save("f32")) == (
        f"Wrong Arg#1: Network{place} must be in numbers from -3.4028234663852886e+38 to 3.4028234663852886e+38 "
        f"to be saved in 32 bits, got {number!r} as number 2."
    )
    assert network.save() == before


@pytest.mark.parametrize(("precision", "got"), [("f16", '"f16"'), ("F32", '"F32" (did you mean f32?)'), (32, "32")])
def test_another_precision_is_refused(precision: Any, got: str) -> None:
    network = Network.create(1, 1, 2, 1, seed=1)
    message = f"Wrong Arg#2: Options.precision must be one of f64, f32, got {got}."
    assert refused(lambda: network.save(precision)) == message


def test_neighbours_have_different_texts() -> None:
    numbers = np.arange(0x3F7FFF00, 0x3F800100, dtype=np.uint32).view(np.float32)
    assert all(single_text(float(one)) != single_text(float(other)) for one, other in pairwise(numbers))
