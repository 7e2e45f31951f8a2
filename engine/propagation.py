"""Forward and backward through layers, as the programs of their kinds say.

A node sums ``0 + x₁ w₁ + x₂ w₂ + …`` from left to right, then its recurrent term, then its bias. The Luau kernels
add in the same order, so that both give the same bits.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.elementwise import Array, arguments_of, elementwise
from engine.formulas.records import Formula, Loss
from engine.formulas.registry import ACTIVATIONS, OUTPUT_ACTIVATIONS
from engine.kernels import arrays
from engine.layer import Layer
from engine.layers.array_code import ArrayCode, Known, code_of
from engine.layers.array_loops import BY_MATRIX_PRODUCT, ORDERED, Loops, Sums
from engine.layers.derivative import BIASES_PART, ERROR, WEIGHTS_PART, Collect
from engine.layers.registry import LAYER_KINDS
from engine.training.dropout import Masks
from engine.training.updates import Place, Update


class Pass(NamedTuple):
    """What one layer did in a forward pass.

    Attributes:
        known: the layer's parts, with the state that was read, its inputs and results of its program, by their names.
        outputs: the result that goes on.
    """

    known: Known
    outputs: Array


def forward(layers: Sequence[Layer], inputs: Array) -> list[Pass]:
    """Run inputs (…, inputs) through all layers and store the new states."""
    return _forward(layers, inputs, ORDERED)


def forward_by_matrix_product(layers: Sequence[Layer], inputs: Array) -> list[Pass]:
    """Like `forward`, faster for large layers and batches, but added in whatever order BLAS likes."""
    return _forward(layers, inputs, BY_MATRIX_PRODUCT)


def _forward(layers: Sequence[Layer], inputs: Array, sums: Sums, masks: Masks = ()) -> list[Pass]:
    """Only what goes on to the next layer is masked: a layer remembers its own outputs as they are."""
    passes = []
    values = inputs
    for index, layer in enumerate(layers):
        done = forward_layer(layer, values, sums)
        passes.append(done)
        values = _masked(done.outputs, masks, index)
    return passes


def _masked(values: Array, masks: Masks, index: int) -> Array:
    """Outputs of a layer, or their errors, as they go on through its mask."""
    mask = masks[index] if masks else None
    return values if mask is None else values * mask


def forward_layer(layer: Layer, inputs: Array, sums: Sums) -> Pass:
    """Run inputs (…, inputs) through one layer, with these ways of adding, and store its new state."""
    code = _code(layer)
    known = {"weights": layer.weights, "biases": layer.biases, "inputs": inputs}
    if layer.state is not None:
        known["state"] = layer.state
    code.forward(known, sums, _activated(layer.activator))
    if code.state is not None:
        layer.state = known[code.state].copy()
    return Pass(known, known[code.outputs])


def losses(layers: Sequence[Layer], inputs: Array, targets: Array, loss: Loss, *, ordered: bool) -> tuple[Array, Array]:
    """The loss of each sample and the outputs, (…,) and (…, outputs); new states are stored.

    Args:
        layers: the network's.
        inputs: (…, inputs).
        targets: (…, outputs).
        loss: what is measured.
        ordered: whether sums are added in order.
    """
    passes = _forward(layers, inputs, ORDERED if ordered else BY_MATRIX_PRODUCT)
    measured, _, _ = _measured(layers[-1], passes[-1], targets, loss)
    return measured, passes[-1].outputs


def backward(
    layers: Sequence[Layer],
    update: Update,
    inputs: Array,
    target: Array,
    loss: Loss,
    masks: Masks = (),
    weight: float | None = None,
) -> float:
    """One step on one sample, in place.

    Recurrent weights learn from the state that the step read (backpropagation through one time step).

    Args:
        layers: the network's.
        update: how parameters change.
        inputs: (inputs,).
        target: (outputs,).
        loss: what the step makes smaller.
        masks: what outputs are multiplied by before they go on; with none they go on as they are.
        weight: what the loss and its gradient are multiplied by; None leaves them as they are.

    Returns:
        The sample's loss before the step, added output by output. If it is not finite, nothing has changed.
    """
    states = [layer.state for layer in layers]
    passes = _forward(layers, inputs, ORDERED, masks)
    measured, error, is_delta = _measured(layers[-1], passes[-1], target, loss)
    if weight is not None:
        measured, error = measured * weight, error * weight
    if not np.isfinite(measured):
        for layer, state in zip(layers, states, strict=True):
            layer.state = state
        return float(measured)
    update.begin()
    for index, layer, code, known in _backward(layers, passes, error, ORDERED, masks, is_delta=is_delta):
        columns = {name: known[name][:, None] for name in code.deltas}
        for collect in code.collects:
            place = _place(index, collect, known)
            update.apply(place, _parameters(layer, place), columns[collect.deltas], _values(collect, known))
    update.end(layers)
    return float(measured)


def backward_batch(
    layers: Sequence[Layer],
    update: Update,
    inputs: Array,
    targets: Array,
    loss: Loss,
    masks: Masks = (),
    weights: Array | None = None,
    *,
    ordered: bool,
) -> Array:
    """One step along the mean gradient of a batch of a network without states, in place.

    Args:
        layers: the network's.
        update: how parameters change.
        inputs: (samples, inputs).
        targets: (samples, outputs).
        loss: what the step makes smaller.
        masks: what outputs are multiplied by before they go on; with none they go on as they are.
        weights: what the samples' losses and their gradients are multiplied by, (samples,); None leaves them.
        ordered: whether sums are added in order, those over samples from the first to the last. Otherwise they are
            matrix products, added in whatever order BLAS likes.

    Returns:
        The samples' losses before the step, (samples,). If one of them is not finite, nothing has changed.
    """
    loops: Loops = ORDERED if ordered else BY_MATRIX_PRODUCT
    passes = _forward(layers, inputs, loops, masks)
    measured, error, is_delta = _measured(layers[-1], passes[-1], targets, loss)
    if weights is not None:
        measured, error = measured * weights, error * weights[:, None]
    if not np.isfinite(measured).all():
        return measured
    update.begin()
    for index, layer, code, known in _backward(layers, passes, error, loops, masks, is_delta=is_delta):
        for collect in code.collects:
            place = _place(index, collect, known)
            gradient = _gradient(collect, known, loops) / len(inputs)
            update.apply_gradient(place, _parameters(layer, place), gradient)
    update.end(layers)
    return measured


def output_slopes(
    layers: Sequence[Layer], inputs: Array, targets: Array, loss: Loss, *, ordered: bool
) -> tuple[Array, Array, Array]:
    """The slopes of all outputs by all parameters of a network without states, with what a loss says of the outputs.

    They are what a backward pass gives for an error of 1 in one output and of 0 in all others.

    Args:
        layers: the network's.
        inputs: (samples, inputs).
        targets: (samples, outputs).
        loss: what is measured; none that is fused with the output layer's activation.
        ordered: whether sums are added in order.

    Returns:
        The samples' losses, (samples,); their slopes by the outputs, (samples, outputs); the outputs' slopes, (samples,
        outputs, parameters): layer by layer its weights row by row, then its biases.
    """
    loops: Loops = ORDERED if ordered else BY_MATRIX_PRODUCT
    passes = _forward(layers, inputs, loops)
    measured, errors, is_delta = _measured(layers[-1], passes[-1], targets, loss)
    assert not is_delta
    flat = _flat_places(layers)
    slopes = np.zeros((*errors.shape, sum(each.size for parts in flat for each in parts.values())))
    for output in range(errors.shape[-1]):
        alone = np.zeros_like(errors)
        alone[:, output] = 1.0
        again = [Pass(dict(done.known), done.outputs) for done in passes]
        for index, _, code, known in _backward(layers, again, alone, loops, (), is_delta=False):
            for collect in code.collects:
                place = _place(index, collect, known)
                at = flat[index][place.part][place.at]
                slopes[:, output, at] = known[collect.deltas][..., None] * _values_of_samples(collect, known)
    return measured, errors, slopes


def _flat_places(layers: Sequence[Layer]) -> list[dict[str, NDArray[np.int64]]]:
    """Where each parameter of each layer stands among all."""
    first, flat = 0, []
    for layer in layers:
        parts: dict[str, NDArray[np.int64]] = {}
        for part in ("weights", "biases"):
            shape = getattr(layer, part).shape
            parts[part] = first + np.arange(math.prod(shape)).reshape(shape)
            first += parts[part].size
        flat.append(parts)
    return flat


def _values_of_samples(collect: Collect, known: Known) -> Array | float:
    """What the parameters at a place were multiplied with in each sample: it and deltas (…, nodes, 1) broadcast."""
    if collect.values is None:
        return 1.0
    values = known[collect.values]
    return values[..., None, :] if collect.part == WEIGHTS_PART else values[..., None]


def _measured(layer: Layer, done: Pass, targets: Array, loss: Loss) -> tuple[Array, Array, bool]:
    """The loss of each sample, the errors of the outputs, and whether these are the output layer's deltas already."""
    outputs, error, name = done.outputs, np.empty_like(done.outputs), _code(layer).sums
    fused = loss.fused_with(layer.activator) if name is not None else None
    sums = outputs if name is None else done.known[name]
    given, settings, formulas = (sums, outputs, targets, error, outputs.shape[-1]), loss.values, fused or loss
    value, slope = _by_name(formulas.value, settings), _by_name(formulas.slope, settings)
    if fused is None:
        return arrays.measure(*given, value, slope), error, False
    if fused.level is None:
        return arrays.measure_sums(*given, value, slope), error, True
    return arrays.measure_shares(*given, elementwise(fused.level), value, slope), error, True


def _by_name(formula: Formula, known: Mapping[str, float]) -> Callable[..., Array]:
    """A formula for arrays that are given by their names, whatever they are called with; some are known."""
    over_arrays, names = elementwise(formula), arguments_of(formula)

    def of(**given: Array | float) -> Array:
        return over_arrays(*(given[each] if each in given else known[each] for each in names))

    return of


def _backward(
    layers: Sequence[Layer], passes: list[Pass], error: Array, loops: Loops, masks: Masks, *, is_delta: bool
) -> Iterator[tuple[int, Layer, ArrayCode, Known]]:
    """Go backward through the layers, which takes the passes away.

    Each layer comes with its index, its code and all that is known of it by then, when no parameter of it is needed any
    more: it may change. The first error may be a delta already.
    """
    while passes:
        known = passes.pop().known
        index = len(passes)
        layer = layers[index]
        code = _code(layer)
        known[ERROR] = error
        is_first = index == len(layers) - 1
        code.backward(known, loops, _as_it_is if is_delta and is_first else _scaled(layer.activator))
        # Before the first layer nobody wants to know what its inputs are worth.
        if index > 0:
            code.share(known, loops)
            error = _masked(known[code.share_name], masks, index - 1)
        yield index, layer, code, known


def _place(index: int, collect: Collect, known: Known) -> Place:
    if collect.part == BIASES_PART:
        return _place_of(index, "biases", None, 1)
    first = 0 if collect.after is None else known[collect.after].shape[-1]
    width = known[collect.values].shape[-1] if collect.part == WEIGHTS_PART and collect.values is not None else 1
    return _place_of(index, "weights", first, width)


@cache
def _place_of(layer: int, part: str, first: int | None, width: int) -> Place:
    """Where columns lie; biases have no first one."""
    return Place(layer, part, (slice(None), None if first is None else slice(first, first + width)))


def _parameters(layer: Layer, place: Place) -> Array:
    """A view of the parameters at a place."""
    array: Array = getattr(layer, place.part)
    return array[place.at]


def _values(collect: Collect, known: Known) -> Array | float:
    """What the parameters at a place were multiplied with in one sample, so that they and it broadcast."""
    if collect.values is None:
        return 1.0
    values = known[collect.values]
    return values if collect.part == WEIGHTS_PART else values[:, None]


def _gradient(collect: Collect, known: Known, loops: Loops) -> Array:
    """The gradient of the parameters at a place: the sum over all samples."""
    deltas = known[collect.deltas]
    if collect.values is None:
        return loops.total(deltas)[:, None]
    values = known[collect.values]
    return loops.gradient(deltas, values) if collect.part == WEIGHTS_PART else loops.total(deltas * values)[:, None]


def _activated(name: str) -> Callable[[Array], Array]:
    """The values of an activation, of a layer's (…, nodes) pre-activations."""
    if name in ACTIVATIONS:
        return elementwise(ACTIVATIONS[name].value)
    record = OUTPUT_ACTIVATIONS[name]
    power, share = elementwise(record.power), elementwise(record.share)

    def shares(sums: Array) -> Array:
        outputs = np.empty_like(sums)
        arrays.activate_shares(sums.copy(), np.zeros(sums.shape[-1]), outputs, sums.shape[-1], power, share)
        return outputs

    return shares


def _as_it_is(error: Array, sums: Array, outputs: Array) -> Array:
    return error


def _scaled(name: str) -> Callable[[Array, Array, Array], Array]:
    """What makes deltas of errors, by an activation's pre-activations and values."""
    if name in ACTIVATIONS:
        slope = elementwise(ACTIVATIONS[name].slope)
        return lambda error, sums, outputs: error * slope(sums, outputs)
    slope = elementwise(OUTPUT_ACTIVATIONS[name].slope)

    def deltas(error: Array, sums: Array, outputs: Array) -> Array:
        scaled = error.copy()
        arrays.scale_by_share_slope(scaled, sums, outputs, sums.shape[-1], slope)
        return scaled

    return deltas


def _code(layer: Layer) -> ArrayCode:
    return code_of(LAYER_KINDS[layer.kind].forward)
