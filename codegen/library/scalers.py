"""The scalers as templates need them: how each is made of a column, as Luau."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codegen.translate.luau_formulas import define, formula_of, inline, luau_name, needed, path_of
from codegen.translate.luau_literals import luau_value
from codegen.translate.python_subset import FormulaError, FormulaModule
from engine.formulas.records import Fold, Formula, Quantile, ScalerKind
from engine.formulas.registry import SCALERS

# What the function around the statements calls its own: no statistic may be called so.
OWN_NAMES = frozenset({"column", "count", "k", "sorted", "value"})


def luau_scalers(modules: Mapping[str, FormulaModule]) -> tuple["LuauScaler", ...]:
    """All scalers in their order.

    Raises:
        FormulaError: if one of them has a formula with an argument that stands for nothing, or that takes a name.
    """
    scalers = tuple(LuauScaler(each, modules) for each in SCALERS.values())
    for each in scalers:
        each.check()
    return scalers


@dataclass(frozen=True)
class LuauScaler:
    """A scaler as a template needs it."""

    truth: ScalerKind
    modules: Mapping[str, FormulaModule]

    @property
    def name(self) -> str:
        """Its name, as a literal."""
        return luau_value(self.truth.name)

    @property
    def definitions(self) -> str:
        """The constants and functions that its formulas stand on."""
        module = path_of(self.truth.shift).partition(".")[0]
        return define(
            self.modules, module, set[str]().union(*(needed(self.modules, path_of(f)) for f in self._formulas))
        )

    @property
    def statements(self) -> list[str]:
        """What gives shift and scale of a ``column`` of ``count`` numbers, which are ``sorted`` in another."""
        lines: list[str] = []
        for statistic in self.truth.statistics:
            lines += self._folded(statistic) if isinstance(statistic, Fold) else _quantile(statistic)
        return [*lines, f"return {self._inline(self.truth.shift)}, {self._inline(self.truth.scale)}"]

    @property
    def parameters(self) -> str:
        """The parameters of the function around the statements; an underscore marks those that they do not use."""
        used = set(re.findall(r"\w+", " ".join(self.statements)))
        types = {"column": "{ number }", "sorted": "{ number }", "count": "number"}
        return ", ".join(f"{name if name in used else '_' + name}: {kind}" for name, kind in types.items())

    def check(self) -> None:
        """See `luau_scalers`."""
        known = {"count"}
        for statistic in self.truth.statistics:
            if luau_name(statistic.name) in OWN_NAMES:
                raise FormulaError(
                    f"The scaler {self.truth.name} has a statistic `{statistic.name}`; name it otherwise."
                )
            if isinstance(statistic, Fold):
                self._check(statistic.formula, {*known, statistic.name, "value"})
            known.add(statistic.name)
        self._check(self.truth.shift, known)
        self._check(self.truth.scale, known)

    def _check(self, formula: Formula, known: Iterable[str]) -> None:
        unknown = sorted(set(formula_of(self.modules, path_of(formula)).parameters) - set(known))
        if unknown:
            raise FormulaError(
                f"The scaler {self.truth.name} has `{path_of(formula)}` of {', '.join(unknown)}, which stands for "
                f"nothing; write it of {', '.join(sorted(known))}."
            )

    @property
    def _formulas(self) -> list[Formula]:
        folds = [each.formula for each in self.truth.statistics if isinstance(each, Fold)]
        return [*folds, self.truth.shift, self.truth.scale]

    def _folded(self, fold: Fold) -> list[str]:
        name = luau_name(fold.name)
        first = "column[1]" if fold.start is None else luau_value(fold.start)
        return [
            f"local {name} = {first}",
            "for k = 1, count do",
            "\tlocal value = column[k]",
            f"\t{name} = {self._inline(fold.formula)}",
            "end",
        ]

    def _inline(self, formula: Formula) -> str:
        path = path_of(formula)
        return inline(self.modules, path, *map(luau_name, formula_of(self.modules, path).parameters))


def _quantile(quantile: Quantile) -> list[str]:
    return [f"local {luau_name(quantile.name)} = quantileOf(sorted, count, {luau_value(quantile.share)})"]
