"""What a call costs, against the size of the network."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.machines import MACHINES, TITLES
from benchmarks.report import Report
from benchmarks.tasks import SHAPES

# Rows of the picture, and which contestants of which tasks they show.
ROWS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "forward": (
            ("forward", "textbook"),
            ("forward", "forwardNet"),
            ("batch", "forwardBatch"),
            ("code", "Brain(inputs)"),
        ),
        "training step": (
            ("step", "textbook"),
            ("step", "backwardNet"),
            ("training", "trainNet"),
            ("training", "trainNet f32"),
        ),
    }
)
_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "textbook": "#7f7f7f",
        "forwardNet": "#1f77b4",
        "backwardNet": "#1f77b4",
        "forwardBatch": "#2ca02c",
        "trainNet": "#2ca02c",
        "Brain(inputs)": "#d62728",
        "trainNet f32": "#ff7f0e",
    }
)
# The same picture of the same figures: no date, and names of parts that do not change. (Any: not every version of
# matplotlib names the type of these keys.)
_REPEATABLE: dict[Any, Any] = {"svg.hashsalt": "luaunn", "svg.fonttype": "none", "font.size": 9.0}
_NO_METADATA = {"Date": None, "Creator": None}


def plot(report: Report, path: Path) -> None:
    """Write the picture as SVG: a column for each runtime of Luau and Lua, lines for contestants."""
    columns = [name for name in TITLES if name in MACHINES and report.of(name)]
    with mpl.rc_context(_REPEATABLE):
        figure = Figure(figsize=(3.2 * max(2, len(columns)), 6), layout="constrained")
        axes = figure.subplots(len(ROWS), max(1, len(columns)), sharex=True, sharey="row", squeeze=False)
        for row, (title, lines) in enumerate(ROWS.items()):
            axes[row][0].set_ylabel(f"{title}: µs per sample")
            for column, runtime in enumerate(columns):
                for task, contestant in lines:
                    _line(axes[row][column], report, runtime, task, contestant)
                axes[row][column].grid(alpha=0.3)
                axes[row][column].set(xscale="log", yscale="log")
                axes[row][column].minorticks_off()
            if axes[row][0].lines:
                axes[row][0].legend(loc="upper left", fontsize="small")
        for column, runtime in enumerate(columns):
            axes[0][column].set_title(TITLES[runtime])
            axes[-1][column].set_xlabel("weights")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata=_NO_METADATA)


def _line(axes: Axes, report: Report, runtime: str, task: str, contestant: str) -> None:
    points = {
        race.shape.weights: result.median * 1e6
        for race in report.of(runtime)
        if race.task.name == task and race.shape in SHAPES
        for result in race.results
        if result.name == contestant
    }
    if points:
        axes.plot(
            list(points), list(points.values()), marker="o", markersize=3, color=_COLOURS[contestant], label=contestant
        )
