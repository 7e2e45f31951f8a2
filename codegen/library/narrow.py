"""Layers of a few nodes, written out for every number of nodes: kernels without loops, over locals.

x1, x2, … come in, r1, r2, … are the nodes' rows of weights, s1, s2, … their sums, y1, y2, … their outputs, d1, d2, …
their deltas, and e1, e2, … the shares of the inputs. Some common activations are written out, too.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from codegen.library.kernels import find_kernel, kernels
from codegen.library.layer_code import past
from codegen.library.losses import plain
from codegen.library.schedules import WRITTEN_OUT_ACTIVATORS
from codegen.translate.kernel_layout import Layout
from codegen.translate.kernel_writer import Bindings, Choices
from codegen.translate.luau_formulas import FormulaModules
from codegen.translate.luau_lines import indented
from codegen.translate.places import Index, Locals, Storage
from engine.formulas.registry import ACTIVATIONS, LOSSES
from engine.interface.limits import DEFAULT_LOSS
from engine.kernels.schedules import ALL_AT_ONCE, NARROW, Schedule
from engine.layers.registry import IMPLIED_KINDS, LAYER_KINDS

_PREFIXES = {"rows": "r", "values": "x", "sums": "s", "deltas": "d", "upstream": "e", "outputs": "y"}
# The last weights of a row, those of its past.
_PLACES = {Index((("column", 1),), 1): "rowLength"}


def narrow_forward(modules: FormulaModules, nodes: int, into: str, firsts: Mapping[str, str]) -> str:
    """From the inputs to the outputs, which get the name ``into``.

    The first numbers of some arrays, named by regular expressions, are in locals already.
    """
    lines = _written(modules, "row_sums", nodes, {"total": "s"})
    guarded = _written(modules, "add_own", nodes, {"values": "state"}, tables=("values",)) if _has_past() else []
    lines += ["if state then", *indented(guarded), "end"] if guarded else []
    lines += _written(modules, "activate", nodes, {}, prefixes={"outputs": into}, formulas={"value": _choices("value")})
    text = "\n".join(lines)
    for array, local in firsts.items():
        text = re.sub(rf"\b{array}\[1\]", local, text)
    return text


def narrow_slopes(modules: FormulaModules, nodes: int) -> str:
    """From errors to deltas."""
    return "\n".join(_written(modules, "scale_by_slope", nodes, {}, formulas={"slope": _choices("slope")}))


def narrow_steps(modules: FormulaModules, nodes: int) -> str:
    """Steps all parameters along the deltas; the shares of the inputs go through the weights as they were."""
    guarded: list[str] = []
    if _has_past():
        guarded = _written(modules, "step_own", nodes, {"values": "state"}, tables=("values",))
        guarded += _written(modules, "copy", nodes, {"into": "state", "values": "y"}, tables=("into",), before=0)
    lines = ["if state then", *indented(guarded), "end"] if guarded else []
    lines.append(f"local {', '.join(f'e{k}' for k in range(1, NARROW + 1))}")
    lines += _written(modules, "share_and_step_rows", nodes, {"shared": "t", "weight": "w"})
    return "\n".join(lines)


def narrow_loss(modules: FormulaModules, nodes: int) -> str:
    """The loss of the outputs x1, x2, …, by the targets t1, t2, …, as ``total``; and their errors."""
    name, paths = plain(LOSSES[DEFAULT_LOSS])
    lines = _written(modules, name, nodes, {}, prefixes={"outputs": "x", "targets": "t"}, formulas=paths)
    return "\n".join(line for line in lines if not line.startswith("return"))


def _has_past() -> bool:
    """Whether networks that name no kinds may remember; the loops written out here are those of their kinds."""
    pasts = [past(LAYER_KINDS[each]) for each in IMPLIED_KINDS]
    if any(each is not None and not each.is_own for each in pasts):
        raise ValueError("a narrow layer can only see each node's own past")
    return any(pasts)


def _choices(part: str) -> Choices:
    """A branch for each of the written-out activations, by their numbers."""
    names = enumerate(WRITTEN_OUT_ACTIVATORS, start=1)
    return tuple(
        (f"written < {k + 1}", f"activations.{getattr(ACTIVATIONS[name], part).__name__}") for k, name in names
    )


def _written(
    modules: FormulaModules,
    kernel: str,
    nodes: int,
    names: Mapping[str, str],
    tables: tuple[str, ...] = (),
    prefixes: Mapping[str, str] | None = None,
    before: int | None = None,
    formulas: Mapping[str, Choices] = MappingProxyType({}),
) -> list[str]:
    """A kernel for so many nodes."""
    kept = {**_PREFIXES, **(prefixes or {})}
    if kernel == "copy":
        kept = {"values": "y"}
    storages: dict[str, Storage] = {array: Locals(prefix) for array, prefix in kept.items() if array not in tables}
    numbers = {"len(rows)": nodes, "count": nodes, **({} if before is None else {"before": before})}
    bindings = Bindings(modules, formulas, storages, names=names, numbers=numbers, places=_PLACES, has_branches=False)
    schedule = Schedule(kernel, kernel, rows=ALL_AT_ONCE, written_out=NARROW, width="width")
    return Layout(find_kernel(kernels(), kernel, Path(__file__).name), schedule, bindings).lines()
