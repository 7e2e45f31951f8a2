"""Nodes that see all inputs."""

from engine.layers.operations import Array, Parts, row_sums
from engine.layers.records import LayerKind


def columns(inputs: float, nodes: float) -> float:
    """How many weights are in a row."""
    return inputs


def forward(layer: Parts, inputs: Array) -> Array:
    """Weighted sums of the inputs, biases and the activation."""
    sums = row_sums(layer.weights, inputs)
    sums = sums + layer.biases
    outputs = layer.activation(sums)
    return outputs


DENSE = LayerKind("Dense", forward, columns, has_state=False, description="the inputs")
