"""Layers of a few nodes, written out for every number of nodes: kernels without loops, over locals.

x1, x2, … come in, r1, r2, … are the nodes' rows of weights, s1, s2, … their sums, y1, y2, … their outputs, d1, d2, …
their deltas, and e1, e2, … the shares of the inputs. Some common activations are written out, too.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from codegen.library.kernels import choices, find_kernel, kernels, remembered
from codegen.library.layer_code import past
from codegen.library.losses import plain
from codegen.translate.kernel_bindings import Bindings, Choices
from codegen.translate.kernel_layout import Layout
from codegen.translate.loop_reader import Kernel
from codegen.translate.luau_formulas import FormulaModules
from codegen.translate.luau_lines import indented
from codegen.translate.places import Index, Locals, Storage
from engine.formulas.registry import LOSSES
from engine.interface.limits import DEFAULT_LOSS
from engine.kernels.schedules import ALL_AT_ONCE, NARROW, Schedule
from engine.layers.registry import IMPLIED_KINDS, IMPLIED_RECURRENT_OUTPUT, LAYER_KINDS

_PREFIXES = {"rows": "r", "values": "x", "sums": "s", "deltas": "d", "upstream": "e", "outputs": "y"}
# The last weights of a row, those of its past.
_PLACES = {Index((("column", 1),), 1): "rowLength"}
# How an input arrives, if it is a number.
_ARRIVING = ("x# = inputs[#]", "if not (lowest < x# and x# < highest) then", "\treturn nil", "end")

# How a branch is chosen where it is known beforehand which activation it is.
_IS_WRITTEN = "is{name}"
# A line that sums the shares of the inputs.
_IS_SHARE = re.compile(r"\s*e\d+ \+?= ")
# Elements, as regular expressions, and the locals that have them where a layer cannot change.
_CAPTURED = {
    r"\br(\d)\[rowLength\]": r"o\1",
    r"\bbiases\[(\d)\]": r"b\1",
    r"\bstate\[(\d)\]": r"p\1",
}


def narrow_forward(
    modules: FormulaModules,
    nodes: int,
    into: str,
    firsts: Mapping[str, str] = MappingProxyType({}),
    inputs: int = 0,
    remembers: bool | None = None,
    arriving: bool = False,
    from_zero: bool = True,
    has_branches: bool = False,
) -> str:
    """From the inputs to the outputs, which get the name ``into``.

    The first numbers of some arrays, named by regular expressions, are in locals already. There are so many inputs or,
    without a number, as many as the local ``width`` says; then each but the first may arrive on the way, from an array
    of inputs. Without a word of whether the layer remembers, there is a local ``state`` if it does. Where sums do not
    begin at 0, they and outputs may be -0 instead of 0: nobody sees that of a layer but the last, if it remembers
    nothing, as the sums behind it begin at 0. ``has_branches`` is whether activations choose by if: that is quicker in
    the interpreter, and longer.
    """
    lines = _written(modules, "row_sums", nodes, {"total": "s"}, inputs=inputs)
    lines = lines if from_zero else _without_zero(lines)
    for n in range(2, NARROW + 1 if arriving else 2):
        place = next(index for index, line in enumerate(lines) if line.strip() == f"if width > {n - 1} then")
        indent = "\t" * (lines[place].count("\t") + 1)
        lines[place + 1 : place + 1] = [indent + line.replace("#", str(n)) for line in _ARRIVING]
    if remembers is not False and _has_past():
        lines += _guarded(_written(modules, "add_own", nodes, {"values": "state"}, tables=("values",)), remembers)
    kept, values = {"outputs": into}, {"value": choices("value")}
    lines += _written(modules, "activate", nodes, {}, prefixes=kept, formulas=values, has_branches=has_branches)
    text = "\n".join(lines)
    for array, local in firsts.items():
        text = re.sub(rf"\b{array}\[1\]", local, text)
    return text


def captured_forward(modules: FormulaModules, inputs: int, nodes: int, ending: str, *, remembers: bool) -> str:
    """The same of a layer of which every number has a local.

    w1_1, w1_2, … are the weights of the first node, b1, b2, … the biases; o1, o2, … the weights of the nodes' own last
    outputs, and p1, p2, … these. Each branch has outputs of its own, which are not moved then, and so the same ending.
    """
    text = re.sub(r"\br(\d)\[(\d)\]", r"w\1_\2", _captured(modules, inputs, nodes, (), remembers=remembers))
    lines: list[str] = []
    for line in text.split("\n"):
        if re.match("else|end", line):
            lines += indented(ending.split("\n"))
        lines.append(re.sub(r"^\ty(\d) = ", r"\tlocal y\1 = ", line))
    return "\n".join(lines)


def block_forward(modules: FormulaModules, inputs: int, nodes: int, *, remembers: bool) -> str:
    """The same of some nodes of a layer whose inputs are an array, and the weights of each node, r1, r2, …, another."""
    return _captured(modules, inputs, nodes, ("values",), remembers=remembers)


def _captured(modules: FormulaModules, inputs: int, nodes: int, tables: tuple[str, ...], *, remembers: bool) -> str:
    lines = _written(modules, "row_sums", nodes, {"total": "s"}, tables, inputs=inputs)
    # 0 + -0 is 0, and so is -0 + 0: a bias that is not -0 does for a sum what the 0 does that it begins with.
    lines = _without_zero(lines)
    lines += _written(modules, "add_own", nodes, {"values": "state"}, tables=("values",)) if remembers else []
    lines += _written(modules, "activate", nodes, {}, formulas={"value": choices("value", condition=_IS_WRITTEN)})
    text = "\n".join(lines)
    for element, local in _CAPTURED.items():
        text = re.sub(element, local, text)
    return text


def narrow_slopes(modules: FormulaModules, nodes: int) -> str:
    """From errors to deltas."""
    return "\n".join(_written(modules, "scale_by_slope", nodes, {}, formulas={"slope": choices("slope")}))


def narrow_steps(
    modules: FormulaModules,
    nodes: int,
    inputs: int = 0,
    remembers: bool | None = None,
    shares: bool = True,
) -> str:
    """Steps all parameters along the deltas; the shares of the inputs go through the weights as they were.

    Inputs and memory are as in `narrow_forward`.
    """
    lines: list[str] = []
    if remembers is not False and _has_past():
        own = _written(modules, "step_own", nodes, {"values": "state"}, tables=("values",))
        own += _written(modules, "copy", nodes, {"into": "state", "values": "y"}, tables=("into",), before=0)
        lines += _guarded(own, remembers)
    if shares:
        lines.append(f"local {', '.join(f'e{k}' for k in range(1, (inputs or NARROW) + 1))}")
    stepped = _written(modules, "share_and_step_rows", nodes, {"shared": "t", "weight": "w"}, inputs=inputs)
    # Every layer reads its weights before it changes any: one table may be two of its rows.
    lines += stepped if shares else [line for line in stepped if not _IS_SHARE.match(line)]
    return "\n".join(lines)


def narrow_loss(modules: FormulaModules, nodes: int, outputs: str) -> str:
    """The loss of the outputs, named like ``x``, by the targets g1, g2, …, as ``total``; and their errors."""
    name, paths = plain(LOSSES[DEFAULT_LOSS])
    lines = _written(modules, name, nodes, {}, prefixes={"outputs": outputs, "targets": "g"}, formulas=paths)
    return "\n".join(line for line in lines if not line.startswith("return"))


def _without_zero(lines: Sequence[str]) -> list[str]:
    """Without the 0 that a sum begins with."""
    return [re.sub(r" \+ 0(?=[ ,]|$)", "", line) for line in lines]


def _guarded(lines: Sequence[str], remembers: bool | None) -> list[str]:
    """What is done with a memory, where that is known to be or may be."""
    return list(lines) if remembers else ["if state then", *indented(lines), "end"]


def _has_past() -> bool:
    """Whether networks that name no kinds may remember; the loops written out here are those of their kinds."""
    pasts = [past(LAYER_KINDS[each]) for each in IMPLIED_KINDS]
    if any(each is not None and not each.is_own for each in pasts):
        raise ValueError("a narrow layer can only see each node's own past")
    if past(LAYER_KINDS[IMPLIED_RECURRENT_OUTPUT]) is not None:
        raise ValueError("the output layer of a network that names no kinds can see no past")
    return any(pasts)


def _written(
    modules: FormulaModules,
    kernel: str,
    nodes: int,
    names: Mapping[str, str],
    tables: tuple[str, ...] = (),
    prefixes: Mapping[str, str] | None = None,
    before: int | None = None,
    formulas: Mapping[str, Choices] = MappingProxyType({}),
    inputs: int = 0,
    *,
    has_branches: bool = False,
) -> list[str]:
    """A kernel for so many nodes and, if that is said, so many inputs."""
    read = find_kernel(kernels(), kernel, Path(__file__).name)
    mappings = tuple(tuple(each.items()) for each in (names, prefixes or {}, formulas))
    text = remembered(
        modules,
        (read,),
        ("narrow", nodes, mappings, tables, before, inputs, has_branches),
        lambda: "\n".join(
            _lines_of(
                modules, read, nodes, names, tables, prefixes or {}, before, formulas, inputs, has_branches=has_branches
            )
        ),
    )
    return text.split("\n")


def _lines_of(
    modules: FormulaModules,
    read: Kernel,
    nodes: int,
    names: Mapping[str, str],
    tables: tuple[str, ...],
    prefixes: Mapping[str, str],
    before: int | None,
    formulas: Mapping[str, Choices],
    inputs: int,
    *,
    has_branches: bool,
) -> list[str]:
    kernel = read.name
    kept = {**_PREFIXES, **prefixes}
    if kernel == "copy":
        kept = {"values": "y"}
    storages: dict[str, Storage] = {array: Locals(prefix) for array, prefix in kept.items() if array not in tables}
    numbers = {"len(rows)": nodes, "count": nodes, **({} if before is None else {"before": before})}
    bindings = Bindings(
        modules,
        formulas,
        storages,
        names=names,
        numbers=numbers,
        places=_PLACES,
        has_branches=has_branches,
        has_max=not has_branches,
    )
    width = "" if inputs else "width"
    schedule = Schedule(kernel, kernel, rows=ALL_AT_ONCE, written_out=inputs or NARROW, width=width)
    return Layout(read, schedule, bindings).lines()
