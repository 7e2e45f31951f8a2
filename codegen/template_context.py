"""Every value that the templates need, decided in Python."""

from functools import partial

import engine.spec
from codegen.luau_formulas import assign, define, inline, leak, luau_name, read_formulas, used_parameters
from codegen.luau_functions import LuauFunction, concatenation, luau_type, message_expression
from codegen.luau_literals import luau_value
from engine import random
from engine.formulas.registry import ACTIVATIONS

OPTIONS = (engine.spec.BATCH_OPTIONS, engine.spec.TRAINING_OPTIONS, engine.spec.GENERATION_OPTIONS)


def template_context() -> dict[str, object]:
    """The names that templates may use."""
    modules = read_formulas()
    return {
        "spec": engine.spec,
        "activations": tuple(ACTIVATIONS.values()),
        "options": {kind.type_name: kind for kind in OPTIONS},
        "functions": {name: LuauFunction(function) for name, function in engine.spec.FUNCTIONS.items()},
        "jumps": (random.FIRST_JUMP, random.SECOND_JUMP),
        "define": partial(define, modules),
        "inline": partial(inline, modules),
        "assign": partial(assign, modules),
        "leak": partial(leak, modules),
        "used_parameters": partial(used_parameters, modules),
        "text": message_expression,
        "concatenation": concatenation,
        "literal": luau_value,
        "luau_name": luau_name,
        "luau_type": luau_type,
    }
