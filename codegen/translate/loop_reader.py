"""Reads kernels, loops over numbers in plain Python, and refuses what their translation does not know.

A kernel is a function of `engine.kernels.loops`: its docstring, then loops ``for j in range(n)`` (in these, also ``for
i in range(j + 1)``), assignments to names and elements, ``+=``, ``*=`` and a last ``return`` of a name. Expressions are
those of formulas, with elements of arrays (``rows[j][column + i]``), parts of vectors (``three.x``), ``len(array)``,
``max(a, b)`` and calls of formulas.
"""

import ast
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from codegen.translate.python_subset import FormulaError, refused

# What a kernel may call beside formulas.
BUILT_IN = ("len", "max", "Vector")
_KNOWN = "an argument, or a name that is assigned above in this loop or around it"


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
        path: its file.
        gives: whether it returns a number.
    """

    name: str
    parameters: Mapping[str, str]
    summary: str
    body: tuple[Statement, ...]
    path: Path

    @property
    def gives(self) -> bool:
        """Whether it returns a number."""
        return any(isinstance(each, Give) for each in self.body)

    def refused(self, node: ast.AST, what: str, instead: str) -> FormulaError:
        """What is said of a part of it that is refused."""
        return refused(self.path, node, what, instead)


def read_kernels(path: Path) -> dict[str, Kernel]:
    """The kernels of a module, by name.

    Raises:
        FormulaError: at the first thing that is not part of the subset, as ``file:line: what, and what to write``.
    """
    module = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: _Reader(path, node).kernel() for node in module.body if isinstance(node, ast.FunctionDef)}


def up_to(count: ast.expr) -> str | None:
    """The index in the count of turns ``j + 1``; None if it is no such one."""
    match count:
        case ast.BinOp(ast.Name(index), ast.Add(), ast.Constant(1)):
            return index
    return None


class _Reader:
    def __init__(self, path: Path, node: ast.FunctionDef) -> None:
        self._path, self._node = path, node
        self._arguments = {each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in node.args.args}

    def kernel(self) -> Kernel:
        summary = ast.get_docstring(self._node)
        if not summary:
            raise refused(self._path, self._node, "has no docstring", "one that says what the loop does")
        body = tuple(self._statements(self._node.body[1:], self._arguments.keys(), frozenset()))
        return Kernel(self._node.name, self._arguments, summary.splitlines()[0], body, self._path)

    def _statements(
        self, nodes: list[ast.stmt], around: AbstractSet[str], turns: AbstractSet[str]
    ) -> Iterator[Statement]:
        """Statements that stand together; their names are known to those below and in loops among these, as in Luau.

        ``turns`` are the indices of the loops around them.
        """
        known = {*around}
        for node in nodes:
            match node:
                case ast.For(ast.Name(index), ast.Call(ast.Name("range"), [count], []), body, []):
                    # All places that stand side by side have the same turns, but in one half of a matrix.
                    if up_to(count) not in turns:
                        self._check(count, self._arguments.keys(), "an argument or a number")
                    yield Loop(index, count, tuple(self._statements(body, known | {index}, turns | {index})))
                case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)) if len(targets) == len(values) and all(
                    isinstance(each, (ast.Name, ast.Subscript)) for each in targets
                ):
                    yield self._line([Assign(*pair) for pair in zip(targets, values, strict=True)], known)
                case ast.Assign([ast.Name() | ast.Subscript() as target], value):
                    yield self._line([Assign(target, value)], known)
                case ast.AugAssign(ast.Name() | ast.Subscript() as target, ast.Add() | ast.Mult() as operator, value):
                    yield self._line([Assign(target, value, type(operator))], known)
                case ast.Return(ast.Name() as value):
                    self._check(value, known)
                    yield Give(value)
                case _:
                    raise refused(
                        self._path, node, "is no part of a kernel", "a loop over a range, an assignment, += or *="
                    )

    def _line(self, assignments: list[Assign], known: set[str]) -> tuple[Assign, ...]:
        """The assignments of one line, whose new names are known from here on."""
        made = {each.target.id for each in assignments if isinstance(each.target, ast.Name) and each.operator is None}
        for each in assignments:
            self._check(each.value, known)
            self._check(each.target, known | made)
        known |= made
        return tuple(assignments)

    def _check(self, node: ast.AST, known: AbstractSet[str], instead: str = _KNOWN) -> None:
        """Refuse a name that is not known."""
        parts = ast.iter_child_nodes(node)
        match node:
            case ast.Name(name) if name not in known:
                raise refused(self._path, node, "is unknown here", instead)
            case ast.Call(ast.Attribute(ast.Name()), arguments):
                parts = iter(arguments)
            case ast.Call(ast.Name(name), arguments) if name in BUILT_IN:
                parts = iter(arguments)
            case ast.ListComp(_, [ast.comprehension(ast.Name(name))]):
                known = known | {name}
        for part in parts:
            self._check(part, known, instead)
