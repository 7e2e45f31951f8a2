"""Race the library against a textbook implementation: python scripts/benchmark.py [--quick] [--runtime NAME …].

With --against it races against another version of itself as well: one script, or the Python of a commit.
"""

import environment

environment.enter()

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from benchmarks import python_side
from benchmarks.machines import MACHINES, TITLES, Machine, NoLibraryError, Other, python_version
from benchmarks.native_code import native_code
from benchmarks.plot import plot
from benchmarks.processes import Commit, ProcessError, PythonProcess, commit_of, two_processes
from benchmarks.race import FULL, QUICK, Contestant, Pace, UnequalError, joined, race
from benchmarks.report import Race, Report, pairs_of
from benchmarks.table import pair_table, screen_table, with_measured_table
from benchmarks.tasks import LUAU_TASKS, TASKS, Shape, Task
from benchmarks.versions import LeftOut, paired
from codegen.library.generate import DOCS, PICTURES, ROOT
from codegen.runtimes import UnavailableError

OUT = ROOT / "out" / "benchmark.json"
PAGE = DOCS / "speed.md"
PICTURE = "benchmark.svg"
PYTHON, NATIVE = "python", "lune-native"
# A race in Luau or Lua is shared by as many machines, each made anew: where code and tables come to lie, and what
# LuaJIT chose to compile first, differs from one to the next and then stays, so the rounds of one agree too well.
MACHINES_OF_A_RACE = 4
# What makes the contestants of a race, and tells which it had to leave out; the last argument says whether to reverse
# the order in which versions are loaded.
Field = Callable[[str, Task, Shape, bool], tuple[list[Contestant], list[LeftOut]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark with these arguments, or with those of the process. Returns the exit code."""
    given = read_arguments(arguments)
    report = Report(given.quick, None if given.against is None else given.against.name)
    runtimes = available(racing(given.runtime, given.against), report)
    races = list(planned(runtimes, given.task))
    if not races:
        print("There is nothing to race: none of the chosen tasks can be done in the chosen runtimes here.")
        return 1
    # By what is told once, however many networks the task is done with.
    left_out: dict[tuple[str, str, str], str] = {}
    try:
        with field(given.against, runtimes) as contestants:
            for runtime, task, shape in tqdm(races, desc="Racing", unit="race", disable=None):
                parts = []
                machines = 1 if runtime == PYTHON else MACHINES_OF_A_RACE
                for number in range(machines):
                    is_reversed = number % 2 == 1
                    chosen, missing = contestants(runtime, task, shape, is_reversed)
                    for each in missing:
                        left_out.setdefault((runtime, task.title, each.contestant), each.reason)
                    shared = pace(given.quick, given.against).shared(machines)
                    parts.append(race(chosen, shared, last_warms_up_first=is_reversed))
                report.races.append(Race(runtime, task, shape, joined(parts)))
        report.notes |= notes(runtimes)
    except UnequalError as error:
        print(f"{TITLES[runtime]}, {task.title}, {shape.name}: {error}")
        return 1
    except (NoLibraryError, ProcessError) as error:
        print(error)
        return 1
    for runtime, version in report.versions.items():
        if report.of(runtime):
            print(f"\n{TITLES[runtime]} ({version})\n{screen_table(report.of(runtime))}")
            print(*(note for name, note in report.notes.items() if name == runtime))
    print()
    if report.against is not None:
        show_pairs(report, left_out)
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
    parser.add_argument(
        "--against",
        metavar="FILE|COMMIT",
        help="beside another version of the library: a KNNLibrary.luau (Luau and Lua race) or a commit (Python races)",
    )
    parser.add_argument("--quick", action="store_true", help="fewer and shorter turns")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE.json", help="where the figures go")
    parser.add_argument("--save", action="store_true", help="also write the tables and the picture of docs/speed.md")
    given = parser.parse_args(arguments)
    if given.save and (given.quick or given.runtime or given.task):
        parser.error("--save is for the whole benchmark: leave out --quick, --runtime and --task.")
    if given.save and given.against is not None:
        parser.error("--save is for the library alone: leave out --against.")
    if given.out.suffix != ".json":
        parser.error(f"--out must be a file that ends in .json, got {given.out}.")
    if given.out != OUT and not given.out.parent.is_dir():
        parser.error(f"--out must be in a folder that exists, got {given.out}.")
    if given.against is not None:
        try:
            given.against = other_version(given.against)
        except ValueError as error:
            parser.error(str(error))
    return given


def other_version(name: str) -> Other | Commit:
    """The other version that a file or a commit is.

    Raises:
        ValueError: if it is neither, or if the file is no text.
    """
    path = Path(name)
    if path.is_file():
        try:
            return Other(path.name, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise ValueError(f"--against must be a script of the library, and {name} is no text.") from error
    commit = commit_of(name)
    if commit is None:
        raise ValueError(f"--against must be a file that exists or a commit that git knows, got {name}.")
    return commit


def racing(chosen: Sequence[str] | None, against: Other | Commit | None) -> list[str]:
    """Those of the chosen runtimes in which the other version can race; what is left out is told."""
    names = list(chosen or [*MACHINES, PYTHON])
    if against is None:
        return names
    is_commit = isinstance(against, Commit)
    fitting = [name for name in names if (name == PYTHON) == is_commit]
    left = [TITLES[name] for name in names if name not in fitting]
    if left:
        what = "A commit races in Python only" if is_commit else "A file races in Luau and Lua only"
        print(f"{what}, so this is left out: {'; '.join(left)}.")
    return fitting


def available(chosen: Iterable[str], report: Report) -> list[str]:
    """Those of the chosen runtimes that are here; their versions go into the report, what is missing is told."""
    found = []
    for name in chosen:
        try:
            report.versions[name] = python_version() if name == PYTHON else Machine(name).version
            found.append(name)
        except UnavailableError as reason:
            print(reason)
    return found


def notes(runtimes: Sequence[str]) -> dict[str, str]:
    """What else there is to say of these runtimes."""
    try:
        return {NATIVE: native_code().told()} if NATIVE in runtimes else {}
    except UnavailableError as reason:
        return {NATIVE: str(reason)}


def planned(runtimes: Iterable[str], tasks: Sequence[str] | None) -> Iterable[tuple[str, Task, Shape]]:
    """Every race: a task with a shape in a runtime."""
    for runtime in runtimes:
        for task in python_side.tasks() if runtime == PYTHON else LUAU_TASKS.values():
            if tasks is None or task.name in tasks:
                for shape in task.shapes:
                    yield runtime, task, shape


@contextmanager
def field(against: Other | Commit | None, runtimes: Iterable[str]) -> Iterator[Field]:
    """What makes contestants for these runtimes, as long as it is needed.

    Raises:
        NoLibraryError: if a file is no library, or none for one of the runtimes.
        ProcessError: if the Python of a commit does not start.
    """
    if against is None:
        yield alone
    elif isinstance(against, Other):
        for runtime in runtimes:
            Machine(runtime, against)
        yield lambda runtime, task, shape, is_reversed: Machine(
            runtime, against, other_first=is_reversed
        ).contestants_of_both(task, shape)
    else:
        with two_processes(against) as (present, other):
            yield lambda _, task, shape, __: in_processes(present, other, task, shape, against.name)


def alone(runtime: str, task: Task, shape: Shape, _: bool) -> tuple[list[Contestant], list[LeftOut]]:
    """The contestants of a race, in a machine of their own: no race leaves its traces in another."""
    if runtime == PYTHON:
        return python_side.contestants(task, shape), []
    return Machine(runtime).contestants(task, shape), []


def in_processes(
    present: PythonProcess, other: PythonProcess, task: Task, shape: Shape, version: str
) -> tuple[list[Contestant], list[LeftOut]]:
    """The contestants of a race in Python, each version's in a process of its own."""
    own = present.contestants(task, shape)
    try:
        others = other.contestants(task, shape)
    except ProcessError as reason:
        return own, [LeftOut(each.name, str(reason)) for each in own]
    return paired(own, others, version)


def pace(quick: bool, against: Other | Commit | None) -> Pace:
    """How long races take: where two versions take turns, about as many rounds as for one, and a few more at least."""
    chosen = QUICK if quick else FULL
    return chosen if against is None else replace(chosen, race=2 * chosen.race, fewest=chosen.fewest + 2)


def show_pairs(report: Report, left_out: dict[tuple[str, str, str], str]) -> None:
    """Print what the other version was left out of, and how it stands beside the present one."""
    for (runtime, task, contestant), reason in left_out.items():
        print(f"{report.against} is left out of {TITLES[runtime]}, {task}, {contestant}: {reason}")
    pairs = pairs_of(report.races)
    if pairs:
        print(f"How many times as fast as {report.against} the present library is:\n{pair_table(pairs)}\n")


def write(report: Report, path: Path) -> None:
    """Write the figures and, beside them, the picture."""
    report.write(path)
    picture = path.with_name(PICTURE)
    plot(report, picture)
    print(f"wrote {path} and {picture}")


def save(report: Report) -> None:
    """Write the tables and the picture of docs/speed.md."""
    plot(report, PICTURES / PICTURE)
    text = with_measured_table(PAGE.read_text(encoding="utf-8"), report)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.parent.name}/{PAGE.name} and {PICTURES.name}/{PICTURE}")


if __name__ == "__main__":
    sys.exit(main())
