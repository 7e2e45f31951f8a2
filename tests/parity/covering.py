"""Rows of choices in which every choice of every factor stands beside every choice of every other factor.

Some hundred rows do for pairs what no number of rows could do for all combinations. (The library allpairspy stops at
the first row that brings no new pair, so where choices do not go together it leaves out pairs that there are.)
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The choices that each factor has, and one choice of each.
Factors = Mapping[str, Sequence[Any]]
Row = Mapping[str, Any]
Pair = frozenset[tuple[str, Any]]
# Whether two choices go together: of a factor, and of another one.
GoTogether = Callable[[str, Any, str, Any], bool]
_Pairs = NDArray[np.bool_]


def pairs_of(row: Row) -> set[Pair]:
    """All pairs of choices in a row."""
    return {frozenset(pair) for pair in combinations(row.items(), 2)}


class Covering:
    """The pairs of choices that there are, and rows that have them all.

    A pair is there if its choices go together and each further factor has a choice that goes with both.

    Args:
        factors: the choices of each factor.
        go_together: whether two of them do.
    """

    def __init__(self, factors: Factors, go_together: GoTogether) -> None:
        self._choices = [(name, choice) for name, choices in factors.items() for choice in choices]
        self._names = list(factors)
        # Of all choices, where those of each factor begin, and which factor each is of.
        counts = [len(choices) for choices in factors.values()]
        self._starts = np.cumsum([0, *counts[:-1]])
        self._factors = np.repeat(np.arange(len(counts)), counts)
        count = len(self._choices)
        fits = np.zeros((count, count), dtype=bool)
        for one, other in combinations(range(count), 2):
            (name, choice), (other_name, other_choice) = self._choices[one], self._choices[other]
            if name != other_name:
                fits[one, other] = fits[other, one] = go_together(name, choice, other_name, other_choice)
        self._fits = self._possible(fits)

    @property
    def pairs(self) -> set[Pair]:
        """All pairs that there are."""
        return {
            frozenset((self._choices[one], self._choices[other]))
            for one, other in zip(*np.nonzero(self._fits), strict=True)
        }

    def rows(self) -> list[Row]:
        """Rows in which all of them stand, the same ones on every machine.

        Each begins with a pair of the two factors that have most of their pairs left. Then the other factors take
        turns, those first that have most left with these two, and each takes the choice that makes most new pairs with
        what the row has; of several, the one that was taken least.
        """
        left, taken, rows = self._fits.copy(), np.zeros(len(self._choices), dtype=np.int64), list[Row]()
        while left.any():
            places = self._row(left, taken)
            left[np.ix_(places, places)] = False
            taken[places] += 1
            rows.append(dict(self._choices[place] for place in sorted(places)))
        return rows

    def _possible(self, fits: _Pairs) -> _Pairs:
        """Which pairs there are: those with which some choice of each further factor goes."""
        left = fits.copy()
        for factor in range(len(self._names)):
            is_own = self._factors == factor
            with_some = (fits[:, None, is_own] & fits[None, :, is_own]).any(axis=2)
            left &= with_some | is_own[:, None] | is_own[None, :]
        return left if (left == fits).all() else self._possible(left)

    def _row(self, left: _Pairs, taken: NDArray[np.int64]) -> list[int]:
        by_factors = np.add.reduceat(np.add.reduceat(left, self._starts, axis=0, dtype=int), self._starts, axis=1)
        first, second = divmod(int(np.argmax(by_factors)), len(self._names))
        is_between = (self._factors == first)[:, None] & (self._factors == second)
        row: list[int] = np.argwhere(left & is_between)[0].tolist()
        fitting = self._fits[row].all(axis=0)
        new = np.add.reduceat(left[row].sum(axis=0) * fitting, self._starts)
        others = [factor for factor in np.argsort(-new, kind="stable") if factor not in (first, second)]
        for turn, factor in enumerate(others, start=1):
            places = np.flatnonzero((self._factors == factor) & fitting)
            # Which of them leave a choice to each factor whose turn comes later.
            leaves = np.logical_or.reduceat(self._fits[places] & fitting, self._starts, axis=1)
            places = places[leaves[:, others[turn:]].all(axis=1)]
            if not len(places):
                raise ValueError(f"no choice of {self._names[factor]} goes with those that were made")
            gains = left[places][:, row].sum(axis=1)
            row.append(min(zip((-gains).tolist(), taken[places].tolist(), places.tolist(), strict=True))[2])
            fitting &= self._fits[row[-1]]
        return row
