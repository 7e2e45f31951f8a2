"""A network whose boundary passes through every gap: fitted roughly, then column by column, then made steep.

Both fits are by Levenberg and Marquardt. The first one is the library's training. The second one makes the boundary's
distance from the middle of each gap small, in halves of the gap: the network's value there, before the sigmoid, over
its slope in y. The worst columns weigh more and more, until all are inside.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from curve.points import CLOSE_ENOUGH, POINTS, Columns, all_points, are_right
from engine import Network, Optimizer, Random, propagation
from engine.elementwise import Array
from engine.formulas.optimizers.levenberg_marquardt import LEVENBERG_MARQUARDT as RECORD
from engine.formulas.registry import LOSSES
from engine.layer import Layer
from engine.training.least_squares import ProductEquations, lowered_damping, tried_steps
from engine.training.session import put_back_numbers

SHAPE = (2, 2, 3, 1)
# The rough fit: samples so far above and below the middles of the gaps, and some anywhere.
DISTANCE, MULTIPLES, ANYWHERE, REACH = 0.5, (-3, -1, 1, 3), 200, 4.0
# A start is given up when its loss is not below this after so many epochs; others go on for longer.
FIRST_EPOCHS, EPOCHS, ROUGH_LOSS = 30, 100, 1e-3
STARTS = 30
# Where the slope in y is measured, as a share of half a gap to both sides of its middle.
NEAR = 0.02
# The fine fit: so many times at most the columns are weighed anew, each time after so many steps.
ROUNDS, STEPS, LEAST_WEIGHT = 400, 10, 1e-3
# From this round on: first all of them come near.
FIRST_WEIGHED = 10
# How far a value before the sigmoid has to be from 0, and a little more.
STEEP = 1.1 * math.log((1 - CLOSE_ENOUGH) / CLOSE_ENOUGH)
SETTINGS = {setting.name: setting.default for setting in RECORD.settings if setting.default is not None}
DAMPING = SETTINGS[RECORD.kept[0].name]


@dataclass(frozen=True)
class Progress:
    """What has been reached so far.

    Attributes:
        what: what is being done.
        worst: the boundary's largest distance from the middle of a gap, in halves of it; infinite before it has one.
        outside: in how many columns it is outside of the gap.
    """

    what: str
    worst: float
    outside: int


def search(activator: str, seed: int, told: Callable[[Progress], None] = lambda progress: None) -> Network | None:
    """A network that is right everywhere; None where the seed has led to none.

    Args:
        activator: the activation of both hidden layers.
        seed: for the weights at the start, and for samples.
        told: called with what has been reached, again and again.
    """
    columns, random = Columns.crossed(), Random(seed)
    for start in range(STARTS):
        told(Progress(f"start {start + 1}", math.inf, len(columns.x)))
        network = rough(columns, activator, random)
        if network is None:
            continue
        for fine, displaced in refined(network, columns):
            distances = np.abs(displaced)
            told(Progress("columns", float(distances.max()), int((distances >= 1).sum())))
            if distances.max() < 1:
                found = steep(fine, columns)
                if count_right(found) == POINTS:
                    return found
    return None


def count_right(network: Network) -> int:
    """At how many of all points a network is right."""
    return int(are_right(network.forward(all_points())[:, 0]).sum())


def rough(columns: Columns, activator: str, random: Random) -> Network | None:
    """A network that is right but near the curve; None where this start leads to none."""
    x = np.tile(columns.x, len(MULTIPLES))
    y = np.concatenate([columns.middle + multiple * DISTANCE for multiple in MULTIPLES])
    anywhere = np.array([[random.symmetric(REACH), random.symmetric(REACH)] for _ in range(ANYWHERE)])
    samples = np.concatenate([np.stack([x, y], axis=1), anywhere])
    above = (samples[:, 1] - (2 * samples[:, 0] ** 2 + samples[:, 0] ** 3)) / DISTANCE
    targets = 1 / (1 + np.exp(np.clip(above, -50, 50)))[:, None]
    network = Network.create(*SHAPE, activator, seed=random)
    optimizer = Optimizer(RECORD.name)
    for epochs in (FIRST_EPOCHS, EPOCHS):
        losses = network.train(samples, targets, optimizer, epochs, metrics=False)
        if losses[-1] > ROUGH_LOSS:
            return None
    return network


def refined(network: Network, columns: Columns) -> Iterator[tuple[Network, Array]]:
    """Ever better networks, without a sigmoid at the end, and where their boundaries are: see `displacements`."""
    network = network.copy()
    network.layers[-1].activator = "Identity"
    weights, damping = np.ones(len(columns.x)), DAMPING
    for number in range(ROUNDS):
        layers, damping = stepped(network.layers, columns, weights, damping)
        put_back_numbers(network.layers, layers)
        displaced, _ = displacements(layers, columns)
        yield network, displaced
        if number >= FIRST_WEIGHED:
            distances = np.abs(displaced)
            weights = np.maximum(weights * np.maximum(distances / distances.max(), LEAST_WEIGHT), LEAST_WEIGHT)
            weights /= weights.mean()


def displacements(layers: Sequence[Layer], columns: Columns) -> tuple[Array, Array]:
    """Where a boundary is between the middles and the sides of its gaps, and its slopes by all parameters.

    Returns:
        (columns,), 0 in the middle and ±1 at the sides; (columns, parameters).
    """
    near = NEAR * columns.half
    (below, below_slopes), (above, above_slopes) = (
        values(layers, columns.x, columns.middle + side * near) for side in (-1, 1)
    )
    total, change = below + above, below - above
    share = NEAR / change
    slopes = below_slopes + above_slopes - (total / change)[:, None] * (below_slopes - above_slopes)
    return total * share, slopes * share[:, None]


def values(layers: Sequence[Layer], x: Array, y: Array) -> tuple[Array, Array]:
    """The values before the sigmoid, (points,), and their slopes by all parameters, (points, parameters)."""
    points, loss = np.stack([x, y], axis=1), LOSSES["HalfSquaredError"]
    # Of this loss, the slopes by the outputs are these less the targets.
    _, outputs, slopes = propagation.output_slopes(layers, points, np.zeros((len(x), 1)), loss, ordered=False)
    return outputs[:, 0], slopes[:, 0]


def stepped(layers: Sequence[Layer], columns: Columns, weights: Array, damping: float) -> tuple[Sequence[Layer], float]:
    """Layers whose weighed displacements are smaller, after some steps, and the damping then."""
    displaced, slopes = displacements(layers, columns)
    for _ in range(STEPS):
        total = float(weights @ displaced**2)
        equations = ProductEquations(slopes.shape[1])
        equations.add(slopes, weights * displaced, weights)
        for tried, moved in tried_steps(layers, equations, RECORD, SETTINGS, damping):
            if moved is not None:
                displaced, slopes = displacements(moved, columns)
                if float(weights @ displaced**2) < total:
                    layers, damping = moved, lowered_damping(RECORD, SETTINGS, tried)
                    break
        else:
            return layers, DAMPING
    return layers, damping


def steep(network: Network, columns: Columns) -> Network:
    """The same boundary, so steep that all answers beside it are clear, with a sigmoid behind it."""
    network = network.copy()
    values_at = network.forward(all_points())[:, 0]
    nearest = np.concatenate(
        [network.forward(np.stack([columns.x, y], axis=1))[:, 0] for y in (columns.low, columns.high)]
    )
    # Where it has learnt the opposite, it is turned round.
    sign = 1.0 if are_right((values_at > 0).astype(float)).mean() > 0.5 else -1.0
    scale = sign * STEEP / float(np.abs(nearest).min())
    network.layers[-1].weights *= scale
    network.layers[-1].biases *= scale
    network.layers[-1].activator = "Sigmoid"
    return network
