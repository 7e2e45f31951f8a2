"""Calls of kernels: the same arguments for the plain loop in Python and for what a schedule makes of it."""

import copy
import inspect
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from codegen.library.kernels import kernel, update
from codegen.library.optimizers import LuauOptimizer, luau_optimizers
from codegen.runtimes import Handle, Runtime
from codegen.translate.luau_formulas import define, luau_name, needed, path_of, read_formulas
from engine import Random
from engine.formulas.activations import identity
from engine.formulas.losses.half_squared_error import half_squared_error
from engine.formulas.records import Formula, Fused
from engine.formulas.registry import ACTIVATIONS, LOSSES, OUTPUT_ACTIVATIONS
from engine.kernels import operands
from engine.kernels.registry import KERNELS
from engine.kernels.schedules import LANES, NUMBERS, SCHEDULES, TILES, VECTORS, Schedule
from tests.codegen.machines import made
from tests.engine.samples import by_name

# No loop touches more numbers. Vectors take three.
LENGTH = 24
# A layer of shares that are arithmetic alone, and that divides by nothing.
SHARES = replace(OUTPUT_ACTIVATIONS["Softmax"], power=half_squared_error, share=half_squared_error)
# A loss of that kind, which stands for one by pre-activations, too.
ERRORS = Fused("Identity", *(LOSSES["MeanSquaredError"].value, LOSSES["MeanSquaredError"].slope), level=identity)
OPTIMIZERS = {each.truth.name: each for each in luau_optimizers(read_formulas()) if not each.truth.fused}
_HEAD = re.compile(r"function[^(]*\(([^)]*)\)")
_RUN = """
local kernel = (function()
{definitions}
{text}
	return kernel
end)()
{storages}
local given, kept, count = ...
for i = 1, count do
	given[i] = kept[i] == "" and given[i] or STORE[kept[i]](given[i])
end
local result = kernel(unpack(given, 1, count))
for i = 1, count do
	given[i] = kept[i] == "" and given[i] or RESTORE[kept[i]](given[i])
end
return given, result
"""
_STORAGES = """
local function stored(vectors)
	local made = {}
	for i, each in ipairs(vectors) do
		made[i] = vector.create(each[1], each[2], each[3])
	end
	return made
end
local function restored(vectors)
	local made = {}
	for i, each in ipairs(vectors) do
		made[i] = { each.x, each.y, each.z }
	end
	return made
end
local function mapped(rows, change)
	local made = {}
	for i, row in ipairs(rows) do
		made[i] = change(row)
	end
	return made
end
local STORE = {
	vectors = stored,
	rows = function(rows)
		return mapped(rows, stored)
	end,
	numbers = function(numbers)
		local made = buffer.create(8 * #numbers)
		for i, each in ipairs(numbers) do
			buffer.writef64(made, 8 * i - 8, each)
		end
		return made
	end,
}
local RESTORE = {
	vectors = restored,
	rows = function(rows)
		return mapped(rows, restored)
	end,
	numbers = function(numbers)
		local made = {}
		for at = 0, buffer.len(numbers) - 8, 8 do
			table.insert(made, buffer.readf64(numbers, at))
		end
		return made
	end,
}
"""
# What knows the formulas of an activation of a whole layer.
_OF_SHARES = ("activate_shares", "activate_share_columns", "scale_by_share_slope")
_NO_STORAGES = "local STORE, RESTORE = {}, {}"


def tiled(rows: list[list[float]], at_once: tuple[int, ...]) -> list[tuple[int, int]]:
    """In which order the elements of rows lie in tiles."""
    places, j = [], 0
    for lanes in at_once:
        while j + lanes <= len(rows):
            places += [(j + lane, i) for i in range(len(rows[0])) for lane in range(lanes)]
            j += lanes
    return places


def threes(numbers: list[Any]) -> list[list[Any]]:
    return [numbers[n : n + 3] for n in range(0, len(numbers), 3)]


class Call:
    """One call of a kernel: its arguments, in Python and as Luau gets them."""

    def __init__(self, schedule: Schedule, nodes: int, width: int, count: int, seed: int) -> None:
        self.schedule, self.random = schedule, Random(seed)
        self.loop = KERNELS[schedule.kernel]
        # Vectors have 32-bit numbers, which are numpy's when Python calculates with them.
        self.is_narrow = any(each in (VECTORS, LANES) for each in schedule.kept.values())
        # Others have as many rows as they are told.
        counted = (name for name in ("rows", "gradients") if f"len({name})" in inspect.getsource(self.loop))
        self.counted = next(counted, "")
        if LANES in schedule.kept.values():
            nodes = 3 * (nodes % 5 + 1)
        if schedule.written_out:
            width = width % schedule.written_out + 1 if schedule.width else schedule.written_out
        # A group of samples is one vector; Python counts the samples, Luau the vectors.
        self.takes_groups = self.is_narrow and LANES not in schedule.kept.values() and "count" in self.parameters
        self.nodes, self.width, self.count = nodes, width, 3 * count if self.takes_groups else count
        self.integers = {
            "width": width,
            "nodes": nodes,
            "count": self.count,
            "groups": count,
            "column": 2,
            "before": 1,
            "first": 3,
            **schedule.known,
        }

    @property
    def parameters(self) -> Mapping[str, inspect.Parameter]:
        return inspect.signature(self.loop).parameters

    def number(self) -> Any:
        """Some number; zeros of both signs are among them."""
        found = self.random.symmetric(2.0)
        found = 0.0 if found > 1.9 else -0.0 if found < -1.9 else found
        return np.float32(found) if self.is_narrow else found

    def values(self, length: int = LENGTH) -> list[Any]:
        return [self.number() for _ in range(length)]

    def arguments(self, memories: int) -> dict[str, Any]:
        """What Python's loop is called with, but for formulas."""
        found: dict[str, Any] = {}
        for name, each in self.parameters.items():
            kind = each.annotation
            if name == "memories":
                # What is remembered may be of squares.
                found[name] = [[list(map(abs, row)) for row in self.rows(self.counted)] for _ in range(memories)]
            elif name == "memory":
                found[name] = [list(map(abs, self.values())) for _ in range(memories)]
            elif kind is int:
                found[name] = self.integers[name]
            elif kind is float:
                found[name] = self.number()
            elif kind == operands.Values:
                # A whole buffer is filled with zeros at once.
                is_filled = name == "upstream" and self.schedule.kept.get(name) == NUMBERS
                found[name] = self.values(self.width if is_filled else LENGTH)
            elif kind == operands.Vectors:
                found[name] = [operands.Vector(*map(float, self.values(3))) for _ in range(LENGTH)]
            elif kind == operands.Rows:
                found[name] = self.rows(name)
        if operands.Vectors in [each.annotation for each in self.parameters.values()]:
            # Parts of vectors are calculated with as any number.
            found = {name: self.plain(each) for name, each in found.items()}
        return found

    def rows(self, name: str) -> list[list[Any]]:
        is_tiled = self.schedule.kept.get(name) == TILES
        count = self.nodes if is_tiled or name == self.counted else LENGTH
        return [self.values(self.width if is_tiled else LENGTH) for _ in range(count)]

    def plain(self, value: Any) -> Any:
        """The same with Python's numbers."""
        if isinstance(value, operands.Vector):
            return value
        if isinstance(value, list):
            return [self.plain(each) for each in value]
        return float(value) if isinstance(value, np.float32) else value

    def expected(
        self, given: dict[str, Any], formulas: Mapping[str, Callable[..., float]]
    ) -> tuple[dict[str, Any], Any]:
        """What the loop leaves of its arguments, and what it returns."""
        left = copy.deepcopy(given)
        result = self.loop(**left, **formulas)
        if "upstream" in self.parameters and self.schedule.kept.get("upstream") == VECTORS:
            # Each part of a vector has every third node.
            lanes = []
            for k in range(3):
                lane = copy.deepcopy(given)
                lane |= {name: lane[name][k::3] for name in ("rows", "deltas", "biases")}
                self.loop(**lane)
                lanes.append(lane["upstream"][: self.width])
            left["upstream"] = [list(each) for each in zip(*lanes, strict=True)]
        return left, result

    def storage(self, name: str) -> str:
        """How an argument goes into Luau."""
        if name not in self.parameters:
            return ""
        kept = self.schedule.kept.get(name, "")
        if kept == VECTORS:
            return "rows" if self.parameters[name].annotation == operands.Rows else "vectors"
        return "numbers" if kept in (NUMBERS, TILES) else ""

    def to_luau(self, name: str, value: Any) -> Any:
        """An argument as Luau gets it, and as it gives it back."""
        kept, kind = self.schedule.kept.get(name), self.parameters[name].annotation
        if kept == TILES:
            return [value[j][i] for j, i in tiled(value, self.schedule.rows)]
        if kept == VECTORS and name == self.counted:
            return [[list(three) for three in zip(*group, strict=True)] for group in threes(value)]
        if kept == VECTORS and kind == operands.Vectors:
            return [[float(np.float32(part)) for part in each] for each in value]
        if kept == VECTORS and kind == operands.Rows:
            return [threes(row) for row in value]
        if kept == VECTORS and not isinstance(value[0], list):
            return threes(value)
        if self.takes_groups and name == "count":
            return value // 3
        return value


def bits(value: Any, runtime: str) -> Any:
    """Numbers so that only equal ones are equal: -0 is not 0, but where whole numbers come out as integers."""
    if isinstance(value, list | tuple):
        return [bits(each, runtime) for each in value]
    return struct.pack("<d", value + 0.0 if runtime == "lua51" else value)


def written(name: str, activator: str, optimizer: LuauOptimizer | None) -> tuple[str, str, dict[str, Any]]:
    """The kernel in Luau, what it stands on, and its formulas in Python."""
    modules = read_formulas()
    if optimizer is not None:
        return f"local kernel = {update(modules, name, optimizer)}", optimizer.definitions, {}
    if name.startswith("measure"):
        record: Any = ERRORS
    else:
        record = SHARES if SCHEDULES[name].kernel in _OF_SHARES else ACTIVATIONS[activator]
    taken = inspect.signature(KERNELS[SCHEDULES[name].kernel]).parameters
    parts = ("value", "slope", "power", "share", "level")
    formulas: dict[str, Any] = {part: getattr(record, part) for part in parts if is_formula(taken, part)}
    paths = {part: path_of(each) for part, each in formulas.items()}
    text = kernel(modules, name, **paths)
    stands_on = set[str]().union(*(needed(modules, path) for path in paths.values()))
    text = text.replace(f"local function {luau_name(name)}(", "local function kernel(")
    module = path_of(next(iter(formulas.values()), record.slope)).partition(".")[0]
    called = {
        part: by_name(each, {}) if record is ERRORS and part != "level" else each for part, each in formulas.items()
    }
    return text, define(modules, module, stands_on) if stands_on else "", called


def is_formula(parameters: Mapping[str, inspect.Parameter], name: str) -> bool:
    return name in parameters and parameters[name].annotation == operands.Formula


def updated(optimizer: LuauOptimizer, known: Mapping[str, float]) -> Callable[..., float]:
    """A kernel's ``update`` in Python."""

    def called(formula: Formula, names: Mapping[str, float]) -> float:
        return formula(**{name: names[name] for name in inspect.signature(formula).parameters})

    def step(parameter: float, gradient: float, memory: list[list[float]], at: int) -> float:
        names = {**known, "parameter": parameter, "gradient": gradient}
        remembered = list(zip(memory, optimizer.truth.memories, strict=True))
        names |= {each.name: array[at] for array, each in remembered}
        for late in (False, True):
            if late:
                moved = called(optimizer.truth.parameter, names)
            for array, each in remembered:
                if each.late == late:
                    names[each.name] = array[at] = called(each.formula, names)
        return moved

    return step


@cache
def machine(name: str) -> Runtime:
    return made(name)


@cache
def compiled(runtime: str, name: str, activator: str, optimizer: str) -> tuple[Handle, tuple[str, ...], dict[str, Any]]:
    text, definitions, formulas = written(name, activator, OPTIMIZERS.get(optimizer))
    head = _HEAD.search(text)
    assert head is not None
    storages = _STORAGES if machine(runtime).runs_luau else _NO_STORAGES
    source = _RUN.format(definitions=definitions, text=text, storages=storages)
    return machine(runtime).compile(source, name), tuple(re.findall(r"(\w+):", head[1])), formulas


def check(runtime: str, call: Call, activator: str = "", optimizer: str = "") -> None:
    """The kernel in Luau leaves what the loop in Python leaves."""
    function, taken, formulas = compiled(runtime, call.schedule.name, activator, optimizer)
    given = call.arguments(len(OPTIMIZERS[optimizer].truth.memories) if optimizer else 0)
    more: dict[str, Any] = {"nodes": call.nodes}
    if optimizer:
        truth = OPTIMIZERS[optimizer].truth
        parts = {"settings": [each.name for each in truth.settings], "factors": [each.name for each in truth.factors]}
        # Shares, and what may be divided by.
        more |= {array: [0.1 + abs(call.number()) / 4.0 for _ in names] for array, names in parts.items()}
        known = {name: each for array, names in parts.items() for name, each in zip(names, more[array], strict=True)}
        formulas = {"update": updated(OPTIMIZERS[optimizer], known)}
    expected, result = call.expected(given, formulas)
    luau = {"memories" if name == "memory" else luau_name(name): name for name in given}
    arguments, kept, names_taken = [], [], [each.removeprefix("_") for each in taken]
    for each in names_taken:
        name = luau.get(each, each)
        arguments.append(call.plain(call.to_luau(name, given[name]) if name in given else more[name]))
        kept.append(call.storage(name))
    left, returned = machine(runtime).call(function, arguments, kept, len(arguments))
    for each, found, before in zip(names_taken, left, arguments, strict=True):
        name = luau.get(each, each)
        if name in more:
            continue
        wanted = call.plain(call.to_luau(name, expected[name]))
        if f"{name}[i]" in call.schedule.held and found != before:
            # What is held in locals is stored for as many inputs as there may be.
            held = call.schedule.written_out
            wanted = [*wanted[: call.width], *found[call.width : held], *wanted[held:]]
        if name == "upstream" and len(wanted) < len(found):
            wanted += before[len(wanted) :]
        assert bits(found, runtime) == bits(wanted, runtime), (
            call.schedule.name,
            name,
            call.nodes,
            call.width,
            call.count,
        )
    assert (returned is None) == (result is None)
    assert result is None or bits(returned, runtime) == bits(float(result), runtime)
