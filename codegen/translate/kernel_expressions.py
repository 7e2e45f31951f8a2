"""Expressions of a kernel in Luau or Lua: names, elements of arrays and formulas, at a place of its lanes and steps.

A name that is set inside the loop over rows becomes one local for each lane, a name that is set inside the loop over
inputs one for each step.
"""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast

from codegen.translate.kernel_bindings import Axis, Bindings
from codegen.translate.loop_reader import Kernel
from codegen.translate.luau_expressions import luau_expression
from codegen.translate.luau_formulas import find_formula, formula_of, luau_name
from codegen.translate.luau_rules import BINARY_OPERATORS
from codegen.translate.places import Cell, Index, Storage, Table


@lru_cache(maxsize=100_000)
def names_in(node: ast.AST) -> frozenset[str]:
    """The names in a part of a kernel, which nobody changes: it is asked for at every place."""
    return frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))


class Expressions:
    """Writes the expressions of one kernel, and keeps what its locals are called and depend on."""

    def __init__(self, kernel: Kernel, bindings: Bindings) -> None:
        self.kernel, self.bindings = kernel, bindings
        # What each local depends on: loop variables whose values stand side by side.
        self._depends: dict[str, frozenset[str]] = {}
        # Locals that have another name, at some place of the axes they depend on.
        self._aliases: dict[tuple[str, tuple[int, ...]], str] = {}
        # Of which array a local is the row.
        self._row_of: dict[str, str] = {}
        self.never_minus_zero: set[str] = set()
        self._chosen: dict[str, str] = {}
        self._spelled: Counter[Index] = Counter()
        self._places: dict[Index, str] = dict(bindings.places)

    def name(self, name: str) -> str:
        """An argument or a local in Luau."""
        if name in self.bindings.numbers:
            return str(self.bindings.numbers[name])
        return self.bindings.names.get(name) or luau_name(name)

    def storage(self, array: str) -> Storage:
        """How an array, or the array whose row a local is, is kept."""
        return self.bindings.storages.get(self._row_of.get(array, array), Table(self.bindings.base))

    def spelled(self, index: Index) -> str:
        """The text of an index; one that has a local is that."""
        self._spelled[index] += 1
        return self._places.get(index) or str(index)

    def _index(self, node: ast.expr, axes: Mapping[str, Axis], at: Mapping[str, int]) -> Index:
        """The index that an expression says."""
        match node:
            case ast.Constant(int(number)):
                return Index((), number)
            case ast.Name(name) if name in at:
                return axes[name].indices[at[name]]
            case ast.Name(name) if name in self.bindings.numbers:
                return Index((), self.bindings.numbers[name])
            case ast.Name(name) if self.kernel.parameters.get(name) == "int":
                return Index(((self.name(name), 1),))
            case ast.BinOp(left, ast.Add(), right):
                return self._index(left, axes, at) + self._index(right, axes, at)
            case ast.BinOp(ast.Constant(int(factor)), ast.Mult(), right):
                return self._index(right, axes, at).times(factor)
        raise self.kernel.refused(
            node, "is no index", "a sum of loop variables, whole arguments and numbers: `first + 3 * n`"
        )

    def depends(self, node: ast.AST, axes: Mapping[str, Axis]) -> frozenset[str]:
        """The axes on which an expression depends."""
        found: set[str] = set()
        for name in names_in(node):
            found |= self._depends.get(name, frozenset({name} if name in axes else ()))
        return frozenset(found)

    def _local(self, name: str, axes: Mapping[str, Axis], at: Mapping[str, int]) -> str:
        mine = [each for each in axes if each in self._depends[name]]
        alias = self._aliases.get((name, tuple(at[each] for each in mine)))
        if alias is not None:
            return alias
        return self.name(name) + self._suffix(name, axes, at)

    def _suffix(self, name: str, axes: Mapping[str, Axis], at: Mapping[str, int]) -> str:
        """What the name of a local ends with."""
        mine = [each for each in axes if each in self._depends[name]]
        return "_".join(suffix for each in mine if (suffix := axes[each].suffixes[at[each]]))

    def _suffix_of_memory(self, name: str, axes: Mapping[str, Axis], at: Mapping[str, int]) -> str:
        """The same of what is remembered, whose names end in a number already."""
        suffix = self._suffix(name, axes, at) if name in self._depends else ""
        return suffix and f"_{suffix}"

    def forget_places(self, names: Mapping[Index, str] | None = None) -> None:
        """Start counting anew which indices are needed, some of which may have locals."""
        self._spelled.clear()
        self._places = {**self.bindings.places, **(names or {})}

    def repeated_indices(self, variable: str) -> list[Index]:
        """Sums with a variable that were needed more than once."""
        return [
            index
            for index, times in self._spelled.items()
            if times > 1 and variable in dict(index.names) and str(index) != variable
        ]

    def text(self, node: ast.expr, axes: Mapping[str, Axis]) -> str:
        """An expression that depends on no axis."""
        return luau_expression(self.resolved(node, axes, {}), str)

    def unheld(self, node: ast.Subscript, axes: Mapping[str, Axis], at: Mapping[str, int]) -> str:
        """An element as it is read or written where it is kept."""
        storage, cell = self._cell(node, axes, at)
        return storage.read(cell, str)

    def resolved(self, node: ast.expr, axes: Mapping[str, Axis], at: Mapping[str, int]) -> ast.expr:
        """An expression with names of Luau, elements of arrays included, and with formulas written out."""

        def of(each: ast.expr) -> ast.expr:
            return self.resolved(each, axes, at)

        def text(each: ast.expr) -> str:
            return luau_expression(of(each), str)

        match node:
            case ast.Name(name) if name in self._depends:
                return ast.Name(self._local(name, axes, at))
            case ast.Name(name) if name in at:
                return ast.Name(str(axes[name].indices[at[name]]))
            case ast.Name(name):
                return ast.Name(self.name(name))
            case ast.Subscript():
                return ast.Name(self.element(node, axes, at))
            case ast.Attribute(value, "x" | "y" | "z" as part):
                return ast.Name(f"{text(value)}.{part}")
            case ast.Call(ast.Name("len"), [array], []):
                return ast.Name(f"#{text(array)}")
            case ast.Call(ast.Name("max"), [_, _] as parts, []):
                library = "vector" if self.bindings.is_vector else "math"
                return ast.Name(f"{library}.max({', '.join(map(text, parts))})")
            case ast.Call(ast.Name("Vector"), [_, _, _] as parts, []):
                return ast.Name(f"vector.create({', '.join(map(text, parts))})")
            case ast.Call():
                return self._written_out(node, [of(each) for each in self._given(node)])
            case ast.BinOp(left, operator, right) if type(operator) in BINARY_OPERATORS:
                return ast.BinOp(of(left), operator, of(right))
            case ast.UnaryOp(ast.USub() as operator, operand):
                return ast.UnaryOp(operator, of(operand))
            case ast.Constant(0.0) if self.bindings.is_vector:
                return ast.Name("vector.zero")
            case ast.Constant(int() | float()):
                return node
        raise self.kernel.refused(
            node, "is no number of a kernel", "arithmetic, an element of an array, or a call of a formula"
        )

    def _written_out(self, call: ast.Call, arguments: Sequence[ast.expr]) -> ast.expr:
        path = self._path(call)
        if not path:
            called = ", ".join(luau_expression(each, str) for each in arguments)
            return ast.Name(f"{ast.unparse(call.func)}({called})")
        formula = formula_of(self.bindings.modules, path)
        given = dict(zip(formula.parameters, arguments, strict=True))
        return cast(ast.expr, _Substituted(given).visit(formula.body))

    def _path(self, call: ast.Call) -> str:
        """The formula that is called, as ``module.name``; nothing if it is a function that the code has."""
        match call:
            case ast.Call(ast.Name("update")) if self.bindings.update is not None:
                instead = "`update(parameter, gradient, memories, at)` alone, assigned to an element"
                raise self.kernel.refused(call, "is no step of an optimizer", instead)
            case ast.Call(ast.Name(name), [], _) | ast.Call(ast.Name(name), _, []) if name in self.kernel.parameters:
                path = self._chosen.get(name, self.bindings.formulas.get(name, ""))
                if not isinstance(path, str) or not path:
                    return ""
            case ast.Call(ast.Attribute(ast.Name(module), name), _, []):
                path = f"{module}.{name}"
            case _:
                instead = "len(array), max(a, b), Vector(x, y, z), a formula that is an argument, or module.formula(…)"
                raise self.kernel.refused(call, "is no call of a kernel", instead)
        formula, count = find_formula(self.bindings.modules, path), len(call.args)
        if formula is None:
            raise self.kernel.refused(call, f"calls {path}, which is no formula", "one that stands in that module")
        if call.keywords:
            known = [*(str(each.arg) for each in call.keywords), *self.bindings.settings]
            unknown = [each for each in formula.parameters if each not in known]
            if unknown:
                what = f"calls {path}, whose argument `{unknown[0]}` stands for nothing here"
                raise self.kernel.refused(call, what, f"one of {', '.join(known)}")
        elif count != len(formula.parameters):
            wanted = f"{len(formula.parameters)}: {', '.join(formula.parameters)}"
            raise self.kernel.refused(call, f"calls {path} with {count} argument(s)", wanted)
        return path

    def _given(self, call: ast.Call) -> list[ast.expr]:
        """The arguments of a call, in the order of the formula; names may come that it does not take."""
        path = self._path(call) if call.keywords else ""
        if not path:
            return [*call.args, *(each.value for each in call.keywords)]
        given = {each.arg: each.value for each in call.keywords}
        parameters = formula_of(self.bindings.modules, path).parameters
        return [given.get(each) or ast.Name(each) for each in parameters]

    def element(self, node: ast.Subscript, axes: Mapping[str, Axis], at: Mapping[str, int]) -> str:
        """An element of an array, read."""
        held = self.bindings.held.get(ast.unparse(node))
        if held is not None:
            mine = sorted(self.depends(node, axes), key=list(axes).index)
            return held + "_".join(axes[each].suffixes[at[each]] for each in mine if axes[each].suffixes[at[each]])
        storage, cell = self._cell(node, axes, at)
        return storage.read(cell, self.spelled)

    def _cell(self, node: ast.Subscript, axes: Mapping[str, Axis], at: Mapping[str, int]) -> tuple[Storage, Cell]:
        index = self._index(node.slice, axes, at)
        lanes = next(iter(axes), "")
        lane, count = at.get(lanes, 0), len(axes[lanes]) if lanes else 1
        step = next((axes[each].number + at[each] for each in list(axes)[1:] if each in at), 0)
        match node.value:
            case ast.Name(name):
                storage, array = self.storage(name), name
                is_row = name in self._row_of
                text = self._local(name, axes, at) if name in self._depends else self.name(name)
                if is_row and not storage.has_rows:
                    text = self.name(self._row_of[name])
                elif is_row:
                    storage = replace(storage) if isinstance(storage, Table) else Table(self.bindings.base)
            case ast.Subscript(ast.Name(array)):
                storage = self.storage(array)
                text = self.name(array)
                if storage.has_rows:
                    text = self.element(node.value, axes, at)
                    storage = storage if isinstance(storage, Table) else Table(self.bindings.base)
            case _:
                raise self.kernel.refused(node, "is no element of an array", "`array[index]` or `rows[row][index]`")
        return storage, Cell(text, index, lane, count, step)


class _Substituted(ast.NodeTransformer):
    """A formula's body with expressions for its arguments, and Luau's names for all else."""

    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given.get(node.id) or ast.Name(luau_name(node.id))

    def generic_visit(self, node: ast.AST) -> ast.AST:
        # A copy: the formula is used again.
        return type(node)(**{name: self._visited(value) for name, value in ast.iter_fields(node)})

    def _visited(self, value: object) -> object:
        if isinstance(value, list):
            return [self._visited(each) for each in value]
        return self.visit(value) if isinstance(value, ast.AST) else value
