"""The loop of training: when it ends and what it tells of, who may change a network meanwhile, and what is measured."""

import math
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, mean_absolute_error

from engine import ArgumentError, Network, Optimizer, Scaler, TrainingError, run_generation
from engine.formulas.selection import set_aside
from tests.engine.samples import ODD_DATA, bits, refused

SAMPLES = [[x / 10] for x in range(-10, 11)]
TARGETS = [[x * x] for (x,) in SAMPLES]
LEFT_ALONE = "must be left alone while it is trained, got one that trainNet trains, called at test_loop.py:"


def network() -> Network:
    return Network.build(inputs=1, layers=[{"nodes": 6, "activator": "Tanh"}, {"nodes": 1}], seed=3)


def numbers(of: Network) -> bytes:
    return b"".join(bits(array) for layer in of.layers for array in layer.numbers)


CHANGES: list[tuple[str, Callable[[Network], object]]] = [
    ("Network", lambda held: held.train(SAMPLES, TARGETS, 0.1)),
    ("Network", lambda held: held.backward(0.1, [1.0], [1.0])),
    ("Network", lambda held: held.set_scaler(Scaler.fit(SAMPLES, "Standard"))),
    ("Networks[2]", lambda held: run_generation([network(), held], [1.0, 2.0])),
]


@pytest.mark.parametrize(("place", "change"), CHANGES, ids=range(len(CHANGES)))
def test_a_network_in_training_is_left_alone(place: str, change: Callable[[Network], object]) -> None:
    held, said = network(), []

    def on_epoch(epoch: int, loss: float) -> bool:
        said.append(refused(lambda: change(held)))
        other = threading.Thread(target=lambda: said.append(refused(lambda: change(held))))
        other.start()
        other.join()
        return False

    expected = network()
    expected.train(SAMPLES, TARGETS, 0.1)
    held.train(SAMPLES, TARGETS, 0.1, 2, on_epoch=on_epoch)
    assert all(f"{place} {LEFT_ALONE}" in each for each in said)
    assert len(said) == 2
    assert numbers(held) == numbers(expected)
    # It is free again.
    change(held)


def test_its_own_callback_may_reset_a_state_and_another_thread_may_not() -> None:
    held, said = Network.create(1, 1, 3, 1, "Tanh", recurrent=True, seed=1), []

    def on_epoch(epoch: int, loss: float) -> bool:
        held.reset_state()
        other = threading.Thread(target=lambda: said.append(refused(held.reset_state)))
        other.start()
        other.join()
        return False

    held.train(SAMPLES, TARGETS, 0.1, 2, on_epoch=on_epoch)
    assert all(not layer.state.any() for layer in held.layers if layer.state is not None)
    assert f"Network {LEFT_ALONE}" in said[0]


def test_a_training_that_fails_holds_nothing() -> None:
    held = network()

    def fail(epoch: int, loss: float) -> None:
        raise KeyError(epoch)

    with pytest.raises(KeyError):
        held.train(SAMPLES, TARGETS, 0.1, 2, on_epoch=fail)
    with pytest.raises(TrainingError):
        held.train([[1e200]], [[1e200]], 0.1)
    held.train(SAMPLES, TARGETS, 0.1)


@ODD_DATA
def test_an_optimizer_that_took_no_step_belongs_to_nobody() -> None:
    optimizer = Optimizer("Adam")
    with pytest.raises(TrainingError):
        network().train([[1e200]], [[1e200]], optimizer)
    with pytest.raises(TrainingError):
        network().backward(optimizer, [1e200], [1e200])
    network().train(SAMPLES, TARGETS, optimizer)


def test_early_stopping_puts_the_best_epoch_back() -> None:
    """What came after it is forgotten, by the optimizer too."""
    stopped, optimizer = network(), Optimizer("Adam", rate=0.3)
    told = stopped.train(
        SAMPLES, TARGETS, optimizer, 200, validation_share=0.3, patience=5, engine="numpy", history=True
    )
    assert told.ended_by == "patience"
    assert len(told.losses) == told.best_epoch + 5
    watched = told.metrics["validation_loss"]
    assert int(watched.argmin()) + 1 == told.best_epoch
    expected, other = network(), Optimizer("Adam", rate=0.3)
    expected.train(SAMPLES, TARGETS, other, told.best_epoch, validation_share=0.3, engine="numpy")
    assert numbers(stopped) == numbers(expected)
    for each in (stopped, expected):
        each.train(SAMPLES, TARGETS, optimizer if each is stopped else other, 2, engine="numpy")
    assert numbers(stopped) == numbers(expected)


def test_what_is_set_aside_is_not_trained_on() -> None:
    aside = [set_aside(index, 0.3) > 0 for index in range(1, len(SAMPLES) + 1)]
    assert sum(aside) == math.floor(len(SAMPLES) * 0.3)
    # Never far from one another.
    assert max(np.diff(np.flatnonzero(aside))) <= 4
    some, expected = network(), network()
    some.train(SAMPLES, TARGETS, 0.1, 2, validation_share=0.3)
    kept = [index for index, is_aside in enumerate(aside) if not is_aside]
    expected.train([SAMPLES[k] for k in kept], [TARGETS[k] for k in kept], 0.1, 2)
    assert numbers(some) == numbers(expected)


def test_weights_count_a_sample_as_often_as_they_say() -> None:
    """In a whole batch, a sample of weight 3 is three samples, but for the mean."""
    weighted, repeated = network(), network()
    weighted.train(SAMPLES[:2], TARGETS[:2], 0.5, batch_size=2, sample_weights=[3.0, 1.0], engine="numpy")
    many = [SAMPLES[0]] * 3 + [SAMPLES[1]]
    repeated.train(many, [TARGETS[0]] * 3 + [TARGETS[1]], 1.0, batch_size=4, engine="numpy")
    for one, other in zip(weighted.layers, repeated.layers, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=1e-13)


def test_training_ends_at_its_target_and_in_its_time() -> None:
    told = network().train(SAMPLES, TARGETS, 0.3, 500, target_loss=0.01, history=True)
    assert told.ended_by == "target_loss"
    assert told.losses[-1] <= 0.01 < told.losses[-2]
    told = network().train(SAMPLES, TARGETS, 0.3, 10**6, time_limit=1e-9, history=True)
    assert (told.ended_by, len(told.losses)) == ("time_limit", 1)


def test_a_history_has_rates_and_seconds() -> None:
    optimizer = Optimizer("Momentum", rate=0.25, schedule={"name": "Step", "steps": 42, "factor": 0.5})
    told = network().train(SAMPLES, TARGETS, optimizer, 4, history=True)
    assert told.rates.tolist() == [0.25, 0.25, 0.125, 0.125]
    assert (told.seconds > 0).all()
    assert told.metrics == {}


def test_callbacks_may_take_metrics_or_do_without() -> None:
    seen: list[Any] = []
    for callback in (
        lambda epoch, loss: seen.append((epoch, loss)),
        lambda epoch, loss, metrics: seen.append(sorted(metrics)),
        lambda *told: seen.append(len(told)),
    ):
        network().train(SAMPLES, TARGETS, 0.1, on_epoch=callback, validation=(SAMPLES[:3], TARGETS[:3]))
    assert len(seen[0]) == 2
    assert seen[1:] == [["mean_absolute_error", "validation_loss"], 3]


def test_metrics_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(1)
    classes = random.integers(0, 3, 40)
    samples, targets = random.normal(size=(40, 2)), np.eye(3)[classes]
    judge = Network.build(inputs=2, layers=[{"nodes": 4}, {}], classes=["a", "b", "c"], seed=1)
    loss, metrics, confusion = judge.evaluate(samples, targets)
    outputs = np.asarray(judge.forward(samples))
    taken = outputs.argmax(axis=1)
    assert metrics["accuracy"] == accuracy_score(classes, taken)
    assert confusion is not None
    assert confusion.tolist() == confusion_matrix(classes, taken).tolist()
    assert metrics["mean_absolute_error"] == pytest.approx(mean_absolute_error(targets, outputs), rel=1e-14)
    assert loss == pytest.approx(-np.log(outputs[np.arange(40), classes]).mean(), rel=1e-13)


def test_errors_are_in_the_units_of_the_targets() -> None:
    scaled = network()
    scaled.set_scaler(targets=Scaler.fit(TARGETS, "MinMax"))
    _, metrics, confusion = scaled.evaluate(SAMPLES, TARGETS)
    expected = mean_absolute_error(TARGETS, np.asarray(scaled.forward(SAMPLES)))
    assert metrics == {"mean_absolute_error": pytest.approx(expected, rel=1e-13)}
    assert confusion is None


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(ArgumentError, match=r'got "batchsize" \(did you mean batch_size\?\)\.'):
        network().train(SAMPLES, TARGETS, 0.1, batchsize=2)  # type: ignore[call-overload]  # wrong on purpose
