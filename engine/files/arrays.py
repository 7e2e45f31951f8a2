"""Layers of the weights and biases that other libraries have trained, as arrays in the shapes of PyTorch's Linear."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.arguments import ArgumentError, described_unless_right, fault
from engine.describe import describe, describe_number, is_array
from engine.elementwise import Array
from engine.files.extras import (
    CLASSES,
    FAULTS,
    INPUT_NAMES,
    LOSS,
    OUTPUT_NAMES,
    Extras,
    Sizes,
    exclusive_fault,
)
from engine.interface.limits import MAXIMUM_HIDDEN_LAYERS, MAXIMUM_NODES, MINIMUM_LAYERS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Activator
from engine.layer import Layer
from engine.layers.registry import IMPLIED_FEED_FORWARD

# The arguments of `Network.from_arrays`, as errors count and call them.
WEIGHTS, BIASES, ACTIVATORS = (1, "Weights"), (2, "Biases"), (3, "Activators")
_FURTHER = {LOSS: (4, "Loss"), INPUT_NAMES: (5, "Inputs"), OUTPUT_NAMES: (6, "Outputs"), CLASSES: (7, "Classes")}
# The hidden layers' name and the output layer's.
_PAIR = 2

Argument = tuple[int, str]


def layers_of_arrays(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], activators: Sequence[str]
) -> list[Layer]:
    """Dense layers with copies of the arrays.

    Args:
        weights: for each layer (nodes, inputs).
        biases: for each layer (nodes,).
        activators: one name per layer, or the hidden layers' and the output layer's.

    Raises:
        ArgumentError: if an array or its shape will not do; the message names the layer, counted from 1.
    """
    count = len(_checked_list(WEIGHTS, weights, MINIMUM_LAYERS, MAXIMUM_HIDDEN_LAYERS + 1))
    _checked_list(BIASES, biases, count, count)
    names = _names_of_layers(activators, count)
    matrices: list[Array] = []
    for number, given in enumerate(weights, start=1):
        matrices.append(_matrix(number, given, len(matrices[-1]) if matrices else None))
    rows = [
        _row(number, given, len(matrix))
        for number, (given, matrix) in enumerate(zip(biases, matrices, strict=True), start=1)
    ]
    return [
        Layer(IMPLIED_FEED_FORWARD, matrix.shape[1], matrix, row, name)
        for matrix, row, name in zip(matrices, rows, names, strict=True)
    ]


def extras_of_arrays(layers: Sequence[Layer], loss: object, names: Mapping[str, object]) -> Extras:
    """The loss and the names that stand beside arrays.

    Args:
        layers: what was made of the arrays.
        loss: what training makes small.
        names: those of inputs, outputs and classes, by their fields of the extras; None where there are none.

    Raises:
        ArgumentError: if something will not do.
    """
    fields = {LOSS: loss, **{name: given for name, given in names.items() if given is not None}}
    sizes = Sizes(layers[0].inputs, len(layers), layers[-1].nodes)
    for name, given in fields.items():
        position, label = _FURTHER[name]
        found = FAULTS[name](label, given, sizes)
        if found is not None:
            raise ArgumentError(position, found)
    position, label = _FURTHER[CLASSES]
    found = exclusive_fault(label, fields, CLASSES)
    if found is not None:
        raise ArgumentError(position, found)
    return Extras.from_fields(fields)


def _matrix(number: int, given: ArrayLike, before: int | None) -> Array:
    """The weights of a layer behind one of so many nodes."""
    matrix = _numbers(WEIGHTS, number, given)
    is_right = matrix.ndim == 2 and all(1 <= size <= MAXIMUM_NODES for size in matrix.shape)
    if not is_right or before not in (None, matrix.shape[1]):
        name = "weights_of_first" if before is None else "weights_of_layer"
        rule = fill(MESSAGES[name], inputs=before, layer=number - 1, maximum=MAXIMUM_NODES)
        raise _refusal(WEIGHTS, rule, fill(MESSAGES["got_array_of_shape"], shape=matrix.shape), number)
    return _finite(WEIGHTS, number, matrix)


def _row(number: int, given: ArrayLike, nodes: int) -> Array:
    """The biases of a layer of so many nodes."""
    row = _numbers(BIASES, number, given)
    if row.shape != (nodes,):
        rule = fill(MESSAGES["biases_of_layer"], nodes=nodes)
        raise _refusal(BIASES, rule, fill(MESSAGES["got_array_of_shape"], shape=row.shape), number)
    return _finite(BIASES, number, row)


def _checked_list(argument: Argument, arrays: object, minimum: int, maximum: int) -> Sequence[object]:
    if is_array(arrays) and minimum <= len(arrays) <= maximum:
        return arrays
    count = maximum if minimum == maximum else f"{minimum} to {maximum}"
    raise _refusal(argument, fill(MESSAGES["arrays_of_layers"], count=count), describe(arrays))


def _names_of_layers(activators: object, layers: int) -> list[str]:
    if not is_array(activators) or len(activators) not in {layers, min(_PAIR, layers)}:
        raise _refusal(ACTIVATORS, fill(MESSAGES["activators_of_layers"], layers=layers), describe(activators))
    rule, context = Activator(), {"layers": len(activators)}
    instead = described_unless_right(rule, activators, context)
    if instead is not None:
        raise _refusal(ACTIVATORS, rule.text(**context), instead)
    *hidden, output = map(str, activators)
    return [*(hidden * (layers - 1) if len(hidden) == 1 else hidden), output]


def _numbers(argument: Argument, number: int, given: ArrayLike) -> Array:
    """A copy as doubles of an array of whole numbers or of fractions."""
    if given is None:
        raise _refusal(argument, MESSAGES["array_of_numbers"], describe(None), number)
    try:
        array = np.asarray(given)
    except Exception as error:  # arrays of other libraries raise what they like, as PyTorch's that have gradients
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        is_ragged = isinstance(error, ValueError) and "inhomogeneous" in reason
        got = MESSAGES["got_ragged"] if is_ragged else fill(MESSAGES["got_failure"], reason=reason)
        raise _refusal(argument, MESSAGES["array_of_numbers"], got, number) from error
    if array.dtype.kind not in "iuf":
        got = fill(MESSAGES["got_array_of_type"], type=array.dtype)
        raise _refusal(argument, MESSAGES["array_of_numbers"], got, number)
    numbers = np.array(array, dtype=np.float64, order="C")
    if isinstance(given, np.ma.MaskedArray):
        numbers[np.ma.getmaskarray(given)] = np.nan
    return numbers


def _finite(argument: Argument, number: int, numbers: Array) -> Array:
    places = np.argwhere(~np.isfinite(numbers))
    if len(places):
        place = places[0].tolist()
        got = fill(MESSAGES["got_at"], got=describe_number(float(numbers[tuple(place)])), place=place)
        raise _refusal(argument, MESSAGES["array_of_finite"], got, number)
    return numbers


def _refusal(argument: Argument, rule: str, got: str, number: int | None = None) -> ArgumentError:
    position, label = argument
    place = label if number is None else fill(MESSAGES["of_layer"], label=label, layer=number)
    return ArgumentError(position, fault(place, rule, got))
