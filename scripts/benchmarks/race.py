"""A race: contestants take turns, and what counts is how they stand against the first in the same round."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

# Contestants compute the same. Lune's JSON reads numbers up to 2 units in the last place off, which sums of some
# thousand terms may enlarge a thousandfold; single precision has 24 bits, and sums of as many terms.
TOLERANCE = 1e-12
ROUGH_TOLERANCE = 1e-3
# The first turns, from which the length of the others is estimated, last at least this share of them.
TRIAL_SHARE = 0.2
QUARTILES = (25, 50, 75)


class UnequalError(Exception):
    """Contestants of one task computed different things, so their times mean nothing."""


@dataclass(frozen=True)
class Contestant:
    """Who races.

    Attributes:
        name: what it is called.
        calls: how many calls a run makes.
        time: the seconds that so many runs take.
        answer: what it computes, by which it is compared; None if it does something else than the others.
        bytes: how many bytes a run allocates, or None if that is not known.
        rough: whether it calculates in single precision.
        of_library: whether it is the library that is measured, and so something else in another version of it.
        beside: the contestant of the present library whose place in another version this one has; None if it is no
            other version's.
    """

    name: str
    calls: int
    time: Callable[[int], float]
    answer: Callable[[], Sequence[float]] | None = None
    bytes: Callable[[], float] | None = None
    rough: bool = False
    of_library: bool = False
    beside: str | None = None


@dataclass(frozen=True)
class Pace:
    """How long a race may take: seconds for each turn and for all of it, and the least and most rounds."""

    turn: float
    race: float
    fewest: int
    most: int

    def shared(self, machines: int) -> "Pace":
        """The pace in each of so many machines that share a race: one round at least."""
        rounds = (max(1, math.ceil(count / machines)) for count in (self.fewest, self.most))
        return Pace(self.turn, self.race / machines, *rounds)


FULL = Pace(turn=0.04, race=1.6, fewest=3, most=15)
QUICK = Pace(turn=0.01, race=0.25, fewest=2, most=5)


@dataclass(frozen=True)
class Result:
    """How one contestant did.

    Attributes:
        name: what it is called.
        seconds: of one call, round by round.
        ratios: how many times faster than the first contestant it was, round by round.
        bytes: allocated by one call, or None if that was not asked.
        beside: the result's name to which this one is that of another version.
    """

    name: str
    seconds: tuple[float, ...]
    ratios: tuple[float, ...]
    bytes: float | None = None
    beside: str | None = None
    quartiles: tuple[float, float, float] = field(init=False)
    ratio_quartiles: tuple[float, float, float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quartiles", quartiles(self.seconds))
        object.__setattr__(self, "ratio_quartiles", quartiles(self.ratios))

    @property
    def median(self) -> float:
        """The median of the seconds of one call."""
        return self.quartiles[1]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return self.ratio_quartiles[1]

    @property
    def spread(self) -> float:
        """The middle half of the seconds, as a share of their median."""
        low, middle, high = self.quartiles
        return (high - low) / middle


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The lower quartile, the median and the upper quartile, interpolated between neighbours."""
    low, middle, high = np.percentile(values, QUARTILES)
    return float(low), float(middle), float(high)


def race(contestants: Sequence[Contestant], pace: Pace, *, last_warms_up_first: bool = False) -> list[Result]:
    """Compare what the contestants compute, then let them race.

    In every round each has one turn, each round another one begins, and every other round goes backwards. So what
    slows the machine for a while slows all of them, and nobody always runs behind the same one.

    Args:
        contestants: who races.
        pace: how long.
        last_warms_up_first: whether they run for the first time in the reverse order, which is when a compiler that
            watches the code at work decides how to compile it.

    Raises:
        UnequalError: if one computes something else than the first.
    """
    compare(contestants)
    order = reversed(range(len(contestants))) if last_warms_up_first else range(len(contestants))
    trials = {index: _runs_of_a_turn(contestants[index], pace.turn) for index in order}
    runs, seconds = zip(*(trials[index] for index in range(len(contestants))), strict=True)
    rounds = min(max(int(pace.race / sum(seconds)), pace.fewest), pace.most)
    times: list[list[float]] = [[] for _ in contestants]
    for number in range(rounds):
        for place in range(len(contestants)):
            index = (number + (-place if number % 2 else place)) % len(contestants)
            contestant = contestants[index]
            times[index].append(contestant.time(runs[index]) / (runs[index] * contestant.calls))
    return [
        Result(
            contestant.name,
            tuple(own),
            tuple(first / mine for first, mine in zip(times[0], own, strict=True)),
            None if contestant.bytes is None else max(0.0, contestant.bytes()) / contestant.calls,
            contestant.beside,
        )
        for contestant, own in zip(contestants, times, strict=True)
    ]


def joined(parts: Sequence[Sequence[Result]]) -> list[Result]:
    """One race of the parts of it that were run in several machines, with the same contestants in each."""
    return [
        Result(
            own[0].name,
            tuple(seconds for part in own for seconds in part.seconds),
            tuple(ratio for part in own for ratio in part.ratios),
            own[0].bytes,
            own[0].beside,
        )
        for own in zip(*parts, strict=True)
    ]


def compare(contestants: Sequence[Contestant]) -> None:
    """See that all compute what the first does.

    Raises:
        UnequalError: if one does not.
    """
    answers = [(each, np.array(each.answer())) for each in contestants if each.answer is not None]
    for contestant, answer in answers[1:]:
        first, expected = answers[0]
        tolerance = ROUGH_TOLERANCE if contestant.rough else TOLERANCE
        if answer.shape != expected.shape or not (np.abs(answer - expected) <= tolerance).all():
            raise UnequalError(f"{contestant.name} does not compute what {first.name} computes.")


def _runs_of_a_turn(contestant: Contestant, turn: float) -> tuple[int, float]:
    """How many runs take about so many seconds (one at least), and how many seconds those take."""
    runs = 1
    while (seconds := contestant.time(runs)) < turn * TRIAL_SHARE:
        runs *= 2
    wanted = max(1, math.ceil(runs * turn / seconds))
    return wanted, wanted * seconds / runs
