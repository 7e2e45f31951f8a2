"""Nodes that see all inputs and the last outputs of all of them (Elman 1990)."""

from engine.layers.operations import Array, Parts, add_row_sums, row_sums
from engine.layers.records import LayerKind


def columns(inputs: float, nodes: float) -> float:
    """How many weights are in a row."""
    return inputs + nodes


def forward(layer: Parts, inputs: Array) -> tuple[Array, Array]:
    """Weighted sums of the inputs, then of all nodes' last outputs, biases and the activation."""
    sums = row_sums(layer.weights, inputs)
    sums = add_row_sums(sums, layer.weights, layer.state, inputs)
    sums = sums + layer.biases
    outputs = layer.activation(sums)
    return outputs, outputs


ELMAN = LayerKind("Elman", forward, columns, has_state=True, description="the inputs and the last outputs of all nodes")
