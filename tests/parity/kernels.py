"""Loops over tables in Luau against the plain loops in Python, one by one: the same numbers, nothing else touched."""

import copy
import inspect
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.testing import assert_allclose

from codegen.library.fused import FUSED
from codegen.library.schedules import COMMON_ACTIVATIONS
from codegen.runtimes import Runtime
from codegen.translate.luau_formulas import luau_name
from codegen.translate.requires import TOP
from engine import ACTIVATIONS, Random
from engine.formulas.records import Activation, Loss
from engine.formulas.registry import LOSSES, OUTPUT_ACTIVATIONS
from engine.interface.limits import OUTPUT_ACTIVATOR
from engine.kernels import arrays, operands
from engine.kernels.loops.columns import column_sums, run_node
from engine.kernels.registry import KERNELS
from engine.kernels.schedules import NARROW, SCHEDULES, Schedule
from tests.engine.samples import by_name
from tests.parity.cases import NARROW_COUNTS
from tests.parity.tolerances import transcendental_calls, transcendental_calls_of

# Formulas by their names in a loop.
Formulas = tuple[tuple[str, Callable[..., float]], ...]

# Where loops are.
FOLDERS = ("kernels/", "layers/vector_batches")
_HEAD = re.compile(r"^local function (\w+)\(([^)]*)\)", re.MULTILINE)
_CALL = """
local found, keys, arguments, count = ...
for _, key in ipairs(keys) do
	found = found[key]
end
return { arguments, found(unpack(arguments, 1, count)) }
"""
# For how many inputs there are shares, after a step with weights in vectors.
_SHARES = """
local files, count = ...
local file, group, shares = files["kernels/vectors"], table.create(count, vector.one), table.create(count, vector.zero)
file.shareAndStepGroups({ group, group }, table.create(6, 1), 1, table.create(count, 1), count, shares)
return #shares
"""
# Layers through loops that take several of them: the columns that come out, and whether the sum is a number.
_FUSED = """
local files, path, cases, slopes, count, isVector = ...
local results = {}
for _, case in ipairs(cases) do
	local outputs, turns, columns = { {}, {}, {}, {} }, count, case[5]
	if isVector then
		turns, columns = count / 3, {}
		for i, column in ipairs(case[5]) do
			columns[i] = {}
			for n = 1, turns do
				columns[i][n] = vector.create(column[3 * n - 2], column[3 * n - 1], column[3 * n])
			end
		end
	end
	local loop = files[path].LOOPS[case[1]][case[2]][case[3]]
	local sum = loop(case[4], 1, slopes[1], slopes[2], columns, outputs, turns)
	local found = {}
	for j, output in ipairs(outputs) do
		if #output == turns and turns < count then
			found[j] = {}
			for n, three in ipairs(output) do
				found[j][3 * n - 2], found[j][3 * n - 1], found[j][3 * n] = three.x, three.y, three.z
			end
		elseif #output > 0 then
			found[j] = output
		end
	end
	table.insert(results, { found, sum == sum })
end
return results
"""
# More numbers than any loop may touch.
MORE_ROWS, LENGTH = 15, 24
# What has as many rows as a layer has nodes.
OF_NODES = ("rows", "gradients")
COLUMN, BEFORE, FIRST = 2, 1, 3
# Nodes and inputs, with some left over behind every number of them that is taken at once.
SIZES = ((1, 1), (2, 3), (3, 2), (4, 1), (7, 4), (15, 9))
# Where formulas decide: at zero, and where exponentials overflow; large weights lead there.
EDGES = (0.0, -800.0, 800.0, 1.0, -1.0, 2.0, -2.0)
MET = (0.0, -800.0, 801.0, 1.0 - 0.25, -1.25, 1.0, -1.0)
LARGE = 800.0
# What the settings of losses are beside their defaults.
SETTING = 0.25
CLOSE = 1e-12
# Loops that take several layers at once: their files, the slopes of their hidden layers, and how many samples, which
# make whole vectors.
FUSED_VECTORS = "kernels/fused_vectors"
FUSED_FILES = ("kernels/fused_native", "kernels/fused_branched", FUSED_VECTORS)
FUSED_SLOPES = (0.25, 0.5)
FUSED_COUNT = 12
SINGLE_CLOSE = 1e-4


@dataclass(frozen=True)
class Loop:
    """A loop in Luau.

    Attributes:
        keys: where it is, from the table of files on.
        schedule: what it was made by.
        taken: the names of its arguments in Luau.
        formulas: those that are written into it, by their names in the loop.
        rounds: whether they call what two machines do not do alike.
        settings: those of a loss.
    """

    keys: tuple[str, ...]
    schedule: Schedule
    taken: tuple[str, ...]
    formulas: Formulas = ()
    rounds: bool = False
    settings: Mapping[str, float] | None = None


def check_kernels(runtime: Runtime, library: Mapping[str, str]) -> None:
    """Every loop over tables of the library does what the one in Python does."""
    top = "\n".join(f'local file{n} = require("@self/{path}")' for n, path in enumerate(_files(library)))
    entries = ", ".join(f'["{path}"] = file{n}' for n, path in enumerate(_files(library)))
    opened = {path: _opened(library[path]) for path in _files(library)}
    files = runtime.require_tree({**library, **opened, TOP: f"{top}\nreturn {{ {entries} }}\n"})
    call = runtime.compile(_CALL, "caller")
    for loop in (*_functions(library), *_methods(library)):
        for nodes, width in SIZES:
            if loop.schedule.width and width > loop.schedule.written_out:
                continue
            given, wanted, result = _expected(loop.schedule.name, loop.formulas, nodes, width)
            arguments = {name: each for name, each in given.items() if luau_name(name) in loop.taken}
            values = [*arguments.values(), *([] if loop.settings is None else [dict(loop.settings)])]
            ((left, *results),) = runtime.call(call, files, list(loop.keys), values, len(values))
            _compare(loop, dict(zip(arguments, left, strict=False)), wanted, width)
            assert_allclose(results, [] if result is None else [result], rtol=CLOSE, err_msg=str(loop.keys))
    for path in FUSED_FILES:
        if path in library and (runtime.runs_luau or path != FUSED_VECTORS):
            _check_fused(runtime, files, path)
    if runtime.runs_luau:
        assert runtime.run(_SHARES, files, 5) == [5], "shares are stored where there are none"


def _check_fused(runtime: Runtime, files: Any, path: str) -> None:
    """Several layers in one loop do what one loop after the other does; what is no number is told."""
    cases = [
        (name, inputs, nodes, *_fused_layers(name, inputs, nodes, is_number=is_number), is_number)
        for name, inputs, nodes in product(FUSED, NARROW_COUNTS, NARROW_COUNTS)
        for is_number in (True, False)
    ]
    given = [list(case[:5]) for case in cases]
    is_vector = path == FUSED_VECTORS
    (results,) = runtime.run(_FUSED, files, path, given, list(FUSED_SLOPES), FUSED_COUNT, is_vector)
    for (name, inputs, nodes, _, _, expected, is_number), (found, sure) in zip(cases, results, strict=True):
        what = f"{path} {name} {inputs} {nodes}"
        if FUSED[name][1]:
            assert sure == is_number, what
        if is_vector or FUSED[name][1]:
            close = SINGLE_CLOSE if is_vector else CLOSE
            assert_allclose(found, expected, rtol=close, atol=close if is_vector else 0.0, err_msg=what)
        elif is_number:
            assert found == expected, what


@cache
def _fused_layers(
    name: str, inputs: int, nodes: int, *, is_number: bool
) -> tuple[list[Any], list[list[float]], list[list[float]]]:
    """Layers, columns of samples, and the columns that come out: values that are large on either side, too."""
    random = Random(inputs + NARROW * nodes)
    sizes = [LARGE if number % 2 else 1.0 for number in range(FUSED_COUNT // 2)]
    columns = [[random.symmetric(1.0) + size for size in (*sizes, *(-each for each in sizes))] for _ in range(inputs)]

    def layer(rows: int, width: int, sign: float) -> list[Any]:
        weights = [[sign * (1.25 + random.symmetric(0.75)) for _ in range(width)] for _ in range(rows)]
        return [weights, [random.symmetric(1.0) for _ in range(rows)]]

    if not is_number:
        columns[-1][1] = math.nan
    hidden, has_output = FUSED[name]
    layers, values, width = [], columns, inputs
    for slope in FUSED_SLOPES[:hidden]:
        (rows, biases), sums = layer(nodes, width, 1.0), [[0.0] * FUSED_COUNT for _ in range(nodes)]
        column_sums(rows, biases, values, width, slope, sums, FUSED_COUNT)
        layers.append([rows, biases])
        values, width = sums, nodes
    if has_output:
        ((row,), (bias,)), output = layer(1, width, -1.0), [0.0] * FUSED_COUNT
        run_node(row, bias, values, width, output, FUSED_COUNT, ACTIVATIONS[OUTPUT_ACTIVATOR].value)
        layers.append([[row], [bias]])
        values = [output]
    return layers, columns, values


def _compare(loop: Loop, left: Mapping[str, Any], wanted: Mapping[str, Any], width: int) -> None:
    for name, found in left.items():
        expected = wanted[name]
        if f"{name}[i]" in loop.schedule.held and isinstance(expected[0], float):
            # What is held in locals is stored for as many inputs as there may be.
            stored = loop.schedule.written_out
            expected = [*expected[:width], *found[width:stored], *expected[stored:]]
        message = f"{loop.keys} {name} {width}"
        if loop.rounds:
            assert_allclose(np.array(found), np.array(expected), rtol=CLOSE, err_msg=message)
        else:
            assert found == expected, message


def _files(library: Mapping[str, str]) -> list[str]:
    return [path for path in library if path.startswith(FOLDERS)]


def _opened(source: str) -> str:
    """A file that returns its functions beside what it returns."""
    before, separator, returned = source.rpartition("\nreturn ")
    names = "".join(f"own.{name} = {name}\n" for name, _ in _HEAD.findall(source))
    return f"{before}{separator.replace('return', 'local own: any =')}{returned}{names}return own\n"


def _functions(library: Mapping[str, str]) -> Iterator[Loop]:
    by_name = {luau_name(each.name): each for each in SCHEDULES.values()}
    for path in _files(library):
        for name, text in _HEAD.findall(library[path]):
            if name in by_name and not by_name[name].kept:
                yield Loop((path, name), by_name[name], _parameters(text))


# The files that have the loops of activations, and the tables in which they are.
_COMMON, _RARE = ("kernels/activations", "ACTIVATIONS"), ("kernels/rare", "LOOPS")
# The schedules of the loops of activations of whole layers, by their names in the table.
_OF_LAYERS = {
    "activate": "activate_shares",
    "scaleBySlope": "scale_by_share_slope",
    "activateLayer": "activate_share_columns",
}


def _methods(library: Mapping[str, str]) -> Iterator[Loop]:
    """The loops that have an activation or a loss inside."""
    for name, activation in ACTIVATIONS.items():
        formulas, rounds = _formulas_of(activation), transcendental_calls(name) > 0
        path, table = _COMMON if name in COMMON_ACTIVATIONS else _RARE
        # One that has another's formulas has its entry, too.
        _, _, entry = library[path].partition(f'["{name}"] = {{\n')
        heads = dict(re.findall(r"\t\t(\w+) = function\(([^)]*)\)", entry.partition("\n\t},")[0]))
        for kernel in ("activate", "scale_by_slope", "activate_column", "run_node"):
            if text := heads.get(luau_name(kernel)):
                keys = (path, table, name, luau_name(kernel))
                yield Loop(keys, SCHEDULES[kernel], _parameters(text), formulas, rounds)
    path, table = "kernels/activations", "OUTPUT_ONLY"
    for name, shares in OUTPUT_ACTIVATIONS.items():
        of_layer = (("power", shares.power), ("share", shares.share), ("slope", shares.slope))
        _, _, entry = library[path].partition(f'\n\t["{name}"] = {{\n\t\tvalue = nil')
        heads = dict(re.findall(r"\t\t(\w+) = function\(([^)]*)\)", entry.partition("\n\t},")[0]))
        rounds = transcendental_calls_of(*(formula for _, formula in of_layer)) > 0
        for key, kernel in _OF_LAYERS.items():
            yield Loop((path, table, name, key), SCHEDULES[kernel], _parameters(heads[key]), of_layer, rounds)
    for name, loss in LOSSES.items():
        for given in ({}, {each.name: SETTING for each in loss.settings}):
            for part, (kernel, formulas) in _measures_of(name, tuple(given.items())).items():
                taken = tuple(map(luau_name, ("sums", "outputs", "targets", "deltas", "count")))
                rounds = transcendental_calls_of(*_stand_for(loss, fused=part == "fused")) > 0
                named = {luau_name(each): value for each, value in given.items()}
                keys = ("kernels/losses", "LOSSES", name, part)
                yield Loop(keys, SCHEDULES[kernel], taken, formulas, rounds, named)


def _stand_for(loss: Loss, *, fused: bool) -> list[Callable[..., float]]:
    record = loss.fused if fused and loss.fused is not None else loss
    level = loss.fused.level if fused and loss.fused is not None else None
    return [record.value, record.slope, *([] if level is None else [level])]


@cache
def _measures_of(name: str, given: tuple[tuple[str, float], ...]) -> dict[str, tuple[str, Formulas]]:
    """The kernels of a loss with such settings, and their formulas; the same ones in every call."""
    loss = LOSSES[name].with_settings(dict(given))
    pair = ("value", by_name(loss.value, loss.values)), ("slope", by_name(loss.slope, loss.values))
    measures: dict[str, tuple[str, Formulas]] = {"measure": ("measure", pair)}
    if loss.fused is not None:
        pair = ("value", by_name(loss.fused.value, loss.values)), ("slope", by_name(loss.fused.slope, loss.values))
        level = loss.fused.level
        measures["fused"] = ("measure_sums", pair) if level is None else ("measure_shares", (("level", level), *pair))
    return measures


def _formulas_of(record: Activation) -> Formulas:
    return ("value", record.value), ("slope", record.slope)


def _parameters(text: str) -> tuple[str, ...]:
    return tuple(name.lstrip("_") for name in re.findall(r"(\w+):", text))


@cache
def _expected(
    name: str, formulas: Formulas, nodes: int, width: int
) -> tuple[dict[str, Any], dict[str, Any], float | None]:
    """The arguments of a loop, what it leaves of them, and what it returns."""
    schedule = SCHEDULES[name]
    several = width if schedule.width or not schedule.written_out else schedule.written_out
    function = KERNELS[schedule.kernel]
    known = {**schedule.known, **({"count": LENGTH - 1, "nodes": nodes} if formulas else {})}
    given = arguments_of(function, nodes, several, known)
    if formulas:
        edges = {"sums": EDGES, "biases": [0.0] * len(EDGES)}
        # Of outputs and targets some are equal, and some 1 or the setting apart.
        edges |= {"outputs": EDGES, "targets": MET} if "targets" in given else {}
        for array, numbers in edges.items():
            if array in given and not isinstance(given[array][0], list):
                given[array][: len(EDGES)] = numbers
        if "row" in given:
            given["row"] = [LARGE * weight for weight in given["row"]]
        given |= {"bias": 0.0} if "bias" in given else {}
    if "power" in dict(formulas) and "biases" in given:
        _set_apart(given, nodes, 2 * LARGE if width % 2 else -2 * LARGE)
    left = copy.deepcopy(given)
    names = inspect.signature(function).parameters
    result = function(**left, **{each: formula for each, formula in formulas if each in names})
    return given, left, result


def _set_apart(given: dict[str, Any], nodes: int, by: float) -> None:
    """Gives the first node a bias of such a size that all shares are lost if anything else is taken for its sum.

    A large one is taken away again from its sums, but for one sample's.
    """
    sums, given["biases"][0] = given["sums"], by
    if by > 0 and isinstance(sums[0], list):
        sums[0] = [x if n == nodes else x - by for n, x in enumerate(sums[0])]
    elif by > 0:
        sums[0] -= by


def arguments_of(
    loop: Callable[..., object], nodes: int, width: int, known: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Numbers for a loop, by the names of its parameters; ``known`` are those that are given."""
    random = Random(nodes + 100 * width)
    counts = {"width": width, "column": COLUMN, "before": BEFORE, "first": FIRST, "count": width, **(known or {})}

    def values() -> list[float]:
        return [random.symmetric(2.0) for _ in range(LENGTH)]

    given: dict[str, Any] = {}
    parameters = inspect.signature(loop).parameters
    # A matrix of numbers that are counted has as many rows as these, at least.
    of_nodes = OF_NODES if {"width", "column"} & parameters.keys() else ()
    for parameter, each in parameters.items():
        if each.annotation == operands.Rows:
            given[parameter] = [values() for _ in range(nodes if parameter in of_nodes else MORE_ROWS)]
        elif each.annotation == operands.Values:
            given[parameter] = values()
        elif each.annotation is int:
            given[parameter] = counts[parameter]
        elif each.annotation is float:
            given[parameter] = random.symmetric(2.0)
    return given


def arrays_complaint(name: str, loop: Callable[..., object]) -> str | None:
    """In what a loop differs from numpy's version of it; None if in nothing."""
    for nodes, width in SIZES:
        given = arguments_of(loop, nodes, width)
        # An array has as many numbers as there are.
        counts = {"deltas": nodes, "sums": nodes, "values": width, "upstream": width}
        over_arrays = {
            each: np.array(value[: counts.get(each)]) if isinstance(value, list) else value
            for each, value in given.items()
        }
        before = copy.deepcopy(given)
        loop(**given)
        getattr(arrays, name)(**over_arrays)
        for parameter, value in given.items():
            found = np.asarray(over_arrays[parameter]).tolist()
            if isinstance(found, list):
                found += before[parameter][len(found) :]
            if found != value:
                return f"{name} has another {parameter} with {nodes} nodes of {width} inputs"
    return None
