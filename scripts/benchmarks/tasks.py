"""What is raced: tasks, shapes, and the constants of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine import Network
from engine.interface.limits import DEFAULT_ACTIVATOR
from engine.kernels.schedules import NARROW


@dataclass(frozen=True)
class Shape:
    """The sizes of a network whose hidden layers are all alike."""

    inputs: int
    hidden_layers: int
    hidden_nodes: int
    outputs: int

    @property
    def sizes(self) -> list[int]:
        """As the library takes them."""
        return [self.inputs, self.hidden_layers, self.hidden_nodes, self.outputs]

    @property
    def name(self) -> str:
        """The nodes of every layer, such as 2-3-3-1; a dash where there is no network."""
        return "-".join(map(str, self._nodes)) if self.inputs else "–"

    @property
    def weights(self) -> int:
        """How many weights there are, which is how many multiply-adds a forward pass takes."""
        return sum(before * after for before, after in zip(self._nodes, self._nodes[1:], strict=False))

    @property
    def is_narrow(self) -> bool:
        """Whether its functions have one of plain values beside them."""
        return max(self._nodes) <= NARROW

    @property
    def samples(self) -> int:
        """How many samples make a batch or a training session: about the same work for every shape."""
        return min(max(WORK // max(self.weights, 1), FEWEST_SAMPLES), MOST_SAMPLES)

    @property
    def _nodes(self) -> list[int]:
        return [self.inputs, *[self.hidden_nodes] * self.hidden_layers, self.outputs]

    def network(self) -> Network:
        """The network of this shape that every contestant gets."""
        return Network.create(self.inputs, self.hidden_layers, self.hidden_nodes, self.outputs, seed=SEED)


# Multiply-adds of a batch, and within what limits its samples stay.
WORK, FEWEST_SAMPLES, MOST_SAMPLES = 1_000_000, 64, 1024
TINY, MIDDLE = Shape(2, 2, 3, 1), Shape(16, 2, 32, 4)
# Of a bot in a game.
BOT = Shape(6, 3, 8, 6)
# Of a task that has nothing to do with a network.
NO_SHAPE = Shape(0, 0, 0, 0)
SHAPES = (TINY, Shape(8, 2, 16, 4), MIDDLE, Shape(64, 2, 64, 10), Shape(784, 1, 128, 10))


@dataclass(frozen=True)
class Task:
    """One thing that contestants do.

    Attributes:
        name: its key, on the command line, in the file of results and in contestants.luau.
        title: what it is, in a table.
        shapes: the networks it is done with.
        counts_bytes: whether it is asked how much memory a call takes.
        is_of_frame: whether it is asked how much of a frame a call takes.
    """

    name: str
    title: str
    shapes: tuple[Shape, ...] = SHAPES
    counts_bytes: bool = False
    is_of_frame: bool = False


SEED = 1
NUMPY_BATCH = 256
# Small enough for the largest network to stay finite, however long it is trained.
RATE = 0.001
# What takes steps beside plain ones, with its own defaults.
OPTIMIZER = "Adam"
# Samples of a mini-batch.
BATCH_SIZE = 32
# As many samples as exclusive or has, and how often they are gone through.
FEW, FEW_EPOCHS = 4, 250
# What a classifier ends with, and what its training makes small.
HEAD, HEAD_LOSS = "Softmax", "CategoricalCrossEntropy"
# The thread's example: is a point of a square above the curve y = x³ + 2x²?
EXAMPLE_STEPS = 100_000
EXAMPLE_EPOCHS = 10
EXAMPLE_RATE = 0.01
REACH = 4.0
POINTS = 10_000
GENERATION = 20
BOTS = 16
# How often these decide, and how long a frame is at most, in seconds.
DECISIONS, FRAME = 20, 1 / 60

# What contestants.luau is told, by its names.
SETTINGS: Mapping[str, object] = MappingProxyType(
    {
        "seed": SEED,
        # Few enough to stay in the processor's cache, enough to keep a compiler from taking them for constants.
        "samples": 16,
        "compared": 64,
        "rate": RATE,
        "optimizer": OPTIMIZER,
        "batchSize": BATCH_SIZE,
        "few": FEW,
        "fewEpochs": FEW_EPOCHS,
        "head": HEAD,
        "headLoss": HEAD_LOSS,
        "hiddenActivator": DEFAULT_ACTIVATOR,
        "exampleSteps": EXAMPLE_STEPS,
        "exampleEpochs": EXAMPLE_EPOCHS,
        "exampleRate": EXAMPLE_RATE,
        "reach": REACH,
        "points": POINTS,
        "generation": GENERATION,
        "bots": BOTS,
        # The shape for which by_hand.luau is written.
        "byHand": TINY.sizes,
        "recurrentActivator": "Tanh",
        # A session that waited for a frame would be measured waiting.
        "frameBudget": 3600,
    }
)

LUAU_TASKS: Mapping[str, Task] = MappingProxyType(
    {
        task.name: task
        for task in (
            Task("forward", "forward, one call", counts_bytes=True),
            Task("bots", f"{BOTS} bots decide, {DECISIONS} times a second", (BOT,), is_of_frame=True),
            Task("batch", "forward, in a batch", counts_bytes=True),
            # The weights of the largest shape are more than a script holds.
            Task("code", "forward, code for one network", SHAPES[:-1], counts_bytes=True),
            Task("step", "training step, one call", counts_bytes=True),
            Task("training", "training step, in a session", counts_bytes=True),
            Task("training-optimizer", f"training step by {OPTIMIZER}, in a session", counts_bytes=True),
            Task("training-batch", f"training, in mini-batches of {BATCH_SIZE}", counts_bytes=True),
            Task("training-few", f"training step, {FEW} samples again and again", (TINY, MIDDLE)),
            # With one output there is one class, and nothing to learn.
            Task("training-head", f"training step with {HEAD}, in a session", SHAPES[1:], counts_bytes=True),
            Task("example", f"{EXAMPLE_STEPS:,} training steps", (TINY,)),
            Task("generation", f"generation of {GENERATION} on {POINTS:,} points", (TINY,)),
            Task("breeding", f"breeding of {GENERATION} networks", (TINY, MIDDLE)),
            Task("recurrent-forward", "recurrent forward, one call", (TINY, MIDDLE), counts_bytes=True),
            Task("recurrent-step", "recurrent training step, one call", (TINY, MIDDLE), counts_bytes=True),
            Task("save", "save", (TINY, MIDDLE)),
            Task("load", "load", (TINY, MIDDLE)),
            Task("string-value", "forward of a StringValue", (TINY, MIDDLE)),
            Task("require", "loading the library", (NO_SHAPE,)),
        )
    }
)
PYTHON_TASKS: Mapping[str, Task] = MappingProxyType(
    {
        task.name: task
        for task in (
            Task("python-forward", "forward, one sample"),
            Task("python-training", f"training step, {NUMPY_BATCH} samples a call"),
            Task("python-example", f"{EXAMPLE_STEPS:,} training steps", (TINY,)),
            Task("python-example-optimizer", f"{EXAMPLE_STEPS:,} training steps by {OPTIMIZER}", (TINY,)),
        )
    }
)
TASKS: Mapping[str, Task] = MappingProxyType({**LUAU_TASKS, **PYTHON_TASKS})
