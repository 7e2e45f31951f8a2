"""Optimizers as Luau: what their formulas stand on is bound by name, and what stands for nothing is refused."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from codegen.library import optimizers
from codegen.library.optimizers import luau_optimizers
from codegen.translate.luau_formulas import read_formulas
from codegen.translate.python_subset import FormulaError
from engine.formulas import activations
from engine.formulas.optimizers import momentum, sgd
from engine.formulas.records import Factor, Kept, Limits, Memory, Optimizer, Setting, learning_rate
from engine.formulas.registry import OPTIMIZERS


def with_one(monkeypatch: pytest.MonkeyPatch, optimizer: Optimizer) -> None:
    monkeypatch.setattr(optimizers, "OPTIMIZERS", MappingProxyType({optimizer.name: optimizer}))


def test_a_step_renews_what_is_remembered_and_then_moves_the_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    with_one(monkeypatch, momentum.MOMENTUM)
    (optimizer,) = luau_optimizers(read_formulas())
    assert optimizer.preparation == ["return {}"]
    assert optimizer.known == ["local rate, momentum = settings[1], settings[2]"]
    assert optimizer.remembered("[j]") == ["local memory1 = memories[1][j]"]
    assert optimizer.step("row", "i") == [
        "local velocity = momentum * memory1[i] + gradient",
        "memory1[i] = velocity",
        "row[i] = row[i] - rate * velocity",
    ]


def test_what_is_kept_is_renewed_before_the_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formulas of one optimizer, put together in another way: what counts is the names."""
    decaying = replace(
        momentum.MOMENTUM,
        settings=(*momentum.MOMENTUM.settings, Setting("step", 0.5, Limits(), "")),
        kept=(Kept("parameter_", 3.0, sgd.shared_step, Limits(at_least=0.0)),),
    )
    with_one(monkeypatch, decaying)
    with pytest.raises(FormulaError, match="`shared_step` of Momentum has the argument `delta`, which stands for noth"):
        luau_optimizers(read_formulas())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"parameter": activations.tanh}, "`tanh` of Odd has the argument `x`, which stands for nothing there; write "),
        ({"memories": ()}, "`moved` of Odd has the argument `velocity`, which stands for nothing there; write one of "),
        ({"memories": (Memory("speed", momentum.gathered),)}, "`gathered` of Odd has the argument `velocity`"),
        ({"factors": (Factor("velocity", momentum.gathered),)}, "`gathered` of Odd has the argument `velocity`"),
        ({"settings": (Setting("rate", 1.0, Limits(), ""),)}, "`gathered` of Odd has the argument `momentum`"),
        ({"settings": (*momentum.MOMENTUM.settings, Setting("row", 1.0, Limits(), ""))}, "called `row`; loops have"),
        ({"settings": (*momentum.MOMENTUM.settings, Setting("i1", 1.0, Limits(), ""))}, "called `i1`; loops have"),
        ({"settings": (*momentum.MOMENTUM.settings, Setting("memory2", 1.0, Limits(), ""))}, "called `memory2`; loops"),
        (
            {"settings": tuple(reversed(momentum.MOMENTUM.settings))},
            "Odd has `momentum` as its first setting; write `ra",
        ),
        (
            {"settings": (learning_rate(0.1), replace(momentum.MOMENTUM.settings[1], default=1.0))},
            "The default of `momentum` of Odd must be a number of at least 0 and below 1, got 1\\.",
        ),
    ],
)
def test_what_stands_for_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, object], told: str
) -> None:
    with_one(monkeypatch, replace(momentum.MOMENTUM, name="Odd", **change))  # type: ignore[arg-type]  # the fields of a record, by their names
    with pytest.raises(FormulaError, match=told):
        luau_optimizers(read_formulas())


def test_a_formula_that_its_module_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def local(parameter: float) -> float:
        return parameter

    with_one(monkeypatch, replace(sgd.SGD, name="Odd", parameter=local))
    with pytest.raises(FormulaError, match=r"Odd has `local`, which is no formula of test_optimizers\.py; write it"):
        luau_optimizers(read_formulas())


def test_those_of_the_registry_are_right() -> None:
    assert [each.truth.name for each in luau_optimizers(read_formulas())] == list(OPTIMIZERS)
