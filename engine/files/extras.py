"""What a network carries besides its layers: the dictionary at the end of its table, field by field.

A field is left out where it says nothing new. What is wrong with each is found by its function in `FAULTS`; the same as
networks/extras.luau. To add one: a name here and in `Extras`, and a function in both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from engine.arguments import fault_of
from engine.files.loss_field import Settings, loss_fault, loss_of, saved_loss
from engine.interface.limits import DEFAULT_LOSS
from engine.interface.rules import Names

# The fields, in the order in which they are written. The first is each layer's own.
KINDS, LOSS, INPUT_NAMES, OUTPUT_NAMES, CLASSES = EXTRA_NAMES = ("kinds", "loss", "inputs", "outputs", "classes")


@dataclass(frozen=True)
class Extras:
    """What a network has besides its layers.

    Attributes:
        loss: the name of what training makes small.
        inputs: the names of what goes in; None if they are numbered.
        outputs: the names of what comes out; None if they are numbered.
        classes: the names of the classes that the outputs stand for; None if they stand for none.
        loss_settings: the settings of the loss that are not their defaults, by their names in Python.
    """

    loss: str = DEFAULT_LOSS
    inputs: tuple[str, ...] | None = None
    outputs: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    loss_settings: Settings = field(default_factory=dict)

    def to_fields(self) -> dict[str, object]:
        """The fields that do not go without saying."""
        names = {INPUT_NAMES: self.inputs, OUTPUT_NAMES: self.outputs, CLASSES: self.classes}
        loss = saved_loss(self.loss, self.loss_settings)
        return {
            **({LOSS: loss} if loss is not None else {}),
            **{name: list(given) for name, given in names.items() if given is not None},
        }

    @classmethod
    def from_fields(cls, fields: Mapping[str, object]) -> "Extras":
        """What fields say that have no fault."""
        loss, settings = loss_of(fields.get(LOSS, DEFAULT_LOSS))
        inputs, outputs, classes = (_names(fields.get(each)) for each in (INPUT_NAMES, OUTPUT_NAMES, CLASSES))
        return cls(loss, inputs, outputs, classes, settings)


@dataclass(frozen=True)
class Sizes:
    """What fields have to fit: how many inputs, layers and outputs."""

    inputs: int
    layers: int
    outputs: int


def fields_fault(place: str, fields: Mapping[str, object], sizes: Sizes) -> str | None:
    """What is wrong with the fields, whose names are known, of a table whose layers have no fault; or None."""
    for name, fault_of_field in FAULTS.items():
        found = fault_of_field(f"{place}.{name}", fields[name], sizes) if name in fields else None
        if found is not None:
            return found
    return None


def _loss_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return loss_fault(place, value)


def _inputs_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return fault_of(Names(), place, value, {"count": sizes.inputs})


def _outputs_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return fault_of(Names(), place, value, {"count": sizes.outputs})


FAULTS: Mapping[str, Callable[[str, object, Sizes], str | None]] = MappingProxyType(
    {LOSS: _loss_fault, INPUT_NAMES: _inputs_fault, OUTPUT_NAMES: _outputs_fault, CLASSES: _outputs_fault}
)


def _names(value: object) -> tuple[str, ...] | None:
    return None if value is None else tuple(cast(tuple[str, ...], value))
