"""How weights start: by the known roots and the papers' variances, and number by number of a known stream."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine import Network, Random
from engine.formulas.registry import ALL_ACTIVATIONS, INITIALIZERS
from tests.engine.samples import bits

pytestmark = pytest.mark.filterwarnings("ignore:.* has an infinite range")

# Of (fan-in, fan-out): limits of uniform numbers and deviations of normal ones, where the roots are known. Names are
# public: scripts have them.
SIZES: dict[str, dict[tuple[float, float], float]] = {
    "HeUniform": {(6, 1): 1.0, (24, 7): 0.5, (1.5, 1): 2.0},
    "HeNormal": {(2, 1): 1.0, (8, 7): 0.5, (0.5, 1): 2.0},
    "XavierUniform": {(2, 4): 1.0, (4, 2): 1.0, (23, 1): 0.5},
    "XavierNormal": {(1, 1): 1.0, (7, 1): 0.5, (1, 7): 0.5},
    "LeCunUniform": {(3, 1): 1.0, (12, 7): 0.5, (0.75, 1): 2.0},
    "LeCunNormal": {(1, 9): 1.0, (4, 7): 0.5, (0.25, 1): 2.0},
}
# The variance of weights, by fan-in and fan-out, as the papers have it.
VARIANCES: dict[str, Callable[[int, int], float]] = {
    "He": lambda fan_in, _: 2 / fan_in,
    "Xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "LeCun": lambda fan_in, _: 1 / fan_in,
}
RECTIFIERS = {"ReLU", "LeakyReLU", "SoftPlus", "SoftReLU", "Swish", "ELU", "GELU", "Mish"}


def test_the_initializers_are_the_designed_ones() -> None:
    assert list(INITIALIZERS) == [*SIZES, "Zeros"]
    assert INITIALIZERS["Zeros"].size is None
    assert [name for name, each in INITIALIZERS.items() if each.is_normal] == [n for n in SIZES if n.endswith("Normal")]


@pytest.mark.parametrize("name", SIZES)
def test_sizes_are_the_known_ones(name: str) -> None:
    size = INITIALIZERS[name].size
    assert size is not None
    for fans, expected in SIZES[name].items():
        assert size(*fans) == expected


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize(("kind", "fan_in"), [("Dense", 80), ("Recurrent", 81), ("Elman", 200)])
def test_weights_have_the_variance_of_the_papers_and_the_shape_of_their_numbers(
    name: str, kind: str, fan_in: int
) -> None:
    described = {"nodes": 120, "kind": kind, "activator": "Tanh", "initializer": name}
    (layer,) = Network.build(inputs=80, layers=[described], seed=3).layers
    assert layer.weights.shape == (120, fan_in)
    weights = layer.weights.ravel()
    paper, is_normal = name.removesuffix("Normal").removesuffix("Uniform"), name.endswith("Normal")
    variance = VARIANCES[paper](fan_in, 120)
    # Kurtoses: 9/5 of uniform numbers; 3 - (6/5) / 12 of the sum of twelve. Four standard deviations of each mean.
    kurtosis = 2.9 if is_normal else 1.8
    assert abs(weights.mean()) < 4 * math.sqrt(variance / weights.size)
    assert abs((weights**2).mean() / variance - 1) < 4 * math.sqrt((kurtosis - 1) / weights.size)
    # A fourth power spreads by less than 10 around its mean: √(105 - 9) of normal numbers, less of those below √3.
    assert abs((weights**4).mean() / variance**2 - kurtosis) < 4 * 10 / math.sqrt(weights.size)
    largest = np.abs(weights).max() / math.sqrt(variance)
    assert (3 < largest < 6) if is_normal else (1.7 < largest < math.sqrt(3))


def test_the_first_weights_are_those_of_the_known_uniform_numbers() -> None:
    # What R prints, as in test_random.py.
    first = [0.16637421553159060, 0.38984565788132536, 0.75993984869389997, 0.62374259828088352]
    network = Network.build(inputs=2, layers=[{"nodes": 2, "activator": "ReLU"}], seed=123)
    expected = [(2 * number - 1) * math.sqrt(3) for number in first]
    np.testing.assert_allclose(network.layers[0].weights.ravel(), expected, rtol=0, atol=4e-16)
    stream = Random(123)
    drawn = [[stream.uniform() for _ in range(12)] for _ in range(4)]
    network = Network.build(inputs=2, layers=[{"nodes": 2, "initializer": "XavierNormal"}], seed=123)
    expected = [(math.fsum(twelve) - 6) * math.sqrt(0.5) for twelve in drawn]
    # Eleven additions of numbers up to 12, and two roundings.
    np.testing.assert_allclose(network.layers[0].weights.ravel(), expected, rtol=0, atol=1e-14)


def test_layers_draw_one_after_the_other_row_by_row_and_zeros_nothing() -> None:
    layers: list[dict[str, object]] = [
        {"nodes": 3, "initializer": "HeNormal"},
        {"nodes": 2, "initializer": "Zeros", "bias": -1},
        {"nodes": 2, "initializer": "LeCunUniform", "kind": "Elman", "activator": "Tanh", "bias": 0.25},
    ]
    stream, twin = Random(5), Random(5)
    network = Network.build(inputs=2, layers=layers, seed=stream)
    expected = [
        [[twin.normal() for _ in range(2)] for _ in range(3)],
        [[0.0] * 3] * 2,
        [[twin.symmetric(math.sqrt(3 / 4)) for _ in range(4)] for _ in range(2)],
    ]
    assert [bits(layer.weights) for layer in network.layers] == [bits(rows) for rows in expected]
    assert [layer.biases.tolist() for layer in network.layers] == [[0.0] * 3, [-1.0] * 2, [0.25] * 2]
    assert stream.state == twin.state


@pytest.mark.parametrize("name", ALL_ACTIVATIONS)
def test_by_itself_an_activation_has_the_initializer_that_its_paper_or_he_or_glorot_gives_it(name: str) -> None:
    wanted = "HeUniform" if name in RECTIFIERS else "LeCunNormal" if name == "SELU" else "XavierUniform"
    unsaid, said = (
        Network.build(inputs=2, layers=[{"nodes": 3, "activator": name, **more}], seed=1)
        for more in ({}, {"initializer": wanted})
    )
    assert unsaid.save() == said.save()


def test_a_deep_network_of_selu_keeps_its_variance() -> None:
    """What LeCun's initializer is there for (Klambauer et al. 2017)."""
    network = Network.build(inputs=100, layers=[{"nodes": 100, "activator": "SELU"}] * 12, seed=2)
    inputs = np.random.default_rng(0).standard_normal((200, 100))
    assert 0.6 < network.forward(inputs).var() < 1.5
