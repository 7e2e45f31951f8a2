"""The pipeline: one network → its numbers as they will be held → a layout → templates → one ModuleScript."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from codegen.layout import break_long_lines
from codegen.luau_formulas import define, needed, read_formulas
from codegen.luau_functions import LuauParameter, concatenation
from codegen.packed_layout import packed_layers, packed_order
from codegen.packed_numbers import packed, packed_length
from codegen.precision import held, largest_error
from codegen.render import render
from codegen.template_context import template_context
from codegen.unrolled_layout import UnrolledLayout, literal, parameter_count
from engine import Network
from engine.formulas.registry import ACTIVATIONS
from engine.spec import (
    ERROR_SAMPLES,
    ERROR_SEED,
    FUNCTIONS,
    MESSAGES,
    SCRIPT_CHARACTERS,
    VERSION,
    Number,
    Parameter,
    Precision,
    fill,
)


class TooLargeError(ValueError):
    """A network that no ModuleScript can hold. The text is the sentence to show."""


class Layout(Enum):
    """How a module is built; its value is the name of its template."""

    UNROLLED = "unrolled"
    PACKED = "packed"


@dataclass(frozen=True)
class InferenceModule:
    """A ModuleScript for one network, and what it costs.

    Attributes:
        source: its text.
        layout: how it is built.
        parameters: how many weights and biases take part.
        multiply_adds: how many weights are multiplied and added in a call.
    """

    source: str
    layout: Layout
    parameters: int
    multiply_adds: int


def inference_module(network: Network, precision: Precision = Precision.F64, name: str = "Brain") -> InferenceModule:
    """A ModuleScript that is one network and nothing else.

    Args:
        network: the network, with the state that it is to start from.
        precision: how exactly the module holds weights and biases.
        name: what the example in its first lines calls it.

    Raises:
        ArgumentError: if training has driven a number to nan or infinity.
        PrecisionError: if a number is too large for single precision.
        TooLargeError: if Roblox would not take the module.
    """
    network.checked_table("saveNet")
    layout = layout_of(network)
    parameters = parameter_count(network)
    if layout is Layout.PACKED and packed_length(parameters, precision) >= SCRIPT_CHARACTERS:
        raise TooLargeError(_too_large(parameters))
    rounded = held(network, precision, is_packed=layout is Layout.PACKED)
    context = template_context() | _common(rounded) | _OF_LAYOUT[layout](rounded, precision)
    heading = _heading(network, rounded, precision, layout, name)
    source = break_long_lines(
        render("inference/module.luau.jinja", context | {"layout": layout.value, "heading": heading})
    )
    if len(source) >= SCRIPT_CHARACTERS:
        raise TooLargeError(_too_large(parameters))
    return InferenceModule(source, layout, parameters, _multiply_adds(network))


def layout_of(network: Network) -> Layout:
    """How the module of a network is built."""
    return Layout.UNROLLED if UnrolledLayout(network).fits else Layout.PACKED


def _multiply_adds(network: Network) -> int:
    return sum(layer.weights.size + (0 if layer.memory is None else layer.nodes) for layer in network.layers)


def _too_large(parameters: int) -> str:
    """Why there is no module, and what to do."""
    return (
        f"The network has {parameters:,} weights and biases, and a script takes fewer than {SCRIPT_CHARACTERS:,} "
        f"characters: about {_most(Precision.F64):,} of them in f64, {_most(Precision.F32):,} in f32. "
        "Save it as a string instead, and load it with loadNet."
    )


def _most(precision: Precision) -> int:
    """About how many numbers fit into a script, rounded down to thousands."""
    return int(SCRIPT_CHARACTERS * 3 / 4 / precision.size * 0.95) // 1000 * 1000


def _heading(network: Network, rounded: Network, precision: Precision, layout: Layout, name: str) -> list[str]:
    """The first lines of the module: what it is and how to use it."""
    example = ", ".join(["0"] * network.inputs) if network.inputs <= 8 else "…"
    lines = [
        f"A neural network, {network.shape}: {parameter_count(network):,} weights and biases in "
        f"{'double' if precision is Precision.F64 else 'single'} precision ({precision.value}), "
        f"{_multiply_adds(network):,} multiply-adds.",
        "",
        f"\tlocal {name} = require(script.Parent.{name})",
        f"\tlocal outputs = {name}({{ {example} }})",
    ]
    if layout is Layout.UNROLLED and UnrolledLayout(network).has_values:
        outputs = ", ".join(f"y{number}" for number in range(1, network.outputs + 1))
        lines.append(f"\tlocal {outputs} = {name}.values({example})")
    if network.recurrent:
        lines.append(f"\t{name}.reset() -- forgets the last time step")
    lines.append("")
    if precision is Precision.F32:
        lines += [*_error_lines(network, rounded), ""]
    return [*lines, f"Generated by luaunn export, version {VERSION}. Do not edit: export the network again."]


def _error_lines(network: Network, rounded: Network) -> list[str]:
    error = largest_error(network, rounded)
    order = " in sequence" if network.recurrent else ""
    if not math.isfinite(error):
        return ["Its outputs grow beyond all numbers, so how far off single precision makes them cannot be measured."]
    return [
        f"No output was more than {rounded_up(error)} off the network's in double precision, on {ERROR_SAMPLES:,} "
        "samples of inputs",
        f"between -1 and 1{order} (uniform, seed {ERROR_SEED}, computed in Python).",
    ]


def rounded_up(error: float) -> str:
    """A bound with two digits that is not below an error."""
    if error == 0:
        return "0"
    exponent = math.floor(math.log10(error)) - 1
    return f"{math.ceil(error / 10.0**exponent + 1e-9) * 10.0**exponent:.1e}"


def _common(network: Network) -> dict[str, object]:
    """What every layout needs."""
    modules = read_formulas()
    formulas = {_value(layer.activator) for layer in network.layers}
    names: set[str] = set().union(*(needed(modules, each) for each in formulas))
    (inputs,) = (each for each in FUNCTIONS["forwardNet"].parameters if each.name == "inputs")
    argument = LuauParameter(1, inputs)
    states = [layer.memory.state for layer in network.layers if layer.memory is not None]
    return {
        "inputs": network.inputs,
        "outputs": network.outputs,
        "inputs_refusal": argument.refusal(argument.fault, count=str(network.inputs).join('""'), got="got"),
        "formulas": define(modules, "activations", names) if names else "",
        "states": [float(value) for value in np.concatenate(states)] if states else [],
        "constant": literal,
    }


def _value_refusal(number: int) -> str:
    """The error for one of the arguments of `values`."""
    argument = LuauParameter(number, Parameter(f"x{number}", f"Input {number}", Number(), ""))
    return argument.refusal(argument.fault, got=f"describe(x{number})")


def _value(activator: str) -> str:
    return f"activations.{ACTIVATIONS[activator].value.__name__}"


def _unrolled(network: Network, _: Precision) -> dict[str, object]:
    layout = UnrolledLayout(network)
    return {
        "pieces": layout.pieces,
        "layer_count": len(network.layers),
        "is_small": layout.is_small,
        "has_values": layout.has_values,
        "value_refusal": _value_refusal,
        "input_numbers": range(1, network.inputs + 1),
        "output_numbers": range(1, network.outputs + 1),
    }


def _packed(network: Network, precision: Precision) -> dict[str, object]:
    layers, numbers = packed_layers(network), packed_order(network)
    return {
        "has_values": False,
        "layers": layers,
        "packed": packed(numbers, precision),
        "number_count": len(numbers),
        "precision": precision,
        "mantissa_bits": 52 if precision is Precision.F64 else 23,
        "exponent_bias": 1023 if precision is Precision.F64 else 127,
        "block_widths": sorted({width for layer in layers for _, width in layer.blocks}, reverse=True),
        "group_widths": sorted({width for layer in layers for width in layer.group_widths}, reverse=True),
        "plain_activators": sorted({layer.activator for layer in layers if not layer.recurrent}),
        "recurrent_activators": sorted({layer.activator for layer in layers if layer.recurrent}),
        "value_path": _value,
    }


_OF_LAYOUT = {Layout.UNROLLED: _unrolled, Layout.PACKED: _packed}
