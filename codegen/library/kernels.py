"""The kernels of the library: loops and written-out layers, made of `engine.kernels` by its schedules."""

import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from pathlib import Path

from codegen.library.formula_records import is_used, named
from codegen.library.losses import LuauLoss
from codegen.library.optimizers import LuauOptimizer
from codegen.library.schedules import WRITTEN_OUT_ACTIVATORS
from codegen.translate.kernel_arguments import STORAGES, parameters, schedule_refused
from codegen.translate.kernel_bindings import Bindings, Choices
from codegen.translate.kernel_layout import Layout
from codegen.translate.loop_reader import Kernel, read_kernels
from codegen.translate.luau_formulas import FormulaModules, luau_name, read_formulas
from codegen.translate.luau_literals import luau_value
from codegen.translate.places import Lanes, Numbers, Storage
from codegen.translate.python_subset import FormulaError
from engine.formulas.records import Setting
from engine.formulas.registry import ACTIVATIONS
from engine.kernels import loops, registry, schedules
from engine.kernels.schedules import NUMBERS, SCHEDULES, TILES, VECTORS, Schedule

# How a branch is chosen where any of some activations may come.
_CHOICE = "written"
_BY_NUMBER = _CHOICE + " < {after}"

_LOOPS, _SCHEDULES = Path(inspect.getfile(loops)).parent, Path(inspect.getfile(schedules))


@cache
def kernels() -> Mapping[str, Kernel]:
    """All loops, by their names."""
    read = [read_kernels(Path(inspect.getfile(file))) for file in registry.FILES]
    return {name: kernel for file in read for name, kernel in file.items()}


def find_kernel(read: Mapping[str, Kernel], name: str, wanted_by: str) -> Kernel:
    """A loop of these.

    Raises:
        FormulaError: if there is none of that name.
    """
    if name not in read:
        raise FormulaError(f"{_LOOPS}: there is no loop `{name}`, which {wanted_by} names; write it.")
    return read[name]


def _schedule(name: str) -> Schedule:
    if name not in SCHEDULES:
        raise FormulaError(f"{_SCHEDULES}: there is no schedule `{name}`, which a template names; write it.")
    return SCHEDULES[name]


# What was written of the formulas as they are, with the things that it was written of: so nothing else gets their
# identity.
_known: dict[tuple[object, ...], tuple[tuple[object, ...], str]] = {}


def remembered(modules: FormulaModules, made_of: tuple[object, ...], which: Hashable, write: Callable[[], str]) -> str:
    """What is written of formulas and of some things, such as kernels: once, unless somebody has other formulas.

    ``which`` says which of all that is written of the same things it is.
    """
    if modules is not read_formulas():
        return write()
    key = (id(modules), *map(id, made_of), which)
    if key not in _known:
        _known[key] = made_of, write()
    return _known[key][1]


def choices(
    part: str, names: Sequence[str] = WRITTEN_OUT_ACTIVATORS, condition: str = _BY_NUMBER, *, are_all: bool = False
) -> Choices:
    """A branch for each of some activations, by their numbers or names; if they ``are_all``, the last for the rest."""
    return tuple(
        (
            "" if are_all and k == len(names) else condition.format(after=k + 1, name=name),
            f"activations.{getattr(ACTIVATIONS[name], part).__name__}",
        )
        for k, name in enumerate(names, start=1)
    )


def kernel(modules: FormulaModules, name: str, **formulas: Choices) -> str:
    """A kernel as a local function of a module, by the name of its schedule."""
    schedule = _schedule(name)
    summary = _kernel_of(schedule).summary.replace("``", "`")
    if schedule.written_out and schedule.width:
        summary += f" Of 1 to {schedule.written_out} inputs."
    return f"-- {summary}\nlocal function {luau_name(name)}{_rest(modules, schedule, formulas, all_of_them=False)}"


def method(modules: FormulaModules, name: str, **formulas: str) -> str:
    """A kernel as a function without a name; ``formulas`` are those that it is called with, such as ``module.name``."""
    return f"function{_rest(modules, _schedule(name), formulas, all_of_them=True)}"


def update(modules: FormulaModules, name: str, optimizer: LuauOptimizer) -> str:
    """A kernel as a function without a name, for an optimizer that remembers something of each parameter."""
    return f"function{_rest(modules, _schedule(name), {}, all_of_them=True, optimizer=optimizer)}"


def measure(modules: FormulaModules, loss: LuauLoss, *, fused: bool) -> str:
    """A loss as a function without a name; ``fused`` with the activation that it may be fused with."""
    name, formulas = loss.fused if fused else loss.plain
    return f"function{_rest(modules, _schedule(name), formulas, all_of_them=True, settings=loss.truth.settings)}"


def _rest(
    modules: FormulaModules,
    schedule: Schedule,
    formulas: Mapping[str, Choices],
    *,
    all_of_them: bool,
    optimizer: LuauOptimizer | None = None,
    settings: Sequence[Setting] = (),
) -> str:
    """What stands behind the name of a function."""
    made_of = (schedule, _kernel_of(schedule), optimizer, *settings)
    which = ("rest", tuple(formulas.items()), all_of_them)
    return remembered(
        modules,
        made_of,
        which,
        lambda: _written(modules, schedule, formulas, all_of_them=all_of_them, optimizer=optimizer, settings=settings),
    )


def _written(
    modules: FormulaModules,
    schedule: Schedule,
    formulas: Mapping[str, Choices],
    *,
    all_of_them: bool,
    optimizer: LuauOptimizer | None,
    settings: Sequence[Setting],
) -> str:
    read = _kernel_of(schedule)
    kept = storages(schedule)
    bindings = Bindings(
        modules,
        formulas,
        kept,
        names={
            **({"j": "g"} if any(isinstance(each, Lanes) for each in kept.values()) else {}),
            **({"memory": "memories"} if optimizer is not None else {}),
        },
        update=optimizer,
        settings=tuple(each.name for each in settings),
        numbers=schedule.known,
        held=schedule.held,
        is_vector=VECTORS in schedule.kept.values(),
    )
    lines = Layout(read, schedule, bindings).lines()
    if optimizer is not None:
        # Rows take their part of what is remembered with them; biases have it all.
        lines = [*optimizer.known, *(optimizer.remembered("") if "memory" in read.parameters else []), *lines]
    taken = _taken(settings, lines)
    lines = [*taken, *lines]
    gives = ": number" if read.gives else ""
    body = "\n".join(f"\t{line}" for line in lines)
    shown = parameters(read, lines, kept, bindings.names, all_of_them=all_of_them, without=schedule.without)
    if optimizer is not None:
        shown += "".join(f", {named(each, lines)}: {{ number }}" for each in ("settings", "factors"))
    if any(not isinstance(each, str) for each in formulas.values()):
        shown += f", {_CHOICE}: number"
    if taken:
        shown += ", settings: { [string]: any }"
    return f"({shown}){gives}\n{body}\nend" if lines else f"({shown}) end"


def _taken(settings: Sequence[Setting], statements: Sequence[str]) -> list[str]:
    """The statements that take those settings that others need out of ``settings``; what is not set has its default."""
    defaults = {luau_name(each.name): luau_value(each.default) for each in settings}
    needed = [name for name in defaults if is_used(name, statements)]
    return [f"local {name}: number = settings.{name} or {defaults[name]}" for name in needed]


def _kernel_of(schedule: Schedule) -> Kernel:
    return find_kernel(kernels(), schedule.kernel, f"the schedule `{schedule.name}`")


def storages(schedule: Schedule) -> dict[str, Storage]:
    """How a kernel's arrays are kept. Along tiles, loops over inputs count the bytes of buffers."""
    for array, kept in schedule.kept.items():
        if kept not in STORAGES:
            raise schedule_refused(schedule, f"keeps `{array}` in `{kept}`", f"one of {', '.join(STORAGES)}")
    in_bytes = ("i",) if TILES in schedule.kept.values() else ()
    return {array: Numbers(in_bytes) if kept == NUMBERS else STORAGES[kept] for array, kept in schedule.kept.items()}


def exported(names: Sequence[str]) -> str:
    """The table that a module of these kernels returns."""
    return "{\n" + "".join(f"\t{luau_name(each)} = {luau_name(each)},\n" for each in names) + "}"
