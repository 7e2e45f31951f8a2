"""Race the library against a textbook implementation: python scripts/benchmark.py [--quick] [--runtime NAME …]."""

import environment

environment.enter()

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tqdm import tqdm

from benchmarks import python_side
from benchmarks.machines import MACHINES, TITLES, Machine, python_version
from benchmarks.plot import plot
from benchmarks.race import FULL, QUICK, Contestant, UnequalError, race
from benchmarks.report import Race, Report
from benchmarks.table import screen_table, with_measured_table
from benchmarks.tasks import LUAU_TASKS, TASKS, Shape, Task
from codegen.generate import PICTURES, README, ROOT
from codegen.runtimes import UnavailableError

OUT = ROOT / "out" / "benchmark.json"
PICTURE = "benchmark.svg"
PYTHON = "python"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark with these arguments, or with those of the process. Returns the exit code."""
    given = read_arguments(arguments)
    report = Report(given.quick)
    races = list(planned(available(given.runtime, report), given.task))
    if not races:
        print("There is nothing to race: none of the chosen tasks can be done in the chosen runtimes here.")
        return 1
    try:
        for runtime, task, shape in tqdm(races, desc="Racing", unit="race", disable=None):
            results = race(contestants(runtime, task, shape), QUICK if given.quick else FULL)
            report.races.append(Race(runtime, task, shape, results))
    except UnequalError as error:
        print(f"{TITLES[runtime]}, {task.title}, {shape.name}: {error}")
        return 1
    for runtime, version in report.versions.items():
        if report.of(runtime):
            print(f"\n{TITLES[runtime]} ({version})\n{screen_table(report.of(runtime))}")
    print()
    write(report, given.out)
    if given.save:
        save(report)
    return 0


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments, checked; the first that will not do ends the program with a sentence."""
    parser = argparse.ArgumentParser(
        description="Races the library against a textbook implementation, in every runtime that is installed."
    )
    runtimes = [*MACHINES, PYTHON]
    parser.add_argument("--runtime", nargs="+", choices=runtimes, metavar="NAME", help=f"only in {', '.join(runtimes)}")
    parser.add_argument("--task", nargs="+", choices=TASKS, metavar="NAME", help=f"only {', '.join(TASKS)}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter turns")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE.json", help="where the figures go")
    parser.add_argument("--save", action="store_true", help="also write the README's tables and picture")
    given = parser.parse_args(arguments)
    if given.save and (given.quick or given.runtime or given.task):
        parser.error("--save is for the whole benchmark: leave out --quick, --runtime and --task.")
    if given.out.suffix != ".json":
        parser.error(f"--out must be a file that ends in .json, got {given.out}.")
    if given.out != OUT and not given.out.parent.is_dir():
        parser.error(f"--out must be in a folder that exists, got {given.out}.")
    return given


def available(chosen: Sequence[str] | None, report: Report) -> list[str]:
    """Those of the chosen runtimes that are here; their versions go into the report, what is missing is told."""
    found = []
    for name in chosen or [*MACHINES, PYTHON]:
        try:
            report.versions[name] = python_version() if name == PYTHON else Machine(name).version
            found.append(name)
        except UnavailableError as reason:
            print(reason)
    return found


def planned(runtimes: Iterable[str], tasks: Sequence[str] | None) -> Iterable[tuple[str, Task, Shape]]:
    """Every race: a task with a shape in a runtime."""
    for runtime in runtimes:
        for task in python_side.tasks() if runtime == PYTHON else LUAU_TASKS.values():
            if tasks is None or task.name in tasks:
                for shape in task.shapes:
                    yield runtime, task, shape


def contestants(runtime: str, task: Task, shape: Shape) -> list[Contestant]:
    """The contestants of a race, in a machine of their own: no race leaves its traces in another."""
    if runtime == PYTHON:
        return python_side.contestants(task, shape)
    return Machine(runtime).contestants(task, shape)


def write(report: Report, path: Path) -> None:
    """Write the figures and, beside them, the picture."""
    report.write(path)
    picture = path.with_name(PICTURE)
    plot(report, picture)
    print(f"wrote {path} and {picture}")


def save(report: Report) -> None:
    """Write the README's tables and picture."""
    plot(report, PICTURES / PICTURE)
    text = with_measured_table(README.read_text(encoding="utf-8"), report)
    README.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {README.name} and {PICTURES.name}/{PICTURE}")


if __name__ == "__main__":
    sys.exit(main())
