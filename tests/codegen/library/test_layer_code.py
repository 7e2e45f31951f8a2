"""Kinds of layers in Luau: how many weights a row has, and which programs there are loops for."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from codegen.library import narrow
from codegen.library.layer_code import columns, past
from codegen.translate.python_subset import FormulaError
from engine.layers.operations import Array, Parts, own_column, row_sums
from engine.layers.program import ProgramError
from engine.layers.records import LayerKind
from engine.layers.recurrent import RECURRENT
from engine.layers.registry import IMPLIED_RECURRENT


def remainder(inputs: float, nodes: float) -> float:
    """More than a formula may have."""
    return inputs % nodes


def unknown(inputs: float, nodes: float) -> float:
    """Of what is no argument."""
    return inputs + nodes * len(__name__)


def renamed(inputs: float, own: float) -> float:
    """By another name."""
    return inputs + own


def test_columns_are_a_formula_of_inputs_and_nodes() -> None:
    assert columns(RECURRENT) == "inputs + 1"


@pytest.mark.parametrize(
    ("function", "shown", "told"),
    [
        (remainder, "inputs % nodes", "operator Mod differs between runtimes; write arithmetic with + - * /"),
        (unknown, "len", "is no formula defined above"),
    ],
)
def test_columns_that_are_no_formula_are_refused_at_their_line(
    function: Callable[[float, float], float], shown: str, told: str
) -> None:
    with pytest.raises(FormulaError) as raised:
        columns(replace(RECURRENT, columns=function))
    message = str(raised.value)
    assert message.startswith(f"{__file__}:{function.__code__.co_firstlineno + 2}: `{shown}` {told}")
    assert "\n" not in message


def sentence(kind: LayerKind) -> str:
    """How a kind is refused, without the end that says what to write."""
    with pytest.raises(ProgramError) as raised:
        _ = columns(kind), past(kind)
    text = str(raised.value)
    assert re.fullmatch(rf"{re.escape(__file__)}:\d+: [^\n]+; write [^\n]+\.", text), text
    return text.partition(": ")[2].partition("; write ")[0]


def test_columns_of_something_else_are_refused() -> None:
    found = sentence(replace(RECURRENT, columns=renamed))
    assert found == "the columns of Recurrent have the arguments (inputs, own)"


def without_biases(layer: Parts, inputs: Array) -> Array:
    """Sums and activation."""
    sums = row_sums(layer.weights, inputs)
    outputs = layer.activation(sums)
    return outputs


def without_activation(layer: Parts, inputs: Array) -> Array:
    """Sums and biases."""
    sums = row_sums(layer.weights, inputs)
    sums = sums + layer.biases
    return sums


def with_more(layer: Parts, inputs: Array) -> tuple[Array, Array]:
    """What it put out last stays to be seen."""
    sums = row_sums(layer.weights, inputs)
    sums = sums + layer.biases
    outputs = layer.activation(sums)
    outputs = outputs + layer.state
    return outputs, outputs


def that_keeps_sums(layer: Parts, inputs: Array) -> tuple[Array, Array]:
    """Remembers what it was before the activation."""
    sums = row_sums(layer.weights, inputs)
    sums = sums + layer.state * own_column(layer.weights, inputs)
    sums = sums + layer.biases
    outputs = layer.activation(sums)
    return outputs, sums


def biases_first(layer: Parts, inputs: Array) -> Array:
    """What is added first is not there yet."""
    sums = layer.biases + row_sums(layer.weights, inputs)
    outputs = layer.activation(sums)
    return outputs


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        (without_biases, "`outputs = activation(sums)`"),
        (without_activation, "no activation"),
        (with_more, "`outputs2 = add(outputs, state)`"),
        (that_keeps_sums, "`return outputs, sums3`"),
        (biases_first, "`sums2 = add(biases, sums)`"),
    ],
)
def test_another_form_of_program_is_refused_at_the_step_that_differs(
    program: Callable[..., object], shown: str
) -> None:
    found = sentence(replace(RECURRENT, forward=program))
    assert found == f"the program of Recurrent has {shown} where the library's loops have something else"


def as_recurrent(layer: Parts, inputs: Array) -> tuple[Array, Array]:
    """Nodes see their own last output."""
    sums = row_sums(layer.weights, inputs)
    sums = sums + layer.state * own_column(layer.weights, inputs)
    sums = sums + layer.biases
    outputs = layer.activation(sums)
    return outputs, outputs


def too_few(inputs: float, nodes: float) -> float:
    """No weight for a node's own last output."""
    return inputs


def test_a_layer_has_what_its_program_uses() -> None:
    own = replace(RECURRENT, forward=as_recurrent)
    assert past(own) == past(RECURRENT)
    assert sentence(replace(own, has_state=False)) == "Recurrent keeps a state, and has no place for it"
    found = sentence(replace(own, columns=too_few))
    assert found == "Recurrent has 3 weights in a row of 3 inputs and 2 nodes, and uses 4"


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("IMPLIED_KINDS", {"Dense", "Elman"}, "a narrow layer can only see each node's own past"),
        (
            "IMPLIED_RECURRENT_OUTPUT",
            IMPLIED_RECURRENT,
            "the output layer of a network that names no kinds can see no past",
        ),
    ],
)
def test_networks_that_name_no_kinds_have_those_that_are_written_out(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: object, told: str
) -> None:
    monkeypatch.setattr(narrow, name, kind)
    with pytest.raises(ValueError, match=f"^{told}$"):
        narrow.narrow_steps({}, 2)
