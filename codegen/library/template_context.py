"""Every value that the templates need, decided in Python."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import isfinite
from types import ModuleType, SimpleNamespace

from codegen.library import layer_code, render, schedules
from codegen.library.fused import FUSED, fused
from codegen.library.kernels import choices, exported, kernel, measure, method, update
from codegen.library.losses import definitions, luau_losses
from codegen.library.narrow import (
    block_forward,
    captured_forward,
    narrow_forward,
    narrow_loss,
    narrow_slopes,
    narrow_steps,
)
from codegen.library.optimizers import luau_least_squares, luau_optimizers
from codegen.library.rate_schedules import luau_schedules
from codegen.library.scalers import luau_scalers
from codegen.library.signatures import (
    LuauFunction,
    concatenation,
    luau_type,
    message_expression,
    optional_type,
    shared_options,
    shared_records,
    signatures,
)
from codegen.translate import places
from codegen.translate.luau_formulas import (
    assign,
    define,
    define_needed,
    inline,
    luau_name,
    needed,
    negative_slope,
    path_of,
    read_formulas,
    used_parameters,
)
from codegen.translate.luau_literals import luau_value
from codegen.translate.python_subset import FormulaModule
from engine import random, scaler
from engine.files.extras import EXCLUSIVE, EXTRA_NAMES, FAULTS
from engine.files.network_table import POSITIONS
from engine.formulas.random import SPLIT
from engine.formulas.records import Activation, OutputActivation
from engine.formulas.registry import ACTIVATIONS, ALL_ACTIVATIONS, INITIALIZERS, OUTPUT_ACTIVATIONS
from engine.interface import functions, limits, visual
from engine.interface.functions import FUNCTIONS
from engine.interface.limits import LIBRARY
from engine.interface.messages import MESSAGES
from engine.interface.options import (
    BATCH_OPTIONS,
    FUNCTION_OPTIONS,
    GENERATION_OPTIONS,
    LAYER_DESCRIPTION,
    LOSS_SETTINGS,
    NETWORK_DESCRIPTION,
    OPTIMIZER_OPTIONS,
    SAVE_OPTIONS,
    SCHEDULE_OPTIONS,
    TRAINING_OPTIONS,
)
from engine.interface.rules import NamedChoice
from engine.kernels import schedules as kernel_schedules
from engine.layers.registry import (
    IMPLIED_FEED_FORWARD,
    IMPLIED_RECURRENT,
    IMPLIED_RECURRENT_OUTPUT,
    LAYER_KINDS,
)

OPTIONS = (
    LAYER_DESCRIPTION,
    NETWORK_DESCRIPTION,
    BATCH_OPTIONS,
    FUNCTION_OPTIONS,
    SCHEDULE_OPTIONS,
    OPTIMIZER_OPTIONS,
    TRAINING_OPTIONS,
    GENERATION_OPTIONS,
    SAVE_OPTIONS,
)
# What templates call constant: those of all these.
SPEC_MODULES = (limits, schedules, kernel_schedules, places, visual, functions)
# Whose constants the library has as such.
CONSTANT_MODULES = (limits, visual)
# The kinds of the layers of networks that name none.
IMPLIED = SimpleNamespace(
    feed_forward=IMPLIED_FEED_FORWARD,
    recurrent=IMPLIED_RECURRENT,
    recurrent_output=IMPLIED_RECURRENT_OUTPUT,
    kind=LAYER_KINDS[IMPLIED_RECURRENT],
)
# Where a template names a message or a constant, and where it defines a public function.
_MESSAGE = re.compile(r"\bmessages\.(\w+)")
_CONSTANT = re.compile(r"\blimits\.([A-Z_]+)")
_PUBLIC = re.compile(r'{{ public\("(\w+)"(?:, [\w=]+)*\) }}')


def common_context(modules: Mapping[str, FormulaModule], *more: ModuleType) -> dict[str, object]:
    """The names that all templates may use, of whatever; ``more`` are modules whose constants are known, too."""
    return {
        "constant": SimpleNamespace(
            **{name: each for module in (*SPEC_MODULES, *more) for name, each in vars(module).items()}
        ),
        "inline": partial(inline, modules),
        "literal": luau_value,
        "text": message_expression,
    }


def template_context() -> dict[str, object]:
    """The names that templates of the library may use."""
    modules = read_formulas()
    return {
        **common_context(modules),
        "activations": tuple(ACTIVATIONS.values()),
        "output_activations": tuple(OUTPUT_ACTIVATIONS.values()),
        "all_activations": tuple(ALL_ACTIVATIONS.values()),
        "limited_activations": limited_activations(),
        "formula_path": path_of,
        "optimizers": luau_optimizers(modules),
        "least_squares": luau_least_squares(modules),
        "initializers": tuple(INITIALIZERS.values()),
        "rate_schedules": luau_schedules(modules),
        "aliases": aliases(),
        "rare_activations": rare_activations(),
        "named_choices": named_choices(),
        "options": {options.type_name: options for options in OPTIONS},
        "functions": {name: LuauFunction(function) for name, function in FUNCTIONS.items()},
        "constants": constants(),
        "messages": messages(),
        "shared_options": shared_options(),
        "shared_records": shared_records(),
        "signatures": signatures(),
        "api_files": api_files(),
        "jumps": tuple(map(split, (random.FIRST_JUMP, random.SECOND_JUMP))),
        "warm_up": split((random.WARM_UP,)),
        "losses": luau_losses(modules),
        "loss_options": {each.name: each for options in LOSS_SETTINGS.values() for each in options}.values(),
        "kinds": tuple(LAYER_KINDS.values()),
        "layer_code": layer_code,
        "implied": IMPLIED,
        "positions": positions,
        "extra_names": EXTRA_NAMES,
        "scalers": luau_scalers(modules),
        "scaler_fields": scaler.FIELDS,
        "exclusive_extras": EXCLUSIVE,
        "extra_faults": tuple(FAULTS),
        "kernel": partial(kernel, modules),
        "common_choices": partial(choices, names=schedules.COMMON_ACTIVATIONS, are_all=True),
        "measure": partial(measure, modules),
        "method": partial(method, modules),
        "update": partial(update, modules),
        "fused": partial(fused, modules),
        "fused_names": tuple(FUSED),
        "exported": exported,
        "block_forward": partial(block_forward, modules),
        "captured_forward": partial(captured_forward, modules),
        "narrow_forward": partial(narrow_forward, modules),
        "narrow_loss": partial(narrow_loss, modules),
        "narrow_slopes": partial(narrow_slopes, modules),
        "narrow_steps": partial(narrow_steps, modules),
        "define": partial(define, modules),
        "defined": partial(defined, modules),
        "with_needed": partial(with_needed, modules),
        "inlined": partial(inlined, modules),
        "parts_of_losses": definitions(modules),
        "parts_of_output_activations": define_needed(modules, output_formulas()),
        "assign": partial(assign, modules),
        "negative_slope": partial(negative_slope, modules),
        "used_parameters": partial(used_parameters, modules),
        "zip": partial(zip, strict=True),
        "concatenation": concatenation,
        "luau_name": luau_name,
        "luau_type": luau_type,
        "optional_type": optional_type,
    }


def split(matrix: random.Matrix) -> list[list[int]]:
    """What `jumped` of `engine.formulas.random` multiplies by, row by row: the high parts, then the low ones."""
    parts = int(SPLIT)
    return [[number // parts for number in row] + [number % parts for number in row] for row in matrix]


def positions(*names: str) -> str:
    """Where things stand in a network table, as local constants: Luau writes their numbers wherever they are used."""
    return "\n".join(f"local {name} = {POSITIONS[name]}" for name in names)


def aliases() -> dict[str, str]:
    """The activations that have the formulas of one before them in the registry, with its name."""
    firsts: dict[tuple[object, object], str] = {}
    named = {name: firsts.setdefault((each.value, each.slope), name) for name, each in ACTIVATIONS.items()}
    return {name: first for name, first in named.items() if first != name}


def limited_activations() -> tuple[Activation | OutputActivation, ...]:
    """The activations that do not reach every number."""
    return tuple(each for each in ALL_ACTIVATIONS.values() if isfinite(each.lowest) or isfinite(each.highest))


def rare_activations() -> tuple[str, ...]:
    """The activations that have loops of their own, other than the common ones."""
    return tuple(name for name in ACTIVATIONS if name not in aliases() and name not in schedules.COMMON_ACTIVATIONS)


def named_choices() -> dict[str, list[str]]:
    """The choices whose types have names, with their words as literals."""
    rules = [parameter.rule for function in FUNCTIONS.values() for parameter in function.parameters]
    rules += [field.rule for options in OPTIONS for field in options.fields]
    return {
        rule.type_name: [luau_value(each) for each in rule.words] for rule in rules if isinstance(rule, NamedChoice)
    }


def constants() -> dict[str, object]:
    """The constants that the library looks up, by their names; others are written into its files."""
    named = {name for text in _library_templates().values() for name in _CONSTANT.findall(text)}
    return {name: each for module in CONSTANT_MODULES for name, each in vars(module).items() if name in named}


def messages() -> dict[str, str]:
    """The messages that the library looks up: those of its rules, and those that its templates name."""
    named = {name for text in _library_templates().values() for name in _MESSAGE.findall(text)}
    arguments = [each for function in FUNCTIONS.values() for each in LuauFunction(function).parameters]
    rules = {each.rule for argument in arguments for each in (argument, *argument.options)}
    return {name: text for name, text in MESSAGES.items() if luau_name(name) in named or name in rules}


def api_files() -> dict[str, str]:
    """The file of every public function, by its name in `luau_templates/KNNLibrary/api`."""
    return {
        name: path.removeprefix("api/").partition(".")[0]
        for path, text in _library_templates().items()
        for name in _PUBLIC.findall(text)
    }


def _library_templates() -> dict[str, str]:
    return {path: (render.TEMPLATES / LIBRARY / path).read_text(encoding="utf-8") for path in render.files_in(LIBRARY)}


def defined(modules: Mapping[str, FormulaModule], name: str, *constants: str) -> str:
    """The functions that `define` defines of a formula module, and some of its constants, as a table."""
    names = [*constants, *map(luau_name, modules[name].formulas)]
    return "{\n" + "".join(f"\t{each} = {each},\n" for each in names) + "}"


def with_needed(modules: Mapping[str, FormulaModule], name: str, *formulas: str) -> set[str]:
    """The names of some formulas of a module, and of all constants and functions of it that they stand on."""
    return set(formulas).union(*(needed(modules, f"{name}.{each}") for each in formulas))


def inlined(
    modules: Mapping[str, FormulaModule], names: Iterable[str], parts: Sequence[str] = ("value", "slope")
) -> set[str]:
    """The constants and functions that formulas of some activations stand on, when they are written into loops."""
    formulas = [getattr(ACTIVATIONS[name], part) for name in names for part in parts]
    return set[str]().union(*(needed(modules, f"activations.{each.__name__}") for each in formulas))


def output_formulas() -> list[str]:
    """The formulas of the activations that only output layers have: ``module.name``."""
    parts = [part for each in OUTPUT_ACTIVATIONS.values() for part in (each.power, each.share, each.slope)]
    return [path_of(part) for part in parts]
