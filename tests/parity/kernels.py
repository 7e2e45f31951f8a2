"""Loops over tables in Luau against the plain loops in Python, one by one: the same bits, nothing else touched."""

import copy
import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from codegen.runtimes import Handle, Runtime
from codegen.translate.luau_formulas import luau_name
from codegen.translate.requires import TOP
from engine import Random
from engine.kernels import arrays, loops
from engine.kernels.schedules import SCHEDULES, Schedule

# The files that return their loops by name.
FILES = ("kernels/rows", "kernels/columns")
_HEAD = re.compile(r"^local function (\w+)\(([^)]*)\)", re.MULTILINE)
_PROBE = (
    "\n".join(f'local {file.rpartition("/")[2]} = require("@self/{file}")' for file in FILES)
    + """
return {{ {} }}
""".format(", ".join(file.rpartition("/")[2] for file in FILES))
)
_CALL = """
local files, file, name, arguments, count = ...
local result = files[file][name](unpack(arguments, 1, count))
return arguments, result
"""
# More numbers than any loop may touch.
MORE_ROWS, LENGTH = 15, 24
# What has as many rows as a layer has nodes.
OF_NODES = ("rows", "gradients")
COLUMN, BEFORE, FIRST = 2, 1, 3
# Nodes and inputs, with some left over behind every number of them that is taken at once.
SIZES = ((1, 1), (2, 3), (3, 2), (4, 1), (7, 4), (15, 9))


def check_kernels(runtime: Runtime, library: Mapping[str, str]) -> None:
    """Every loop over tables that a file of the library returns does what the one in Python does."""
    files = runtime.require_tree({**library, TOP: _PROBE})
    call = runtime.compile(_CALL, "caller")
    by_name = {luau_name(each.name): each for each in SCHEDULES.values()}
    for number, file in enumerate(FILES, start=1):
        for name, text in _HEAD.findall(library[file]):
            taken = tuple(re.findall(r"(\w+):", text))
            _check(runtime, (call, files), number, name, by_name[name], taken)


def _check(
    runtime: Runtime, handles: tuple[Handle, Handle], file: int, name: str, schedule: Schedule, taken: tuple[str, ...]
) -> None:
    call, files = handles
    for nodes, width in SIZES:
        if schedule.width and width > schedule.written_out:
            continue
        given, expected = _expected(schedule.name, nodes, width)
        arguments = [each for parameter, each in given.items() if luau_name(parameter) in taken]
        left, result = runtime.call(call, files, file, name, arguments, len(arguments))
        named = [parameter for parameter in expected if luau_name(parameter) in taken]
        for parameter, found in zip(named, left, strict=True):
            wanted = expected[parameter]
            if f"{parameter}[i]" in schedule.held and found != given[parameter]:
                # What is held in locals is stored for as many inputs as there may be.
                wanted = [*wanted[:width], *found[width : schedule.written_out], *wanted[schedule.written_out :]]
            assert found == wanted, (name, parameter, nodes, width)
        assert result is None, name


@cache
def _expected(name: str, nodes: int, width: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments of a loop, and what it leaves of them."""
    schedule = SCHEDULES[name]
    loop = getattr(loops, schedule.kernel)
    several = width if schedule.width or not schedule.written_out else schedule.written_out
    given = arguments_of(loop, nodes, several, schedule.known)
    left = copy.deepcopy(given)
    loop(**left)
    return given, left


def arguments_of(
    loop: Callable[..., object], nodes: int, width: int, known: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Numbers for a loop, by the names of its parameters; ``known`` are those that are given."""
    random = Random(nodes + 100 * width)
    counts = {"width": width, "column": COLUMN, "before": BEFORE, "first": FIRST, "count": width, **(known or {})}

    def values() -> list[float]:
        return [random.symmetric(2.0) for _ in range(LENGTH)]

    given: dict[str, Any] = {}
    for parameter, each in inspect.signature(loop).parameters.items():
        if each.annotation == loops.Rows:
            given[parameter] = [values() for _ in range(nodes if parameter in OF_NODES else MORE_ROWS)]
        elif each.annotation == loops.Values:
            given[parameter] = values()
        else:
            given[parameter] = counts[parameter] if each.annotation is int else random.symmetric(2.0)
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
