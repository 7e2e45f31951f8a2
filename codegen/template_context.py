"""Every value that the templates need, decided in Python."""

from functools import partial
from types import SimpleNamespace

from codegen.luau_formulas import (
    assign,
    define,
    define_constants,
    define_functions,
    inline,
    leak,
    luau_name,
    read_formulas,
    used_parameters,
)
from codegen.luau_functions import LuauFunction, concatenation, luau_type, message_expression
from codegen.luau_literals import luau_value
from engine import random
from engine.formulas.registry import ACTIVATIONS
from engine.spec import exports, functions, kernels, limits, visual
from engine.spec.functions import BATCH_OPTIONS, FUNCTIONS, GENERATION_OPTIONS, TRAINING_OPTIONS

OPTIONS = (BATCH_OPTIONS, TRAINING_OPTIONS, GENERATION_OPTIONS)
# What a template calls spec: the constants of all these.
SPEC_MODULES = (limits, kernels, exports, visual, functions)


def template_context() -> dict[str, object]:
    """The names that templates may use."""
    modules = read_formulas()
    return {
        "spec": SimpleNamespace(**{name: each for module in SPEC_MODULES for name, each in vars(module).items()}),
        "activations": tuple(ACTIVATIONS.values()),
        "twins": twins(),
        "options": {kind.type_name: kind for kind in OPTIONS},
        "functions": {name: LuauFunction(function) for name, function in FUNCTIONS.items()},
        "jumps": (random.FIRST_JUMP, random.SECOND_JUMP),
        "define": partial(define, modules),
        "define_constants": partial(define_constants, modules),
        "define_functions": partial(define_functions, modules),
        "inline": partial(inline, modules),
        "assign": partial(assign, modules),
        "leak": partial(leak, modules),
        "used_parameters": partial(used_parameters, modules),
        "zip": partial(zip, strict=True),
        "text": message_expression,
        "concatenation": concatenation,
        "literal": luau_value,
        "luau_name": luau_name,
        "luau_type": luau_type,
    }


def twins() -> dict[str, str]:
    """The activations that have the formulas of one before them in the registry, with its name."""
    firsts: dict[tuple[object, object], str] = {}
    named = {name: firsts.setdefault((each.value, each.slope), name) for name, each in ACTIVATIONS.items()}
    return {name: first for name, first in named.items() if first != name}
