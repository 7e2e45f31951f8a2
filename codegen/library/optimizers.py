"""The optimizers as templates need them: formulas by their names, with all that their arguments stand for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from inspect import signature

from codegen.library.formula_records import LuauRecord, bounded, checked, named, repeated, rule_fields
from codegen.library.signatures import luau_table
from codegen.translate.luau_formulas import FormulaModules, luau_name
from codegen.translate.luau_literals import luau_value
from codegen.translate.python_subset import FormulaError
from engine.formulas.records import RATE, Factor, Formula, Kept, Memory, Optimizer, Setting
from engine.formulas.registry import OPTIMIZERS

# What the loops over parameters call their own: no optimizer may call anything of its own so.
LOOP_NAMES = frozenset(
    {
        *("at", "column", "count", "delta", "deltas", "factors", "gradient", "i", "j", "kept", "memories"),
        *("parameter", "parameters", "row", "rows", "settings", "values", "width"),
    }
)
# So are numbered ones: places in loops, and what is remembered.
_NUMBERED = re.compile(r"(i|j|memory)\d+")


def luau_optimizers(modules: FormulaModules) -> tuple["LuauOptimizer", ...]:
    """All optimizers in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, or an argument that stands for nothing.
    """
    return checked(LuauOptimizer(each, modules) for each in OPTIMIZERS.values())


@dataclass(frozen=True)
class LuauOptimizer(LuauRecord[Optimizer]):
    """An optimizer as a template needs it."""

    @property
    def formulas(self) -> list[Formula]:
        """All its formulas."""
        return _formulas(self.truth)

    @property
    def record(self) -> str:
        """What the library has to know of it to read what was saved, as a table."""
        kept = [bounded(each) for each in self.truth.kept]
        memories = [luau_table(rule_fields(each.limits)) for each in self.truth.memories]
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
    def known(self) -> list[str]:
        """The statements that take what a step needs out of ``settings`` and ``factors``."""
        formulas = [*(each.formula for each in self.truth.memories), self.truth.parameter]
        return [
            *self.taken("settings", [each.name for each in self.truth.settings], formulas),
            *self.taken("factors", [each.name for each in self.truth.factors], formulas),
        ]

    def remembered(self, index: str) -> list[str]:
        """The statements that take what is remembered, or a part of it, out of ``memories``."""
        count = len(self.truth.memories)
        return [f"local memory{number} = memories[{number}]{index}" for number in range(1, count + 1)]

    def step(self, array: str, place: str, parameter: str, gradient: str) -> list[str]:
        """The statements of one step: of the parameter at a place of an array, of what it is and its gradient."""
        before, after = list[str](), list[str]()
        for number, memory in enumerate(self.truth.memories, start=1):
            name, old = luau_name(memory.name), f"memory{number}[{place}]"
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
