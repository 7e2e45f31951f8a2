"""What a network consists of, in a table: counted by hand, and off the arrays themselves."""

import re
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Network, Optimizer, save_training
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS
from engine.formulas.size import training_length
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
Saved it has {length} characters. A StringValue takes 200000 and a DataStore key 4194304: it fits both.
In training (saveTraining) it has at most {rate} characters with a learning rate and {adam} with Adam; twice as many \
with patience."""

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
Saved it has {length} characters. A StringValue takes 200000 and a DataStore key 4194304: it fits both.
In training (saveTraining) it has at most {rate} characters with a learning rate and {adam} with Adam; twice as many \
with patience."""


def lengths(network: Network, numbers: int) -> dict[str, int]:
    """How long it is when saved, and at most when saved in training: 28 characters for each number, and 1000."""
    length = len(network.save())
    return {"length": length, "rate": length + 28 * numbers + 1000, "adam": length + 3 * 28 * numbers + 1000}


def test_a_feed_forward_network_is_counted() -> None:
    network = Network.create(16, 1, 16, 4, seed=1)
    assert network.summary() == DENSE.format(**lengths(network, 340))


def test_a_recurrent_network_is_counted() -> None:
    network = Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1)
    assert network.summary() == RECURRENT.format(**lengths(network, 12 + 3 + 5 + 1))


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
    assert f"Saved it has {len(network.save().encode())} characters." in lines[-2]
    assert len({len(line) for line in [lines[0], lines[1], lines[-5], lines[-4], *rows]}) == 1
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
    said = text.splitlines()[-2]
    assert said.endswith(f": it fits {which}.")
    assert re.findall(r"\d+", said) == [str(length), "200000", "4194304"]


def test_a_network_that_no_string_can_hold_is_refused() -> None:
    network = Network.create(1, 1, 1, 1, seed=1)
    network.layers[0].biases[0] = inf
    assert refused(network.summary) == (
        "Wrong Arg#1: Network[2][1][2] must be in an array of 1 number, got infinity as number 1."
    )


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("optimizer", [None, *ELEMENTWISE_OPTIMIZERS])
def test_a_training_is_never_longer_than_was_said(optimizer: str | None, recurrent: bool) -> None:
    """Also with the longest numbers there are."""
    stepper = 1e-9 if optimizer is None else Optimizer(optimizer, schedule="OnPlateau", weight_decay=1.23e-290)
    network = Network.create(3, 2, 4, 2, "Tanh", recurrent=recurrent, seed=1)
    for array in (array for layer in network.layers for array in layer.numbers):
        array[...] = -1.2345678901234567e-300
    numbers = sum(array.size for layer in network.layers for array in layer.numbers)
    memories = 0.0 if optimizer is None else float(len(ELEMENTWISE_OPTIMIZERS[optimizer].memories))
    longest = training_length(len(network.save()), numbers, memories)
    texts: list[str] = []

    def on_epoch(epoch: int, loss: float) -> None:
        texts.append(save_training(network, stepper))

    sample = np.full((1, 3), 0.1 / 3)
    network.train(sample, sample[:, :2], stepper, 2, patience=1, on_epoch=on_epoch)
    assert len(save_training(network, stepper)) <= longest
    assert max(map(len, texts)) <= 2 * longest
