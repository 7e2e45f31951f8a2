"""LuaJIT takes the steps of every optimizer, bit for bit, and leaves of it what numpy would have left."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.runtimes import RUNTIMES, luajit_training, luajit_updates
from codegen.translate.luau_formulas import read_formulas
from codegen.translate.python_subset import FormulaError
from engine import Network, Optimizer, load_optimizer, save_optimizer
from engine.elementwise import Array
from engine.formulas.records import Limits, Memory, learning_rate
from engine.formulas.records import Optimizer as Record
from engine.formulas.registry import COMMON_SETTINGS, ELEMENTWISE_OPTIMIZERS, LOSSES, RATE_SCHEDULES
from engine.interface.limits import DEFAULT_LOSS
from engine.layers.registry import LAYER_KINDS
from engine.training import trainers
from engine.training.asked import Engine
from engine.training.luajit_limits import LUAJIT_LAYERS
from engine.training.session import Dataset, NumpySession
from engine.training.updates import Sgd, Update
from tests.codegen.runtimes.new_formulas import listed
from tests.codegen.runtimes.reference import Outcome, stepped
from tests.engine.samples import bits, network_of_kinds, refused
from tests.parity.cases import Case
from tests.skips import or_skip

T = TypeVar("T")

RATE, EPOCHS, COUNT = 0.05, 3, 11
EXACT = ("LeakyReLU", "ElliotSign", "LeakyReLU")
LOSS = LOSSES[DEFAULT_LOSS]
# Written out whole, with loops, with blocks of rows that leave every number of rows over.
SIZES = ((2, 3, 3, 1), (1, 1, 1, 1), (4, 4, 8, 6), (5, 9, 17, 4), (3, 6, 11, 2))
KINDS = (("Dense",) * 3, *((first, second, first) for first, second in product(LAYER_KINDS, repeat=2)))
SCHEDULE: Mapping[str, object] = {"name": "Cosine", "steps": 7, "warm_up": 3}
# What is done to gradients, to parameters and to the rate, one by one and together.
OPTIONS: tuple[Mapping[str, Any], ...] = (
    *({each.name: 0.03} for each in COMMON_SETTINGS if each.name != "clip_norm"),
    *({"schedule": name} for name in RATE_SCHEDULES),
    {"schedule": SCHEDULE},
    {"l1": 0.01, "l2": 0.02, "clip_value": 0.05, "weight_decay": 0.1, "schedule": SCHEDULE},
    {"l1": 0.01, "weight_decay": 0.0, "schedule": {"name": "OnPlateau", "patience": 0}},
)
every_optimizer = pytest.mark.parametrize("name", ELEMENTWISE_OPTIMIZERS)


@pytest.fixture(autouse=True)
def _luajit() -> None:
    or_skip(RUNTIMES["luajit21"])


def made(kinds: tuple[str, ...] = KINDS[0], sizes: tuple[int, ...] = SIZES[0], seed: int = 3) -> Network:
    """A network of arithmetic alone, whose weights are so small that no training of these tests diverges."""
    network = network_of_kinds(kinds, EXACT, seed=seed, sizes=sizes)
    for layer in network.layers:
        layer.weights *= 0.5
    return network


def samples_for(network: Network, count: int = COUNT) -> tuple[Array, Array]:
    generator = np.random.default_rng(1)
    return generator.uniform(-1, 1, (count, network.inputs)), generator.uniform(0, 1, (count, network.outputs))


def all_of(network: Network, optimizer: Optimizer) -> tuple[bytes, str]:
    """Every number of both."""
    numbers = b"".join(bits(array) for layer in network.layers for array in layer.numbers)
    return numbers, save_optimizer(optimizer)


def trained(network: Network, optimizer: Optimizer, engine: Any, epochs: int = EPOCHS) -> tuple[bytes, str, bytes]:
    losses = network.train(*samples_for(network), optimizer, epochs, engine=engine)
    return *all_of(network, optimizer), bits(losses)


def some_of(cases: Sequence[T], turn: int, request: pytest.FixtureRequest) -> Sequence[T]:
    """One case, another at every turn; all of them with --thorough."""
    return cases if request.config.getoption("--thorough") else (cases[turn % len(cases)],)


def assert_same(network: Network, name: str, **options: Any) -> None:
    one, other = (trained(network.copy(), Optimizer(name, rate=RATE, **options), each) for each in ("luajit", "numpy"))
    assert one == other
    assert np.isfinite(np.frombuffer(one[2])).all()
    assert one[0] != b"".join(bits(array) for layer in network.layers for array in layer.numbers)


@pytest.mark.share(4)
@every_optimizer
@pytest.mark.parametrize("kinds", KINDS, ids="/".join)
def test_steps_have_the_bits_of_numpy_whatever_the_layers(
    name: str, kinds: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    for sizes in some_of(SIZES, list(ELEMENTWISE_OPTIMIZERS).index(name) + KINDS.index(kinds), request):
        assert_same(made(kinds, sizes), name)


@pytest.mark.share(4)
@every_optimizer
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_what_is_done_to_gradients_and_to_the_rate_is_done_here_too(
    name: str, options: Mapping[str, Any], request: pytest.FixtureRequest
) -> None:
    # Kinds with everything: weights of inputs, of the own past, of all nodes' and, at the end, some out of play.
    shapes = tuple(product((("Recurrent", "Elman", "RecurrentOutput"), KINDS[0]), SIZES[:4]))
    for kinds, sizes in some_of(shapes, list(ELEMENTWISE_OPTIMIZERS).index(name) + OPTIONS.index(options), request):
        assert_same(made(kinds, sizes), name, **options)


@every_optimizer
def test_its_own_settings_are_taken(name: str) -> None:
    for setting in ELEMENTWISE_OPTIMIZERS[name].settings[1:]:
        assert_same(made(), name, **{setting.name: 0.375})


@pytest.mark.share(5)
@every_optimizer
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("outputs", [1, 3, 7])
def test_every_loss_is_trained_by(name: str, loss: str, outputs: int) -> None:
    # Losses may have logarithms; their slopes are arithmetic where no activation is fused with them. Those of
    # probabilities are steep at the ends, from which outputs stay away.
    one, other = (made(("Elman", "Dense", "Recurrent"), (2, 4, 3, outputs)) for _ in range(2))
    first, second = (Optimizer(name, rate=1e-4) for _ in range(2))
    losses: list[Array] = []
    engines: tuple[tuple[Network, Optimizer, Engine], ...] = ((one, first, "luajit"), (other, second, "numpy"))
    for network, optimizer, engine in engines:
        network.loss = loss
        network.layers[-1].biases[:] = 0.5
        network.layers[-1].weights *= 0.1
        losses.append(network.train(*samples_for(network), optimizer, 2, engine=engine))
    assert all_of(one, first) == all_of(other, second)
    assert np.isfinite(losses).all()
    assert losses[0] == pytest.approx(losses[1], rel=1e-13)


@pytest.mark.parametrize("activator", ["Sigmoid", "Softmax"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("sizes", [(2, 4, 1), (2, 4, 3), (2, 9, 7)], ids=str)
def test_losses_that_are_fused_with_an_activation_are_stepped_along(
    loss: str, activator: str, sizes: tuple[int, ...]
) -> None:
    # One that makes no large steps of small differences.
    results: list[Array] = []
    engines: tuple[Engine, ...] = ("luajit", "numpy")
    for engine in engines:
        network = network_of_kinds(("Elman", "Dense"), ("LeakyReLU", activator), seed=5, sizes=sizes)
        network.loss = loss
        losses = network.train(*samples_for(network), Optimizer("Momentum"), 2, engine=engine)
        arrays = [array.ravel() for layer in network.layers for array in layer.numbers]
        results.append(np.concatenate([*arrays, losses]))
    assert np.allclose(results[0], results[1], rtol=1e-12, atol=1e-14)


@every_optimizer
@pytest.mark.parametrize("first", ["luajit", "numpy"])
def test_either_goes_on_with_what_the_other_left(name: str, first: str) -> None:
    second = "numpy" if first == "luajit" else "luajit"
    choices: tuple[Mapping[str, Any], ...] = ({}, {"l2": 0.01, "schedule": SCHEDULE})
    for options in choices:
        whole, parts = made(), made()
        optimizer, handed_on = (Optimizer(name, rate=RATE, **options) for _ in range(2))
        expected = trained(whole, optimizer, "numpy", 4)
        trained(parts, handed_on, first, 2)
        handed_on = load_optimizer(save_optimizer(handed_on))
        parts = Network.load(parts.save())
        assert trained(parts, handed_on, second, 2)[:2] == expected[:2]


# Where numbers that are kept are on their way, close to where they come to rest, or there; zero too, of either sign.
KEPT = (1.0, 0.3, 1e-310, 2.5e-321, 2.5e-323, 5e-324, 0.0, -0.0)


@pytest.mark.parametrize("name", [name for name, each in ELEMENTWISE_OPTIMIZERS.items() if each.kept])
@pytest.mark.parametrize("options", [{}, {"schedule": SCHEDULE}, {"schedule": "Exponential"}], ids=str)
def test_numbers_that_come_to_rest_change_nothing(
    name: str, options: Mapping[str, Any], request: pytest.FixtureRequest
) -> None:
    every = list(product(KEPT, repeat=len(ELEMENTWISE_OPTIMIZERS[name].kept)))
    # Where there are many, a step that shares no divisor with how many values there are meets all of each number's.
    for kept in every if request.config.getoption("--thorough") or len(every) <= len(KEPT) else every[::5]:
        network = made()
        dataset = Dataset(*samples_for(network, 12))
        assert_sessions_agree(network, dataset, name, options, list(range(12)), kept)


def test_numbers_come_to_rest_within_a_run() -> None:
    network = made(sizes=(1, 1, 1, 1))
    outcome = assert_sessions_agree(network, Dataset(*samples_for(network, 7500)), "Adam", {}, list(range(7500)))
    assert outcome.stopped_at is None


@every_optimizer
def test_the_arrays_of_an_optimizer_stay_the_same_ones(name: str) -> None:
    network, optimizer = made(), Optimizer(name)
    trained(network, optimizer, "numpy")
    before = [array for each in optimizer.carried.memories for layer in each for array in layer.values()]
    trained(network, optimizer, "luajit")
    after = [array for each in optimizer.carried.memories for layer in each for array in layer.values()]
    assert list(map(id, before)) == list(map(id, after))


def test_what_is_remembered_of_weights_out_of_play_is_carried_on_too() -> None:
    # AdamW first gathers all gradients, those that are zero too.
    one, other = (made(("Dense", "Dense", "RecurrentOutput")) for _ in range(2))
    first, second = (Optimizer("AdamW", rate=RATE) for _ in range(2))
    for network, optimizer, engine in ((one, first, "luajit"), (other, second, "numpy")):
        trained(network, optimizer, engine, 1)
        for memory in optimizer.carried.memories:
            memory[-1]["weights"][:, -1] = 0.25
        trained(network, optimizer, engine)
    assert all_of(one, first) == all_of(other, second)


@st.composite
def starts(draw: st.DrawFn) -> tuple[Network, str]:
    sizes = draw(st.lists(st.integers(1, 9) | st.sampled_from((16, 17)), min_size=2, max_size=4))
    kinds = [draw(st.sampled_from(list(LAYER_KINDS))) for _ in sizes[1:]]
    network = network_of_kinds(kinds, tuple(draw(st.sampled_from(EXACT)) for _ in kinds), seed=1, sizes=sizes)
    among = draw(st.sampled_from(((), (-0.0,), (-0.0, 0.0, -1.0, 1.0), (-1e200, 1.0, 1e200))))
    if among:
        generator = np.random.default_rng(draw(st.integers(0, 99)))
        for array in (each for layer in network.layers for each in layer.numbers):
            array[...] = generator.choice(among, array.shape)
    return network, draw(st.sampled_from(list(ELEMENTWISE_OPTIMIZERS)))


@settings(max_examples=30, deadline=None)
@given(starts(), st.sampled_from(({}, {"l1": 0.01, "clip_value": 0.5, "weight_decay": 0.25})), st.integers(0, 9))
def test_zeros_of_either_sign_and_huge_numbers_go_where_numpy_takes_them(
    start: tuple[Network, str], options: Mapping[str, float], seed: int
) -> None:
    network, name = start
    generator = np.random.default_rng(seed)
    inputs = generator.choice([-0.0, 0.0, -1.5, 0.3, 2.0], (4, network.inputs))
    targets = generator.choice([-0.0, 0.0, 1.0, 0.7], (4, network.outputs))
    assert_sessions_agree(network, Dataset(inputs, targets), name, options, [0, 1, 2, 3, 2])


@every_optimizer
@pytest.mark.parametrize("options", [{}, {"schedule": "Constant"}, {"clip_value": 1.0}], ids=str)
def test_no_gradient_of_either_sign_does_to_zeros_what_it_does_in_numpy(name: str, options: Mapping[str, Any]) -> None:
    # What is gathered first is a sum that begins at zero, which has no sign.
    for zero, shown, target in product((0.0, -0.0), (0.0, -0.0, 1.0), (0.0, 1.0, -1.0)):
        network = made()
        for array in (each for layer in network.layers for each in layer.numbers):
            array[...] = zero
        dataset = Dataset(np.full((2, network.inputs), shown), np.full((2, network.outputs), target))
        assert_sessions_agree(network, dataset, name, options, [0, 1])


def assert_sessions_agree(
    network: Network,
    dataset: Dataset,
    name: str,
    options: Mapping[str, Any],
    order: list[int],
    kept: tuple[float, ...] | None = None,
) -> Outcome:
    """Run a session of LuaJIT beside single steps, from what is kept at first; returns how it ended."""
    other = network.copy()
    first, second = (Optimizer(name, rate=RATE, **options) for _ in range(2))
    first.claim(network)
    second.claim(other)
    for optimizer in (first, second) if kept is not None else ():
        optimizer.carry_on(kept or (), optimizer.carried.schedule)
    session: Any = trainers.luajit_trainer()(network.layers, dataset, first, LOSS)
    total = session.run(np.array(order))
    expected = stepped(other.layers, dataset, second, LOSS, order)
    assert same([total], [expected.total])
    assert session.stopped_at == expected.stopped_at
    for layer, wanted in zip(network.layers, other.layers, strict=True):
        assert all(same(*each) for each in zip(layer.numbers, wanted.numbers, strict=True))
    for one, two in zip(first.carried.memories, second.carried.memories, strict=True):
        for layers in zip(one, two, strict=True):
            assert all(same(layers[0][part], layers[1][part]) for part in layers[0])
    assert same(first.carried.kept, second.carried.kept)
    places = [None if each is None else each.to_table() for each in (first.carried.schedule, second.carried.schedule)]
    assert places[0] == places[1]
    return expected


def same(one: Any, other: Any) -> bool:
    """The very doubles; no two nans differ."""
    arrays = [np.where(np.isnan(each), np.nan, each) for each in (np.asarray(one, float), np.asarray(other, float))]
    return bits(arrays[0]) == bits(arrays[1])


@every_optimizer
@pytest.mark.parametrize("at", [0, 1, 5, COUNT - 1])
@pytest.mark.parametrize("sizes", SIZES[:4:3])
def test_a_sample_whose_loss_is_not_finite_changes_nothing_and_is_the_last(
    name: str, at: int, sizes: tuple[int, ...]
) -> None:
    for kinds, options, bad in (
        (KINDS[0], {}, np.nan),
        (("Recurrent", "Elman", "RecurrentOutput"), {"schedule": SCHEDULE, "l1": 0.01}, np.inf),
    ):
        network = made(kinds, sizes)
        inputs, targets = samples_for(network)
        targets[at] = bad
        # In an order of their own: the place is one in that.
        order = np.random.default_rng(at).permutation(COUNT).tolist()
        outcome = assert_sessions_agree(network, Dataset(inputs, targets), name, options, order)
        assert outcome.stopped_at == order.index(at)
        assert not np.isfinite(outcome.total)


@pytest.mark.parametrize("update", ["SGD", "Adam"])
def test_a_session_says_where_it_stopped_in_its_last_run_alone(update: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A run for every other sample.
    network = made()
    count = sum(layer.weights.size for layer in network.layers) * (1 + len(ELEMENTWISE_OPTIMIZERS[update].memories))
    monkeypatch.setattr(luajit_training, "LUAJIT_WEIGHTS_BETWEEN_STOPS", 2 * count)
    inputs, targets = samples_for(network)
    targets[7] = np.nan
    session, _ = session_of(network, update, Dataset(inputs, targets))
    for order, expected in ((range(COUNT), 7), (range(7), None), ([3, 2, 7, 0], 2), ([0, 1], None)):
        session.run(np.array(order))
        assert session.stopped_at == expected


def session_of(network: Network, name: str, dataset: Dataset) -> tuple[Any, Update]:
    optimizer = Optimizer(name)
    update = optimizer.update_of(network, "trainNet")
    assert isinstance(update, Sgd if name == "SGD" else Optimizer)
    optimizer.claim(network)
    return trainers.luajit_trainer()(network.layers, dataset, update, LOSS), update


@every_optimizer
@pytest.mark.parametrize("options", [{}, {"weight_decay": 0.1, "schedule": SCHEDULE}], ids=["plain", "scheduled"])
def test_an_interrupted_epoch_is_undone_for_the_optimizer_too(
    name: str, options: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = made(), made()
    optimizer, expected = (Optimizer(name, rate=RATE, **options) for _ in range(2))
    trained(other, expected, "numpy", 2)
    # A run for every sample, and an end in the third epoch.
    monkeypatch.setattr(luajit_training, "LUAJIT_WEIGHTS_BETWEEN_STOPS", 1)
    compiled, runs = luajit_training.LuaJit.run_of, 0

    def run_of(self: Any, *shape: Any) -> Any:
        run = compiled(self, *shape)

        def interrupted(*arguments: Any) -> Any:
            nonlocal runs
            runs += 1
            if runs == 2 * COUNT + 4:
                raise KeyboardInterrupt
            return run(*arguments)

        return interrupted

    monkeypatch.setattr(luajit_training.LuaJit, "run_of", run_of)
    with pytest.raises(KeyboardInterrupt):
        trained(one, optimizer, "luajit", 5)
    assert all_of(one, optimizer) == all_of(other, expected)
    monkeypatch.undo()
    # And it goes on from there.
    assert trained(one, optimizer, "luajit", 2)[:2] == trained(other, expected, "numpy", 2)[:2]


def test_interrupted_while_it_gives_the_numbers_back_it_does_so_first() -> None:
    network, other, expected = made(), made(), Optimizer("Adam")
    dataset = Dataset(*samples_for(network))
    session, optimizer = session_of(network, "Adam", dataset)
    expected.claim(other)
    NumpySession(other.layers, dataset, expected, LOSS).run(np.arange(COUNT))
    give_back, calls = session._store, 0

    def interrupted(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise KeyboardInterrupt
        give_back(*arguments)

    session._store = interrupted
    with pytest.raises(KeyboardInterrupt):
        session.run(np.arange(COUNT))
    assert isinstance(optimizer, Optimizer)
    assert all_of(network, optimizer) == all_of(other, expected)


@every_optimizer
def test_stops_on_the_way_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for options in ({}, {"schedule": SCHEDULE}):
        expected = trained(made(), Optimizer(name, **options), "luajit")
        monkeypatch.setattr(luajit_training, "LUAJIT_WEIGHTS_BETWEEN_STOPS", 200)
        assert trained(made(), Optimizer(name, **options), "luajit") == expected
        monkeypatch.undo()


@pytest.mark.share(3)
@pytest.mark.parametrize("name", ["Nadam", "AdamW"])
@pytest.mark.parametrize("nodes", [1, 4, 6])
@pytest.mark.parametrize("recurrent", [False, True])
def test_the_deepest_networks_are_trained(name: str, nodes: int, recurrent: bool) -> None:
    case = Case(2, LUAJIT_LAYERS - 1, nodes, 1, ("ElliotSign",) * LUAJIT_LAYERS, recurrent)
    assert_same(case.create(1), name)


def test_the_length_of_all_gradients_together_is_left_to_numpy() -> None:
    network = made()
    sentence = refused(lambda: network.train(*samples_for(network), Optimizer("Adam", clip_norm=1.0), engine="luajit"))
    rule = "must be auto or numpy for an optimizer with clip_norm"
    assert sentence == f'Wrong Arg#5: Options.engine {rule}, got "luajit".'
    one, other, *optimizers = made(), made(), *(Optimizer("Adam", clip_norm=0.01) for _ in range(2))
    long = samples_for(network, 1000)
    one.train(*long, optimizers[0])
    other.train(*long, optimizers[1], engine="numpy")
    assert all_of(one, optimizers[0]) == all_of(other, optimizers[1])


@every_optimizer
def test_auto_takes_luajit_by_the_same_measure(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    started, trainer = [], trainers.luajit_trainer()

    def counted(*arguments: Any) -> Any:
        started.append(arguments)
        return trainer(*arguments)

    monkeypatch.setattr(trainers, "luajit_trainer", lambda: counted)
    network = made()
    network.train(*samples_for(network, 10), Optimizer(name))
    assert not started
    network.train(*samples_for(network, 1000), Optimizer(name))
    assert len(started) == 1


STEPS = '''"""An optimizer."""


def {name}(x: float) -> float:
    """A share."""
    return x * 0.5


def next_total(total: float, gradient: float) -> float:
    """What is remembered."""
    return total + {name}(gradient)


def moved(parameter: float, total: float, rate: float) -> float:
    """The parameter after one step."""
    return parameter - rate * {name}(total)
'''


def new_record(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    """An optimizer, one helper of which has this name, as if it stood among the others."""
    module = listed("halved", STEPS.format(name=name), folder, monkeypatch)
    memory = Memory("total", module.next_total, Limits())
    record = Record("Halved", settings=(learning_rate(0.1),), memories=(memory,), parameter=module.moved)
    monkeypatch.setattr(luajit_training, "ELEMENTWISE_OPTIMIZERS", {**ELEMENTWISE_OPTIMIZERS, record.name: record})
    return record


def test_an_optimizer_that_is_new_is_taken_although_loops_have_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = new_record("half", tmp_path, monkeypatch)
    # A memory named like the loops' own sums of losses.
    one, other = made(), made()
    rule = replace(Optimizer("Momentum").rule, record=record)
    first, second = Optimizer("Momentum"), Optimizer("Momentum")
    for network, optimizer in ((one, first), (other, second)):
        monkeypatch.setattr(optimizer, "_record", record)
        monkeypatch.setattr(optimizer, "_settings", {"rate": 0.1})
        monkeypatch.setattr(optimizer, "_now", {"rate": 0.1})
        optimizer.claim(network)
    assert first.rule == rule
    dataset = Dataset(*samples_for(one))
    luajit_training.luajit_trainer()(one.layers, dataset, first, LOSS).run(np.arange(COUNT))
    NumpySession(other.layers, dataset, second, LOSS).run(np.arange(COUNT))
    assert bits(first.carried.memories[0][0]["weights"]) == bits(second.carried.memories[0][0]["weights"])
    assert bits(one.layers[0].weights) == bits(other.layers[0].weights) != bits(made().layers[0].weights)


def test_an_optimizer_may_not_mean_something_else_by_a_name_of_an_activation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_record("sigmoid", tmp_path, monkeypatch)
    with pytest.raises(FormulaError) as caught:
        luajit_training.LuaJit()
    assert str(caught.value) == (
        "`sigmoid` stands in activations.py and in halved.py, which loops of LuaJIT have side by side; "
        "write another name in one of them."
    )


@pytest.mark.parametrize(("name", "has_branches"), [("Adam", False), ("Momentum", False), ("Lion", True)])
def test_choices_in_steps_are_seen(name: str, has_branches: bool) -> None:
    rule = Optimizer(name).rule
    assert luajit_updates.LuaJitSteps(read_formulas(), rule).has_branches == has_branches
    assert luajit_updates.LuaJitSteps(read_formulas(), replace(rule, limits=True)).has_branches
