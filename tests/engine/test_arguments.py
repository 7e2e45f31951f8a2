"""Bad arguments: each is refused with its sentence, before anything has changed."""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ArgumentError, Network, Optimizer, Random, approximate_length, create_generation
from engine.arguments import check, fault_of
from engine.describe import describe
from engine.interface.functions import FUNCTIONS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Callback, Choice, Function, Options, Rule
from tests.engine.samples import ACTIVATOR_NAMES, refused

LIMIT = 1_000_000


def indices(table: list[tuple[Any, str]]) -> list[str]:
    """Names for cases that have no short text of their own."""
    return [str(index) for index in range(len(table))]


DESCRIBED: list[tuple[object, str]] = [
    (None, "nothing"),
    (True, "true"),
    (False, "false"),
    (np.True_, "true"),
    (np.array(False), "false"),
    (5, "5"),
    (-0.0, "-0"),
    (0.1, "0.1"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1e15, "1e+15"),
    (np.float32(0.5), "0.5"),
    (np.int8(-3), "-3"),
    (np.array(2.5), "2.5"),
    (Fraction(1, 4), "0.25"),
    (2**70, "1.1805916207174113e+21"),
    (10**400, "infinity"),
    (-(10**400), "-infinity"),
    (math.inf, "infinity"),
    (np.float64(-math.inf), "-infinity"),
    (math.nan, "nan"),
    ("", '""'),
    ("ReLU", '"ReLU"'),
    (np.str_("ReLU"), '"ReLU"'),
    ("a" * 40, f'"{"a" * 40}"'),
    ("a" * 41, f'a string of 41 bytes that starts with "{"a" * 40}"'),
    ("é" * 20, f'"{"é" * 20}"'),
    ("é" * 20 + "a", f'a string of 41 bytes that starts with "{"é" * 20}"'),
    ("😀" * 11, f'a string of 44 bytes that starts with "{"😀" * 10}"'),
    ("\ud800" * 13, '"' + r"\xED\xA0\x80" * 13 + '"'),
    ("\ud800" * 14, 'a string of 42 bytes that starts with "' + r"\xED\xA0\x80" * 13 + '"'),
    ("{got} {length}", '"{got} {length}"'),
    ([], "an empty table"),
    ((), "an empty table"),
    ({}, "an empty table"),
    (np.zeros((0, 3)), "an empty table"),
    ([0], "an array of 1"),
    ((1, 2), "an array of 2"),
    (np.zeros((3, 2)), "an array of 3"),
    (range(4), "an array of 4"),
    ({"a": 1}, "a dictionary"),
    (len, "a function"),
    (lambda: None, "a function"),
    (Network, "a function"),
    ({1}, "a set"),
    (b"ReLU", "bytes"),
    (1j, "a complex"),
    (Decimal(1), "a Decimal"),
    (Random(0), "a Random"),
    (Optimizer("SGD"), "an Optimizer"),
]


@pytest.mark.parametrize(("value", "words"), DESCRIBED, ids=indices(DESCRIBED))
def test_a_value_is_described_in_the_words_of_lua(value: object, words: str) -> None:
    assert describe(value) == words


ACTIVATOR = f"Activator must be one of {', '.join(ACTIVATOR_NAMES)}, or an array of {{}} of them "
ACTIVATOR += "(one per layer; the output layer may also have Softmax), got "
SIZES = "must be an integer from 1 to 1000000, got "

# What Network.create and approximate_length refuse alike: how the arguments 2, 1, 3, 1 differ, and the sentence.
BAD_SHAPES: list[tuple[dict[str, object], str]] = [
    ({"inputs": 0}, f"Wrong Arg#1: Inputs {SIZES}0."),
    ({"inputs": 2.5}, f"Wrong Arg#1: Inputs {SIZES}2.5."),
    ({"inputs": LIMIT + 1}, f"Wrong Arg#1: Inputs {SIZES}1000001."),
    ({"inputs": "2"}, f'Wrong Arg#1: Inputs {SIZES}"2" (text: tonumber makes a number of it).'),
    ({"inputs": True}, f"Wrong Arg#1: Inputs {SIZES}true."),
    ({"inputs": math.nan}, f"Wrong Arg#1: Inputs {SIZES}nan."),
    ({"inputs": 10**400}, f"Wrong Arg#1: Inputs {SIZES}infinity."),
    ({"hidden_layers": 0}, "Wrong Arg#2: Hidden layers must be an integer from 1 to 10000, got 0."),
    ({"hidden_layers": 10_001}, "Wrong Arg#2: Hidden layers must be an integer from 1 to 10000, got 10001."),
    ({"hidden_layers": None}, "Wrong Arg#2: Hidden layers must be an integer from 1 to 10000, got nothing."),
    ({"hidden_nodes": -1}, f"Wrong Arg#3: Hidden nodes {SIZES}-1."),
    ({"hidden_nodes": [3]}, f"Wrong Arg#3: Hidden nodes {SIZES}an array of 1."),
    ({"outputs": 0}, f"Wrong Arg#4: Outputs {SIZES}0."),
    ({"outputs": math.inf}, f"Wrong Arg#4: Outputs {SIZES}infinity."),
    ({"activator": "relu"}, f'Wrong Arg#5: {ACTIVATOR.format(2)}"relu" (did you mean ReLU?).'),
    ({"activator": None}, f"Wrong Arg#5: {ACTIVATOR.format(2)}nothing."),
    ({"activator": []}, f"Wrong Arg#5: {ACTIVATOR.format(2)}an empty table."),
    ({"activator": ["Tanh"]}, f"Wrong Arg#5: {ACTIVATOR.format(2)}an array of 1."),
    (
        {"activator": ["Tanh", "tanh"]},
        f'Wrong Arg#5: {ACTIVATOR.format(2)}"tanh" as number 2 (did you mean Tanh?).',
    ),
    ({"activator": [["Tanh"], "tanh"]}, f"Wrong Arg#5: {ACTIVATOR.format(2)}an array of 1 as number 1."),
    ({"activator": ["Tanh"] * 3}, f"Wrong Arg#5: {ACTIVATOR.format(2)}an array of 3."),
    ({"hidden_layers": 3, "activator": ["Tanh"] * 2}, f"Wrong Arg#5: {ACTIVATOR.format(4)}an array of 2."),
    ({"recurrent": None}, "Wrong Arg#6: Recurrent must be true or false, got nothing."),
    ({"recurrent": 1}, "Wrong Arg#6: Recurrent must be true or false, got 1."),
    ({"inputs": 0, "outputs": 0, "recurrent": 0}, f"Wrong Arg#1: Inputs {SIZES}0."),
]


@pytest.mark.parametrize(("change", "sentence"), BAD_SHAPES, ids=indices(BAD_SHAPES))
def test_a_bad_shape_is_refused_before_any_draw(change: dict[str, Any], sentence: str) -> None:
    shape: dict[str, Any] = {"inputs": 2, "hidden_layers": 1, "hidden_nodes": 3, "outputs": 1, **change}
    stream = Random(1)
    assert refused(lambda: Network.create(**shape, seed=stream)) == sentence
    assert refused(lambda: approximate_length(**shape)) == sentence
    assert refused(lambda: create_generation(2, **shape, random=stream)) == in_a_generation(sentence)
    assert stream.state == Random(1).state


def in_a_generation(sentence: str) -> str:
    """The sentence of createNet as createGenNet says it: two arguments stand before those of the shape."""
    return re.sub(r"#(\d)", lambda position: f"#{int(position[1]) + 2}", sentence)


@pytest.mark.parametrize(
    ("bias", "got"),
    [
        (math.nan, "nan"),
        (math.inf, "infinity"),
        ("1", '"1" (text: tonumber makes a number of it)'),
        (None, "nothing"),
    ],
)
def test_a_bad_default_bias_is_refused_before_any_draw(bias: float, got: str) -> None:
    stream = Random(1)
    sentence = f"Wrong Arg#7: Default bias must be a finite number, got {got}."
    assert refused(lambda: Network.create(2, 1, 3, 1, default_bias=bias, seed=stream)) == sentence
    refusal = refused(lambda: create_generation(2, 2, 1, 3, 1, default_bias=bias, random=stream))
    assert refusal == in_a_generation(sentence)
    assert stream.state == Random(1).state


# (inputs + 1) nodes + (nodes + 1) nodes + (nodes + 1) outputs; recurrent, one more for each node.
@pytest.mark.parametrize(
    ("shape", "parameters"),
    [
        ((20, 1, LIMIT, 1), "22000001"),
        ((1, 2, 4471, 1), "20007726"),
        ((17, 1, LIMIT, 1, "Tanh", True), "20000002"),
    ],
)
def test_a_network_too_large_to_make_is_refused(shape: tuple[Any, ...], parameters: str) -> None:
    sentence = (
        "Wrong Arg#1: Inputs and the arguments behind them must make at most 20000000 weights and biases, "
        f"got {parameters}."
    )
    assert refused(lambda: Network.create(*shape)) == sentence
    assert refused(lambda: create_generation(2, *shape)) == in_a_generation(sentence)


BAD_NUMBERS: list[tuple[object, str]] = [
    ([1.0], "an array of 1"),
    ([1.0, 2.0, 3.0], "an array of 3"),
    ([], "an empty table"),
    (7, "the number 7"),
    (np.float32(0.5), "the number 0.5"),
    (np.array(2.0), "the number 2"),
    (math.nan, "the number nan"),
    (None, "nothing"),
    (True, "true"),
    ("ab", '"ab"'),
    (b"ab", "bytes"),
    ({1: 1.0, 2: 2.0}, "a dictionary"),
    ({1.0, 2.0}, "a set"),
    (iter([1.0, 2.0]), "a list_iterator"),
    ([1.0, None], "nothing as number 2"),
    ([math.nan, 1.0], "nan as number 1"),
    ([1.0, math.inf], "infinity as number 2"),
    ([-math.inf, math.nan], "-infinity as number 1"),
    ([1.0, 10**400], "infinity as number 2"),
    ([1.0, "2"], '"2" as number 2 (text: tonumber makes a number of it)'),
    ([1.0, "{index}"], '"{index}" as number 2'),
    ([True, 1.0], "true as number 1"),
    ([1.0, [2.0]], "an array of 1 as number 2"),
    ([1.0, 2j], "a complex as number 2"),
    (np.array([1.0, math.nan]), "nan as number 2"),
    (np.array([1.0, math.inf], dtype=np.float32), "infinity as number 2"),
    (np.array([True, False]), "true as number 1"),
    (np.array(["1", "2"]), '"1" as number 1 (text: tonumber makes a number of it)'),
    (np.array([1.0, None]), "nothing as number 2"),
]


def trained() -> Network:
    """A recurrent network with a state, where any half-done step would show."""
    network = Network.create(2, 2, 3, 2, "Tanh", True, seed=4)
    network.forward([0.5, -0.5])
    return network


def assert_refused(call: Callable[[Network], object], sentence: str) -> None:
    network = trained()
    before = network.save()
    assert refused(lambda: call(network)) == sentence
    assert network.save() == before


@pytest.mark.parametrize(("numbers", "got"), BAD_NUMBERS, ids=indices(BAD_NUMBERS))
def test_bad_inputs_and_targets_are_refused_and_change_nothing(numbers: list[float], got: str) -> None:
    rule = f"must be in an array of 2 numbers, got {got}."
    assert_refused(lambda network: network.forward(numbers), f"Wrong Arg#2: Inputs {rule}")
    assert_refused(lambda network: network.forward_by_matrix_product(numbers), f"Wrong Arg#2: Inputs {rule}")
    assert_refused(lambda network: network.backward(0.1, numbers, [0.0, 0.0]), f"Wrong Arg#3: Inputs {rule}")
    assert_refused(lambda network: network.backward(0.1, [0.0, 0.0], numbers), f"Wrong Arg#4: Target {rule}")


@pytest.mark.parametrize(
    ("rate", "got"),
    [
        (-1e-9, "-1e-09"),
        (math.nan, "nan"),
        (math.inf, "infinity"),
        (None, "nothing"),
        ("0.1", '"0.1" (text: tonumber makes a number of it)'),
        (True, "true"),
        ([0.1], "an array of 1 (a rate stands alone)"),
    ],
)
def test_a_bad_rate_is_refused_and_changes_nothing(rate: float, got: str) -> None:
    rule = "must be a finite number of at least 0, or an optimizer made by createOptimizer or loadOptimizer"
    sentence = f"Wrong Arg#2: Learning rate {rule}, got {got}."
    assert_refused(lambda network: network.backward(rate, [0.0, 0.0], [0.0, 0.0]), sentence)
    assert_refused(lambda network: network.backward(rate, [0.0], [0.0]), sentence)


@pytest.mark.parametrize(("flag", "got"), [(1, "1"), (None, "nothing"), ("true", '"true"')])
def test_a_bad_flag_is_refused_and_changes_nothing(flag: bool, got: str) -> None:
    sentence = f"Wrong Arg#3: GiveCache must be true or false, got {got}."
    assert_refused(lambda network: network.forward([0.0, 0.0], flag), sentence)  # type: ignore[call-overload]  # wrong on purpose


@pytest.mark.parametrize(
    ("batch", "index", "got"),
    [
        ([[1.0, 2.0], [3.0]], 2, "an array of 1"),
        ([[1.0, 2.0], 3.0], 2, "the number 3"),
        ([[1.0, 2.0], [3.0, math.nan]], 2, "nan as number 2"),
        (np.ones((4, 3)), 1, "an array of 3"),
        (np.array([[1.0, 2.0], [math.inf, 4.0]]), 2, "infinity as number 1"),
        (np.ones((2, 2, 2)), 1, "an array of 2 as number 1"),
        ([[]], 1, "an empty table"),
        ([[1.0, np.ma.masked]], 1, "a masked number as number 2"),
        (np.ma.array([[1.0, 2.0]], mask=[[True, False]]), 1, "a masked number as number 1"),
    ],
    ids=str,
)
def test_a_bad_batch_is_refused(batch: list[float], index: int, got: str) -> None:
    network = Network.create(2, 1, 3, 1, seed=0)
    sentence = f"Wrong Arg#2: Inputs[{index}] must be in an array of 2 numbers, got {got}."
    assert refused(lambda: network.forward(batch)) == sentence
    assert refused(lambda: network.forward_by_matrix_product(batch)) == sentence


FINITE = np.ones((3, 2))
BAD_SAMPLES: list[tuple[object, str]] = [
    (None, "Samples must be an array of at least 1 sample, got nothing."),
    ([], "Samples must be an array of at least 1 sample, got an empty table."),
    ("ab", 'Samples must be an array of at least 1 sample, got "ab".'),
    ([[1.0, 2.0], [1.0, 2.0, 3.0]], "Samples[2] must be in an array of 2 numbers, got an array of 3."),
    ([[1.0, math.nan]], "Samples[1] must be in an array of 2 numbers, got nan as number 2."),
    ([1.0, 2.0], "Samples[1] must be in an array of 2 numbers, got the number 1."),
    (np.ones((2, 3)), "Samples[1] must be in an array of 2 numbers, got an array of 3."),
    (np.array([[1.0, 2.0], [math.inf, 2.0]]), "Samples[2] must be in an array of 2 numbers, got infinity as number 1."),
    (np.ones(2), "Samples[1] must be in an array of 2 numbers, got the number 1."),
]


@pytest.mark.parametrize(("samples", "fault"), BAD_SAMPLES, ids=indices(BAD_SAMPLES))
def test_bad_samples_are_refused_with_their_place(samples: object, fault: str) -> None:
    assert refused(lambda: check("trainNet", "samples", samples, count=2)) == f"Wrong Arg#2: {fault}"


@pytest.mark.parametrize("samples", [FINITE, FINITE.tolist(), FINITE.astype(np.float32), FINITE.astype(int), [(1, 2)]])
def test_right_samples_are_taken(samples: object) -> None:
    check("trainNet", "samples", samples, count=2)


BAD_TARGETS: list[tuple[object, str]] = [
    (5, "Targets must be an array of 3 targets, one for each sample, got 5."),
    ([], "Targets must be an array of 3 targets, one for each sample, got an empty table."),
    ([[1.0, 2.0]] * 4, "Targets must be an array of 3 targets, one for each sample, got an array of 4."),
    ([[1.0, 2.0], [1.0, 2.0], [1.0]], "Targets[3] must be in an array of 2 numbers, got an array of 1."),
]


@pytest.mark.parametrize(("targets", "fault"), BAD_TARGETS, ids=indices(BAD_TARGETS))
def test_bad_targets_are_refused_with_their_place(targets: object, fault: str) -> None:
    assert refused(lambda: check("trainNet", "targets", targets, count=2, samples=3)) == f"Wrong Arg#3: {fault}"


def test_right_targets_are_taken() -> None:
    check("trainNet", "targets", FINITE, count=2, samples=3)


@pytest.mark.parametrize(
    ("rule", "value", "sentence"),
    [
        (Choice(("one", "two")), "one", None),
        (Choice(("one", "two")), "three", 'Here must be one of one, two, got "three".'),
        (Choice(("one", "two")), None, "Here must be one of one, two, got nothing."),
        (Callback("() -> ()"), len, None),
        (Callback("() -> ()"), 1, "Here must be a function, got 1."),
    ],
)
def test_choices_and_callbacks_are_checked(rule: Rule, value: object, sentence: str | None) -> None:
    found = fault_of(rule, "Here", value, {})
    assert (found and f"{found}.") == sentence


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (None, "Network must be a network table or a StringValue that holds a network string, got nothing."),
        (
            "[]",
            (
                'Network must be a network table or a StringValue that holds a network string, got "[]" '
                "(loadNet makes a network of it)."
            ),
        ),
        ([], "Network must be a network table or a StringValue that holds a network string, got an empty table."),
        ([0], "Network[1] must be an integer from 1 to 1000000, got 0."),
        (
            [1, [1, 2]],
            "Network[2][1] must be a layer: an array of weights and biases, or of weights, biases and state, got 1.",
        ),
        (
            [1, [[[[1.0]], [math.nan]], [[[1.0]], [1.0]]], False, "Tanh"],
            "Network[2][1][2] must be in an array of 1 number, got nan as number 1.",
        ),
        ([1, [[[[1.0]], [1.0]], [[[1.0]], [1.0]]], 1, "Tanh"], "Network[3] must be true or false, got 1."),
    ],
)
def test_a_bad_table_is_refused_as_a_network(table: object, sentence: str) -> None:
    assert refused(lambda: Network.from_table(table)) == f"Wrong Arg#1: {sentence}"


# Numbers whose products no step can overflow, and those that are none.
NUMBERS = st.integers() | st.floats(-1e75, 1e75) | st.sampled_from((math.nan, math.inf, -math.inf, 10**400))
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=50) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=8,
)


@given(ANYTHING, ANYTHING, ANYTHING)
@settings(max_examples=150)
def test_nothing_but_a_refusal_comes_of_arbitrary_arguments(one: object, other: object, third: object) -> None:
    network = Network.create(2, 1, 2, 1, "Tanh", seed=0)
    calls: list[Callable[[], object]] = [
        lambda: network.forward(one, other),  # type: ignore[call-overload]  # wrong on purpose
        lambda: network.backward(one, other, third),  # type: ignore[arg-type]  # wrong on purpose
        lambda: Network.from_table([one, other, third]),
        lambda: approximate_length(one, other, third, one),  # type: ignore[arg-type]  # wrong on purpose
        lambda: Random(one),  # type: ignore[arg-type]  # wrong on purpose
        lambda: Network.create(2, 1, 2, 1, one, other, third),  # type: ignore[arg-type]  # wrong on purpose
    ]
    for call in calls:
        try:
            call()
        except ArgumentError as error:
            sentence = str(error)
        else:
            continue
        assert re.fullmatch(r"Wrong Arg#\d: .+ must .+, got .+\.", sentence, re.DOTALL)


# What the code fills in, and nothing else.
PLACEHOLDERS = {
    *("position", "fault", "place", "rule", "got"),
    *("minimum", "maximum", "count", "layers", "activators", "parts", "shape", "child", "names", "name"),
    *("number", "text", "length", "article", "class", "type", "index", "reason"),
    *("samples", "words", "kind", "kinds", "loss", "first", "outputs"),
    *("label", "layer", "inputs", "nodes"),
    *("bytes", "value", "store", "which"),
    *("s", "what"),
    *("epoch", "epochs", "sample", "last", "advice", "stepper", "schedule", "where", "rate", "optimizer"),
    "what",
}
WHOLE_SENTENCES = {
    "wrong_argument",
    "diverged",
    "misfit",
    "no_instances",
    "unwritable",
    "no_finite_loss",
    "no_finite_weight",
    "no_finite_step",
    "unbounded_recurrence",
    "no_spread",
    "unreachable_target",
    "unreachable_share",
    "unscaled",
    "no_epoch_left",
    "unchanging",
    "summary_memory",
    "summary_saved",
    "summary_training",
}
# What stands in the cells of a table.
CELLS = {"summary_columns", "summary_inputs", "summary_layer", "summary_total"}


@pytest.mark.parametrize("key", MESSAGES)
def test_a_message_is_part_of_a_sentence_with_known_placeholders(key: str) -> None:
    # Braces that stand apart are those of a Lua table.
    text = re.sub(r"(?<= )\{ | \}(?!\w)", "", MESSAGES[key])
    assert set(re.findall(r"\{([^}]*)\}", text)) <= PLACEHOLDERS
    assert text.count("{") == text.count("}") == len(re.findall(r"\{[a-z]+\}", text))
    assert text == " ".join(text.split())
    assert text.endswith(".") == (key in WHOLE_SENTENCES)
    assert key in WHOLE_SENTENCES | CELLS or not text[0].isupper()


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_rule_of_a_function_is_filled_in(function: Function) -> None:
    for parameter in function.parameters:
        rules: list[Rule] = [parameter.rule]
        if isinstance(parameter.rule, Options):
            rules += [field.rule for field in parameter.rule.fields]
        for rule in rules:
            text = rule.text(count=2, layers=2, samples=2, shape="2-3-1")
            assert text.startswith("must ")
            assert not set(text) & set("{}")


def test_filling_keeps_what_is_not_given_and_writes_numbers_shortly() -> None:
    assert fill("{a} {b} {c}", a=1_000_000.0, b=0.1) == "1000000 0.1 {c}"
    assert fill("{a} {b}", a="{b}", b=1) == "{b} 1"
