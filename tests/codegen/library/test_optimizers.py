"""Optimizers as Luau: what their formulas stand on is bound by name, and what stands for nothing is refused."""

import ast
import re
from dataclasses import replace
from types import MappingProxyType

import pytest

from codegen.library import optimizers
from codegen.library.optimizers import luau_optimizers
from codegen.translate.luau_formulas import read_formulas
from codegen.translate.python_subset import FormulaError
from engine.formulas import activations
from engine.formulas.optimizers import adam, lion, momentum, nadam, nesterov, rmsprop, sgd
from engine.formulas.records import Factor, Kept, Limits, Memory, Optimizer, Setting, learning_rate
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS


def with_one(monkeypatch: pytest.MonkeyPatch, optimizer: Optimizer) -> None:
    monkeypatch.setattr(optimizers, "ELEMENTWISE_OPTIMIZERS", MappingProxyType({optimizer.name: optimizer}))


def test_a_step_renews_what_is_remembered_and_then_moves_the_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    with_one(monkeypatch, momentum.MOMENTUM)
    (optimizer,) = luau_optimizers(read_formulas())
    assert optimizer.preparation == ["return {}"]
    assert optimizer.known == ["local rate, momentum = settings[1], settings[2]"]
    assert optimizer.remembered("[j]") == ["local memory1 = memories[1][j]"]
    assert optimizer.step("row", "i", "row[i]", "delta * x") == [
        "local gradient = delta * x",
        "local velocity = momentum * memory1[i] + gradient",
        "memory1[i] = velocity",
        "row[i] = row[i] - rate * velocity",
    ]


def test_a_step_of_one_of_several_rows_has_its_own_memories_and_knows_its_parameter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_one(monkeypatch, momentum.MOMENTUM)
    (optimizer,) = luau_optimizers(read_formulas())
    assert optimizer.remembered("[j + 2]", "_2") == ["local memory1_2 = memories[1][j + 2]"]
    assert optimizer.step("row2", "i", "weight2", "delta * x", "_2") == [
        "local gradient = delta * x",
        "local velocity = momentum * memory1_2[i] + gradient",
        "memory1_2[i] = velocity",
        "row2[i] = weight2 - rate * velocity",
    ]


def test_long_loops_have_what_all_parameters_share_calculated_before_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much of it as one part of an expression has, and nothing that depends on the order of its operations."""
    with_one(monkeypatch, lion.LION)
    (optimizer,) = luau_optimizers(read_formulas())
    assert optimizer.hoisted.known == [*optimizer.known, "local fixed1 = 1 - beta2", "local fixed2 = 1 - beta1"]
    assert optimizer.hoisted.step("row", "i", "weight", "delta * x") == [
        "local gradient = delta * x",
        "local mean = memory1[i]",
        "row[i] = weight - rate * sign(beta1 * mean + fixed2 * gradient)",
        "mean = beta2 * mean + fixed1 * gradient",
        "memory1[i] = mean",
    ]
    # The formulas are as they were.
    assert "(1 - beta1) * gradient" in optimizer.step("row", "i", "weight", "delta * x")[2]
    with_one(monkeypatch, rmsprop.RMSPROP)
    (optimizer,) = luau_optimizers(read_formulas())
    assert optimizer.hoisted.step("row", "i", "weight", "delta * x")[1] == (
        "local square = decay * memory1[i] + fixed1 * gradient * gradient"
    )


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


def test_what_is_kept_may_stand_on_what_was_renewed_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given = replace(nadam.NADAM, factors=nadam.NADAM.factors[:2], memories=(), parameter=sgd.descended)
    with_one(monkeypatch, given)
    (optimizer,) = luau_optimizers(read_formulas())
    assert optimizer.preparation == [
        "local rate, beta1, beta2 = settings[1], settings[2], settings[3]",
        "local fade = kept[1] * FADING",
        "local product = kept[2] * weightOfMean(beta1, fade)",
        "local count2 = beta2 * kept[3] + 1",
        "kept[1] = fade",
        "kept[2] = product",
        "kept[3] = count2",
        "local correction = math.sqrt(count2)",
        "local gradientSize = rate * correction * (1 - weightOfMean(beta1, fade)) / (1 - product)",
        "return { correction, gradientSize }",
    ]
    # A constant and a formula of its file; those of the files of its parts would stand beside them.
    assert re.findall(r"^local (?:function )?(\w+)", optimizer.definitions, re.MULTILINE) == ["FADING", "weightOfMean"]


def test_what_is_kept_does_not_stand_on_what_comes_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with_one(monkeypatch, replace(nadam.NADAM, kept=nadam.NADAM.kept[::-1]))
    with pytest.raises(FormulaError, match="`next_product` of Nadam has the argument `fade`, which stands for nothing"):
        luau_optimizers(read_formulas())


def test_what_is_late_is_renewed_after_the_parameter_has_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    late = replace(momentum.VELOCITY, late=True)
    with_one(monkeypatch, replace(momentum.MOMENTUM, memories=(adam.SQUARES, late), settings=WITH_BETA2))
    (optimizer,) = luau_optimizers(read_formulas())
    assert optimizer.step("row", "i", "row[i]", "delta * x") == [
        "local gradient = delta * x",
        "local squares = beta2 * memory1[i] + gradient * gradient",
        "memory1[i] = squares",
        "local velocity = memory2[i]",
        "row[i] = row[i] - rate * velocity",
        "velocity = momentum * velocity + gradient",
        "memory2[i] = velocity",
    ]


def test_optimizers_of_the_same_formulas_have_their_steps_in_common(monkeypatch: pytest.MonkeyPatch) -> None:
    slower = replace(momentum.MOMENTUM, name="Slower", settings=(learning_rate(0.5), momentum.MOMENTUM.settings[1]))
    other = replace(momentum.MOMENTUM, name="Other", parameter=nesterov.NESTEROV.parameter)
    given = (momentum.MOMENTUM, slower, other)
    monkeypatch.setattr(optimizers, "ELEMENTWISE_OPTIMIZERS", MappingProxyType({each.name: each for each in given}))
    assert [each.twin for each in luau_optimizers(read_formulas())] == [None, "Momentum", None]


def test_two_files_that_have_one_name_for_two_things_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = read_formulas()
    changed = {**modules, "adam": replace(modules["adam"], constants={"FADING": 0.5})}
    body = ast.parse("beta2 * count2 * FADING + 1", mode="eval").body
    counted = replace(modules["adam"].formulas["next_count2"], body=body)
    changed["adam"] = replace(changed["adam"], formulas={**modules["adam"].formulas, "next_count2": counted})
    with_one(monkeypatch, nadam.NADAM)
    with pytest.raises(FormulaError, match="Nadam stands on two files that have a `FADING`; write another name for on"):
        luau_optimizers(changed)


WITH_BETA2 = (*momentum.MOMENTUM.settings, adam.ADAM.settings[2])


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
            {"memories": (replace(momentum.VELOCITY, late=True), adam.SQUARES), "settings": WITH_BETA2},
            "Odd renews `velocity` late; write it behind the memories that are not late\\.",
        ),
        (
            {"memories": (momentum.VELOCITY, momentum.VELOCITY)},
            "Odd has two parts that are called `velocity`; write another name for one\\.",
        ),
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
    assert [each.truth.name for each in luau_optimizers(read_formulas())] == list(ELEMENTWISE_OPTIMIZERS)
