"""How many weights a row has: a formula of inputs and nodes, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from codegen.library.layer_code import columns
from codegen.translate.python_subset import FormulaError
from engine.layers.elman import ELMAN
from engine.layers.program import ProgramError


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
    assert columns(ELMAN) == "inputs + nodes"


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
        columns(replace(ELMAN, columns=function))
    message = str(raised.value)
    assert message.startswith(f"{__file__}:{function.__code__.co_firstlineno + 2}: `{shown}` {told}")
    assert "\n" not in message


def test_columns_of_something_else_are_refused() -> None:
    with pytest.raises(ProgramError) as raised:
        columns(replace(ELMAN, columns=renamed))
    assert str(raised.value) == "The columns of Elman have the arguments (inputs, own); write (inputs, nodes)."
