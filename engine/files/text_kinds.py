"""Network strings, optimizer strings and training strings are told apart by their first entries."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.arguments import refusal_by
from engine.describe import describe_text, is_array
from engine.files.network_faults import network_fault
from engine.formulas.registry import OPTIMIZERS
from engine.interface.messages import MESSAGES
from engine.interface.rules import NetworkText, OptimizerText, TrainingText

NETWORK_TEXT, OPTIMIZER_TEXT, TRAINING_TEXT = NetworkText.message, OptimizerText.message, TrainingText.message
_GOT: Mapping[str, str] = MappingProxyType(
    {
        NETWORK_TEXT: "got_network_string",
        OPTIMIZER_TEXT: "got_optimizer_string",
        TRAINING_TEXT: "got_training_string",
    }
)


def describe_unless_text(value: object) -> str:
    """What came where the text of an array should be, and what to do with it."""
    return describe_text(value) if network_fault(value, "") else MESSAGES["got_network"]


def refuse_other_kind(function: str, wanted: str, table: Sequence[object]) -> None:
    """Refuse the array of a string that another function reads; ``wanted`` is the rule of the function's text.

    Raises:
        ArgumentError: if it seems to be of another kind.
    """
    kind = _kind_of(table)
    if kind is not None and kind != wanted:
        raise refusal_by(function, "text", MESSAGES[wanted], MESSAGES[_GOT[kind]])


def _kind_of(table: Sequence[object]) -> str | None:
    """The rule of the text that an array seems to be of."""
    first, second = (*table, None, None)[:2]
    if _is_table(first):
        is_stepper = _is_number(second) or _is_table(second)
        return TRAINING_TEXT if is_stepper and _is_network(first) else None
    if not _is_table(second):
        return None
    if _is_number(first):
        return NETWORK_TEXT
    return OPTIMIZER_TEXT if isinstance(first, str) and first in OPTIMIZERS else None


def _is_network(value: object) -> bool:
    return is_array(value) and _kind_of(value) == NETWORK_TEXT


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_table(value: object) -> bool:
    return is_array(value) or isinstance(value, Mapping)
