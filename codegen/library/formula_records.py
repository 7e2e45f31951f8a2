"""What all records of formulas need to become Luau: formulas by the names of their arguments, and what is refused."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from codegen.translate.luau_formulas import (
    FormulaModules,
    define_needed,
    find_formula,
    formula_of,
    inline,
    luau_name,
    needed_by_module,
    path_of,
)
from codegen.translate.luau_literals import luau_string, luau_value
from codegen.translate.python_subset import FormulaError
from engine.arguments import described_unless_right
from engine.formulas.records import (
    Formula,
    Kept,
    LeastSquares,
    Limits,
    Loss,
    Optimizer,
    RateSchedule,
    ScalerKind,
    Setting,
)
from engine.interface.rules import number_rule

Record = TypeVar("Record", bound=LeastSquares | Loss | Optimizer | RateSchedule | ScalerKind)
Checked = TypeVar("Checked", bound="LuauRecord[Any]")


def checked(records: Iterable[Checked]) -> tuple[Checked, ...]:
    """The same records, none of which is refused."""
    done = tuple(records)
    for each in done:
        each.check()
    return done


@dataclass(frozen=True)
class LuauRecord(ABC, Generic[Record]):
    """A record as a template needs it."""

    truth: Record
    modules: FormulaModules

    @property
    @abstractmethod
    def formulas(self) -> Sequence[Formula]:
        """All its formulas."""

    @property
    def literal(self) -> str:
        """Its name as a literal."""
        return luau_string(self.truth.name)

    @property
    def definitions(self) -> str:
        """The constants and functions that its formulas stand on, as Luau."""
        return define_needed(self.modules, self._paths)

    def inline(self, formula: Formula, given: Mapping[str, str] = MappingProxyType({})) -> str:
        """A formula with Luau names for its arguments; those not ``given`` have their own."""
        names = self._arguments(formula)
        return inline(self.modules, path_of(formula), *(given.get(name, luau_name(name)) for name in names))

    def taken(self, array: str, names: Iterable[str], formulas: Iterable[Formula]) -> list[str]:
        """The statement, if any, that takes those entries of an array out of it that formulas need."""
        wanted = {name for formula in formulas for name in self._arguments(formula)}
        taken = {name: f"{array}[{index}]" for index, name in enumerate(names, start=1) if name in wanted}
        return [f"local {', '.join(map(luau_name, taken))} = {', '.join(taken.values())}"] if taken else []

    def check(self) -> None:
        """Refuse formulas that their modules lack, and what stands on two things that have one name.

        Raises:
            FormulaError: if something is refused.
        """
        for path in self._paths:
            module, _, name = path.partition(".")
            if find_formula(self.modules, path) is None:
                raise FormulaError(
                    f"{self.truth.name} has `{name}`, which is no formula of {module}.py; write it there."
                )
        needed = needed_by_module(self.modules, self._paths).values()
        twice = repeated([each for names in needed for each in names])
        if twice is not None:
            raise FormulaError(
                f"{self.truth.name} stands on two files that have a `{twice}`; write another name for one of them."
            )

    def check_arguments(self, formula: Formula, known: Collection[str]) -> None:
        """Refuse a formula of what is not ``known``."""
        unknown = [each for each in self._arguments(formula) if each not in known]
        if unknown:
            raise FormulaError(
                f"`{formula.__name__}` of {self.truth.name} has the argument `{unknown[0]}`, which stands for nothing "
                f"there; write one of {', '.join(sorted(known))}."
            )

    def check_names(self, names: Iterable[str], own: Container[str]) -> None:
        """Refuse a part with a name that the loops around the formulas have for something of their ``own``."""
        taken = [each for each in names if each in own]
        if taken:
            raise FormulaError(
                f"{self.truth.name} has a part that is called `{min(taken)}`; loops have that name already."
            )

    def check_defaults(self, settings: Iterable[Setting]) -> None:
        """Refuse a setting that users could not set to its default."""
        for setting in settings:
            rule = number_rule(setting.limits)
            got = described_unless_right(rule, setting.default, {})
            if got is not None:
                raise FormulaError(f"The default of `{setting.name}` of {self.truth.name} {rule.text()}, got {got}.")

    @property
    def _paths(self) -> list[str]:
        return [path_of(each) for each in self.formulas]

    def _arguments(self, formula: Formula) -> tuple[str, ...]:
        return formula_of(self.modules, path_of(formula)).parameters


def repeated(names: Sequence[str]) -> str | None:
    """The first name, in the order of letters, that is there more than once."""
    return min((each for each in names if names.count(each) > 1), default=None)


def named(parameter: str, statements: Iterable[str]) -> str:
    """A parameter's name; an underscore marks it if the statements do not use it."""
    return parameter if is_used(parameter, statements) else f"_{parameter}"


def is_used(name: str, statements: Iterable[str]) -> bool:
    """Whether statements have a name in them."""
    return any(re.search(rf"\b{name}\b", each) for each in statements)


def bounded(number: Kept) -> list[str]:
    """The first value and the rule of a number that is carried on, as fields of a Luau table."""
    return [f"start = {luau_value(number.start)}", *rule_fields(number.limits)]


def rule_fields(limits: Limits) -> list[str]:
    """A number's rule, as fields of a Luau table: its name first."""
    rule = number_rule(limits)
    known = [f"{name} = {luau_value(value)}" for name, value in vars(rule).items()]
    return [f"rule = {luau_string(luau_name(rule.message))}", *known]
