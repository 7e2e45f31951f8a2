"""What a kind of layer consists of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.layers.program import Program, read_program


@dataclass(frozen=True)
class LayerKind:
    """A kind of layer.

    Attributes:
        name: as networks name it.
        forward: its program, a straight line: what `engine.layers.program` reads.
        columns: formula: how many weights are in a row, of (inputs, nodes).
        has_state: whether the layer has a third part, one number per node. What its program keeps lies there.
        description: what its nodes see.
    """

    name: str
    forward: Callable[..., Any]
    columns: Callable[[float, float], float]
    has_state: bool
    description: str

    @property
    def program(self) -> Program:
        """Its program, read."""
        return read_program(self.forward)

    @property
    def remembers(self) -> bool:
        """Whether its program keeps a state; a state that it does not keep is out of play."""
        return self.program.state is not None
