"""Rows of choices: every pair that there is stands in one, and none that there is not."""

import random
from itertools import combinations, product
from typing import Any

import pytest

from tests.parity.covering import Covering, pairs_of

FACTORS = {"letter": "abcd", "digit": "12345", "sign": "+-", "colour": ("red", "green", "blue"), "is on": (False, True)}


def rows_by_trying(parted: set[frozenset[tuple[str, Any]]]) -> list[dict[str, Any]]:
    every = (dict(zip(FACTORS, choices, strict=True)) for choices in product(*FACTORS.values()))
    return [row for row in every if not pairs_of(row) & parted]


@pytest.mark.parametrize("seed", range(20))
def test_rows_have_all_pairs_that_any_row_has(seed: int) -> None:
    stream = random.Random(seed)
    choices = [(name, choice) for name in FACTORS for choice in FACTORS[name]]
    every = [frozenset(pair) for pair in combinations(choices, 2)]
    parted = set(stream.sample(every, seed))
    covering = Covering(FACTORS, lambda *given: frozenset((given[:2], given[2:])) not in parted)
    expected = {pair for row in rows_by_trying(parted) for pair in pairs_of(row)}
    assert covering.pairs == expected
    rows = covering.rows()
    assert {pair for row in rows for pair in pairs_of(row)} == expected
    # The two largest factors need 20; all combinations are 240.
    assert len(rows) < 30


def test_the_same_factors_give_the_same_rows() -> None:
    first, second = (Covering(FACTORS, lambda *given: True).rows() for _ in range(2))
    assert first == second
