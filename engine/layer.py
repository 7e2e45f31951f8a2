"""One layer of a network: its parameters and, where its kind has one, its state."""

from dataclasses import dataclass

from engine.elementwise import Array
from engine.layers.registry import LAYER_KINDS


@dataclass(eq=False)
class Layer:
    """Nodes that each see all outputs of the layer before.

    Attributes:
        kind: the name of its kind (see `engine.layers.registry.LAYER_KINDS`).
        inputs: how many outputs the layer before has.
        weights: the rows of the network table: first the weights of the inputs, then those of what a kind sees besides.
        biases: (nodes,).
        activator: name of the activation.
        state: (nodes,), or None where the kind has no state.
    """

    kind: str
    inputs: int
    weights: Array
    biases: Array
    activator: str
    state: Array | None = None

    @property
    def nodes(self) -> int:
        """How many nodes."""
        return len(self.biases)

    @property
    def input_weights(self) -> Array:
        """The weights of the inputs, (nodes, inputs): a view."""
        return self.weights[:, : self.inputs]

    @property
    def numbers(self) -> tuple[Array, ...]:
        """All that a step may change: weights, biases and, where there is one, the state."""
        return (self.weights, self.biases) if self.state is None else (self.weights, self.biases, self.state)

    @property
    def remembers(self) -> bool:
        """Whether its state takes part in what it puts out."""
        return LAYER_KINDS[self.kind].remembers

    def copy(self) -> "Layer":
        """A layer of its own with the same numbers."""
        weights, biases, *state = (array.copy() for array in self.numbers)
        return Layer(self.kind, self.inputs, weights, biases, self.activator, *state)

    def forget(self) -> None:
        """Set the state to zero."""
        if self.state is not None:
            self.state[:] = 0.0
