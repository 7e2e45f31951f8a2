"""Optimizers: numbers worked out by hand, the records' formulas one parameter at a time, and nothing half done."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from inspect import signature
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import ArgumentError, Network, Optimizer, load_optimizer, propagation, save_optimizer
from engine.elementwise import Array
from engine.formulas.records import Formula, Limits, Setting
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS, LOSSES, OPTIMIZERS, RATE_SCHEDULES
from engine.interface.options import OPTIMIZER_OPTIONS
from engine.interface.rules import number_rule
from engine.layer import Layer
from engine.training.updates import Place
from tests.engine.samples import ODD_DATA, bits, refused
from tests.engine.training.interruption import interrupted_at
from tests.engine.training.known_steps import KNOWN, Settings

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

every_optimizer = pytest.mark.parametrize("name", ELEMENTWISE_OPTIMIZERS)
# Activations of arithmetic alone.
EXACT = ["LeakyReLU", "ReLU", "ElliotSign"]


def line() -> Network:
    """It gives back what goes in: one weight of 1 after the other, no biases."""
    return Network.from_table([1, [[[[1.0]], [0.0]], [[[1.0]], [0.0]]], False, ["Identity", "Identity"]])


def network(recurrent: bool = False) -> Network:
    """One of arithmetic alone."""
    made = Network.create(3, 2, 4, 2, EXACT, recurrent, seed=1)
    made.forward([0.5, -0.5, 1.0])
    return made


def dataset(count: int = 7) -> tuple[Array, Array]:
    generator = np.random.default_rng(3)
    return generator.uniform(-2, 2, (count, 3)), generator.uniform(0, 1, (count, 2))


def numbers(network: Network) -> bytes:
    return b"".join(bits(array) for layer in network.layers for array in layer.numbers)


STEPS = [(name, each.settings, each.gradients, each.places) for name, known in KNOWN.items() for each in known.exact]


@pytest.mark.parametrize(("name", "given", "gradients", "expected"), STEPS)
def test_steps_are_those_of_the_documented_formulas(
    name: str, given: Settings, gradients: list[float], expected: list[Fraction]
) -> None:
    owner, optimizer = line(), Optimizer(name, **given, weight_decay=0.0)
    parameters = owner.layers[0].weights
    update = optimizer.update_of(owner, "backwardNet")
    optimizer.claim(owner)
    for gradient, wanted in zip(gradients, expected, strict=True):
        update.begin()
        update.apply_gradient(
            Place(0, "weights", (slice(None), slice(None))), parameters, np.array([[gradient]], dtype=float)
        )
        assert Fraction(parameters[0, 0]) == wanted


def test_a_network_goes_where_a_reader_computes() -> None:
    moved, optimizer = line(), Optimizer("Momentum", rate=0.5, momentum=0.5)
    moved.backward(optimizer, [1.0], [0.0])
    # All gradients are 1.
    assert moved.to_table()[1] == [[[[0.5]], [-0.5]], [[[0.5]], [-0.5]]]
    moved.backward(optimizer, [2.0], [1.0])
    # Hidden 1 - 1/2 = 1/2, output 1/4 - 1/2 = -1/4, delta -5/4: gradients -5/8 and -5/4, upstream -5/8: -5/4 and -5/8.
    assert moved.to_table()[1] == [[[[0.5 + 0.375]], [-0.5 + 0.0625]], [[[0.5 + 0.0625]], [-0.5 + 0.375]]]


class Recorder:
    """Takes no steps, but notes the gradients: the same for every parameter of the network."""

    def __init__(self, network: Network) -> None:
        self.gradients = [{"weights": 0 * each.weights, "biases": 0 * each.biases} for each in network.layers]

    def checkpoint(self) -> Callable[[], None]:
        return lambda: None

    def begin(self) -> None:
        pass

    def apply(self, place: Place, parameters: Array, deltas: Array, values: Array | float) -> None:
        self.gradients[place.layer][place.part][place.at] = deltas * values

    def apply_gradient(self, place: Place, parameters: Array, gradient: Array) -> None:
        raise AssertionError

    def end(self, layers: Sequence[Layer]) -> None:
        pass

    def observe(self, loss: float) -> None:
        pass


def call(formula: Formula, known: Mapping[str, float]) -> float:
    return formula(*(known[name] for name in signature(formula).parameters))


@every_optimizer
@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_each_parameter_moves_as_the_formulas_say_of_it_alone(name: str, recurrent: bool) -> None:
    """The oracle: the record's formulas, as they are, for one parameter after the other."""
    record, optimizer = ELEMENTWISE_OPTIMIZERS[name], Optimizer(name, rate=0.05, weight_decay=0.0)
    stepped, known = network(recurrent), dict(optimizer.settings)
    known.update({each.name: each.start for each in record.kept})
    inputs, targets = dataset()
    memories: dict[tuple[Any, ...], dict[str, float]] = {}
    for x, target in zip(inputs, targets, strict=True):
        before = stepped.copy()
        recorder = Recorder(before)
        propagation.backward(stepped.copy().layers, recorder, x, target, LOSSES[stepped.loss])
        stepped.backward(optimizer, x, target)
        for number in record.kept:
            known[number.name] = call(number.formula, known)
        for factor in record.factors:
            known[factor.name] = call(factor.formula, known)
        for index, layer in enumerate(before.layers):
            for part, gradients in recorder.gradients[index].items():
                parameters, after = getattr(layer, part), getattr(stepped.layers[index], part)
                for place in np.ndindex(parameters.shape):
                    memory = memories.setdefault((index, part, *place), {each.name: 0.0 for each in record.memories})
                    mine = {**known, **memory, "parameter": parameters[place], "gradient": gradients[place]}
                    wanted = None
                    for each in record.memories:
                        if each.late and wanted is None:
                            wanted = call(record.parameter, mine)
                        memory[each.name] = mine[each.name] = call(each.formula, mine)
                    wanted = call(record.parameter, mine) if wanted is None else wanted
                    # Fused steps round as (rate · delta) · value, and are those of the number.
                    if record.fused is None:
                        assert after[place] == wanted, (index, part, place)
                    else:
                        assert abs(after[place] - wanted) <= 1e-15 * max(1.0, abs(wanted))


@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_an_optimizer_of_plain_steps_gives_the_bits_of_its_rate(recurrent: bool) -> None:
    inputs, targets = dataset()
    for name, record in ELEMENTWISE_OPTIMIZERS.items():
        if record.fused is not None:
            by_rate, by_optimizer = network(recurrent), network(recurrent)
            expected = by_rate.train(inputs, targets, 0.3, 2)
            assert by_optimizer.train(inputs, targets, Optimizer(name, rate=0.3), 2).tolist() == expected.tolist()
            assert numbers(by_rate) == numbers(by_optimizer)


@every_optimizer
def test_training_is_one_step_after_the_other(name: str) -> None:
    inputs, targets = dataset()
    trained, stepped = network(recurrent=True), network(recurrent=True)
    one, other = Optimizer(name, rate=0.1), Optimizer(name, rate=0.1)
    trained.train(inputs, targets, one, 2)
    for x, target in [*zip(inputs, targets, strict=True)] * 2:
        stepped.backward(other, x, target)
    assert numbers(trained) == numbers(stepped)
    assert save_optimizer(one) == save_optimizer(other)


@pytest.mark.share(2)
@every_optimizer
def test_every_optimizer_learns(name: str) -> None:
    samples, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    for batch_size in (1, 4):
        learner, optimizer = Network.create(2, 1, 6, 1, "Tanh", seed=1), Optimizer(name, rate=KNOWN[name].rate)
        losses = learner.train(samples, targets, optimizer, 3000, batch_size=batch_size)
        assert losses[0] > 0.1 > 0.02 > losses[-1], batch_size


# Saving.


@every_optimizer
@pytest.mark.parametrize(("recurrent", "batch_size"), [(False, 1), (True, 1), (False, 3)])
def test_training_that_was_saved_goes_on_to_the_bits(name: str, recurrent: bool, batch_size: int) -> None:
    inputs, targets = dataset()
    whole, first = network(recurrent), network(recurrent)
    one, early = Optimizer(name, rate=0.1), Optimizer(name, rate=0.1)
    whole.train(inputs, targets, one, 5, batch_size=batch_size)
    first.train(inputs, targets, early, 2, batch_size=batch_size)
    second, late = Network.load(first.save()), load_optimizer(save_optimizer(early))
    second.train(inputs, targets, late, 3, batch_size=batch_size)
    assert numbers(second) == numbers(whole)
    assert save_optimizer(late) == save_optimizer(one)


@every_optimizer
def test_one_that_has_not_stepped_is_saved_and_loaded(name: str) -> None:
    optimizer = Optimizer(name, rate=0.25)
    loaded = load_optimizer(save_optimizer(optimizer))
    assert (loaded.name, dict(loaded.settings), loaded.shape) == (name, dict(optimizer.settings), None)
    assert json.loads(save_optimizer(optimizer))[3:] == [False, False]
    loaded.update_of(network(), "trainNet")


def test_the_string_is_what_it_is_documented_to_be() -> None:
    moved, optimizer = line(), Optimizer("Momentum", rate=0.5, momentum=0.25)
    moved.backward(optimizer, [1.0], [0.0])
    assert save_optimizer(optimizer) == (
        '["Momentum",[0.5,0.25],[],"1-1-1 Identity/Identity",[[[[[1]],[1]],[[[1]],[1]]]]]'
    )


@ODD_DATA
def test_what_diverged_is_not_saved() -> None:
    # A gradient of 1e200, whose square no double holds.
    network, optimizer = line(), Optimizer("RMSprop")
    network.train([[1e100]], [[0.0]], optimizer)
    sentence = "Wrong Arg#1: Optimizer must remember finite numbers, got infinity."
    assert refused(lambda: save_optimizer(optimizer)) == sentence


# What is wrong with a string, and what is said.
STRING = "Wrong Arg#1: String"
MEMORY = '"1-1-1 Tanh",[[[[[1]],[1]],[[[1]],[1]]]]'
BROKEN: list[tuple[object, str]] = [
    (
        None,
        f"{STRING} must be an optimizer string made by saveOptimizer, got nothing (not saved yet? begin anew).",
    ),
    ("", f'{STRING} must be an optimizer string made by saveOptimizer, got "".'),
    ("[]", f'{STRING} must be an optimizer string made by saveOptimizer, got "[]".'),
    ('{"a":1}', STRING + r' must be an optimizer string made by saveOptimizer, got "{"a":1}".'),
    (
        '["momentum"]',
        f'{STRING}[1] must be one of {", ".join(OPTIMIZERS)}, got "momentum" (did you mean Momentum?).',
    ),
    ("[5]", f"{STRING}[1] must be one of {', '.join(OPTIMIZERS)}, got 5."),
    ('["SGD"]', f"{STRING}[2] must be in an array of 1 number, got nothing."),
    ('["SGD",[]]', f"{STRING}[2] must be in an array of 1 number, got an empty table."),
    ('["SGD",[-1]]', f"{STRING}[2][1] must be a finite number of at least 0, got -1."),
    ('["Momentum",[1,1]]', f"{STRING}[2][2] must be a number of at least 0 and below 1, got 1."),
    ('["SGD",[1],[1]]', f"{STRING}[3] must be in an array of 0 numbers, got an array of 1."),
    ('["SGD",[1],{"a":1}]', f"{STRING}[3] must be in an array of 0 numbers, got a dictionary."),
    ('["SGD",[1],[],true]', f"{STRING}[4] must be false, or the shape of the network that it has stepped, got true."),
    ('["SGD",[1],[],false,[]]', f"{STRING}[5] must be false, as the shape is, got an empty table."),
    ('["SGD",[1],[],"1-1-1 Tanh",false]', f"{STRING}[5] must be an array of 0, one for each thing that SGD "),
    (f'["Momentum",[1,0],[],{MEMORY},1]', f"{STRING}[6] must be left out "),
    (
        '["Momentum",[1,0],[],"1-1-1 Tanh",[]]',
        f"{STRING}[5] must be an array of 1, one for each thing that Momentum remembers, got an empty table.",
    ),
    (
        '["Momentum",[1,0],[],"1-1-1 Tanh",[[]]]',
        f"{STRING}[5][1] must be an array of 1 to 10001 layers, got an empty table.",
    ),
    (
        f'["Momentum",[1,0],[],{MEMORY.replace("[[1]],[1]]]]", "[[1]]]]]")}]',
        f"{STRING}[5][1][2] must be an array of 2 (weights, biases), got an array of 1.",
    ),
    (
        f'["Momentum",[1,0],[],{MEMORY.replace("[[1]],[1]]]]", "[[1],[1,2]],[1,2]]]]")}]',
        f"{STRING}[5][1][2][1][2] must be in an array of 1 number, got an array of 2.",
    ),
    (
        f'["Momentum",[1,0],[],{MEMORY.replace("[[1]],[1]]]]", "[[1]],[1,2]]]]")}]',
        f"{STRING}[5][1][2][2] must be in an array of 1 number, got an array of 2.",
    ),
    (
        f'["Momentum",[1,0],[],{MEMORY.replace("[[1]],[1]]]]", "[],[1]]]]")}]',
        f"{STRING}[5][1][2][1] must be an array of 1 to 1000000 rows of weights, got an empty table.",
    ),
]


def broken_tables() -> Iterator[tuple[str, str]]:
    """What may be wrong with numbers that are kept and with several memories, for all optimizers that have them."""
    for name, record in OPTIMIZERS.items():
        stepped, optimizer = line(), Optimizer(name)
        stepped.train([[1.0]], [[0.0]], optimizer)
        text = save_optimizer(optimizer)
        for position, each in enumerate(record.kept):
            if each.limits != Limits():
                table = json.loads(text)
                table[2][position] = -0.5
                yield json.dumps(table), f"{STRING}[3][{position + 1}] must be a "
        for position, memory in enumerate(record.memories):
            place = f"{STRING}[5][{position + 1}]"
            if memory.limits != Limits():
                for part, where in ((0, "[1][1][1]"), (1, "[2][1]")):
                    table = json.loads(text)
                    array = table[4][position][1][part]
                    (array if part else array[0])[0] = -0.5
                    yield json.dumps(table), f"{place}[2]{where} must be a "
            for change in (-1, 1) if position else ():
                table = json.loads(text)
                layers = table[4][position]
                table[4][position] = [*layers, layers[0]] if change > 0 else [*layers[:1], [[[1.0, 2.0]], [1.0]]]
                yield json.dumps(table), f"{place} must have the sizes of String[5][1], got others."


BROKEN += broken_tables()


@pytest.mark.parametrize(("text", "sentence"), BROKEN, ids=[str(index) for index in range(len(BROKEN))])
def test_a_broken_string_is_refused_with_the_place(text: str, sentence: str) -> None:
    assert refused(lambda: load_optimizer(text)).startswith(sentence)


# What more may be set of an optimizer.
COMMON_CHOICES: list[dict[str, Any]] = [
    {},
    {"l1": 0.5, "clip_norm": 2},
    *({"schedule": {"name": name, "warm_up": 1}} for name in RATE_SCHEDULES),
]


@st.composite
def damaged_optimizer_strings(draw: st.DrawFn) -> str:
    """An optimizer string with a few characters replaced, removed or put in, or one part of it replaced."""
    name = draw(st.sampled_from(list(OPTIMIZERS)))
    chosen = draw(st.sampled_from(COMMON_CHOICES)) if name in ELEMENTWISE_OPTIMIZERS else {}
    optimizer = Optimizer(name, **chosen)
    if draw(st.booleans()):
        line().train([[1.0]], [[0.0]], optimizer)
    text = save_optimizer(optimizer)
    if draw(st.booleans()):
        table: Any = json.loads(text)
        place: Any = table
        key: Any = draw(st.integers(0, len(table) - 1))
        while isinstance(place[key], (list, dict)) and place[key] and draw(st.integers(0, 3)):
            place = place[key]
            key = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
        if isinstance(place, dict) and draw(st.booleans()):
            key = draw(st.sampled_from(["l1", "l3", "name", "schedule"]))
        place[key] = draw(st.sampled_from([None, True, False, "x", "SGD", -1.0, 0.5, 1e300, [], [1.0], {}, {"a": 1}]))
        return json.dumps(table, separators=(",", ":"))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from([*'[]{},:"-+.eE019 \\untfals\n', "null", "1e999", "[[", "false"]))
        text = text[:start] + piece + text[start + draw(st.integers(0, 2)) :]
    return text


@settings(max_examples=200)
@given(damaged_optimizer_strings())
def test_a_damaged_string_is_refused_in_one_line_or_is_an_optimizer(text: str) -> None:
    loaded, sentence = None, None
    try:
        loaded = load_optimizer(text)
    except ArgumentError as error:
        sentence = str(error)
    if loaded is None:
        assert re.fullmatch(r"Wrong Arg#1: String.* must .+, got .+\.", str(sentence), re.DOTALL)
        return
    saved = save_optimizer(loaded)
    assert save_optimizer(load_optimizer(saved)) == saved
    if loaded.shape in (None, line().shape):
        try:
            line().train([[1.0]], [[0.0]], loaded)
        except ArgumentError as error:
            sentence = str(error)
        assert sentence is None or sentence.endswith("got one that remembers other sizes.")


# Refusals.

# What can be set of all of them.
COMMON = "weight_decay, l1, l2, clip_value, clip_norm, schedule"
CREATION: list[tuple[str, dict[str, Any], str]] = [
    ("sgd", {}, f'Wrong Arg#1: Name must be one of {", ".join(OPTIMIZERS)}, got "sgd" (did you mean SGD?).'),
    ("SGD", {"rate": -1}, "Wrong Arg#2: Options.rate must be a finite number of at least 0, got -1."),
    ("SGD", {"rate": True}, "Wrong Arg#2: Options.rate must be a finite number of at least 0, got true."),
    ("SGD", {"momentum": 0.5}, f'Wrong Arg#2: Options must have nothing but rate, {COMMON}, got "momentum".'),
    (
        "Momentum",
        {"momentun": 0.5},
        (
            f"Wrong Arg#2: Options must have nothing but rate, momentum, {COMMON}, "
            'got "momentun" (did you mean momentum?).'
        ),
    ),
    ("Momentum", {"momentum": 1}, "Wrong Arg#2: Options.momentum must be a number of at least 0 and below 1, got 1."),
]


@pytest.mark.parametrize(("name", "given", "sentence"), CREATION)
def test_a_bad_setting_is_refused(name: str, given: dict[str, Any], sentence: str) -> None:
    assert refused(lambda: Optimizer(name, **given)) == sentence


@every_optimizer
def test_a_setting_that_is_left_out_or_nothing_has_its_default(name: str) -> None:
    defaults = {each.python: each.default for each in OPTIMIZER_OPTIONS.fields_for(name)}
    assert dict(Optimizer(name).settings) == defaults
    assert dict(Optimizer(name, **dict.fromkeys(defaults)).settings) == defaults
    assert dict(Optimizer(name, **defaults).settings) == defaults


RATE = "Wrong Arg#2: Learning rate must be an optimizer"


@every_optimizer
def test_an_optimizer_steps_one_network_alone(name: str) -> None:
    optimizer, owner, other = Optimizer(name, rate=0.1), network(), network()
    inputs, targets = dataset()
    owner.backward(optimizer, inputs[0], targets[0])
    states = numbers(owner), numbers(other), save_optimizer(optimizer)
    sentence = f"{RATE} that has stepped no other network (one for each), got one that has."
    assert refused(lambda: other.backward(optimizer, inputs[0], targets[0])) == sentence
    assert refused(lambda: other.train(inputs, targets, optimizer)) == sentence.replace("#2", "#4")
    assert refused(lambda: owner.copy().backward(optimizer, inputs[0], targets[0])) == sentence
    assert (numbers(owner), numbers(other), save_optimizer(optimizer)) == states


@every_optimizer
def test_one_that_was_loaded_steps_networks_of_its_shape_alone(name: str) -> None:
    optimizer = Optimizer(name)
    network().backward(optimizer, [0.0] * 3, [0.0] * 2)
    loaded, other = load_optimizer(save_optimizer(optimizer)), line()
    sentence = f"{RATE} of a 1-1-1 Identity/Identity network, got one of a 3-4-4-2 {'/'.join(EXACT)} network."
    assert refused(lambda: other.backward(loaded, [1.0], [1.0])) == sentence
    assert numbers(other) == numbers(line())
    network().backward(loaded, [0.0] * 3, [0.0] * 2)
    assert "that has stepped no other" in refused(lambda: network().backward(loaded, [0.0] * 3, [0.0] * 2))


def test_a_memory_of_other_sizes_is_refused() -> None:
    loaded = load_optimizer(f'["Momentum",[1,0],[],{MEMORY.replace("1-1-1 Tanh", "1-2-1 Tanh")}]')
    other = Network.create(1, 1, 2, 1, "Tanh", seed=1)
    before = numbers(other)
    sentence = f"{RATE} of a 1-2-1 Tanh network, got one that remembers other sizes."
    assert refused(lambda: other.backward(loaded, [1.0], [1.0])) == sentence
    assert numbers(other) == before


@every_optimizer
@pytest.mark.parametrize(
    "change", [{"samples": [[1.0]]}, {"targets": []}, {"engine": "lua"}, {"epochs": 0}, {"batch_size": 0}], ids=str
)
def test_an_optimizer_stays_free_when_an_argument_is_refused(name: str, change: dict[str, Any]) -> None:
    optimizer, (inputs, targets) = Optimizer(name), dataset()
    arguments = {"samples": inputs, "targets": targets, "rate": optimizer, **change}
    refused(lambda: network().train(**arguments))
    refused(lambda: network().backward(optimizer, [1.0], [1.0]))
    assert optimizer.shape is None
    network().train(inputs, targets, optimizer)


@pytest.mark.parametrize("given", [None, 5, "Momentum", [0.1], Network])
def test_only_an_optimizer_is_saved(given: Any) -> None:
    sentence = refused(lambda: save_optimizer(given))
    assert sentence.startswith("Wrong Arg#1: Optimizer must be an optimizer made by createOptimizer or loadOptimizer, ")


# Nothing half done.


@every_optimizer
@pytest.mark.parametrize(("step", "batch_size"), [("backward", 1), ("backward_batch", 2)])
def test_an_interrupted_epoch_is_undone_for_the_optimizer_too(
    name: str, step: str, batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs, targets = dataset(6)
    one, other, optimizer, expected = network(), network(), Optimizer(name), Optimizer(name)
    other.train(inputs, targets, expected, batch_size=batch_size)
    monkeypatch.setattr(propagation, step, interrupted_at(6 // batch_size + 2, getattr(propagation, step)))
    with pytest.raises(KeyboardInterrupt):
        one.train(inputs, targets, optimizer, 3, batch_size=batch_size)
    assert numbers(one) == numbers(other)
    assert save_optimizer(optimizer) == save_optimizer(expected)


@every_optimizer
def test_an_error_of_a_callback_leaves_the_epochs_that_were_done(name: str) -> None:
    def fail(epoch: int, loss: float) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    inputs, targets = dataset()
    one, other, optimizer, expected = network(), network(), Optimizer(name), Optimizer(name)
    with pytest.raises(KeyboardInterrupt):
        one.train(inputs, targets, optimizer, 9, on_epoch=fail)
    other.train(inputs, targets, expected, 2)
    assert numbers(one) == numbers(other)
    assert save_optimizer(optimizer) == save_optimizer(expected)


@pytest.mark.share(2)
@every_optimizer
def test_whatever_trains_leaves_the_same_optimizer(name: str) -> None:
    inputs, targets = dataset()
    by_numpy, by_itself, one, other = network(), network(), Optimizer(name), Optimizer(name)
    by_numpy.train(inputs, targets, one, 300, engine="numpy")
    by_itself.train(inputs, targets, other, 300)
    assert numbers(by_numpy) == numbers(by_itself)
    assert save_optimizer(one) == save_optimizer(other)


# The registry.


def test_settings_of_one_name_mean_the_same_everywhere() -> None:
    known: dict[str, Setting] = {}
    for optimizer in OPTIMIZERS.values():
        names = [each.name for each in optimizer.settings]
        assert len(set(names)) == len(names)
        for each in optimizer.settings:
            first = known.setdefault(each.name, each)
            assert (first.limits, first.description) == (each.limits, each.description), (optimizer.name, each.name)


def test_the_rate_comes_first_and_what_is_fused_has_nothing_else() -> None:
    assert len({optimizer.settings[0].name for optimizer in ELEMENTWISE_OPTIMIZERS.values()}) == 1
    for optimizer in ELEMENTWISE_OPTIMIZERS.values():
        assert optimizer.fused is None or not (optimizer.settings[1:] or optimizer.kept or optimizer.memories)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_all_numbers_have_rules(name: str) -> None:
    record = OPTIMIZERS[name]
    parts = [each.limits for each in record.settings], [each.limits for each in record.kept]
    for limits in (*parts[0], *parts[1], *(each.limits for each in record.memories)):
        assert number_rule(limits)


@settings(max_examples=50)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=5), st.floats(0, 0.99), st.floats(0, 10))
def test_momentum_gathers_the_gradients(gradients: list[float], momentum: float, rate: float) -> None:
    """In closed form, the velocity is the sum of all gradients, each times momentum to the power of its age."""
    owner, optimizer = line(), Optimizer("Momentum", rate=rate, momentum=momentum)
    parameters = owner.layers[0].weights
    optimizer.claim(owner)
    exact, velocities = Fraction(1), []
    for age in range(len(gradients)):
        velocity = sum(Fraction(g) * Fraction(momentum) ** (age - k) for k, g in enumerate(gradients[: age + 1]))
        velocities.append(velocity)
        exact -= Fraction(rate) * velocity
    for gradient in gradients:
        optimizer.begin()
        optimizer.apply_gradient(Place(0, "weights", (slice(None), slice(None))), parameters, np.array([[gradient]]))
    size = 1 + rate * sum(abs(Fraction(g)) for g in gradients) * len(gradients)
    assume(size < 1e300)
    assert abs(Fraction(parameters[0, 0]) - exact) <= Fraction(1e-15) * 4 * len(gradients) * Fraction(size)
