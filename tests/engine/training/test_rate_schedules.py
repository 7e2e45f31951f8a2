"""Schedules of the rate: numbers of PyTorch's documents, its algorithms step by step, and closed forms."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Optimizer, load_optimizer, save_optimizer
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS, RATE_SCHEDULES, SCHEDULE_SETTINGS
from engine.interface.rules import number_rule
from engine.training.rate_schedule import Scheduled
from tests.engine.samples import refused
from tests.engine.training.test_optimizer import dataset, line, network, numbers

every_schedule = pytest.mark.parametrize("name", RATE_SCHEDULES)


def rates(chosen: Mapping[str, Any] | str, count: int, rate: float = 0.1) -> list[float]:
    """The rates of the first steps."""
    schedule, found = Scheduled(chosen), []
    for _ in range(count):
        found.append(schedule.rate(rate))
        schedule.advance(rate)
    return found


@every_schedule
@pytest.mark.parametrize("warm_up", [0, 5])
def test_many_steps_are_taken_at_once_as_one_after_the_other(name: str, warm_up: int) -> None:
    chosen: dict[str, Any] = {"name": name, "warm_up": warm_up}
    chosen |= {"steps": 4} if "steps" in {each.name for each in RATE_SCHEDULES[name].settings} else {}
    at_once, apart = Scheduled(chosen), Scheduled(chosen)
    for count in (3, 0, 7, 20):
        expected = []
        for _ in range(count):
            expected.append(apart.rate(0.1))
            apart.advance(0.1)
        assert at_once.take(0.1, count) == expected
        assert at_once.to_table() == apart.to_table()
        # What an epoch leaves behind counts as well.
        for schedule in (at_once, apart):
            schedule.observe(0.1, 1.0)


def rates_on_plateau(chosen: Mapping[str, Any], losses: list[float], rate: float) -> list[float]:
    """The rates after epochs with these losses."""
    schedule, found = Scheduled({"name": "OnPlateau", **chosen}), []
    for loss in losses:
        schedule.observe(rate, loss)
        found.append(schedule.rate(rate))
    return found


def test_pytorchs_numbers() -> None:
    """What torch.optim.lr_scheduler gives, from its documents or worked out."""
    # StepLR(step_size=30, gamma=0.1) of 0.05, from its document: 0.05 below 30, 0.005 below 60, 0.0005 below 90.
    found = rates({"name": "Step", "steps": 30, "factor": 0.1}, 90, 0.05)
    assert found[0] == found[29] == 0.05
    assert found[30] == found[59] == pytest.approx(0.005, rel=1e-15)
    assert found[60] == found[89] == pytest.approx(0.0005, rel=1e-15)
    assert rates({"name": "Exponential", "factor": 0.5}, 4, 0.5) == [0.5, 0.25, 0.125, 0.0625]
    # CosineAnnealingLR(T_max=4, eta_min=0.02) of 0.1: 0.02 + 0.04 · (1 + cos(π t / 4)), up again behind the fourth.
    half = math.sqrt(0.5)
    wave = [0.1, 0.06 + 0.04 * half, 0.06, 0.06 - 0.04 * half, 0.02]
    found = rates({"name": "Cosine", "steps": 4, "min_rate": 0.02}, 9)
    assert found == pytest.approx([*wave, *wave[-2::-1]], rel=1e-14)
    # CosineAnnealingWarmRestarts(T_0=2, T_mult=2): two steps, then four, then eight.
    falls = [0.1 * (1 + math.cos(math.pi * t / length)) / 2 for length in (2, 4, 8) for t in range(length)]
    assert rates({"name": "CosineRestarts", "steps": 2, "multiple": 2}, 15)[:14] == pytest.approx(falls, rel=1e-14)
    assert rates({"name": "CosineRestarts", "steps": 2, "multiple": 2}, 15)[14] == 0.1
    assert rates({"name": "CosineRestarts", "steps": 1}, 3) == [0.1] * 3
    assert rates("Constant", 3) == [0.1] * 3
    # LinearLR(start_factor=1/4, total_iters=3): 1/4, 2/4, 3/4, 1.
    assert rates({"name": "Constant", "warm_up": 3}, 5, 1.0) == [0.25, 0.5, 0.75, 1.0, 1.0]


# A transcription of PyTorch's ReduceLROnPlateau (mode "min", threshold_mode "rel"), line by line.


class Plateau:
    def __init__(self, lr: float, factor: float, patience: int, threshold: float, cooldown: int, min_lr: float) -> None:
        self.lr, self.factor, self.patience, self.threshold = lr, factor, patience, threshold
        self.cooldown, self.min_lr, self.eps = cooldown, min_lr, 1e-8
        self.best, self.num_bad_epochs, self.cooldown_counter = math.inf, 0, 0

    def step(self, metrics: float) -> float:
        if metrics < self.best * (1.0 - self.threshold):
            self.best = metrics
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            new_lr = max(self.lr * self.factor, self.min_lr)
            if self.lr - new_lr > self.eps:
                self.lr = new_lr
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        return self.lr


def test_a_plateau_that_a_reader_follows() -> None:
    # Patience 1: the second epoch in a row that is no better makes the rate fall.
    losses = [1.0, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1]
    found = rates_on_plateau({"factor": 0.5, "patience": 1}, losses, 0.8)
    assert found == [0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2]


@given(
    st.lists(st.floats(0, 10) | st.just(math.nan) | st.just(1.0), min_size=1, max_size=40),
    st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
    st.integers(0, 4),
    st.sampled_from([0.0, 1e-4, 0.5]),
    st.integers(0, 3),
    st.sampled_from([0.0, 0.01, 0.3, 2.0]),
)
def test_a_plateau_is_pytorchs(
    losses: list[float], factor: float, patience: int, threshold: float, cooldown: int, min_rate: float
) -> None:
    chosen = {
        "factor": factor,
        "patience": patience,
        "threshold": threshold,
        "cooldown": cooldown,
        "min_rate": min_rate,
    }
    pytorchs = Plateau(0.8, factor, patience, threshold, cooldown, min_rate)
    assert rates_on_plateau(chosen, losses, 0.8) == pytest.approx([pytorchs.step(loss) for loss in losses], rel=1e-13)


CLOSED_FORMS: Mapping[str, Callable[[float, int, Mapping[str, float]], float]] = {
    "Constant": lambda rate, t, s: rate,
    "Step": lambda rate, t, s: rate * s["factor"] ** (t // int(s["steps"])),
    "Exponential": lambda rate, t, s: rate * s["factor"] ** t,
    "Cosine": lambda rate, t, s: s["min_rate"] + (rate - s["min_rate"]) * math.cos(math.pi * t / s["steps"] / 2) ** 2,
    "CosineRestarts": lambda rate, t, s: (
        s["min_rate"] + (rate - s["min_rate"]) * math.cos(math.pi * (t % int(s["steps"])) / s["steps"] / 2) ** 2
    ),
    "OnPlateau": lambda rate, t, s: rate,
}


@every_schedule
@given(data=st.data())
def test_rates_have_closed_forms_behind_a_linear_warm_up(name: str, data: st.DataObject) -> None:
    warm_up, steps = data.draw(st.integers(0, 5)), data.draw(st.integers(1, 7))
    factor = data.draw(st.floats(0.3, 1.0))
    chosen = {"name": name, "warm_up": warm_up, "steps": steps, "factor": factor, "min_rate": 0.01}
    names = {"name", *(each.name for each in (*RATE_SCHEDULES[name].settings, *SCHEDULE_SETTINGS))}
    found = rates({key: value for key, value in chosen.items() if key in names}, 25, 0.3)
    form, known = CLOSED_FORMS[name], {"steps": steps, "factor": factor, "min_rate": 0.01}
    for t, rate in enumerate(found):
        cold = 0.3 * (t + 1) / (warm_up + 1)
        assert rate == pytest.approx(cold if t < warm_up else form(0.3, t - warm_up, known), rel=1e-12, abs=1e-15), t


def test_every_schedule_has_a_closed_form() -> None:
    assert CLOSED_FORMS.keys() == RATE_SCHEDULES.keys()


@pytest.mark.parametrize("optimizer", ELEMENTWISE_OPTIMIZERS)
def test_each_step_has_the_rate_of_the_schedule(optimizer: str) -> None:
    """Steps by optimizers of changing rates, as many as there are steps, each with the memory of the one before."""
    chosen = {"name": "Step", "steps": 2, "factor": 0.5, "warm_up": 2}
    inputs, targets = dataset()
    scheduled, stepped = network(), network()
    one, other = Optimizer(optimizer, rate=0.25, clip_norm=1e6, schedule=chosen), None
    for (x, target), rate in zip(zip(inputs, targets, strict=True), rates(chosen, len(inputs), 0.25), strict=True):
        scheduled.backward(one, x, target)
        text = save_optimizer(other or Optimizer(optimizer, rate=0.25, clip_norm=1e6))
        other = load_optimizer(text.replace("[0.25", f"[{rate!r}", 1))
        stepped.backward(other, x, target)
        other = load_optimizer(save_optimizer(other).replace(f"[{rate!r}", "[0.25", 1))
        assert numbers(scheduled) == numbers(stepped)


def test_batches_are_steps_too() -> None:
    inputs, targets = dataset(6)
    optimizer = Optimizer("SGD", schedule="Exponential")
    network().train(inputs, targets, optimizer, 2, batch_size=4)
    assert '"step":4}' in save_optimizer(optimizer)


def test_training_feeds_a_plateau_with_the_losses_of_its_epochs_and_steps_do_not() -> None:
    inputs, targets = dataset()
    chosen = {"name": "OnPlateau", "patience": 0, "threshold": 0.9, "factor": 0.5}
    trained, optimizer, told = network(), Optimizer("Momentum", rate=0.1, schedule=chosen), []
    expected = Plateau(0.1, 0.5, 0, 0.9, 0, 0.0)

    def look(epoch: int, loss: float) -> None:
        told.append(optimizer._schedule.rate(0.1))  # type: ignore[union-attr]  # it has one
        assert told[-1] == pytest.approx(expected.step(loss), rel=1e-14)

    trained.train(inputs, targets, optimizer, 5, on_epoch=look)
    assert told[-1] < 0.1
    stepped, other = network(), Optimizer("Momentum", rate=0.1, schedule=chosen)
    for _ in range(5):
        for x, target in zip(inputs, targets, strict=True):
            stepped.backward(other, x, target)
    constant, third = network(), Optimizer("Momentum", rate=0.1)
    constant.train(inputs, targets, third, 5)
    assert numbers(stepped) == numbers(constant)
    assert np.isfinite(stepped.layers[0].weights).all()


_NAMES = ", ".join(RATE_SCHEDULES)
_RULE = f"must be one of {_NAMES}, or a table of options with one of them as its name"
PLACE = "Wrong Arg#2: Options.schedule"
REFUSED: list[tuple[Any, str]] = [
    ("cosine", f'{PLACE} {_RULE}, got "cosine" (did you mean Cosine?).'),
    (5, f"{PLACE} {_RULE}, got 5."),
    (True, f"{PLACE} {_RULE}, got true."),
    (["Cosine"], f"{PLACE} {_RULE}, got an array of 1."),
    ({}, f"{PLACE}.name must be one of {_NAMES}, got nothing."),
    ([], f"{PLACE}.name must be one of {_NAMES}, got nothing."),
    ({"name": "step"}, f'{PLACE}.name must be one of {_NAMES}, got "step" (did you mean Step?).'),
    (
        {"name": "Step", "step": 1},
        f'{PLACE} must have nothing but name, steps, factor, warm_up, got "step" (did you mean steps?).',
    ),
    ({"name": "Constant", "steps": 1}, f'{PLACE} must have nothing but name, warm_up, got "steps".'),
    ({"name": "Step", "steps": 0}, f"{PLACE}.steps must be an integer from 1 to 1000000000, got 0."),
    ({"name": "Step", "steps": 1.5}, f"{PLACE}.steps must be an integer from 1 to 1000000000, got 1.5."),
    ({"name": "Step", "factor": 1.5}, f"{PLACE}.factor must be a number from 0 to 1, got 1.5."),
    ({"name": "Cosine", "min_rate": -1}, f"{PLACE}.min_rate must be a finite number of at least 0, got -1."),
    ({"name": "Cosine", "warm_up": True}, f"{PLACE}.warm_up must be an integer from 0 to 1000000000, got true."),
]


@pytest.mark.parametrize(("chosen", "sentence"), REFUSED)
def test_a_bad_schedule_is_refused(chosen: Any, sentence: str) -> None:
    assert refused(lambda: Optimizer("SGD", schedule=chosen)) == sentence


@every_schedule
def test_a_name_is_a_schedule_with_its_defaults(name: str) -> None:
    short, long = Optimizer("SGD", schedule=name), Optimizer("SGD", schedule={"name": name, "warm_up": None})
    assert short.settings == long.settings
    line().backward(short, [1.0], [0.0])
    defaults = {each.name: each.default for each in (*RATE_SCHEDULES[name].settings, *SCHEDULE_SETTINGS)}
    assert short.settings["schedule"] == {"name": name, **defaults}


@every_schedule
def test_all_numbers_have_rules_and_defaults_keep_them(name: str) -> None:
    record = RATE_SCHEDULES[name]
    for number in (*record.settings, *SCHEDULE_SETTINGS):
        assert number_rule(number.limits)
        assert number.default is not None
    for kept in record.kept:
        assert number_rule(kept.limits)
