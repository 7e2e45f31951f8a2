"""What is compared: every activation × shapes × feed-forward and recurrent, every kind of layer and every loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from codegen.library.schedules import WRITTEN_OUT_ACTIVATORS
from engine import ACTIVATIONS, Network, Random
from engine.files.network_table import implied_kinds
from engine.formulas.registry import LOSSES, OUTPUT_ACTIVATIONS
from engine.interface.limits import DEFAULT_ACTIVATOR
from engine.kernels.schedules import NARROW
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.parity.tolerances import transcendental_calls, transcendental_calls_of

# Every width that has a kernel of its own, every rung of the ladders, and what is left over behind them.
SHAPES = ((1, 1, 1, 1), (2, 2, 3, 1), (3, 1, 2, 3), (4, 2, 4, 2), (7, 2, 11, 2), (16, 3, 19, 5))
STEPS = 100
RATE = 0.05
# Widths that leave a remainder behind every tile of the kernels over many samples, and epochs over samples.
SESSION_SHAPES = ((3, 1, 2, 3), (7, 2, 11, 2))
WIDE_SESSION_SHAPES = ((1, 1, 1, 1), (16, 3, 16, 5), (9, 2, 13, 9), (21, 1, 23, 7))
# Every width that has a loop of its own in the kernels over columns, what is left over behind the loops of wide layers,
# and every rung of their ladder.
BATCH_SHAPES = ((1, 1, 2, 1), (3, 2, 4, 4), (7, 2, 11, 2), (8, 1, 5, 4), (6, 1, 1, 3))
SESSION_SAMPLES = 12
SESSION_EPOCHS = 2
NARROW_COUNTS = range(1, NARROW + 1)
# Every number of inputs and of nodes that a narrow layer can have, and wide networks with a narrow layer.
NARROW_SHAPES = (
    *((inputs, 1, nodes, (inputs + nodes) % NARROW + 1) for inputs in NARROW_COUNTS for nodes in NARROW_COUNTS),
    (NARROW, 1, NARROW + 2, 2),
    (NARROW + 2, 1, NARROW, 2),
)
GENERATIONS = 20
NETWORKS = 6


@dataclass(frozen=True)
class Case:
    """A shape of network."""

    inputs: int
    hidden_layers: int
    hidden_nodes: int
    outputs: int
    activator: str | tuple[str, ...]
    recurrent: bool
    # The kind of each layer, if they are not those that go without saying.
    kinds: tuple[str, ...] = ()
    # What training makes small, if it has to be named.
    loss: str = ""
    settings: tuple[tuple[str, float], ...] = ()

    def __str__(self) -> str:
        name = self.activator if isinstance(self.activator, str) else "/".join(sorted(set(self.activator)))
        memory = f"-{'/'.join(self.kinds)}" if self.kinds else "-recurrent" if self.recurrent else ""
        settings = "".join(f"-{name}={value}" for name, value in self.settings)
        loss = f"-{self.loss}{settings}" if self.loss else ""
        return f"{self.inputs}-{self.hidden_layers}x{self.hidden_nodes}-{self.outputs}-{name}{memory}{loss}"

    @property
    def seed(self) -> int:
        """A seed of its own for every case."""
        return sum(index * ord(letter) for index, letter in enumerate(str(self), start=1))

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The first four arguments of createNet, or what getNetworkData says instead."""
        return self.inputs, self.hidden_layers, self.hidden_nodes, self.outputs

    def create(self, random: Random | int) -> Network:
        """The network in Python."""
        network = self._create(random)
        if self.loss:
            network.loss = {"name": self.loss, **dict(self.settings)}
        return network

    @property
    def is_made_by_create_net(self) -> bool:
        """Whether createNet makes such networks; others are loaded."""
        return not self.kinds and not self.loss and self.hidden_layers > 0

    def _create(self, random: Random | int) -> Network:
        if self.kinds or not self.hidden_layers:
            inputs, hidden_layers, hidden_nodes, outputs = self.shape
            sizes = (inputs, *[hidden_nodes] * hidden_layers, outputs)
            kinds = self.kinds or implied_kinds(hidden_layers + 1, with_state=self.recurrent)
            return network_of_kinds(kinds, self.activator, seed=random, sizes=sizes)
        return Network.create(*self.shape, self.activator, self.recurrent, seed=random)

    def samples(self, count: int) -> list[tuple[list[float], list[float]]]:
        """Inputs and targets."""
        return [([*inputs], [*target]) for inputs, target in _samples(self, count)]

    def scores(self) -> list[list[float]]:
        """Scores of every generation: positive, negative, zero and equal ones."""
        random = Random(self.seed + 2)
        return [[float(random.index(7) - 3) for _ in range(NETWORKS)] for _ in range(GENERATIONS)]


@cache
def _samples(case: Case, count: int) -> list[tuple[list[float], list[float]]]:
    random = Random(case.seed + 1)
    return [
        ([random.symmetric(2.0) for _ in range(case.inputs)], [random.uniform() for _ in range(case.outputs)])
        for _ in range(count)
    ]


def _cases(activators: dict[str, str | None], shapes: Sequence[tuple[int, int, int, int]] = SHAPES) -> list[Case]:
    """Every shape, feed-forward and recurrent, of each hidden activation, with the output activation given for it."""
    return [
        Case(*shape, activator=hidden if output is None else (*[hidden] * shape[1], output), recurrent=recurrent)
        for hidden, output in activators.items()
        for shape in shapes
        for recurrent in (False, True)
    ]


# Activations of whole layers, behind narrow layers and wide ones.
OUTPUT_CASES = [
    case for name in OUTPUT_ACTIVATIONS for case in _cases({"Tanh": name}, ((1, 1, 1, 1), (4, 2, 4, 3), (7, 2, 11, 5)))
]
CASES = [*_cases(dict.fromkeys(ACTIVATIONS)), *OUTPUT_CASES]
# Where an activation is only named, as when networks are made, saved and bred: every shape with one, and each of them.
NAMING_CASES = [
    *_cases({DEFAULT_ACTIVATOR: None}),
    *_cases({name: None for name in ACTIVATIONS if name != DEFAULT_ACTIVATOR}, SHAPES[2:3]),
    *OUTPUT_CASES,
]

# Activations that narrow networks have written out, and one that they call.
NARROW_CASES = _cases(dict.fromkeys((*WRITTEN_OUT_ACTIVATORS, "Swish")), NARROW_SHAPES)

# Networks of one layer: narrow, wide, and of every kind. (The output layer of the original's recurrent networks has a
# state that is out of play.)
SINGLE_SHAPES = ((1, 0, 0, 1), (NARROW, 0, 0, 2), (2, 0, 0, NARROW + 1), (7, 0, 0, 3), (16, 0, 0, 19))
SINGLE_CASES = [
    *_cases({"LeakyReLU": "LeakyReLU", "ElliotSign": "ElliotSign"}, SINGLE_SHAPES),
    *(
        Case(*shape, ("ElliotSign",), kind.has_state, (name,))
        for shape in SINGLE_SHAPES
        for name, kind in LAYER_KINDS.items()
        if (name,) not in [implied_kinds(1, with_state=with_state) for with_state in (False, True)]
    ),
]
# With a single name, which is the hidden layers', the output layer has its own.
NAMED_SINGLE_CASES = _cases({"Tanh": None}, SINGLE_SHAPES)

# Networks of arithmetic and square roots alone, whose numbers must be equal to the last bit. With an output activation
# of infinite range, training makes some of them diverge to nan, which no string can hold: those are only run.
LINEAR_OUTPUT_CASES = _cases({name: "Identity" for name in ACTIVATIONS if not transcendental_calls(name)})
EXACT_CASES = _cases({name: "ElliotSign" for name in ACTIVATIONS if not transcendental_calls(name)})

SESSION_CASES = [
    *_cases(dict.fromkeys(ACTIVATIONS), SESSION_SHAPES),
    *OUTPUT_CASES,
    *_cases(dict.fromkeys(("Tanh", "LeakyReLU")), WIDE_SESSION_SHAPES),
    Case(5, 3, 9, 2, activator=("Tanh", "ReLU", "Sin", "Identity"), recurrent=False),
    Case(5, 3, 9, 2, activator=("Tanh", "ElliotSign", "Gaussian", "Sigmoid"), recurrent=True),
]
EXACT_SESSION_CASES = [
    *_cases({name: "ElliotSign" for name in ACTIVATIONS if not transcendental_calls(name)}, SESSION_SHAPES),
    *_cases({"LeakyReLU": "ElliotSign"}, WIDE_SESSION_SHAPES),
]

BATCH_CASES = [
    case
    for case in (
        *_cases(dict.fromkeys(ACTIVATIONS), BATCH_SHAPES),
        *_cases(dict.fromkeys(ACTIVATIONS, "Identity"), BATCH_SHAPES),
        *(Case(3, 1, 2, 2, activator=("Tanh", name), recurrent=False) for name in ACTIVATIONS),
        *OUTPUT_CASES,
    )
    if not case.recurrent
]
EXACT_BATCH_CASES = [
    case
    for output in ("ElliotSign", "Identity", "LeakyReLU", "ReLU")
    for case in _cases({name: output for name in ACTIVATIONS if not transcendental_calls(name)}, BATCH_SHAPES)
    if not case.recurrent
]


def _kind_cases(activator: tuple[str, str], shapes: Sequence[tuple[int, int, int, int]]) -> list[Case]:
    """Networks of each kind of layer alone and of each two of them, as far as they have to be named."""
    hidden, output = activator
    mixes = [(first, second, first) for first, second in product(LAYER_KINDS, repeat=2)]
    return [
        Case(*shape, (*[hidden] * shape[1], output), any(LAYER_KINDS[each].has_state for each in mix), mix)
        for mix in mixes
        if mix not in [implied_kinds(len(mix), with_state=with_state) for with_state in (False, True)]
        for shape in shapes
    ]


# Layers that are narrow, wide, and some of each.
KIND_SHAPES = ((2, 2, 3, 1), (7, 2, 11, 2), (5, 2, 3, 9))
KIND_CASES = [
    *_kind_cases(("Tanh", "Sigmoid"), KIND_SHAPES),
    *(case for name in OUTPUT_ACTIVATIONS for case in _kind_cases(("Tanh", name), KIND_SHAPES[-1:])),
]
EXACT_KIND_CASES = _kind_cases(("LeakyReLU", "ElliotSign"), KIND_SHAPES)


def _loss_cases(
    names: Sequence[str], activator: tuple[str, str], shapes: Sequence[tuple[int, int, int, int]] = KIND_SHAPES
) -> list[Case]:
    """Networks that are trained by each of these losses, with their defaults and with each setting."""
    hidden, output = activator
    return [
        Case(*shape, (*[hidden] * shape[1], output), recurrent, loss=name, settings=settings)
        for name in names
        for settings in ((), *(((each.name, 0.25),) for each in LOSSES[name].settings))
        for shape in shapes
        for recurrent in (False, True)
    ]


# Outputs between 0 and 1, for losses that are made for probabilities, and that may be fused with what makes them.
LOSS_CASES = [
    *_loss_cases(list(LOSSES), ("Tanh", "Sigmoid")),
    *_loss_cases(list(LOSSES), ("Tanh", "Softmax"), KIND_SHAPES[1:]),
    *_loss_cases(list(LOSSES), ("Tanh", "Gaussian"), KIND_SHAPES[1:2]),
]
EXACT_LOSS_CASES = _loss_cases(
    [name for name, each in LOSSES.items() if not transcendental_calls_of(each.value, each.slope)],
    ("LeakyReLU", "ElliotSign"),
)
