"""Rows of a packed network as functions: as many as fit, written as short as can be, and with the library's bits."""

from itertools import islice

import numpy as np
import pytest

from codegen.export.coded_rows import coded_rows, short_names
from codegen.export.limits import CODED_CONSTANTS, INTERLEAVED_NODES, UNPACKED_INPUTS, Precision
from codegen.export.module import Layout, inference_module
from codegen.translate.luau_rules import RESERVED_WORDS
from engine import Network
from engine.interface.limits import SCRIPT_CHARACTERS
from tests.codegen.export.exported import samples_for
from tests.codegen.export.test_module import COMPARE
from tests.parity.machine import Machine

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")


def test_short_names_come_first_and_none_is_reserved() -> None:
    names = list(islice(short_names(), 3000))
    assert names[:3] == ["a", "b", "c"]
    assert len(set(names)) == len(names)
    assert [len(name) for name in names] == sorted(len(name) for name in names)
    assert not RESERVED_WORDS & set(names)
    assert {"do", "if", "in", "or", "and", "end"} <= RESERVED_WORDS


def test_rows_are_sums_of_products_with_a_plus_before_each() -> None:
    made = Network.create(5, 1, 2, 1, seed=1)
    made.layers[0].weights[:] = [[0.5, -0.25, 3, -1e-9, -0.0], [1, 2, 3, 4, -0.5]]
    first, _ = coded_rows(made)
    assert (first.layer, first.nodes, first.weights) == (1, range(1, 3), 10)
    assert first.text.split("\n") == [
        "function(c,d,e,f,g)",
        "local a=c*.5+d*-.25+e*3+f*-1e-09",
        "local b=c*1+d*2+e*3+f*4",
        "a=a+g*0",
        "b=b+g*-.5",
        "sums[1],sums[2]=a,b",
        "end",
    ]


@pytest.mark.parametrize("shape", [(64, 2, 64, 10), (3, 1, 30, 20), (65, 1, 64, 1), (2, 1, 200, 1)], ids=str)
def test_each_node_of_a_layer_that_is_not_too_wide_has_its_place(shape: tuple[int, int, int, int]) -> None:
    made = Network.create(*shape, seed=1)
    found = [(each.layer, node) for each in coded_rows(made) for node in each.nodes]
    assert found == [
        (number, node)
        for number, layer in enumerate(made.layers, start=1)
        if layer.weights.shape[1] <= UNPACKED_INPUTS
        for node in range(1, layer.nodes + 1)
    ]
    assert all(each.weights <= CODED_CONSTANTS and len(each.nodes) <= INTERLEAVED_NODES for each in coded_rows(made))


def awkward(recurrent: bool) -> Network:
    """A network of which a part has functions, with zeros of either sign."""
    made = Network.create(64, 2, 64, 10, ["LeakyReLU", "Identity", "ReLU"], recurrent, seed=1)
    for layer in made.layers:
        layer.weights[::3, ::5] = -0.0
        layer.weights[1] = -0.0
        layer.weights[2] = -np.abs(layer.weights[2])
        layer.biases[::2] = -0.0
    return made


@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_functions_and_packed_rows_together_give_the_bits_of_the_library(machine: Machine, recurrent: bool) -> None:
    made = awkward(recurrent)
    module = inference_module(made)
    assert module.layout is Layout.PACKED
    assert 0.5 * module.parameters < module.coded < 0.9 * module.parameters
    samples = [*samples_for(made), [0.0] * 64, [-0.0] * 64, [1.0] + [0.0] * 63]
    machine.run(COMPARE, machine.runtime.require(module.source, "Brain"), made.save(), samples)


def test_a_sum_of_nothing_but_minus_zeros_is_the_zero_of_the_library(machine: Machine) -> None:
    made = Network.create(60, 1, 2, 2, ["Identity", "Identity"], seed=1)
    for layer in made.layers:
        layer.weights[:] = 0.0
        layer.biases[:] = -0.0
    module = inference_module(made)
    assert module.coded == 124
    machine.run(COMPARE, machine.runtime.require(module.source, "Brain"), made.save(), [[-1.0] * 60, [1.0] * 60])


def test_as_many_rows_have_functions_as_the_script_has_room_for() -> None:
    module = inference_module(Network.create(64, 2, 64, 10, seed=1))
    a_function = max(len(each.text) for each in coded_rows(Network.create(64, 2, 64, 10, seed=1)))
    assert SCRIPT_CHARACTERS - a_function < len(module.source) < SCRIPT_CHARACTERS


def test_a_network_of_many_layers_is_not_given_more_functions_than_there_is_room_for() -> None:
    module = inference_module(Network.create(7, 150, 7, 1, seed=1))
    assert 0 < module.coded < module.multiply_adds
    assert SCRIPT_CHARACTERS - 20_000 < len(module.source) < SCRIPT_CHARACTERS


def test_without_room_and_in_single_precision_no_row_has_a_function() -> None:
    full, single = Network.create(100, 1, 146, 1, seed=1), Network.create(64, 2, 64, 10, seed=1)
    for module in (inference_module(full), inference_module(single, Precision.F32)):
        assert (module.layout, module.coded) == (Layout.PACKED, 0)
        assert "codedOf" not in module.source
