"""Races: contestants take turns, and what counts is how they stand in the same round."""

import pytest

from benchmarks.race import QUICK, Contestant, Pace, Result, UnequalError, compare, joined, quartiles, race
from tests.benchmarks.samples import result


def test_quartiles_and_what_is_made_of_them() -> None:
    assert quartiles([4, 1, 3, 2]) == (1.75, 2.5, 3.25)
    assert quartiles([7]) == (7, 7, 7)
    one = result("one", [4, 1, 3, 2], [1, 2, 9])
    assert (one.median, one.spread, one.ratio) == (2.5, 1.5 / 2.5, 2)


def test_contestants_take_turns_and_each_begins_by_turns() -> None:
    turns: list[tuple[str, int]] = []

    def contestant(name: str, seconds: float, calls: int) -> Contestant:
        def time(runs: int) -> float:
            turns.append((name, runs))
            return seconds * runs

        return Contestant(name, calls, time, bytes=(lambda: 60.0) if name == "slow" else None)

    slow, fast = race([contestant("slow", 2.0, 1), contestant("fast", 0.5, 2)], Pace(turn=4, race=12, fewest=3, most=9))
    assert turns[:3] == [("slow", 1), ("fast", 1), ("fast", 2)]  # until a fifth of a turn has passed
    assert turns[3:] == [("slow", 2), ("fast", 8), ("fast", 8), ("slow", 2), ("slow", 2), ("fast", 8)]
    assert (slow.seconds, slow.ratios, slow.bytes) == ((2, 2, 2), (1, 1, 1), 60)
    assert (fast.seconds, fast.ratios, fast.bytes) == ((0.25, 0.25, 0.25), (8, 8, 8), None)


def taking_turns() -> tuple[list[Contestant], list[str]]:
    """Contestants a, b and c, whose runs take a second, and the names of those that had turns."""
    turns: list[str] = []

    def contestant(name: str) -> Contestant:
        def time(runs: int) -> float:
            turns.append(name)
            return float(runs)

        return Contestant(name, 1, time)

    return [contestant(name) for name in "abc"], turns


def test_the_turns_of_every_other_round_go_backwards() -> None:
    contestants, turns = taking_turns()
    race(contestants, Pace(turn=1, race=12, fewest=4, most=4))
    assert "".join(turns) == "abcabcbaccabacb"


def test_in_every_other_machine_the_last_one_warms_up_first() -> None:
    contestants, turns = taking_turns()
    results = race(contestants, Pace(turn=1, race=3, fewest=1, most=1), last_warms_up_first=True)
    assert "".join(turns) == "cbaabc"
    assert [each.name for each in results] == ["a", "b", "c"]


def test_machines_share_a_race_and_their_rounds_are_joined() -> None:
    assert Pace(turn=1, race=12, fewest=4, most=15).shared(4) == Pace(turn=1, race=3, fewest=1, most=4)
    assert Pace(turn=1, race=12, fewest=2, most=3).shared(4) == Pace(turn=1, race=3, fewest=1, most=1)
    first = [result("textbook", [2, 4], [1, 1], 64), Result("own", (1, 2), (2, 2), None, "textbook")]
    second = [result("textbook", [6], [1], 80), Result("own", (2,), (3,), None, "textbook")]
    assert joined([first, second]) == [
        result("textbook", [2, 4, 6], [1, 1, 1], 64),
        Result("own", (1, 2, 2), (2, 2, 3), None, "textbook"),
    ]


@pytest.mark.parametrize(("seconds", "rounds"), [(0.1, 15), (1.0, 10), (60.0, 2)])
def test_a_race_has_as_many_rounds_as_there_is_time_for(seconds: float, rounds: int) -> None:
    contestant = Contestant("one", 1, lambda runs: seconds * runs)
    (only,) = race([contestant], Pace(turn=seconds, race=10, fewest=2, most=15))
    assert len(only.seconds) == rounds


@pytest.mark.parametrize("answer", [[1.0, 2.0 + 1e-9], [1.0], [1.0, float("nan")]])
def test_contestants_that_compute_something_else_do_not_race(answer: list[float]) -> None:
    def never(_: int) -> float:
        raise AssertionError

    first = Contestant("textbook", 1, never, lambda: [1.0, 2.0])
    silent = Contestant("silent", 1, never)
    with pytest.raises(UnequalError, match=r"^other does not compute what textbook computes\.$"):
        race([first, silent, Contestant("other", 1, never, lambda: answer)], QUICK)
    compare([first, Contestant("single", 1, never, lambda: [1.0, 2.0 + 1e-5], rough=True)])
    with pytest.raises(UnequalError, match="single"):
        compare([first, Contestant("single", 1, never, lambda: [1.0, 2.1], rough=True)])
