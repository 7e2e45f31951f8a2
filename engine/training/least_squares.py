"""Training by least squares: a step of all parameters together, by all samples.

What it is made of is in `engine.formulas.records.LeastSquares`. The same as training/least_squares.luau.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from engine import propagation
from engine.elementwise import Array, arguments_of
from engine.formulas.records import Formula, LeastSquares, Loss
from engine.kernels import arrays
from engine.layer import Layer
from engine.random import Random
from engine.training.gradients import PARTS
from engine.training.optimizer import Optimizer
from engine.training.session import (
    Dataset,
    Order,
    all_or_nothing,
    are_finite,
    put_back_numbers,
    shuffled_order,
)

# So many slopes are held at once, at most: samples by outputs by parameters.
_SLOPES_AT_ONCE = 2**20


class Equations(Protocol):
    """The equations that a step solves: (A + damping I) step = gradient."""

    gradient: Array

    def add(self, slopes: Array, errors: Array, factors: Array) -> None:
        """Take in some slopes of outputs by all parameters.

        Args:
            slopes: (outputs of samples, parameters).
            errors: the slope of the loss by each of these outputs.
            factors: its curvature by them.
        """
        ...

    def divide(self, count: int) -> None:
        """Make means of sums over so many samples."""
        ...

    def solve(self, damped: Formula, damping: float) -> Array | None:
        """The step, (parameters,); None where the matrix is not positive definite."""
        ...


class OrderedEquations:
    """In the order of `engine.kernels.loops`: the same bits as everywhere."""

    def __init__(self, count: int) -> None:
        # As in the kernels: what is behind the diagonals is no part of it.
        self._rows, self.gradient = np.zeros((count, count)), np.zeros(count)

    def add(self, slopes: Array, errors: Array, factors: Array) -> None:
        """See `Equations.add`."""
        count = len(self.gradient)
        for row, error, factor in zip(slopes, errors, factors, strict=True):
            arrays.add_scaled(row, 0, count, error, self.gradient)
            arrays.add_products(self._rows, row, count, factor)

    def divide(self, count: int) -> None:
        """See `Equations.divide`."""
        self._rows /= count
        self.gradient /= count

    def solve(self, damped: Formula, damping: float) -> Array | None:
        """See `Equations.solve`: by Cholesky's factorization, column after column, from the last to the first."""
        rows, step = self._rows.copy(), self.gradient.copy()
        np.fill_diagonal(rows, [damped(each, damping) for each in rows.diagonal()])
        for j in reversed(range(len(step))):
            row = rows[j]
            if not 0 < row[j] < math.inf:
                return None
            row[: j + 1] /= math.sqrt(row[j])
            step[j] /= row[j]
            arrays.add_scaled(row, 0, j, -step[j], step)
            arrays.add_products(rows, row, j, -1.0)
        for j, row in enumerate(rows):
            step[j] = (step[j] - arrays.sum_products(row, step, j)) / row[j]
        return step


class ProductEquations:
    """In whatever order BLAS likes: faster."""

    def __init__(self, count: int) -> None:
        self._matrix, self.gradient = np.zeros((count, count)), np.zeros(count)

    def add(self, slopes: Array, errors: Array, factors: Array) -> None:
        """See `Equations.add`."""
        self._matrix += (slopes * factors[:, None]).T @ slopes
        self.gradient += errors @ slopes

    def divide(self, count: int) -> None:
        """See `Equations.divide`."""
        self._matrix /= count
        self.gradient /= count

    def solve(self, damped: Formula, damping: float) -> Array | None:
        """See `Equations.solve`."""
        matrix = self._matrix.copy()
        np.fill_diagonal(matrix, [damped(each, damping) for each in matrix.diagonal()])
        try:
            half = np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            return None
        step: Array = np.linalg.solve(half.T, np.linalg.solve(half, self.gradient))
        return step


class LeastSquaresSession:
    """A network of squared loss and the dataset that it is trained on, one step a run; see `session.Session`.

    Args:
        layers: the network's.
        dataset: the samples.
        optimizer: what steps it.
        loss: what training makes small.
        weights: what the samples' losses and gradients are multiplied by, (samples,); None leaves them as they are.
        ordered: whether sums are added in order, or as matrix products in whatever order BLAS likes.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        dataset: Dataset,
        optimizer: Optimizer,
        loss: Loss,
        *,
        weights: Array | None = None,
        ordered: bool = True,
    ) -> None:
        record = optimizer.least_squares
        assert record is not None
        self._layers, self._dataset, self._optimizer, self._loss = layers, dataset, optimizer, loss
        self._record, self._weights, self._ordered = record, weights, ordered
        self.stopped_at: int | None = None

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order."""
        return shuffled_order(len(self._dataset), random)

    def run(self, order: Order) -> float:
        """Take one step by all samples; see `Session.run`."""
        self.stopped_at, self._optimizer.ended_by = None, None
        with all_or_nothing(self._layers, self._optimizer), np.errstate(all="ignore"):
            equations, losses = self._gathered(order)
            # Added from the first sample on, as all sums in between have to be.
            total = float(np.add.accumulate(losses)[-1])
            are_wild = ~np.isfinite(losses)
            if are_wild.any():
                self.stopped_at = int(are_wild.argmax())
            else:
                self._step(equations, order, total)
            return total

    def _gathered(self, order: Order) -> tuple[Equations, Array]:
        """The equations at the parameters as they are, and the loss of each sample."""
        count = sum(array.size for layer in self._layers for array in _parameters(layer))
        equations: Equations = OrderedEquations(count) if self._ordered else ProductEquations(count)
        outputs, losses = self._layers[-1].nodes, []
        at_once = max(1, _SLOPES_AT_ONCE // (outputs * count))
        for first in range(0, len(order), at_once):
            chosen = order[first : first + at_once]
            inputs, targets, weights = self._chosen(chosen)
            measured, errors, slopes = propagation.output_slopes(
                self._layers, inputs, targets, self._loss, ordered=self._ordered
            )
            factors = np.full(errors.shape, self._loss.curvature(outputs))
            if weights is not None:
                measured, errors, factors = measured * weights, errors * weights[:, None], factors * weights[:, None]
            equations.add(slopes.reshape(-1, count), errors.ravel(), factors.ravel())
            losses.append(measured)
        equations.divide(len(order))
        return equations, np.concatenate(losses)

    def _chosen(self, order: Order) -> tuple[Array, Array, Array | None]:
        weights = None if self._weights is None else self._weights[order]
        return self._dataset.inputs[order], self._dataset.targets[order], weights

    def _step(self, equations: Equations, order: Order, total: float) -> None:
        """Take the first step that makes the total loss smaller."""
        optimizer, settings = self._optimizer, self._optimizer.settings
        (first,) = optimizer.carried.kept
        optimizer.note(first)
        gradient = equations.gradient
        if math.sqrt(arrays.add_squares(gradient, len(gradient), 0.0)) <= settings["min_gradient"]:
            optimizer.ended_by = "min_gradient"
            return
        for damping, moved in tried_steps(self._layers, equations, self._record, settings, first):
            optimizer.note(damping)
            if moved is not None and self._total_of(moved, order) < total:
                put_back_numbers(self._layers, moved)
                optimizer.carry_on([lowered_damping(self._record, settings, damping)], None)
                return
        optimizer.ended_by = "max_damping"

    def _total_of(self, layers: Sequence[Layer], order: Order) -> float:
        """The loss of all samples, as it would be then."""
        inputs, targets, weights = self._chosen(order)
        losses, _ = propagation.losses(layers, inputs, targets, self._loss, ordered=self._ordered)
        return float(np.add.accumulate(losses if weights is None else losses * weights)[-1])


def tried_steps(
    layers: Sequence[Layer],
    equations: Equations,
    record: LeastSquares,
    settings: Mapping[str, float],
    damping: float,
) -> Iterator[tuple[float, Sequence[Layer] | None]]:
    """Ever shorter steps, until none is left to try.

    Yields:
        The damping of each, and copies of the layers after it; None where there is no step, or a number of them would
        not be finite.
    """
    while damping <= settings["max_damping"]:
        step = equations.solve(record.damped, damping)
        yield damping, None if step is None else _moved(layers, step)
        higher = _of(record.raised, {**settings, record.kept[0].name: damping})
        # What does not rise would never end.
        damping = higher if higher > damping else math.inf


def lowered_damping(record: LeastSquares, settings: Mapping[str, float], damping: float) -> float:
    """The damping after a step that was taken."""
    (kept,) = record.kept
    return _of(kept.formula, {**settings, kept.name: damping})


def _moved(layers: Sequence[Layer], step: Array) -> Sequence[Layer] | None:
    copies, first = [layer.copy() for layer in layers], 0
    for array in (array for layer in copies for array in _parameters(layer)):
        array -= step[first : first + array.size].reshape(array.shape)
        first += array.size
    return copies if are_finite(copies) else None


def _parameters(layer: Layer) -> Iterator[Array]:
    for part in PARTS:
        yield getattr(layer, part)


def _of(formula: Formula, known: Mapping[str, float]) -> float:
    """A formula's value; its arguments are bound by their names."""
    return float(formula(*(known[name] for name in arguments_of(formula))))
