"""Several layers of a few nodes in one loop over samples: what is between them stays in locals.

Each layer is one turn of a kernel over columns, all nodes at once, with its weights in locals: w1_1, w1_2, … those of
the first layer, v1_1, … those of the next one, u… those of the output node.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen.library.kernels import find_kernel, kernels, remembered, storages
from codegen.translate.kernel_bindings import Bindings
from codegen.translate.kernel_layout import Layout
from codegen.translate.luau_formulas import FormulaModules, luau_name
from codegen.translate.luau_lines import indented
from codegen.translate.places import Locals, Storage
from engine.formulas.registry import ACTIVATIONS
from engine.interface.limits import OUTPUT_ACTIVATOR
from engine.kernels.schedules import ALL_AT_ONCE, SPLAT, VECTORS, Schedule

# Hidden layers that are run in one loop, and whether an output node of the default activation is the last one in it.
FUSED: Mapping[str, tuple[int, bool]] = {"pairs": (2, False), "endings": (1, True), "triples": (2, True)}

# What they are made of.
_KERNELS = ("column_sums", "run_node", "activate_apart")
_INPUTS, _OUTPUTS, _ROWS = "inputs[i][n]", "output[n]", ("rows", "row", "biases", "bias", "slope", "total", "start")
# What the names of each layer begin with, and those of its weights.
_FIRST, _NEXT, _LAST = ("", "w"), ("next_", "v"), ("last_", "u")
# A comparison with what stays the same.
_COMPARED = re.compile(r"(?P<before>if \w+ [<>] )(?P<limit>\S+) then$")


@dataclass
class _Loop:
    """What stands before the loop over samples, and what is in it, so far."""

    before: list[str]
    inside: list[str]

    def add(self, kernel: str, bindings: Bindings, width: int) -> None:
        """Goes on with one turn of a kernel."""
        schedule = Schedule(kernel, kernel, rows=ALL_AT_ONCE, written_out=width)
        layout = Layout(find_kernel(kernels(), kernel, Path(__file__).name), schedule, bindings)
        before, turn = layout.turn("n")
        self.before += before
        self.inside += turn


def fused(
    modules: FormulaModules, name: str, inputs: int, nodes: int, *, has_max: bool = True, is_vector: bool = False
) -> str:
    """One of these for so many inputs, and nodes of each hidden layer, as a function without a name.

    ``has_max`` is whether the larger one of x and c x is better found by math.max: so it is in native code.
    """
    made_of = tuple(find_kernel(kernels(), each, Path(__file__).name) for each in _KERNELS)
    return remembered(
        modules,
        made_of,
        ("fused", name, inputs, nodes, has_max, is_vector),
        lambda: _fused(modules, name, inputs, nodes, has_max=has_max, is_vector=is_vector),
    )


def _fused(modules: FormulaModules, name: str, inputs: int, nodes: int, *, has_max: bool, is_vector: bool) -> str:
    hidden, has_output = FUSED[name]
    loop = _Loop([], [])
    layers = (_FIRST, _NEXT)[:hidden]
    width, before = inputs, ""
    for number, layer in enumerate(layers, start=1):
        is_stored = number == hidden and not has_output
        given = {_INPUTS: before} if before else {"inputs[i]": "c"}
        total = luau_name(f"{layer[0]}total")
        bindings = Bindings(
            modules,
            storages={**_kept(is_vector), **({} if is_stored else {"outputs": Locals("", has_rows=False)})},
            names=_names(layer),
            numbers={"len(rows)": nodes, "width": width},
            held={"row[i]": layer[1], **given, **({} if is_stored else {_OUTPUTS: total})},
            has_max=has_max,
            is_vector=is_vector,
        )
        loop.add("column_sums", bindings, width)
        width, before = nodes, total
    if has_output:
        _add_output(loop, modules, nodes, before, is_vector=is_vector)
    return _function(loop, [*layers, *([_LAST] if has_output else [])], has_max=has_max, is_vector=is_vector)


def _add_output(loop: _Loop, modules: FormulaModules, width: int, before: str, *, is_vector: bool) -> None:
    """Goes on with an output node."""
    value = {"value": f"activations.{ACTIVATIONS[OUTPUT_ACTIVATOR].value.__name__}"}
    held, names = {"row[i]": _LAST[1], _INPUTS: before}, _names(_LAST)
    if not is_vector:
        numbers = {"width": width}
        loop.add(
            "run_node",
            Bindings(modules, value, names={**names, "outputs": "output"}, numbers=numbers, held=held),
            width,
        )
        return
    total = luau_name("last_total")
    bindings = Bindings(
        modules,
        storages={**_kept(is_vector), "outputs": Locals("", has_rows=False)},
        names=names,
        numbers={"len(rows)": 1, "width": width, "slope": 1},
        held={**held, _OUTPUTS: total},
        is_vector=True,
    )
    loop.add("column_sums", bindings, width)
    apart = Bindings(
        modules, value, _kept(is_vector), {"column": "output"}, held={"sums[n]": f"{total}1"}, is_vector=True
    )
    loop.add("activate_apart", apart, width)


def _names(layer: tuple[str, str]) -> dict[str, str]:
    return {each: luau_name(layer[0] + each) for each in _ROWS}


def _kept(is_vector: bool) -> dict[str, Storage]:
    kept = {"inputs": VECTORS, "outputs": VECTORS, "sums": VECTORS, "biases": SPLAT} if is_vector else {}
    return storages(Schedule("column_sums", "fused", kept=kept))


def _with_limits(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines that compare with locals, and what makes these: the interpreter would load constants every time.

    (A local that is a constant itself would be written out as that.)
    """
    found: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        limit = found.setdefault(match["limit"], f"limit{len(found) + 1}")
        return f"{match['before']}{limit} then"

    replaced = [_COMPARED.sub(named, line) for line in lines]
    made = [f"local {name} = zero + {limit}" for limit, name in found.items()]
    return ["local zero = count - count", *made] if made else [], replaced


def _function(loop: _Loop, layers: list[tuple[str, str]], *, has_max: bool, is_vector: bool) -> str:
    has_output = _LAST in layers
    element = "vector" if is_vector else "number"
    stored = "number" if has_output else element
    next_slope = f"{'' if _NEXT in layers else '_'}nextSlope"
    taken = ["local layer = layers[l]"]
    for number, layer in enumerate(layers):
        rows, biases = (_names(layer)[each] for each in ("rows", "biases"))
        if number:
            taken.append(f"layer = layers[l + {number}]")
        taken.append(f"local {rows}: {{ {{ number }} }}, {biases}: {{ number }} = layer[WEIGHTS], layer[BIASES]")
    if has_output:
        taken.append("local output = outputs[1]")
        if not is_vector:
            taken.append("local lastRow, lastBias = lastRows[1], lastBiases[1]")
    inside, end = loop.inside, list[str]()
    if is_vector or not has_max:
        limits, inside = _with_limits(inside)
        taken += limits
    if has_output:
        # Not a number if one of what comes out is none.
        total = luau_name("last_total") + ("1" if is_vector else "")
        taken.append("local sum: vector = vector.zero" if is_vector else "local sum = 0")
        inside = [*inside, f"sum += {total}"]
        end = ["return sum.x + sum.y + sum.z" if is_vector else "return sum"]
    lines = [*taken, *loop.before, "for n = 1, count do", *indented(inside), "end", *end]
    head = (
        f"function(layers: {{ Layer }}, l: number, slope: number, {next_slope}: number, "
        f"inputs: {{ {{ {element} }} }}, outputs: {{ {{ {stored} }} }}, count: number)"
        + (": number" if has_output else "")
    )
    return "\n".join([head, *indented(lines), "end"])
