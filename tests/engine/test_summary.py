"""What a network consists of, in a table: counted by hand, and off the arrays themselves."""

import re
from math import inf

import pytest
from hypothesis import given, settings

from engine import Network
from engine.interface.limits import DATA_STORE_CHARACTERS, STRING_VALUE_CHARACTERS
from engine.layers.registry import LAYER_KINDS
from engine.summary import summary
from tests.engine.samples import networks_of_kinds, refused

# 17·16 = 272 parameters and 16·16 = 256 products, then 17·4 = 68 and 64; 8 bytes each.
DENSE = """\
Layer    Nodes  Activator  Parameters  Multiply-adds  Memory
------------------------------------------------------------
Inputs      16
1 Dense     16  LeakyReLU         272            256    2176
2 Dense      4  Sigmoid            68             64     544
------------------------------------------------------------
Total                             340            320    2720
Memory is in bytes: 8 for each weight, bias and remembered number, as doubles.
Saved it has {length} characters. A StringValue takes 200000 and a DataStore key 4194304: it fits both."""

# 3·(2 + 1 + 1) = 12 parameters, 3·(2 + 1) = 9 products and 12 + 3 numbers; in the output layer the weight on its own
# last output is there, but multiplied with nothing: 3 + 1 + 1 = 5 parameters, 3 products and 5 + 1 numbers.
RECURRENT = """\
Layer              Nodes  Activator  Parameters  Multiply-adds  Memory
----------------------------------------------------------------------
Inputs                 2
1 Recurrent            3  Tanh               12              9     120
2 RecurrentOutput      1  Sigmoid             5              3      48
----------------------------------------------------------------------
Total                                        17             12     168
Memory is in bytes: 8 for each weight, bias and remembered number, as doubles.
Saved it has {length} characters. A StringValue takes 200000 and a DataStore key 4194304: it fits both."""


def test_a_feed_forward_network_is_counted() -> None:
    network = Network.create(16, 1, 16, 4, seed=1)
    assert network.summary() == DENSE.format(length=len(network.save()))


def test_a_recurrent_network_is_counted() -> None:
    network = Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1)
    assert network.summary() == RECURRENT.format(length=len(network.save()))


@given(networks_of_kinds())
@settings(max_examples=100)
def test_the_numbers_are_those_of_the_arrays(network: Network) -> None:
    lines = network.summary().splitlines()
    rows = lines[3 : 3 + len(network.layers)]
    sums = [0, 0, 0]
    for number, (row, layer) in enumerate(zip(rows, network.layers, strict=True), start=1):
        position, kind, nodes, activator, *sizes = row.split()
        assert (position, kind, nodes, activator) == (str(number), layer.kind, str(layer.nodes), layer.activator)
        parameters, work, memory = map(int, sizes)
        assert parameters == layer.weights.size + layer.biases.size
        assert memory == sum(part.nbytes for part in layer.numbers)
        in_play = layer.weights if LAYER_KINDS[layer.kind].remembers else layer.input_weights
        assert work == in_play.size
        sums = [total + size for total, size in zip(sums, (parameters, work, memory), strict=True)]
    assert lines[4 + len(network.layers)].split() == ["Total", *map(str, sums)]
    # A name may have letters beyond ASCII, and Roblox counts bytes.
    assert f"Saved it has {len(network.save().encode())} characters." in lines[-1]
    assert len({len(line) for line in [lines[0], lines[1], lines[-4], lines[-3], *rows]}) == 1
    assert all(line.isascii() and line == line.rstrip() for line in lines)


@pytest.mark.parametrize(
    ("length", "which"),
    [
        (1, "both"),
        (STRING_VALUE_CHARACTERS, "both"),
        (STRING_VALUE_CHARACTERS + 1, "the key only"),
        (DATA_STORE_CHARACTERS, "the key only"),
        (DATA_STORE_CHARACTERS + 1, "neither"),
    ],
)
def test_where_a_string_fits_is_said(length: int, which: str) -> None:
    text = summary(Network.create(1, 1, 1, 1, seed=1).layers, length)
    assert text.endswith(f": it fits {which}.")
    assert re.findall(r"\d+", text.splitlines()[-1]) == [str(length), "200000", "4194304"]


def test_a_network_that_no_string_can_hold_is_refused() -> None:
    network = Network.create(1, 1, 1, 1, seed=1)
    network.layers[0].biases[0] = inf
    assert refused(network.summary) == (
        "Wrong Arg#1: Network[2][1][2] must be in an array of 1 numbers, got infinity as number 1."
    )
