"""How deep strings may nest: the same in both languages, whoever reads them."""

from functools import partial

import pytest

from engine import Network, load_optimizer
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python

DEPTHS = [*range(98, 103), 120, 130, 1000]
LAYERS = "[[[[1,2]],[0]],[[[3]],[0]]]"


def nested(depth: int) -> dict[str, str]:
    """Texts of arrays, of dictionaries and of both that lie so deep in one another."""
    dictionaries = '{"a":' * (depth - 1)
    closed = "}" * (depth - 1)
    return {
        "arrays": "[" * depth + "]" * depth,
        "arrays with a number": "[" * depth + "1" + "]" * depth,
        "arrays behind a number": "[1," * depth + "1" + "]" * depth,
        "dictionaries": dictionaries + "{}" + closed,
        "dictionaries with a number": dictionaries + '{"a":1}' + closed,
        "dictionaries in an array": "[" + '{"a":' * (depth - 2) + "{}" + "}" * (depth - 2) + "]",
        "dictionaries with a number in an array": "[" + dictionaries + "1" + closed + "]",
        "both": '[{"a":' * (depth // 2) + "1" + "}]" * (depth // 2),
        "inputs": "[" + "[" * (depth - 1) + "]" * (depth - 1) + f',{LAYERS},false,"Tanh"]',
        "an extra": f'[2,{LAYERS},false,"Tanh",{{"kinds":' + "[" * (depth - 2) + "]" * (depth - 2) + "}]",
        "behind all": f'[2,{LAYERS},false,"Tanh",{{}},' + "[" * (depth - 1) + "5" + "]" * (depth - 1) + "]",
        "an optimizer's settings": '["SGD",' + "[" * (depth - 1) + "]" * (depth - 1) + "]",
        "unfinished arrays": "[" * depth,
        "unfinished dictionaries": "[" + dictionaries,
    }


_READ = """
local KNN, text = ...
return (select(2, pcall(KNN.loadNet, text))), (select(2, pcall(KNN.loadOptimizer, text)))
"""


def check_depth(machine: Machine, depth: int) -> None:
    for name, text in nested(depth).items():
        expected = [said_by_python(partial(read, text)) for read in (Network.load, load_optimizer)]
        assert machine.run(_READ, text) == expected, name


@pytest.mark.parametrize("depth", DEPTHS)
def test_how_deep_a_string_may_nest_is_the_same_everywhere(machine: Machine, depth: int) -> None:
    check_depth(machine, depth)


@pytest.mark.parametrize("depth", DEPTHS)
def test_how_deep_a_string_may_nest_is_the_same_with_the_reader_of_roblox(roblox_machine: Machine, depth: int) -> None:
    check_depth(roblox_machine, depth)


def test_a_hundred_levels_are_read_and_no_more(machine: Machine) -> None:
    assert [machine.refusal("loadNet", "[" * depth + "1" + "]" * depth) for depth in (100, 101)] == [
        "Wrong Arg#1: String[1] must be an integer from 1 to 1000000, got an array of 1.",
        (
            "Wrong Arg#1: String must be a network string made by saveNet, "
            f'got a string of 203 bytes that starts with "{"[" * 40}".'
        ),
    ]
