"""The formula modules as Luau: whole, or one expression at a time for a kernel."""

import ast
import re
from collections.abc import Container, Mapping
from pathlib import Path

import engine.formulas
from codegen.luau_expressions import luau_expression
from codegen.luau_literals import luau_value
from codegen.python_subset import Formula, FormulaError, FormulaModule, read_module
from engine.formulas.registry import ACTIVATIONS

FORMULAS = Path(engine.formulas.__file__).parent
FORMULA_MODULES = ("activations", "losses", "optimizers", "initializers", "random", "selection", "size", "visual")


def read_formulas() -> dict[str, FormulaModule]:
    """All formula modules by name.

    Raises:
        FormulaError: if one of them has something that Luau cannot repeat, or the registry something that they lack.
    """
    modules = {name: read_module(FORMULAS / f"{name}.py") for name in FORMULA_MODULES}
    _check_activations(modules["activations"])
    return modules


def define(modules: Mapping[str, FormulaModule], name: str, only: Container[str] | None = None) -> str:
    """The constants and functions of a formula module, as Luau: all, or only those with these names."""
    module = modules[name]
    constants = {each: value for each, value in module.constants.items() if only is None or each in only}
    blocks = ["\n".join(f"local {constant} = {luau_value(value)}" for constant, value in constants.items())]
    for formula in module.formulas.values():
        if only is not None and formula.name not in only:
            continue
        blocks.append(
            f"-- {formula.summary.replace('``', '`')}\n"
            f"local function {luau_name(formula.name)}({_parameters(formula)}): number\n"
            f"\treturn {luau_expression(formula.body, luau_name)}\n"
            "end"
        )
    return "\n\n".join(filter(None, blocks))


def inline(modules: Mapping[str, FormulaModule], path: str, *arguments: str) -> str:
    """A formula's expression with Luau names or index expressions for its arguments."""
    module, name = path.split(".")
    formula = modules[module].formulas[name]
    given = dict(zip(formula.parameters, arguments, strict=True))
    return luau_expression(formula.body, lambda used: given.get(used) or luau_name(used))


def assigned(modules: Mapping[str, FormulaModule], path: str, variable: str) -> list[str]:
    """The statements that make a formula's value of its argument, in the same variable.

    A choice becomes an if instead of an `and … or …`, whose value Luau tests for being false (measured on 2-3-3-1 with
    LeakyReLU: 1.15 times faster interpreted, 1.6 times in native code).
    """
    module, name = path.split(".")
    formula = modules[module].formulas[name]
    (parameter,) = formula.parameters

    def luau(node: ast.expr) -> str:
        return luau_expression(node, lambda used: variable if used == parameter else luau_name(used))

    match formula.body:
        case ast.Name(used) if used == parameter:
            return []
        case ast.IfExp(ast.Compare(ast.Name(tested), [ast.Gt()], [limit]), ast.Name(kept), otherwise) if (
            tested == kept == parameter and _is_nan_of_nan(otherwise, parameter)
        ):
            # The opposite comparison, which only nan can tell from it: an if that mostly does nothing is the fastest.
            return [f"if {variable} <= {luau(limit)} then", f"\t{variable} = {luau(otherwise)}", "end"]
        case ast.IfExp(test, chosen, otherwise):
            first, second = (f"\t{variable} = {luau(each)}" for each in (chosen, otherwise))
            return [f"if {luau(test)} then", first, "else", second, "end"]
        case body:
            return [f"{variable} = {luau(body)}"]


def _is_nan_of_nan(node: ast.expr, parameter: str) -> bool:
    """Whether an expression is sure to be nan where its parameter is."""
    match node:
        case ast.Name(name):
            return name == parameter
        case ast.BinOp(left, _, right):
            return _is_nan_of_nan(left, parameter) or _is_nan_of_nan(right, parameter)
    return False


def needed(modules: Mapping[str, FormulaModule], path: str) -> set[str]:
    """The names of all constants and functions of its module that a formula's expression stands on."""
    module, name = path.split(".")
    formulas, constants = modules[module].formulas, modules[module].constants
    names = {node.id for node in ast.walk(formulas[name].body) if isinstance(node, ast.Name)}
    called = names & formulas.keys()
    return (names & constants.keys()) | called.union(*(needed(modules, f"{module}.{each}") for each in called))


def used_parameters(modules: Mapping[str, FormulaModule], path: str) -> tuple[str, ...]:
    """The parameters that a formula's expression needs."""
    module, name = path.split(".")
    return _used(modules[module].formulas[name])


def luau_name(name: str) -> str:
    """A snake_case name in Luau's camelCase; constants stay as they are."""
    return name if name.isupper() else re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def _parameters(formula: Formula) -> str:
    """The typed parameter list; an underscore marks those that the body does not use."""
    used = _used(formula)
    return ", ".join(
        f"{'' if parameter in used else '_'}{luau_name(parameter)}: number" for parameter in formula.parameters
    )


def _used(formula: Formula) -> tuple[str, ...]:
    names = {node.id for node in ast.walk(formula.body) if isinstance(node, ast.Name)}
    return tuple(parameter for parameter in formula.parameters if parameter in names)


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
