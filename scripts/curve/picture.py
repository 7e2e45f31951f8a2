"""A winner as a picture: where its boundary passes through the gaps, and what it answers everywhere."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from curve.points import AXIS, POINTS, Columns, all_points, are_right, curve
from curve.search import displacements
from engine import Network

_EXTENT = (AXIS[0], AXIS[-1], AXIS[0], AXIS[-1])


def draw(network: Network, path: Path, title: str) -> None:
    """Write the picture of a network, in the format that the path names."""
    columns = Columns.crossed()
    answers = network.forward(all_points())[:, 0]
    right = are_right(answers)
    bare = network.copy()
    bare.layers[-1].activator = "Identity"
    displaced, _ = displacements(bare.layers, columns)
    figure = Figure(figsize=(9, 4.6), layout="constrained")
    figure.suptitle(f"{title}: right at {right.sum():,} of {POINTS:,} points")
    plane, gaps = figure.subplots(1, 2, width_ratios=(1, 1.25))
    plane.imshow(answers.reshape(right.shape).T, origin="lower", extent=_EXTENT, cmap="RdYlGn", vmin=0, vmax=1)
    x = AXIS[np.abs(curve(AXIS)) <= -AXIS[0]]
    plane.plot(x, curve(x), color="black", linewidth=0.8)
    wrong_x, wrong_y = np.nonzero(~right)
    plane.plot(AXIS[wrong_x], AXIS[wrong_y], "k.", markersize=2)
    plane.set(xlabel="x", ylabel="y", ylim=_EXTENT[:2], title="its answers, and y = 2x² + x³")
    middle, half = columns.middle - curve(columns.x), columns.half
    low, high = middle - half, middle + half
    gaps.vlines(columns.x, low, high, color="lightgray", linewidth=1.2, label="between two points")
    gaps.plot(columns.x, middle + displaced * half, ".", color="crimson", markersize=2.5, label="the boundary")
    gaps.set(xlabel="x", ylabel="y − (2x² + x³)", title=f"its boundary in each of the {len(columns.x)} gaps")
    gaps.legend(loc="upper right", fontsize="small")
    figure.savefig(path, dpi=100)
