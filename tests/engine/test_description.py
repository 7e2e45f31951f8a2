"""Networks that are described: what goes without saying, what stays as it was, and of what it is warned."""

import json
import warnings

import pytest

from engine import ACTIVATIONS, ArgumentError, Network
from engine.description import default_loss
from engine.formulas.registry import ALL_ACTIVATIONS, LOSSES
from engine.layers.registry import LAYER_KINDS

# The activations that a loss was made for, and the loss of all others.
DEFAULT_LOSSES = {"Sigmoid": "BinaryCrossEntropy", "Softmax": "CategoricalCrossEntropy"}
USUAL_LOSS = "HalfSquaredError"


@pytest.mark.parametrize("name", ALL_ACTIVATIONS)
def test_the_default_loss_is_the_one_made_for_the_output_layer(name: str) -> None:
    wanted = DEFAULT_LOSSES.get(name, USUAL_LOSS)
    assert default_loss(name) == wanted
    assert Network.build(inputs=1, layers=[{"nodes": 2, "activator": name}], seed=1).loss == wanted


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_may_be_named(loss: str) -> None:
    layers = [{"nodes": 2, "activator": "Sigmoid"}]
    assert Network.build(inputs=1, layers=layers, loss=loss, seed=1).loss == loss


def test_a_loss_that_there_is_not_is_refused_where_it_stands() -> None:
    with pytest.raises(ArgumentError, match=r'^Wrong Arg#1: Description\.loss must be .*got "Huberr"'):
        Network.build(inputs=1, layers=[{"nodes": 1}], loss="Huberr")


def test_names_say_how_many_outputs_there_are_and_stay_with_the_network() -> None:
    named = Network.build(inputs=1, layers=[{"nodes": 4}, {}], outputs=["left", "right"], seed=1)
    assert (named.shape, named.extras.outputs) == ("1-4-2 LeakyReLU/Identity", ("left", "right"))
    classified = Network.build(inputs=1, layers=[{}], classes=["cat", "dog", "cow"], seed=1)
    assert (classified.shape, classified.loss) == ("1-3 Softmax", DEFAULT_LOSSES["Softmax"])


def test_it_is_warned_of_a_layer_that_remembers_and_has_an_infinite_range() -> None:
    for kind, each in LAYER_KINDS.items():
        for name, activation in ACTIVATIONS.items():
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                Network.build(inputs=1, layers=[{"nodes": 1, "kind": kind, "activator": name}], seed=1)
            assert [name in str(one.message) for one in caught] == [True] * (each.remembers and not activation.bounded)


def test_the_description_stays_as_it_was_and_the_network_too() -> None:
    layers: list[dict[str, object]] = [{"nodes": 4}, {}]
    names = ["a", "b"]
    before = json.dumps([layers, names])
    network = Network.build(inputs=names, layers=layers, outputs=names, seed=1)
    assert json.dumps([layers, names]) == before
    names.append("c")
    assert network.extras.inputs == network.extras.outputs == ("a", "b")
