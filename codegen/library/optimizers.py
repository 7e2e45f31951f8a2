"""The optimizers as templates need them: formulas by their names, with all that their arguments stand for."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import signature
from types import MappingProxyType
from typing import Any

from codegen.library.formula_records import LuauRecord, bounded, checked, named, repeated, rule_fields
from codegen.library.signatures import luau_table
from codegen.translate.luau_expressions import luau_expression
from codegen.translate.luau_formulas import FormulaModules, define_needed, formula_of, luau_name, path_of
from codegen.translate.luau_literals import luau_value
from codegen.translate.python_subset import FormulaError
from engine.formulas.records import RATE, Factor, Formula, Kept, LeastSquares, Memory, Optimizer, Setting
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS, LEAST_SQUARES

# What the loops over parameters call their own: no optimizer may call anything of its own so.
LOOP_NAMES = frozenset(
    {
        *("at", "column", "count", "delta", "deltas", "factors", "gradient", "i", "j", "kept", "memories", "nodes"),
        *("parameter", "parameters", "row", "rows", "settings", "upstream", "value", "values", "weight", "width"),
    }
)
# So are numbered ones: places in loops, what is remembered, and what is the same for all parameters.
_NUMBERED = re.compile(r"(fixed|i|j|memory)\d+")


def luau_optimizers(modules: FormulaModules) -> tuple["LuauOptimizer", ...]:
    """All optimizers that step each parameter by its own gradient, in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, or an argument that stands for nothing.
    """
    return checked(LuauOptimizer(each, modules) for each in ELEMENTWISE_OPTIMIZERS.values())


def luau_least_squares(modules: FormulaModules) -> tuple["LuauLeastSquares", ...]:
    """All optimizers that step all parameters together, in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, or an argument that stands for nothing.
    """
    return checked(LuauLeastSquares(each, modules) for each in LEAST_SQUARES.values())


def kept_record(each: Kept | Memory, settings: Sequence[Setting]) -> list[str]:
    """What the library has to know of a number that is kept or remembered, as fields of a Luau table."""
    places = {setting.name: place for place, setting in enumerate(settings, start=1)}
    fields = bounded(each) if isinstance(each, Kept) else rule_fields(each.limits)
    by = {"fadesBy": each.fades_by, "startsAs": each.starts_as if isinstance(each, Kept) else None}
    return [*fields, *(f"{name} = {places[setting]}" for name, setting in by.items() if setting is not None)]


@dataclass(frozen=True)
class LuauLeastSquares(LuauRecord[LeastSquares]):
    """An optimizer that steps all parameters together, as a template needs it."""

    @property
    def formulas(self) -> list[Formula]:
        """All its formulas."""
        return [*(each.formula for each in self.truth.kept), self.truth.raised, self.truth.damped]

    @property
    def record(self) -> str:
        """What the library has to know of it to read what was saved, as a table."""
        kept = luau_table(luau_table(kept_record(each, self.truth.settings)) for each in self.truth.kept)
        return luau_table([f"kept = {kept}", "memories = {}", "isWhole = true"])

    def place_of(self, setting: str) -> int:
        """Where a setting stands among all."""
        return [each.name for each in self.truth.settings].index(setting) + 1

    def renewed(self, formula: Formula, damping: str, settings: str) -> str:
        """A formula of the damping, which has a name, and of settings, which are in an array."""
        names = [each.name for each in self.truth.settings]
        given = {name: f"{settings}[{place}]" for place, name in enumerate(names, start=1)}
        return self.inline(formula, {**given, self.truth.kept[0].name: damping})

    def check(self) -> None:
        """See `luau_least_squares`."""
        super().check()
        truth, settings = self.truth, {each.name for each in self.truth.settings}
        for formula in (truth.kept[0].formula, truth.raised):
            self.check_arguments(formula, settings)
        self.check_arguments(truth.damped, {"curvature", "damping"})
        self.check_defaults(truth.settings)


@dataclass(frozen=True)
class LuauOptimizer(LuauRecord[Optimizer]):
    """An optimizer as a template needs it.

    Attributes:
        is_hoisted: whether what is the same for all parameters is calculated before the loops over them.
    """

    is_hoisted: bool = False

    @property
    def hoisted(self) -> "LuauOptimizer":
        """The same, for loops so long that what is the same for all parameters pays to be calculated before them."""
        return replace(self, is_hoisted=True)

    @property
    def formulas(self) -> list[Formula]:
        """All its formulas."""
        return _formulas(self.truth)

    @property
    def record(self) -> str:
        """What the library has to know of it to read what was saved, as a table."""
        kept = [luau_table(kept_record(each, self.truth.settings)) for each in self.truth.kept]
        memories = [luau_table(kept_record(each, self.truth.settings)) for each in self.truth.memories]
        parts = {
            "kept": luau_table(kept) if kept else "{}",
            "memories": luau_table(memories) if memories else "{}",
            "isFused": luau_value(self.truth.fused is not None),
            "decouples": luau_value(self.truth.decouples),
        }
        return luau_table(f"{name} = {text}" for name, text in parts.items())

    @property
    def twin(self) -> str | None:
        """The name of the first optimizer that steps by the very same formulas; None if it is this one."""
        alike = [each.name for each in ELEMENTWISE_OPTIMIZERS.values() if _step_of(each) == _step_of(self.truth)]
        return alike[0] if alike[0] != self.truth.name else None

    @property
    def preparation(self) -> list[str]:
        """What begins a step: statements that renew ``kept`` and return the factors."""
        truth = self.truth
        formulas = [*(each.formula for each in truth.kept), *(each.formula for each in truth.factors)]
        kept, factors = [luau_name(each.name) for each in truth.kept], [luau_name(each.name) for each in truth.factors]
        return [
            *self.taken("settings", [each.name for each in truth.settings], formulas),
            *(
                f"local {name} = {self.inline(each.formula, {each.name: f'kept[{index}]'})}"
                for index, (name, each) in enumerate(zip(kept, truth.kept, strict=True), start=1)
            ),
            *(f"kept[{index}] = {name}" for index, name in enumerate(kept, start=1)),
            *(f"local {name} = {self.inline(each.formula)}" for name, each in zip(factors, truth.factors, strict=True)),
            f"return {luau_table(factors) if factors else '{}'}",
        ]

    @property
    def prepare(self) -> str:
        """The function that begins a step."""
        lines = self.preparation
        arguments = ", ".join(f"{named(each, lines)}: {{ number }}" for each in ("settings", "kept"))
        return "\n".join([f"function({arguments}): {{ number }}", *(f"\t{line}" for line in lines), "end"])

    @property
    def _of_each(self) -> list[Formula]:
        """The formulas that are used for every parameter."""
        return [*(each.formula for each in self.truth.memories), self.truth.parameter]

    @property
    def definitions_of_each(self) -> str:
        """The constants and functions that those stand on that are used for every parameter, as Luau."""
        return define_needed(self.modules, [path_of(each) for each in self._of_each])

    @property
    def known(self) -> list[str]:
        """The statements that take what a step needs out of ``settings`` and ``factors``."""
        return [
            *self.taken("settings", [each.name for each in self.truth.settings], self._of_each),
            *self.taken("factors", [each.name for each in self.truth.factors], self._of_each),
            *(f"local {name} = {text}" for text, name in self._steady.items() if self.is_hoisted),
        ]

    @cached_property
    def _steady(self) -> Mapping[str, str]:
        """What is calculated of settings and factors alone, with a name for each."""
        settings, factors = self.truth.settings, self.truth.factors
        shared = frozenset([*(each.name for each in settings), *(each.name for each in factors)])
        bodies = [formula_of(self.modules, path_of(each)).body for each in self._of_each]
        found = dict.fromkeys(luau_expression(part, luau_name) for body in bodies for part in _parts_of(body, shared))
        return {text: f"fixed{number}" for number, text in enumerate(found, start=1)}

    def inline(self, formula: Formula, given: Mapping[str, str] = MappingProxyType({})) -> str:
        """See `LuauRecord.inline`."""
        if not self.is_hoisted:
            return super().inline(formula, given)
        body: ast.expr = _Named(self._steady).visit(deepcopy(formula_of(self.modules, path_of(formula)).body))
        return luau_expression(body, lambda used: given.get(used) or luau_name(used))

    def remembered(self, index: str, suffix: str = "") -> list[str]:
        """The statements that take what is remembered, or a part of it, out of ``memories``."""
        count = len(self.truth.memories)
        return [f"local memory{number}{suffix} = memories[{number}]{index}" for number in range(1, count + 1)]

    def step(self, array: str, place: str, parameter: str, gradient: str, suffix: str = "") -> list[str]:
        """The statements of one step: of the parameter at a place of an array, of what it is and its gradient."""
        before, after = list[str](), list[str]()
        for number, memory in enumerate(self.truth.memories, start=1):
            name, old = luau_name(memory.name), f"memory{number}{suffix}[{place}]"
            if memory.late:
                before.append(f"local {name} = {old}")
                after += [f"{name} = {self.inline(memory.formula)}", f"{old} = {name}"]
            else:
                before += [f"local {name} = {self.inline(memory.formula, {memory.name: old})}", f"{old} = {name}"]
        moved = f"{array}[{place}] = {self.inline(self.truth.parameter, {'parameter': parameter})}"
        return [f"local gradient = {gradient}", *before, moved, *after]

    def check(self) -> None:
        """See `luau_optimizers`."""
        super().check()
        truth, settings = self.truth, {each.name for each in self.truth.settings}
        kept, factors = set[str](), set[str]()
        for number in truth.kept:
            self.check_arguments(number.formula, settings | kept | {number.name})
            kept.add(number.name)
        for factor in truth.factors:
            self.check_arguments(factor.formula, settings | kept | factors)
            factors.add(factor.name)
        known = settings | factors | {"gradient"}
        for memory in truth.memories:
            self.check_arguments(memory.formula, known | {memory.name})
            known.add(memory.name)
        self.check_arguments(truth.parameter, known | {"parameter"})
        self._check_names()
        self._check_settings()

    def _check_names(self) -> None:
        """Each stands for one thing, and what is renewed late is no part of what is renewed before it."""
        truth = self.truth
        groups: tuple[Iterable[Setting | Kept | Factor | Memory], ...]
        groups = truth.settings, truth.kept, truth.factors, truth.memories
        parts = [each.name for group in groups for each in group]
        self.check_names(parts, LOOP_NAMES.union(filter(_NUMBERED.fullmatch, parts)))
        twice = repeated(parts)
        if twice is not None:
            raise FormulaError(f"{truth.name} has two parts that are called `{twice}`; write another name for one.")
        lateness = [each.late for each in truth.memories]
        if lateness != sorted(lateness):
            name = truth.memories[lateness.index(True)].name
            raise FormulaError(f"{truth.name} renews `{name}` late; write it behind the memories that are not late.")

    def _check_settings(self) -> None:
        """The learning rate is the first of them, and users may give what stands there if they give nothing."""
        truth = self.truth
        first = truth.settings[0].name if truth.settings else "nothing"
        if first != RATE:
            raise FormulaError(f"{truth.name} has `{first}` as its first setting; write `{RATE}`, the learning rate.")
        self.check_defaults(truth.settings)


def _parts_of(node: ast.AST, shared: frozenset[str]) -> Iterator[ast.expr]:
    """The largest parts of an expression that are calculated of shared numbers alone."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    if isinstance(node, ast.BinOp | ast.UnaryOp) and names and names <= shared:
        yield node
    else:
        for each in ast.iter_child_nodes(node):
            yield from _parts_of(each, shared)


class _Named(ast.NodeTransformer):
    """Puts names in place of those parts of an expression that have one, by their text."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit(self, node: ast.AST) -> Any:
        name = self._names.get(luau_expression(node, luau_name)) if isinstance(node, ast.BinOp | ast.UnaryOp) else None
        return self.generic_visit(node) if name is None else ast.Name(name)


def _formulas(optimizer: Optimizer) -> list[Formula]:
    kept, factors = [each.formula for each in optimizer.kept], [each.formula for each in optimizer.factors]
    return [*kept, *factors, *(each.formula for each in optimizer.memories), optimizer.parameter]


def _step_of(optimizer: Optimizer) -> Optimizer:
    """What its formulas depend on: all but its name, its defaults and those settings that none of them has."""
    used = {name for formula in _formulas(optimizer) for name in signature(formula).parameters}
    settings = [replace(each, default=0.0) for each in optimizer.settings]
    while settings and settings[-1].name not in used:
        settings.pop()
    return replace(optimizer, name="", settings=tuple(settings), decouples=False)
