"""Networks of arrays that other libraries trained give what these give, and arrays that do not fit are refused."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from engine import ACTIVATIONS, Network
from engine.formulas.registry import LOSSES, OUTPUT_ACTIVATIONS
from engine.interface.limits import MAXIMUM_HIDDEN_LAYERS, MAXIMUM_NODES, MINIMUM_LAYERS
from engine.interface.rules import Activator
from tests.engine.samples import bits, refused

# What scikit-learn's activations are called.
NAMES = {"identity": "Identity", "logistic": "Sigmoid", "tanh": "Tanh", "relu": "ReLU", "softmax": "Softmax"}
CLOSE = 1e-12

RNG = np.random.default_rng(1)
SAMPLES = RNG.uniform(-2, 2, (80, 3))
VALUES = np.stack([SAMPLES[:, 0] * SAMPLES[:, 1], np.sin(SAMPLES[:, 2])], axis=1)
# Two layers that fit: 3 inputs, 2 nodes, 1 node.
WEIGHTS = [np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[0.5, -0.5]])]
BIASES = [np.array([0.25, -0.25]), np.array([1.0])]
PAIR = ["Tanh", "Identity"]


def imported(model: MLPClassifier | MLPRegressor) -> Network:
    names = [NAMES[model.activation], NAMES[model.out_activation_]]
    return Network.from_arrays([weights.T for weights in model.coefs_], model.intercepts_, names)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize("hidden", [(5,), (7, 4), (4, 3, 5)], ids=str)
def test_a_regressor_predicts_the_same(activation: str, hidden: tuple[int, ...]) -> None:
    model = MLPRegressor(hidden_layer_sizes=hidden, activation=activation, max_iter=50, random_state=1).fit(
        SAMPLES, VALUES
    )
    network = imported(model)
    np.testing.assert_allclose(network.forward(SAMPLES), model.predict(SAMPLES), rtol=0, atol=CLOSE)
    loaded = Network.load(network.save())
    np.testing.assert_allclose(loaded.forward(SAMPLES), model.predict(SAMPLES), rtol=0, atol=CLOSE)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("activation", ["logistic", "tanh", "relu"])
def test_a_classifier_of_two_classes_gives_the_same_probabilities(activation: str) -> None:
    model = MLPClassifier(hidden_layer_sizes=(6, 4), activation=activation, max_iter=50, random_state=1)
    model.fit(SAMPLES, VALUES[:, 0] > 0)
    network = imported(model)
    assert network.activator[-1] == "Sigmoid"
    np.testing.assert_allclose(network.forward(SAMPLES)[:, 0], model.predict_proba(SAMPLES)[:, 1], rtol=0, atol=CLOSE)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("activation", ["logistic", "tanh", "relu"])
def test_so_does_a_classifier_of_several(activation: str) -> None:
    model = MLPClassifier(hidden_layer_sizes=(6,), activation=activation, max_iter=50, random_state=1)
    model.fit(SAMPLES, np.digitize(VALUES[:, 0], [-1, 0, 1]))
    network = imported(model)
    assert network.activator[-1] == "Softmax"
    np.testing.assert_allclose(network.forward(SAMPLES), model.predict_proba(SAMPLES), rtol=0, atol=CLOSE)


def test_outputs_are_those_worked_out_by_hand() -> None:
    network = Network.from_arrays(WEIGHTS, BIASES, ["ReLU", "Identity"])
    # Node 1: 1·1 + 2·0 - 3·1 + 0.25 = -1.75, so 0; node 2: 4·1 + 5·0 - 6·1 - 0.25 < 0, so 0; then 1.
    assert network.forward([1.0, 0.0, -1.0]).tolist() == [1.0]
    # Node 1: 1 + 2 + 3 + 0.25; node 2: 4 + 5 + 6 - 0.25; then 0.5 (6.25 - 14.75) + 1.
    assert network.forward([1.0, 1.0, 1.0]).tolist() == [0.5 * (6.25 - 14.75) + 1]


@pytest.mark.parametrize(
    "kind", [np.float64, np.float32, np.float16, np.int64, np.uint8, list, tuple, np.asfortranarray]
)
def test_arrays_of_any_numbers_are_copied_as_doubles(kind: Any) -> None:
    whole = [[[1, 2], [3, 4]], [[5, 6]]]
    rows = [[7, 8], [9]]
    change = kind if callable(kind) and not isinstance(kind, type) else None
    if isinstance(kind, type) and issubclass(kind, np.generic):
        weights: list[Any] = [np.array(each, dtype=kind) for each in whole]
        biases: list[Any] = [np.array(each, dtype=kind) for each in rows]
    else:
        weights = [(change or kind)(each) for each in whole]
        biases = [(change or kind)(each) for each in rows]
    network = Network.from_arrays(weights, biases, PAIR)
    for layer, matrix, row in zip(network.layers, whole, rows, strict=True):
        assert bits(layer.weights) == bits(matrix)
        assert bits(layer.biases) == bits(row)
        assert layer.weights.flags.c_contiguous
    before = network.save()
    for each in (*weights, *biases):
        if isinstance(each, np.ndarray):
            each[...] = 0
    assert network.save() == before
    network.backward(0.1, [1.0, 2.0], [1.0])


def test_one_name_for_all_hidden_layers_is_one_for_each() -> None:
    arrays = [np.eye(2)] * 4, [np.zeros(2)] * 4
    network = Network.from_arrays(*arrays, ["Tanh", "Softmax"])
    assert network.activator == ("Tanh", "Tanh", "Tanh", "Softmax")
    assert network.save() == Network.from_arrays(*arrays, ["Tanh", "Tanh", "Tanh", "Softmax"]).save()
    assert network.loss == "HalfSquaredError"


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_kept(loss: str) -> None:
    network = Network.from_arrays(WEIGHTS, BIASES, PAIR, loss=loss)
    assert network.loss == Network.load(network.save()).loss == loss


def test_as_few_layers_do_as_a_network_may_have() -> None:
    count = MINIMUM_LAYERS
    network = Network.from_arrays([np.eye(2)] * count, [np.zeros(2)] * count, ["Identity"] * count)
    assert network.forward([1.0, 2.0]).tolist() == [1.0, 2.0]


class Tensor:
    """An array of another library that does not let itself be read."""

    def __array__(self, dtype: object = None, copy: object = None) -> object:
        raise RuntimeError("Call detach first.\nThen try again.")


def with_first(array: object) -> list[object]:
    return [array, WEIGHTS[1]]


LAYERS = f"{MINIMUM_LAYERS} to {MAXIMUM_HIDDEN_LAYERS + 1}"
FIRST = f"Weights of layer 1 must have the shape (nodes, inputs), each from 1 to {MAXIMUM_NODES}, got "
SECOND = (
    "Weights of layer 2 must have the shape (nodes, 2), since layer 1 has 2 nodes, "
    f"and 1 to {MAXIMUM_NODES} nodes (an array that has inputs first needs .T), got "
)
REAL = "Weights of layer 1 must be an array of real numbers, got "
FINITE = "Weights of layer 1 must be finite numbers, got "
ROWS = "since the weights have {} rows (zeros where a layer has none), got the shape "
ONE_ROW = ROWS.format(1).replace("rows", "row")
NAMED = "Activators must be a list of 2 names, one for each layer, or of two, the hidden layers' and the output layer's"


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ([], f"Weights must be a list of {LAYERS} arrays, one for each layer, got an empty table."),
        (None, f"Weights must be a list of {LAYERS} arrays, one for each layer, got nothing."),
        ({}, f"Weights must be a list of {LAYERS} arrays, one for each layer, got an empty table."),
        (with_first([1.0, 2.0, 3.0]), FIRST + "the shape (3,)."),
        (with_first([[]]), FIRST + "the shape (1, 0)."),
        (with_first([]), FIRST + "the shape (0,)."),
        (with_first(5), FIRST + "the shape ()."),
        (with_first(np.zeros((2, 3, 1))), FIRST + "the shape (2, 3, 1)."),
        ([WEIGHTS[0], WEIGHTS[1].T], SECOND + "the shape (2, 1)."),
        ([WEIGHTS[0], np.zeros((0, 2))], SECOND + "the shape (0, 2)."),
        ([WEIGHTS[0].T, WEIGHTS[1]], SECOND.replace("2)", "3)").replace("has 2", "has 3") + "the shape (1, 2)."),
        (with_first([[1.0, 2.0], [3.0]]), REAL + "rows of different lengths."),
        (with_first([["1", "2", "3"]]), REAL + "one of <U1."),
        (with_first(np.array([[True, False, True]])), REAL + "one of bool."),
        (with_first([[1j, 2.0, 3.0]]), REAL + "one of complex128."),
        (with_first([[None, 2.0, 3.0]]), REAL + "one of object."),
        (with_first(None), REAL + "nothing."),
        (with_first(np.full((2, 3), 5, "m8[s]")), REAL + "one of timedelta64[s]."),
        (with_first(Tensor()), REAL + "what numpy cannot read (Call detach first.)."),
        (with_first(np.ma.array(np.ones((2, 3)), mask=np.eye(2, 3, dtype=bool))), FINITE + "nan at [0, 0]."),
        (with_first([[1.0, 2.0, 3.0], [4.0, np.nan, np.inf]]), FINITE + "nan at [1, 1]."),
        (with_first([[1.0, 2.0, 3.0], [4.0, 5.0, -np.inf]]), FINITE + "-infinity at [1, 2]."),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights: Any, fault: str) -> None:
    assert refused(lambda: Network.from_arrays(weights, BIASES, PAIR)) == f"Wrong Arg#1: {fault}"


@pytest.mark.parametrize(
    ("biases", "fault"),
    [
        ([], "Biases must be a list of 2 arrays, one for each layer, got an empty table."),
        (BIASES[:1], "Biases must be a list of 2 arrays, one for each layer, got an array of 1."),
        ([BIASES[1]] * 2, f"Biases of layer 1 must have the shape (2,), {ROWS.format(2)}(1,)."),
        ([BIASES[0], [[1.0]]], f"Biases of layer 2 must have the shape (1,), {ONE_ROW}(1, 1)."),
        ([BIASES[0], 1.0], f"Biases of layer 2 must have the shape (1,), {ONE_ROW}()."),
        ([BIASES[0], [np.nan]], "Biases of layer 2 must be finite numbers, got nan at [0]."),
        ([BIASES[0], ["a"]], "Biases of layer 2 must be an array of real numbers, got one of <U1."),
    ],
)
def test_biases_that_do_not_fit_are_refused(biases: Any, fault: str) -> None:
    assert refused(lambda: Network.from_arrays(WEIGHTS, biases, PAIR)) == f"Wrong Arg#2: {fault}"


@pytest.mark.parametrize(
    ("activators", "fault"),
    [
        ("Tanh", f'{NAMED}, got "Tanh".'),
        ([], f"{NAMED}, got an empty table."),
        (["Tanh"] * 3, f"{NAMED}, got an array of 3."),
        (["Softmax", "Tanh"], f'Activators {Activator().text(layers=2)}, got "Softmax" as number 1.'),
        (["Tanh", "relu"], f'Activators {Activator().text(layers=2)}, got "relu" as number 2 (did you mean ReLU?).'),
        (["Tanh", None], f"Activators {Activator().text(layers=2)}, got nothing as number 2."),
    ],
)
def test_other_activators_are_refused(activators: Sequence[str], fault: str) -> None:
    assert refused(lambda: Network.from_arrays(WEIGHTS, BIASES, activators)) == f"Wrong Arg#3: {fault}"


def test_names_are_kept() -> None:
    names: dict[str, Any] = {"inputs": ["a", "b", "c"], "outputs": ["d"]}
    network = Network.from_arrays(WEIGHTS, BIASES, PAIR, **names)
    assert network.forward({"b": 2.0, "a": 1.0, "c": 3.0}) == {"d": network.forward([1.0, 2.0, 3.0])[0]}
    assert Network.load(network.save()).extras == network.extras
    several = Network.from_arrays([np.eye(2)], [np.zeros(2)], ["Softmax"], classes=["cat", "dog"])
    assert several.classify([1.0, 2.0]) == ("dog", several.forward([1.0, 2.0])[1])


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        ({"inputs": ["a"]}, "5: Inputs must be an array of 3 different names of 1 to"),
        ({"outputs": ["a", "b"]}, "6: Outputs must be an array of 1 different name of 1 to"),
        ({"classes": "a"}, "7: Classes must be an array of 1 different name of 1 to"),
        ({"outputs": ["a"], "classes": ["b"]}, "7: Classes must be left out beside outputs, got an array of 1."),
    ],
)
def test_other_names_are_refused(names: Any, fault: str) -> None:
    assert refused(lambda: Network.from_arrays(WEIGHTS, BIASES, PAIR, **names)).startswith(f"Wrong Arg#{fault}")


def test_another_loss_is_refused() -> None:
    message = refused(lambda: Network.from_arrays(WEIGHTS, BIASES, PAIR, loss="Square"))
    assert message == (
        f"Wrong Arg#4: Loss must be one of {', '.join(LOSSES)}, or a dictionary with one of these as its name and with "
        'settings of it, got "Square".'
    )


@pytest.mark.parametrize("output", [*ACTIVATIONS, *OUTPUT_ACTIVATIONS])
def test_every_activation_of_the_output_layer_will_do(output: str) -> None:
    network = Network.from_arrays(WEIGHTS, BIASES, ["Tanh", output])
    assert Network.load(network.save()).activator == network.activator == ("Tanh", output)
