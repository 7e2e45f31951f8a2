"""The scalers as templates need them: how each is made of a column, as Luau."""

from dataclasses import dataclass

from codegen.library.formula_records import LuauRecord, checked, named
from codegen.translate.luau_formulas import FormulaModules, luau_name
from codegen.translate.luau_literals import luau_value
from engine.formulas.records import Fold, Formula, Quantile, ScalerKind
from engine.formulas.registry import SCALERS

# What the function around the statements calls its own: no statistic may be called so.
OWN_NAMES = frozenset({"column", "count", "k", "sorted", "value"})


def luau_scalers(modules: FormulaModules) -> tuple["LuauScaler", ...]:
    """All scalers in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, an argument that stands for nothing, or a
            statistic that the function has the name of.
    """
    return checked(LuauScaler(each, modules) for each in SCALERS.values())


@dataclass(frozen=True)
class LuauScaler(LuauRecord[ScalerKind]):
    """A scaler as a template needs it."""

    @property
    def formulas(self) -> list[Formula]:
        """All its formulas."""
        folds = [each.formula for each in self.truth.statistics if isinstance(each, Fold)]
        return [*folds, self.truth.shift, self.truth.scale]

    @property
    def statements(self) -> list[str]:
        """What gives shift and scale of a ``column`` of ``count`` numbers, which are ``sorted`` in another."""
        lines: list[str] = []
        for statistic in self.truth.statistics:
            lines += self._folded(statistic) if isinstance(statistic, Fold) else _quantile(statistic)
        return [*lines, f"return {self.inline(self.truth.shift)}, {self.inline(self.truth.scale)}"]

    @property
    def parameters(self) -> str:
        """The parameters of the function around the statements; an underscore marks those that they do not use."""
        types, statements = {"column": "{ number }", "sorted": "{ number }", "count": "number"}, self.statements
        return ", ".join(f"{named(name, statements)}: {luau_type}" for name, luau_type in types.items())

    def check(self) -> None:
        """See `luau_scalers`."""
        super().check()
        self.check_names((each.name for each in self.truth.statistics), OWN_NAMES)
        known = {"count"}
        for statistic in self.truth.statistics:
            if isinstance(statistic, Fold):
                self.check_arguments(statistic.formula, {*known, statistic.name, "value"})
            known.add(statistic.name)
        self.check_arguments(self.truth.shift, known)
        self.check_arguments(self.truth.scale, known)

    def _folded(self, fold: Fold) -> list[str]:
        name = luau_name(fold.name)
        first = "column[1]" if fold.start is None else luau_value(fold.start)
        return [
            f"local {name} = {first}",
            "for k = 1, count do",
            "\tlocal value = column[k]",
            f"\t{name} = {self.inline(fold.formula)}",
            "end",
        ]


def _quantile(quantile: Quantile) -> list[str]:
    return [f"local {luau_name(quantile.name)} = quantileOf(sorted, count, {luau_value(quantile.share)})"]
