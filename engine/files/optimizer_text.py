"""The optimizer string: an optimizer with all that it remembers as text, and back."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from engine.arguments import described_unless_numbers, fault, fault_of, parameter_of, refusal, refusal_by
from engine.describe import describe, describe_name, is_array
from engine.files.serialization import json_to_array, table_to_json
from engine.files.text_kinds import OPTIMIZER_TEXT, describe_unless_text, refuse_other_kind
from engine.formulas.records import Limits
from engine.formulas.registry import OPTIMIZERS, RATE_SCHEDULES
from engine.interface.limits import MAXIMUM_HIDDEN_LAYERS, MAXIMUM_NODES, MINIMUM_LAYERS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Choice, Schedule, number_rule
from engine.training.gradients import PARTS
from engine.training.optimizer import Optimizer, common_options
from engine.training.rate_schedule import SCHEDULE_FIELDS, STEPS_DONE, settings_of

# The characters of shapes; all others would have to be written in another way in a string.
_SHAPE = re.compile(r"[A-Za-z0-9/ -]+")
_ENTRIES = 6
MAXIMUM_LAYERS = MAXIMUM_HIDDEN_LAYERS + 1


def save_optimizer(optimizer: Optimizer) -> str:
    """The optimizer string, which loads here and in the Luau module: training goes on as if it had never stopped.

    Raises:
        ArgumentError: if training has driven a number to nan or infinity, which a string cannot hold.
    """
    if not isinstance(optimizer, Optimizer):
        raise refusal_by("saveOptimizer", "optimizer", MESSAGES["optimizer"], describe(optimizer))
    return table_to_json(checked_table("saveOptimizer", "optimizer", optimizer))


def load_optimizer(text: str) -> Optimizer:
    """An optimizer from its string, for the next network that it steps, if that has the shape of the one before.

    Raises:
        ArgumentError: if the text is not an optimizer string.
    """
    table = json_to_array(text)
    if table is None:
        raise refusal_by("loadOptimizer", "text", MESSAGES[OPTIMIZER_TEXT], describe_unless_text(text))
    refuse_other_kind("loadOptimizer", OPTIMIZER_TEXT, table)
    found = optimizer_fault(table, "String")
    if found is not None:
        raise refusal("loadOptimizer", "text", found)
    return optimizer_of(table)


def optimizer_of(table: Sequence[object]) -> Optimizer:
    """An optimizer from a table without fault."""
    entries = [_array(each) for each in _entries(table)]
    return Optimizer.from_table([*entries[:-1], entries[-1] or {}])


def checked_table(function: str, parameter: str, optimizer: Optimizer) -> list[object]:
    """The optimizer's table, for a public function (named as in Luau) that can only use finite numbers.

    Raises:
        ArgumentError: if training has driven a number to nan or infinity.
    """
    table = optimizer.to_table()
    for number in _numbers(table):
        if not math.isfinite(number):
            place = parameter_of("saveOptimizer", "optimizer").label
            raise refusal(function, parameter, fault(place, MESSAGES["finite_memory"], describe(number)))
    return table


def _numbers(table: object) -> Iterator[float]:
    if isinstance(table, float):
        yield table
    elif isinstance(table, (list, dict)):
        for part in table.values() if isinstance(table, dict) else table:
            yield from _numbers(part)


def _entries(table: Sequence[object]) -> list[object]:
    """As many entries as there may be; those that are missing are nothing."""
    return [*table[:_ENTRIES], *[None] * (_ENTRIES - len(table))]


def _array(value: object) -> Any:
    """The value; an empty array where Lua cannot tell what is empty."""
    return [] if isinstance(value, Mapping) and not value else value


def optimizer_fault(table: Sequence[object], place: str) -> str | None:
    """What is wrong with an optimizer's table, or None."""
    name, settings, kept, shape, memories, common = _entries(table)
    found = fault_of(Choice(tuple(OPTIMIZERS)), f"{place}[1]", name, {})
    if found is not None:
        return found
    assert isinstance(name, str)
    record = OPTIMIZERS[name]
    found = limited_fault(settings, f"{place}[2]", [each.limits for each in record.settings])
    found = found or limited_fault(kept, f"{place}[3]", [each.limits for each in record.kept])
    if found is not None:
        return found
    if shape is not False and not (isinstance(shape, str) and _SHAPE.fullmatch(shape)):
        return fault(f"{place}[4]", MESSAGES["shape_or_false"], describe(shape))
    if shape is False:
        if memories is not False:
            return fault(f"{place}[5]", MESSAGES["no_memories"], describe(memories))
    else:
        found = _memories_fault(memories, f"{place}[5]", name)
        if found is not None:
            return found
    found = None if common is None else _common_fault(_array(common), f"{place}[{_ENTRIES}]", name)
    if found is not None:
        return found
    if len(table) > _ENTRIES and table[_ENTRIES] is not None:
        return fault(f"{place}[{_ENTRIES + 1}]", MESSAGES["further_entry"], describe(table[_ENTRIES]))
    return None


def _common_fault(common: Any, place: str, name: str) -> str | None:
    """What is wrong with what was set of what can be set of every optimizer, or None."""
    options = {option.name: option.rule for option in common_options(name)}
    found = _fields_fault(common, place, tuple(options))
    if found is not None or not common:
        return found
    for each, rule in options.items():
        if each in common:
            here = f"{place}.{each}"
            is_schedule = isinstance(rule, Schedule)
            found = _schedule_fault(common[each], here) if is_schedule else fault_of(rule, here, common[each], {})
            if found is not None:
                return found
    return None


def _schedule_fault(given: Any, place: str) -> str | None:
    """What is wrong with a schedule, or None."""
    found = _fields_fault(given, place, SCHEDULE_FIELDS)
    given = given or {}
    found = found or fault_of(Choice(tuple(RATE_SCHEDULES)), f"{place}.name", given.get("name"), {})
    if found is not None:
        return found
    record = RATE_SCHEDULES[given["name"]]
    found = limited_fault(given.get("settings"), f"{place}.settings", [each.limits for each in settings_of(record)])
    found = found or limited_fault(given.get("kept"), f"{place}.kept", [each.limits for each in record.kept])
    return found or fault_of(number_rule(STEPS_DONE), f"{place}.step", given.get("step"), {})


def _fields_fault(given: Any, place: str, names: tuple[str, ...]) -> str | None:
    """What is wrong with what should be a dictionary of nothing but these fields, or None."""
    if isinstance(given, Mapping):
        unknown = [describe_name(name, names) for name in given if name not in names]
        got = min(unknown) if unknown else None
    else:
        got = None if is_array(given) and not given else describe(given)
    return None if got is None else fault(place, fill(MESSAGES["extras"], names=", ".join(names)), got)


def limited_fault(values: object, place: str, limits: Sequence[Limits]) -> str | None:
    """What is wrong with an array that should have a number within each of the limits, or None."""
    given = _array(values)
    instead = described_unless_numbers(given, len(limits))
    if instead is not None:
        return fault(place, fill(MESSAGES["numbers"], count=len(limits)), instead)
    for index, each in enumerate(limits):
        found = fault_of(number_rule(each), f"{place}[{index + 1}]", given[index], {})
        if found is not None:
            return found
    return None


def _memories_fault(given: object, place: str, name: str) -> str | None:
    """What is wrong with an optimizer's memories, or None."""
    wanted, memories = OPTIMIZERS[name].memories, _array(given)
    if not is_array(memories) or len(memories) != len(wanted):
        return fault(place, fill(MESSAGES["memories"], count=len(wanted), name=name), describe(memories))
    first: list[tuple[int, int]] = []
    for index, (layers, memory) in enumerate(zip(memories, wanted, strict=True), start=1):
        found = _memory_fault(layers, f"{place}[{index}]", memory.limits)
        if found is not None:
            return found
        sizes = [(len(rows), len(rows[0])) for rows, _ in cast(Sequence[Any], layers)]
        first = first or sizes
        if sizes != first:
            return fault(f"{place}[{index}]", fill(MESSAGES["same_sizes"], first=f"{place}[1]"), MESSAGES["got_others"])
    return None


def _memory_fault(layers: Any, place: str, limits: Limits) -> str | None:
    """What is wrong with one of them, or None."""
    if not is_array(layers) or not MINIMUM_LAYERS <= len(layers) <= MAXIMUM_LAYERS:
        rule = fill(MESSAGES["layers"], minimum=MINIMUM_LAYERS, maximum=MAXIMUM_LAYERS)
        return fault(place, rule, describe(layers))
    for index, layer in enumerate(layers, start=1):
        here = f"{place}[{index}]"
        if not is_array(layer) or len(layer) != len(PARTS):
            return fault(here, fill(MESSAGES["memory_of_layer"], parts=MESSAGES["layer_parts"]), describe(layer))
        rows: Any = layer[0]
        if not is_array(rows) or not 1 <= len(rows) <= MAXIMUM_NODES:
            return fault(f"{here}[1]", fill(MESSAGES["rows"], maximum=MAXIMUM_NODES), describe(rows))
        first = rows[0]
        if not is_array(first) or not 1 <= len(first) <= MAXIMUM_NODES:
            return fault(f"{here}[1][1]", fill(MESSAGES["first_sample"], maximum=MAXIMUM_NODES), describe(first))
        for number, row in enumerate(rows, start=1):
            found = _numbers_fault(row, f"{here}[1][{number}]", len(first), limits)
            if found is not None:
                return found
        found = _numbers_fault(layer[1], f"{here}[2]", len(rows), limits)
        if found is not None:
            return found
    return None


def _numbers_fault(numbers: Any, place: str, count: int, limits: Limits) -> str | None:
    """What is wrong with an array that should have as many numbers within limits, or None."""
    return limited_fault(numbers, place, [limits] * count)
