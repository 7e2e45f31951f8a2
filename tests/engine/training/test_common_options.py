"""What can be set of every optimizer: PyTorch's documented steps, parameter by parameter; differences of losses."""

import json
import math
from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest

from engine import Network, Optimizer, load_optimizer, propagation, save_optimizer
from engine.elementwise import elementwise
from engine.formulas.registry import COMMON_SETTINGS, ELEMENTWISE_OPTIMIZERS, LOSSES
from engine.training.updates import Place
from tests.engine.samples import ODD_DATA, refused
from tests.engine.training.interruption import interrupted_at
from tests.engine.training.test_optimizer import Recorder, call, dataset, line, network, numbers

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

every_optimizer = pytest.mark.parametrize("name", ELEMENTWISE_OPTIMIZERS)
DECOUPLED = ["AdamW", "Lion"]
RATE = 0.05
# Each alone, and all together.
ALL_AT_ONCE: dict[str, Any] = {"weight_decay": 0.03, "l1": 0.002, "l2": 0.01, "clip_value": 0.2, "clip_norm": 0.3}
CHOICES: list[dict[str, Any]] = [
    *({name: value} for name, value in ALL_AT_ONCE.items()),
    ALL_AT_ONCE,
    {"clip_norm": 1e-3},
    {"clip_norm": 1e3, "clip_value": 1e3},
]


def gradients_of(stepped: Network, x: Any, target: Any) -> list[dict[str, Any]]:
    """The gradients of the loss of the data alone."""
    recorder = Recorder(stepped)
    propagation.backward(stepped.copy().layers, recorder, x, target, LOSSES[stepped.loss])
    return recorder.gradients


def places(stepped: Network) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """All parameters, in the order in which squares are added."""
    for index, layer in enumerate(stepped.layers):
        for part in ("weights", "biases"):
            for place in np.ndindex(getattr(layer, part).shape):
                yield index, part, place


def prepared(stepped: Network, gradients: list[dict[str, Any]], options: dict[str, Any], decouples: bool) -> Any:
    """The gradients as PyTorch's documents have them, one number after the other."""
    made = {}
    for index, part, place in places(stepped):
        w, g = getattr(stepped.layers[index], part)[place], gradients[index][part][place]
        if part == "weights":
            g = g + options.get("l1", 0.0) * np.sign(w) + 2 * options.get("l2", 0.0) * w
        if "clip_value" in options:
            g = min(max(g, -options["clip_value"]), options["clip_value"])
        made[index, part, place] = g
    if "clip_norm" in options:
        norm = math.sqrt(math.fsum(g * g for g in made.values()))
        factor = min(1.0, options["clip_norm"] / (norm + 1e-6))
        made = {key: g * factor for key, g in made.items()}
    if not decouples:
        for index, part, place in places(stepped):
            w = getattr(stepped.layers[index], part)[place]
            made[index, part, place] += options.get("weight_decay", 0.0) * w
    return made


@every_optimizer
@pytest.mark.parametrize("options", CHOICES, ids=str)
@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_each_parameter_moves_as_pytorch_documents_it(name: str, options: dict[str, Any], recurrent: bool) -> None:
    record, optimizer = ELEMENTWISE_OPTIMIZERS[name], Optimizer(name, rate=RATE, **options)
    assert record.decouples == (name in DECOUPLED)
    stepped, known = network(recurrent), {each.name: optimizer.settings[each.name] for each in record.settings}
    known.update({each.name: each.start for each in record.kept})
    decay = optimizer.settings["weight_decay"]
    memories: dict[Any, dict[str, float]] = {}
    for x, target in zip(*dataset(4), strict=True):
        before = stepped.copy()
        chosen = {**options, "weight_decay": decay}
        gradients = prepared(before, gradients_of(before, x, target), chosen, record.decouples)
        stepped.backward(optimizer, x, target)
        for number in record.kept:
            known[number.name] = call(number.formula, known)
        for factor in record.factors:
            known[factor.name] = call(factor.formula, known)
        for key, gradient in gradients.items():
            index, part, place = key
            parameter = getattr(before.layers[index], part)[place]
            if record.decouples:
                parameter *= 1 - RATE * decay
            memory = memories.setdefault(key, {each.name: 0.0 for each in record.memories})
            mine = {**known, **memory, "parameter": parameter, "gradient": gradient}
            for each in record.memories:
                if not each.late:
                    mine[each.name] = memory[each.name] = call(each.formula, mine)
            wanted = call(record.parameter, mine)
            for each in record.memories:
                if each.late:
                    memory[each.name] = call(each.formula, mine)
            found = getattr(stepped.layers[index], part)[place]
            # Steps by a sign, or by a quotient of numbers near zero, take roundings for more than they are.
            assert found == pytest.approx(wanted, rel=1e-11, abs=1e-12), key


def step_once(name: str, parameter: float, gradient: float, **options: Any) -> float:
    """Where one weight of `line` goes; all other gradients are zero."""
    owner, optimizer = line(), Optimizer(name, **options)
    owner.layers[0].weights[...] = parameter
    update = optimizer.update_of(owner, "backwardNet")
    optimizer.claim(owner)
    update.begin()
    update.apply_gradient(
        Place(0, "weights", (slice(None), slice(None))), owner.layers[0].weights, np.array([[gradient]])
    )
    update.end(owner.layers)
    return float(owner.layers[0].weights[0, 0])


def test_numbers_of_pytorch_worked_out_in_decimals() -> None:
    with localcontext(prec=40):
        half, rate = Decimal("0.5"), Decimal("0.1")
        wanted = {
            # clip_grad_norm_(…, 1) of a gradient of 2: 2 · 1 / (2 + 1e-6).
            (("clip_norm", 1.0),): half - rate * 2 / (2 + Decimal("1e-6")),
            (("clip_norm", 4.0),): half - rate * 2,
            (("clip_value", 0.75),): half - rate * Decimal("0.75"),
            (("weight_decay", 0.25),): half - rate * (2 + Decimal("0.25") * half),
            (("l1", 0.25),): half - rate * (2 + Decimal("0.25")),
            (("l2", 0.25),): half - rate * (2 + half * half),
            # Penalties, then the limits, then decay: (2 + 1/4 + 2 · 1/4 · 1/2) = 5/2, at most 3/2, then 3/2 + 1/8.
            (("l1", 0.25), ("l2", 0.25), ("clip_value", 1.5), ("weight_decay", 0.25)): half
            - rate * (Decimal("1.5") + Decimal("0.125")),
        }
        for options, value in wanted.items():
            found = step_once("SGD", 0.5, 2.0, rate=0.1, **dict(options))
            assert abs(Decimal(found) - value) < Decimal("1e-16"), options
        # AdamW: 1/2 · (1 - 1/10 · 1/5) - 1/10 · 2 / (2 + 1e-8); Adam: gradient 2 + 1/5 · 1/2 = 2.1 instead.
        adamw = half * (1 - rate / 5) - rate * 2 / (2 + Decimal("1e-8"))
        assert abs(Decimal(step_once("AdamW", 0.5, 2.0, rate=0.1, weight_decay=0.2)) - adamw) < Decimal("1e-15")
        adam = half - rate * Decimal("2.1") / (Decimal("2.1") + Decimal("1e-8"))
        assert abs(Decimal(step_once("Adam", 0.5, 2.0, rate=0.1, weight_decay=0.2)) - adam) < Decimal("1e-15")
        # Lion: 1/2 · (1 - 1/10 · 1/5) - 1/10.
        lion = half * (1 - rate / 5) - rate
        assert abs(Decimal(step_once("Lion", 0.5, 2.0, rate=0.1, weight_decay=0.2)) - lion) < Decimal("1e-16")


def test_adamw_decays_by_itself_and_can_be_told_not_to() -> None:
    assert Optimizer("AdamW").settings["weight_decay"] == 0.01
    assert step_once("AdamW", 1.0, 0.0, rate=0.5) == 1 - 0.5 * 0.01
    assert step_once("AdamW", 1.0, 0.0, rate=0.5, weight_decay=0) == 1.0
    without, adam = network(), network()
    inputs, targets = dataset()
    without.train(inputs, targets, Optimizer("AdamW", weight_decay=0), 2)
    adam.train(inputs, targets, Optimizer("Adam"), 2)
    assert numbers(without) == numbers(adam)


@pytest.mark.parametrize("options", [{"l1": 0.3}, {"l2": 0.2}, {"l1": 0.1, "l2": 0.4}], ids=str)
@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_penalties_are_part_of_the_loss_by_its_differences(options: dict[str, float], recurrent: bool) -> None:
    """A step of rate 1 is the gradient of loss and penalties; losses that are told are those of the data."""
    before = network(recurrent)
    x, target = (each[0] for each in dataset())
    value = elementwise(LOSSES[before.loss].value)

    def whole(changed: Network) -> float:
        data = float(np.sum(value(changed.copy().forward(x), target)))
        weights = np.concatenate([layer.weights.ravel() for layer in changed.layers])
        penalties = options.get("l1", 0) * np.abs(weights).sum() + options.get("l2", 0) * (weights**2).sum()
        return data + float(penalties)

    stepped = before.copy()
    losses = stepped.train([x], [target], Optimizer("SGD", rate=1, **options))
    assert losses[0] == before.copy().train([x], [target], 1.0)[0]
    for index, part, place in places(before):
        sides = []
        for change in (1e-6, -1e-6):
            other = before.copy()
            getattr(other.layers[index], part)[place] += change
            sides.append(whole(other))
        slope = (sides[0] - sides[1]) / 2e-6
        moved = getattr(before.layers[index], part)[place] - getattr(stepped.layers[index], part)[place]
        assert moved == pytest.approx(slope, abs=2e-8), (index, part, place)


def test_a_weight_of_zero_has_no_slope_of_the_first_penalty() -> None:
    assert step_once("SGD", 0.0, 0.0, rate=1, l1=0.5) == 0.0
    assert step_once("SGD", -0.25, 0.0, rate=1, l1=0.5) == 0.25


def test_gradients_that_are_short_enough_stay() -> None:
    inputs, targets = dataset()
    for options in ({"clip_value": 1e6}, {"clip_norm": 1e6}, {"clip_norm": 1e6, "clip_value": 1e6}):
        for name, record in ELEMENTWISE_OPTIMIZERS.items():
            one, other = network(), network()
            one.train(inputs, targets, Optimizer(name, **options), 2)
            other.train(inputs, targets, Optimizer(name), 2)
            if record.fused is None:
                assert numbers(one) == numbers(other)
            else:
                assert np.allclose(one.layers[0].weights, other.layers[0].weights, rtol=1e-13)


@ODD_DATA
@every_optimizer
@pytest.mark.parametrize("batch_size", [1, 3])
def test_a_batch_has_the_same_done_to_its_mean_gradient(name: str, batch_size: int) -> None:
    """A batch of samples that are all alike is one of them."""
    x, target = (each[0] for each in dataset())
    one, many = network(), network()
    one.train([x], [target], Optimizer(name, **ALL_AT_ONCE), 3)
    many.train([x] * batch_size, [target] * batch_size, Optimizer(name, **ALL_AT_ONCE), 3, batch_size=batch_size)
    if batch_size == 1:
        assert numbers(one) == numbers(many)
    for layer, other in zip(one.layers, many.layers, strict=True):
        np.testing.assert_allclose(layer.weights, other.weights, rtol=1e-6, atol=1e-9)


def test_whatever_trains_takes_what_is_set() -> None:
    inputs, targets = dataset()
    for options in (*CHOICES, {"schedule": "Cosine"}):
        by_numpy, by_itself = network(), network()
        by_numpy.train(inputs, targets, Optimizer("SGD", **options), 50, engine="numpy")
        by_itself.train(inputs, targets, Optimizer("SGD", **options), 50)
        assert numbers(by_numpy) == numbers(by_itself)


def test_what_is_set_to_its_default_changes_nothing() -> None:
    inputs, targets = dataset()
    plain, told = network(), network()
    plain.train(inputs, targets, 0.1)
    defaults = {each.name: each.default for each in COMMON_SETTINGS}
    told.train(inputs, targets, Optimizer("SGD", rate=0.1, schedule=None, **defaults))
    assert numbers(plain) == numbers(told)
    assert save_optimizer(Optimizer("SGD", **defaults)) == '["SGD",[0.01],[],false,false]'


# Saving.

EVERYTHING: dict[str, Any] = {**ALL_AT_ONCE, "schedule": {"name": "CosineRestarts", "steps": 3, "warm_up": 2}}


@every_optimizer
@pytest.mark.parametrize("options", [*CHOICES, EVERYTHING, {"schedule": {"name": "OnPlateau", "patience": 1}}], ids=str)
def test_training_that_was_saved_goes_on_to_the_bits(name: str, options: dict[str, Any]) -> None:
    inputs, targets = dataset()
    whole, first = network(), network()
    one, early = Optimizer(name, rate=0.1, **options), Optimizer(name, rate=0.1, **options)
    whole.train(inputs, targets, one, 7)
    first.train(inputs, targets, early, 3)
    second, late = Network.load(first.save()), load_optimizer(save_optimizer(early))
    assert dict(late.settings) == dict(early.settings)
    second.train(inputs, targets, late, 4)
    assert numbers(second) == numbers(whole)
    assert save_optimizer(late) == save_optimizer(one)


# Written by the library before there was anything more to say.
OLD = [
    '["SGD",[0.5],[],false,false]',
    '["SGD",[0.5],[],"1-1-1 Identity/Identity",[]]',
    '["Momentum",[0.5,0.25],[],"1-1-1 Identity/Identity",[[[[[1]],[1]],[[[1]],[1]]]]]',
    '["RMSprop",[0.5,0.9,1e-08],[],"1-1-1 Identity/Identity",[[[[[1]],[1]],[[[1]],[1]]]]]',
]


@pytest.mark.parametrize("text", OLD)
def test_strings_of_before_load_for_ever(text: str) -> None:
    loaded = load_optimizer(text)
    assert save_optimizer(loaded) == text
    line().backward(loaded, [1.0], [0.0])


@ODD_DATA
def test_the_sixth_entry_is_what_it_is_documented_to_be() -> None:
    optimizer = Optimizer("SGD", rate=0.5, clip_norm=2, l1=0.25, schedule={"name": "Step", "steps": 2, "factor": 0.5})
    line().train([[0.0]] * 3, [[0.0]] * 3, optimizer)
    assert save_optimizer(optimizer) == (
        '["SGD",[0.5],[],"1-1-1 Identity/Identity",[],'
        '{"clipNorm":2,"l1":0.25,"schedule":{"kept":[0.5],"name":"Step","settings":[2,0.5,0],"step":3}}]'
    )


STRING = "Wrong Arg#1: String[6]"
_STEP = {"kept": [0.5], "name": "Step", "settings": [2, 0.5, 0], "step": 3}
_NAMES = "weightDecay, l1, l2, clipValue, clipNorm, schedule"
_FIELDS = "kept, name, settings, step"
BROKEN: list[tuple[Any, str]] = [
    (True, f"{STRING} must be left out or a dictionary of nothing but {_NAMES} (a newer version"),
    ([1], f"{STRING} must be left out or a dictionary of nothing but {_NAMES} (a newer version"),
    ({"l3": 1}, f"{STRING} must be left out or a dictionary of nothing but {_NAMES} (a newer version "),
    ({"l1": -1}, f"{STRING}.l1 must be a finite number of at least 0, got -1."),
    ({"l2": None}, f"{STRING}.l2 must be a finite number of at least 0, got nothing."),
    ({"weightDecay": "1"}, f"{STRING}.weightDecay must be a finite number of at least 0, got "),
    ({"clipNorm": 0}, f"{STRING}.clipNorm must be a finite number above 0, got 0."),
    ({"clipValue": []}, f"{STRING}.clipValue must be a finite number above 0, got an empty table."),
    ({"schedule": 5}, f"{STRING}.schedule must be left out or a dictionary of nothing but {_FIELDS} (a newer"),
    ({"schedule": {}}, f"{STRING}.schedule.name must be one of Constant, Step, "),
    ({"schedule": {"name": "Step"}}, f"{STRING}.schedule.settings must be in an array of 3 numbers, got nothing."),
    ({"schedule": {**_STEP, "name": "step"}}, f"{STRING}.schedule.name must be one of Constant, Step, "),
    ({"schedule": {**_STEP, "more": 1}}, f"{STRING}.schedule must be left out or a dictionary of nothing but "),
    ({"schedule": {**_STEP, "settings": [0, 0.5, 0]}}, f"{STRING}.schedule.settings[1] must be an integer from 1 to "),
    ({"schedule": {**_STEP, "settings": [2, 0.5, 0.5]}}, f"{STRING}.schedule.settings[3] must be an integer from 0 "),
    ({"schedule": {**_STEP, "kept": [2]}}, f"{STRING}.schedule.kept[1] must be a number from 0 to 1, got 2."),
    ({"schedule": {**_STEP, "kept": []}}, f"{STRING}.schedule.kept must be in an array of 1 number, got an empty "),
    ({"schedule": {**_STEP, "step": 0.5}}, f"{STRING}.schedule.step must be an integer from 0 to 9007199254740992, "),
]


def broken_strings() -> list[tuple[str, str]]:
    return [
        (json.dumps(["SGD", [1], [], False, False, entry], separators=(",", ":")), sentence)
        for entry, sentence in BROKEN
    ] + [
        ('["SGD",[1],[],false,false,{"l1":1},1]', "Wrong Arg#1: String[7] must be left out (a newer version"),
        ('["AdamW",[1,0,0,1,0],[1,1],false,false,{"weightDecay":1}]', f"{STRING} must be left out or a dictionary of "),
    ]


@pytest.mark.parametrize(("text", "sentence"), broken_strings())
def test_a_broken_sixth_entry_is_refused_with_the_place(text: str, sentence: str) -> None:
    assert refused(lambda: load_optimizer(text)).startswith(sentence)


@pytest.mark.parametrize("entry", ["null", "{}", "[]"])
def test_a_sixth_entry_that_says_nothing_is_none(entry: str) -> None:
    assert save_optimizer(load_optimizer(f'["SGD",[1],[],false,false,{entry}]')) == '["SGD",[1],[],false,false]'


# Nothing half done.


@every_optimizer
def test_an_interrupted_epoch_is_undone_for_the_schedule_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, targets = dataset(6)
    one, other = network(), network()
    optimizer, expected = Optimizer(name, **EVERYTHING), Optimizer(name, **EVERYTHING)
    other.train(inputs, targets, expected)
    monkeypatch.setattr(propagation, "backward", interrupted_at(8, propagation.backward))
    with pytest.raises(KeyboardInterrupt):
        one.train(inputs, targets, optimizer, 3)
    assert numbers(one) == numbers(other)
    assert save_optimizer(optimizer) == save_optimizer(expected)
