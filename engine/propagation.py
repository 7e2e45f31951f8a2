"""Forward and backward through layers.

A node sums ``0 + x₁ w₁ + x₂ w₂ + …`` from left to right, then its recurrent term, then its bias. The Luau kernels
add in the same order, so that both give the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.elementwise import Array, elementwise
from engine.formulas import losses, optimizers
from engine.formulas.registry import ACTIVATIONS
from engine.layer import Layer

_loss = elementwise(losses.half_squared_error)
_loss_slope = elementwise(losses.half_squared_error_slope)
_sgd_step = elementwise(optimizers.sgd_step)
_sgd = elementwise(optimizers.sgd)


@dataclass(frozen=True)
class Pass:
    """What one layer did in a forward pass: its pre-activations, its outputs and the state that it read."""

    sums: Array
    outputs: Array
    state: Array | None


def ordered_sum(weights: Array, values: Array) -> Array:
    """Each row of weights (nodes, n) times the values (…, n), added left to right: (…, nodes)."""
    total = np.zeros((*values.shape[:-1], len(weights)))
    for index in range(weights.shape[1]):
        total += values[..., index, None] * weights[:, index]
    return total


def forward(layers: Sequence[Layer], inputs: Array) -> list[Pass]:
    """Run inputs (…, inputs) through all layers and store the new states."""
    passes = []
    values = inputs
    for layer in layers:
        done = forward_layer(layer, ordered_sum(layer.weights, values))
        passes.append(done)
        values = done.outputs
    return passes


def forward_by_matrix_product(layers: Sequence[Layer], inputs: Array) -> list[Pass]:
    """Like `forward`, faster for large layers and batches, but added in whatever order BLAS likes."""
    passes = []
    values = inputs
    for layer in layers:
        done = forward_layer(layer, values @ layer.weights.T)
        passes.append(done)
        values = done.outputs
    return passes


def forward_layer(layer: Layer, sums: Array) -> Pass:
    """Finish a layer from its weighted sums."""
    memory, state = layer.memory, None
    if memory is not None:
        state = memory.state
        sums = sums + state * memory.weights
    sums = sums + layer.biases
    outputs = elementwise(ACTIVATIONS[layer.activator].value)(sums)
    if memory is not None:
        memory.state = outputs.copy()
    return Pass(sums, outputs, state)


def backward(layers: Sequence[Layer], rate: float, inputs: Array, target: Array) -> float:
    """One step of stochastic gradient descent on one sample, in place; the loss is half the squared error.

    Recurrent weights learn from the state that the step read (backpropagation through one time step).

    Returns:
        The sample's loss before the step, added output by output.
    """
    passes = forward(layers, inputs)
    outputs = passes[-1].outputs
    error = _loss_slope(outputs, target)
    for index in reversed(range(len(layers))):
        layer, done = layers[index], passes[index]
        values = passes[index - 1].outputs if index else inputs
        deltas = error * elementwise(ACTIVATIONS[layer.activator].slope)(done.sums, done.outputs)
        if index:
            error = ordered_sum(layer.weights.T, deltas)
        step = _sgd_step(rate, deltas)
        layer.weights[:] = _sgd(layer.weights, step[:, None], values)
        if layer.memory is not None and done.state is not None:
            layer.memory.weights[:] = _sgd(layer.memory.weights, step, done.state)
        layer.biases[:] = _sgd(layer.biases, step, 1.0)
    return ordered_total(_loss(outputs, target))


def backward_batch(layers: Sequence[Layer], rate: float, inputs: Array, targets: Array) -> float:
    """One step along the mean gradient of a batch (samples, inputs) of a feed-forward network, in place.

    Sums are matrix products, added in whatever order BLAS likes.

    Returns:
        The sum of the samples' losses before the step.
    """
    passes = forward_by_matrix_product(layers, inputs)
    outputs = passes[-1].outputs
    error = _loss_slope(outputs, targets)
    for index in reversed(range(len(layers))):
        layer, done = layers[index], passes[index]
        values = passes[index - 1].outputs if index else inputs
        deltas = error * elementwise(ACTIVATIONS[layer.activator].slope)(done.sums, done.outputs)
        if index:
            error = deltas @ layer.weights
        layer.weights[:] = _sgd(layer.weights, _sgd_step(rate, deltas.T @ values / len(inputs)), 1.0)
        layer.biases[:] = _sgd(layer.biases, _sgd_step(rate, deltas.mean(axis=0)), 1.0)
    return float(_loss(outputs, targets).sum())


def ordered_total(values: Array) -> float:
    """The sum of some numbers, added left to right (the sums of numpy and of Python are not)."""
    total = 0.0
    for value in values.tolist():
        total += value
    return total
