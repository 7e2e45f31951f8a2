"""What the benchmark found, and its file."""

import json
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.race import Result, quartiles
from benchmarks.tasks import Shape, Task


@dataclass(frozen=True)
class Race:
    """One task with one shape in one runtime; the ratios are to the first result."""

    runtime: str
    task: Task
    shape: Shape
    results: list[Result]


@dataclass(frozen=True)
class Pair:
    """A contestant of the present library and the same of another version.

    Attributes:
        race: where they met.
        contestant: the name of the present library's.
        ratios: how many times as fast as the other version the present library was, round by round.
    """

    race: Race
    contestant: str
    ratios: tuple[float, ...]
    quartiles: tuple[float, float, float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quartiles", quartiles(self.ratios))

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return self.quartiles[1]


def pairs_of(races: Iterable[Race]) -> list[Pair]:
    """All pairs that raced, the one first in which the present library stands worst."""
    pairs = [
        Pair(race, own.name, tuple(theirs / ours for theirs, ours in zip(other.seconds, own.seconds, strict=True)))
        for race in races
        for other in race.results
        for own in race.results
        if other.beside is not None and own.name == other.beside
    ]
    return sorted(pairs, key=lambda pair: pair.ratio)


@dataclass
class Report:
    """All races of a run, and the versions of what ran, by runtime.

    Attributes:
        quick: whether the turns were few and short.
        against: what the other version of the library is called, if there is one.
        versions: what ran, by runtime.
        notes: what else there is to say of a runtime.
        races: what was raced, in order.
    """

    quick: bool
    against: str | None = None
    versions: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    races: list[Race] = field(default_factory=list)

    def of(self, runtime: str) -> list[Race]:
        """The races of a runtime, in their order."""
        return [race for race in self.races if race.runtime == runtime]

    def write(self, path: Path) -> None:
        """Write all of it as JSON: seconds of one call, bytes of one call."""
        races = [
            {
                "runtime": race.runtime,
                "task": race.task.name,
                "shape": race.shape.name,
                "weights": race.shape.weights,
                "contestants": [
                    {
                        "name": result.name,
                        "median": result.median,
                        "quartiles": result.quartiles,
                        "ratio": result.ratio,
                        "ratioQuartiles": result.ratio_quartiles,
                        "bytes": result.bytes,
                        "rounds": result.seconds,
                    }
                    for result in race.results
                ],
            }
            for race in self.races
        ]
        system = {"system": platform.platform(), "processor": platform.machine()}
        whole = {"quick": self.quick, **system, "versions": self.versions, "notes": self.notes, "races": races}
        if self.against is not None:
            whole["against"] = {"version": self.against, "pairs": [_written(pair) for pair in pairs_of(self.races)]}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8", newline="\n")


def _written(pair: Pair) -> dict[str, object]:
    return {
        "runtime": pair.race.runtime,
        "task": pair.race.task.name,
        "shape": pair.race.shape.name,
        "contestant": pair.contestant,
        "ratio": pair.ratio,
        "ratioQuartiles": pair.quartiles,
        "rounds": pair.ratios,
    }
