"""Optimizers: how a network's parameters move against their gradient, and what is remembered of them meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from engine.arguments import check, check_options, parameter_of, refusal_by
from engine.describe import describe
from engine.elementwise import Array, arguments_of, elementwise
from engine.formulas import records
from engine.formulas.fading import sum_of_mean
from engine.formulas.records import RATE, Formula
from engine.formulas.registry import COMMON_SETTINGS, LOSSES, OPTIMIZERS
from engine.interface.limits import LEAST_SQUARES_PARAMETERS
from engine.interface.messages import MESSAGES, fill
from engine.interface.options import OPTIMIZER_OPTIONS
from engine.interface.rules import Option, RateOrOptimizer
from engine.layer import Layer
from engine.training.gradients import PARTS, Common, LayerMemory, parts, prepare, zeros_like
from engine.training.history import Ending
from engine.training.rate_schedule import Scheduled
from engine.training.updates import Place, Sgd, Stepper

# The option that says what becomes of the rate.
SCHEDULE = "schedule"


class Owner(Protocol):
    """A network, as far as its optimizer needs it."""

    @property
    def layers(self) -> Sequence[Layer]:
        """Its layers."""
        ...

    @property
    def shape(self) -> str:
        """Its shape in words."""
        ...

    @property
    def loss(self) -> str:
        """The name of what training makes small."""
        ...

    @property
    def recurrent(self) -> bool:
        """Whether it remembers the last time step."""
        ...

    @property
    def has_dropout(self) -> bool:
        """Whether training leaves out some of its layers' outputs."""
        ...


@dataclass(frozen=True)
class StepRule:
    """What the code of a step depends on, whatever the numbers are.

    Attributes:
        record: the formulas.
        penalizes: whether penalties on weights come to their gradients.
        limits: whether each gradient is limited.
        decays: whether parameters decay.
        clips_norm: whether gradients are scaled by the length of all of them together.
        gathers: whether gradients are sums that begin at zero, of all parameters, those out of play too.
        is_scheduled: whether each step has a rate of its own.
    """

    record: records.Optimizer
    penalizes: bool
    limits: bool
    decays: bool
    clips_norm: bool
    gathers: bool
    is_scheduled: bool


@dataclass(frozen=True)
class Carried:
    """What an optimizer carries from step to step, as others than it itself need it to take steps in its place.

    Attributes:
        kept: the numbers that it keeps, in the order of its record.
        memories: of each thing that it remembers, the arrays of each layer: themselves, no copies.
        schedule: where its schedule is; None without one.
    """

    kept: tuple[float, ...]
    memories: Sequence[Sequence[LayerMemory]]
    schedule: Scheduled | None


class Optimizer:
    """How the parameters of one network move against their gradient: what training takes in place of a learning rate.

    It belongs to the first network that it steps and refuses every other one. Networks that are copied, and optimizers
    that are (by `save_optimizer` and `load_optimizer`), go their own ways from there.

    Attributes:
        name: its name in `engine.formulas.registry.OPTIMIZERS`.
        settings: what was set, and the defaults of what was not; None where there is none.
        shape: the shape of the network that it belongs to; None before its first step.
        ended_by: the setting by which its last step found that training has to end; None if it may go on.

    Args:
        name: its name.
        options: nothing; a learning rate, too, is given by its name.
        settings: its settings by their names; those left out, or None, have their defaults.

    Raises:
        ArgumentError: if there is no such optimizer, or if it has not such a setting.
    """

    def __init__(self, name: str, *options: None, **settings: float | str | Mapping[str, object] | None) -> None:
        check("createOptimizer", "name", name)
        if options:
            rule = fill(MESSAGES["by_names"], name=RATE)
            raise refusal_by("createOptimizer", "options", rule, describe(options[0]))
        self._record = OPTIMIZERS[name]
        chosen = check_options("createOptimizer", "options", settings, name)
        self._settings: dict[str, float] = {each.name: chosen[each.name] for each in self._record.settings}
        common: dict[str, Any] = {each.name: chosen.get(each.name, each.default) for each in COMMON_SETTINGS}
        self._common = Common(**common)
        schedule = chosen.get(SCHEDULE)
        self._schedule = None if schedule is None else Scheduled(schedule)
        self._gradients: list[LayerMemory] | None = None
        # The settings at this step.
        self._now = self._settings
        self.shape: str | None = None
        self._owner: Owner | None = None
        self._kept = self._starts()
        self._factors: dict[str, float] = {}
        self._memories: list[list[LayerMemory]] | None = None
        self.ended_by: Ending | None = None

    def __repr__(self) -> str:
        return f"<Optimizer {self.name}>"

    @property
    def name(self) -> str:
        """Its name."""
        return self._record.name

    @property
    def settings(self) -> Mapping[str, Any]:
        """What was set, and the defaults of what was not."""
        if self.least_squares is not None:
            return MappingProxyType(self._settings)
        schedule = None if self._schedule is None else self._schedule.settings
        return MappingProxyType({**self._settings, **self._common._asdict(), SCHEDULE: schedule})

    @property
    def rate(self) -> float:
        """The learning rate at the last step; where there is none, the damping."""
        return self._now[self._record.settings[0].name]

    @property
    def least_squares(self) -> records.LeastSquares | None:
        """Its formulas, if it moves all parameters together, by all samples."""
        return self._record if isinstance(self._record, records.LeastSquares) else None

    @property
    def _elementwise(self) -> records.Optimizer:
        """Its formulas, if it moves each parameter by its own gradient."""
        assert isinstance(self._record, records.Optimizer)
        return self._record

    @property
    def _has_fused(self) -> bool:
        return isinstance(self._record, records.Optimizer) and self._record.fused is not None

    @property
    def _is_fused(self) -> bool:
        return self._has_fused and self._schedule is None and not self._common.changes_gradients

    @property
    def _gathers(self) -> bool:
        """Whether the gradients of all parameters are known before any of them moves."""
        return self._common.changes_gradients or (self._has_fused and self._schedule is not None)

    def _starts(self) -> dict[str, float]:
        """The numbers that it keeps, before its first step."""
        return {
            each.name: each.start if each.starts_as is None else self._settings[each.starts_as]
            for each in self._record.kept
        }

    @property
    def rule(self) -> StepRule:
        """What the code of its steps depends on."""
        common = self._common
        return StepRule(
            self._elementwise,
            penalizes=common.l1 > 0 or common.l2 > 0,
            limits=common.clip_value is not None,
            decays=common.weight_decay > 0,
            clips_norm=common.clip_norm is not None,
            gathers=self._gathers,
            is_scheduled=self._schedule is not None,
        )

    @property
    def carried(self) -> Carried:
        """What it carries from step to step, once it has been claimed."""
        assert self._memories is not None
        return Carried(tuple(self._kept.values()), self._memories, self._schedule)

    def note(self, setting: float) -> None:
        """Take note of what its first setting is at this step."""
        self._now = {**self._settings, self._record.settings[0].name: setting}

    def carry_on(self, kept: Sequence[float], schedule: Scheduled | None) -> None:
        """Take up the numbers and the place in the schedule that somebody's steps came to; memories are theirs to set.

        Args:
            kept: the numbers that it keeps, in the order of its record.
            schedule: the place; None without a schedule.
        """
        self._kept = {each.name: float(number) for each, number in zip(self._record.kept, kept, strict=True)}
        self._schedule = schedule

    def update_of(self, network: Owner, function: str) -> Stepper:
        """What steps a network for it, once the network has been claimed.

        Args:
            network: the network.
            function: the public function that was called, named as in Luau.

        Raises:
            ArgumentError: if it belongs to another network, or to one of another shape.
        """
        found = self.misfit(network)
        if self._owner is not None and self._owner is not network:
            found = MESSAGES["own_network"], MESSAGES["got_stepped"]
        wanted = parameter_of(function, "rate").rule
        if self.least_squares is not None and isinstance(wanted, RateOrOptimizer) and wanted.single:
            found = fill(MESSAGES["another_optimizer"], what=MESSAGES["for_one_sample"]), self.name
        if found is not None:
            raise refusal_by(function, "rate", *found)
        return Sgd(self._settings[RATE]) if self._is_fused else self

    def belongs_to(self, network: Owner) -> bool:
        """Whether it has stepped a network, and no other."""
        return self._owner is network

    def claim(self, network: Owner) -> None:
        """Belong to a network, of which `update_of` had nothing to say, from now on."""
        self._owner, self.shape = network, network.shape
        if self._memories is None:
            self._memories = [zeros_like(network.layers) for _ in self._record.memories]
        if self._gathers and self._gradients is None:
            self._gradients = zeros_like(network.layers)

    def disclaim(self) -> None:
        """Belong to no network again, as before a step that was not taken."""
        self._owner, self.shape, self._memories, self._gradients = None, None, None, None
        self._kept = self._starts()

    def copy(self) -> "Optimizer":
        """One that carries the same from step to step, belongs to nobody, and goes its own way from here."""
        other = copy(self)
        other._owner, other._gradients = None, None
        other._schedule = None if self._schedule is None else self._schedule.copy()
        other.become(self)
        return other

    def become(self, other: "Optimizer") -> None:
        """Carry from step to step what another with the same formulas does."""
        self._kept, self._memories = dict(other._kept), _copied(other._memories)
        if self._schedule is not None and other._schedule is not None:
            self._schedule.become(other._schedule)

    def checkpoint(self) -> Callable[[], None]:
        """What puts back all that is carried from step to step, as it is now."""
        before = self.copy()
        return lambda: self.become(before)

    def begin(self) -> None:
        """Begin a step: once for all parameters, after the forward pass."""
        for gradient in (array for layer in self._gradients or () for array in layer.values()):
            # The weights of which a kind of layer makes no use have none.
            gradient[...] = 0.0
        record, self._now = self._elementwise, self._settings
        if self._schedule is not None:
            self._now = {**self._settings, RATE: self._schedule.rate(self._settings[RATE])}
        renewed: dict[str, float] = {}
        for number in record.kept:
            known = {**self._now, **renewed, number.name: self._kept[number.name]}
            renewed[number.name] = float(_of(number.formula, known))
        self._kept = renewed
        self._factors = {}
        for each in record.factors:
            known = {**self._now, **self._kept, **self._factors}
            self._factors[each.name] = float(_of(each.formula, known))

    def apply(self, place: Place, parameters: Array, deltas: Array, values: Array | float) -> None:
        """Change parameters in place by one sample's gradient ``deltas * values``; both broadcast to them."""
        with np.errstate(over="ignore", invalid="ignore"):
            gradient = deltas * values
        self.apply_gradient(place, parameters, gradient)

    def apply_gradient(self, place: Place, parameters: Array, gradient: Array) -> None:
        """Change parameters in place by their gradient, of their shape, or at the end of the step."""
        if self._gradients is None:
            self._step(place, parameters, gradient)
        else:
            # Sums begin at zero, as they do in Luau.
            self._gradients[place.layer][place.part][place.at] = 0.0 + gradient

    def end(self, layers: Sequence[Layer]) -> None:
        """End a step: if it is along gradients that are first changed, take it now."""
        if self._gradients is not None:
            every = list(parts(layers, self._gradients))
            prepare(every, self._common, self._now[RATE], decouples=self._elementwise.decouples)
            for part in every:
                self._step(*part)
        if self._schedule is not None:
            self._schedule.advance(self._settings[RATE])

    def observe(self, loss: float) -> None:
        """Take note of the mean loss of an epoch that is done."""
        if self._schedule is not None:
            self._schedule.observe(self._settings[RATE], loss)

    def _step(self, place: Place, parameters: Array, gradient: Array) -> None:
        assert self._memories is not None
        known: dict[str, Any] = {**self._now, **self._factors, "parameter": parameters, "gradient": gradient}
        for memory, layers in zip(self._record.memories, self._memories, strict=True):
            known[memory.name] = layers[place.layer][place.part][place.at]
            if not memory.late:
                known[memory.name][...] = _of(memory.formula, known)
        parameters[...] = _of(self._elementwise.parameter, known)
        for memory in self._record.memories:
            if memory.late:
                known[memory.name][...] = _of(memory.formula, known)

    def to_table(self) -> list[object]:
        """All that it is, as nested lists: ``[name, settings, kept numbers, shape, memories, common]``.

        Shape and memories are false before its first step; ``memories[k][l]`` has the rows and the biases of layer l.
        The last, by names as in Luau, has what was set of what can be set of every optimizer, and is missing if that
        is nothing.
        """
        memories = [[[layer[part].tolist() for part in PARTS] for layer in layers] for layers in self._memories or []]
        common = self._common_table()
        return [
            self.name,
            [self._settings[each.name] for each in self._record.settings],
            [self._kept[each.name] for each in self._record.kept],
            False if self.shape is None else self.shape,
            False if self._memories is None else memories,
            *([common] if common else []),
        ]

    def _common_table(self) -> dict[str, object]:
        chosen = self._common._asdict()
        table: dict[str, object] = {
            option.name: chosen[option.python]
            for option in common_options(self.name)
            if option.python != SCHEDULE and chosen[option.python] != option.default
        }
        if self._schedule is not None:
            table[SCHEDULE] = self._schedule.to_table()
        return dict(sorted(table.items()))

    @classmethod
    def from_table(cls, table: Sequence[Any]) -> "Optimizer":
        """What `to_table` made; the table is known to be right."""
        name, settings, kept, shape, memories, common = table
        record = OPTIMIZERS[name]
        chosen = {each.name: value for each, value in zip(record.settings, settings, strict=True)}
        chosen |= {each.python: common[each.name] for each in common_options(name) if common.get(each.name) is not None}
        schedule = chosen.pop(SCHEDULE, None)
        made = cls(name, **chosen)
        made._schedule = None if schedule is None else Scheduled.from_table(schedule)
        # Before the first step, it is as it begins.
        if shape is not False:
            made._kept = {each.name: float(value) for each, value in zip(record.kept, kept, strict=True)}
            made.shape = shape
            made._memories = [
                [{part: np.array(numbers) for part, numbers in zip(PARTS, layer, strict=True)} for layer in layers]
                for layers in memories
            ]
            made._bring_up_to_date()
        return made

    def _bring_up_to_date(self) -> None:
        """If an earlier version saved it, there are means in place of sums in which what is older fades.

        In place of counts there are then powers of the share that stays; counts are at least 1 after a step.
        """
        assert self._memories is not None
        counts = [each for each in self._record.kept if each.fades_by is not None]
        is_new = any(self._kept[each.name] >= 1 for each in counts)
        if is_new or not any(array.any() for layers in self._memories for layer in layers for array in layer.values()):
            return
        for each in counts:
            self._kept[each.name] = sum_of_mean(1 - self._kept[each.name], self._settings[str(each.fades_by)])
        for memory, layers in zip(self._record.memories, self._memories, strict=True):
            for layer in layers if memory.fades_by is not None else ():
                for part, array in layer.items():
                    layer[part] = elementwise(sum_of_mean)(array, self._settings[str(memory.fades_by)])

    def misfit(self, network: Owner) -> tuple[str, str] | None:
        """The rule that keeps it from stepping such a network, and what it is instead; None if nothing does."""
        beyond = None if self.least_squares is None else _beyond_least_squares(network)
        if beyond is not None:
            return fill(MESSAGES["another_optimizer"], what=beyond), self.name
        rule = fill(MESSAGES["own_shape"], shape=network.shape)
        if self.shape not in (None, network.shape):
            return rule, fill(MESSAGES["got_of_shape"], shape=self.shape)
        sizes = [[getattr(layer, part).shape for part in PARTS] for layer in network.layers]
        if any([[layer[part].shape for part in PARTS] for layer in layers] != sizes for layers in self._memories or []):
            return rule, MESSAGES["got_other_memory"]
        return None


def common_options(name: str) -> tuple[Option, ...]:
    """What can be set of an optimizer beside its own settings."""
    own = [each.name for each in OPTIMIZERS[name].settings]
    return tuple(option for option in OPTIMIZER_OPTIONS.fields_for(name) if option.python not in own)


def _beyond_least_squares(network: Owner) -> str | None:
    """What is said of a network that cannot be trained by least squares; None of one that can."""
    if network.recurrent:
        return MESSAGES["for_recurrent"]
    if sum(getattr(layer, part).size for layer in network.layers for part in PARTS) > LEAST_SQUARES_PARAMETERS:
        return fill(MESSAGES["for_size"], maximum=LEAST_SQUARES_PARAMETERS)
    if not LOSSES[network.loss].squared:
        squared = (name for name, loss in LOSSES.items() if loss.squared)
        return fill(MESSAGES["for_loss"], names=", ".join(squared))
    return MESSAGES["for_dropout"] if network.has_dropout else None


def _copied(memories: list[list[LayerMemory]] | None) -> list[list[LayerMemory]] | None:
    if memories is None:
        return None
    return [[{part: array.copy() for part, array in layer.items()} for layer in layers] for layers in memories]


def _of(formula: Formula, known: Mapping[str, Any]) -> Array:
    """A formula's value; its arguments are bound by their names."""
    return elementwise(formula)(*(known[name] for name in arguments_of(formula)))
