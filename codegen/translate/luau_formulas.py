"""The formula modules as Luau: whole, or one expression at a time for a kernel."""

import ast
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

import engine.formulas
from codegen.translate.luau_expressions import Names, luau_expression
from codegen.translate.luau_literals import luau_value
from codegen.translate.python_subset import Formula, FormulaError, FormulaModule, read_module
from engine.formulas.registry import ACTIVATIONS

FormulaModules = Mapping[str, FormulaModule]
FORMULAS = Path(engine.formulas.__file__).parent
# What stands beside the formulas: lists of them, and what a list's entries consist of.
NO_FORMULAS = ("__init__.py", "records.py", "registry.py")


def read_formulas() -> FormulaModules:
    """All formula modules by name.

    Raises:
        FormulaError: if one of them has something that Luau cannot repeat, or the registry something that they lack.
    """
    modules = _modules(FORMULAS)
    _check_activations(modules["activations"])
    return modules


@cache
def _modules(folder: Path) -> FormulaModules:
    paths = sorted(path for path in folder.rglob("*.py") if path.name not in NO_FORMULAS)
    return MappingProxyType({path.stem: read_module(path) for path in paths})


def define(modules: FormulaModules, name: str, only: Container[str] | None = None) -> str:
    """The constants and functions of a formula module, as Luau: all, or only those with these names."""
    return "\n\n".join(filter(None, (part(modules, name, only) for part in (define_constants, define_functions))))


def define_needed(modules: FormulaModules, paths: Iterable[str]) -> str:
    """The constants and functions that the expressions of some formulas stand on, as Luau."""
    return "\n\n".join(filter(None, (define(modules, *each) for each in needed_by_module(modules, paths).items())))


def define_constants(modules: FormulaModules, name: str, only: Container[str] | None = None) -> str:
    """The constants of a formula module, as Luau: all, or only those with these names."""
    constants = modules[name].constants.items()
    return "\n".join(f"local {each} = {luau_value(value)}" for each, value in constants if only is None or each in only)


def define_functions(modules: FormulaModules, name: str, only: Container[str] | None = None) -> str:
    """The functions of a formula module, as Luau: all, or only those with these names."""
    return "\n\n".join(
        f"-- {formula.summary.replace('``', '`')}\n"
        f"local function {luau_name(formula.name)}({_parameters(formula)}): number\n"
        f"\treturn {luau_expression(formula.body, luau_name)}\n"
        "end"
        for formula in modules[name].formulas.values()
        if only is None or formula.name in only
    )


def inline(modules: FormulaModules, path: str, *arguments: str) -> str:
    """A formula's expression with Luau names or index expressions for its arguments."""
    return luau_expression(formula_of(modules, path).body, _named(modules, path, arguments))


def assign(modules: FormulaModules, path: str, target: str, *arguments: str) -> str:
    """A formula as statements that assign its value to a name, which may be that of an argument.

    A choice becomes an if instead of an `and … or …`, whose value Luau tests for being false (measured on 2-3-3-1 with
    LeakyReLU: 1.15 times faster interpreted, 1.6 times in native code).
    """
    return "\n".join(assign_to(modules, path, target, *arguments))


def assign_to(modules: FormulaModules, path: str, target: str, *arguments: str) -> list[str]:
    """The lines of `assign`."""
    return _assigned(formula_of(modules, path).body, target, _named(modules, path, arguments))


def _named(modules: FormulaModules, path: str, arguments: Sequence[str]) -> Names:
    """What the names of a formula are called in Luau, by what stands for its arguments."""
    parameters = formula_of(modules, path).parameters
    if len(arguments) != len(parameters):
        wanted = f"{len(parameters)}: {', '.join(parameters)}"
        raise FormulaError(f"The formula `{path}` is given {len(arguments)} argument(s); write {wanted}.")
    given = dict(zip(parameters, arguments, strict=True))
    return lambda used: given.get(used) or luau_name(used)


def path_of(function: Callable[..., float]) -> str:
    """Where the formula that a function of `engine.formulas` is stands: ``module.name``."""
    return f"{module_of(function)}.{function.__name__}"


def module_of(function: Callable[..., float]) -> str:
    """The module of `engine.formulas` that a formula stands in."""
    return function.__module__.rpartition(".")[2]


def formula_of(modules: FormulaModules, path: str) -> Formula:
    """The formula ``module.name``.

    Raises:
        FormulaError: if there is none.
    """
    formula = find_formula(modules, path)
    if formula is None:
        raise FormulaError(f"There is no formula `{path}`; write it in a module of {FORMULAS}, or one that is there.")
    return formula


def find_formula(modules: FormulaModules, path: str) -> Formula | None:
    """The formula ``module.name``, if there is one."""
    module, _, name = path.partition(".")
    return modules[module].formulas.get(name) if module in modules else None


def _assigned(node: ast.expr, target: str, names: Names) -> list[str]:
    match node:
        case ast.Name(used) if names(used) == target:
            return []
        case ast.IfExp(test, chosen, otherwise):
            first, second = (_indented(_assigned(each, target, names)) for each in (chosen, otherwise))
            if not first:
                return [f"if {_opposite(test, otherwise, names)} then", *second, "end"]
            return [f"if {luau_expression(test, names)} then", *first, *(["else", *second] if second else []), "end"]
        case _:
            return [f"{target} = {luau_expression(node, names)}"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"\t{line}" for line in lines]


def _opposite(test: ast.expr, otherwise: ast.expr, names: Names) -> str:
    """When a choice takes its other branch."""
    match test:
        case ast.Compare(ast.Name(tested), [ast.Gt()], [limit]) if _is_nan_of_nan(otherwise, tested):
            # Only nan can tell these comparisons apart, and it stays nan.
            return f"{names(tested)} <= {luau_expression(limit, names)}"
    return f"not ({luau_expression(test, names)})"


def _is_nan_of_nan(node: ast.expr, parameter: str) -> bool:
    """Whether an expression is sure to be nan where its parameter is."""
    match node:
        case ast.Name(name):
            return name == parameter
        case ast.BinOp(left, _, right):
            return _is_nan_of_nan(left, parameter) or _is_nan_of_nan(right, parameter)
    return False


def negative_slope(modules: FormulaModules, path: str, *, rough: bool = False) -> str | None:
    """The c, as Luau, with which a formula is the larger one of x and c x; None if it is not such a formula.

    That is the identity, with 1, and ``x if x > 0 else c * x`` with a c between 0 and 1: the same number to the last
    bit, nan and signed zeros included. ``0.0 if x <= 0 else x`` is so only roughly, with 0: 0 x is -0 below zero and
    nan at infinity.
    """
    formula, constants = formula_of(modules, path), modules[path.partition(".")[0]].constants
    (x, *_) = formula.parameters
    match formula.body:
        case ast.Name(same) if same == x:
            return luau_value(1.0)
        case ast.IfExp(
            ast.Compare(ast.Name(tested), [ast.Gt()], [ast.Constant(0)]),
            ast.Name(above),
            ast.BinOp(ast.Name(factor), ast.Mult(), ast.Name(below)),
        ) if tested == above == below == x and 0 < constants.get(factor, 0) < 1:
            return luau_name(factor)
        case ast.IfExp(
            ast.Compare(ast.Name(tested), [ast.LtE()], [ast.Constant(0)]), ast.Constant(0), ast.Name(above)
        ) if tested == above == x and rough:
            return luau_value(0.0)
    return None


def needed(modules: FormulaModules, path: str) -> set[str]:
    """The names of all constants and functions of its module that a formula's expression stands on."""
    body, module = formula_of(modules, path).body, path.partition(".")[0]
    formulas, constants = modules[module].formulas, modules[module].constants
    names = {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
    called = names & formulas.keys()
    return (names & constants.keys()) | called.union(*(needed(modules, f"{module}.{each}") for each in called))


def needed_by_module(modules: FormulaModules, paths: Iterable[str]) -> dict[str, set[str]]:
    """What the expressions of some formulas stand on, by their modules."""
    found: dict[str, set[str]] = {}
    for path in paths:
        found.setdefault(path.partition(".")[0], set()).update(needed(modules, path))
    return found


def used_parameters(modules: FormulaModules, path: str) -> tuple[str, ...]:
    """The parameters that a formula's expression needs."""
    return _used(formula_of(modules, path))


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
