"""The race of Python: one sample at a time and batches in numpy, and training in LuaJIT.

With `--against COMMIT` this runs on the engine of another commit: it takes no more of it than `Network`.
"""

import importlib
import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.race import Contestant
from benchmarks.tasks import (
    EXAMPLE_EPOCHS,
    EXAMPLE_RATE,
    EXAMPLE_STEPS,
    NUMPY_BATCH,
    OPTIMIZER,
    PYTHON_TASKS,
    RATE,
    REACH,
    SEED,
    Shape,
    Task,
)
from engine import Network

Array = NDArray[np.float64]
LUAJIT = "LuaJIT"
EXAMPLE, OPTIMIZER_EXAMPLE = "python-example", "python-example-optimizer"
Train = Callable[[Network, Array, Array], object]


def tasks() -> list[Task]:
    """What can be raced here: without LuaJIT, what it would do alone is left out."""
    of_luajit = (EXAMPLE, OPTIMIZER_EXAMPLE)
    return [task for task in PYTHON_TASKS.values() if task.name not in of_luajit or luajit_is_missing() is None]


def contestants(task: Task, shape: Shape) -> list[Contestant]:
    """The contestants of a task, numpy with one sample at a time first."""
    made = _MAKERS[task.name](shape)
    return made if luajit_is_missing() is None else [each for each in made if each.name != LUAJIT]


@cache
def luajit_is_missing() -> str | None:
    """Why there is no LuaJIT to train in; None if there is."""
    try:
        importlib.import_module("lupa.luajit21")
    except ImportError as reason:
        return str(reason)
    return None


def _timed(run: Callable[[], object]) -> Callable[[int], float]:
    def seconds(runs: int) -> float:
        start = time.perf_counter()
        for _ in range(runs):
            run()
        return time.perf_counter() - start

    return seconds


def _forward(shape: Shape) -> list[Contestant]:
    network = shape.network()
    inputs = np.random.default_rng(SEED).uniform(-1, 1, (NUMPY_BATCH, shape.inputs))
    whole: dict[str, Callable[[], Array]] = {
        "numpy, batch 1": lambda: np.array([network.forward(each) for each in inputs]),
        f"numpy, batch {NUMPY_BATCH}": lambda: network.forward(inputs),
        f"numpy, batch {NUMPY_BATCH}, matrix product": lambda: network.forward_by_matrix_product(inputs),
    }
    return [Contestant(name, NUMPY_BATCH, _timed(run), partial(_flat, run)) for name, run in whole.items()]


def _flat(run: Callable[[], Array]) -> list[float]:
    return [float(output) for output in run().ravel()]


def _training(shape: Shape) -> list[Contestant]:
    random = np.random.default_rng(SEED)
    samples, targets = (
        random.uniform(-1, 1, (NUMPY_BATCH, shape.inputs)),
        random.uniform(0, 1, (NUMPY_BATCH, shape.outputs)),
    )
    return [
        _trainer("numpy, batch 1", shape, samples, targets, _by_numpy(RATE, 1, 1)),
        _trainer(
            f"numpy, batch {NUMPY_BATCH}", shape, samples, targets, _by_numpy(RATE, 1, NUMPY_BATCH), is_same=False
        ),
        _trainer(LUAJIT, shape, samples, targets, _by_luajit(RATE, 1)),
    ]


def _example(shape: Shape) -> list[Contestant]:
    # In numpy it would take half a minute, which the other task tells as well.
    return [_example_trainer(shape, _by_luajit(EXAMPLE_RATE, EXAMPLE_EPOCHS))]


def _optimizer_example(shape: Shape) -> list[Contestant]:
    trains: dict[Network, Train] = {}

    def train(network: Network, samples: Array, targets: Array) -> object:
        # An optimizer belongs to one network. What another commit lacks is an error of this contestant alone.
        if network not in trains:
            optimizer = importlib.import_module("engine").Optimizer(OPTIMIZER)
            trains[network] = _by_luajit(optimizer, EXAMPLE_EPOCHS)
        return trains[network](network, samples, targets)

    return [_example_trainer(shape, train)]


def _example_trainer(shape: Shape, train: Train) -> Contestant:
    samples = np.random.default_rng(SEED).uniform(-REACH, REACH, (EXAMPLE_STEPS // EXAMPLE_EPOCHS, shape.inputs))
    x, y = samples.T
    targets = (y > x**3 + 2 * x**2).astype(np.float64)[:, None]
    return _trainer(LUAJIT, shape, samples, targets, train, calls=1)


def _by_numpy(rate: float, epochs: int, batch_size: int) -> Train:
    return lambda network, samples, targets: network.train(
        samples, targets, rate, epochs, batch_size=batch_size, engine="numpy"
    )


def _by_luajit(rate: Any, epochs: int) -> Train:
    """Training by a rate or an optimizer."""
    return lambda network, samples, targets: network.train(samples, targets, rate, epochs, engine="luajit")


def _trainer(
    name: str,
    shape: Shape,
    samples: Array,
    targets: Array,
    train: Train,
    *,
    calls: int = NUMPY_BATCH,
    is_same: bool = True,
) -> Contestant:
    network = shape.network()

    def answer() -> list[float]:
        trained = shape.network()
        train(trained, samples, targets)
        return _flat(partial(trained.forward, samples))

    return Contestant(name, calls, _timed(lambda: train(network, samples, targets)), answer if is_same else None)


_MAKERS: dict[str, Callable[[Shape], list[Contestant]]] = {
    "python-forward": _forward,
    "python-training": _training,
    EXAMPLE: _example,
    OPTIMIZER_EXAMPLE: _optimizer_example,
}
