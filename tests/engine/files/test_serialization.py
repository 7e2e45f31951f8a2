"""Network strings: nothing is lost, old ones load, and nothing else does."""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import ArgumentError, Network
from engine.files.extras import EXTRA_NAMES, Extras
from engine.files.number_text import number_text
from engine.files.serialization import json_to_table
from engine.formulas.registry import LOSSES
from engine.interface.limits import DEFAULT_LOSS
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import AWKWARD, FINITE, bits, networks_of_kinds, refused, tables_with_extras

# As the original library (version 1.04) saved them.
OLD = '[2,[[[[0.1,-0.2]],[0.5]],[[[0.3]],[0.5]]],false,"LeakyReLU"]'
OLD_RECURRENT = '[1,[[[[0.5,-0.25]],[0.5],[0.75]],[[[2,7]],[-1],[0]]],true,"ReLU"]'

# Whole and half numbers only, which the standard library's JSON and C formatting write alike.
HALVES = st.integers(-1000, 1000).map(lambda number: number / 2 + 0.25)


def scaler(**changed: object) -> dict[str, object]:
    """The fields of a scaler of one column, some of them changed."""
    return {"name": "MinMax", "shift": [0.5], "scale": [2.0], **changed}


def with_extras(**extras: object) -> str:
    """The string of the original, with extras."""
    return f"{OLD[:-1]},{json.dumps(extras)}]"


def shortest(number: float) -> str:
    """The definition: the first of 15, 16 and 17 significant digits, as C writes them, that reads back the same."""
    return next(text for text in (f"{number:.{digits}g}" for digits in (15, 16, 17)) if float(text) == number)


@given(networks_of_kinds())
@settings(max_examples=100)
def test_a_saved_network_loads_bit_for_bit(network: Network) -> None:
    loaded = Network.load(network.save())
    assert repr(loaded.to_table()) == repr(network.to_table())
    assert loaded.save() == network.save()


@given(networks_of_kinds())
@settings(max_examples=40)
def test_a_network_string_is_json_without_white_space(network: Network) -> None:
    text = network.save()
    assert repr(json.loads(text, parse_int=float)[1]) == repr(network.to_table()[1])
    assert json.loads(text) == network.to_table()
    outside_names = re.sub('"[^"]*"', '""', text)
    assert not re.search(r"\s", outside_names)
    assert outside_names.isascii()


@given(networks_of_kinds(HALVES))
@settings(max_examples=60)
def test_simple_numbers_are_written_as_anyone_would(network: Network) -> None:
    network.extras = Extras(network.loss)
    text = json.dumps(network.to_table(), separators=(",", ":"))
    assert network.save() == re.sub(r"\.0(?=[],])", "", text)


@given(FINITE)
@example(5e-324)
@example(1.7976931348623157e308)
@example(0.1 + 0.2)
@example(2.0**53 + 2)
@example(123456789012345680.0)
@example(-0.0)
@settings(max_examples=500)
def test_a_number_is_written_with_the_fewest_digits_that_read_back(number: float) -> None:
    text = number_text(number)
    assert bits(float(text)) == bits(number)
    assert bits(json.loads(text, parse_int=float)) == bits(number)
    assert text == shortest(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1 / 3, "0.3333333333333333"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e15, "1e+15"),
        (-123456789012345.0, "-123456789012345"),
        (1e-5, "1e-05"),
        (5e-324, "4.94065645841247e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (3, "3"),
    ],
)
def test_numbers_are_written_as_c_writes_them(number: float, text: str) -> None:
    assert number_text(number) == text


@given(tables_with_extras())
@settings(max_examples=100)
def test_extras_survive_a_table_and_a_string(table: list[Any]) -> None:
    network = Network.from_table(table)
    extras = table[4]
    assert [layer.kind for layer in network.layers] == extras["kinds"]
    loss = extras.get("loss", DEFAULT_LOSS)
    given = loss if isinstance(loss, dict) else {"name": loss}
    assert {"name": network.loss, **network.loss_settings} == {**network.loss_settings, **given}
    for again in (Network.from_table(network.to_table()), Network.load(network.save()), network.copy()):
        assert [layer.kind for layer in again.layers] == extras["kinds"]
        assert (again.loss, again.loss_settings) == (network.loss, network.loss_settings)
        assert bits(np.concatenate([part.ravel() for layer in again.layers for part in layer.numbers])) == bits(
            np.array(list(flat(table[1])))
        )


def flat(nested: list[Any] | float) -> Iterator[float]:
    """All numbers of nested lists."""
    if isinstance(nested, list):
        for part in nested:
            yield from flat(part)
    else:
        yield nested


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (OLD, ["Dense", "Dense"]),
        (OLD_RECURRENT, ["Recurrent", "RecurrentOutput"]),
        (with_extras(), ["Dense", "Dense"]),
        (with_extras(kinds=["Dense", "Dense"], loss=DEFAULT_LOSS), ["Dense", "Dense"]),
    ],
    ids=["feed-forward", "recurrent", "empty extras", "extras that say nothing new"],
)
def test_what_goes_without_saying_is_not_written(text: str, kinds: list[str]) -> None:
    network = Network.load(text)
    assert [layer.kind for layer in network.layers] == kinds
    assert network.save() in (OLD, OLD_RECURRENT)
    assert "Dense" not in network.shape


def test_further_kinds_are_part_of_the_shape() -> None:
    mixed = '[1,[[[[0.5,-0.25]],[0.5],[0.75]],[[[2]],[-1]]],true,"ReLU",{"kinds":["Recurrent","Dense"]}]'
    assert Network.load(mixed).save() == mixed
    assert Network.load(mixed).shape == "1-1-1 ReLU Recurrent/Dense"


def test_awkward_numbers_survive_a_string() -> None:
    table = [len(AWKWARD), [[[list(AWKWARD)], [5e-324]], [[[-0.0]], [-0.0]]], False, "Tanh"]
    loaded = Network.load(Network.from_table(table).save())
    assert bits(loaded.layers[0].weights) == bits(AWKWARD)
    assert bits(loaded.layers[1].biases) == bits([-0.0])


def test_a_string_of_the_original_library_loads() -> None:
    network = Network.load(OLD)
    assert network.to_table() == [2, [[[[0.1, -0.2]], [0.5]], [[[0.3]], [0.5]]], False, "LeakyReLU"]
    # 0.1 - 0.2 + 0.5 = 0.4, then sigmoid(0.12 + 0.5).
    assert network.forward([1, 1])[0] == pytest.approx(1 / (1 + math.exp(-0.62)), rel=1e-15)
    assert network.save() == OLD


def test_a_recurrent_string_of_the_original_library_loads_with_its_state() -> None:
    network = Network.load(OLD_RECURRENT)
    assert network.best
    # 2/2 - 0.75/4 + 1/2 = 1.3125; the output layer's 7 stays out of play: sigmoid(2.625 - 1).
    assert network.forward([2])[0] == pytest.approx(1 / (1 + math.exp(-1.625)), rel=1e-15)
    assert Network.load(OLD_RECURRENT).save() == OLD_RECURRENT


@pytest.mark.parametrize(
    "text",
    [
        ' [ 2 , [ [ [ [ 0.1 , -0.2 ] ] , [ 0.5 ] ] , [ [ [ 0.3 ] ] , [ 0.5 ] ] ] , false , "LeakyReLU" ]\n',
        OLD.replace("0.1", "1e-1").replace("0.3", "0.30").replace("[2,", "[2.0,"),
        OLD.replace("Leaky", "\\u004ceaky"),
        OLD.replace("0.1", "0.1000000000000000055511151231257827"),
    ],
    ids=["white space", "other spellings", "escapes", "many digits"],
)
def test_any_json_of_a_network_table_loads(text: str) -> None:
    assert Network.load(text).save() == OLD


@given(networks_of_kinds())
@settings(max_examples=30)
def test_hard_code_is_the_same_table_in_braces(network: Network) -> None:
    # Brackets in a name stay as they are.
    text = re.sub(r'("(?:[^"\\]|\\.)*")|[][]', lambda found: found[1] or "{}"["[]".index(found[0])], network.save())
    assert network.hard_code() == re.sub(r'"(\w+)":', r"\1=", text)


def test_hard_code_of_a_small_network_is_plain_lua() -> None:
    assert Network.load(OLD).hard_code() == '{2,{{{{0.1,-0.2}},{0.5}},{{{0.3}},{0.5}}},false,"LeakyReLU"}'
    assert Network.load(OLD.replace('"LeakyReLU"', '["Sin","SQ-RBF"]')).hard_code().endswith(',{"Sin","SQ-RBF"}}')


NO_STRING = "String must be a network string made by saveNet, got "
LAYERS = "String[2] must be an array of 1 to 10001 layers, got "
FIRST_LAYER = "String[2][1] must be a layer: an array of weights and biases, or of weights, biases and state, got "
LATER_LAYER = "String[2][2] must be an array of {} like every layer of the network, got "
ROW = "String[2][1][1][1] must be in an array of 2 numbers, got "
EXTRAS = (
    f"String[5] must be left out or a dictionary of nothing but {', '.join(EXTRA_NAMES)} "
    "(a newer version may have written more), got "
)
KINDS = f"String[5].kinds must be an array of 2 kinds of layers, each one of {', '.join(LAYER_KINDS)}, got "

LOSS = (
    f"String[5].loss must be one of {', '.join(LOSSES)}, or a dictionary with one of these as its name and with "
    "settings of it"
)
INPUTS = (
    "String[5].inputs must be an array of 2 different names of 1 to 40 bytes without quotes, backslashes and "
    "control characters, got "
)
SCALER = "must be a scaler made by createScaler, a dictionary of name, shift and scale, got "
ONE_NAME = INPUTS.removeprefix("String[5].inputs ").replace("2 different names", "1 different name")


# What arrives instead of a network string, and the sentence after "Wrong Arg#1: ".
MALFORMED: dict[str, tuple[str, str]] = {
    "empty": ("", NO_STRING + '"".'),
    "no JSON": ("hello", NO_STRING + '"hello".'),
    "white space": (" \n", NO_STRING + r'" \n".'),
    "Lua": (
        OLD.replace("[", "{").replace("]", "}"),
        NO_STRING + 'a string of 60 bytes that starts with "{2,{{{{0.1,-0.2}},{0.5}},{{{0.3}},{0.5}}".',
    ),
    "nan": (
        OLD.replace("0.1", "NaN"),
        NO_STRING + 'a string of 60 bytes that starts with "[2,[[[[NaN,-0.2]],[0.5]],[[[0.3]],[0.5]]".',
    ),
    "infinity": ("[Infinity]", NO_STRING + '"[Infinity]".'),
    "minus infinity": ("[-Infinity]", NO_STRING + '"[-Infinity]".'),
    "truncated": (OLD[:40], NO_STRING + 'one of length 40 that seems to end too soon, with ".5]],[[[0.3]],[0.5]]".'),
    "garbage after it": (
        OLD + "]",
        NO_STRING + 'a string of 61 bytes that starts with "[2,[[[[0.1,-0.2]],[0.5]],[[[0.3]],[0.5]]".',
    ),
    "two of them": (
        OLD + OLD,
        NO_STRING + 'a string of 120 bytes that starts with "[2,[[[[0.1,-0.2]],[0.5]],[[[0.3]],[0.5]]".',
    ),
    "byte order mark": (
        "\ufeff" + OLD,
        NO_STRING + r'a string of 63 bytes that starts with "\xEF\xBB\xBF[2,[[[[0.1,-0.2]],[0.5]],[[[0.3]],[0.".',
    ),
    "lone surrogate": ("\ud800", NO_STRING + r'"\xED\xA0\x80".'),
    "nul": ("\0", NO_STRING + r'"\x00".'),
    "trailing comma": ("[2,]", NO_STRING + '"[2,]".'),
    "leading zero": ("[02]", NO_STRING + '"[02]".'),
    "hexadecimal": ("[0x2]", NO_STRING + '"[0x2]".'),
    "very deep": (
        "[" * 100_000,
        NO_STRING + 'one of length 100000 that seems to end too soon, with "[[[[[[[[[[[[[[[[[[[[".',
    ),
    "very deep and closed": (
        "[" * 100_000 + "]" * 100_000,
        NO_STRING + 'a string of 200000 bytes that starts with "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[".',
    ),
    "deep": (
        "[" * 150 + "]" * 150,
        NO_STRING + 'a string of 300 bytes that starts with "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[".',
    ),
    "deep objects": (
        '{"a":' * 150 + "1" + "}" * 150,
        NO_STRING + r'a string of 901 bytes that starts with "{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":".',
    ),
    "null": ("null", NO_STRING + '"null".'),
    "number": ("7", NO_STRING + '"7".'),
    "text": ('"[]"', NO_STRING + r'""[]"".'),
    "object": ('{"a":1}', NO_STRING + r'"{"a":1}".'),
    "empty array": ("[]", NO_STRING + '"[]".'),
    "null inputs": (OLD.replace("[2,", "[null,"), "String[1] must be an integer from 1 to 1000000, got nothing."),
    "no inputs": (OLD.replace("[2,", "[0,"), "String[1] must be an integer from 1 to 1000000, got 0."),
    "broken inputs": (OLD.replace("[2,", "[2.5,"), "String[1] must be an integer from 1 to 1000000, got 2.5."),
    "inputs beyond doubles": (
        OLD.replace("[2,", "[1" + "0" * 400 + ","),
        "String[1] must be an integer from 1 to 1000000, got infinity.",
    ),
    "text as inputs": (
        OLD.replace("[2,", '["2",'),
        'String[1] must be an integer from 1 to 1000000, got "2" (text: tonumber makes a number of it).',
    ),
    "no layers": ("[2]", LAYERS + "nothing."),
    "empty layers": ('[2,[],false,"ReLU"]', LAYERS + "an empty table."),
    "layers as an object": ('[2,{"a":1},false,"ReLU"]', LAYERS + "a dictionary."),
    "null layer": ('[2,[null,[[[1]],[1]]],false,"ReLU"]', FIRST_LAYER + "nothing."),
    "layer of four": (
        '[2,[[[[1,2]],[1],[1],[1]],[[[1]],[1]]],false,"ReLU"]',
        FIRST_LAYER + "an array of 4.",
    ),
    "recurrent after not": (
        '[1,[[[[1]],[1]],[[[1]],[1],[0]]],false,"ReLU"]',
        LATER_LAYER.format("2 (weights, biases)") + "an array of 3.",
    ),
    "not after recurrent": (
        '[1,[[[[1,1]],[1],[0]],[[[1,1]],[1]]],false,"ReLU"]',
        LATER_LAYER.format("3 (weights, biases, state)") + "an array of 2.",
    ),
    "no rows": (
        '[2,[[[],[]],[[[1]],[1]]],false,"ReLU"]',
        "String[2][1][1] must be an array of 1 to 1000000 rows of weights, got an empty table.",
    ),
    "row too short": (OLD.replace("0.1,-0.2", "0.1"), ROW + "an array of 1."),
    "row too long": (OLD.replace("-0.2", "-0.2,1"), ROW + "an array of 3."),
    "empty row": (OLD.replace("0.1,-0.2", ""), ROW + "an empty table."),
    "flat row": (OLD.replace("[[0.1,-0.2]]", "[0.1,-0.2]"), ROW + "the number 0.1."),
    "nested row": (OLD.replace("0.1,-0.2", "0.1,[-0.2]"), ROW + "an array of 1 as number 2."),
    "null weight": (OLD.replace("0.1", "null"), ROW + "nothing as number 1."),
    "weight beyond doubles": (OLD.replace("-0.2", "-1e999"), ROW + "-infinity as number 2."),
    "true weight": (OLD.replace("0.1", "true"), ROW + "true as number 1."),
    "text weight": (OLD.replace("0.1", '"0.1"'), ROW + '"0.1" as number 1 (text: tonumber makes a number of it).'),
    "second layer's row": (
        OLD.replace("[0.3]", "[0.3,1]"),
        "String[2][2][1][1] must be in an array of 1 number, got an array of 2.",
    ),
    "too many biases": (
        OLD.replace("[0.5]],[[[", "[0.5,1]],[[["),
        "String[2][1][2] must be in an array of 1 number, got an array of 2.",
    ),
    "state too long": (
        OLD_RECURRENT.replace("[0.75]", "[0.75,0]"),
        "String[2][1][3] must be in an array of 1 number, got an array of 2.",
    ),
    "no best": ("[2,[[[[1,2]],[3]],[[[1]],[1]]]]", "String[3] must be true or false, got nothing."),
    "best as number": (OLD.replace("false", "0"), "String[3] must be true or false, got 0."),
    "no extras": (OLD[:-1] + ",5]", EXTRAS + "5."),
    "extras as an array": (OLD[:-1] + ',["kinds"]]', EXTRAS + "an array of 1."),
    "unknown extras": (OLD[:-1] + ',{"loss":"","b":1,"a":2,"c":3}]', EXTRAS + '"a".'),
    "too many entries": (
        OLD[:-1] + ",{},5]",
        "String[6] must be left out (a newer version may have written it), got 5.",
    ),
    "one kind for all": (with_extras(kinds="Dense"), KINDS + '"Dense".'),
    "too few kinds": (with_extras(kinds=["Dense"]), KINDS + "an array of 1."),
    "no kinds": (with_extras(kinds=[]), KINDS + "an empty table."),
    "unknown kind": (
        with_extras(kinds=["Dense", "dense"]),
        KINDS + '"dense" as number 2 (did you mean Dense?).',
    ),
    "kind as number": (with_extras(kinds=[1, "Dense"]), KINDS + "1 as number 1."),
    "unknown loss": (
        with_extras(loss="Loss"),
        f'{LOSS}, got "Loss".',
    ),
    "a loss in an array": (with_extras(loss=[DEFAULT_LOSS]), f"{LOSS}, got an array of 1."),
    "a loss that is nothing": (with_extras(loss={}), f"{LOSS}, got an empty table."),
    "a loss without a name": (
        with_extras(loss={"smoothing": 0.5}),
        f"String[5].loss.name must be one of {', '.join(LOSSES)}, got nothing.",
    ),
    "a misspelt loss": (
        with_extras(loss={"name": "BinaryCrossEntropi"}),
        (
            f'String[5].loss.name must be one of {", ".join(LOSSES)}, got "BinaryCrossEntropi" '
            "(did you mean BinaryCrossEntropy?)."
        ),
    ),
    "settings that a loss has not": (
        with_extras(loss={"name": "BinaryCrossEntropy", "smothing": 0.1, "zeal": 1}),
        (
            'String[5].loss must have nothing but name, smoothing, as BinaryCrossEntropy has, got "smothing" '
            "(did you mean smoothing?)."
        ),
    ),
    "a setting where there is none": (
        with_extras(loss={"name": DEFAULT_LOSS, "smoothing": 0.1}),
        'String[5].loss must have nothing but name, as HalfSquaredError has, got "smoothing".',
    ),
    "a setting out of its range": (
        with_extras(loss={"name": "CategoricalCrossEntropy", "smoothing": 1}),
        "String[5].loss.smoothing must be a number of at least 0 and below 1, got 1.",
    ),
    "a setting that is text": (
        with_extras(loss={"name": "CategoricalCrossEntropy", "smoothing": "0.5"}),
        (
            'String[5].loss.smoothing must be a number of at least 0 and below 1, got "0.5" '
            "(text: tonumber makes a number of it)."
        ),
    ),
    "a name for no input": (with_extras(inputs=["a", "b", "c"]), INPUTS + "an array of 3."),
    "a number as a name": (with_extras(inputs=["a", 2]), INPUTS + "2 as number 2."),
    "an empty name": (with_extras(inputs=["", "b"]), INPUTS + '"" as number 1.'),
    "a name with a quote": (with_extras(inputs=["a", 'b"']), INPUTS + '"b"" as number 2.'),
    "a name with a backslash": (with_extras(inputs=["a\\", "b"]), INPUTS + '"a\\\\" as number 1.'),
    "a name with a control": (with_extras(inputs=["a", "b\n"]), INPUTS + '"b\\n" as number 2.'),
    "a name too long": (
        with_extras(inputs=["a", "b" * 41]),
        INPUTS + f'a string of 41 bytes that starts with "{"b" * 40}" as number 2.',
    ),
    "two inputs of one name": (with_extras(inputs=["a", "a"]), INPUTS + '"a" as number 1 and as number 2.'),
    "names in a dictionary": (with_extras(outputs={"a": "b"}), "String[5].outputs " + ONE_NAME + "a dictionary."),
    "a scaler as an array": (with_extras(inputScaler=[1]), "String[5].inputScaler " + SCALER + "an array of 1."),
    "a scaler without scale": (
        with_extras(inputScaler={"name": "MinMax", "shift": [0, 0]}),
        "String[5].inputScaler " + SCALER + "one without scale.",
    ),
    "a scaler with more": (
        with_extras(inputScaler=scaler(shifts=1)),
        "String[5].inputScaler " + SCALER + 'one with "shifts" (did you mean shift?).',
    ),
    "a scaler of no name": (
        with_extras(targetScaler=scaler(name="minmax")),
        'String[5].targetScaler.name must be one of MinMax, Standard, Robust, got "minmax" (did you mean MinMax?).',
    ),
    "a shift too few": (
        with_extras(inputScaler=scaler()),
        "String[5].inputScaler.shift must be in an array of 2 numbers, got an array of 1.",
    ),
    "a scale that is none": (
        with_extras(targetScaler=scaler(scale=[0])),
        "String[5].targetScaler.scale[1] must be a finite number above 0, got 0.",
    ),
    "a scale of text": (
        with_extras(targetScaler=scaler(scale=[[]])),
        "String[5].targetScaler.scale must be in an array of 1 number, got an empty table as number 1.",
    ),
    "a target scaler beside classes": (
        with_extras(classes=["a"], targetScaler=scaler()),
        "String[5].targetScaler must be left out beside classes, got a dictionary.",
    ),
    "classes beside outputs": (
        with_extras(outputs=["a"], classes=["b"]),
        "String[5].classes must be left out beside outputs, got an array of 1.",
    ),
    "a class too many": (with_extras(classes=["a", "b"]), "String[5].classes " + ONE_NAME + "an array of 2."),
    "no state for a kind": (
        with_extras(kinds=["Dense", "Recurrent"]),
        "String[2][2] must be an array of 3 (weights, biases, state), as Recurrent layers are, got an array of 2.",
    ),
    "a state for a kind without": (
        OLD_RECURRENT[:-1] + ',{"kinds":["Recurrent","Dense"]}]',
        "String[2][2] must be an array of 2 (weights, biases), as Dense layers are, got an array of 3.",
    ),
    "a row too short for its kind": (
        '[1,[[[[0.5]],[0.5],[0.75]],[[[2]],[-1]]],true,"ReLU",{"kinds":["Recurrent","Dense"]}]',
        "String[2][1][1][1] must be in an array of 2 numbers, got an array of 1.",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_text_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    assert refused(lambda: Network.load(text)) == "Wrong Arg#1: " + sentence


@pytest.mark.parametrize(
    ("activator", "got"),
    [
        ('"relu"', '"relu" (did you mean ReLU?)'),
        ("null", "nothing"),
        ("[]", "an empty table"),
        ('["ReLU"]', "an array of 1"),
        ('["ReLU","ReLU","ReLU"]', "an array of 3"),
        ('["ReLU",["ReLU"]]', "an array of 1 as number 2"),
        ('["relu","ReLU"]', '"relu" as number 1 (did you mean ReLU?)'),
        ('{"ReLU":1}', "a dictionary"),
    ],
)
def test_an_unknown_activator_is_refused(activator: str, got: str) -> None:
    sentence = refused(lambda: Network.load(OLD.replace('"LeakyReLU"', activator)))
    assert sentence.startswith("Wrong Arg#1: String[4] must be one of Identity, Binary, ")
    assert sentence.endswith(
        f" or an array of 2 of them (one per layer; the output layer may also have Softmax), got {got}."
    )


@pytest.mark.parametrize(
    ("value", "got"),
    [(None, "nothing (not saved yet? begin anew)"), (b"[]", "bytes"), (7, "7"), ([], "an empty table")],
)
def test_what_is_no_text_is_refused(value: object, got: str) -> None:
    assert refused(lambda: Network.load(value)) == f"Wrong Arg#1: {NO_STRING}{got}."  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_text_may_nest_some_way_but_not_deeply(opening: str) -> None:
    def nested(depth: int) -> str:
        return opening * depth + "1" + {"[": "]"}.get(opening, "}") * depth

    assert json_to_table(nested(100)) is not None
    with pytest.raises(ValueError, match="too deep"):
        json_to_table(nested(101))


PIECES = ["", *'[]{},:"-+.eE0129 \n\\', "null", "true", "NaN", "1e999", "[[", "]]", '"ReLU"', "-0", "\ud800", "é"]
FAULT = re.compile(r"Wrong Arg#1: String(\[\d+\])*(\.[a-z]+)? must .+, got .+\.", re.DOTALL)


@given(
    st.sampled_from(
        (OLD, OLD_RECURRENT, OLD.replace('"LeakyReLU"', '["Sin","SQ-RBF"]'), with_extras(kinds=["Dense", "Dense"]))
    ),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), st.sampled_from(PIECES)), min_size=1, max_size=4),
)
@settings(max_examples=600)
def test_edited_strings_load_whole_or_are_refused(text: str, edits: list[tuple[int, int, str]]) -> None:
    for start, cut, piece in edits:
        text = text[:start] + piece + text[start + cut :]
    try:
        network = Network.load(text)
    except ArgumentError as error:
        sentence = str(error)
    else:
        assert Network.load(network.save()).save() == network.save()
        assert network.forward([0.0] * network.inputs).shape == (network.outputs,)
        return
    assert FAULT.fullmatch(sentence)


@given(st.text(max_size=60) | st.text(alphabet='[]{},:"-.e012nulltrefas', max_size=60))
@settings(max_examples=300)
def test_random_text_is_refused(text: str) -> None:
    assert FAULT.fullmatch(refused(lambda: Network.load(text)))


def broken(change: Callable[[Network], None]) -> Network:
    network = Network.load(OLD_RECURRENT)
    change(network)
    return network


def set_weight(network: Network) -> None:
    network.layers[0].weights[0, 0] = math.nan


def set_own_weight(network: Network) -> None:
    network.layers[1].weights[0, network.layers[1].inputs] = -math.inf


def set_bias(network: Network) -> None:
    network.layers[1].biases[0] = math.inf


def set_state(network: Network) -> None:
    assert network.layers[0].state is not None
    network.layers[0].state[0] = math.nan


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (set_weight, "Network[2][1][1][1] must be in an array of 2 numbers, got nan as number 1."),
        (set_own_weight, "Network[2][2][1][1] must be in an array of 2 numbers, got -infinity as number 2."),
        (set_bias, "Network[2][2][2] must be in an array of 1 number, got infinity as number 1."),
        (set_state, "Network[2][1][3] must be in an array of 1 number, got nan as number 1."),
    ],
)
def test_a_network_that_diverged_is_not_saved_and_the_place_is_named(
    change: Callable[[Network], None], sentence: str
) -> None:
    network = broken(change)
    assert refused(network.save) == "Wrong Arg#1: " + sentence
    assert refused(network.hard_code) == "Wrong Arg#1: " + sentence
