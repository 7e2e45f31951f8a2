"""The other end of `processes.PythonProcess`: python -m benchmarks.worker, on whatever engine the path leads to.

A line of the input is a request in JSON, a line of the output its answer:
    ["engine"]                          the file of the engine
    ["make", task, sizes …]             [name, calls, whether it answers] of each contestant
    ["time", index, runs]               seconds
    ["answer", index]                   numbers
"""

import json
import os
import sys
from typing import Any

import engine
from benchmarks import python_side
from benchmarks.race import Contestant
from benchmarks.tasks import PYTHON_TASKS, Shape


class Worker:
    """The contestants of the last request to make some, and what is asked of them."""

    def __init__(self) -> None:
        self._made: list[Contestant] = []

    def engine(self) -> str:
        """The file of the engine."""
        return os.path.realpath(engine.__file__)

    def make(self, task: str, *sizes: int) -> list[tuple[str, int, bool]]:
        """Make the contestants of a task."""
        self._made = python_side.contestants(PYTHON_TASKS[task], Shape(*sizes))
        return [(each.name, each.calls, each.answer is not None) for each in self._made]

    def time(self, index: int, runs: int) -> float:
        """The seconds that so many runs of one take."""
        return self._made[index].time(runs)

    def answer(self, index: int) -> list[float]:
        """What one computes."""
        answer = self._made[index].answer
        assert answer is not None
        return list(answer())


def main() -> None:
    """Answer requests until there are no more."""
    # Whatever else is printed must not stand between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    worker = Worker()
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        try:
            answer: dict[str, Any] = {"result": getattr(worker, verb)(*arguments)}
        except Exception as error:  # whatever an engine of another time raises, it goes to the race
            text = str(error).partition("\n")[0]
            answer = {"error": f"{type(error).__name__}: {text}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
