"""What goes in and comes out of networks by names and by classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from engine import Network, draw
from tests.engine.samples import bits, refused


def named(extras: Mapping[str, object], *, recurrent: bool = False) -> Network:
    """A network of 2 inputs and 3 outputs with these extras."""
    network = Network.create(2, 1, 4, 3, "Tanh", recurrent=recurrent, seed=3)
    return Network.from_table([*network.to_table(), extras])


IN, OUT, CLASSES = ["far", "fast"], ["left", "ahead", "right"], ["cat", "dog", "horse"]
BOTH = {"inputs": IN, "outputs": OUT}
ONE, OTHER = {"fast": 0.5, "far": -1.0}, {"far": 2.0, "fast": 0.25}
ARRAYS = [[-1.0, 0.5], [2.0, 0.25]]


def test_a_dictionary_gives_what_its_numbers_in_order_give_in_a_dictionary() -> None:
    network = named(BOTH)
    expected = network.forward(ARRAYS[0])
    assert isinstance(expected, np.ndarray)
    assert network.forward(ONE) == dict(zip(OUT, expected.tolist(), strict=True))
    outputs, activities = network.forward(ONE, give_cache=True)
    assert outputs == network.forward(ONE)
    assert bits(activities[-1]) == bits(expected)


@pytest.mark.parametrize("first", [ONE, ARRAYS[0]], ids=["dictionary", "array"])
def test_a_batch_comes_out_as_its_first_sample_went_in(first: Any) -> None:
    network = named(BOTH)
    expected = network.forward(ARRAYS)
    for run in (network.forward, network.forward_by_matrix_product):
        found = run([first, OTHER])
        rows = [[row[name] for name in OUT] for row in found] if isinstance(found, list) else found
        assert isinstance(found, list) == isinstance(first, dict)
        np.testing.assert_allclose(rows, expected, rtol=1e-12)


def test_without_names_of_outputs_an_array_comes_out() -> None:
    network = named({"inputs": IN})
    assert bits(np.asarray(network.forward(ONE))) == bits(network.forward(ARRAYS[0]))
    assert bits(np.asarray(network.forward([ONE, OTHER]))) == bits(network.forward(ARRAYS))


@pytest.mark.parametrize("targets", [[{"left": 1.0, "ahead": 0.0, "right": 0.5}, [0.0, 1.0, 0.0]]])
def test_training_with_dictionaries_is_training_with_their_numbers(targets: list[Any]) -> None:
    network, plain = named(BOTH), named(BOTH)
    samples: list[Any] = [ONE, ARRAYS[1]]
    losses = network.train(samples, targets, 0.1, 3)
    assert bits(losses) == bits(plain.train(ARRAYS, [[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]], 0.1, 3))
    network.backward(0.1, OTHER, targets[0])
    plain.backward(0.1, ARRAYS[1], [1.0, 0.0, 0.5])
    assert network.to_table() == plain.to_table()


def test_a_class_is_the_target_that_is_one_for_it_and_zero_for_the_others() -> None:
    network, plain = named({"inputs": IN, "classes": CLASSES}), named({})
    losses = network.train([ONE, OTHER], np.array(["dog", "cat"]), 0.1, 2)
    assert bits(losses) == bits(plain.train(ARRAYS, [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], 0.1, 2))
    targets: list[Any] = ["horse", [1.0, 0.0, 0.0]]
    network.train(ARRAYS, targets, 0.1)
    plain.train(ARRAYS, [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], 0.1)
    network.backward(0.1, ONE, "horse")
    plain.backward(0.1, ARRAYS[0], [0.0, 0.0, 1.0])
    assert network.to_table()[:4] == plain.to_table()[:4]


def test_the_likeliest_class_is_that_of_the_largest_output() -> None:
    network = named({"inputs": IN, "classes": CLASSES})
    outputs = np.asarray(network.forward(ARRAYS[0]))
    best = outputs.tolist().index(max(outputs))
    assert network.classify(ONE) == (CLASSES[best], max(outputs))
    assert named({}).classify(ARRAYS[0]) == (best, max(outputs))
    assert network.classify([ONE, OTHER]) == [network.classify(ONE), network.classify(OTHER)]


def test_of_equal_outputs_the_first_is_taken() -> None:
    network = named({"classes": CLASSES})
    network.layers[-1].weights[1:] = network.layers[-1].weights[1]
    network.layers[-1].weights[0] = -9.0
    outputs = np.asarray(network.forward(ARRAYS[0]))
    assert outputs[1] == outputs[2] > outputs[0]
    assert network.classify(ARRAYS[0]) == ("dog", outputs[1])


def test_a_recurrent_network_moves_on_as_it_classifies() -> None:
    network, other = named(BOTH, recurrent=True), named(BOTH, recurrent=True)
    network.classify(ONE)
    other.forward(ARRAYS[0])
    assert network.to_table() == other.to_table()


def test_one_output_classifies_nothing() -> None:
    said = refused(lambda: Network.create(1, 1, 1, 1, seed=1).classify([1.0]))
    assert said == "Wrong Arg#1: Network must have at least 2 outputs, one for each class, got 1."


def test_a_picture_is_drawn_of_a_dictionary() -> None:
    assert draw(named(BOTH), ONE) == draw(named(BOTH), ARRAYS[0])


NUMBERS_OR_NAMES = "must be in an array of 2 numbers or a dictionary with a number for each of far, fast, got "
NUMBERS_OR_CLASS = "must be in an array of 3 numbers or one of the classes cat, dog, horse, got "
REFUSED: dict[str, tuple[Any, str]] = {
    "a name is missing": ({"far": 1.0}, NUMBERS_OR_NAMES + "one without fast"),
    "nothing for a name": ({"far": None, "fast": 1.0}, NUMBERS_OR_NAMES + "one without far"),
    "a misspelt name": ({"far": 1.0, "fats": 1.0}, NUMBERS_OR_NAMES + 'one with "fats" (did you mean fast?)'),
    "a name too many": ({"far": 1.0, "fast": 1.0, "b": 1.0, "a": 1.0}, NUMBERS_OR_NAMES + 'one with "a"'),
    "no number": ({"far": True, "fast": 1.0}, 'Inputs["far"] must be a finite number, got true'),
    "nan": ({"far": 1.0, "fast": float("nan")}, 'Inputs["fast"] must be a finite number, got nan'),
    "an empty dictionary": ({}, NUMBERS_OR_NAMES + "an empty table"),
    "too few numbers": ([1.0], NUMBERS_OR_NAMES + "an array of 1"),
    "a word": ("far", NUMBERS_OR_NAMES + '"far"'),
}


@pytest.mark.parametrize(("sample", "said"), REFUSED.values(), ids=REFUSED)
def test_what_will_not_do_is_named(sample: Any, said: str) -> None:
    network = named({"inputs": IN, "classes": CLASSES})
    whole = said if said.startswith("Inputs") else f"Inputs {said}"
    assert refused(lambda: network.forward(sample)) == f"Wrong Arg#2: {whole}."
    assert refused(lambda: network.backward(0.1, sample, "cat")) == f"Wrong Arg#3: {whole}."
    of_sample = whole.replace("Inputs", "Samples[2]", 1)
    assert refused(lambda: network.train([ONE, sample], ["cat", "dog"], 0.1)) == f"Wrong Arg#2: {of_sample}."
    assert network.to_table() == named({"inputs": IN, "classes": CLASSES}).to_table()


def test_an_unknown_class_is_named() -> None:
    network = named({"classes": CLASSES})
    said = refused(lambda: network.backward(0.1, ARRAYS[0], "hrose"))
    assert said == f'Wrong Arg#4: Target {NUMBERS_OR_CLASS}"hrose" (did you mean horse?).'
    targets: list[Any] = ["dog", 1]
    said = refused(lambda: network.train(ARRAYS, targets, 0.1))
    assert said == f"Wrong Arg#3: Targets[2] {NUMBERS_OR_CLASS}the number 1."
    said = refused(lambda: network.train(ARRAYS, ["dog"], 0.1))
    assert said == "Wrong Arg#3: Targets must be an array of 2 targets, one for each sample, got an array of 1."


def test_without_names_dictionaries_and_classes_are_refused() -> None:
    said = refused(lambda: named({}).forward(ONE))
    assert said == "Wrong Arg#2: Inputs must be in an array of 2 numbers, got a dictionary."
    said = refused(lambda: named(BOTH).backward(0.1, ONE, "cat"))
    assert said.startswith(
        "Wrong Arg#4: Target must be in an array of 3 numbers or a dictionary with a number for each"
    )
