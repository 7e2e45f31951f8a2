"""Races as tables: for the screen with all figures, for docs/speed.md with the main ones."""

from collections.abc import Iterable, Sequence

from benchmarks.machines import TITLES
from benchmarks.race import Result
from benchmarks.report import Pair, Race, Report
from benchmarks.tasks import FRAME, SHAPES

START, END = "<!-- measured: benchmark -->", "<!-- end of measured -->"
# Lune interprets as Luau does, and what LuaJIT is for stands in Python's table; the file of results has them all.
PAGE_RUNTIMES = ("luau", "lune-native", "python")
# Nor is what a line above has told already, the same contestant in another task; and saving is no matter of speed.
PAGE_LEFT_OUT = frozenset(
    {
        ("batch", "textbook"),
        ("batch", "forwardNet"),
        ("code", "textbook"),
        ("code", "forwardNet"),
        ("training", "textbook"),
        ("training", "backwardNet"),
        ("training-batch", "trainNet"),
        ("training-head", "trainNet"),
        ("generation", "forwardNet"),
        ("save", "textbook"),
        ("save", "saveNet"),
        ("load", "textbook"),
        ("load", "loadNet"),
        ("require", "require"),
    }
)
_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_PAIR_HEADS = ("runtime", "task", "network", "contestant", "ratio", "middle half")
_HEADS = ("task", "network", "contestant", "one call", "spread", "ratio", "middle half", "bytes")


def screen_table(races: Sequence[Race]) -> str:
    """Every contestant in a line: its median, the spread of the middle half, and its ratio to the first."""
    return _aligned([_HEADS, *(line for race in races for line in _screen_lines(race))], words=3)


def pair_table(pairs: Sequence[Pair]) -> str:
    """How many times as fast as another version the present library is, in a line for each pair; last, the worst."""
    lines = [(*_place(pair), _exact(pair.ratio), _spread(pair)) for pair in pairs]
    worst = min(pairs, key=lambda pair: pair.ratio)
    where = ", ".join(_place(worst))
    last = f"The worst: {_exact(worst.ratio)} ({_spread(worst)}) in {where}."
    return f"{_aligned([_PAIR_HEADS, *lines], words=4)}\n{last}"


def _place(pair: Pair) -> tuple[str, str, str, str]:
    return TITLES[pair.race.runtime], pair.race.task.title, pair.race.shape.name, pair.contestant


def _spread(pair: Pair) -> str:
    low, _, high = pair.quartiles
    return f"{_exact(low)} to {_exact(high)}"


def _exact(ratio: float) -> str:
    """A ratio whose distance from 1 is what counts."""
    return f"{ratio:.2f}×"


def _aligned(lines: Sequence[Sequence[str]], *, words: int) -> str:
    """Lines in columns, of which so many are words and the others numbers."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _screen_lines(race: Race) -> Iterable[tuple[str, ...]]:
    for index, result in enumerate(race.results):
        low, _, high = result.ratio_quartiles
        is_of_frame = race.task.is_of_frame
        yield (
            "" if index else race.task.title,
            "" if index else race.shape.name,
            result.name,
            duration(result.median) + (f" ({share_of_frame(result.median)} of a frame)" if is_of_frame else ""),
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


def with_measured_table(page: str, report: Report) -> str:
    """A page with its measured tables made anew."""
    before, rest = page.split(START)
    _, after = rest.split(END)
    tables = "\n\n".join(page_table(runtime, report) for runtime in PAGE_RUNTIMES if report.of(runtime))
    return f"{before}{START}\n{tables}\n{END}{after}"


def page_table(runtime: str, report: Report) -> str:
    """A runtime's races as Markdown, a column for each shape; last, a table of what is done in a frame of a game."""
    races = [race for race in report.of(runtime) if not race.task.is_of_frame]
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
        shown = [name for name in names if (task.name, name) not in PAGE_LEFT_OUT]
        for index, name in enumerate(shown):
            cells = [_page_cell(own.get(shape, []), name) for shape in shapes]
            lines.append(f"| {'' if index else task.title} | {name} | {' | '.join(cells)} |")
    for race in report.of(runtime):
        lines += _frame_table(race) if race.task.is_of_frame else []
    lines += ["", report.notes[runtime]] if runtime in report.notes else []
    return "\n".join(lines)


def _frame_table(race: Race) -> list[str]:
    lines = [
        "",
        f"| | | {race.shape.name} | of a frame of {FRAME * 1e3:.2f} ms |",
        "|---|---|---|---|",
    ]
    for index, result in enumerate(race.results):
        title, cell = "" if index else race.task.title, _page_cell(race.results, result.name)
        lines.append(f"| {title} | {result.name} | {cell} | {share_of_frame(result.median)} |")
    return lines


def share_of_frame(seconds: float) -> str:
    """How much of a frame a time is."""
    return f"{seconds / FRAME:.{2 if seconds < FRAME / 10 else 0}%}"


def _page_cell(results: Sequence[Result], name: str) -> str:
    for index, result in enumerate(results):
        if result.name == name:
            return f"{duration(result.median)} (**{times(result.ratio)}**)" if index else duration(result.median)
    return ""
