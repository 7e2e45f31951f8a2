"""What is wrong with a network table: every part of it is looked at. The same as networks/faults.luau."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

from engine.arguments import described_unless_numbers, described_unless_right, fault, is_integer
from engine.describe import as_number, describe, describe_entry, describe_name, describe_unless_network, is_array
from engine.files.extras import EXTRA_NAMES, KINDS, Sizes, fields_fault
from engine.files.network_table import (
    ACTIVATOR,
    BEST,
    BIASES,
    EXTRAS,
    INPUTS,
    LAYERS,
    STATE,
    WEIGHTS,
    extras_of,
    implied_kinds,
)
from engine.formulas.single import LARGEST_SINGLE, single
from engine.interface.limits import MAXIMUM_HIDDEN_LAYERS, MAXIMUM_NODES, MINIMUM_LAYERS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Activator, Boolean, Integer, Numbers, Rule
from engine.layers.registry import LAYER_KINDS


def network_fault(table: object, place: str) -> str | None:
    """What is wrong with a network table, or None. Faults name the place as Lua indexes it."""
    if not is_array(table) or len(table) == 0:
        return fault(place, MESSAGES["network"], describe_unless_network(table))
    entries = [*table, *[None] * EXTRAS]
    inputs, layers = entries[INPUTS - 1], entries[LAYERS - 1]
    # Only of one that has a number there: what lies in itself has no end.
    if is_array(inputs) and len(inputs) and as_number(inputs[0]) is not None and network_fault(inputs, place) is None:
        return fault(place, MESSAGES["network"], MESSAGES["got_networks"])
    count = len(layers) if is_array(layers) else 0
    return (
        entry_fault(f"{place}[{INPUTS}]", Integer(1, MAXIMUM_NODES), inputs)
        or _count_fault(f"{place}[{LAYERS}]", layers)
        or _extras_fault(f"{place}[{EXTRAS}]", table[EXTRAS - 1 : EXTRAS], count)
        or _layers_fault(f"{place}[{LAYERS}]", layers, extras_of(table).get(KINDS), inputs)
        or entry_fault(f"{place}[{BEST}]", Boolean(), entries[BEST - 1])
        or entry_fault(f"{place}[{ACTIVATOR}]", Activator(), entries[ACTIVATOR - 1], layers=count)
        or fields_fault(f"{place}[{EXTRAS}]", extras_of(table), _sizes(inputs, layers))
        or _further_fault(f"{place}[{EXTRAS + 1}]", table[EXTRAS:])
    )


def _sizes(inputs: object, layers: object) -> Sizes:
    """The sizes of a table whose layers have no fault."""
    assert is_array(layers)
    biases = cast(Sequence[Sequence[object]], layers[-1])[BIASES - 1]
    return Sizes(int(as_number(inputs) or 0), len(layers), len(biases))


def singles_fault(layers: Sequence[Sequence[object]], place: str) -> str | None:
    """Which of the layers' numbers, which have no other fault, is too large for 32 bits, or None."""
    for index, layer in enumerate(layers, start=1):
        for part, values in enumerate(layer, start=WEIGHTS):
            rows = cast(Sequence[Sequence[float]], values if part == WEIGHTS else [values])
            for j, row in enumerate(rows, start=1):
                for i, number in enumerate(row, start=1):
                    if math.fabs(single(number)) > LARGEST_SINGLE:
                        row_place = f"{place}[{LAYERS}][{index}][{part}]" + (f"[{j}]" if part == WEIGHTS else "")
                        rule = fill(MESSAGES["singles"], maximum=describe(LARGEST_SINGLE))
                        return fault(row_place, rule, describe_entry(number, i))
    return None


def _further_fault(place: str, further: Sequence[object]) -> str | None:
    return fault(place, MESSAGES["further_entry"], describe(further[0])) if len(further) else None


def _extras_fault(place: str, given: Sequence[object], layers: int) -> str | None:
    for extras in given:
        # Lua cannot tell an empty dictionary from an empty array.
        fields = {} if is_array(extras) and len(extras) == 0 else extras
        unknown = [each for each in fields if each not in EXTRA_NAMES] if isinstance(fields, Mapping) else [extras]
        if unknown:
            rule = fill(MESSAGES["extras"], names=", ".join(EXTRA_NAMES))
            return fault(place, rule, min(describe_name(each, EXTRA_NAMES) for each in unknown))
        assert isinstance(fields, Mapping)
        got = described_unless_kinds(fields[KINDS], layers) if KINDS in fields else None
        if got is not None:
            rule = fill(MESSAGES["kinds"], layers=layers, kinds=", ".join(LAYER_KINDS))
            return fault(f"{place}.{KINDS}", rule, got)
    return None


def described_unless_kinds(kinds: object, layers: int) -> str | None:
    """What came instead of the names of kinds, one for each layer, or None when it is that."""
    if not is_array(kinds) or len(kinds) != layers:
        return describe(kinds)
    for index, name in enumerate(kinds, start=1):
        if not isinstance(name, str) or name not in LAYER_KINDS:
            return describe_name(name, tuple(LAYER_KINDS), index)
    return None


def _count_fault(place: str, layers: object) -> str | None:
    if is_array(layers) and is_integer(len(layers), MINIMUM_LAYERS, MAXIMUM_HIDDEN_LAYERS + 1):
        return None
    rule = fill(MESSAGES["layers"], minimum=MINIMUM_LAYERS, maximum=MAXIMUM_HIDDEN_LAYERS + 1)
    return fault(place, rule, describe(layers))


def _layers_fault(place: str, layers: object, kinds: object, inputs: object) -> str | None:
    assert is_array(layers)
    first = layers[0]
    if kinds is None:
        if not is_array(first) or len(first) not in (BIASES, STATE):
            return fault(f"{place}[1]", MESSAGES["first_layer"], describe(first))
        names: Sequence[object] = implied_kinds(len(layers), with_state=len(first) == STATE)
    else:
        assert is_array(kinds)
        names = kinds
    width = int(as_number(inputs) or 0)
    for index, (layer, name) in enumerate(zip(layers, names, strict=True), start=1):
        kind = LAYER_KINDS[str(name)]
        if not is_array(layer) or len(layer) != (STATE if kind.has_state else BIASES):
            parts = MESSAGES["layer_parts_with_state" if kind.has_state else "layer_parts"]
            rule = fill(MESSAGES["layer" if kinds is None else "layer_of_kind"], parts=parts, kind=kind.name)
            return fault(f"{place}[{index}]", rule, describe(layer))
        rows = layer[WEIGHTS - 1]
        if not is_array(rows) or not is_integer(len(rows), 1, MAXIMUM_NODES):
            return fault(f"{place}[{index}][{WEIGHTS}]", fill(MESSAGES["rows"], maximum=MAXIMUM_NODES), describe(rows))
        found = _layer_fault(f"{place}[{index}]", layer, rows, int(kind.columns(width, len(rows))))
        if found is not None:
            return found
        width = len(rows)
    return None


def _layer_fault(place: str, layer: Sequence[object], rows: Sequence[object], width: int) -> str | None:
    for index, row in enumerate(rows, start=1):
        found = _numbers_fault(f"{place}[{WEIGHTS}][{index}]", row, width)
        if found is not None:
            return found
    for part, values in enumerate(layer[WEIGHTS:], start=BIASES):
        found = _numbers_fault(f"{place}[{part}]", values, len(rows))
        if found is not None:
            return found
    return None


def _numbers_fault(place: str, values: object, count: int) -> str | None:
    instead = described_unless_numbers(values, count)
    return None if instead is None else fault(place, Numbers("").text(count=count), instead)


def entry_fault(place: str, rule: Rule, value: object, **context: int) -> str | None:
    """What is wrong with one part of a network, by its rule, or None."""
    instead = described_unless_right(rule, value, context)
    return None if instead is None else fault(place, rule.text(**context), instead)
