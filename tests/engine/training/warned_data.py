"""Data to train on, and what is said of it before the first step, in Python as in every runtime."""

from collections.abc import Callable
from math import inf, nan
from typing import Any

from engine import Network, Scaler

# A network, its samples and targets, and the lines.
Case = tuple[Callable[[], Network], Any, Any, list[str]]

_SHARES = ": let targets be 1 for the right class and 0 for the others."
_IDENTITY = (
    ": give the output layer Identity, or scale targets into that range (setScaler); for classes, give names "
    "(createNetwork)."
)
_SCALER = ", and nothing scales inputs, which should be around -1 to 1: give the network a scaler (setScaler)."
_TARGETS = ", and nothing scales targets, which should be around -1 to 1: give the network a scaler (setScaler)."
_NETWORK = "Wrong Arg#1: Network[2]"
_STILL = " for every k: what never changes teaches nothing. Leave it out, or check the data."

# Of two inputs and one output, with nothing to be said of them.
SAMPLES, TARGETS = [[0.0, 10.0], [-10.0, 1.0], [0.5, -3.0]], [[0.0], [1.0], [0.25]]
# Of three classes, the last of which is missing here.
ONE_HOT = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
ROWS = [[0.1, 0.2, 0.3], [0.2, 0.1, 0.5], [0.3, 0.4, 0.6]]
# In studs, seconds: wide.
WIDE, FAR = [[0.0, 1000.0], [10.5, 900.0], [3.0, 950.0]], [[200.0], [300.0], [250.0]]


def plain(inputs: int = 2, outputs: int = 1, activator: str | list[str] = "Tanh", **more: Any) -> Network:
    return Network.create(inputs, 1, 3, outputs, activator, seed=1, **more)


def last(activator: str, outputs: int = 1) -> Network:
    """One whose output layer has that activation."""
    return plain(2, outputs, ["Tanh", activator])


def named(**more: Any) -> Network:
    return Network.build(inputs=["speed", "turn"], layers=[{"nodes": 3}, {"nodes": 1, "activator": "Tanh"}], **more)


def classes() -> Network:
    return Network.build(inputs=3, layers=[{"nodes": 3}, {}], classes=["cat", "dog", "cow"], seed=1)


def scaled(inputs: Any = None, targets: Any = None, *, name: str = "Standard", activator: str = "Sigmoid") -> Network:
    network = last(activator)
    network.set_scaler(*(None if each is None else Scaler.fit(each, name) for each in (inputs, targets)))
    return network


def _pixels() -> list[list[float]]:
    """Pictures of a line on black: no sample reaches the last column."""
    return [[float(place == line) for place in range(6)] for line in (0, 2, 1, 4, 3)]


CASES: dict[str, Case] = {
    # Nothing to be said.
    "ordinary numbers": (plain, SAMPLES, TARGETS, []),
    "asymptotes": (lambda: last("Tanh"), SAMPLES, [[-1.0], [1.0], [0.0]], []),
    "a last digit too much": (lambda: last("Tanh"), SAMPLES, [[1.0 + 1e-9], [-1.0 - 1e-9], [0.0]], []),
    "a last digit too little": (lambda: last("ReLU"), SAMPLES, [[-1e-9], [2.0], [10.0]], []),
    "ordinary targets of any size": (lambda: last("Identity"), SAMPLES, [[-10.0], [10.0], [0.0]], []),
    "large targets that are scaled": (lambda: scaled(None, FAR, activator="Identity"), SAMPLES, FAR, []),
    "a single sample": (plain, SAMPLES[:1], TARGETS[:1], []),
    "names of classes": (classes, ROWS, ["cat", "dog", "dog"], []),
    "a class that is missing": (lambda: plain(3, 3, ["Tanh", "Softmax"]), ONE_HOT, ONE_HOT, []),
    "pixels": (lambda: plain(6, 1), _pixels(), [[0.0], [1.0], [0.5], [0.3], [0.1]], []),
    "a sequence without an input": (lambda: plain(1, 1, recurrent=True), [[1.0]] * 3, TARGETS, []),
    "scaled inputs": (lambda: scaled(WIDE), WIDE, TARGETS, []),
    "inputs scaled, and one that was told of": (lambda: scaled(SAMPLES), [[5.0, 700.0], [5.0, 2.0]], TARGETS[:2], []),
    "scaled targets": (lambda: scaled(None, FAR, name="MinMax"), SAMPLES, FAR, []),
    # Targets out of reach.
    "above": (plain, SAMPLES, [[0.0], [1.0], [7.0]], ["targets[3][1] is 7, and Sigmoid gives 0 to 1" + _IDENTITY]),
    "below": (
        lambda: last("SoftPlus", 2),
        SAMPLES,
        [[1.0, 2.0], [0.0, -0.5], [-1.0, 3.0]],
        ["targets[2][2] is -0.5, and SoftPlus gives 0 to infinity" + _IDENTITY],
    ),
    "a hair above": (
        lambda: last("HardTanh"),
        SAMPLES,
        [[1.0], [1.00001], [9.0]],
        ["targets[2][1] is 1.00001, and HardTanh gives -1 to 1" + _IDENTITY],
    ),
    "beyond a minimum": (
        lambda: last("Swish"),
        SAMPLES,
        [[1.0], [-0.278], [-0.279]],
        ["targets[3][1] is -0.279, and Swish gives -0.27846454276107385 to infinity" + _IDENTITY],
    ),
    "numbers for classes": (
        classes,
        ROWS,
        ["cat", [0.0, 2.0, 0.0], "cow"],
        [
            'targets[2]["dog"] is 2, and Softmax gives shares from 0 to 1' + _SHARES,
        ],
    ),
    "scaled out of reach": (
        lambda: scaled(None, [[0.0], [2.0]]),
        SAMPLES,
        [[3.0], [1.0], [0.0]],
        ["targets[1][1] is 2 (scaled), and Sigmoid gives 0 to 1" + _IDENTITY],
    ),
    # Inputs that should be scaled.
    "large": (plain, WIDE, TARGETS, ["samples[1][2] is 1000" + _SCALER]),
    "small": (plain, [[0.0, 1.0], [-10.5, 2.0], [99.0, 0.5]], TARGETS, ["samples[2][1] is -10.5" + _SCALER]),
    "a large one with a name": (
        named,
        [{"speed": 1.0, "turn": 2.0}, {"speed": 12.0, "turn": 1.0}],
        TARGETS[:2],
        ['samples[2]["speed"] is 12' + _SCALER],
    ),
    # Targets that should be scaled.
    "large targets": (lambda: last("Identity"), SAMPLES, FAR, ["targets[1][1] is 200" + _TARGETS]),
    "a target far below": (
        lambda: last("Identity", 2),
        SAMPLES,
        [[1.0, 2.0], [0.0, -10.5], [99.0, 3.0]],
        ["targets[2][2] is -10.5" + _TARGETS],
    ),
    "large targets of half of all numbers": (
        lambda: last("ReLU"),
        SAMPLES,
        [[0.0], [30.0], [1.0]],
        ["targets[2][1] is 30" + _TARGETS],
    ),
    "out of reach, and large": (
        lambda: last("ReLU"),
        SAMPLES,
        [[30.0], [-1.0], [1.0]],
        ["targets[2][1] is -1, and ReLU gives 0 to infinity" + _IDENTITY],
    ),
    # Numbers that never change.
    "an input": (plain, [[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]], TARGETS, ["samples[k][2] is 5" + _STILL]),
    "an input that is 0": (plain, [[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]], TARGETS, ["samples[k][2] is 0" + _STILL]),
    "the first of two": (
        lambda: plain(3),
        [[1.0, 0.0, 0.0], [2.0, 0.0, 0.0]],
        TARGETS[:2],
        ["samples[k][2] is 0" + _STILL],
    ),
    "one that is not 0 before one that is": (
        lambda: plain(3),
        [[0.0, 0.5, 1.0], [0.0, 0.5, 2.0], [0.0, 0.5, 3.0]],
        TARGETS,
        ["samples[k][2] is 0.5" + _STILL],
    ),
    "an input with a name": (named, [[1.0, 2.0], [1.0, 3.0]], TARGETS[:2], ['samples[k]["speed"] is 1' + _STILL]),
    "a target": (plain, SAMPLES, [[0.5]] * 3, ["targets[k][1] is 0.5" + _STILL]),
    "no yes": (plain, SAMPLES, [[0.0]] * 3, ["targets[k][1] is 0" + _STILL]),
    "a single class": (classes, ROWS, ["dog", "dog", "dog"], ['targets[k]["dog"] is 1' + _STILL]),
    "an input of a network that remembers": (
        lambda: plain(2, 1, recurrent=True),
        [[1.0, 0.5], [1.0, 0.25]],
        TARGETS[:2],
        ["samples[k][1] is 1" + _STILL],
    ),
    # Each kind in one line, samples first.
    "all at once": (
        lambda: plain(3, 2),
        [[99.0, 2.0, 2.0], [98.0, 2.0, 2.0], [97.0, 2.0, 2.0]],
        [[5.0, 1.0], [6.0, 1.0], [7.0, 1.0]],
        [
            "samples[1][1] is 99" + _SCALER,
            "samples[k][2] is 2" + _STILL,
            "targets[1][1] is 5, and Sigmoid gives 0 to 1" + _IDENTITY,
            "targets[k][2] is 1" + _STILL,
        ],
    ),
    # A quarter of the other numbers may be 0.
    "zeros here and there": (
        lambda: plain(3),
        [[0.0, 0.0, 1.0], [0.0, 1.0, 2.0]],
        TARGETS[:2],
        ["samples[k][1] is 0" + _STILL],
    ),
    "zeros here and there, and one more": (
        lambda: plain(3),
        [[0.0, 0.0, 1.0], [0.0, 1.0, 2.0], [0.0, 0.0, 3.0]],
        TARGETS,
        [],
    ),
    # Of many samples, the first hundred tell whether zeros are odd.
    "zeros in samples that are not looked at": (
        plain,
        [[0.0, float(25 <= k < 100)] for k in range(300)],
        [[k / 300] for k in range(300)],
        ["samples[k][1] is 0" + _STILL],
    ),
}

# Numbers of `plain` that lead nowhere: in which layer, row (None for the biases) and place, and the sentence.
BROKEN: dict[str, tuple[int, int | None, int, float, str]] = {
    "a weight": (0, 2, 1, nan, f"{_NETWORK}[1][1][3] must be in an array of 2 numbers, got nan as number 2."),
    "a bias": (1, None, 0, inf, f"{_NETWORK}[2][2] must be in an array of 1 number, got infinity as number 1."),
    "of two": (1, 0, 2, -inf, f"{_NETWORK}[2][1][1] must be in an array of 3 numbers, got -infinity as number 3."),
}

NO_EPOCH_LEFT = "No epoch is left: epochs counts those before, too."
CORNERS = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
_FAR, _NEAR = [[5.0], [8.0], [1.0]], [[1.0], [1.0], [2.001]]
_CURE = "lower the learning rate, scale inputs and targets (setScaler), or clip gradients (clipNorm)."


def sum_of_two() -> Network:
    """A line, whose losses anybody computes to the last bit."""
    return Network.from_arrays([[[1.0, 1.0]]], [[0.0]], ["Identity"])


# Targets, a learning rate, epochs, patience if any, and what is said at the end of a training on `CORNERS`.
ENDINGS: dict[str, tuple[list[list[float]], float, int, int | None, list[str]]] = {
    "a loss that grew": (_FAR, 1.25, 50, None, [f"the mean loss grew from 46 to 9.11e+38: {_CURE}"]),
    "one that began small": (_NEAR, 1.0, 50, None, [f"the mean loss grew from 1.67e-07 to 8.43e+04: {_CURE}"]),
    "one that doubled": (_FAR, 1.0, 6, None, []),
    "one that fell": (_FAR, 0.1, 50, None, []),
    "an only epoch": (_FAR, 1.25, 1, None, []),
    # It is a hundred thousand times what it was, and still next to nothing.
    "a small one": (_NEAR, 1.0, 20, None, []),
    # The network is as it was after the best epoch.
    "patience": (_FAR, 1.25, 50, 50, []),
}
