"""Networks learn known datasets as well as those of scikit-learn, and the same in every runtime.

The protocol, one for all datasets: half of the samples, drawn by class, are for training and half for testing, ten
times by ten seeds, so that as many answers as possible are counted. One hidden layer of 100 nodes stands between, as
`MLPClassifier` has by itself. It trains until it finds that it has converged, and ours for as many epochs, in batches
of as many samples, by Adam with its defaults, in shuffled order; both scale what goes in to a mean of 0 and a
deviation of 1. All else is what each library does by itself: ours has LeakyReLU and weights that start by He, theirs
ReLU, weights that start by Glorot and a small penalty on them.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from engine import Network, Optimizer, Scaler
from engine.elementwise import Array
from tests.engine.training.accuracy import accuracy
from tests.parity.checks import parameters
from tests.parity.machine import Machine
from tests.parity.tolerances import tolerance

DATASETS: dict[str, Callable[..., Any]] = {"iris": load_iris, "wine": load_wine, "digits": load_digits}
# By how many seeds, and how many without --thorough.
SEEDS, FEW_SEEDS = range(10), range(3)
HIDDEN_NODES = 100
# More epochs than `MLPClassifier` needs on any of them: it would warn.
ENOUGH_EPOCHS = 1000
# How much worse ours may be in the mean: one point of a hundred.
ALLOWED = 0.01

# Steps that Luau takes too.
FEW_EPOCHS, FEW_NODES = 5, 8
BATCH_SIZES = [1, 16]


class Split(NamedTuple):
    """Samples and classes, to train and to test; ``classes`` are all there are."""

    samples: Array
    targets: list[str]
    unseen: Array
    answers: list[str]
    classes: list[str]


@cache
def _dataset(name: str) -> tuple[Array, list[str]]:
    samples, classes = DATASETS[name](return_X_y=True)
    return samples, [str(each) for each in classes]


def split(name: str, seed: int) -> Split:
    """A dataset in two halves, each with as many of every class."""
    samples, classes = _dataset(name)
    seen, unseen, targets, answers = train_test_split(
        samples, classes, test_size=0.5, stratify=classes, random_state=seed
    )
    return Split(seen, targets, unseen, answers, sorted(set(classes)))


def theirs(data: Split, seed: int) -> tuple[float, int, int]:
    """The accuracy of scikit-learn's, in how many epochs, by batches of how many samples."""
    model = MLPClassifier(hidden_layer_sizes=(HIDDEN_NODES,), max_iter=ENOUGH_EPOCHS, random_state=seed)
    pipeline = make_pipeline(StandardScaler(), model).fit(data.samples, data.targets)
    # What its batch_size "auto" is.
    return float(pipeline.score(data.unseen, data.answers)), int(model.n_iter_), min(200, len(data.samples))


def network_of(data: Split, nodes: int, seed: int) -> Network:
    """A network for a dataset, with a scaler, as it is before training."""
    layers: list[dict[str, object]] = [{"nodes": nodes}, {}]
    network = Network.build(inputs=data.samples.shape[1], layers=layers, classes=data.classes, seed=seed)
    network.set_scaler(Scaler.fit(data.samples, "Standard"))
    return network


def ours(data: Split, seed: int, epochs: int, batch_size: int) -> float:
    """The accuracy of ours."""
    network = network_of(data, HIDDEN_NODES, seed)
    network.train(
        data.samples, data.targets, Optimizer("Adam"), epochs, shuffle=True, batch_size=batch_size, random=seed
    )
    return accuracy(network, data.unseen, data.answers)


# The edges of every picture of a digit are empty.
@pytest.mark.filterwarnings("ignore:The numbers of .* have no spread")
@pytest.mark.parametrize("name", DATASETS)
def test_unseen_samples_are_told_as_well_as_by_scikit_learn(name: str, request: pytest.FixtureRequest) -> None:
    pairs = []
    # Threads of several workers get in each other's way.
    with threadpool_limits(1):
        for seed in SEEDS if request.config.getoption("thorough") else FEW_SEEDS:
            data = split(name, seed)
            their_accuracy, epochs, batch_size = theirs(data, seed)
            pairs.append((ours(data, seed, epochs, batch_size), their_accuracy))
    mean, their_mean = np.mean(pairs, axis=0)
    assert mean >= their_mean - ALLOWED, f"{mean:.4f}, scikit-learn's {their_mean:.4f}"


_TRAIN = """
local KNN, text, samples, targets, options = ...
local network = KNN.loadNet(text)
local losses = KNN.trainNet(network, samples, targets, KNN.createOptimizer("Adam"), options)
return KNN.saveNet(network), losses
"""


def trained(name: str, batch_size: int) -> tuple[Network, Array]:
    """A small network after a few epochs, in order, and their losses: by the reference, which adds in order."""
    data = split(name, 0)
    network = network_of(data, FEW_NODES, 0)
    losses = network.train(
        data.samples, data.targets, Optimizer("Adam"), FEW_EPOCHS, batch_size=batch_size, engine="numpy"
    )
    return network, losses


def numbers(network: Network, losses: Array) -> Array:
    return np.concatenate([parameters(network), losses])


@cache
def expected(name: str, batch_size: int) -> tuple[Array, float]:
    """Its numbers, and how far those of another mathematical library may be from them."""
    return numbers(*trained(name, batch_size)), tolerance(lambda: numbers(*trained(name, batch_size)))


@pytest.mark.parametrize("batch_size", BATCH_SIZES)
def test_luau_learns_the_same_numbers(machine: Machine, batch_size: int) -> None:
    data = split("iris", 0)
    options: dict[str, object] = {"epochs": FEW_EPOCHS}
    if batch_size > 1:
        options["batchSize"] = batch_size
    start = network_of(data, FEW_NODES, 0).save()
    text, losses = machine.run(_TRAIN, start, data.samples.tolist(), data.targets, options)
    right, allowed = expected("iris", batch_size)
    assert_allclose(numbers(Network.load(text), np.array(losses)), right, rtol=0, atol=allowed)
