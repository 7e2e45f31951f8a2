"""Races as tables: for the screen with all figures, for the README with the main ones."""

from collections.abc import Iterable, Sequence

from benchmarks.machines import TITLES
from benchmarks.race import Result
from benchmarks.report import Race, Report
from benchmarks.tasks import SHAPES

START, END = "<!-- measured: benchmark -->", "<!-- end of measured -->"
# Lune interprets as Luau does, and what LuaJIT is for stands in Python's table; the file of results has them all.
README_RUNTIMES = ("luau", "lune-native", "python")
# Nor is what a line above has told already, the same contestant in another task; and saving is no matter of speed.
README_LEFT_OUT = frozenset(
    {
        ("batch", "textbook"),
        ("batch", "forwardNet"),
        ("code", "textbook"),
        ("code", "forwardNet"),
        ("training", "textbook"),
        ("training", "backwardNet"),
        ("generation", "forwardNet"),
        ("save", "textbook"),
        ("save", "saveNet"),
        ("load", "textbook"),
        ("load", "loadNet"),
    }
)
_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_HEADS = ("task", "network", "contestant", "one call", "spread", "ratio", "middle half", "bytes")


def screen_table(races: Sequence[Race]) -> str:
    """Every contestant in a line: its median, the spread of the middle half, and its ratio to the first."""
    lines = [_HEADS, *(line for race in races for line in _screen_lines(race))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 3 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _screen_lines(race: Race) -> Iterable[tuple[str, ...]]:
    for index, result in enumerate(race.results):
        low, _, high = result.ratio_quartiles
        yield (
            "" if index else race.task.title,
            "" if index else race.shape.name,
            result.name,
            duration(result.median),
            f"±{result.spread / 2:.0%}",
            times(result.ratio) if index else "",
            f"{times(low)} to {times(high)}" if index else "",
            "" if result.bytes is None else f"{result.bytes:,.0f}",
        )


def duration(seconds: float) -> str:
    """A time with three digits and the unit that fits."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    value = seconds / size
    return f"{value:.{2 if value < 10 else 1 if value < 100 else 0}f} {unit}"


def times(ratio: float) -> str:
    """A ratio with two digits, or all that stand before the point."""
    return f"{ratio:.{1 if ratio < 10 else 0}f}×"


def with_measured_table(readme: str, report: Report) -> str:
    """The README with its measured tables made anew."""
    before, rest = readme.split(START)
    _, after = rest.split(END)
    tables = "\n\n".join(readme_table(runtime, report) for runtime in README_RUNTIMES if report.of(runtime))
    return f"{before}{START}\n{tables}\n{END}{after}"


def readme_table(runtime: str, report: Report) -> str:
    """A runtime's races as Markdown, a column for each shape."""
    races = report.of(runtime)
    shapes = [shape.name for shape in SHAPES]
    lines = [
        f"**{TITLES[runtime]}** ({report.versions[runtime]})",
        "",
        f"| | | {' | '.join(shapes)} |",
        f"|---|---|{'---|' * len(shapes)}",
    ]
    for task in dict.fromkeys(race.task for race in races):
        own = {race.shape.name: race.results for race in races if race.task == task}
        names = dict.fromkeys(result.name for results in own.values() for result in results)
        shown = [name for name in names if (task.name, name) not in README_LEFT_OUT]
        for index, name in enumerate(shown):
            cells = [_readme_cell(own.get(shape, []), name) for shape in shapes]
            lines.append(f"| {'' if index else task.title} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _readme_cell(results: Sequence[Result], name: str) -> str:
    for index, result in enumerate(results):
        if result.name == name:
            return f"{duration(result.median)} (**{times(result.ratio)}**)" if index else duration(result.median)
    return ""
