"""What a network carries besides its layers: the dictionary at the end of its table, field by field.

A field is left out where it says nothing new. What is wrong with each is found by its function in `FAULTS`; the same as
networks/extras.luau. To add one: a name here and in `Extras`, and a function in both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from engine.arguments import described_unless_right, fault, fault_of
from engine.describe import describe, describe_unless_number, is_array
from engine.files.loss_field import Settings, loss_fault, loss_of, saved_loss
from engine.interface.limits import DEFAULT_LOSS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Names, NumberBelow
from engine.scaler import Scaler, scaler_fault

# The fields, in the order in which they are written. The first is each layer's own.
EXTRA_NAMES = ("kinds", "loss", "inputs", "outputs", "classes", "inputScaler", "targetScaler", "dropout")
KINDS, LOSS, INPUT_NAMES, OUTPUT_NAMES, CLASSES, INPUT_SCALER, TARGET_SCALER, DROPOUT = EXTRA_NAMES
# Of which two only one may be there: both would say what the outputs are.
EXCLUSIVE = ((CLASSES, OUTPUT_NAMES), (TARGET_SCALER, CLASSES))

_RATE = NumberBelow(0.0, 1.0)


@dataclass(frozen=True)
class Extras:
    """What a network has besides its layers.

    Attributes:
        loss: the name of what training makes small.
        inputs: the names of what goes in; None if they are numbered.
        outputs: the names of what comes out; None if they are numbered.
        classes: the names of the classes that the outputs stand for; None if they stand for none.
        loss_settings: the settings of the loss that are not their defaults, by their names in Python.
        input_scaler: what scales inputs; None if they are taken as they are.
        target_scaler: what scales targets, and outputs back; None if they are taken as they are.
        dropout: for each layer, the share of its outputs that each step of training leaves out; None if all are 0.
    """

    loss: str = DEFAULT_LOSS
    inputs: tuple[str, ...] | None = None
    outputs: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    loss_settings: Settings = field(default_factory=dict)
    input_scaler: Scaler | None = None
    target_scaler: Scaler | None = None
    dropout: tuple[float, ...] | None = None

    def to_fields(self) -> dict[str, object]:
        """The fields that do not go without saying."""
        names = {INPUT_NAMES: self.inputs, OUTPUT_NAMES: self.outputs, CLASSES: self.classes}
        loss = saved_loss(self.loss, self.loss_settings)
        scalers = {INPUT_SCALER: self.input_scaler, TARGET_SCALER: self.target_scaler}
        return {
            **({LOSS: loss} if loss is not None else {}),
            **{name: list(given) for name, given in names.items() if given is not None},
            **{name: given.to_fields() for name, given in scalers.items() if given is not None},
            **({DROPOUT: list(self.dropout)} if self.dropout is not None else {}),
        }

    @classmethod
    def from_fields(cls, fields: Mapping[str, object]) -> "Extras":
        """What fields say that have no fault."""
        loss, settings = loss_of(fields.get(LOSS, DEFAULT_LOSS))
        inputs, outputs, classes = (_names(fields.get(each)) for each in (INPUT_NAMES, OUTPUT_NAMES, CLASSES))
        input_scaler, target_scaler = (Scaler.from_fields(fields.get(each)) for each in (INPUT_SCALER, TARGET_SCALER))
        rates = tuple(float(rate) for rate in cast(Sequence[float], fields.get(DROPOUT, ())))
        return cls(
            loss=loss,
            inputs=inputs,
            outputs=outputs,
            classes=classes,
            loss_settings=settings,
            input_scaler=input_scaler,
            target_scaler=target_scaler,
            dropout=rates if any(rates) else None,
        )


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
    return next((each for name, _ in EXCLUSIVE if (each := exclusive_fault(f"{place}.{name}", fields, name))), None)


def exclusive_fault(place: str, fields: Mapping[str, object], field: str) -> str | None:
    """What is wrong with a field, at a place, beside another of which only one may be there; or None."""
    for name, other in EXCLUSIVE:
        if name == field and name in fields and other in fields:
            return fault(place, fill(MESSAGES["left_out_beside"], name=other), describe(fields[name]))
    return None


def _loss_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return loss_fault(place, value)


def _inputs_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return fault_of(Names(), place, value, {"count": sizes.inputs})


def _outputs_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return fault_of(Names(), place, value, {"count": sizes.outputs})


def _input_scaler_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return scaler_fault(place, value, sizes.inputs)


def _target_scaler_fault(place: str, value: object, sizes: Sizes) -> str | None:
    return scaler_fault(place, value, sizes.outputs)


def _dropout_fault(place: str, value: object, sizes: Sizes) -> str | None:
    got = _described_unless_rates(value, sizes.layers)
    return None if got is None else fault(place, fill(MESSAGES["dropout"], layers=sizes.layers), got)


def _described_unless_rates(rates: object, layers: int) -> str | None:
    """What came instead of a rate for each layer, or None when it is that."""
    if not is_array(rates) or len(rates) != layers:
        return describe(rates)
    for index, rate in enumerate(rates, start=1):
        instead = described_unless_right(_RATE, rate, {})
        if instead is not None or (index == layers and rate != 0):
            return describe_unless_number(rate, index)
    return None


FAULTS: Mapping[str, Callable[[str, object, Sizes], str | None]] = MappingProxyType(
    {
        LOSS: _loss_fault,
        INPUT_NAMES: _inputs_fault,
        OUTPUT_NAMES: _outputs_fault,
        CLASSES: _outputs_fault,
        INPUT_SCALER: _input_scaler_fault,
        TARGET_SCALER: _target_scaler_fault,
        DROPOUT: _dropout_fault,
    }
)


def _names(value: object) -> tuple[str, ...] | None:
    return None if value is None else tuple(map(str, cast(Sequence[str], value)))
