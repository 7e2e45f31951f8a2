"""Training over a dataset: steps that a reader can check, differences, order, callbacks, and nothing half done."""

import math
import re
import warnings
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ACTIVATIONS, ArgumentError, Network, Optimizer, Random, TrainingError, propagation
from engine.elementwise import Array
from engine.formulas.registry import LOSSES
from engine.interface.limits import DEFAULT_LOSS
from engine.kernels.loops import backward, forward
from engine.training import trainers
from engine.training.session import Dataset, NumpySession, are_finite, shuffled_order
from engine.training.updates import Sgd
from tests.engine.differences import fourth_order
from tests.engine.samples import FINITE, ODD_DATA, bits, by_name, networks, refused
from tests.engine.training.interruption import interrupted_at

EPSILON = float(np.finfo(np.float64).eps)
LOSS = LOSSES[DEFAULT_LOSS]
SAMPLES, TARGETS = [[1.0], [2.0]], [[0.0], [1.0]]


def line() -> Network:
    """It gives back what goes in: one weight of 1 after the other, no biases."""
    return Network.from_table([1, [[[[1.0]], [0.0]], [[[1.0]], [0.0]]], False, ["Identity", "Identity"]])


def numbers(network: Network) -> bytes:
    return b"".join(bits(array) for layer in network.layers for array in layer.numbers)


def dataset(network: Network, count: int, seed: int = 0) -> tuple[Array, Array]:
    generator = np.random.default_rng(seed)
    return generator.uniform(-2, 2, (count, network.inputs)), generator.uniform(0, 1, (count, network.outputs))


def feed_forward() -> Network:
    return Network.create(3, 2, 4, 2, "Tanh", seed=1)


@pytest.fixture(params=[False, True], ids=["feed-forward", "recurrent"])
def network(request: pytest.FixtureRequest) -> Network:
    return Network.create(3, 2, 4, 2, "Tanh", request.param, seed=1)


def test_single_samples_give_what_a_reader_computes() -> None:
    network = line()
    losses = network.train(SAMPLES, TARGETS, 0.5)
    # 1 for 0: loss 1/2, both weights 1 - 1/2, both biases -1/2. Then 2/2 - 1/2 = 1/2 and 1/4 - 1/2 = -1/4 for 1: loss
    # 25/32, output weight 1/2 + 5/8 · 1/2 and bias -1/2 + 5/8; upstream 5/8, so 1/2 + 5/16 · 2 and -1/2 + 5/16.
    assert network.to_table()[1] == [[[[1.125]], [-0.1875]], [[[0.8125]], [0.125]]]
    assert losses.tolist() == [(1 / 2 + 25 / 32) / 2]


def test_a_batch_gives_what_a_reader_computes() -> None:
    network = line()
    losses = network.train(SAMPLES, TARGETS, 0.5, batch_size=2)
    # Both errors are 1, so each weight's gradients are 1 and 2, and each bias's 1 and 1.
    assert network.to_table()[1] == [[[[0.25]], [-0.5]], [[[0.25]], [-0.5]]]
    assert losses.tolist() == [1 / 2]


def test_single_samples_give_the_bits_of_one_step_after_the_other(network: Network) -> None:
    inputs, targets = dataset(network, 7)
    trained, stepped = network.copy(), network
    losses = trained.train(inputs, targets, 0.3, 3)
    for epoch in range(3):
        total = 0.0
        for x, target in zip(inputs, targets, strict=True):
            first, second = (stepped.copy().forward(x) - target) ** 2 / 2
            total += first + second
            stepped.backward(0.3, x, target)
        assert losses[epoch] == total / 7
    assert numbers(trained) == numbers(stepped)


STEP = 2.0**-10
# Fourth-order differences: truncation STEP⁴/30 times a fifth derivative of up to a thousand, rounding 2 epsilon/STEP.
GRADIENT_TOLERANCE = STEP**4 / 30 * 1000 + 2 * EPSILON / STEP + 2 * EPSILON


@ODD_DATA
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_batch_steps_along_the_gradient_of_the_mean_loss(name: str) -> None:
    read = Network.create(3, 2, 3, 2, [name] * 3, False, 0.25, 1)
    generator = np.random.default_rng(4)
    inputs, targets = generator.uniform(-0.9, 0.9, (4, 3)), generator.uniform(-1, 1, (4, 2))
    network = read.copy()
    (told,) = network.train(inputs, targets, 1.0, batch_size=4)

    def loss() -> float:
        return float(np.mean(np.sum((read.forward(inputs) - targets) ** 2 / 2, axis=1)))

    assert abs(told - loss()) <= 20 * EPSILON * loss()
    for layer, stepped in zip(read.layers, network.layers, strict=True):
        for before, after in zip(layer.numbers, stepped.numbers, strict=True):
            gradient = fourth_order(loss, before, STEP)
            np.testing.assert_allclose(before - after, gradient, rtol=0, atol=GRADIENT_TOLERANCE)


def plain_batches(network: Network, samples: list[list[float]], targets: list[list[float]], rate: float) -> float:
    """A step on a batch by plain loops, and the samples' losses."""
    parts = [(layer.weights.tolist(), layer.biases.tolist()) for layer in network.layers]
    sums = [([[0.0] * len(row) for row in rows], [0.0] * len(biases)) for rows, biases in parts]
    formulas = [ACTIVATIONS[layer.activator] for layer in network.layers]
    measures = by_name(LOSS.value, {}), by_name(LOSS.slope, {})
    total = 0.0
    for sample, target in zip(samples, targets, strict=True):
        values, nodes = [sample], []
        for (rows, biases), formula in zip(parts, formulas, strict=True):
            of_nodes, outputs = [0.0] * len(rows), [0.0] * len(rows)
            forward.row_sums(rows, values[-1], len(values[-1]), of_nodes)
            forward.activate(of_nodes, biases, outputs, len(rows), formula.value)
            nodes.append(of_nodes)
            values.append(outputs)
        error = [0.0] * len(target)
        total += backward.measure(nodes[-1], values[-1], target, error, len(target), *measures)
        for index in reversed(range(len(parts))):
            backward.scale_by_slope(error, nodes[index], values[index + 1], len(error), formulas[index].slope)
            gradients, of_biases = sums[index]
            backward.add_gradients(gradients, 0, error, values[index], len(values[index]))
            of_biases[:] = [before + delta for before, delta in zip(of_biases, error, strict=True)]
            share = [0.0] * len(values[index])
            backward.share_rows(parts[index][0], error, len(share), share)
            error = share
    for layer, (gradients, of_biases) in zip(network.layers, sums, strict=True):
        for parameters, each in ((layer.weights, np.array(gradients)), (layer.biases, np.array(of_biases))):
            parameters += -rate * (each / len(samples))
    return total


@pytest.mark.parametrize("name", ["LeakyReLU", "BentIdentity"])
@pytest.mark.parametrize("nodes", [4, 15])
def test_batches_in_numpy_have_the_bits_of_plain_loops(name: str, nodes: int) -> None:
    # Nothing that these call is transcendental.
    network = Network.create(3, 2, nodes, 2, [name] * 3, seed=1)
    inputs, targets = dataset(network, 20)
    expected, close = network.copy(), network.copy()
    losses = network.train(inputs, targets, 0.02, 2, batch_size=7, engine="numpy")
    for epoch in range(2):
        total = 0.0
        for first in (0, 7, 14):
            chosen = slice(first, first + 7)
            total += plain_batches(expected, inputs[chosen].tolist(), targets[chosen].tolist(), 0.02)
        assert losses[epoch] == total / 20
    assert numbers(network) == numbers(expected)
    # Matrix products come to nearly the same.
    others = close.train(inputs, targets, 0.02, 2, batch_size=7)
    np.testing.assert_allclose(others, losses, rtol=1e-12)
    for layer, other in zip(network.layers, close.layers, strict=True):
        for array, near in zip(layer.numbers, other.numbers, strict=True):
            np.testing.assert_allclose(near, array, rtol=0, atol=1e-13)


class Counting(Sgd):
    """An update that remembers how many steps it has begun."""

    begun = 0

    def begin(self) -> None:
        self.begun += 1

    def checkpoint(self) -> Callable[[], None]:
        begun = self.begun

        def put_back() -> None:
            self.begun = begun

        return put_back


@pytest.mark.parametrize("batch_size", [1, 2])
def test_what_an_update_remembers_is_as_before_an_interrupted_epoch(
    batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, update = line(), Counting(0.1)
    session = NumpySession(network.layers, Dataset(*dataset(network, 6)), update, LOSS, batch_size)
    session.run(np.arange(6))
    done, begun = numbers(network), update.begun
    assert begun == 6 // batch_size
    take = update.apply

    def interrupted(*arguments: Any) -> None:
        take(*arguments)
        if update.begun == begun + 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(update, "apply", interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.run(np.arange(6))
    assert numbers(network) == done
    assert update.begun == begun


def test_the_last_batch_has_what_is_left() -> None:
    network = Network.create(3, 2, 4, 2, seed=1)
    inputs, targets = dataset(network, 5)
    whole, parts = network.copy(), network
    losses = whole.train(inputs, targets, 0.3, batch_size=2)
    sums = [
        len(chosen) * parts.train(chosen, wanted, 0.3, batch_size=2)[0]
        for chosen, wanted in ((inputs[i : i + 2], targets[i : i + 2]) for i in (0, 2, 4))
    ]
    assert numbers(whole) == numbers(parts)
    assert abs(losses[0] - sum(sums) / 5) <= 5 * EPSILON * losses[0]


def test_a_batch_may_be_larger_than_the_dataset() -> None:
    large, exact = line(), line()
    large.train(SAMPLES, TARGETS, 0.5, 2, batch_size=1_000_000)
    exact.train(SAMPLES, TARGETS, 0.5, 2, batch_size=2)
    assert numbers(large) == numbers(exact)


def test_training_learns() -> None:
    network = Network.create(2, 1, 4, 1, "Tanh", seed=1)
    samples, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    for batch_size in (1, 2):
        learner = network.copy()
        losses = learner.train(samples, targets, 1.0, 600, shuffle=True, random=1, batch_size=batch_size)
        assert losses.shape == (600,)
        assert losses[0] > 0.1 > 0.01 > losses[-1]
        assert (np.abs(learner.forward(samples) - targets) < 0.2).all()


def test_every_epoch_is_shuffled_anew_as_it_is_documented() -> None:
    network = feed_forward()
    inputs, targets = dataset(network, 6)
    trained, stepped, random, same = network.copy(), network, Random(5), Random(5)
    trained.train(inputs, targets, 0.3, 2, shuffle=True, random=random, engine="numpy")
    orders = []
    for _ in range(2):
        order = list(range(6))
        for last in (5, 4, 3, 2, 1):
            other = math.floor(same.uniform() * (last + 1))
            order[last], order[other] = order[other], order[last]
        for index in order:
            stepped.backward(0.3, inputs[index], targets[index])
        orders.append(order)
    assert orders[0] != orders[1]
    assert numbers(trained) == numbers(stepped)
    assert random.state == same.state


def test_every_order_comes_as_often_as_any_other() -> None:
    random = Random(1)
    counts = Counter(tuple(shuffled_order(3, random)) for _ in range(6000))
    # Each is binomial: 1000 ± 29 (σ).
    assert len(counts) == 6
    assert all(abs(count - 1000) < 4 * 29 for count in counts.values())


def test_a_seed_repeats_a_shuffle_and_none_needs_no_random_number() -> None:
    network = feed_forward()
    inputs, targets = dataset(network, 20)
    first, second, other, random = network.copy(), network.copy(), network.copy(), Random(3)
    for each, seed in ((first, 3), (second, Random(3)), (other, 4)):
        each.train(inputs, targets, 0.3, shuffle=True, random=seed)
    assert numbers(first) == numbers(second) != numbers(other)
    network.train(inputs, targets, 0.3, random=random)
    assert random.state == Random(3).state


def test_a_callback_is_told_of_every_epoch_and_sees_the_network(network: Network) -> None:
    inputs, targets = dataset(network, 5)
    expected, seen = network.copy(), []
    losses = network.train(
        inputs, targets, 0.3, 4, on_epoch=lambda epoch, loss: seen.append((epoch, loss, numbers(network)))
    )
    for index in range(4):
        (loss,) = expected.train(inputs, targets, 0.3)
        assert seen[index] == (index + 1, loss, numbers(expected))
        assert losses[index] == loss


@pytest.mark.parametrize("stop", [False, np.False_])
def test_false_from_a_callback_ends_training(stop: object) -> None:
    network, expected = line(), line()
    losses = network.train(SAMPLES, TARGETS, 0.1, 9, on_epoch=lambda epoch, _: stop if epoch == 3 else True)
    assert losses.tolist() == expected.train(SAMPLES, TARGETS, 0.1, 3).tolist()
    assert numbers(network) == numbers(expected)


@pytest.mark.parametrize("answer", [None, 0, 0.0, "", [], np.array([]), True])
def test_nothing_else_from_a_callback_does(answer: object) -> None:
    assert line().train(SAMPLES, TARGETS, 0.1, 3, on_epoch=lambda epoch, loss: answer).shape == (3,)


@pytest.mark.parametrize("batch_size", [1, 2])
def test_an_error_of_a_callback_leaves_the_epochs_that_were_done(batch_size: int) -> None:
    def fail(epoch: int, loss: float) -> None:
        if epoch == 2:
            raise KeyboardInterrupt

    network, expected = line(), line()
    with pytest.raises(KeyboardInterrupt):
        network.train(SAMPLES, TARGETS, 0.1, 9, batch_size=batch_size, on_epoch=fail)
    expected.train(SAMPLES, TARGETS, 0.1, 2, batch_size=batch_size)
    assert numbers(network) == numbers(expected)


def test_a_callback_may_change_the_network(network: Network) -> None:
    inputs, targets = dataset(network, 5)
    expected = network.copy()

    def change(epoch: int, loss: float) -> None:
        network.reset_state()
        network.layers[0].weights = network.layers[0].weights / 2
        network.layers[1].biases[:] = 1.0

    network.train(inputs, targets, 0.3, 2, on_epoch=change)
    for _ in range(2):
        expected.train(inputs, targets, 0.3)
        expected.reset_state()
        expected.layers[0].weights /= 2
        expected.layers[1].biases[:] = 1.0
    assert numbers(network) == numbers(expected)


@pytest.mark.parametrize(
    ("step", "batch_size", "recurrent"), [("backward", 1, False), ("backward", 1, True), ("backward_batch", 2, False)]
)
def test_an_interrupted_epoch_is_undone(
    step: str, batch_size: int, recurrent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network.create(3, 2, 4, 2, "Tanh", recurrent, seed=1)
    inputs, targets = dataset(network, 6)
    expected = network.copy()
    expected.train(inputs, targets, 0.3, 1, engine="numpy", batch_size=batch_size)
    monkeypatch.setattr(propagation, step, interrupted_at(6 // batch_size + 2, getattr(propagation, step)))
    with pytest.raises(KeyboardInterrupt):
        network.train(inputs, targets, 0.3, 3, engine="numpy", batch_size=batch_size)
    assert numbers(network) == numbers(expected)


CONVERSIONS: list[Callable[[Array], Any]] = [
    np.ndarray.tolist,
    lambda array: tuple(map(tuple, array.tolist())),
    list,
    lambda array: array.astype(np.float32),
    np.asfortranarray,
    lambda array: np.repeat(array, 2, axis=0)[::2],
    lambda array: array.astype(">f8"),
    lambda array: [[Fraction(number) for number in row] for row in array.tolist()],
]


@ODD_DATA
@pytest.mark.parametrize("converted", CONVERSIONS, ids=range(len(CONVERSIONS)))
@pytest.mark.parametrize("batch_size", [1, 3])
def test_samples_may_be_numbers_of_any_type(converted: Callable[[Array], Any], batch_size: int) -> None:
    network = Network.create(3, 1, 4, 2, seed=1)
    # Halves, which every type holds exactly.
    inputs, targets = (np.round(4 * array) / 2 for array in dataset(network, 5))
    expected = network.copy()
    expected.train(inputs, targets, 0.3, 2, batch_size=batch_size)
    network.train(converted(inputs), converted(targets), 0.3, 2, batch_size=batch_size)
    assert numbers(network) == numbers(expected)


@pytest.mark.parametrize("batch_size", [1, 2])
def test_a_network_that_diverges_says_so_and_stays_as_it_was_before(batch_size: int) -> None:
    diverging, seen = line(), []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TrainingError) as caught:
            diverging.train(
                SAMPLES,
                TARGETS,
                1e9,
                40,
                batch_size=batch_size,
                engine="numpy",
                on_epoch=lambda epoch, _: seen.append((epoch, numbers(diverging))),
            )
    epochs, last = seen[-1] if seen else (0, numbers(line()))
    assert re.fullmatch(
        rf"Training ended in epoch {epochs + 1} at sample [12], whose loss would be infinity\. The network keeps "
        r"its last finite numbers; (the mean loss grew from \S+ to \S+: )?lower the learning rate, .+ \(clipNorm\)\.",
        str(caught.value),
    )
    # Of single samples, the first of the epoch may have made a step.
    assert are_finite(diverging.layers)
    if batch_size == 2:
        assert numbers(diverging) == last


OPTIONS = "Wrong Arg#5: Options."
WHOLE = "must be an integer from 1 to "
RATE = (
    "Wrong Arg#4: Learning rate must be a finite number of at least 0, or an optimizer made by createOptimizer "
    "or loadOptimizer"
)
# How the arguments SAMPLES, TARGETS, 0.5 differ, and the sentence.
BAD: list[tuple[dict[str, object], str]] = [
    ({"samples": None}, "Wrong Arg#2: Samples must be an array of at least 1 sample, got nothing."),
    ({"samples": []}, "Wrong Arg#2: Samples must be an array of at least 1 sample, got an empty table."),
    ({"samples": np.zeros((0, 1))}, "Wrong Arg#2: Samples must be an array of at least 1 sample, got an empty table."),
    ({"samples": 1.0}, "Wrong Arg#2: Samples must be an array of at least 1 sample, got 1."),
    (
        {"samples": [1.0, 2.0]},
        "Wrong Arg#2: Samples[1] must be in an array of 1 number, got the number 1 (in an array: { 1 }).",
    ),
    ({"samples": [[1.0], [1.0, 2.0]]}, "Wrong Arg#2: Samples[2] must be in an array of 1 number, got an array of 2."),
    ({"samples": np.ones((2, 3))}, "Wrong Arg#2: Samples[1] must be in an array of 1 number, got an array of 3."),
    (
        {"samples": np.array([[1.0], [math.nan]])},
        "Wrong Arg#2: Samples[2] must be in an array of 1 number, got nan as number 1.",
    ),
    (
        {"targets": [[0.0]]},
        "Wrong Arg#3: Targets must be an array of 2 targets, one for each sample, got an array of 1.",
    ),
    ({"targets": None}, "Wrong Arg#3: Targets must be an array of 2 targets, one for each sample, got nothing."),
    (
        {"targets": [[0.0], ["1"]]},
        (
            "Wrong Arg#3: Targets[2] must be in an array of 1 number, "
            'got "1" as number 1 (text: tonumber makes a number of it).'
        ),
    ),
    (
        {"targets": np.array([[0.0], [math.inf]])},
        "Wrong Arg#3: Targets[2] must be in an array of 1 number, got infinity as number 1.",
    ),
    ({"rate": -1}, f"{RATE}, got -1."),
    ({"rate": True}, f"{RATE}, got true."),
    ({"epochs": 0}, f"{OPTIONS}epochs {WHOLE}10000000, got 0."),
    ({"epochs": 1.5}, f"{OPTIONS}epochs {WHOLE}10000000, got 1.5."),
    ({"epochs": None}, f"{OPTIONS}epochs {WHOLE}10000000, got nothing."),
    ({"shuffle": 1}, f"{OPTIONS}shuffle must be true or false, got 1."),
    ({"batch_size": 0}, f"{OPTIONS}batch_size {WHOLE}1000000, got 0."),
    ({"batch_size": math.nan}, f"{OPTIONS}batch_size {WHOLE}1000000, got nan."),
    ({"engine": "lua"}, f'{OPTIONS}engine must be one of auto, numpy, luajit, got "lua".'),
    ({"engine": None}, f"{OPTIONS}engine must be one of auto, numpy, luajit, got nothing."),
    (
        {"engine": "luajit", "batch_size": 2},
        f'{OPTIONS}engine must be auto or numpy when a batch has more than one sample, got "luajit".',
    ),
    ({"on_epoch": "print"}, f'{OPTIONS}on_epoch must be a function, got "print".'),
    ({"random": -1}, f"{OPTIONS}random must be an integer from 0 to 4294967295, got -1."),
    ({"samples": [], "rate": -1, "epochs": 0}, "Wrong Arg#2: Samples must be an array of at least 1 sample, got an "),
]


@pytest.mark.parametrize(("change", "sentence"), BAD, ids=[str(index) for index in range(len(BAD))])
def test_a_bad_argument_is_refused_before_anything_changes(change: dict[str, Any], sentence: str) -> None:
    network, random = line(), Random(1)
    arguments = {"samples": SAMPLES, "targets": TARGETS, "rate": 0.5, "shuffle": True, "random": random, **change}
    assert refused(lambda: network.train(**arguments)).startswith(sentence)
    assert numbers(network) == numbers(line())
    assert random.state == Random(1).state


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"batch_size": 2}, "batch_size {}, got 2."),
        ({"shuffle": True}, "shuffle {}, got true."),
        ({"batch_size": 2, "shuffle": True}, "batch_size {}, got 2."),
    ],
    ids=str,
)
def test_a_recurrent_network_takes_its_samples_one_by_one_in_their_order(options: dict[str, Any], said: str) -> None:
    network = Network.create(1, 1, 2, 1, "Tanh", True, seed=1)
    before = numbers(network)
    sentence = refused(lambda: network.train(SAMPLES, TARGETS, 0.5, **options))
    rule = "must be left out for a recurrent network, whose samples follow one another in time"
    assert sentence == OPTIONS + said.format(rule)
    assert numbers(network) == before
    network.train(SAMPLES, TARGETS, 0.5, batch_size=1, shuffle=False)


@settings(max_examples=60)
@given(networks(st.floats(-2, 2)), st.data())
def test_whatever_comes_is_trained_on_or_changes_nothing(network: Network, data: st.DataObject) -> None:
    numbers_ = FINITE | st.sampled_from([math.nan, math.inf]) | st.integers() | st.none() | st.booleans()
    rows = st.lists(st.lists(numbers_, min_size=1, max_size=3) | numbers_, max_size=3)
    good = st.lists(st.lists(st.floats(-2, 2), min_size=network.inputs, max_size=network.inputs), max_size=3)
    samples, targets = data.draw(rows | good), data.draw(rows)
    before = numbers(network)
    sentence = None
    try:
        losses = network.train(cast(Any, samples), cast(Any, targets), 0.5, engine="numpy")
    except ArgumentError as error:
        sentence = str(error)
    if sentence is None:
        assert losses.shape == (1,)
        assert len(samples) == len(targets) > 0
    else:
        assert re.fullmatch(r"Wrong Arg#[23]: (Samples|Targets)(\[\d\])? must be .*, got .*\.", sentence)
        assert numbers(network) == before


def test_auto_takes_numpy_for_batches_and_for_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def trainer() -> Any:
        started.append(True)
        return NumpySession

    monkeypatch.setattr(trainers, "luajit_trainer", trainer)
    network, (inputs, targets) = line(), (np.linspace(0.0, 1.0, 1000)[:, None] for _ in range(2))
    network.train(inputs, targets, 0.1, 10, batch_size=1000)
    network.train(inputs[:5], targets[:5], 0.1)
    network.train(inputs[:5], targets[:5], 0.1, 10, engine="numpy")
    assert not started
    network.train(inputs[:5], targets[:5], 0.1, 400)
    network.train(inputs[:5], targets[:5], 0.1, engine="luajit")
    assert len(started) == 2


def test_the_cost_of_a_step_grows_as_measured() -> None:
    assert trainers.cost_in_numpy(line().layers) == 2 * 20 + 2 + 1
    assert trainers.cost_in_numpy(Network.create(784, 1, 128, 10).layers) == 2 * 20 + 784 + 128 + 10


def test_luajit_has_no_loops_for_the_length_of_all_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainers, "luajit_trainer", lambda: pytest.fail("LuaJIT was started"))
    network, optimizer = line(), Optimizer("Adam", clip_norm=1.0)
    given: Any = (network.layers, Dataset(*dataset(network, 6)), optimizer, LOSS, 10**7, 1)
    rule = "must be auto or numpy for an optimizer with clip_norm"
    assert refused(lambda: trainers.session_of("luajit", *given)) == f'{OPTIONS}engine {rule}, got "luajit".'
    assert isinstance(trainers.session_of("auto", *given)(), NumpySession)
    assert isinstance(trainers.session_of("numpy", *given)(), NumpySession)


def test_without_luajit_auto_takes_numpy_and_asking_for_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainers, "entry_points", lambda **_: ())
    trainers.luajit_trainer.cache_clear()
    network, expected = line(), line()
    reason = "must be auto or numpy where LuaJIT is missing (the package luaunn is not installed)"
    assert refused(lambda: network.train(SAMPLES, TARGETS, 0.1, engine="luajit")) == (
        f'{OPTIONS}engine {reason}, got "luajit".'
    )
    network.train(SAMPLES, TARGETS, 0.1, 1000)
    expected.train(SAMPLES, TARGETS, 0.1, 1000, engine="numpy")
    assert numbers(network) == numbers(expected)
