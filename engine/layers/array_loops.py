"""What programs over arrays call: sums, shares and gradients, added in order or however matrix products add.

Arrays end with nodes or inputs; before that may come samples. ``after`` has as many numbers as columns of the weights
come before those that are used; without it they are the first.
"""

from typing import Protocol

import numpy as np

from engine.elementwise import Array
from engine.kernels import arrays


class Sums(Protocol):
    """The operations of a forward pass that go through weights; see `engine.layers.operations`."""

    def row_sums(self, weights: Array, values: Array) -> Array:
        """Each node's sum of the values: (…, nodes)."""
        ...

    def add_row_sums(self, sums: Array, weights: Array, values: Array, after: Array) -> Array:
        """Sums that go on with some more values: (…, nodes)."""
        ...


class Loops(Sums, Protocol):
    """Those of a backward pass too; see `engine.layers.derivative`."""

    def share_rows(self, weights: Array, deltas: Array, values: Array, after: Array | None = None) -> Array:
        """The share that each of the values has in the error: (…, values)."""
        ...

    def add_share_rows(
        self, share: Array, weights: Array, deltas: Array, values: Array, after: Array | None = None
    ) -> Array:
        """Shares that go on with what comes through more weights: (…, values)."""
        ...

    def gradient(self, deltas: Array, values: Array) -> Array:
        """The sum over all samples of each delta times each value: (nodes, values), of (samples, …)."""
        ...

    def total(self, products: Array) -> Array:
        """The sum over all samples: (nodes,), of (samples, nodes)."""
        ...


class Ordered:
    """In the order of `engine.kernels.loops`: the same bits as everywhere."""

    def row_sums(self, weights: Array, values: Array) -> Array:
        """See `Sums.row_sums`."""
        sums = np.zeros((*values.shape[:-1], len(weights)))
        arrays.add_row_sums(weights, 0, values, values.shape[-1], sums)
        return sums

    def add_row_sums(self, sums: Array, weights: Array, values: Array, after: Array) -> Array:
        """See `Sums.add_row_sums`."""
        total = np.array(np.broadcast_to(sums, np.broadcast_shapes(sums.shape, (*values.shape[:-1], 1))))
        arrays.add_row_sums(weights, after.shape[-1], values, values.shape[-1], total)
        return total

    def share_rows(self, weights: Array, deltas: Array, values: Array, after: Array | None = None) -> Array:
        """See `Loops.share_rows`."""
        nothing = np.zeros((*deltas.shape[:-1], values.shape[-1]))
        return self._onto(nothing, weights, deltas, after)

    def add_share_rows(
        self, share: Array, weights: Array, deltas: Array, values: Array, after: Array | None = None
    ) -> Array:
        """See `Loops.add_share_rows`."""
        return self._onto(share.copy(), weights, deltas, after)

    def _onto(self, share: Array, weights: Array, deltas: Array, after: Array | None) -> Array:
        arrays.add_share_rows(weights, _column(after), deltas, share.shape[-1], share)
        return share

    def gradient(self, deltas: Array, values: Array) -> Array:
        """See `Loops.gradient`."""
        sums = np.zeros((deltas.shape[-1], values.shape[-1]))
        arrays.add_gradients(sums, 0, deltas, values, values.shape[-1])
        return sums

    def total(self, products: Array) -> Array:
        """See `Loops.total`: as biases, whose value is 1."""
        return self.gradient(products, np.ones(1))[:, 0]


class MatrixProducts:
    """In whatever order BLAS likes: faster for large layers and batches."""

    def row_sums(self, weights: Array, values: Array) -> Array:
        """See `Sums.row_sums`."""
        return values @ _columns(weights, values, None).T

    def add_row_sums(self, sums: Array, weights: Array, values: Array, after: Array) -> Array:
        """See `Sums.add_row_sums`."""
        return sums + values @ _columns(weights, values, after).T

    def share_rows(self, weights: Array, deltas: Array, values: Array, after: Array | None = None) -> Array:
        """See `Loops.share_rows`."""
        return deltas @ _columns(weights, values, after)

    def add_share_rows(
        self, share: Array, weights: Array, deltas: Array, values: Array, after: Array | None = None
    ) -> Array:
        """See `Loops.add_share_rows`."""
        return share + self.share_rows(weights, deltas, values, after)

    def gradient(self, deltas: Array, values: Array) -> Array:
        """See `Loops.gradient`."""
        # What does not come of the samples is the same for all of them.
        of_samples = values if values.ndim == deltas.ndim else np.broadcast_to(values, (len(deltas), len(values)))
        sums: Array = deltas.T @ of_samples
        return sums

    def total(self, products: Array) -> Array:
        """See `Loops.total`."""
        sums: Array = products.sum(axis=0)
        return sums


def _column(after: Array | None) -> int:
    return 0 if after is None else after.shape[-1]


def _columns(weights: Array, values: Array, after: Array | None) -> Array:
    first = _column(after)
    return weights[:, first : first + values.shape[-1]]


ORDERED, BY_MATRIX_PRODUCT = Ordered(), MatrixProducts()
