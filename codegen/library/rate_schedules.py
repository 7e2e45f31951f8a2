"""The schedules of learning rates as templates need them: formulas by their names, with all their arguments."""

from collections.abc import Iterable
from dataclasses import dataclass

from codegen.library.formula_records import LuauRecord, bounded, checked, is_used, named
from codegen.library.signatures import luau_table
from codegen.translate.luau_formulas import FormulaModules, luau_name
from codegen.translate.luau_literals import luau_value
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
    return checked(LuauSchedule(each, modules) for each in RATE_SCHEDULES.values())


@dataclass(frozen=True)
class LuauSchedule(LuauRecord[RateSchedule]):
    """A schedule as a template needs it."""

    @property
    def formulas(self) -> list[Formula]:
        """All its formulas."""
        return [self.truth.rate, *(each.formula for each in self.truth.kept)]

    @property
    def kept(self) -> str:
        """What it carries on, with first values and rules, as a table."""
        return luau_table(luau_table(bounded(each)) for each in self.truth.kept) if self.truth.kept else "{}"

    @property
    def rate(self) -> str:
        """The function that gives the rate at a step."""
        lines = [
            *self.taken("settings", self._settings, [self.truth.rate]),
            *self.taken("kept", self._kept, [self.truth.rate]),
            f"return {self.inline(self.truth.rate)}",
        ]
        return self._function(lines, _GIVEN_TO_RATE, ": number")

    @property
    def carry_on(self) -> str:
        """The function that renews what is kept; nil if nothing is."""
        if not self.truth.kept:
            return "nil"
        formulas = [each.formula for each in self.truth.kept]
        lines = self.taken("settings", self._settings, formulas)
        for number, each in enumerate(self.truth.kept):
            # Those before it are renewed by now, and called by their names.
            old = {name: f"kept[{index + 1}]" for index, name in enumerate(self._kept) if index >= number}
            lines.append(f"local {luau_name(each.name)} = {self.inline(each.formula, old)}")
        places = ", ".join(f"kept[{index}]" for index in range(1, len(self._kept) + 1))
        lines.append(f"{places} = {', '.join(map(luau_name, self._kept))}")
        return self._function(lines, _GIVEN_TO_KEPT, "")

    @property
    def is_by_epoch(self) -> str:
        """Whether it is carried on from epoch to epoch."""
        return luau_value(self.truth.by_epoch)

    @property
    def _settings(self) -> list[str]:
        return [each.name for each in settings_of(self.truth)]

    @property
    def _kept(self) -> list[str]:
        return [each.name for each in self.truth.kept]

    @staticmethod
    def _function(lines: list[str], given: Iterable[str], gives: str) -> str:
        names = ["settings", "kept", *given]
        used = [name for name in names if is_used(name, lines)]
        # Of what it does not use, it names only what stands in front of what it does.
        shown = ", ".join(
            f"{named(name, lines)}: {'Array' if name in names[:2] else 'number'}"
            for name in names[: names.index(used[-1]) + 1]
        )
        return "\n".join([f"function({shown}){gives}", *(f"\t{line}" for line in lines), "end"])

    def check(self) -> None:
        """See `luau_schedules`."""
        super().check()
        settings, kept = set(self._settings), set(self._kept)
        self.check_arguments(self.truth.rate, {*settings, *kept, *_GIVEN_TO_RATE})
        given = {RATE, "loss"} if self.truth.by_epoch else {RATE, "step"}
        for each in self.truth.kept:
            self.check_arguments(each.formula, settings | kept | given)
