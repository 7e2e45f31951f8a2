"""The schedules of learning rates as templates need them: formulas by their names, with all their arguments."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codegen.library.optimizers import bounded
from codegen.library.signatures import luau_table
from codegen.translate.luau_formulas import (
    FormulaModules,
    define,
    find_formula,
    formula_of,
    inline,
    luau_name,
    needed,
    path_of,
)
from codegen.translate.luau_literals import luau_value
from codegen.translate.python_subset import FormulaError
from engine.formulas.records import RATE, Formula, RateSchedule
from engine.formulas.registry import RATE_SCHEDULES
from engine.training.rate_schedule import settings_of

# What the functions of a schedule are given beside arrays.
_GIVEN_TO_RATE, _GIVEN_TO_KEPT = (RATE, "step"), (RATE, "step", "loss")


def luau_schedules(modules: FormulaModules) -> tuple["LuauSchedule", ...]:
    """All schedules in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, or an argument that stands for nothing.
    """
    schedules = tuple(LuauSchedule(each, modules) for each in RATE_SCHEDULES.values())
    for each in schedules:
        each.check()
    return schedules


@dataclass(frozen=True)
class LuauSchedule:
    """A schedule as a template needs it."""

    truth: RateSchedule
    modules: FormulaModules

    @property
    def definitions(self) -> str:
        """The constants and functions that its formulas stand on, as Luau."""
        paths = {path_of(formula) for formula in self._formulas}
        names = set[str]().union(*(needed(self.modules, path) for path in paths))
        (module,) = {path.partition(".")[0] for path in paths}
        return define(self.modules, module, names)

    @property
    def kept(self) -> str:
        """What it carries on, with first values and rules, as a table."""
        return luau_table(map(bounded, self.truth.kept)) if self.truth.kept else "{}"

    @property
    def rate(self) -> str:
        """The function that gives the rate at a step."""
        lines = [
            *self._taken("settings", self._settings, [self.truth.rate]),
            *self._taken("kept", self._kept, [self.truth.rate]),
            f"return {self._inline(self.truth.rate, {})}",
        ]
        return self._function(lines, _GIVEN_TO_RATE, ": number")

    @property
    def carry_on(self) -> str:
        """The function that renews what is kept; nil if nothing is."""
        if not self.truth.kept:
            return "nil"
        formulas = [each.formula for each in self.truth.kept]
        lines = self._taken("settings", self._settings, formulas)
        for number, each in enumerate(self.truth.kept):
            # Those before it are renewed by now, and called by their names.
            old = {name: f"kept[{index + 1}]" for index, name in enumerate(self._kept) if index >= number}
            lines.append(f"local {luau_name(each.name)} = {self._inline(each.formula, old)}")
        places = ", ".join(f"kept[{index}]" for index in range(1, len(self._kept) + 1))
        lines.append(f"{places} = {', '.join(map(luau_name, self._kept))}")
        return self._function(lines, _GIVEN_TO_KEPT, "")

    @property
    def is_by_epoch(self) -> str:
        """Whether it is carried on from epoch to epoch."""
        return luau_value(self.truth.by_epoch)

    @property
    def _formulas(self) -> list[Formula]:
        return [self.truth.rate, *(each.formula for each in self.truth.kept)]

    @property
    def _settings(self) -> list[str]:
        return [each.name for each in settings_of(self.truth)]

    @property
    def _kept(self) -> list[str]:
        return [each.name for each in self.truth.kept]

    def _inline(self, formula: Formula, given: Mapping[str, str]) -> str:
        names = formula_of(self.modules, path_of(formula)).parameters
        return inline(self.modules, path_of(formula), *(given.get(name, luau_name(name)) for name in names))

    def _taken(self, array: str, names: Iterable[str], formulas: Iterable[Formula]) -> list[str]:
        wanted = {name for formula in formulas for name in formula_of(self.modules, path_of(formula)).parameters}
        taken = {name: f"{array}[{index}]" for index, name in enumerate(names, start=1) if name in wanted}
        return [f"local {', '.join(map(luau_name, taken))} = {', '.join(taken.values())}"] if taken else []

    @staticmethod
    def _function(lines: list[str], given: Iterable[str], gives: str) -> str:
        text = "\n".join(lines)
        names = ["settings", "kept", *given]
        used = [name for name in names if re.search(rf"\b{name}\b", text)]
        # Of what it does not use, it names only what stands in front of what it does.
        shown = ", ".join(
            f"{'' if name in used else '_'}{name}: {'Array' if name in names[:2] else 'number'}"
            for name in names[: names.index(used[-1]) + 1]
        )
        return "\n".join([f"function({shown}){gives}", *(f"\t{line}" for line in lines), "end"])

    def check(self) -> None:
        """See `luau_schedules`."""
        settings, kept = set(self._settings), set(self._kept)
        self._check(self.truth.rate, {*settings, *kept, *_GIVEN_TO_RATE})
        given = {RATE, "loss"} if self.truth.by_epoch else {RATE, "step"}
        for each in self.truth.kept:
            self._check(each.formula, settings | kept | given)

    def _check(self, formula: Formula, known: set[str]) -> None:
        module, _, name = path_of(formula).partition(".")
        if find_formula(self.modules, path_of(formula)) is None:
            raise FormulaError(f"{self.truth.name} has `{name}`, which is no formula of {module}.py; write it there.")
        unknown = [each for each in formula_of(self.modules, path_of(formula)).parameters if each not in known]
        if unknown:
            raise FormulaError(
                f"`{name}` of {self.truth.name} has the argument `{unknown[0]}`, which stands for nothing there; "
                f"write one of {', '.join(sorted(known))}."
            )
