"""Everything that is chosen of a network and its training, what does not go together, and what choices mean.

The choices come from the registries, so that a new entry is there at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

from codegen.library.schedules import VECTOR_NODES
from engine import Network, Optimizer, Random, Scaler
from engine.elementwise import arguments_of
from engine.formulas.records import RATE as RATE_NAME
from engine.formulas.records import Formula, Loss, Setting
from engine.formulas.registry import (
    ACTIVATIONS,
    ALL_ACTIVATIONS,
    COMMON_SETTINGS,
    ELEMENTWISE_OPTIMIZERS,
    INITIALIZERS,
    LOSSES,
    OUTPUT_ACTIVATIONS,
    RATE_SCHEDULES,
    SCALERS,
)
from engine.formulas.schedules.warm_up import WARM_UP, warmed
from engine.interface.limits import LAYOUTS, PRECISIONS
from engine.interface.options import LOSS_SETTINGS, OPTIMIZER_OPTIONS, SCHEDULE_OPTIONS
from engine.kernels.schedules import NARROW
from engine.layers.registry import LAYER_KINDS
from engine.training.asked import Engine
from tests.parity.covering import Factors, Row
from tests.parity.tolerances import transcendental_calls_of

RATE = 0.002
# How many samples, and how often they are gone through: with plain rates, as many steps as it takes until weights are
# stored elsewhere; with optimizers, enough for a schedule that watches epochs.
SAMPLES, EPOCHS, PLAIN_EPOCHS = 4, 3, 4
# So little that every look at the clock would be a turn for others.
SMALL_BUDGET = 1e-9
DROPOUT = 0.25
BIAS = 0.25


class Sizes(NamedTuple):
    """How many inputs, nodes of each hidden layer and outputs."""

    inputs: int
    nodes: int
    outputs: int


class Loops(NamedTuple):
    """A way of training and the sizes of a network: what says which loops run at a plain rate without dropout.

    They are a choice of their own, so that each of these loops meets all else: in the other ways to train that the
    same choices may end up with, all steps are taken by the same loops.
    """

    way: str
    sizes: str


class Scheduling(NamedTuple):
    """A schedule, and whether the rate grows at first."""

    name: str
    warms_up: bool


class Chosen(NamedTuple):
    """A loss, and whether its settings are others than by themselves."""

    name: str
    is_set: bool


ONE_BY_ONE, SINGLE = "backwardNet", "f32"
WAYS = (ONE_BY_ONE, *LAYOUTS, SINGLE)
# As few inputs and nodes as have loops of their own, few nodes in hidden layers alone, and as many as have vectors.
SIZES = NARROW_ALL, NARROW_IN_PART, WIDE = "narrow", "narrow in part", "wide"
CLASSES = "classes"
# What is done in the end, and the options of it.
RUNS: Mapping[str, Mapping[str, bool]] = MappingProxyType(
    {
        "forwardNet": {},
        "forwardNet with cache": {},
        "classifyNet": {},
        "createFunction": {},
        "forwardBatch": {},
        "forwardBatch in columns": {"columns": True},
        "forwardBatch f32": {"f32": True},
        "forwardBatch f32 in columns": {"columns": True, "f32": True},
        "forwardBatch of a batch": {},
    }
)
# Settings of optimizers that are not found by rule: only half a loss is a better one.
_VALUES = {"threshold": 0.5}

_OWN = {name: {each.name: each for each in record.settings} for name, record in ELEMENTWISE_OPTIMIZERS.items()}
_COMMON = {each.name: each for each in COMMON_SETTINGS}
# An option that several optimizers have, with the default of one of them.
_OPTIONS = {name: each for own in [_COMMON, *_OWN.values()] for name, each in own.items() if name != RATE_NAME}
OPTIONS = tuple(_OPTIONS)
OFF_AND_ON = (False, True)

FACTORS: Factors = MappingProxyType(
    {
        "hidden": (None, *ACTIVATIONS),
        "output": tuple(ALL_ACTIVATIONS),
        "loops": (None, *(Loops(*each) for each in product(WAYS, SIZES))),
        "schedule": (None, *(Scheduling(*each) for each in product(RATE_SCHEDULES, OFF_AND_ON))),
        "optimizer": (None, *ELEMENTWISE_OPTIMIZERS),
        "loss": tuple(
            Chosen(name, is_set) for name in LOSSES for is_set in OFF_AND_ON if LOSSES[name].settings or not is_set
        ),
        "initializer": (None, *INITIALIZERS),
        "way": WAYS,
        "run": tuple(RUNS),
        "kind": (None, *LAYER_KINDS),
        "output kind": tuple(LAYER_KINDS),
        "input scaler": (None, *SCALERS),
        "target scaler": (None, *SCALERS),
        "sizes": SIZES,
        "layers": (1, 2, 3),
        "names of outputs": (None, "outputs", CLASSES),
        "names of inputs": OFF_AND_ON,
        "bias": OFF_AND_ON,
        "dropout": OFF_AND_ON,
        "shuffle": OFF_AND_ON,
        "frame budget": OFF_AND_ON,
        "precision": PRECISIONS,
        **dict.fromkeys(OPTIONS, OFF_AND_ON),
    }
)


class Rule(NamedTuple):
    """What does not go together.

    Attributes:
        why: in words.
        factor: of which a choice comes first,
        other: and of which a choice comes second.
        parts: whether two choices do not go together.
    """

    why: str
    factor: str
    other: str
    parts: Callable[[Any, Any], bool]


def has_state(kind: str | None) -> bool:
    """Whether a layer of a kind has a state, where there is a layer."""
    return kind is not None and LAYER_KINDS[kind].has_state


def _lacks(option: str) -> Callable[[str | None, bool], bool]:
    """Whether an optimizer lacks an option that is set."""
    return lambda name, is_on: is_on and name is not None and option not in _OWN[name]


# Pairs that there cannot be, and pairs that the library refuses.
NOTHING_THERE = (
    Rule(
        "one layer is the output layer: no hidden one has an activation",
        "layers",
        "hidden",
        lambda layers, name: (layers == 1) != (name is None),
    ),
    Rule("nor a kind", "layers", "kind", lambda layers, kind: (layers == 1) != (kind is None)),
    Rule("plain loops have no optimizer", "loops", "optimizer", lambda loops, name: None not in (loops, name)),
    Rule("nor dropout", "loops", "dropout", lambda loops, is_on: loops is not None and is_on),
    Rule("they are of their way", "loops", "way", lambda loops, way: loops is not None and loops.way != way),
    Rule("and of their sizes", "loops", "sizes", lambda loops, sizes: loops is not None and loops.sizes != sizes),
    Rule(
        "a rate has no schedule", "optimizer", "schedule", lambda name, schedule: name is None and schedule is not None
    ),
    *(Rule("nor options", "optimizer", option, lambda name, is_on: name is None and is_on) for option in OPTIONS),
    Rule("one step has no order", "way", "shuffle", lambda way, is_on: way == ONE_BY_ONE and is_on),
    Rule("and no turns", "way", "frame budget", lambda way, is_on: way == ONE_BY_ONE and is_on),
)
REFUSED = (
    Rule("no output is left out", "layers", "dropout", lambda layers, is_on: layers == 1 and is_on),
    Rule(
        "classes have no units",
        "names of outputs",
        "target scaler",
        lambda names, kind: names == CLASSES and bool(kind),
    ),
    *(
        Rule("what remembers takes no batch", factor, "run", lambda kind, run: has_state(kind) and is_batch(run))
        for factor in ("kind", "output kind")
    ),
    *(
        Rule("nor another order", factor, "shuffle", lambda kind, is_on: has_state(kind) and is_on)
        for factor in ("kind", "output kind")
    ),
    *(
        Rule("each optimizer has its options", "optimizer", option, _lacks(option))
        for option in OPTIONS
        if option not in _COMMON
    ),
)
RULES = (*NOTHING_THERE, *REFUSED)


def is_batch(run: str) -> bool:
    """Whether something is done with all samples at once."""
    return run.startswith("forwardBatch")


def go_together(factor: str, choice: Any, other: str, other_choice: Any) -> bool:
    """Whether no rule parts two choices."""
    return not any(
        (rule.factor == factor and rule.other == other and rule.parts(choice, other_choice))
        or (rule.factor == other and rule.other == factor and rule.parts(other_choice, choice))
        for rule in RULES
    )


def other_value(setting: Setting) -> float:
    """A value of a setting that is not its default."""
    if setting.name in _VALUES:
        return _VALUES[setting.name]
    if setting.limits.whole:
        least = setting.limits.at_least or 0.0
        return next(value for value in (0.0, 2.0, 1.0) if value >= least and value != setting.default)
    if setting.default is None:
        return 0.05
    return setting.default / 2 or RATE / 2


def needs_chances(loss: Loss) -> bool:
    """Whether a loss gets out of hand where outputs are not between 0 and 1."""
    known = {"output": -0.5, "target": 0.5, "count": 2.0, **loss.values}
    return abs(loss.slope(**{name: known[name] for name in arguments_of(loss.slope)})) > 1 / RATE


def bias_of_half(activator: str) -> float:
    """The bias with which an activation gives about a half."""
    value = ACTIVATIONS[activator].value
    return min((step / 4 for step in range(-8, 9)), key=lambda bias: abs(value(bias) - 0.5))


@dataclass(frozen=True, eq=False)
class Case:
    """A network and its training.

    Attributes:
        number: which one it is.
        row: what is chosen.
        turn: how many other random numbers it has had before: weights, samples, targets.
    """

    number: int
    row: Row
    turn: int = 0

    def __str__(self) -> str:
        said = (f"{name} {_word(choice)}" for name, choice in self.row.items() if choice not in (None, False))
        return f"case {self.number}: {', '.join(said)}"

    @property
    def seed(self) -> int:
        """Where its random numbers come from."""
        return 1000 * self.number + 10 * self.turn

    @property
    def sizes(self) -> Sizes:
        """How many numbers go in and come out, and how many nodes are between: in each case some others."""
        number = self.number
        if self.row["sizes"] == NARROW_ALL:
            return Sizes(1 + number % NARROW, 1 + number // NARROW % NARROW, 2 + number % (NARROW - 1))
        if self.row["sizes"] == NARROW_IN_PART:
            return Sizes(1 + number % (2 * NARROW), 1 + number % NARROW, NARROW + 1 + number % NARROW)
        return Sizes(1 + number % (2 * NARROW), VECTOR_NODES + number % 9, 2 + number % (2 * NARROW))

    @property
    def loss(self) -> Loss:
        """What is made small."""
        name, is_set = self.row["loss"]
        values = {each.name: other_value(each) for each in LOSSES[name].settings} if is_set else {}
        return LOSSES[name].with_settings(values)

    @property
    def is_delicate(self) -> bool:
        """Whether its outputs have to be kept between 0 and 1, which they are not by themselves."""
        name = self.row["output"]
        return name in ACTIVATIONS and not self.loss.fused_with(name) and needs_chances(self.loss)

    @property
    def rate(self) -> float:
        """The learning rate."""
        return RATE / 16 if self.is_delicate else RATE

    @property
    def output_share(self) -> float:
        """What the weights of the output layer are multiplied by before training."""
        return 2.0**-8 if self.is_delicate else 1.0

    @cached_property
    def description(self) -> dict[str, Any]:
        """What describes the network."""
        row, sizes = self.row, self.sizes
        common = {"initializer": row["initializer"], "bias": BIAS if row["bias"] else None}
        hidden = {"nodes": sizes.nodes, "activator": row["hidden"], "kind": row["kind"], **common}
        last = {"nodes": sizes.outputs, "activator": row["output"], "kind": row["output kind"], **common}
        if self.is_delicate:
            last["bias"] = bias_of_half(row["output"])
        layers = [dict(each) for each in [*[hidden] * (row["layers"] - 1), last]]
        for each in layers[:-1] or layers:
            each["dropout"] = DROPOUT if row["dropout"] else None
        inputs: object = self.input_names if row["names of inputs"] else sizes.inputs
        made: dict[str, Any] = {
            "inputs": inputs,
            "layers": [_known(each) for each in layers],
            "loss": self._loss_field,
            "seed": self.seed,
        }
        if row["names of outputs"]:
            made[row["names of outputs"]] = self.output_names
        return made

    @property
    def _loss_field(self) -> object:
        name, values = self.loss.name, self.loss.values
        if not self.row["loss"].is_set:
            return name
        return {"name": name, **{each.name: values[each.python] for each in LOSS_SETTINGS[name]}}

    @property
    def input_names(self) -> list[str]:
        """What inputs are called: not in the order of the alphabet."""
        return [f"input {9 - index}" for index in range(self.sizes.inputs)]

    @property
    def output_names(self) -> list[str]:
        """What outputs, or classes, are called."""
        return [f"output {9 - index}" for index in range(self.sizes.outputs)]

    @cached_property
    def inputs(self) -> list[list[float]]:
        """What goes in, in numbers."""
        random, is_scaled = Random(self.seed + 1), self.row["input scaler"] is not None
        return _numbers(random, self.sizes.inputs, (30.0, 10.0) if is_scaled else (0.0, 1.0))

    @cached_property
    def wanted(self) -> list[list[float]]:
        """What should come out, in numbers."""
        random, is_scaled = Random(self.seed + 2), self.row["target scaler"] is not None
        return _numbers(random, self.sizes.outputs, (-20.0, 5.0) if is_scaled else (0.5, 0.5))

    @property
    def known_inputs(self) -> list[Any]:
        """What scalers of inputs are made from: by names where they have some."""
        return _by_names(self.inputs, self.input_names) if self.row["names of inputs"] else self.inputs

    @property
    def known_wanted(self) -> list[Any]:
        """What scalers of targets are made from, likewise."""
        return _by_names(self.wanted, self.output_names) if self.row["names of outputs"] == "outputs" else self.wanted

    @property
    def samples(self) -> list[Any]:
        """What goes in, every other sample by its names where it has some."""
        return _in_turns(self.known_inputs, self.inputs)

    @property
    def targets(self) -> list[Any]:
        """What should come out: classes, or numbers, every other time by their names where they have some."""
        if self.row["names of outputs"] == CLASSES:
            return [self.output_names[index % self.sizes.outputs] for index in range(SAMPLES)]
        return _in_turns(self.known_wanted, self.wanted)

    @property
    def options(self) -> dict[str, Any]:
        """What is set of the optimizer, by its names in Python."""
        name, schedule = self.row["optimizer"], self.row["schedule"]
        known = {**_OPTIONS, **_OWN[name]}
        chosen: dict[str, Any] = {each: other_value(known[each]) for each in OPTIONS if self.row[each]}
        if schedule is not None:
            settings = (*RATE_SCHEDULES[schedule.name].settings, *([WARM_UP] if schedule.warms_up else []))
            chosen["schedule"] = {"name": schedule.name, **{each.name: other_value(each) for each in settings}}
        return {RATE_NAME: self.rate, **chosen}

    @property
    def is_plain(self) -> bool:
        """Whether steps are plain ones, for which weights may be stored elsewhere."""
        name = self.row["optimizer"]
        return name is None or (ELEMENTWISE_OPTIMIZERS[name].fused is not None and self.options.keys() == {RATE_NAME})

    @property
    def epochs(self) -> int:
        """How often the samples are gone through."""
        return PLAIN_EPOCHS if self.is_plain else EPOCHS

    @property
    def trains_in_vectors(self) -> bool:
        """Whether training is in 32 bits, where there are vectors."""
        is_wide = self.row["layers"] > 1 and self.row["sizes"] == WIDE
        return self.row["way"] == SINGLE and not self.row["dropout"] and self.is_plain and is_wide

    @property
    def most_columns(self) -> int:
        """How many weights a node has at most."""
        return max(int(layer.weights.shape[1]) for layer in self.made.layers)

    @property
    def is_exact(self) -> bool:
        """Whether its training is arithmetic alone, so that all its numbers have to be equal to the last bit."""
        return transcendental_calls_of(*self._formulas()) == 0

    @property
    def runs_exactly(self) -> bool:
        """Whether its layers are arithmetic alone."""
        return transcendental_calls_of(*self._activations()) == 0

    def _activations(self) -> Iterator[Formula]:
        for name in (self.row["hidden"], self.row["output"]):
            if name in ACTIVATIONS:
                yield from (ACTIVATIONS[name].value, ACTIVATIONS[name].slope)
            elif name is not None:
                record = OUTPUT_ACTIVATIONS[name]
                yield from (record.power, record.share, record.slope)

    def _formulas(self) -> Iterator[Formula]:
        yield from self._activations()
        loss = self.loss.fused_with(self.row["output"]) or self.loss
        yield from (loss.value, loss.slope)
        if self.row["schedule"] is not None:
            record = RATE_SCHEDULES[self.row["schedule"].name]
            yield from (record.rate, warmed, *(each.formula for each in record.kept))

    @cached_property
    def made(self) -> Network:
        """The network as it is described."""
        return Network.build(**self.description)

    @cached_property
    def start(self) -> Network:
        """The network as it is before training."""
        network = self.made.copy()
        network.layers[-1].weights[:] *= self.output_share
        network.set_scaler(
            *(
                None if kind is None else Scaler.fit(numbers, kind)
                for kind, numbers in (
                    (self.row["input scaler"], self.known_inputs),
                    (self.row["target scaler"], self.known_wanted),
                )
            )
        )
        return network

    @property
    def goes_to_luajit(self) -> bool:
        """Whether Python's own LuaJIT trains it, too."""
        return self.row["way"] != ONE_BY_ONE and not self.row["dropout"] and not self.row["clip_norm"]

    def train(self, engine: Engine = "numpy") -> tuple[Network, Optimizer | None, list[float]]:
        """What Python makes of it: the network, what took the steps, and the losses of epochs."""
        network = self.start.copy()
        name = self.row["optimizer"]
        optimizer = None if name is None else Optimizer(name, **self.options)
        rate, losses = optimizer or self.rate, []
        if self.row["way"] == ONE_BY_ONE:
            for sample, target in zip(self.samples * self.epochs, self.targets * self.epochs, strict=True):
                network.backward(rate, sample, target)
        else:
            losses = network.train(
                self.samples,
                self.targets,
                rate,
                self.epochs,
                shuffle=self.row["shuffle"],
                engine=engine,
                random=self.seed,
            ).tolist()
        return network, optimizer, losses

    @property
    def in_lua(self) -> dict[str, Any]:
        """All of it, as Lua gets it."""
        way, name = self.row["way"], self.row["optimizer"]
        training = {
            "epochs": self.epochs,
            "shuffle": self.row["shuffle"],
            "frameBudget": SMALL_BUDGET if self.row["frame budget"] else None,
            "layout": LAYOUTS[1] if way == SINGLE else way,
            "f32": True if way == SINGLE else None,
        }
        return _known(
            {
                "description": self.description,
                "outputShare": self.output_share,
                "inputs": self.known_inputs,
                "wanted": self.known_wanted,
                "inputScaler": self.row["input scaler"],
                "targetScaler": self.row["target scaler"],
                "samples": self.samples,
                "targets": self.targets,
                "epochs": self.epochs,
                "rate": self.rate,
                "optimizer": name,
                "options": None if name is None else in_luau(self.options),
                "training": None if way == ONE_BY_ONE else _known(training),
                "seed": self.seed,
                "precision": self.row["precision"],
                "run": self.row["run"].partition(" ")[0],
                "numbers": self.inputs if self.row["run"] == "forwardBatch of a batch" else None,
                "cache": self.row["run"] == "forwardNet with cache",
                "batch": dict(RUNS[self.row["run"]]),
            }
        )


def run(network: Network, case: Case) -> Any:
    """What is done with a network in the end; only what remembers is changed by it."""
    samples: list[Any] = case.samples
    match case.row["run"]:
        case "forwardNet":
            return [_plain(network.forward(sample)) for sample in samples]
        case "forwardNet with cache":
            found = [network.forward(sample, give_cache=True) for sample in samples]
            return [[_plain(outputs), [part.tolist() for part in cache]] for outputs, cache in found]
        case "classifyNet":
            answers: list[Any] = [network.classify(sample) for sample in samples]
            return [[best if isinstance(best, str) else best + 1.0, share] for best, share in answers]
        case "createFunction":
            run_copy = network.function()
            return [_plain(run_copy(sample)) for sample in samples]
        case "forwardBatch of a batch":
            return _plain(network.forward(case.inputs))
    rows = _plain(network.forward(samples))
    if not RUNS[case.row["run"]].get("columns"):
        return rows
    if isinstance(rows[0], dict):
        return {name: [row[name] for row in rows] for name in rows[0]}
    return [list(column) for column in zip(*rows, strict=True)]


_NAMES = {each.python: each.name for each in (*OPTIMIZER_OPTIONS.fields, *SCHEDULE_OPTIONS.fields)}


def in_luau(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options by their names in Luau."""
    return {_NAMES[name]: in_luau(value) if isinstance(value, dict) else value for name, value in options.items()}


def _numbers(random: Random, width: int, middle_and_size: tuple[float, float]) -> list[list[float]]:
    middle, size = middle_and_size
    return [[middle + random.symmetric(size) for _ in range(width)] for _ in range(SAMPLES)]


def _by_names(rows: Sequence[Sequence[float]], names: Sequence[str]) -> list[Any]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _in_turns(rows: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    return [others[index] if index % 2 else row for index, row in enumerate(rows)]


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is not None."""
    return {name: value for name, value in fields.items() if value is not None}


def _plain(outputs: Any) -> Any:
    return outputs if isinstance(outputs, (dict, list)) else outputs.tolist()


def _word(choice: Any) -> str:
    return "/".join(map(_word, choice)) if isinstance(choice, tuple) else "on" if choice is True else str(choice)
