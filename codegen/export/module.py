"""The pipeline: one network → its numbers as they will be held → a layout → templates → one ModuleScript."""

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from codegen.export import limits
from codegen.export.coded_rows import CodedRows, coded_rows
from codegen.export.limits import (
    CALL_COSTS,
    CODED_CODE,
    CODED_CODE_PER_LAYER,
    ERROR_SAMPLES,
    ERROR_SEED,
    PACKED_CODE,
    VALUES_INPUTS,
    Precision,
)
from codegen.export.packed import packed_layers, packed_order
from codegen.export.packed_numbers import packed, packed_length
from codegen.export.precision import ExportError, VectorNetwork, held, largest_error
from codegen.export.shares import shares_of
from codegen.export.unrolled import UnrolledLayout, literal, parameter_count
from codegen.library.line_breaks import WIDTH, break_long_lines
from codegen.library.render import render
from codegen.library.signatures import LuauParameter
from codegen.library.template_context import common_context
from codegen.translate.luau_formulas import assign, define_needed, path_of, read_formulas
from codegen.translate.luau_literals import luau_string
from codegen.translate.luau_rules import RESERVED_WORDS
from engine import Network
from engine.files.extras import Extras
from engine.formulas.registry import ACTIVATIONS
from engine.interface.functions import FUNCTIONS
from engine.interface.limits import SCRIPT_CHARACTERS, VERSION
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Number, Parameter
from engine.layers.registry import IMPLIED_KINDS

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


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
        precision: how exactly it holds weights and biases.
        parameters: how many weights and biases it holds.
        values: how many inputs and nodes it has.
        coded: how many weights of a packed module are constants.
        multiply_adds: how many weights are multiplied and added in a call.
    """

    source: str
    layout: Layout
    precision: Precision
    parameters: int
    values: int
    multiply_adds: int
    coded: int

    @property
    def seconds(self) -> tuple[float, float]:
        """About how long a call takes: interpreted, and compiled to native code."""
        has_vectors = self.layout is Layout.PACKED and self.precision is Precision.F32
        interpreted = CALL_COSTS["vectors" if has_vectors else self.layout.value, "interpreted"]
        native = CALL_COSTS[self.layout.value, "native"]
        saved = self.coded * (interpreted.multiply_add - CALL_COSTS["unrolled", "interpreted"].multiply_add)
        return (
            interpreted.seconds(self.values, self.multiply_adds) - saved,
            native.seconds(self.values, self.multiply_adds),
        )


def inference_module(network: Network, precision: Precision = Precision.F64, name: str = "Brain") -> InferenceModule:
    """A ModuleScript that is one network and nothing else.

    Args:
        network: the network, with the state that it is to start from.
        precision: how exactly the module holds weights and biases.
        name: what the example in its first lines calls it.

    Raises:
        ArgumentError: if training has driven a number to nan or infinity.
        ExportError: if a layer is of a kind that no module has code for, if Roblox would not take the module, or single
            precision one of the numbers.
    """
    network.checked_table("saveNet")
    _check_kinds(network)
    ends = network.extras
    if ends.input_scaler or ends.target_scaler:
        # The module scales around what is made of the network without its scalers.
        network = network.copy()
        network.set_scaler()
    parameters = parameter_count(network)
    for layout in layouts_of(network, precision):
        if layout is Layout.PACKED and packed_length(parameters, precision) >= SCRIPT_CHARACTERS:
            continue
        source, coded = _source(network, ends, precision, layout, name), []
        if layout is Layout.PACKED and precision is Precision.F64:
            coded = _that_fit(coded_rows(network), SCRIPT_CHARACTERS - len(source))
        if coded:
            source = _source(network, ends, precision, layout, name, coded)
        if len(source) < SCRIPT_CHARACTERS:
            values = network.inputs + sum(layer.nodes for layer in network.layers)
            in_code = sum(each.weights for each in coded)
            return InferenceModule(source, layout, precision, parameters, values, _multiply_adds(network), in_code)
    raise ExportError(_too_large(len(network.layers), parameters, precision))


def _check_kinds(network: Network) -> None:
    further = sorted({layer.kind for layer in network.layers} - IMPLIED_KINDS)
    if further:
        raise ExportError(
            f"A module of its own cannot have layers of kind {', '.join(further)}, only of "
            f"{', '.join(sorted(IMPLIED_KINDS))}; save the network as a string and load it with loadNet instead."
        )


def layouts_of(network: Network, precision: Precision) -> list[Layout]:
    """How the module of a network may be built, fastest first."""
    return [*([Layout.UNROLLED] if UnrolledLayout(network, precision).fits else []), Layout.PACKED]


def _that_fit(rows: Iterable[CodedRows], room: int) -> list[CodedRows]:
    """The first rows that can get functions where a script has room for so many more characters."""
    left = room - CODED_CODE
    fitting = []
    for each in rows:
        left -= len(f"{each.text},\n") - packed_length(each.weights, Precision.F64)
        left -= CODED_CODE_PER_LAYER if each.nodes.start == 1 else 0
        if left < 0:
            break
        fitting.append(each)
    return fitting


def _source(
    network: Network, ends: Extras, precision: Precision, layout: Layout, name: str, coded: Sequence[CodedRows] = ()
) -> str:
    rounded = held(network, precision, is_packed=layout is Layout.PACKED)
    context = {
        **common_context(read_formulas(), limits),
        **_common(rounded),
        **(_unrolled(rounded) if layout is Layout.UNROLLED else _packed(rounded, precision, coded)),
        **_scalers(ends),
        "layout": layout.value,
        "heading": _heading(network, ends, rounded, precision, layout, name),
    }
    if context["is_scaled"]:
        context["has_values"] = False
    return break_long_lines(render("export/module.luau.jinja", context))


def _scalers(ends: Extras) -> dict[str, object]:
    """What scales inputs, and outputs back; None where nothing does."""
    (inputs,) = (each for each in FUNCTIONS["forwardNet"].parameters if each.name == "inputs")
    unscalable = fill(MESSAGES["fault"], place=f"{inputs.label}[{{index}}]", rule=MESSAGES["scalable"])
    return {
        "input_scaler": ends.input_scaler,
        "target_scaler": ends.target_scaler,
        "is_scaled": ends.input_scaler is not None or ends.target_scaler is not None,
        "scaling_refusal": LuauParameter(1, inputs).refusal(unscalable, index="index", got="describe(inputs[index])"),
    }


def _multiply_adds(network: Network) -> int:
    return parameter_count(network) - sum(layer.nodes for layer in network.layers)


def _too_large(layers: int, parameters: int, precision: Precision) -> str:
    """Why there is no module, and what to do."""
    if parameters < _most(precision):
        return (
            f"The code for the network's {layers:,} layers is too long: a script takes fewer than "
            f"{SCRIPT_CHARACTERS:,} characters."
        )
    shorter = (
        " --precision f32 halves the text." if precision is Precision.F64 and parameters < _most(Precision.F32) else ""
    )
    return (
        f"The network has {parameters:,} weights and biases, and a script takes fewer than {SCRIPT_CHARACTERS:,} "
        f"characters: about {_most(Precision.F64):,} of them in f64, {_most(Precision.F32):,} in f32.{shorter}"
    )


def _most(precision: Precision) -> int:
    """About how many numbers fit into a script beside its code, in whole thousands."""
    bytes_per_character = 3 / 4
    return int((SCRIPT_CHARACTERS - PACKED_CODE) * bytes_per_character / precision.size) // 1000 * 1000


def _heading(
    network: Network, ends: Extras, rounded: Network, precision: Precision, layout: Layout, name: str
) -> list[str]:
    """The first lines of the module: what it is and how to use it."""
    named = name if _IDENTIFIER.fullmatch(name) and name not in RESERVED_WORDS else "Brain"
    required = f"script.Parent.{name}" if named == name else f"script.Parent[{luau_string(name)}]"
    inputs = ", ".join(["0"] * network.inputs) if network.inputs <= VALUES_INPUTS else "…"
    lines = _wrapped(
        f"A neural network, {network.shape}: {parameter_count(network):,} weights and biases in "
        f"{'double' if precision is Precision.F64 else 'single'} precision ({precision.value}), "
        f"{_multiply_adds(network):,} multiply-adds."
    )
    lines += ["", f"\tlocal {named} = require({required})", f"\tlocal outputs = {named}({{ {inputs} }})"]
    is_scaled = ends.input_scaler is not None or ends.target_scaler is not None
    if layout is Layout.UNROLLED and UnrolledLayout(network).has_values and not is_scaled:
        outputs = ", ".join(f"y{number}" for number in range(1, network.outputs + 1))
        lines.append(f"\tlocal {outputs} = {named}.values({inputs})")
    if any(layer.remembers for layer in network.layers):
        lines += [f"\t{named}.reset()", "", "Each call is one time step; reset starts a new sequence."]
    named_ends = {"Inputs": ends.inputs, "Outputs": ends.outputs, "Classes": ends.classes}
    for end, names in named_ends.items():
        if names is not None:
            lines += ["", *_wrapped(f"{end} in their order: {', '.join(names)}.")]
    if is_scaled:
        lines += ["", *_wrapped("Inputs and outputs are in their user's units: it scales them itself.")]
    if precision is Precision.F32:
        of_numbers = " These are the numbers of the layers, before scaling." * is_scaled
        lines += ["", *_wrapped(_error_sentence(network, rounded, layout) + of_numbers)]
    return [
        *lines,
        "",
        f"Generated by luaunn export {VERSION}. Do not edit: export the network again.",
    ]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - len("-- "))


def _error_sentence(network: Network, rounded: Network, layout: Layout) -> str:
    error = largest_error(network, rounded)
    vectors = ""
    if layout is Layout.PACKED:
        error = max(error, largest_error(network, VectorNetwork(rounded)))
        vectors = " Where Luau is interpreted, its sums are of single precision too."
    if not math.isfinite(error):
        return "Its outputs grow beyond all numbers, so how far off single precision makes them cannot be measured."
    order = ", in sequence" if network.recurrent else ""
    return (
        f"Single precision changed no output by more than {rounded_up(error)}, on {ERROR_SAMPLES:,} samples of random "
        f"inputs between -1 and 1{order} (measured in Python, seed {ERROR_SEED}).{vectors}"
    )


def rounded_up(error: float) -> str:
    """A bound with two digits that is not below an error."""
    text = f"{error:.1e}"
    return text if float(text) >= error else f"{error + float(text) * 0.05:.1e}"


def _common(network: Network) -> dict[str, object]:
    """What every layout needs."""
    modules = read_formulas()
    shares = shares_of(modules, network)
    formulas = {_value(layer.activator) for layer in network.layers if layer.activator in ACTIVATIONS}
    formulas |= set(shares.formulas.values()) if shares else set()
    (inputs,) = (each for each in FUNCTIONS["forwardNet"].parameters if each.name == "inputs")
    argument = LuauParameter(1, inputs)
    states = [layer.state for layer in network.layers if layer.remembers and layer.state is not None]
    return {
        "inputs": network.inputs,
        "outputs": network.outputs,
        "inputs_refusal": argument.refusal(fill(argument.fault, count=network.inputs), got="got"),
        "formulas": define_needed(modules, sorted(formulas)),
        "shares": shares,
        "states": [float(value) for value in np.concatenate(states)] if states else [],
        "exact": literal,
        "activated": lambda activator, variable: assign(modules, _value(activator), variable, variable).splitlines(),
    }


def _value_refusal(number: int) -> str:
    """The error for one of the arguments of `values`."""
    argument = LuauParameter(number, Parameter(f"x{number}", f"Input {number}", Number(), ""))
    return argument.refusal(argument.fault, got=f"describeUnlessNumber(x{number})")


def _value(activator: str) -> str:
    return path_of(ACTIVATIONS[activator].value)


def _unrolled(network: Network) -> dict[str, object]:
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


def _packed(network: Network, precision: Precision, coded: Sequence[CodedRows]) -> dict[str, object]:
    counts = {each.layer: each.nodes.stop - 1 for each in coded}
    layers, numbers = packed_layers(network, counts), packed_order(network, counts)
    of_nodes = [layer for layer in layers if layer.activator in ACTIVATIONS]
    return {
        "has_values": False,
        "layers": layers,
        "packed": packed(numbers, precision),
        "number_count": len(numbers),
        "precision": precision,
        "block_widths": sorted({width for layer in layers for _, width in layer.blocks}, reverse=True),
        "group_widths": sorted({width for layer in layers for width in layer.group_widths}, reverse=True),
        "plain_activators": sorted({layer.activator for layer in of_nodes if not layer.recurrent}),
        "recurrent_activators": sorted({layer.activator for layer in of_nodes if layer.recurrent}),
        "has_vectors": precision is Precision.F32,
        "coded": {number: [each for each in coded if each.layer == number] for number in counts},
    }
