"""Reads kernels, loops over numbers in plain Python, and refuses what their translation does not know.

A kernel is a function of `engine.kernels.loops`: its docstring, then loops ``for j in range(n)``, assignments to names
and elements, ``+=``, ``*=`` and a last ``return`` of a name. Expressions are those of formulas, with elements of arrays
(``rows[j][column + i]``), parts of vectors (``three.x``), ``len(array)``, ``max(a, b)`` and calls of formulas.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeAlias

from codegen.translate.python_subset import FormulaError


@dataclass(frozen=True)
class Assign:
    """``target = value``, or with an operator before the equals sign."""

    target: ast.expr
    value: ast.expr
    operator: type[ast.operator] | None = None


@dataclass(frozen=True)
class Loop:
    """``for index in range(count)``."""

    index: str
    count: ast.expr
    body: tuple["Statement", ...]


@dataclass(frozen=True)
class Give:
    """``return value``."""

    value: ast.expr


# The assignments of one line, or one of the others.
Statement: TypeAlias = "tuple[Assign, ...] | Loop | Give"


@dataclass(frozen=True)
class Kernel:
    """A loop over numbers.

    Attributes:
        name: its name in Python.
        parameters: the names of its arguments with their annotations.
        summary: the first line of its docstring.
        body: what it does.
        gives: whether it returns a number.
    """

    name: str
    parameters: Mapping[str, str]
    summary: str
    body: tuple[Statement, ...]

    @property
    def gives(self) -> bool:
        """Whether it returns a number."""
        return any(isinstance(each, Give) for each in self.body)


def read_kernels(path: Path) -> dict[str, Kernel]:
    """The kernels of a module, by name.

    Raises:
        FormulaError: at the first thing that is not part of the subset, as ``file:line: what, and what to write``.
    """
    module = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: _Reader(path).kernel(node) for node in module.body if isinstance(node, ast.FunctionDef)}


@dataclass(frozen=True)
class _Reader:
    path: Path

    def kernel(self, node: ast.FunctionDef) -> Kernel:
        summary = ast.get_docstring(node)
        if not summary:
            self._refuse(node, "has no docstring", "one that says what the loop does")
        parameters = {each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in node.args.args}
        return Kernel(node.name, parameters, summary.splitlines()[0], tuple(self._statements(node.body[1:])))

    def _statements(self, nodes: list[ast.stmt]) -> Iterator[Statement]:
        for node in nodes:
            match node:
                case ast.For(ast.Name(index), ast.Call(ast.Name("range"), [count], []), body, []):
                    yield Loop(index, count, tuple(self._statements(body)))
                case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)) if len(targets) == len(values):
                    yield tuple(Assign(*pair) for pair in zip(targets, values, strict=True))
                case ast.Assign([ast.Name() | ast.Subscript() as target], value):
                    yield (Assign(target, value),)
                case ast.AugAssign(ast.Name() | ast.Subscript() as target, ast.Add() | ast.Mult() as operator, value):
                    yield (Assign(target, value, type(operator)),)
                case ast.Return(ast.Name() as value):
                    yield Give(value)
                case _:
                    self._refuse(node, "is no part of a kernel", "a loop over a range, an assignment, += or *=")

    def _refuse(self, node: ast.AST, what: str, instead: str) -> NoReturn:
        line = getattr(node, "lineno", 1)
        raise FormulaError(f"{self.path}:{line}: `{ast.unparse(node).splitlines()[0]}` {what}; write {instead}.")
