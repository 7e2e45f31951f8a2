"""What the benchmark found, and its file."""

import json
import platform
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.race import Result
from benchmarks.tasks import Shape, Task


@dataclass(frozen=True)
class Race:
    """One task with one shape in one runtime; the ratios are to the first result."""

    runtime: str
    task: Task
    shape: Shape
    results: list[Result]


@dataclass
class Report:
    """All races of a run, and the versions of what ran, by runtime."""

    quick: bool
    versions: dict[str, str] = field(default_factory=dict)
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
        whole = {"quick": self.quick, **system, "versions": self.versions, "races": races}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8", newline="\n")
