"""A colon in place of a dot, which gives a function the library itself, is named."""

import pytest

from codegen.runtimes import LuaError
from engine.interface.functions import FUNCTIONS
from tests.parity.machine import Machine
from tests.parity.messages import ARGUMENTS, said_by_lua

LABELS = {name: function.parameters[0].label for name, function in FUNCTIONS.items()}
COLON = "(write a dot before the name of its function, not a colon)"


def test_every_function_can_be_called_with_a_colon() -> None:
    assert ARGUMENTS.keys() == FUNCTIONS.keys()


def colon_of(machine: Machine, function: str, arguments: str) -> LuaError:
    script = f"""local KNN = ...
    local network, other = KNN.createNet(2, 1, 2, 1), KNN.createNet(2, 1, 2, 1)
    local optimizer = KNN.createOptimizer("SGD")
    local folder = Instance and Instance.new("Folder")
    local visual = folder and KNN.getVisual(network)
    KNN:{function}({arguments})
    """
    with pytest.raises(LuaError) as caught:
        machine.run(script)
    return caught.value


@pytest.mark.parametrize(("function", "arguments"), ARGUMENTS.items())
def test_a_colon_in_place_of_a_dot_is_named(machine: Machine, function: str, arguments: str) -> None:
    for given_arguments in (arguments, "", "nil, nil, nil"):
        error = colon_of(machine, function, given_arguments)
        assert error.message == (
            f"Wrong Arg#1: {LABELS[function]} must be the first argument, got the library itself {COLON}."
        )
        assert error.position == "script:6"


def test_a_colon_is_named_in_roblox_too(roblox_machine: Machine) -> None:
    for function, arguments in ARGUMENTS.items():
        assert colon_of(roblox_machine, function, arguments).message == (
            f"Wrong Arg#1: {LABELS[function]} must be the first argument, got the library itself {COLON}."
        )


def test_a_colon_is_named_where_it_was_written_only(machine: Machine) -> None:
    """Not for the library as another argument, nor for a table with some of its functions."""
    messages = said_by_lua(
        machine,
        b"",
        [
            "KNN.createNet, 1, KNN",
            "KNN.createNet, { createNet = KNN.createNet }",
            "KNN.createNet, setmetatable({}, { __index = KNN })",
        ],
    )
    assert messages == [
        "Wrong Arg#2: Hidden layers must be an integer from 1 to 10000, got a dictionary.",
        "Wrong Arg#1: Inputs must be an integer from 1 to 1000000, got a dictionary.",
        "Wrong Arg#1: Inputs must be an integer from 1 to 1000000, got an empty table.",
    ]
