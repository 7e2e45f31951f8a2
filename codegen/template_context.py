"""Every value that the templates need, decided in Python."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import engine.spec
from codegen.luau_expressions import luau_expression
from codegen.luau_literals import luau_string, luau_value
from codegen.python_subset import Formula, FormulaError, FormulaModule, read_module
from engine import random
from engine.formulas.registry import ACTIVATIONS
from engine.spec import MESSAGES, Function, Options, Parameter, fill

FORMULAS = Path(engine.spec.__file__).parent / "formulas"
FORMULA_MODULES = ("activations", "losses", "optimizers", "initializers", "random", "selection", "size")


def template_context() -> dict[str, object]:
    """The names that templates may use."""
    modules = {name: read_module(FORMULAS / f"{name}.py") for name in FORMULA_MODULES}
    _check_activations(modules["activations"])
    return {
        "spec": engine.spec,
        "activations": tuple(ACTIVATIONS.values()),
        "options": {kind.type_name: kind for kind in (engine.spec.GENERATION_OPTIONS,)},
        "functions": {name: LuauFunction(function) for name, function in engine.spec.FUNCTIONS.items()},
        "jumps": (random.FIRST_JUMP, random.SECOND_JUMP),
        "define": partial(_define, modules),
        "inline": partial(_inline, modules),
        "text": message_expression,
        "literal": luau_value,
        "luau_name": luau_name,
    }


def _check_activations(module: FormulaModule) -> None:
    """Refuse an entry of the registry whose formulas the module does not have."""
    for name, activation in ACTIVATIONS.items():
        for part, function, count in (("value", activation.value, 1), ("slope", activation.slope, 2)):
            formula = module.formulas.get(function.__name__)
            if formula is None or len(formula.parameters) != count:
                raise FormulaError(
                    f"{FORMULAS / 'registry.py'}: the {part} of {name} is `{function.__name__}`; "
                    f"write a formula of activations.py with {count} argument(s)."
                )


def luau_name(name: str) -> str:
    """A snake_case name in Luau's camelCase; constants stay as they are."""
    return name if name.isupper() else re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def message_expression(key: str, /, **known: object) -> str:
    """A message as a Luau expression; its open placeholders are Luau names or the expressions given for them."""
    return _concatenation(MESSAGES[key], known)


@dataclass(frozen=True)
class LuauParameter:
    """A parameter as a template needs it."""

    position: int
    spec: Parameter

    @property
    def name(self) -> str:
        """Its name."""
        return self.spec.name

    @property
    def kind(self) -> str:
        """The name of the macro that checks it."""
        return type(self.spec.kind).__name__

    @property
    def luau_type(self) -> str:
        """Its type."""
        kind = self.spec.kind
        name = kind.type_name if isinstance(kind, Options) else kind.luau_type
        return name + "?" if self.spec.optional else name

    @property
    def label(self) -> str:
        """What an error calls it, as a literal."""
        return luau_string(self.spec.label)

    @property
    def fault(self) -> str:
        """What an error says of it: a template that lacks what only a call can tell."""
        return fill(MESSAGES["fault"], place=self.spec.label, rule=self.spec.kind.template)

    def refusal(self, fault: str, /, **known: str) -> str:
        """The whole error for a fault, as a Luau expression; ``known`` has expressions for the fault's placeholders."""
        return _concatenation(fill(MESSAGES["wrong_argument"], position=self.position, fault=fault), known)

    @property
    def defaults(self) -> str:
        """The name of the table that holds the defaults of its options."""
        assert isinstance(self.spec.kind, Options)
        return f"default{self.spec.kind.type_name}"

    @property
    def unknown_option(self) -> str:
        """What an error says of an option that does not exist."""
        assert isinstance(self.spec.kind, Options)
        rule = fill(MESSAGES["option_name"], names=self.spec.kind.names)
        return fill(MESSAGES["fault"], place=self.spec.label, rule=rule)

    @property
    def options(self) -> tuple["LuauParameter", ...]:
        """Its options, each to be checked like a parameter."""
        assert isinstance(self.spec.kind, Options)
        return tuple(
            LuauParameter(
                self.position, Parameter(each.name, f"{self.spec.label}.{each.name}", each.kind, each.description)
            )
            for each in self.spec.kind.fields
        )


@dataclass(frozen=True)
class LuauFunction:
    """A public function as a template needs it."""

    spec: Function

    @property
    def parameters(self) -> tuple[LuauParameter, ...]:
        """Its parameters in order."""
        return tuple(LuauParameter(position, each) for position, each in enumerate(self.spec.parameters, start=1))

    def refusal(self, parameter: str, rule: str, /, **known: str) -> str:
        """The error that refuses an argument for a rule of `MESSAGES` that its kind does not have."""
        refused = next(each for each in self.parameters if each.name == parameter)
        return refused.refusal(fill(MESSAGES["fault"], place=refused.spec.label, rule=MESSAGES[rule]), **known)


def _define(modules: Mapping[str, FormulaModule], name: str) -> str:
    """All constants and functions of a formula module, as Luau."""
    module = modules[name]
    blocks = ["\n".join(f"local {constant} = {luau_value(value)}" for constant, value in module.constants.items())]
    for formula in module.formulas.values():
        blocks.append(
            f"-- {formula.summary.replace('``', '`')}\n"
            f"local function {luau_name(formula.name)}({_parameters(formula)}): number\n"
            f"\treturn {luau_expression(formula.body, luau_name)}\n"
            "end"
        )
    return "\n\n".join(filter(None, blocks))


def _parameters(formula: Formula) -> str:
    """The typed parameter list; an underscore marks those that the body does not use."""
    used = {node.id for node in ast.walk(formula.body) if isinstance(node, ast.Name)}
    return ", ".join(
        f"{'' if parameter in used else '_'}{luau_name(parameter)}: number" for parameter in formula.parameters
    )


def _inline(modules: Mapping[str, FormulaModule], path: str, *arguments: str) -> str:
    """A formula's expression with Luau names or index expressions for its arguments."""
    module, name = path.split(".")
    formula = modules[module].formulas[name]
    given = dict(zip(formula.parameters, arguments, strict=True))
    return luau_expression(formula.body, lambda used: given.get(used) or luau_name(used))


def _concatenation(template: str, known: Mapping[str, object]) -> str:
    """A template as a Luau concatenation: text in quotes, placeholders as Luau names.

    ``known`` has, for some placeholders, numbers to fill in or strings to use as Luau expressions.
    """
    numbers = {name: value for name, value in known.items() if not isinstance(value, str)}
    parts = re.split(r"\{(\w+)\}", fill(template, **numbers))
    pieces = [
        str(known.get(part, part)) if index % 2 else luau_string(part)
        for index, part in enumerate(parts)
        if index % 2 or part
    ]
    return " .. ".join(pieces)
