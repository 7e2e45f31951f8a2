"""The steps of optimizers in LuaJIT: their formulas over C's arrays, one parameter after the other.

What is remembered of parameters lies behind them in the same array, so that it needs no names of its own, of which a
function has few. All else that belongs to an optimizer has names that begin with ``its``, as nothing in the loops does.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from codegen.library.optimizers import LuauOptimizer
from codegen.translate.luau_formulas import (
    FormulaModules,
    define_needed,
    formula_of,
    inline,
    luau_name,
    needed,
    needed_by_module,
    path_of,
)
from codegen.translate.luau_lines import indented
from engine.formulas import regularization
from engine.formulas.records import RATE, Formula, Optimizer
from engine.training.gradients import Common
from engine.training.optimizer import StepRule

# What the statements of a step call their own.
_RENEWED, _SHARE_LEFT = "renewed", "shareLeft"


@dataclass(frozen=True)
class LuaJitSteps:
    """How an optimizer steps all parameters of a network.

    Attributes:
        modules: the formulas.
        rule: what the code depends on.
    """

    modules: FormulaModules
    rule: StepRule

    @property
    def settings(self) -> tuple[str, ...]:
        """The names of the numbers that it is given: the rate first."""
        own = tuple(each.name for each in self.rule.record.settings)
        return (*own, *(name for name in Common._fields if name not in own and name in self._needed))

    @property
    def paths(self) -> list[str]:
        """All formulas that it is made of."""
        common: tuple[Formula, ...] = (regularization.penalized, regularization.limited, self._decay)
        wanted = (self.rule.penalizes, self.rule.limits, self.rule.decays)
        return [
            *map(path_of, LuauOptimizer(self.rule.record, self.modules).formulas),
            *(path_of(formula) for formula, is_wanted in zip(common, wanted, strict=True) if is_wanted),
        ]

    @property
    def definitions(self) -> str:
        """The constants and functions that its formulas stand on, as Luau."""
        return define_needed(self.modules, self.paths)

    @property
    def names(self) -> dict[str, set[str]]:
        """What these are called in Python, by their modules."""
        return needed_by_module(self.modules, self.paths)

    @property
    def locals(self) -> list[str]:
        """The statements that take what it is given and what it keeps out of ``settings`` and ``kept``.

        Factors are there from the beginning as they were in the last step.
        """
        record = self.rule.record
        return [
            *(f"local {_its(name)} = settings[{index}]" for index, name in enumerate(self.settings)),
            *(f"local {name} = kept[{index}]" for index, name in enumerate(self._kept)),
            *(f"local {_moves(each.name)} = 1" for each in record.kept),
            *(f"local {_its(each.name)} = {self._inline(each.formula)}" for each in record.factors),
        ]

    @property
    def begin(self) -> list[str]:
        """The statements that begin a step.

        Numbers that are kept come to rest after some thousand steps, some of them so near zero that processors are slow
        with them. From there on they, and the factors that depend on them alone, are left as they are.
        """
        record = self.rule.record
        lines = [f"{_its(RATE)} = rates[k]"] if self.rule.is_scheduled else []
        for each in record.kept:
            name = _its(each.name)
            others = self._moving(each.formula) - {each.name}
            rests = [
                f"{_RENEWED} == {name}",
                f"{_RENEWED} ~= 0",
                *(f"{_moves(other)} == 0" for other in sorted(others)),
            ]
            # What a rate of its own changes in every step never rests, nor does zero, which has two signs.
            may_rest = not self._is_of_rate(each.formula)
            renewed = [
                f"local {_RENEWED} = {self._inline(each.formula)}",
                *([f"if {' and '.join(rests)} then", f"\t{_moves(each.name)} = 0", "end"] if may_rest else []),
                f"{name} = {_RENEWED}",
            ]
            lines += _where({each.name, *others}, renewed)
        for factor in record.factors:
            line = f"{_its(factor.name)} = {self._inline(factor.formula)}"
            lines += [line] if self._is_of_rate(factor.formula) else _where(self._moving(factor.formula), [line])
        if self.rule.decays and record.decouples:
            lines.append(f"local {_SHARE_LEFT} = {self._inline(regularization.share_left)}")
        return lines

    @property
    def end(self) -> list[str]:
        """The statements that give what it keeps back when all steps are done."""
        return [f"kept[{index}] = {name}" for index, name in enumerate(self._kept)]

    @cached_property
    def has_branches(self) -> bool:
        """Whether a step has a choice in it, which makes paths of its code."""
        return any(
            isinstance(node, ast.IfExp)
            for path in self.paths
            for each in (path.partition(".")[2], *needed(self.modules, path))
            for formula in [self.modules[path.partition(".")[0]].formulas.get(each)]
            if formula is not None
            for node in ast.walk(formula.body)
        )

    def of(self, size: int, *, are_weights: bool) -> "LuaJitUpdate":
        """How it steps the parameters of an array that has so many of them."""
        rule = self.rule if are_weights else replace(self.rule, penalizes=False)
        return LuaJitUpdate(replace(self, rule=rule), size)

    def step(self, array: str, place: str, parameter: str, gradient: str, size: int) -> Iterator[str]:
        """The statements of one step, see `LuaJitUpdate.step`."""
        rule, its_gradient, its_parameter = self.rule, _its("gradient"), _its("parameter")
        # What is gathered is added to zero, which makes -0 of no gradient.
        yield f"local {its_gradient} = {'0 + ' if rule.gathers else ''}{gradient}"
        yield f"local {its_parameter} = {parameter}"
        for is_wanted, formula in (
            (rule.penalizes, regularization.penalized),
            (rule.limits, regularization.limited),
            (rule.decays and not rule.record.decouples, regularization.decayed),
        ):
            if is_wanted:
                yield f"{its_gradient} = {self._inline(formula, {'weight': its_parameter})}"
        if rule.decays and rule.record.decouples:
            yield f"{its_parameter} = {its_parameter} * {_SHARE_LEFT}"
        memories = [
            (each, _its(each.name), f"{array}[{place} + {size * number}]")
            for number, each in enumerate(rule.record.memories, start=1)
        ]
        for memory, name, old in memories:
            yield f"local {name} = {old if memory.late else self._inline(memory.formula, {memory.name: old})}"
            if not memory.late:
                yield f"{old} = {name}"
        yield f"{array}[{place}] = {self._inline(rule.record.parameter)}"
        for memory, name, old in memories:
            if memory.late:
                yield f"{name} = {self._inline(memory.formula)}"
                yield f"{old} = {name}"

    def _all_arguments(self, formula: Formula) -> set[str]:
        """The arguments of a formula, and those of the factors among them."""
        factors = {each.name: each.formula for each in self.rule.record.factors}
        own = set(formula_of(self.modules, path_of(formula)).parameters)
        return own.union(*(self._all_arguments(factors[name]) for name in own & factors.keys()))

    def _moving(self, formula: Formula) -> set[str]:
        """What a formula depends on of the numbers that are kept."""
        return self._all_arguments(formula) & {each.name for each in self.rule.record.kept}

    def _is_of_rate(self, formula: Formula) -> bool:
        """Whether a formula depends on a rate that each step has of its own."""
        return self.rule.is_scheduled and RATE in self._all_arguments(formula)

    @property
    def _decay(self) -> Formula:
        return regularization.share_left if self.rule.record.decouples else regularization.decayed

    @property
    def _needed(self) -> set[str]:
        return {name for path in self.paths for name in formula_of(self.modules, path).parameters}

    @property
    def _kept(self) -> list[str]:
        return [_its(each.name) for each in self.rule.record.kept]

    def _inline(self, formula: Formula, given: Mapping[str, str] | None = None) -> str:
        path = path_of(formula)
        names: Iterable[str] = formula_of(self.modules, path).parameters
        return inline(self.modules, path, *((given or {}).get(name) or _its(name) for name in names))


@dataclass(frozen=True)
class LuaJitUpdate:
    """How an optimizer steps the parameters of one array, of which it remembers what lies behind them.

    Attributes:
        steps: how it steps those of all arrays.
        size: how many parameters the array has.
    """

    steps: LuaJitSteps
    size: int

    def remembered(self, index: str, suffix: str = "") -> list[str]:
        """Nothing has to be taken out of anything."""
        return []

    def step(self, array: str, place: str, parameter: str, gradient: str, suffix: str = "") -> list[str]:
        """The statements of one step, whose locals stand in a block: of the parameter at a place of an array."""
        lines = self.steps.step(array, place, parameter, gradient, self.size)
        return ["do", *(f"\t{line}" for line in lines), "end"]


def all_of(record: Optimizer) -> StepRule:
    """The rule that has all formulas that an optimizer may step by."""
    return StepRule(
        record, penalizes=True, limits=True, decays=True, clips_norm=False, gathers=True, is_scheduled=False
    )


def _its(name: str) -> str:
    """What something of an optimizer is called in the loops."""
    return f"its{luau_name(f'_{name}')}"


def _moves(name: str) -> str:
    """What says whether a number that is kept still changes from step to step: 1 or 0."""
    return f"moves{luau_name(f'_{name}')}"


def _where(kept: Collection[str], lines: Sequence[str]) -> list[str]:
    """Statements for as long as one of some numbers still changes; always if there are none."""
    if not kept:
        return list(lines)
    return [f"if {' or '.join(f'{_moves(name)} > 0' for name in sorted(kept))} then", *indented(list(lines)), "end"]
