"""The optimizers as templates need them: formulas by their names, with all that their arguments stand for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from inspect import signature
from types import MappingProxyType

from codegen.library.signatures import luau_table
from codegen.translate.luau_formulas import define, find_formula, formula_of, inline, luau_name, needed
from codegen.translate.luau_literals import luau_string, luau_value
from codegen.translate.python_subset import FormulaError, FormulaModule
from engine.arguments import described_unless_right
from engine.formulas.records import RATE, Factor, Formula, Kept, Limits, Memory, Optimizer, Setting
from engine.formulas.registry import OPTIMIZERS
from engine.interface.rules import number_rule

Modules = Mapping[str, FormulaModule]
# What the loops over parameters call their own: no optimizer may call anything of its own so.
LOOP_NAMES = frozenset(
    {
        *("at", "column", "count", "delta", "deltas", "factors", "gradient", "i", "j", "kept", "memories"),
        *("parameter", "parameters", "row", "rows", "settings", "values", "width"),
    }
)
# So are numbered ones: places in loops, and what is remembered.
_NUMBERED = re.compile(r"(i|j|memory)\d+")


def luau_optimizers(modules: Modules) -> tuple["LuauOptimizer", ...]:
    """All optimizers in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, or an argument that stands for nothing.
    """
    optimizers = tuple(LuauOptimizer(each, modules) for each in OPTIMIZERS.values())
    for each in optimizers:
        each.check()
    return optimizers


@dataclass(frozen=True)
class LuauOptimizer:
    """An optimizer as a template needs it."""

    truth: Optimizer
    modules: Modules

    @property
    def record(self) -> str:
        """What the library has to know of it to read what was saved, as a table."""
        kept = [bounded(each) for each in self.truth.kept]
        memories = [luau_table(_limits(each.limits)) for each in self.truth.memories]
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
        alike = [each.name for each in OPTIMIZERS.values() if _step_of(each) == _step_of(self.truth)]
        return alike[0] if alike[0] != self.truth.name else None

    @property
    def definitions(self) -> str:
        """The constants and functions that its formulas stand on, as Luau."""
        return "\n\n".join(filter(None, (define(self.modules, *each) for each in self._needed().items())))

    @property
    def preparation(self) -> list[str]:
        """What begins a step: statements that renew ``kept`` and return the factors."""
        truth = self.truth
        formulas = [*(each.formula for each in truth.kept), *(each.formula for each in truth.factors)]
        kept, factors = [luau_name(each.name) for each in truth.kept], [luau_name(each.name) for each in truth.factors]
        return [
            *self._taken("settings", [each.name for each in truth.settings], formulas),
            *(
                f"local {name} = {self._inline(each.formula, {each.name: f'kept[{index}]'})}"
                for index, (name, each) in enumerate(zip(kept, truth.kept, strict=True), start=1)
            ),
            *(f"kept[{index}] = {name}" for index, name in enumerate(kept, start=1)),
            *(
                f"local {name} = {self._inline(each.formula)}"
                for name, each in zip(factors, truth.factors, strict=True)
            ),
            f"return {luau_table(factors) if factors else '{}'}",
        ]

    @property
    def prepare(self) -> str:
        """The function that begins a step."""
        lines = self.preparation
        arguments = ", ".join(f"{self.named(each, lines)}: {{ number }}" for each in ("settings", "kept"))
        return "\n".join([f"function({arguments}): {{ number }}", *(f"\t{line}" for line in lines), "end"])

    @property
    def known(self) -> list[str]:
        """The statements that take what a step needs out of ``settings`` and ``factors``."""
        formulas = [*(each.formula for each in self.truth.memories), self.truth.parameter]
        return [
            *self._taken("settings", [each.name for each in self.truth.settings], formulas),
            *self._taken("factors", [each.name for each in self.truth.factors], formulas),
        ]

    @staticmethod
    def named(parameter: str, statements: Iterable[str]) -> str:
        """A parameter's name; an underscore marks it if the statements do not use it."""
        return parameter if any(re.search(rf"\b{parameter}\b", each) for each in statements) else f"_{parameter}"

    def remembered(self, index: str) -> list[str]:
        """The statements that take what is remembered, or a part of it, out of ``memories``."""
        count = len(self.truth.memories)
        return [f"local memory{number} = memories[{number}]{index}" for number in range(1, count + 1)]

    def step(self, parameters: str, place: str) -> list[str]:
        """The statements of one step: of the parameter at a place of an array, by ``gradient``."""
        before, after = list[str](), list[str]()
        for number, memory in enumerate(self.truth.memories, start=1):
            name, old = luau_name(memory.name), f"memory{number}[{place}]"
            if memory.late:
                before.append(f"local {name} = {old}")
                after += [f"{name} = {self._inline(memory.formula)}", f"{old} = {name}"]
            else:
                before += [f"local {name} = {self._inline(memory.formula, {memory.name: old})}", f"{old} = {name}"]
        parameter = f"{parameters}[{place}]"
        moved = f"{parameter} = {self._inline(self.truth.parameter, {'parameter': parameter})}"
        return [*before, moved, *after]

    def _inline(self, formula: Formula, given: Mapping[str, str] = MappingProxyType({})) -> str:
        """A formula with Luau names for its arguments; those not ``given`` have their own."""
        names = self._arguments(formula)
        return inline(self.modules, _path(formula), *(given.get(name, luau_name(name)) for name in names))

    def _arguments(self, formula: Formula) -> tuple[str, ...]:
        return formula_of(self.modules, _path(formula)).parameters

    def _taken(self, array: str, names: Iterable[str], formulas: Iterable[Formula]) -> list[str]:
        """The statement, if any, that takes those entries of an array out of it that formulas need."""
        wanted = {name for formula in formulas for name in self._arguments(formula)}
        taken = {name: f"{array}[{index}]" for index, name in enumerate(names, start=1) if name in wanted}
        return [f"local {', '.join(map(luau_name, taken))} = {', '.join(taken.values())}"] if taken else []

    def check(self) -> None:
        """See `luau_optimizers`."""
        truth, settings = self.truth, {each.name for each in self.truth.settings}
        kept, factors = set[str](), set[str]()
        for number in truth.kept:
            self._check(number.formula, settings | kept | {number.name})
            kept.add(number.name)
        for factor in truth.factors:
            self._check(factor.formula, settings | kept | factors)
            factors.add(factor.name)
        known = settings | factors | {"gradient"}
        for memory in truth.memories:
            self._check(memory.formula, known | {memory.name})
            known.add(memory.name)
        self._check(truth.parameter, known | {"parameter"})
        self._check_names()
        self._check_settings()

    def _check_names(self) -> None:
        """Each stands for one thing, and what is renewed late is no part of what is renewed before it."""
        truth = self.truth
        groups: tuple[Iterable[Setting | Kept | Factor | Memory], ...]
        groups = truth.settings, truth.kept, truth.factors, truth.memories
        parts = [each.name for group in groups for each in group]
        taken = {each for each in parts if each in LOOP_NAMES or _NUMBERED.fullmatch(each)}
        if taken:
            raise FormulaError(f"{truth.name} has a part that is called `{min(taken)}`; loops have that name already.")
        twice = {each for each in parts if parts.count(each) > 1}
        if twice:
            raise FormulaError(
                f"{truth.name} has two parts that are called `{min(twice)}`; write another name for one."
            )
        defined = [each for names in self._needed().values() for each in names]
        twice = {each for each in defined if defined.count(each) > 1}
        if twice:
            raise FormulaError(
                f"{truth.name} stands on two files that have a `{min(twice)}`; write another name for one of them."
            )
        lateness = [each.late for each in truth.memories]
        if lateness != sorted(lateness):
            name = truth.memories[lateness.index(True)].name
            raise FormulaError(f"{truth.name} renews `{name}` late; write it behind the memories that are not late.")

    def _needed(self) -> dict[str, set[str]]:
        """What its formulas stand on, by their modules."""
        found: dict[str, set[str]] = {}
        for path in map(_path, _formulas(self.truth)):
            found.setdefault(path.partition(".")[0], set()).update(needed(self.modules, path))
        return found

    def _check_settings(self) -> None:
        """The learning rate is the first of them, and users may give what stands there if they give nothing."""
        truth = self.truth
        first = truth.settings[0].name if truth.settings else "nothing"
        if first != RATE:
            raise FormulaError(f"{truth.name} has `{first}` as its first setting; write `{RATE}`, the learning rate.")
        for setting in truth.settings:
            rule = number_rule(setting.limits)
            got = described_unless_right(rule, setting.default, {})
            if got is not None:
                raise FormulaError(f"The default of `{setting.name}` of {truth.name} {rule.text()}, got {got}.")

    def _check(self, formula: Formula, known: set[str]) -> None:
        module, _, name = _path(formula).partition(".")
        if find_formula(self.modules, _path(formula)) is None:
            raise FormulaError(f"{self.truth.name} has `{name}`, which is no formula of {module}.py; write it there.")
        unknown = [each for each in self._arguments(formula) if each not in known]
        if unknown:
            raise FormulaError(
                f"`{name}` of {self.truth.name} has the argument `{unknown[0]}`, which stands for nothing there; "
                f"write one of {', '.join(sorted(known))}."
            )


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


def _path(formula: Formula) -> str:
    return f"{formula.__module__.rpartition('.')[2]}.{formula.__name__}"


def bounded(number: Kept) -> str:
    """The first value and the rule of a number that is carried on, as a table."""
    return luau_table([f"start = {luau_value(number.start)}", *_limits(number.limits)])


def _limits(limits: Limits) -> list[str]:
    """A number's rule, as fields of a Luau table."""
    rule = number_rule(limits)
    known = {field.name: getattr(rule, field.name) for field in fields(rule)}
    return [f"rule = {luau_string(luau_name(rule.message))}", *(f"{k} = {luau_value(v)}" for k, v in known.items())]
