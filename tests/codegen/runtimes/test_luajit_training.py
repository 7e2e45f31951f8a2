"""LuaJIT trains like the reference, and leaves nothing half done."""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from codegen.runtimes import RUNTIMES, luajit_kernels, luajit_training
from codegen.translate.python_subset import FormulaError
from engine import ACTIVATIONS, Network, Random, propagation
from engine import layer as layer_module
from engine.elementwise import Array
from engine.formulas.records import Limits, Loss, Setting
from engine.formulas.registry import LOSSES
from engine.interface.limits import DEFAULT_LOSS
from engine.layers import operations
from engine.layers.operations import Parts, add_row_sums, row_sums
from engine.layers.records import LayerKind
from engine.layers.registry import LAYER_KINDS
from engine.training import trainers
from engine.training.luajit_limits import LUAJIT_LAYERS
from engine.training.session import Dataset, NumpySession, Trainer, shuffled_order
from engine.training.updates import Sgd
from tests.codegen.runtimes.new_formulas import listed
from tests.codegen.runtimes.reference import stepped
from tests.engine.samples import ODD_DATA, bits, network_of_kinds, refused
from tests.parity.cases import OUTPUT_CASES, Case
from tests.parity.tolerances import tolerance, transcendental_calls
from tests.skips import or_skip

pytestmark = pytest.mark.filterwarnings("ignore:.* has an infinite range")

RATE, EPOCHS, COUNT = 0.05, 2, 15
# Activations of arithmetic alone.
EXACT = ("Identity", "ReLU", "LeakyReLU", "ElliotSign")
LOSS = LOSSES[DEFAULT_LOSS]
SHAPES = ((1, 1, 1, 1), (2, 2, 3, 1), (7, 1, 9, 4), (5, 2, 19, 6))
CASES = [
    Case(*shape, activator=name, recurrent=recurrent)
    for name in ACTIVATIONS
    for shape in SHAPES
    for recurrent in (False, True)
]
CASES += OUTPUT_CASES
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


@pytest.mark.share(4)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_luajit_trains_like_numpy(case: Case) -> None:
    expected = trained(case, "numpy")
    assert np.abs(trained(case, "luajit") - expected).max() <= tolerance(lambda: trained(case, "numpy"))


@pytest.mark.parametrize("case", EXACT_CASES, ids=str)
def test_where_nothing_is_transcendental_every_bit_is_equal(case: Case) -> None:
    assert not any(map(transcendental_calls, case.activator))
    assert bits(trained(case, "luajit")) == bits(trained(case, "numpy"))


@pytest.mark.parametrize("kinds", list(product(LAYER_KINDS, repeat=2)), ids="/".join)
@pytest.mark.parametrize("nodes", [2, 9])
def test_layers_may_be_of_any_kinds(nodes: int, kinds: tuple[str, str]) -> None:
    case = Case(3, 2, nodes, 2, ("ReLU", "LeakyReLU", "ElliotSign"), recurrent=False, kinds=(*kinds, kinds[0]))
    assert bits(trained(case, "luajit")) == bits(trained(case, "numpy"))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Networks of arithmetic alone: of layers of any sizes and kinds, and of numbers that tell -0 from 0."""
    sizes = draw(st.lists(st.integers(1, 9) | st.sampled_from((16, 17, 22)), min_size=2, max_size=4))
    kinds = [draw(st.sampled_from(list(LAYER_KINDS))) for _ in sizes[1:]]
    activators = tuple(draw(st.sampled_from(EXACT)) for _ in kinds)
    network = network_of_kinds(kinds, activators, seed=draw(st.integers(0, 99)), sizes=sizes)
    among = draw(st.sampled_from(((), (-0.0,), (-0.0, 0.0, -1.0, 1.0), (-1e300, 1.0, 1e300))))
    if among:
        generator = np.random.default_rng(draw(st.integers(0, 99)))
        for array in (each for layer in network.layers for each in layer.numbers):
            array[...] = generator.choice(among, array.shape)
    return network


@settings(max_examples=60, deadline=None)
@given(networks(), st.sampled_from((0.0, 0.125, 3.0)), st.integers(0, 9))
def test_networks_of_any_layers_get_the_bits_of_numpy(network: Network, rate: float, seed: int) -> None:
    other = network.copy()
    inputs = np.random.default_rng(seed).choice([-0.0, 0.0, -1.5, 0.3, 2.0], (3, network.inputs))
    targets = np.random.default_rng(seed).choice([-0.0, 0.0, 1.0, 0.7], (3, network.layers[-1].nodes))
    data, order = Dataset(inputs, targets), np.arange(3)
    session: Any = trainers.luajit_trainer()(network.layers, data, Sgd(rate), LOSS)
    for _ in range(2):
        total, expected = session.run(order), stepped(other.layers, data, Sgd(rate), LOSS, order)
        assert session.stopped_at == expected.stopped_at
        assert bits_or_nan([total, *numbers(network)]) == bits_or_nan([expected.total, *numbers(other)])


def bits_or_nan(values: ArrayLike) -> bytes:
    """The very doubles; no two nans differ."""
    array = np.asarray(values, dtype=float)
    return bits(np.where(np.isnan(array), np.nan, array))


def summed(inputs: float, nodes: float) -> float:
    """How many weights are in a row of a layer whose nodes see the past of all."""
    return inputs + nodes


def all_see_all(layer: Parts, inputs: operations.Array) -> tuple[operations.Array, operations.Array]:
    """Nodes that see all inputs and all last outputs."""
    sums = row_sums(layer.weights, inputs)
    sums = add_row_sums(sums, layer.weights, layer.state, inputs)
    sums = sums + layer.biases
    outputs = layer.activation(sums)
    return outputs, outputs


@ODD_DATA
@pytest.mark.parametrize("nodes", [1, 3, 4, 5, 18, 21])
@pytest.mark.parametrize("inputs", [1, 7])
def test_a_kind_that_is_new_has_loops_as_soon_as_it_is_listed(
    inputs: int, nodes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {**LAYER_KINDS, "Made up": LayerKind("Made up", all_see_all, summed, has_state=True, description="")}
    for module in (luajit_kernels, propagation, layer_module):
        monkeypatch.setattr(module, "LAYER_KINDS", listed)
    sizes, exact = (inputs, nodes, nodes, 2), ("LeakyReLU", "ElliotSign", "LeakyReLU")
    first, second = (network_of_kinds(("Dense",) * 3, exact, seed=3, sizes=sizes) for _ in range(2))
    for network in (first, second):
        generator = np.random.default_rng(1)
        for layer in network.layers[:2]:
            layer.kind, layer.state = "Made up", generator.uniform(-1, 1, nodes)
            layer.weights = generator.uniform(-1, 1, (nodes, layer.inputs + nodes))
    samples = np.random.default_rng(2).uniform(-1, 1, (COUNT, inputs)), np.ones((COUNT, 2))
    state = first.layers[1].state
    assert bits(first.train(*samples, RATE, engine="luajit")) == bits(second.train(*samples, RATE, engine="numpy"))
    assert bits(numbers(first)) == bits(numbers(second))
    assert state is first.layers[1].state
    assert LAYER_KINDS.keys() == listed.keys() - {"Made up"}


@pytest.mark.parametrize("activator", ["Sigmoid", "Softmax"])
@pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
@pytest.mark.parametrize("outputs", [1, 3, 7])
def test_every_loss_is_trained_by(loss: Loss, outputs: int, activator: str) -> None:
    for chosen in ({}, {each.name: 0.25 for each in loss.settings}):
        assert_trained_by(loss.with_settings(chosen), outputs, trainers.luajit_trainer(), activator)


@pytest.mark.parametrize("name", [name for name, each in LOSSES.items() if each.settings])
def test_settings_reach_the_loops(name: str) -> None:
    first, second, third = (CASE.create(1) for _ in range(3))
    second.loss, third.loss = name, {"name": name, LOSSES[name].settings[0].name: 0.25}
    results = [numbers(each.copy()) for each in (first, second, third)]
    for each, before in zip((first, second, third), results, strict=True):
        each.train(*dataset(CASE), RATE, engine="luajit")
        assert bits(numbers(each)) != bits(before)
    assert len({bits(numbers(each)) for each in (first, second, third)}) == 3


@pytest.mark.parametrize("outputs", [1, 3, 7])
def test_a_loss_that_is_new_is_trained_by(outputs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_trained_by(new_loss(tmp_path, monkeypatch), outputs, luajit_training.luajit_trainer())


def assert_trained_by(loss: Loss, outputs: int, trainer: Trainer, activator: str = "Sigmoid") -> None:
    # Outputs between 0 and 1, for losses that are made for probabilities.
    case = Case(3, 1, 2, outputs, ("LeakyReLU", activator), recurrent=False)
    first, second = case.create(1), case.create(1)
    samples, order = Dataset(*dataset(case)), np.arange(COUNT)
    expected = NumpySession(second.layers, samples, Sgd(RATE), loss)
    session = trainer(first.layers, samples, Sgd(RATE), loss)
    for _ in range(2):
        assert session.run(order) == pytest.approx(expected.run(order), rel=1e-13)
        assert np.allclose(numbers(first), numbers(second), rtol=1e-13)


def test_two_modules_that_mean_different_things_by_one_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_loss(tmp_path, monkeypatch, constant="LEAKY_SLOPE")
    with pytest.raises(FormulaError) as caught:
        luajit_training.LuaJit()
    assert str(caught.value) == (
        "`LEAKY_SLOPE` stands in activations.py and in bent.py, which loops of LuaJIT have side by side; "
        "write another name in one of them."
    )


@pytest.mark.parametrize("name", ["width", "column", "before", "rows", "values", "upstream", "into", "biases"])
@pytest.mark.parametrize("outputs", [1, 7])
def test_a_setting_may_be_called_as_arguments_of_other_loops(
    name: str, outputs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = listed(
        "bent",
        f'''"""Losses."""


def bent(output: float, target: float, {name}: float) -> float:
    """A parabola."""
    return (output - target) * (output - target) * {name}


def bent_slope(output: float, target: float, {name}: float) -> float:
    """Its derivative by the output."""
    return 2.0 * (output - target) * {name}
''',
        tmp_path,
        monkeypatch,
    )
    loss = Loss("Bent", made.bent, made.bent_slope, settings=(Setting(name, 0.375, Limits(), "its height"),))
    monkeypatch.setattr(luajit_training, "LOSSES", {**LOSSES, loss.name: loss})
    assert_trained_by(loss, outputs, luajit_training.luajit_trainer())


def new_loss(folder: Path, monkeypatch: pytest.MonkeyPatch, constant: str = "WIDTH") -> Loss:
    """A loss with a constant and a choice, as if it stood among the others."""
    made = listed(
        "bent",
        f'''"""Losses."""
import math

{constant} = 0.25


def magnitude(output: float, target: float) -> float:
    """Their distance."""
    return math.fabs(output - target)


def bent(output: float, target: float) -> float:
    """A parabola that becomes two lines."""
    return (
        (output - target) * (output - target) / 2.0
        if magnitude(output, target) < {constant}
        else {constant} * (magnitude(output, target) - {constant} / 2.0)
    )


def bent_slope(output: float, target: float) -> float:
    """Its derivative by the output."""
    return (
        output - target
        if magnitude(output, target) < {constant}
        else ({constant} if output > target else -{constant})
    )
''',
        folder,
        monkeypatch,
    )
    loss = Loss("Bent", made.bent, made.bent_slope)
    monkeypatch.setattr(luajit_training, "LOSSES", {**LOSSES, loss.name: loss})
    return loss


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
    assert luajit.run_of(first.layers, LOSS) is luajit.run_of(CASE.create(2).layers, LOSS)
    assert luajit.run_of(first.layers, LOSS) is not luajit.run_of(other.layers, LOSS)
    assert luajit.run_of(first.layers, LOSS) is not luajit.run_of(first.layers, replace(LOSS, slope=LOSS.value))


CASE = replace(EXACT_CASES[7], inputs=4)


def pair(case: Case = CASE) -> tuple[Network, Network]:
    """Twice the same network."""
    return case.create(1), case.create(1)


@pytest.mark.parametrize("samples", [1, 2, 3, 50])
def test_luajit_shuffles_like_python(samples: int) -> None:
    by_luajit, by_numpy = pair(replace(CASE, recurrent=False))
    first, second = Random(4), Random(4)
    by_luajit.train(*dataset(CASE, samples), RATE, 3, shuffle=True, random=first, engine="luajit")
    by_numpy.train(*dataset(CASE, samples), RATE, 3, shuffle=True, random=second, engine="numpy")
    assert bits(numbers(by_luajit)) == bits(numbers(by_numpy))
    assert first.state == second.state


def test_an_order_drawn_in_luajit_is_the_one_of_python() -> None:
    network, (inputs, targets) = CASE.create(1), dataset(CASE, 1000)
    session = trainers.luajit_trainer()(network.layers, Dataset(inputs, targets), Sgd(RATE), LOSS)
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

    def run_of(self: Any, *shape: Any) -> Any:
        def run(*arguments: Any) -> Any:
            nonlocal runs
            runs += 1
            if runs == 2 * COUNT + 4:
                raise KeyboardInterrupt
            return compiled(self, *shape)(*arguments)

        return run

    monkeypatch.setattr(luajit_training.LuaJit, "run_of", run_of)
    with pytest.raises(KeyboardInterrupt):
        network.train(*dataset(CASE), RATE, 5, engine="luajit")
    assert bits(numbers(network)) == bits(numbers(expected))


def test_interrupted_while_it_gives_the_network_back_it_does_so_first() -> None:
    network, expected = pair()
    expected.train(*dataset(CASE), RATE, engine="luajit")
    samples = Dataset(*dataset(CASE))
    session = luajit_training.LuaJitSession(luajit_training.LuaJit(), network.layers, samples, Sgd(RATE), LOSS)
    give_back, calls = session._store, 0

    def interrupted(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            network.layers[0].weights[:] = 0.0
            raise KeyboardInterrupt
        give_back(*arguments)

    session._store = interrupted  # type: ignore[method-assign, assignment]  # as if a key had been pressed at that moment
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
