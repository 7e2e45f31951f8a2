"""One layer of a network: its parameters and, when recurrent, its memory."""

from dataclasses import dataclass

from engine.elementwise import Array


@dataclass(eq=False)
class Recurrence:
    """How the nodes of a layer see their own last outputs.

    Attributes:
        weights: (nodes,) weight of each node's own last output.
        state: (nodes,) each node's last output.
        in_play: False in an output layer, where these numbers exist only because the network table always held them.
    """

    weights: Array
    state: Array
    in_play: bool


@dataclass(eq=False)
class Layer:
    """Nodes that each see all ``fan_in`` outputs of the layer before.

    Attributes:
        weights: (nodes, fan_in).
        biases: (nodes,).
        activator: name of the activation.
        recurrence: the recurrent part, or None in a feed-forward network.
    """

    weights: Array
    biases: Array
    activator: str
    recurrence: Recurrence | None = None

    @property
    def nodes(self) -> int:
        """How many nodes."""
        return len(self.biases)

    @property
    def memory(self) -> Recurrence | None:
        """The recurrent part where it takes part in the layer's sums."""
        return self.recurrence if self.recurrence is not None and self.recurrence.in_play else None

    @property
    def numbers(self) -> tuple[Array, ...]:
        """All that a step may change: weights and biases and, if there is a recurrence, its weights and state."""
        recurrence = self.recurrence
        own = (self.weights, self.biases)
        return own if recurrence is None else (*own, recurrence.weights, recurrence.state)

    def forget(self) -> None:
        """Set the state to zero."""
        if self.recurrence is not None:
            self.recurrence.state[:] = 0.0
