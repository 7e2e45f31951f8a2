"""Nodes that see all inputs and their own last output, each with one weight: the original library's recurrent layer."""

from engine.layers.dense import forward as dense_forward
from engine.layers.operations import Array, Parts, own_column, row_sums
from engine.layers.records import LayerKind


def columns(inputs: float, nodes: float) -> float:
    """How many weights are in a row."""
    return inputs + 1.0


def forward(layer: Parts, inputs: Array) -> tuple[Array, Array]:
    """Weighted sums of the inputs, the nodes' own last outputs, biases and the activation."""
    sums = row_sums(layer.weights, inputs)
    sums = sums + layer.state * own_column(layer.weights, inputs)
    sums = sums + layer.biases
    outputs = layer.activation(sums)
    return outputs, outputs


RECURRENT = LayerKind("Recurrent", forward, columns, has_state=True, description="the inputs and its own last output")
# The output layer of the original's recurrent networks has a weight and a state too, both out of play.
RECURRENT_OUTPUT = LayerKind(
    "RecurrentOutput", dense_forward, columns, has_state=True, description="the inputs, with a state out of play"
)
