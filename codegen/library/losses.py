"""The losses as templates need them: kernels by their names, with the formulas that they are called with."""

from dataclasses import dataclass

from codegen.library.formula_records import LuauRecord, checked, rule_fields
from codegen.library.signatures import luau_table
from codegen.translate.luau_formulas import FormulaModules, define_needed, luau_name, path_of
from codegen.translate.luau_literals import luau_string, luau_value
from codegen.translate.python_subset import FormulaError
from engine.formulas.records import Formula, Loss
from engine.formulas.registry import ALL_ACTIVATIONS, LOSSES

# What the loops over outputs call their own: no setting may be called so.
LOOP_NAMES = frozenset(
    {
        *("count", "deltas", "highest", "j", "largest", "output", "outputs", "rest", "settings", "sums"),
        *("target", "targets", "total", "target_sum", "x"),
    }
)
# A kernel's name, and the formulas that it is called with, by their names there.
Measure = tuple[str, dict[str, str]]


def luau_losses(modules: FormulaModules) -> tuple["LuauLoss", ...]:
    """All losses in their order.

    Raises:
        FormulaError: if one of them has a formula that its module lacks, is fused with what is no activation, or has a
            setting that loops have the name of, or whose default would be refused.
    """
    return checked(LuauLoss(each, modules) for each in LOSSES.values())


def definitions(modules: FormulaModules) -> str:
    """The constants and functions that all losses stand on, each once, as Luau."""
    return define_needed(modules, (path_of(each) for loss in luau_losses(modules) for each in loss.formulas))


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
class LuauLoss(LuauRecord[Loss]):
    """A loss as a template needs it."""

    @property
    def formulas(self) -> list[Formula]:
        """All its formulas."""
        found = self.truth.fused
        of_fused = (found.value, found.slope, found.level) if found is not None else ()
        return [self.truth.value, self.truth.slope, *filter(None, of_fused)]

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
    def curvature(self) -> str | None:
        """Of a squared loss, its curvature by an output, as Luau, of ``count``; None of another."""
        return self.inline(self.truth.slope, {"output": "1", "target": "0"}) if self.truth.squared else None

    @property
    def settings(self) -> str:
        """Its settings with their rules, as in interface/signatures.luau."""
        records = []
        for each in self.truth.settings:
            rule, *known = rule_fields(each.limits)
            name, default = luau_string(luau_name(each.name)), luau_value(each.default)
            records.append(luau_table([f"name = {name}", rule, f"default = {default}", *known]))
        return luau_table(records) if records else "{}"

    def check(self) -> None:
        """See `luau_losses`."""
        super().check()
        truth = self.truth
        if truth.fused is not None and truth.fused.activator not in ALL_ACTIVATIONS:
            raise FormulaError(
                f"{truth.name} is fused with `{truth.fused.activator}`; write the name of an activation."
            )
        self.check_names((each.name for each in truth.settings), LOOP_NAMES)
        self.check_defaults(truth.settings)
