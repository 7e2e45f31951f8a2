"""Reads formula modules and refuses what Luau cannot repeat, with file, line and what to write instead.

A formula module holds numbers by upper-case names and functions. A function is its docstring and one ``return`` of
arithmetic (+ - * /), comparisons, conditional expressions, calls of `luau_rules.MATH_FUNCTIONS` and of formulas.
Records that say what the formulas are for (``SGD = Optimizer(…)``, of `RECORDS`) are passed over: they are data. They
may have parts in common, which are then records by names of their own and imported.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from codegen.translate.luau_rules import (
    BINARY_OPERATORS,
    COMPARISONS,
    LOGICAL_OPERATORS,
    MATH_FUNCTIONS,
    RESERVED_WORDS,
)

# What was read of so many files is kept: whoever exports networks reads all of them again and again.
FILES = 256


class FormulaError(Exception):
    """A formula uses something that has no exact counterpart in Luau."""


@dataclass(frozen=True)
class Formula:
    """A function of a formula module, read and found transpilable."""

    name: str
    parameters: tuple[str, ...]
    summary: str
    body: ast.expr


@dataclass(frozen=True)
class FormulaModule:
    """All that a formula module defines, in its order."""

    constants: Mapping[str, float]
    formulas: Mapping[str, Formula]


def read_module(path: Path) -> FormulaModule:
    """Read a formula module.

    Raises:
        FormulaError: at the first thing that is not part of the subset, as ``file:line: what, and what to write``.
    """
    return _read(path, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=FILES)
def _read(path: Path, text: str) -> FormulaModule:
    return _Reader(path).read(text)


def refused(path: Path, node: ast.AST, what: str, instead: str) -> FormulaError:
    """What is said of a part of a file that is refused: ``file:line: what, and what to write``."""
    line = getattr(node, "lineno", 1)
    return FormulaError(f"{path}:{line}: `{ast.unparse(node).splitlines()[0]}` {what}; write {instead}.")


def read_formula(function: Callable[..., float]) -> Formula:
    """Read a formula that stands in another module, and so on nothing but its arguments.

    Raises:
        FormulaError: at the first thing that is not part of the subset, as ``file:line: what, and what to write``.
    """
    lines, first = inspect.getsourcelines(function)
    path, tree = Path(function.__code__.co_filename), ast.parse(textwrap.dedent("".join(lines)))
    (node,) = ast.increment_lineno(tree, first - 1).body
    if not isinstance(node, ast.FunctionDef):
        raise refused(path, node, "is no function", "`def` and a name for it")
    return _Reader(path).formula(node)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.constants: dict[str, float] = {}
        self.formulas: dict[str, Formula] = {}
        self.records: set[str] = set()

    def read(self, text: str) -> FormulaModule:
        for node in self._parsed(text).body:
            match node:
                case ast.Expr(ast.Constant(str())):
                    pass
                case ast.Import([ast.alias("math", None)]):
                    pass
                case ast.ImportFrom(module, names, 0) if module == RECORDS and all(not each.asname for each in names):
                    self.records |= {each.name for each in names}
                case ast.ImportFrom(str(module), names, 0) if _SIBLING.fullmatch(module) and all(
                    _UPPER_CASE.fullmatch(each.name) and not each.asname for each in names
                ):
                    # Records of another file, for those of this one. A formula that uses one is refused.
                    pass
                case ast.Assign([ast.Name(name)], ast.Call(ast.Name(record))) if record in self.records:
                    if not _UPPER_CASE.fullmatch(name):
                        self._refuse(node, "is a record by a name that is not all capitals", "its name in upper case")
                case ast.Assign([ast.Name(name)], value):
                    if not _UPPER_CASE.fullmatch(name):
                        self._refuse(node, "is a number by a name that is not all capitals", "its name in upper case")
                    self.constants[name] = self._constant(value)
                case ast.FunctionDef():
                    self.formulas[node.name] = self.formula(node)
                case _:
                    instead = (
                        f"only `import math`, imports from {RECORDS}, of other files' records in their upper case, "
                        "numbers, functions and records"
                    )
                    self._refuse(node, "is not part of a formula module", instead)
        return FormulaModule(self.constants, self.formulas)

    def _parsed(self, text: str) -> ast.Module:
        try:
            return ast.parse(text)
        except SyntaxError as error:
            raise FormulaError(f"{self.path}:{error.lineno}: this is not Python ({error.msg}).") from error

    def _check_name(self, node: ast.AST, name: str) -> None:
        """Names become camelCase in Luau; two of them must not become the same."""
        if name in RESERVED_WORDS:
            self._refuse(node, f"uses `{name}`, a reserved word in Luau", "another name")
        if name in self.formulas or name == "math":
            self._refuse(node, f"uses `{name}` again, which has a meaning already", "another name")
        if not _SNAKE_CASE.fullmatch(name):
            self._refuse(
                node, f"uses `{name}`, which is not snake_case", "lower-case words joined by single underscores"
            )

    def _constant(self, value: ast.expr) -> float:
        try:
            number = ast.literal_eval(value)
        except ValueError:
            number = None
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            self._refuse(value, "is not a number", "a literal number, or put the expression into a formula")
        if isinstance(number, int) and abs(number) > LARGEST_INTEGER:
            self._refuse(value, "is an integer that a double cannot hold", "a smaller one, or a float")
        return number

    def formula(self, node: ast.FunctionDef) -> Formula:
        arguments = node.args
        if arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults:
            self._refuse(node, "has arguments that are not plain", "plain positional arguments without defaults")
        if node.decorator_list:
            self._refuse(node, "is decorated", "the bare function")
        for name in (node.name, *(argument.arg for argument in arguments.args)):
            self._check_name(node, name)
        summary = ast.get_docstring(node)
        if not summary:
            self._refuse(node, "has no docstring", "one that says what the formula is")
        statements = node.body[1:]
        match statements:
            case [ast.Return(ast.expr() as body)]:
                pass
            case _:
                self._refuse(
                    (statements or [node])[0],
                    "is not a single return",
                    "a single return; move a part that is used twice into a formula of its own",
                )
        parameters = tuple(argument.arg for argument in arguments.args)
        self._check_number(body, parameters)
        return Formula(node.name, parameters, summary.splitlines()[0], body)

    def _check_number(self, node: ast.expr, parameters: tuple[str, ...]) -> None:
        """Check an expression that stands for a number."""
        match node:
            case ast.Constant(bool()):
                self._refuse(node, "is a boolean", "a number")
            case ast.Constant(int(value)) if abs(value) > LARGEST_INTEGER:
                self._refuse(node, "is an integer that a double cannot hold", "a smaller one, or a float")
            case ast.Constant(int() | float()):
                pass
            case ast.Name(name):
                if name not in parameters and name not in self.constants:
                    self._refuse(node, "is unknown here", "an argument or a number defined above")
            case ast.BinOp(left, operator, right):
                if type(operator) not in BINARY_OPERATORS:
                    self._refuse(node, f"operator {type(operator).__name__} differs between runtimes", _INSTEAD)
                self._check_number(left, parameters)
                self._check_number(right, parameters)
            case ast.Attribute(ast.Name("math"), _):
                self._refuse(node, "is not a number to Luau", "its call, or a number by an upper-case name")
            case ast.UnaryOp(ast.USub(), operand):
                self._check_number(operand, parameters)
            case ast.IfExp(test, body, orelse):
                self._check_condition(test, parameters)
                self._check_number(body, parameters)
                self._check_number(orelse, parameters)
            case ast.Call(function, arguments, []):
                self._check_function(function, len(arguments))
                for argument in arguments:
                    self._check_number(argument, parameters)
            case _:
                self._refuse(node, f"{type(node).__name__} is not a number to Luau", _INSTEAD)

    def _check_condition(self, node: ast.expr, parameters: tuple[str, ...]) -> None:
        """Check an expression that stands for true or false."""
        match node:
            case ast.Compare(left, [operator], [right]) if type(operator) in COMPARISONS:
                self._check_number(left, parameters)
                self._check_number(right, parameters)
            case ast.Compare():
                self._refuse(node, "is not one comparison", "`a < b and b < c` instead of a chain, and no `in` or `is`")
            case ast.BoolOp(operator, values) if type(operator) in LOGICAL_OPERATORS:
                for value in values:
                    self._check_condition(value, parameters)
            case _:
                self._refuse(node, "is not a comparison", "one: Lua takes every number for true, zero too")

    def _check_function(self, function: ast.expr, count: int) -> None:
        match function:
            case ast.Attribute(ast.Name("math"), name):
                if name not in MATH_FUNCTIONS:
                    self._refuse(function, f"math.{name} has no counterpart", f"one of {', '.join(MATH_FUNCTIONS)}")
                if count != 1:
                    self._refuse(function, f"math.{name} is called with {count} arguments", "one argument")
            case ast.Name(name) if name in self.formulas:
                wanted = len(self.formulas[name].parameters)
                if count != wanted:
                    self._refuse(function, f"`{name}` is called with {count} arguments", f"{wanted}")
            case ast.Name(name):
                self._refuse(function, "is no formula defined above", "math.fabs for abs, conditions for max")
            case _:
                self._refuse(function, "is no plain function", "a call of math or of a formula")

    def _refuse(self, node: ast.AST, what: str, instead: str) -> NoReturn:
        raise refused(self.path, node, what, instead)


# What the entries of registries consist of: the one module that a formula module may import any name from.
RECORDS = "engine.formulas.records"
# A file of which one beside it may import records.
_SIBLING = re.compile(r"engine\.formulas\.[a-z_]+\.[a-z_]+")
# From here on, doubles leave out some integers.
LARGEST_INTEGER = 2**53

_UPPER_CASE = re.compile(r"[A-Z][A-Z0-9_]*")
_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")

_INSTEAD = "arithmetic with + - * /, `x if c else y`, math functions or formulas (x * x for x ** 2)"
