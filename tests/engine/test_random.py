"""MRG32k3a against what L'Ecuyer's RngStreams and R print, and what a stream promises."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import Random
from engine.formulas import random as formulas
from engine.random import FIRST_JUMP, SECOND_JUMP, State, _power, _unseeded
from tests.engine.samples import refused

FIRST_MODULUS, SECOND_MODULUS = 4294967087, 4294944443
WORD = 2**32

Triple = tuple[int, int, int]
Matrix = tuple[Triple, Triple, Triple]

FIRST_STEP: Matrix = ((0, 1, 0), (0, 0, 1), (-810728, 1403580, 0))
SECOND_STEP: Matrix = ((0, 1, 0), (0, 0, 1), (-1370589, 0, 527612))

EVERYWHERE_12345: State = (12345.0, 12345.0, 12345.0, 12345.0, 12345.0, 12345.0)


def unsigned(*words: int) -> tuple[float, ...]:
    """R prints its state as signed 32-bit integers."""
    return tuple(float(word % WORD) for word in words)


def state(*words: int) -> State:
    a, b, c, d, e, f = unsigned(*words)
    return a, b, c, d, e, f


# What R 4 prints after RNGkind("L'Ecuyer-CMRG"); set.seed(seed).
R_UNIFORMS = {
    123: [0.16637421553159060, 0.38984565788132536, 0.75993984869389997, 0.62374259828088352],
    1: [0.67753282862874420, 0.42734572288764422, 0.91038053048754830],
    42: [0.17384558454153168, 0.55474009676509084, 0.48337712221370116],
}
R_STATE_OF_123 = (1806547166, -983674937, 643431772, 1162448557, -959247990, -133913213)
R_NEXT_SUBSTREAM_OF_123 = (701401935, -355687987, 1513178397, 1735140456, -1584327974, -452417912)
# R prints 17 significant digits.
PRINTED = 1e-16


def test_the_first_numbers_are_the_published_ones() -> None:
    stream = Random.from_state(EVERYWHERE_12345)
    published = [
        *(0.12701112204657714, 0.3185275653967945, 0.3091860155832701),
        *(0.8258468629271136, 0.2216299157820229, 0.5333953879182788),
    ]
    assert [stream.uniform() for _ in published] == published


def test_the_jump_matrices_are_the_ones_of_rngstreams() -> None:
    assert FIRST_JUMP == (
        (82758667, 1871391091, 4127413238),
        (3672831523, 69195019, 1871391091),
        (3672091415, 3528743235, 69195019),
    )
    assert SECOND_JUMP == (
        (1511326704, 3759209742, 1610795712),
        (4292754251, 1511326704, 3889917532),
        (3859662829, 4292754251, 3708466080),
    )


def test_a_power_of_127_leads_to_the_streams_of_rngstreams() -> None:
    def jump(matrix: tuple[tuple[int, ...], ...], triple: tuple[int, ...], modulus: int) -> tuple[int, ...]:
        return tuple(sum(a * b for a, b in zip(row, triple, strict=True)) % modulus for row in matrix)

    first: tuple[int, ...] = (12345,) * 3
    second: tuple[int, ...] = (12345,) * 3
    for start in (
        (3692455944, 1366884236, 2968912127, 335948734, 4161675175, 475798818),
        (1015873554, 1310354410, 2249465273, 994084013, 2912484720, 3876682925),
    ):
        first = jump(_power(FIRST_STEP, 127, float(FIRST_MODULUS)), first, FIRST_MODULUS)
        second = jump(_power(SECOND_STEP, 127, float(SECOND_MODULUS)), second, SECOND_MODULUS)
        assert (*first, *second) == start


def test_a_step_matrix_does_what_uniform_does() -> None:
    stream = Random.from_state(state(*R_STATE_OF_123))
    before = [int(number) for number in stream.state]
    stream.uniform()
    after = [
        sum(a * b for a, b in zip(row, triple, strict=True)) % modulus
        for matrix, triple, modulus in (
            (FIRST_STEP, before[:3], FIRST_MODULUS),
            (SECOND_STEP, before[3:], SECOND_MODULUS),
        )
        for row in matrix
    ]
    assert stream.state == tuple(after)


@pytest.mark.parametrize("seed", R_UNIFORMS)
def test_seeded_numbers_are_those_of_r(seed: int) -> None:
    stream = Random(seed)
    for printed in R_UNIFORMS[seed]:
        assert abs(stream.uniform() - printed) < PRINTED


def test_the_seeded_state_and_its_next_substream_are_those_of_r() -> None:
    stream = Random(123)
    assert stream.state == unsigned(*R_STATE_OF_123)
    stream.spawn()
    assert stream.state == unsigned(*R_NEXT_SUBSTREAM_OF_123)


WORDS = st.integers(0, WORD - 1)


TRIPLES = st.tuples(WORDS, WORDS, WORDS)
GREATEST_WORDS = (WORD - 1, WORD - 1, WORD - 1)


@given(TRIPLES, TRIPLES, st.sampled_from((FIRST_MODULUS, SECOND_MODULUS, WORD)) | st.integers(1, WORD))
@example(GREATEST_WORDS, GREATEST_WORDS, WORD)
@example(GREATEST_WORDS, GREATEST_WORDS, WORD - 1)
@example((FIRST_MODULUS - 1,) * 3, (FIRST_MODULUS - 1,) * 3, FIRST_MODULUS)
@example((SECOND_MODULUS - 1,) * 3, (SECOND_MODULUS - 1,) * 3, SECOND_MODULUS)
@example((2**17, 2**17 - 1, 0), (2**17 - 1, 2**17, WORD - 1), FIRST_MODULUS)
@example((2**17 - 1,) * 3, GREATEST_WORDS, SECOND_MODULUS)
@settings(max_examples=500)
def test_a_row_times_a_triple_is_exact(row: tuple[int, ...], triple: tuple[int, ...], modulus: int) -> None:
    split = int(formulas.SPLIT)
    parts = [*triple, *(number // split for number in row), *(number % split for number in row), modulus]
    exact = sum(number * each for number, each in zip(row, triple, strict=True)) % modulus
    assert formulas.jumped(*map(float, parts)) == exact


# Every product of the generator and of its seeding lies within these.
LEAST, GREATEST = -1370589 * SECOND_MODULUS, 1403580 * FIRST_MODULUS


@given(st.integers(LEAST, GREATEST), st.sampled_from((FIRST_MODULUS, SECOND_MODULUS, WORD, 2**17)))
@example(LEAST, SECOND_MODULUS)
@example(GREATEST, FIRST_MODULUS)
@example(1403580 * FIRST_MODULUS - 1, FIRST_MODULUS)
@example(-1, FIRST_MODULUS)
@example(0, FIRST_MODULUS)
@settings(max_examples=500)
def test_a_remainder_is_exact_for_negative_numbers_too(value: int, modulus: int) -> None:
    assert formulas.modulo(float(value), float(modulus)) == value % modulus


@pytest.mark.parametrize("quotient", [1, 2, 1403579, 2**20, 2**21 - 1])
@pytest.mark.parametrize("modulus", [FIRST_MODULUS, SECOND_MODULUS, WORD])
def test_a_remainder_is_exact_around_multiples_where_quotients_round(quotient: int, modulus: int) -> None:
    for value in range(quotient * modulus - 2, quotient * modulus + 3):
        assert formulas.modulo(float(value), float(modulus)) == value % modulus


@given(WORDS.filter(lambda word: word < FIRST_MODULUS), WORDS.filter(lambda word: word < SECOND_MODULUS))
@example(0, 0)
@example(FIRST_MODULUS - 1, 0)
@example(0, SECOND_MODULUS - 1)
@example(1, 0)
@settings(max_examples=300)
def test_uniform_numbers_leave_both_ends_out(first: int, second: int) -> None:
    uniform = formulas.combine(float(first), float(second))
    assert 0.0 < uniform < 1.0
    assert uniform == ((first - second - 1) % FIRST_MODULUS + 1) * 2.328306549295727688e-10


@given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.integers(1, 10**6))
@example(FIRST_MODULUS * 2.328306549295727688e-10, 10**6)
@example(2.328306549295727688e-10, 1)
@settings(max_examples=300)
def test_indices_and_symmetric_numbers_stay_in_their_ranges(uniform: float, count: int) -> None:
    assert 0 <= formulas.index_below(uniform, float(count)) <= count - 1
    assert -count <= formulas.symmetric(uniform, float(count)) <= count


def test_indices_reach_both_ends_and_symmetric_numbers_both_signs() -> None:
    stream = Random(5)
    assert set(Counter(stream.index(6) for _ in range(300))) == set(range(6))
    symmetric = [stream.symmetric(0.25) for _ in range(1000)]
    assert -0.25 < min(symmetric) < -0.249
    assert 0.249 < max(symmetric) < 0.25


def test_a_thousand_bins_fill_evenly() -> None:
    bins, count = 1000, 100_000
    stream = Random(2024)
    filled = Counter(stream.index(bins) for _ in range(count))
    expected = count / bins
    chi_square = sum((filled[index] - expected) ** 2 / expected for index in range(bins))
    # 999 degrees of freedom: mean 999, standard deviation √1998 = 44.7; four of them both ways.
    assert 820 < chi_square < 1178


def test_successive_numbers_do_not_correlate() -> None:
    stream, count = Random(7), 20_000
    numbers = [stream.uniform() - 0.5 for _ in range(count)]
    for lag in (1, 2, 3):
        covariance = sum(a * b for a, b in zip(numbers, numbers[lag:], strict=False)) / count
        # A product of two has variance 1/144, so four standard deviations of the mean are 4 / (12 √count).
        assert abs(covariance) < 4 / (12 * count**0.5)


def test_a_spawned_stream_goes_on_and_its_parent_moves_away() -> None:
    parent, twin = Random(9), Random(9)
    child = parent.spawn()
    assert child.state == twin.state
    expected = [twin.uniform() for _ in range(5)]
    moved = parent.state
    assert [child.uniform() for _ in range(5)] == expected
    assert parent.state == moved
    assert parent.state != twin.state
    assert not set(expected) & {parent.uniform() for _ in range(5)}


def test_a_thousand_spawned_streams_start_apart() -> None:
    parent = Random(3)
    starts = [parent.spawn().uniform() for _ in range(1000)]
    assert len(set(starts)) == len(starts)


# Seed 2071 spreads a number that is no valid state, one in some 200,000 does.
@pytest.mark.parametrize("seed", [0, 1, 2071, 2**31, 2**32 - 1])
def test_the_same_seed_gives_the_same_valid_stream(seed: int) -> None:
    one, other = Random(seed), Random(seed)
    number, spread = seed, []
    for _ in range(60):
        number = (69069 * number + 1) % WORD
        spread.append(number)
    assert one.state == tuple([word for word in spread[50:] if word < SECOND_MODULUS][:6])
    assert all(0 <= word < FIRST_MODULUS and word.is_integer() for word in one.state[:3])
    assert all(0 <= word < SECOND_MODULUS and word.is_integer() for word in one.state[3:])
    assert any(one.state[:3])
    assert any(one.state[3:])
    assert [one.uniform() for _ in range(10)] == [other.uniform() for _ in range(10)]


@pytest.mark.parametrize("kind", [np.int32, np.uint32, np.int64, np.float64, float])
def test_a_seed_may_be_a_number_of_any_type(kind: Callable[[int], Any]) -> None:
    assert Random(kind(2**31 - 1)).state == Random(2**31 - 1).state


def test_neighbouring_seeds_give_different_streams() -> None:
    assert len({Random(seed).uniform() for seed in range(500)}) == 500


def test_unseeded_streams_start_from_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for tick in (123, 124):
        _unseeded.cache_clear()
        monkeypatch.setattr("time.time_ns", lambda tick=tick: 5 * WORD + tick)
        assert Random().state == Random(tick).state


@pytest.mark.parametrize(
    ("seed", "got"),
    [
        *[(-1, "-1"), (2**32, "4294967296"), (1.5, "1.5"), (float("nan"), "nan"), (True, "true")],
        ("7", '"7" (text: tonumber makes a number of it)'),
    ],
)
def test_a_bad_seed_is_refused(seed: int, got: str) -> None:
    expected = f"Wrong Arg#1: Seed must be an integer from 0 to 4294967295, got {got}."
    assert refused(lambda: Random(seed)) == expected


def test_unseeded_streams_differ_even_within_one_tick_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 0)
    assert len({Random().state for _ in range(100)}) == 100
