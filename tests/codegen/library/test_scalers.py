"""Scalers as Luau: what their formulas stand on, and what is refused."""

from types import MappingProxyType

import pytest

from codegen.library import scalers
from codegen.library.scalers import luau_scalers
from codegen.translate.luau_formulas import read_formulas
from codegen.translate.python_subset import FormulaError
from engine.formulas.records import Fold, Quantile, ScalerKind
from engine.formulas.registry import SCALERS
from engine.formulas.scalers import min_max, robust, standard


def only(monkeypatch: pytest.MonkeyPatch, kind: ScalerKind) -> None:
    monkeypatch.setattr(scalers, "SCALERS", MappingProxyType({kind.name: kind}))


def test_all_scalers_come_in_their_order() -> None:
    assert [each.truth.name for each in luau_scalers(read_formulas())] == list(SCALERS)


def test_folds_quantiles_and_what_is_had_of_them_are_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = (Fold("total", standard.added, 0.0), Quantile("median", 0.5))
    only(monkeypatch, ScalerKind("Odd", parts, robust.shift, standard.shift))
    (scaler,) = luau_scalers(read_formulas())
    assert scaler.statements == [
        "local total = 0",
        "for k = 1, count do",
        "\tlocal value = column[k]",
        "\ttotal = total + value",
        "end",
        "local median = quantileOf(sorted, count, 0.5)",
        "return median, total / count",
    ]
    assert scaler.parameters == "column: { number }, sorted: { number }, count: number"


def test_an_argument_that_stands_for_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, ScalerKind("Odd", (Fold("least", min_max.lesser),), min_max.shift, min_max.scale))
    with pytest.raises(
        FormulaError, match="`scale` of Odd has the argument `greatest`, which stands for nothing there"
    ):
        luau_scalers(read_formulas())


def test_a_name_of_the_function_around_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, ScalerKind("Odd", (Quantile("value", 0.5),), robust.shift, robust.scale))
    with pytest.raises(FormulaError, match="Odd has a part that is called `value`; loops have that name already"):
        luau_scalers(read_formulas())
