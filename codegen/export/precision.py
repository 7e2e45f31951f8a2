"""Weights and biases as a module holds them, and what that does to the outputs."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from codegen.export.limits import ERROR_SAMPLES, ERROR_SEED, UNPACKED_INPUTS, Precision
from engine import Network, Random
from engine.arguments import ArgumentError
from engine.elementwise import Array
from engine.files.number_text import single_text
from engine.propagation import forward_layer

# The samples of so many numbers of inputs are kept.
_SAMPLED = 8


class ExportError(ValueError):
    """A network that cannot be made a module of. The text is the sentence to show."""


def held(network: Network, precision: Precision, *, is_packed: bool) -> Network:
    """The network with the weights and biases that a module will hold.

    Single precision is the nearest single where numbers are packed, and the shortest decimal that rounds to it where
    they stand in the source: less than half a unit in the last place of a single away from it.

    Raises:
        ExportError: if a number is too large for single precision.
    """
    rounded = network.copy()
    if precision is Precision.F32:
        for layer in rounded.layers:
            for part in (layer.weights, layer.biases):
                part[...] = _single(part, is_packed=is_packed)
    return rounded


def _single(numbers: Array, *, is_packed: bool) -> Array:
    with np.errstate(over="ignore"):
        singles = numbers.astype(np.float32)
    if not np.isfinite(singles).all():
        largest = numbers.flat[np.abs(numbers).argmax()]
        raise ExportError(
            f"Single precision (f32) holds numbers up to {np.finfo(np.float32).max:.3g}, but the network has a weight "
            f"or bias of {largest:.3g}."
        )
    if is_packed:
        return singles.astype(np.float64)
    return np.array([float(single_text(number)) for number in numbers.flat]).reshape(numbers.shape)


@lru_cache(maxsize=_SAMPLED)
def error_samples(inputs: int) -> Array:
    """The inputs on which the error of single precision is measured: (samples, inputs). They are not to be changed."""
    random = Random(ERROR_SEED)
    samples = np.array([[random.symmetric(1.0) for _ in range(inputs)] for _ in range(ERROR_SAMPLES)])
    samples.flags.writeable = False
    return samples


class _Runs(Protocol):
    """What can stand in for a network when its error is measured."""

    def copy(self) -> "_Runs":
        """The same with a state of its own."""

    def forward(self, inputs: Array) -> Array:
        """The outputs for inputs (…, inputs)."""


@dataclass(frozen=True)
class VectorNetwork:
    """A network that sums as a packed module does with Luau's vectors: in single precision.

    Some inputs at a time, each product and each sum is rounded; what comes of each such block is added in double
    precision, and so is all that follows. Every step is the module's, so its numbers are the same up to the last bits
    of transcendental functions.
    """

    network: Network

    def copy(self) -> "VectorNetwork":
        """The same with a state of its own."""
        return VectorNetwork(self.network.copy())

    def forward(self, inputs: Array) -> Array:
        """The outputs for inputs (…, inputs)."""
        values = inputs
        for layer in self.network.layers:
            values = forward_layer(layer, values, _VectorSums()).outputs
        return values


class _VectorSums:
    """Sums of a forward pass (`engine.layers.array_loops.Sums`), some inputs at a time."""

    def row_sums(self, weights: Array, values: Array) -> Array:
        """Each node's sum of the values."""
        return self._onto(np.zeros((*values.shape[:-1], len(weights))), weights, 0, values)

    def add_row_sums(self, sums: Array, weights: Array, values: Array, after: Array) -> Array:
        """Sums that go on with some more values."""
        return self._onto(sums, weights, after.shape[-1], values)

    def _onto(self, sums: Array, weights: Array, column: int, values: Array) -> Array:
        for first in range(0, values.shape[-1], UNPACKED_INPUTS):
            block = values[..., first : first + UNPACKED_INPUTS]
            columns = slice(column + first, column + first + block.shape[-1])
            sums = sums + _vector_sum(weights[:, columns], block)
        return sums


def _vector_sum(weights: Array, values: Array) -> Array:
    """What some inputs, as many as a block has, add to the nodes' sums."""
    rounded, singles = values.astype(np.float32), weights.astype(np.float32)
    total = np.zeros((*values.shape[:-1], len(weights)), dtype=np.float32)
    for index in range(values.shape[-1]):
        total += rounded[..., index, None] * singles[:, index]
    return total.astype(np.float64)


def largest_error(network: Network, rounded: _Runs) -> float:
    """By how much an output of the rounded network is off at most, on the error samples.

    Through a recurrent network they go as one sequence, from the state that it has. Infinity stands for outputs that
    grew beyond all numbers.
    """
    samples = error_samples(network.inputs)
    exact, near = network.copy(), rounded.copy()
    with np.errstate(all="ignore"):
        try:
            if network.recurrent:
                pairs = [(exact.forward(sample), near.forward(sample)) for sample in samples]
                wanted, got = np.array([one for one, _ in pairs]), np.array([other for _, other in pairs])
            else:
                wanted, got = exact.forward(samples), near.forward(samples)
        except ArgumentError:
            return float("inf")
        errors = np.abs(wanted - got)
    return float(errors.max()) if np.isfinite(errors).all() else float("inf")
