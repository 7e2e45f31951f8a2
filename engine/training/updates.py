"""How a step changes parameters: what propagation asks of an optimizer, and plain stochastic gradient descent.

Propagation says where parameters lie, what their delta is and what they were multiplied with; their gradient is delta
times value. How a parameter moves by it is the update's matter.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from engine.elementwise import Array, elementwise
from engine.formulas.optimizers import sgd
from engine.layer import Layer

_shared_step = elementwise(sgd.shared_step)
_stepped = elementwise(sgd.stepped)


class Place(NamedTuple):
    """Where parameters lie that change together: never the same ones twice in a step.

    Attributes:
        layer: the layer's index, from 0.
        part: ``"weights"`` or ``"biases"``, an attribute of `engine.layer.Layer`.
        at: which of them, so that ``array[at]`` is a view, (nodes, columns), of what has the part's shape: columns
            of the weights, or the biases as one column.
    """

    layer: int
    part: str
    at: tuple[slice, slice | None]


class Update(Protocol):
    """What takes the steps of a network's parameters."""

    def checkpoint(self) -> Callable[[], None]:
        """What puts back all that is carried from step to step, as it is now."""
        ...

    def begin(self) -> None:
        """Begin a step: once for all parameters, after the forward pass."""
        ...

    def apply(self, place: Place, parameters: Array, deltas: Array, values: Array | float) -> None:
        """Change parameters in place by one sample's gradient ``deltas * values``; both broadcast to them.

        Args:
            place: where the parameters lie.
            parameters: a view of them, (nodes, columns).
            deltas: (nodes, 1); the same array for all parameters of a layer that share it.
            values: (columns,), (nodes, 1) or a number.
        """
        ...

    def apply_gradient(self, place: Place, parameters: Array, gradient: Array) -> None:
        """Change parameters in place by their gradient, of their shape."""
        ...

    def end(self, layers: Sequence[Layer]) -> None:
        """End a step, once all gradients are known: they may only change parameters now."""
        ...

    def observe(self, loss: float) -> None:
        """Take note of the mean loss of an epoch that is done."""
        ...


class Stepper(Update, Protocol):
    """An update whose learning rate is known."""

    @property
    def rate(self) -> float:
        """The learning rate, at the last step that was taken if it changes from step to step."""
        ...


class Sgd:
    """Plain stochastic gradient descent.

    On single samples it multiplies ``(-rate * delta) * value``: a multiplication less per weight than by the gradient.

    Args:
        rate: learning rate.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        # What the parameters of a node share is calculated once.
        self._deltas: Array | None = None
        self._shared: Array = np.zeros(0)

    @property
    def rate(self) -> float:
        """The learning rate."""
        return self._rate

    def checkpoint(self) -> Callable[[], None]:
        """Nothing to put back."""
        return lambda: None

    def begin(self) -> None:
        """Nothing: its steps have nothing in common."""

    def apply(self, place: Place, parameters: Array, deltas: Array, values: Array | float) -> None:
        """Change parameters in place; see `Update.apply`."""
        if deltas is not self._deltas:
            self._deltas, self._shared = deltas, _shared_step(self._rate, deltas)
        parameters[...] = _stepped(parameters, self._shared, values)

    def apply_gradient(self, place: Place, parameters: Array, gradient: Array) -> None:
        """Change parameters in place; see `Update.apply_gradient`."""
        self.apply(place, parameters, gradient, 1.0)

    def end(self, layers: Sequence[Layer]) -> None:
        """Nothing: all has changed by now."""

    def observe(self, loss: float) -> None:
        """Nothing: its rate stays."""
