"""Optimizers: how a network's parameters move against their gradient, and what is remembered of them meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from inspect import signature
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from engine.arguments import ArgumentError, check, check_options, refusal_by
from engine.elementwise import Array, elementwise
from engine.formulas.records import Formula
from engine.formulas.registry import OPTIMIZERS
from engine.interface.messages import MESSAGES, fill
from engine.layer import Layer
from engine.training.updates import Place, Sgd, Update

# What is remembered of the parameters of every layer: arrays like theirs, by their names.
LayerMemory = dict[str, Array]
# The attributes of a layer that have its parameters.
PARTS = ("weights", "biases")


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


class Optimizer:
    """How the parameters of one network move against their gradient: what training takes in place of a learning rate.

    It belongs to the first network that it steps and refuses every other one. Networks that are copied, and optimizers
    that are (by `save_optimizer` and `load_optimizer`), go their own ways from there.

    Attributes:
        name: its name in `engine.formulas.registry.OPTIMIZERS`.
        settings: what was set, and the defaults of what was not.
        shape: the shape of the network that it belongs to; None before its first step.

    Args:
        name: its name.
        settings: its settings by their names; those left out, or None, have their defaults.

    Raises:
        ArgumentError: if there is no such optimizer, or if it has not such a setting.
    """

    def __init__(self, name: str, **settings: float | None) -> None:
        check("createOptimizer", "name", name)
        self._record = OPTIMIZERS[name]
        self._settings = check_options("createOptimizer", "options", settings, name)
        self.shape: str | None = None
        self._owner: Owner | None = None
        self._kept = {each.name: each.start for each in self._record.kept}
        self._factors: dict[str, float] = {}
        self._memories: list[list[LayerMemory]] | None = None

    def __repr__(self) -> str:
        return f"<Optimizer {self.name}>"

    @property
    def name(self) -> str:
        """Its name."""
        return self._record.name

    @property
    def settings(self) -> Mapping[str, float]:
        """What was set, and the defaults of what was not."""
        return MappingProxyType(self._settings)

    def update_of(self, network: Owner, function: str) -> Update:
        """What steps a network for it, once the network has been claimed.

        Args:
            network: the network.
            function: the public function that was called, named as in Luau.

        Raises:
            ArgumentError: if it belongs to another network, or to one of another shape.
        """
        found = self._refusal(network, function)
        if found is not None:
            raise found
        return self if self._record.fused is None else Sgd(self._settings[self._record.settings[0].name])

    def claim(self, network: Owner) -> None:
        """Belong to a network, of which `update_of` had nothing to say, from now on."""
        self._owner, self.shape = network, network.shape
        if self._memories is None:
            self._memories = [
                [{part: np.zeros_like(getattr(layer, part)) for part in PARTS} for layer in network.layers]
                for _ in self._record.memories
            ]

    def checkpoint(self) -> Callable[[], None]:
        """What puts back all that is carried from step to step, as it is now."""
        owner, shape, kept, memories = self._owner, self.shape, dict(self._kept), _copied(self._memories)

        def restore() -> None:
            self._owner, self.shape, self._kept, self._memories = owner, shape, kept, memories

        return restore

    def begin(self) -> None:
        """Begin a step: once for all parameters, after the forward pass."""
        renewed: dict[str, float] = {}
        for number in self._record.kept:
            known = {**self._settings, **renewed, number.name: self._kept[number.name]}
            renewed[number.name] = float(_of(number.formula, known))
        self._kept = renewed
        self._factors = {}
        for each in self._record.factors:
            known = {**self._settings, **self._kept, **self._factors}
            self._factors[each.name] = float(_of(each.formula, known))

    def apply(self, place: Place, parameters: Array, deltas: Array, values: Array | float) -> None:
        """Change parameters in place by one sample's gradient ``deltas * values``; both broadcast to them."""
        with np.errstate(over="ignore", invalid="ignore"):
            gradient = deltas * values
        self.apply_gradient(place, parameters, gradient)

    def apply_gradient(self, place: Place, parameters: Array, gradient: Array) -> None:
        """Change parameters in place by their gradient, of their shape."""
        assert self._memories is not None
        known: dict[str, Any] = {**self._settings, **self._factors, "parameter": parameters, "gradient": gradient}
        for memory, layers in zip(self._record.memories, self._memories, strict=True):
            known[memory.name] = layers[place.layer][place.part][place.at]
            if not memory.late:
                known[memory.name][...] = _of(memory.formula, known)
        parameters[...] = _of(self._record.parameter, known)
        for memory in self._record.memories:
            if memory.late:
                known[memory.name][...] = _of(memory.formula, known)

    def to_table(self) -> list[object]:
        """All that it is, as nested lists: ``[name, settings, kept numbers, shape, memories]``.

        The last two are false before its first step; ``memories[k][l]`` has the rows and the biases of layer l.
        """
        memories = [[[layer[part].tolist() for part in PARTS] for layer in layers] for layers in self._memories or []]
        return [
            self.name,
            [self._settings[each.name] for each in self._record.settings],
            [self._kept[each.name] for each in self._record.kept],
            False if self.shape is None else self.shape,
            False if self._memories is None else memories,
        ]

    @classmethod
    def from_table(cls, table: Sequence[Any]) -> "Optimizer":
        """What `to_table` made; the table is known to be right."""
        name, settings, kept, shape, memories = table
        record = OPTIMIZERS[name]
        made = cls(name, **{each.name: value for each, value in zip(record.settings, settings, strict=True)})
        made._kept = {each.name: float(value) for each, value in zip(record.kept, kept, strict=True)}
        if shape is not False:
            made.shape = shape
            made._memories = [
                [{part: np.array(numbers) for part, numbers in zip(PARTS, layer, strict=True)} for layer in layers]
                for layers in memories
            ]
        return made

    def _refusal(self, network: Owner, function: str) -> ArgumentError | None:
        """What keeps it from stepping a network, as an error of a public function; None if nothing does."""
        if self._owner is not None and self._owner is not network:
            return refusal_by(function, "rate", MESSAGES["own_network"], MESSAGES["got_stepped"])
        rule = fill(MESSAGES["own_shape"], shape=network.shape)
        if self.shape not in (None, network.shape):
            return refusal_by(function, "rate", rule, fill(MESSAGES["got_of_shape"], shape=self.shape))
        sizes = [[getattr(layer, part).shape for part in PARTS] for layer in network.layers]
        if any([[layer[part].shape for part in PARTS] for layer in layers] != sizes for layers in self._memories or []):
            return refusal_by(function, "rate", rule, MESSAGES["got_other_memory"])
        return None


def _copied(memories: list[list[LayerMemory]] | None) -> list[list[LayerMemory]] | None:
    if memories is None:
        return None
    return [[{part: array.copy() for part, array in layer.items()} for layer in layers] for layers in memories]


def _of(formula: Formula, known: Mapping[str, Any]) -> Array:
    """A formula's value; its arguments are bound by their names."""
    return elementwise(formula)(*(known[name] for name in _names(formula)))


@cache
def _names(formula: Formula) -> tuple[str, ...]:
    return tuple(signature(formula).parameters)
