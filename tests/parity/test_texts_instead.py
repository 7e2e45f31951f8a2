"""Texts where networks or numbers are wanted: an error says what makes such a thing of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from engine import Network, Optimizer, Random, load_optimizer, load_training, save_optimizer, save_training
from engine.describe import printable
from engine.formulas.registry import OPTIMIZERS
from engine.interface.functions import FUNCTIONS
from engine.interface.rules import (
    Description,
    Integer,
    NetworkLike,
    Number,
    NumberAbove,
    NumberBelow,
    NumberBetween,
    NumberFrom,
    Option,
    Options,
    Parameter,
)
from tests.parity.machine import Machine
from tests.parity.messages import ARGUMENTS, IS_TEXT, LOAD_IT, NETWORK, quoted, said_by_lua
from tests.parity.test_errors import said_by_python


def trained_text() -> str:
    """The string of a training."""
    network = Network.load(NETWORK.save())
    network.train([[0.5, 0.25]], [[1.0]], 0.1)
    return save_training(network, 0.1)


NETWORK_RULE = "must be a network table or a StringValue that holds a network string"
TAKE_NETWORKS = [
    name
    for name, function in FUNCTIONS.items()
    if any(isinstance(parameter.rule, NetworkLike) for parameter in function.parameters)
]


@pytest.mark.parametrize("function", TAKE_NETWORKS)
@pytest.mark.parametrize(("text", "hint"), [(NETWORK.save(), True), (" [1,2]", True), ("hello\n", False), ("", False)])
def test_the_string_of_a_network_is_no_network_yet(machine: Machine, function: str, text: str, hint: bool) -> None:
    data = text.encode()
    (message,) = said_by_lua(machine, data, [f"KNN.{function}, text"])
    assert message == f"Wrong Arg#1: Network {NETWORK_RULE}, got {quoted(data)}{f' {LOAD_IT}' if hint else ''}."
    assert message == said_by_python(lambda: Network.from_table(text))


def test_the_strings_of_a_generation_are_no_networks_yet(machine: Machine) -> None:
    calls = ["KNN.runGenNet, { network, text }, { 1, 2 }", "KNN.runGenNet, { text, text }, { 1, 2 }"]
    assert said_by_lua(machine, b"[1,2]", calls) == [
        f'Wrong Arg#1: Networks[2] {NETWORK_RULE}, got "[1,2]" {LOAD_IT}.',
        f'Wrong Arg#1: Networks[1] {NETWORK_RULE}, got "[1,2]" {LOAD_IT}.',
    ]


TEXTS = {
    "network": ("loadNet", NETWORK.save()),
    "optimizer": ("loadOptimizer", save_optimizer(Optimizer("Adam"))),
    "training": ("loadTraining", trained_text()),
}
AN = {"network": "a network", "optimizer": "an optimizer", "training": "a training"}
READERS: dict[str, Callable[[str], object]] = {
    "loadNet": Network.load,
    "loadOptimizer": load_optimizer,
    "loadTraining": load_training,
}


@pytest.mark.parametrize("wanted", TEXTS)
@pytest.mark.parametrize("came", TEXTS)
def test_the_string_of_something_else_names_what_reads_it(machine: Machine, wanted: str, came: str) -> None:
    reader, maker = TEXTS[wanted][0], TEXTS[wanted][0].replace("load", "save")
    other, text = TEXTS[came]
    (message,) = said_by_lua(machine, text.encode(), [f"KNN.{reader}, text"])
    assert message == said_by_python(lambda: READERS[reader](text))
    if wanted == came:
        assert message is None
    else:
        got = f"{AN[came]} string ({other} reads it)"
        assert message == f"Wrong Arg#1: String must be {AN[wanted]} string made by {maker}, got {got}."


@pytest.mark.parametrize(
    "text",
    [
        *("[[1,2],[3]]", '[[2,[],false,"Tanh"]]', "[[1,[]],1]", '["Adam",1]', '["Ada",[]]', '["2",[]]', "[true,[]]"),
        *("[null,[]]", "[[null,[]],1]", "[[1,[]],null]", "[2,{}]", '["SGD",{"a":1}]', "[[]]", '["type",[]]'),
    ],
)
def test_what_is_only_nearly_something_else_is_refused_in_the_same_words(machine: Machine, text: str) -> None:
    said = said_by_lua(machine, text.encode(), [f"KNN.{reader}, text" for reader in READERS])
    assert said == [said_by_python(partial(read, text)) for read in READERS.values()]


def test_what_was_saved_of_something_else_is_no_network_yet(machine: Machine) -> None:
    for came, hint in (("optimizer", "loadOptimizer makes an optimizer of it"), ("training", "loadTraining reads it")):
        text = TEXTS[came][1]
        (message,) = said_by_lua(machine, text.encode(), ["KNN.forwardNet, text, { 1, 2 }"])
        assert message == f"Wrong Arg#1: Network {NETWORK_RULE}, got {quoted(text.encode())} ({hint})."
        assert message == said_by_python(partial(Network.from_table, text))


def test_a_stringvalue_that_holds_something_else_says_so(roblox_machine: Machine) -> None:
    script = """
    local KNN, text = ...
    local value = Instance.new("StringValue")
    value.Value = text
    local _, message = pcall(KNN.forwardNet, value, { 1, 2 })
    return message
    """
    rule = "must be a network string made by saveNet"
    for came, (reader, text) in TEXTS.items():
        (message,) = roblox_machine.run(script, text)
        if came != "network":
            got = f"{AN[came]} string ({reader} reads it)"
            assert message == f"Wrong Arg#1: Network.Value {rule}, got {got}."


@pytest.mark.parametrize(
    ("name", "words"), [("IntValue", "an IntValue"), ("Part", "a Part"), ("UIStroke", "a UIStroke")]
)
def test_what_is_an_instance_has_its_article(real_roblox_machine: Machine, name: str, words: str) -> None:
    script = "local KNN, name = ... return select(2, pcall(KNN.forwardNet, Instance.new(name), { 1, 2 }))"
    assert real_roblox_machine.run(script, name) == [f"Wrong Arg#1: Network {NETWORK_RULE}, got {words}."]


NUMBER_RULES = (Integer, Number, NumberFrom, NumberAbove, NumberBetween, NumberBelow)
TWELVE: Any = "12"
NUMBER_TEXT = 'got "12" (text: tonumber makes a number of it)'


def number_places() -> list[tuple[str, int, str, Option | Parameter]]:
    """Where numbers are wanted: the function, the position, what errors call the place, and what is wanted there."""
    places: list[tuple[str, int, str, Option | Parameter]] = []
    for name, function in FUNCTIONS.items():
        for position, parameter in enumerate(function.parameters, start=1):
            if isinstance(parameter.rule, NUMBER_RULES):
                places.append((name, position, parameter.label, parameter))
            elif isinstance(parameter.rule, Options) and not isinstance(parameter.rule, Description):
                fields = [option for option in parameter.rule.fields if isinstance(option.rule, NUMBER_RULES)]
                places += [(name, position, f"{parameter.label}.{option.name}", option) for option in fields]
    return places


def test_there_is_a_place_for_every_rule_of_numbers() -> None:
    assert {type(each.rule) for *_, each in number_places()} >= set(NUMBER_RULES)


def test_a_number_in_quotes_is_no_number(roblox_machine: Machine) -> None:
    for function, position, place, wanted in number_places():
        arguments = ARGUMENTS[function].replace("KNN.", "library.")
        script = f"""
        local library, position, option, name = ...
        local KNN = library
        local network, other = library.createNet(2, 1, 2, 1), library.createNet(2, 1, 2, 1)
        local optimizer = library.createOptimizer("SGD")
        local folder, visual = Instance.new("Folder"), library.getVisual(network)
        local given = {{ {arguments} }}
        given[position] = option and {{ [option] = "12" }} or "12"
        if name then
            given[1] = name
        end
        local _, message = pcall(library.{function}, unpack(given, 1, position))
        return message
        """
        option = wanted.name if isinstance(wanted, Option) else None
        python = wanted.python if isinstance(wanted, Option) else None
        owner = next(
            (name for name, record in OPTIMIZERS.items() if python in {each.name for each in record.settings}), None
        )
        (message,) = roblox_machine.run(script, position, option, owner if function == "createOptimizer" else None)
        assert message == f"Wrong Arg#{position}: {place} {wanted.rule.text()}, {NUMBER_TEXT}."


def test_a_number_in_quotes_is_none_inside_either(machine: Machine) -> None:
    layers: Any = NETWORK.to_table()[1]
    calls: dict[str, tuple[str, Callable[[], object]]] = {
        "Wrong Arg#2: Inputs must be in an array of 2 numbers, got {} as number 2.": (
            "KNN.forwardNet, network, { 1, text }",
            lambda: NETWORK.forward([1.0, TWELVE]),
        ),
        "Wrong Arg#4: Target must be in an array of 1 number, got {} as number 1.": (
            "KNN.backwardNet, network, 0.1, { 1, 2 }, { text }",
            lambda: NETWORK.copy().backward(0.1, [1.0, 2.0], [TWELVE]),
        ),
        "Wrong Arg#2: Samples[2] must be in an array of 2 numbers, got {} as number 1.": (
            "KNN.trainNet, network, { { 1, 2 }, { text, 2 } }, { { 1 }, { 1 } }, 0.1",
            lambda: NETWORK.copy().train([[1.0, 2.0], [TWELVE, 2.0]], [[1.0], [1.0]], 0.1),
        ),
        "Wrong Arg#3: Targets[1] must be in an array of 1 number, got {} as number 1.": (
            "KNN.trainNet, network, { { 1, 2 } }, { { text } }, 0.1",
            lambda: NETWORK.copy().train([[1.0, 2.0]], [[TWELVE]], 0.1),
        ),
        "Wrong Arg#1: Network[1] must be an integer from 1 to 1000000, got {}.": (
            "KNN.saveNet, { text, network[2], false, 'Tanh' }",
            lambda: Network.from_table([TWELVE, layers, False, "Tanh"]),
        ),
        "Wrong Arg#1: Network[2][1][2] must be in an array of 2 numbers, got {} as number 2.": (
            "KNN.saveNet, { 2, { { network[2][1][1], { 0, text } }, network[2][2] }, false, 'Tanh' }",
            lambda: Network.from_table([2, [[layers[0][0], [0.0, TWELVE]], layers[1]], False, "Tanh"]),
        ),
        "Wrong Arg#1: String[2] must be in an array of 1 number, got {} as number 1.": (
            """KNN.loadOptimizer, '["SGD",["12"]]'""",
            lambda: load_optimizer('["SGD",["12"]]'),
        ),
        "Wrong Arg#1: String[1] must be an integer from 1 to 1000000, got {}.": (
            """KNN.loadNet, '["12",[]]'""",
            lambda: Network.load('["12",[]]'),
        ),
    }
    expected = [f"""{message.format('"12"').removesuffix(".")} {IS_TEXT}.""" for message in calls]
    assert said_by_lua(machine, b"12", [call for call, _ in calls.values()]) == expected
    assert [said_by_python(python) for _, python in calls.values()] == expected
    only_lua = ["KNN.createBatch, { { text } }", "KNN.forwardBatch, network, { { 1, 2 }, { 1, text } }"]
    scores = "KNN.runGenNet, { network, KNN.loadNet(KNN.saveNet(network)) }, { 1, text }"
    assert said_by_lua(machine, b"12", [*only_lua, scores]) == [
        f'Wrong Arg#1: Samples[1] must be in an array of 1 number, got "12" as number 1 {IS_TEXT}.',
        f'Wrong Arg#2: Samples[2] must be in an array of 2 numbers, got "12" as number 2 {IS_TEXT}.',
        f'Wrong Arg#2: Scores must be in an array of 2 numbers, got "12" as number 2 {IS_TEXT}.',
    ]


NUMBER_TEXTS = [
    *("1", "0", "007", "-1", "+1", "1.", ".5", "-.5", "0.25", "1e5", "1E-5", "1e+5", "1.e5", ".5e1", "1e400", "1e-400"),
    *(" 1", "1 ", " \t-1.5e3\n", "\v1\f", "1\r\n", "1" * 40),
]
NO_NUMBER_TEXTS = [
    *("", " ", ".", "-", "+", "e5", "1e", "1e+", "--1", "+-1", "- 1", "1 2", "1,5", "1.2.3", "1..2", "1e5.5", "1-1"),
    *("0x10", "0b1", "1_000", "nan", "inf", "-inf", "NaN", "Infinity", "1LL", "1i", "1f", "5%", "1/2", "1\0", "\0001"),
    *("１", "٣", "\u00a01", "1\u2028", "²", "one", "1" * 41, " " * 40 + "1"),
]


@pytest.mark.parametrize("text", [*NUMBER_TEXTS, *NO_NUMBER_TEXTS], ids=ascii)
def test_which_texts_are_numbers(machine: Machine, text: Any) -> None:
    data = text.encode()
    got = f'"{printable(data)}" (text: tonumber makes a number of it)' if text in NUMBER_TEXTS else quoted(data)
    (message,) = said_by_lua(machine, data, ["KNN.setSeed, text"])
    assert message == f"Wrong Arg#1: Seed must be an integer from 0 to 4294967295, got {got}."
    assert message == said_by_python(lambda: Random(text))
