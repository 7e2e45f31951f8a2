"""What is known of each optimizer's steps: exact ones, twelve in all digits, and the algorithm as it was published."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Settings = Mapping[str, float]
# The new parameter of an old one, of its gradient, of what the algorithm remembers of it (at first nothing), of the
# number of the step, from 1, and of the settings.
Algorithm = Callable[[float, float, dict[str, float], int, Settings], float]


@dataclass(frozen=True)
class Exact:
    """Steps in fractions.

    Attributes:
        settings: the settings.
        gradients: those of one parameter that begins at 1.
        places: where it then is, worked out by hand from the formulas that PyTorch documents, or the paper.
    """

    settings: Settings
    gradients: list[float]
    places: list[Fraction]


@dataclass(frozen=True)
class Known:
    """What is known of an optimizer.

    Attributes:
        exact: steps in fractions.
        twelve: where a parameter that begins at 1 is after each of `TWELVE_GRADIENTS` with the optimizer's defaults:
            what PyTorch's documented algorithm (or the paper's) gives, worked out in 50 digits by `decimal` and
            written down in 17.
        algorithm: the algorithm as it was published.
        rate: a learning rate with which it learns XOR.
    """

    exact: tuple[Exact, ...]
    twelve: tuple[float, ...]
    algorithm: Algorithm
    rate: float


TWELVE_GRADIENTS = (0.5, -1.25, 2.0, 0.0, -0.125, 3.5, -0.75, 0.03125, -4.0, 1.5, 0.25, -0.0625)


def sgd(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """torch.optim.SGD."""
    return p - s["rate"] * g


def momentum(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """torch.optim.SGD with momentum: its buffer begins as the first gradient."""
    memory["b"] = s["momentum"] * memory["b"] + g if t > 1 else g
    return p - s["rate"] * memory["b"]


def nesterov(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """torch.optim.SGD with nesterov=True."""
    memory["b"] = s["momentum"] * memory["b"] + g if t > 1 else g
    return p - s["rate"] * (g + s["momentum"] * memory["b"])


def adagrad(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """torch.optim.Adagrad."""
    memory["sum"] = memory.get("sum", 0.0) + g**2
    return p - s["rate"] * g / (math.sqrt(memory["sum"]) + s["epsilon"])


def rmsprop(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """torch.optim.RMSprop, whose alpha is the decay."""
    memory["v"] = s["decay"] * memory.get("v", 0.0) + (1 - s["decay"]) * g**2
    return p - s["rate"] * g / (math.sqrt(memory["v"]) + s["epsilon"])


def adam(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """torch.optim.Adam."""
    memory["m"] = s["beta1"] * memory.get("m", 0.0) + (1 - s["beta1"]) * g
    memory["v"] = s["beta2"] * memory.get("v", 0.0) + (1 - s["beta2"]) * g**2
    m, v = memory["m"] / (1 - s["beta1"] ** t), memory["v"] / (1 - s["beta2"] ** t)
    return p - s["rate"] * m / (math.sqrt(v) + s["epsilon"])


def nadam(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """torch.optim.NAdam, with its momentum_decay of 0.004."""
    now, coming = (s["beta1"] * (1 - 0.5 * math.pow(0.96, each * 0.004)) for each in (t, t + 1))
    memory["product"] = memory.get("product", 1.0) * now
    memory["m"] = s["beta1"] * memory.get("m", 0.0) + (1 - s["beta1"]) * g
    memory["v"] = s["beta2"] * memory.get("v", 0.0) + (1 - s["beta2"]) * g**2
    m = coming * memory["m"] / (1 - memory["product"] * coming) + (1 - now) * g / (1 - memory["product"])
    return p - s["rate"] * m / (math.sqrt(memory["v"] / (1 - s["beta2"] ** t)) + s["epsilon"])


def lion(p: float, g: float, memory: dict[str, float], t: int, s: Settings) -> float:
    """Algorithm 2 of the paper, without weight decay."""
    m = memory.get("m", 0.0)
    c = s["beta1"] * m + (1 - s["beta1"]) * g
    memory["m"] = s["beta2"] * m + (1 - s["beta2"]) * g
    return p - s["rate"] * ((c > 0) - (c < 0))


def fractions(*texts: str) -> list[Fraction]:
    """Fractions as they are written."""
    return [Fraction(text) for text in texts]


ADAM = Known(
    # β₂ = 0 makes √v̂ the gradient's size: m = 1/2, 3/2 · 1/2 / (1 + 1); then m = 1/4 + 3/2, 3/4 / 3/4 · 7/4 / (3 + 1).
    (Exact({"rate": 0.75, "beta1": 0.5, "beta2": 0, "epsilon": 1}, [1, 3], fractions("5/8", "3/16")),),
    (
        *(0.99900000002000000, 0.99944221527913896, 0.99910299665119039, 0.99882512939229498, 0.99861886154007540),
        *(0.99808801114051475, 0.99771953271750510, 0.99739111177064106, 0.99750995874038886, 0.99749291980102721),
        *(0.99745779551034888, 0.99743117745256693),
    ),
    adam,
    0.02,
)
KNOWN: Mapping[str, Known] = {
    "SGD": Known(
        (Exact({"rate": 0.5}, [1, 2, -1], fractions("1/2", "-1/2", "0")),),
        (
            0.995,
            1.0075,
            0.9875,
            0.9875,
            0.98875,
            0.95375,
            0.96125,
            0.9609375,
            1.0009375,
            0.9859375,
            0.9834375,
            0.9840625,
        ),
        sgd,
        0.5,
    ),
    "Momentum": Known(
        (
            # v = 1, 1/2 + 2 = 5/2, 5/4 - 1 = 1/4.
            Exact({"rate": 0.5, "momentum": 0.5}, [1, 2, -1], fractions("1/2", "-3/4", "-7/8")),
            # v = -8, 3/4 · -8 + 2 = -4, -3 + 0 = -3.
            Exact({"rate": 0.25, "momentum": 0.75}, [-8, 2, 0], fractions("3", "4", "19/4")),
            Exact({"rate": 0.25, "momentum": 0}, [-8, 2, 4], fractions("3", "5/2", "3/2")),
        ),
        (
            *(0.99500000000000000, 1.0030000000000000, 0.99020000000000000, 0.97868000000000000, 0.96956200000000000),
            *(0.92635580000000000, 0.89497022000000000, 0.86641069799999999, 0.88070712819999999, 0.87857391537999999),
            *(0.87415402384199999, 0.87080112145779998),
        ),
        momentum,
        0.1,
    ),
    "Nesterov": Known(
        # v = 1, 5/2, 1/4 as for momentum; steps of 1/2 times 1 + 1/2, 2 + 5/4, -1 + 1/8.
        (Exact({"rate": 0.5, "momentum": 0.5}, [1, 2, -1], fractions("1/4", "-11/8", "-15/16")),),
        (
            *(0.99050000000000000, 1.0102000000000000, 0.97868000000000000, 0.96831200000000000, 0.96135580000000000),
            *(0.88747021999999999, 0.86672319799999999, 0.84070712819999999, 0.89357391537999999, 0.87665402384199999),
            *(0.87017612145779998, 0.86778350931201998),
        ),
        nesterov,
        0.1,
    ),
    "AdaGrad": Known(
        # Roots of 9, 25, 169: steps of 3/6, 4/8, 12/16.
        (Exact({"rate": 1, "epsilon": 3}, [3, 4, 12], fractions("1/2", "0", "-3/4")),),
        (
            *(0.99000000000200000, 0.99928476691016294, 0.99098915335266362, 0.99098915335266362, 0.99150693372572067),
            *(0.98327519927738431, 0.98501232410944840, 0.98493994580399876, 0.99173606535846716, 0.98926646030991993),
            *(0.98885520768341365, 0.98895801540651540),
        ),
        adagrad,
        0.2,
    ),
    "RMSprop": Known(
        # v = 4/4 = 1, 3/4 + 1/4 = 1: steps of 2/2, 1/2.
        (Exact({"rate": 1, "decay": 0.75, "epsilon": 1}, [2, 1], fractions("0", "-1/2")),),
        (
            *(0.90000001999999604, 0.99291178137481496, 0.90980825551124820, 0.90980825551124820, 0.91504748466793660),
            *(0.83228769256970554, 0.84983473729673978, 0.84909994698821522, 0.91779399633860014, 0.89273033074941138),
            *(0.88853570387649226, 0.88958958500310644),
        ),
        rmsprop,
        0.02,
    ),
    "Adam": ADAM,
    # Without weight decay it is Adam.
    "AdamW": ADAM,
    "Nadam": Known(
        # β₁ = 0 leaves the gradient alone, β₂ = 0 its size: steps of 3/4 times 1/2, 3/4.
        (Exact({"rate": 0.75, "beta1": 0, "beta2": 0, "epsilon": 1}, [1, 3], fractions("5/8", "1/16")),),
        (
            *(0.99788709648554729, 0.99978088253896601, 0.99795664155396567, 0.99786894648459699, 0.99792190419489670),
            *(0.99546369547604179, 0.99579690491407007, 0.99560565977698878, 0.99791098554716101, 0.99704343310244877),
            *(0.99687193534234869, 0.99689381256440030),
        ),
        nadam,
        0.02,
    ),
    "Lion": Known(
        # c = 1/2, 1/8 - 1/2, -1/32 + 1/32 = 0, -1/64, of m = 1/4, 3/16 - 1/4 = -1/16, -3/64 + 1/64 = -1/32.
        (Exact({"rate": 0.5, "beta1": 0.5, "beta2": 0.75}, [1, -1, 0.0625, 0], fractions("1/2", "1", "1", "3/2")),),
        (0.9999, 1.0, 0.9999, 0.9998, 0.9999, 0.9998, 0.9999, 0.9998, 0.9999, 0.9998, 0.9997, 0.9996),
        lion,
        0.01,
    ),
}
