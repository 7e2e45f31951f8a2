"""The network table: the nested lists that JSON holds, that users hold in Luau and that old saves hold.

``[inputs, layers, best, activator]``; each layer is ``[weights, biases]`` or, recurrent, ``[weights, biases, state]``.
``weights[j][i]`` goes to node j from input i; in a recurrent layer, row j ends with the weight of node j's own
last output.
"""

from collections.abc import Sequence

from engine.arguments import described_unless_numbers, described_unless_right, fault, is_integer
from engine.describe import as_number, describe, is_array
from engine.interface.limits import MAXIMUM_HIDDEN_LAYERS, MAXIMUM_NODES, MINIMUM_LAYERS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Activator, Boolean, Integer, Numbers, Rule

ENTRIES = 4


def network_fault(table: object, place: str) -> str | None:
    """What is wrong with a network table, or None. Faults name the place as Lua indexes it."""
    if not is_array(table) or len(table) == 0:
        return fault(place, MESSAGES["network"], describe(table))
    inputs, layers, best, activator = [*table, *[None] * ENTRIES][:ENTRIES]
    return (
        _entry_fault(f"{place}[1]", Integer(1, MAXIMUM_NODES), inputs)
        or _layers_fault(f"{place}[2]", layers, inputs)
        or _entry_fault(f"{place}[3]", Boolean(), best)
        or _entry_fault(f"{place}[4]", Activator(), activator, layers=len(layers) if is_array(layers) else 0)
        or _further_fault(f"{place}[{ENTRIES + 1}]", table[ENTRIES:])
    )


def _further_fault(place: str, further: Sequence[object]) -> str | None:
    return fault(place, MESSAGES["further_entry"], describe(further[0])) if len(further) else None


def _layers_fault(place: str, layers: object, inputs: object) -> str | None:
    if not is_array(layers) or not is_integer(len(layers), MINIMUM_LAYERS, MAXIMUM_HIDDEN_LAYERS + 1):
        rule = fill(MESSAGES["layers"], minimum=MINIMUM_LAYERS, maximum=MAXIMUM_HIDDEN_LAYERS + 1)
        return fault(place, rule, describe(layers))
    first = layers[0]
    if not is_array(first) or len(first) not in (2, 3):
        return fault(f"{place}[1]", MESSAGES["first_layer"], describe(first))
    recurrent = len(first) == 3
    count = int(as_number(inputs) or 0)
    for index, layer in enumerate(layers, start=1):
        if not is_array(layer) or len(layer) != len(first):
            parts = MESSAGES["recurrent_layer_parts" if recurrent else "layer_parts"]
            return fault(f"{place}[{index}]", fill(MESSAGES["layer"], parts=parts), describe(layer))
        rows = layer[0]
        found = _layer_fault(f"{place}[{index}]", layer, count + recurrent)
        if found is not None:
            return found
        assert is_array(rows)
        count = len(rows)
    return None


def _layer_fault(place: str, layer: object, width: int) -> str | None:
    assert is_array(layer)
    rows = layer[0]
    if not is_array(rows) or not is_integer(len(rows), 1, MAXIMUM_NODES):
        return fault(f"{place}[1]", fill(MESSAGES["rows"], maximum=MAXIMUM_NODES), describe(rows))
    for index, row in enumerate(rows, start=1):
        found = _numbers_fault(f"{place}[1][{index}]", row, width)
        if found is not None:
            return found
    for index, values in enumerate(layer[1:], start=2):
        found = _numbers_fault(f"{place}[{index}]", values, len(rows))
        if found is not None:
            return found
    return None


def _numbers_fault(place: str, values: object, count: int) -> str | None:
    instead = described_unless_numbers(values, count)
    return None if instead is None else fault(place, Numbers("").text(count=count), instead)


def _entry_fault(place: str, rule: Rule, value: object, **context: int) -> str | None:
    instead = described_unless_right(rule, value, context)
    return None if instead is None else fault(place, rule.text(**context), instead)
