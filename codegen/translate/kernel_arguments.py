"""What a kernel takes in Luau: how its arrays are kept, and the typed arguments of its function."""

import ast
import inspect
import re
from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType

from codegen.translate.loop_reader import Kernel, Loop
from codegen.translate.luau_formulas import luau_name
from codegen.translate.places import Lanes, Numbers, Splat, Storage, Table, Tiles
from codegen.translate.python_subset import FormulaError
from engine.kernels.schedules import LANES, NUMBERS, SPLAT, TILES, VECTORS, Schedule

STORAGES: Mapping[str, Storage] = MappingProxyType(
    {NUMBERS: Numbers(), TILES: Tiles(), VECTORS: Table(element="vector"), LANES: Lanes(), SPLAT: Splat()}
)
_TYPES = MappingProxyType(
    {
        "Values": "{ number }",
        "Rows": "{ { number } }",
        "Sequence[Values]": "{ { number } }",
        "Sequence[Rows]": "{ { { number } } }",
        "Vectors": "{ vector }",
        "float": "number",
        "int": "number",
    }
)
# What the number of rows is called.
NODES = "nodes"
_SCHEDULES = inspect.getfile(Schedule)


def schedule_refused(schedule: Schedule, what: str, instead: str) -> FormulaError:
    """What is said of a schedule that is refused."""
    return FormulaError(f"{_SCHEDULES}: the schedule `{schedule.name}` {what}; write {instead}.")


def is_counted_apart(loop: Loop, storages: Mapping[str, Storage]) -> bool:
    """Whether a loop goes over rows that lie where nobody can count them."""
    match loop.count:
        case ast.Call(ast.Name("len"), [ast.Name(array)]):
            return array in storages and not storages[array].has_rows
    return False


def parameters(
    kernel: Kernel,
    body: Sequence[str],
    storages: Mapping[str, Storage],
    names: Mapping[str, str],
    *,
    all_of_them: bool = False,
    without: Container[str] = (),
) -> str:
    """The typed arguments that a kernel needs in Luau; all of them if those of its kind are to look alike.

    None of them is an array that the kernel is written ``without``.
    """
    used = set(re.findall(r"[A-Za-z_]\w*", "\n".join(body)))
    counted = next(
        (
            ast.unparse(each.count).removeprefix("len(").removesuffix(")")
            for each in kernel.body
            if isinstance(each, Loop) and is_counted_apart(each, storages)
        ),
        "",
    )
    shown = []
    for name, annotation in kernel.parameters.items():
        luau = names.get(name) or luau_name(name)
        if name == counted:
            shown.append(f"{NODES}: number")
        if (luau in used or all_of_them) and annotation in _TYPES and name not in without:
            plain = _TYPES[annotation]
            shown.append(
                f"{'' if luau in used else '_'}{luau}: {storages[name].luau_type(plain) if name in storages else plain}"
            )
    return ", ".join(shown)
