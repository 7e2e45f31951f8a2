"""What a training goes on with in Python, beside what both languages do (tests/parity/test_resumed_trainings.py)."""

import gc
import math
import weakref
from typing import Any

import pytest

from engine import ArgumentError, Network, Optimizer, Random, load_training, save_training

SAMPLES = [[x / 10] for x in range(-5, 6)]
TARGETS = [[x * x] for (x,) in SAMPLES]


def new_network() -> Network:
    return Network.build(inputs=1, layers=[{"nodes": 5, "activator": "ReLU"}, {"nodes": 1}], seed=2)


def test_what_a_callback_draws_is_drawn_before_the_string_goes_on() -> None:
    network, stream, texts = new_network(), Random(1), []

    def on_epoch(epoch: int, loss: float) -> None:
        stream.uniform()
        texts.append(save_training(network, 0.1))

    network.train(SAMPLES, TARGETS, 0.1, 3, shuffle=True, random=stream, on_epoch=on_epoch)
    other, rate, progress = load_training(texts[1])
    drawn = Random.from_state(progress.random.state)
    other.train(SAMPLES, TARGETS, rate, 3, shuffle=True, resume=progress)
    assert other.to_table() == network.to_table()
    assert progress.random.state == drawn.state


def test_a_callback_that_fails_leaves_the_epoch_that_it_was_told_of() -> None:
    network, stream = new_network(), Random(1)

    def on_epoch(epoch: int, loss: float) -> None:
        raise KeyError(epoch)

    with pytest.raises(KeyError):
        network.train(SAMPLES, TARGETS, 0.1, 3, shuffle=True, random=stream, on_epoch=on_epoch)
    text = save_training(network, 0.1)
    stream.uniform()
    assert save_training(network, 0.1) == text


def test_a_resumed_training_that_is_interrupted_at_once_is_saved_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    network = new_network()
    network.train(SAMPLES, TARGETS, 0.1, 2, shuffle=True, random=1)
    text = save_training(network, 0.1)
    other, rate, progress = load_training(text)

    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.propagation.backward", interrupted)
    with pytest.raises(KeyboardInterrupt):
        other.train(SAMPLES, TARGETS, rate, 4, shuffle=True, engine="numpy", resume=progress)
    assert save_training(other, rate) == text


def test_losses_that_are_not_finite_are_never_the_best_and_are_not_saved() -> None:
    network, texts = new_network(), []
    wild = ([[1e300]], [[0.0]])

    def on_epoch(epoch: int, loss: float) -> None:
        with pytest.raises(ArgumentError, match="must be trained to a finite loss, got infinity"):
            save_training(network, 0.1)
        texts.append(epoch)

    history = network.train(SAMPLES, TARGETS, 0.1, 9, patience=2, validation=wild, history=True, on_epoch=on_epoch)
    assert (history.best_epoch, history.ended_by, texts) == (1, "patience", [1, 2, 3])
    assert math.isinf(history.metrics["validation_loss"][0])


def test_the_best_epoch_comes_back_to_another_optimizer_without_its_settings() -> None:
    network, optimizer = new_network(), Optimizer("Adam", rate=0.01, schedule={"name": "Step", "steps": 100})
    texts: list[str] = []

    def on_epoch(epoch: int, loss: float) -> None:
        texts.append(save_training(network, optimizer))

    network.train(SAMPLES, TARGETS, optimizer, 2, random=1, patience=5, on_epoch=on_epoch)
    other, _, progress = load_training(texts[-1])
    # So large a rate makes no later epoch better.
    changed = Optimizer("Adam", rate=3.0, schedule={"name": "Step", "steps": 7}, clip_norm=1.0)
    history = other.train(SAMPLES, TARGETS, changed, 4, resume=progress, patience=5, history=True)
    assert history.best_epoch == progress.best_epoch
    assert changed.settings["schedule"]["steps"] == 7
    assert changed.settings["clip_norm"] == 1.0


def trained_with_a_best_epoch() -> tuple[Any, Any]:
    """A progress, and a weak reference to the network that it is of."""
    network, seen = new_network(), []

    def on_epoch(epoch: int, loss: float) -> None:
        seen.append(network.progress)

    network.train(SAMPLES, TARGETS, Optimizer("Adam"), 2, random=1, patience=5, on_epoch=on_epoch)
    return seen[0], weakref.ref(network)


def test_a_progress_keeps_no_network_alive() -> None:
    progress, network = trained_with_a_best_epoch()
    assert progress.best is not None
    gc.collect()
    assert network() is None
