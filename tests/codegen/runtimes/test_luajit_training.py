"""LuaJIT trains like the reference, and leaves nothing half done."""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from codegen.runtimes import RUNTIMES, luajit_training
from engine import ACTIVATIONS, Network, Random
from engine.elementwise import Array
from engine.training import trainers
from engine.training.luajit_limits import LUAJIT_LAYERS
from engine.training.session import Dataset, shuffled_order
from tests.engine.samples import bits, refused
from tests.parity.cases import Case
from tests.parity.tolerances import tolerance, transcendental_calls
from tests.skips import or_skip

pytestmark = pytest.mark.filterwarnings("ignore:.* has an infinite range")

RATE, EPOCHS, COUNT = 0.05, 2, 15
SHAPES = ((1, 1, 1, 1), (2, 2, 3, 1), (7, 1, 9, 4), (5, 2, 19, 6))
CASES = [
    Case(*shape, activator=name, recurrent=recurrent)
    for name in ACTIVATIONS
    for shape in SHAPES
    for recurrent in (False, True)
]
# Every number of rows that the blocks of rows leave over, loops and what is written out instead, layers that differ.
EXACT_CASES = [
    Case(3, 2, nodes, 2, activator=("ReLU", "LeakyReLU", "ElliotSign"), recurrent=recurrent)
    for nodes in (*range(1, 20), 37)
    for recurrent in (False, True)
]


@pytest.fixture(autouse=True)
def _luajit() -> None:
    or_skip(RUNTIMES["luajit21"])


def dataset(case: Case, count: int = COUNT) -> tuple[Array, Array]:
    inputs, targets = zip(*case.samples(count), strict=True)
    return np.array(inputs), np.array(targets)


def numbers(network: Network) -> Array:
    return np.concatenate([array.ravel() for layer in network.layers for array in layer.numbers])


def trained(case: Case, engine: Any) -> Array:
    """All numbers of the network, and the losses, after training."""
    network = case.create(case.seed)
    losses = network.train(*dataset(case), RATE, EPOCHS, engine=engine)
    return np.concatenate([numbers(network), losses])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_luajit_trains_like_numpy(case: Case) -> None:
    expected = trained(case, "numpy")
    assert np.abs(trained(case, "luajit") - expected).max() <= tolerance(lambda: trained(case, "numpy"))


@pytest.mark.parametrize("case", EXACT_CASES, ids=str)
def test_where_nothing_is_transcendental_every_bit_is_equal(case: Case) -> None:
    assert not any(map(transcendental_calls, case.activator))
    assert bits(trained(case, "luajit")) == bits(trained(case, "numpy"))


@pytest.mark.parametrize("nodes", [1, 4, 6])
@pytest.mark.parametrize("recurrent", [False, True])
def test_the_deepest_networks_are_trained(nodes: int, recurrent: bool) -> None:
    deepest = Case(2, LUAJIT_LAYERS - 1, nodes, 1, ("ElliotSign",) * LUAJIT_LAYERS, recurrent)
    assert bits(trained(deepest, "luajit")) == bits(trained(deepest, "numpy"))


def test_a_deeper_network_is_left_to_numpy() -> None:
    case = Case(2, LUAJIT_LAYERS, 2, 1, "Tanh", recurrent=False)
    sentence = refused(lambda: trained(case, "luajit"))
    rule = f"must be auto or numpy for a network of more than {LUAJIT_LAYERS} layers"
    assert sentence == f'Wrong Arg#5: Options.engine {rule}, got "luajit".'
    by_auto, by_numpy = (case.create(1) for _ in range(2))
    samples = dataset(case, 100)
    assert bits(by_auto.train(*samples, RATE)) == bits(by_numpy.train(*samples, RATE, engine="numpy"))


def test_networks_of_one_shape_share_their_code() -> None:
    luajit = luajit_training.LuaJit()
    first, other = CASE.create(1), replace(CASE, hidden_nodes=CASE.hidden_nodes + 1).create(1)
    assert luajit.run_of(first.layers) is luajit.run_of(CASE.create(2).layers)
    assert luajit.run_of(first.layers) is not luajit.run_of(other.layers)


CASE = replace(EXACT_CASES[7], inputs=4)


def pair() -> tuple[Network, Network]:
    """Twice the same network."""
    return CASE.create(1), CASE.create(1)


@pytest.mark.parametrize("samples", [1, 2, 3, 50])
def test_luajit_shuffles_like_python(samples: int) -> None:
    by_luajit, by_numpy = pair()
    first, second = Random(4), Random(4)
    by_luajit.train(*dataset(CASE, samples), RATE, 3, shuffle=True, random=first, engine="luajit")
    by_numpy.train(*dataset(CASE, samples), RATE, 3, shuffle=True, random=second, engine="numpy")
    assert bits(numbers(by_luajit)) == bits(numbers(by_numpy))
    assert first.state == second.state


def test_an_order_drawn_in_luajit_is_the_one_of_python() -> None:
    network, (inputs, targets) = CASE.create(1), dataset(CASE, 1000)
    session = trainers.luajit_trainer()(network.layers, Dataset(inputs, targets), RATE)
    first, second = Random(9), Random(9)
    for _ in range(2):
        assert session.shuffled(first).tolist() == shuffled_order(1000, second).tolist()
    assert first.state == second.state


def test_stops_on_the_way_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stopping, expected = pair()
    expected_losses = expected.train(*dataset(CASE), RATE, EPOCHS, engine="luajit")
    monkeypatch.setattr(luajit_training, "LUAJIT_WEIGHTS_BETWEEN_STOPS", 4 * numbers(stopping).size)
    losses = stopping.train(*dataset(CASE), RATE, EPOCHS, engine="luajit")
    assert bits(numbers(stopping)) == bits(numbers(expected))
    assert bits(losses) == bits(expected_losses)


def test_arrays_of_any_layout_are_trained() -> None:
    odd, expected = pair()
    for layer in odd.layers:
        layer.weights = np.asfortranarray(layer.weights)
        layer.biases = np.repeat(layer.biases, 2)[::2]
    arrays = [array for layer in odd.layers for array in layer.numbers]
    inputs, targets = dataset(CASE)
    odd.train(np.asfortranarray(inputs), targets[::-1].copy()[::-1], RATE, EPOCHS, engine="luajit")
    expected.train(inputs, targets, RATE, EPOCHS, engine="luajit")
    assert bits(numbers(odd)) == bits(numbers(expected))
    assert [id(array) for layer in odd.layers for array in layer.numbers] == list(map(id, arrays))


def test_a_copy_stays_as_it_was() -> None:
    network, before = pair()
    copy = network.copy()
    network.train(*dataset(CASE), RATE, engine="luajit")
    assert bits(numbers(copy)) == bits(numbers(before)) != bits(numbers(network))


def test_networks_of_all_shapes_take_turns() -> None:
    # What LuaJIT compiled for one network must do no harm to the next one, nor what sessions share.
    cases = [*EXACT_CASES[::7], *EXACT_CASES[::-9]]
    datasets = [dataset(case, 200) for case in cases]
    by_luajit = [case.create(1) for case in cases]
    by_numpy = [case.create(1) for case in cases]
    for _ in range(2):
        for network, samples in zip(by_luajit, datasets, strict=True):
            network.train(*samples, RATE, engine="luajit")
    for network, samples in zip(by_numpy, datasets, strict=True):
        network.train(*samples, RATE, 2, engine="numpy")
    assert [bits(numbers(network)) for network in by_luajit] == [bits(numbers(network)) for network in by_numpy]


def test_an_interrupted_epoch_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    network, expected = pair()
    expected.train(*dataset(CASE), RATE, 2, engine="luajit")
    # A run for every sample, and an end in the third epoch.
    monkeypatch.setattr(luajit_training, "LUAJIT_WEIGHTS_BETWEEN_STOPS", 1)
    compiled, runs = luajit_training.LuaJit.run_of, 0

    def run_of(self: Any, layers: Any) -> Any:
        def run(*arguments: Any) -> Any:
            nonlocal runs
            runs += 1
            if runs == 2 * COUNT + 4:
                raise KeyboardInterrupt
            return compiled(self, layers)(*arguments)

        return run

    monkeypatch.setattr(luajit_training.LuaJit, "run_of", run_of)
    with pytest.raises(KeyboardInterrupt):
        network.train(*dataset(CASE), RATE, 5, engine="luajit")
    assert bits(numbers(network)) == bits(numbers(expected))


def test_interrupted_while_it_gives_the_network_back_it_does_so_first() -> None:
    network, expected = pair()
    expected.train(*dataset(CASE), RATE, engine="luajit")
    session = luajit_training.LuaJitSession(luajit_training.LuaJit(), network.layers, Dataset(*dataset(CASE)), RATE)
    give_back, calls = session._store, 0

    def interrupted() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            network.layers[0].weights[:] = 0.0
            raise KeyboardInterrupt
        give_back()

    session._store = interrupted  # type: ignore[method-assign]  # as if a key had been pressed at that moment
    with pytest.raises(KeyboardInterrupt):
        session.run(np.arange(COUNT))
    assert bits(numbers(network)) == bits(numbers(expected))


def test_a_callback_sees_and_changes_the_network() -> None:
    network, expected = pair()

    def halve(epoch: int, loss: float) -> bool:
        network.layers[0].weights = network.layers[0].weights / 2
        return epoch < 3

    losses = network.train(*dataset(CASE), RATE, 9, engine="luajit", on_epoch=halve)
    for index in range(3):
        (loss,) = expected.train(*dataset(CASE), RATE, engine="numpy")
        expected.layers[0].weights /= 2
        assert losses[index] == loss
    assert bits(numbers(network)) == bits(numbers(expected))


def test_auto_trains_single_samples_in_luajit(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = []
    trainer = trainers.luajit_trainer()

    def counted(*arguments: Any) -> Any:
        sessions.append(arguments)
        return trainer(*arguments)

    monkeypatch.setattr(trainers, "luajit_trainer", lambda: counted)
    CASE.create(1).train(*dataset(CASE, 1000), RATE, 2)
    assert len(sessions) == 1


@pytest.fixture
def _without_luajit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a system for which lupa brings no LuaJIT."""
    found = importlib.import_module

    def missing(name: str) -> Any:
        if name == "lupa.luajit21":
            raise ImportError("No module named 'lupa.luajit21'")
        return found(name)

    trainers.luajit_trainer.cache_clear()
    monkeypatch.setattr(importlib, "import_module", missing)
    yield
    monkeypatch.undo()
    trainers.luajit_trainer.cache_clear()


@pytest.mark.usefixtures("_without_luajit")
def test_without_luajit_asking_for_it_says_why_and_auto_takes_numpy() -> None:
    network, expected = pair()
    sentence = refused(lambda: network.train(*dataset(CASE), RATE, engine="luajit"))
    assert sentence == (
        "Wrong Arg#5: Options.engine must be auto or numpy where LuaJIT is missing (No module named 'lupa.luajit21'), "
        'got "luajit".'
    )
    network.train(*dataset(CASE), RATE, 60)
    expected.train(*dataset(CASE), RATE, 60, engine="numpy")
    assert bits(numbers(network)) == bits(numbers(expected))
