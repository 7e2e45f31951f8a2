"""The losses as templates need them: kernels by their names, with the formulas that they are called with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codegen.library.signatures import luau_table
from codegen.translate.luau_formulas import define, find_formula, luau_name, needed, path_of
from codegen.translate.luau_literals import luau_string, luau_value
from codegen.translate.python_subset import FormulaError, FormulaModule
from engine.arguments import described_unless_right
from engine.formulas.records import Formula, Loss
from engine.formulas.registry import ALL_ACTIVATIONS, LOSSES
from engine.interface.rules import number_rule

Modules = Mapping[str, FormulaModule]
# What the loops over outputs call their own: no setting may be called so.
LOOP_NAMES = frozenset(
    {
        *("count", "deltas", "highest", "j", "largest", "output", "outputs", "rest", "settings", "sums"),
        *("target", "targets", "total", "target_sum", "x"),
    }
)
# A kernel's name, and the formulas that it is called with, by their names there.
Measure = tuple[str, dict[str, str]]


def luau_losses(modules: Modules) -> tuple["LuauLoss", ...]:
    """All losses in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, is fused with what is no activation, or has a
            setting that loops have the name of, or whose default would be refused.
    """
    losses = tuple(LuauLoss(each, modules) for each in LOSSES.values())
    for each in losses:
        each.check()
    return losses


def definitions(modules: Modules) -> str:
    """The constants and functions that all losses stand on, each once, as Luau."""
    names: dict[str, set[str]] = {}
    for loss in LOSSES.values():
        for path in map(path_of, _formulas(loss)):
            names.setdefault(path.partition(".")[0], set()).update(needed(modules, path))
    return "\n\n".join(define(modules, module, only) for module, only in names.items() if only)


def plain(loss: Loss) -> Measure:
    """What measures by outputs."""
    return "measure", {"value": path_of(loss.value), "slope": path_of(loss.slope)}


def fused(loss: Loss, activator: str) -> Measure | None:
    """What measures by pre-activations, behind the activation that a loss may be fused with; None behind another."""
    found = loss.fused_with(activator)
    if found is None:
        return None
    paths = {"value": path_of(found.value), "slope": path_of(found.slope)}
    if found.level is None:
        return "measure_sums", paths
    return "measure_shares", {"level": path_of(found.level), **paths}


@dataclass(frozen=True)
class LuauLoss:
    """A loss as a template needs it."""

    truth: Loss
    modules: Modules

    @property
    def literal(self) -> str:
        """Its name as a literal."""
        return luau_string(self.truth.name)

    @property
    def plain(self) -> Measure:
        """What measures by outputs."""
        return plain(self.truth)

    @property
    def fused(self) -> Measure:
        """What measures by pre-activations, where it may."""
        assert self.truth.fused is not None
        found = fused(self.truth, self.truth.fused.activator)
        assert found is not None
        return found

    @property
    def settings(self) -> str:
        """Its settings with their rules, as in interface/signatures.luau."""
        records = []
        for each in self.truth.settings:
            rule = number_rule(each.limits)
            known = {name: luau_value(value) for name, value in vars(rule).items()}
            fields = {
                "name": luau_string(luau_name(each.name)),
                "rule": luau_string(luau_name(rule.message)),
                "default": luau_value(each.default),
                **known,
            }
            records.append(luau_table(f"{name} = {text}" for name, text in fields.items()))
        return luau_table(records) if records else "{}"

    def check(self) -> None:
        """See `luau_losses`."""
        truth = self.truth
        for path in map(path_of, _formulas(truth)):
            module, _, name = path.partition(".")
            if find_formula(self.modules, path) is None:
                raise FormulaError(f"{truth.name} has `{name}`, which is no formula of {module}.py; write it there.")
        if truth.fused is not None and truth.fused.activator not in ALL_ACTIVATIONS:
            raise FormulaError(
                f"{truth.name} is fused with `{truth.fused.activator}`; write the name of an activation."
            )
        for setting in truth.settings:
            if setting.name in LOOP_NAMES:
                raise FormulaError(f"{truth.name} has a setting `{setting.name}`; loops have that name already.")
            rule = number_rule(setting.limits)
            got = described_unless_right(rule, setting.default, {})
            if got is not None:
                raise FormulaError(f"The default of `{setting.name}` of {truth.name} {rule.text()}, got {got}.")


def _formulas(loss: Loss) -> Iterable[Formula]:
    yield from (loss.value, loss.slope)
    if loss.fused is not None:
        yield from (loss.fused.value, loss.fused.slope)
        if loss.fused.level is not None:
            yield loss.fused.level
