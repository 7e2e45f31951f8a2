"""Writes a kernel as Luau or Lua: several rows (lanes) and several inputs (steps) at once, as a schedule says.

A name that is set inside the loop over rows becomes one local for each lane, a name that is set inside the loop over
inputs one for each step. What lanes or steps add to one and the same number stands in one statement, in their order: so
every sum still grows from left to right, and all schedules of a kernel give the same bits.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Protocol, cast

from codegen.translate.loop_reader import BUILT_IN, Assign, Give, Kernel, Loop, Statement
from codegen.translate.luau_expressions import luau_expression, luau_term
from codegen.translate.luau_formulas import (
    FormulaModules,
    assign_to,
    find_formula,
    formula_of,
    luau_name,
    negative_slope,
)
from codegen.translate.luau_lines import ZERO, Line, Put, indented, rendered
from codegen.translate.luau_rules import BINARY_OPERATORS
from codegen.translate.places import Cell, Flat, Index, Numbers, Storage, Table

# A formula, or several with conditions.
Choices = str | tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Axis:
    """A loop variable whose values stand side by side in the code.

    Attributes:
        indices: what the variable is at each of them.
        suffixes: what the names of locals end with.
        number: which of all values at once the first one is.
    """

    indices: tuple[Index, ...]
    suffixes: tuple[str, ...]
    number: int = 0

    def __len__(self) -> int:
        return len(self.indices)

    def only(self, number: int) -> "Axis":
        """One of its values alone."""
        return Axis((self.indices[number],), (self.suffixes[number],), self.number + number)


@dataclass(frozen=True)
class Bindings:
    """What the names of a kernel stand for.

    Attributes:
        modules: the formulas.
        formulas: which formula an argument such as ``value`` is: ``module.name``; or several, each with the condition
            under which it is the one, and with none for the rest: a call of what has the argument's name.
        storages: how arrays are kept that are no tables.
        names: what arguments are called, where that is not their own name.
        numbers: arguments that are numbers known beforehand.
        held: elements that stay in locals, such as ``values[i]``, with the beginning of their names.
        base: what Luau counts from.
        places: indices that have a local.
        update: what a kernel's ``update`` is.
        settings: what formulas may take that the kernel does not give them; calls with names look for them here.
        has_branches: whether a choice becomes an if, which Luau's interpreter and native code prefer.
        has_max: whether the larger one of x and c x is better found by math.max.
        is_vector: whether what lanes have are vectors of three.
    """

    modules: FormulaModules
    formulas: Mapping[str, Choices] = field(default_factory=dict)
    storages: Mapping[str, Storage] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[Index, str] = field(default_factory=dict)
    update: "UpdateRule | None" = None
    settings: tuple[str, ...] = ()
    base: int = 1
    has_branches: bool = True
    has_max: bool = True
    is_vector: bool = False


class UpdateRule(Protocol):
    """What a kernel's ``update`` is: the rule of an optimizer that remembers something of each parameter."""

    def remembered(self, index: str, suffix: str = "") -> list[str]:
        """The statements that take what is remembered, or a part of it, out of ``memories``."""
        ...

    def step(self, array: str, place: str, parameter: str, gradient: str, suffix: str = "") -> list[str]:
        """The statements that step the parameter at a place of an array, of what it is and what its gradient is.

        ``suffix`` ends the names of its part of what is remembered.
        """
        ...


class Writer:
    """Writes the statements of one kernel."""

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

    # Names and places.

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
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                found |= self._depends.get(each.id, frozenset({each.id} if each.id in axes else ()))
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

    # Expressions.

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

    # Statements.

    def block(self, assignments: Sequence[Assign], axes: Mapping[str, Axis]) -> list[Line]:
        """The assignments of one line, for all places of the axes."""
        for name, choices in self.bindings.formulas.items():
            if not isinstance(choices, str) and name not in self._chosen and _calls(assignments, name):
                return self._chosen_from(name, choices, assignments, axes)
        return self._together(assignments, axes)

    def _chosen_from(
        self, name: str, choices: Sequence[tuple[str, str]], assignments: Sequence[Assign], axes: Mapping[str, Axis]
    ) -> list[Line]:
        """A branch for each formula that it may be; where none is for the rest, one that calls it."""
        branches: list[tuple[str, list[str]]] = []
        for condition, path in choices if choices[-1][0] == "" else (*choices, ("", "")):
            self._chosen[name] = path
            branches.append((condition, indented(rendered(self._together(assignments, axes)))))
            del self._chosen[name]
        while branches and not branches[-1][1]:
            branches.pop()
        lines: list[Line] = []
        for condition, inside in branches:
            lines += [f"{'else' if lines else ''}{f'if {condition} then' if condition else ''}", *inside]
        return [*lines, "end"] if lines else []

    def _together(self, assignments: Sequence[Assign], axes: Mapping[str, Axis]) -> list[Line]:
        """The assignments of one line; new locals of one place stay on it."""
        parts = [self._assigned(each, axes) for each in assignments]
        if len(parts) == 1 or len({len(part) for part in parts}) > 1:
            return [line for part in parts for line in part]
        if not all(isinstance(line, Put) and line.is_new and line.terms != (ZERO,) for part in parts for line in part):
            return [line for part in parts for line in part]
        lines: list[Line] = []
        for same in zip(*parts, strict=True):
            puts = cast(tuple[Put, ...], same)
            names = ", ".join(each.name + each.type for each in puts)
            lines.append(f"local {names} = {', '.join(' + '.join(each.terms) for each in puts)}")
        return lines

    def _assigned(self, each: Assign, axes: Mapping[str, Axis]) -> list[Line]:
        match each.target:
            case ast.Name(name) if each.operator is None and not _mentions(each.value, name):
                return self._new_local(name, each.value, axes)
        return self._changed(each, axes)

    def _new_local(self, name: str, value: ast.expr, axes: Mapping[str, Axis]) -> list[Line]:
        depends = self._depends[name] = self.depends(value, axes) | self._grown(name, axes)
        self._row_of.pop(name, None)
        match value:
            case ast.Subscript(ast.Name(array)) if self._is_rows(array):
                self._row_of[name] = array
                if not self.storage(array).has_rows:
                    return []
        match value:
            case ast.ListComp(ast.Subscript(_, index)) if self.bindings.update is not None:
                taken: list[Line] = []
                for at in _places(axes, depends):
                    place = self._index(index, axes, at).plus(self.bindings.base)
                    taken += self.bindings.update.remembered(f"[{place}]", self._suffix_of_memory(name, axes, at))
                return taken
            case ast.BinOp(_, ast.Add(), ast.Constant(0.0)):
                never = True
            case _:
                never = False
        lines: list[Line] = []
        for at in _places(axes, depends):
            text, atom = self._value(value, axes, at)
            key = (name, tuple(at.values()))
            self._aliases.pop(key, None)
            if atom:
                self._aliases[key] = text
                continue
            local = self._local(name, axes, at)
            if never:
                self.never_minus_zero.add(local)
            of = ": vector" if self.bindings.is_vector and self._is_vector(name, value) else ""
            lines.append(Put(local, (text,), is_new=True, type=of))
        return lines

    def _grown(self, name: str, axes: Mapping[str, Axis]) -> frozenset[str]:
        """The axes of a local that something is added to: all that it is made in, for each adds to its own."""
        grows = any(
            isinstance(each.target, ast.Name)
            and each.target.id == name
            and (each.operator is not None or _grows_by_max(each))
            for each in assignments_in(self.kernel.body)
        )
        return frozenset(axes) if grows else frozenset()

    def _is_rows(self, array: str) -> bool:
        return self.kernel.parameters.get(array, "") in ("Rows", "Sequence[Rows]")

    def _is_vector(self, name: str, value: ast.expr) -> bool:
        """Whether a new local of a kernel of vectors is one."""
        if isinstance(value, ast.Subscript):
            arrays = [each.id for each in ast.walk(value.value) if isinstance(each, ast.Name)]
            kept = self.bindings.storages.get(self._row_of.get(arrays[0], arrays[0])) if arrays else None
            return name not in self._row_of and kept is not None
        # A part of one is a number.
        return not isinstance(value, ast.Attribute)

    def _value(self, value: ast.expr, axes: Mapping[str, Axis], at: Mapping[str, int]) -> tuple[str, bool]:
        """An expression, and whether it is a local already, which needs no other name."""
        node = self.resolved(value, axes, at)
        text = luau_expression(node, str)
        return text, isinstance(value, ast.Subscript) and text.isidentifier()

    def _changed(self, each: Assign, axes: Mapping[str, Axis]) -> list[Line]:
        """A name or an element gets something else, or more."""
        own, all_of = self.depends(each.target, axes), self.depends(each.target, axes) | self.depends(each.value, axes)
        if _grows_by_max(each):
            text = luau_expression(self.resolved(each.target, axes, dict.fromkeys(own, 0)), str)
            places = _places(axes, all_of)
            return [f"{text} = {luau_expression(self.resolved(each.value, axes, at), str)}" for at in places]
        if each.operator is None and all_of != own:
            variable = min(all_of - own)
            raise self.kernel.refused(
                each.target,
                f"is the same for every `{variable}`, and each would put something else there",
                f"an element or a name of each `{variable}`, += or `name = max(…, name)`",
            )
        lines: list[Line] = []
        for at in _places(axes, own):
            target, storage, cell = self._target(each.target, axes, at)
            if each.operator is None:
                lines += self._stored(each.value, target, storage, cell, axes, at)
                continue
            values: list[ast.expr] = []
            for more in _places(axes, all_of - own):
                node, before = self._prepared(each.value, axes, {**at, **more})
                lines += before
                values.append(node)
            if each.operator is ast.Add and not isinstance(storage, Numbers):
                if target.isidentifier() or len(values) > 1:
                    lines.append(Put(target, tuple(luau_term(value) for value in values), adds=True))
                else:
                    lines.append(f"{target} += {luau_expression(values[0], str)}")
                continue
            match each.operator, values:
                case ast.Mult, [ast.IfExp(test, ast.Constant(1.0), factor)] if cell is not None and storage is not None:
                    lines += self._unless(test, factor, target, storage, cell)
                    continue
            if isinstance(storage, Numbers) and cell is not None:
                whole: ast.expr = ast.Name(storage.read(cell, self.spelled))
                for value in values:
                    # A slope that is 1 everywhere leaves all as it is.
                    if each.operator is not ast.Mult or luau_expression(value, str) != "1":
                        whole = ast.BinOp(whole, each.operator(), value)
                if isinstance(whole, ast.Name):
                    continue
                lines.append(storage.write(cell, luau_expression(whole, str), self.spelled))
                continue
            symbol, _ = BINARY_OPERATORS[each.operator]
            texts = [luau_expression(value, str) for value in values]
            lines += [f"{target} {symbol}= {text}" for text in texts if (each.operator, text) != (ast.Mult, "1")]
        return lines

    def _unless(self, test: ast.expr, factor: ast.expr, target: str, storage: Storage, cell: Cell) -> list[Line]:
        """An element times a factor, unless something holds: what is multiplied by 1 is as well left alone."""
        if isinstance(storage, Numbers):
            times = ast.BinOp(ast.Name(storage.read(cell, self.spelled)), ast.Mult(), factor)
            changed = storage.write(cell, luau_expression(times, str), self.spelled)
        else:
            changed = f"{target} *= {luau_expression(factor, str)}"
        return [f"if not ({luau_expression(test, str)}) then", f"\t{changed}", "end"]

    def _target(
        self, target: ast.expr, axes: Mapping[str, Axis], at: Mapping[str, int]
    ) -> tuple[str, Storage | None, Cell | None]:
        if isinstance(target, ast.Subscript):
            if ast.unparse(target) in self.bindings.held:
                return self.element(target, axes, at), None, None
            storage, cell = self._cell(target, axes, at)
            # What is written through a function spells its place there.
            return storage.read(cell, str if isinstance(storage, Numbers) else self.spelled), storage, cell
        return luau_expression(self.resolved(target, axes, at), str), None, None

    def _stored(
        self,
        value: ast.expr,
        target: str,
        storage: Storage | None,
        cell: Cell | None,
        axes: Mapping[str, Axis],
        at: Mapping[str, int],
    ) -> list[Line]:
        match value:
            case ast.Name(name) if target.isidentifier() and name in self._depends:
                # Two names for one number: the local is what the element's local is from here on.
                return self._renamed(name, target, axes, at)
            case ast.Call(ast.Name("max"), [ast.BinOp(_, ast.Mult(), factor) as scaled, ast.Name() as larger], []) if (
                isinstance(scaled.left, ast.Name) and scaled.left.id == larger.id
            ):
                found = self._rectified(larger, factor, target, axes, at)
                if found is not None:
                    return found
            case ast.Call(ast.Name("update"), [parameter, gradient, ast.Name(memory), _], []) if (
                self.bindings.update is not None and cell is not None and isinstance(storage, Table | Flat)
            ):
                place = storage.place(cell)
                # It is written out for every thing that is remembered.
                self.spelled(place)
                old, new = (luau_expression(self.resolved(each, axes, at), str) for each in (parameter, gradient))
                suffix = self._suffix_of_memory(memory, axes, at)
                step = self.bindings.update.step(cell.array, self.spelled(place), old, new, suffix)
                is_alone = all(len(each) == 1 for each in axes.values())
                return [*step] if is_alone else ["do", *indented(step), "end"]
            case ast.Call(ast.Name(), [argument]) if isinstance(storage, Table | Numbers) or target.isidentifier():
                path = self._path(value)
                if path:
                    x = luau_expression(self.resolved(argument, axes, at), str)
                    slope = negative_slope(self.bindings.modules, path)
                    if self.bindings.has_max and slope is not None and slope != "1":
                        largest = f"math.max({x} * {slope}, {x})"
                        if isinstance(storage, Numbers) and cell is not None:
                            return [storage.write(cell, largest, self.spelled)]
                        return [f"{target} = {largest}"]
                    if self.bindings.has_branches and not isinstance(storage, Numbers):
                        return list(assign_to(self.bindings.modules, path, target, x))
        resolved, before = self._prepared(value, axes, at)
        match resolved:
            case ast.BinOp(ast.Name(same), ast.Add(), more) if same == target and not isinstance(storage, Numbers):
                return [*before, f"{target} += {luau_expression(more, str)}"]
        text = luau_expression(resolved, str)
        if target.isidentifier() or (isinstance(storage, Table) and text == ZERO):
            return [*before, Put(target, (text,))]
        if storage is not None and cell is not None and not isinstance(storage, Table):
            return [*before, storage.write(cell, text, self.spelled)]
        return [*before, f"{target} = {text}"]

    def _rectified(
        self, x: ast.expr, factor: ast.expr, target: str, axes: Mapping[str, Axis], at: Mapping[str, int]
    ) -> list[Line] | None:
        """The larger one of x and a factor times x, where it is not found by a call: the factor is 0 to 1."""
        own, times = (luau_expression(self.resolved(each, axes, at), str) for each in (x, factor))
        same: list[Line] = [] if own == target else [f"{target} = {own}"]
        if times == "1":
            return same
        if self.bindings.has_max or self.bindings.is_vector:
            return None
        if not same:
            return [f"if {own} < 0 then", f"\t{own} *= {times}", "end"]
        return [f"if {own} < 0 then", f"\t{target} = {own} * {times}", "else", *(f"\t{each}" for each in same), "end"]

    def _renamed(self, name: str, target: str, axes: Mapping[str, Axis], at: Mapping[str, int]) -> list[Line]:
        mine = tuple(at[each] for each in axes if each in self._depends[name])
        local = self._local(name, axes, at)
        self._aliases[(name, mine)] = target
        return [] if local == target else [Put(target, (local,))]

    def _prepared(self, node: ast.expr, axes: Mapping[str, Axis], at: Mapping[str, int]) -> tuple[ast.expr, list[Line]]:
        """An expression, behind locals for the elements that a formula needs more than once."""
        match node:
            case ast.Call(function) if not isinstance(function, ast.Name) or function.id not in BUILT_IN:
                path = self._path(node)
                if not path:
                    return self.resolved(node, axes, at), []
                formula = formula_of(self.bindings.modules, path)
                needed = Counter(each.id for each in ast.walk(formula.body) if isinstance(each, ast.Name))
                before: list[Line] = []
                given: list[ast.expr] = []
                for parameter, argument in zip(formula.parameters, self._given(node), strict=True):
                    resolved = self.resolved(argument, axes, at)
                    text = luau_expression(resolved, str)
                    if needed[parameter] > 1 and isinstance(argument, ast.Subscript) and not text.isidentifier():
                        suffix = "_".join(s for each, k in at.items() if (s := axes[each].suffixes[k]))
                        local = luau_name(parameter) + suffix
                        before.append(f"local {local} = {text}")
                        resolved = ast.Name(local)
                    given.append(resolved)
                return self._written_out(node, given), before
        return self.resolved(node, axes, at), []


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))


def _calls(assignments: Iterable[Assign], name: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for each in assignments
        for node in ast.walk(each.value)
    )


def _grows_by_max(each: Assign) -> bool:
    """Whether a name gets the larger one of something and itself."""
    match each:
        case Assign(ast.Name(name), ast.Call(ast.Name("max"), [_, ast.Name(itself)], []), None):
            return name == itself
    return False


def _places(axes: Mapping[str, Axis], of: frozenset[str]) -> Iterator[dict[str, int]]:
    names = [each for each in axes if each in of]
    for numbers in product(*(range(len(axes[each])) for each in names)):
        yield dict(zip(names, numbers, strict=True))


def assignments_in(statements: Iterable[Statement]) -> Iterator[Assign]:
    """All assignments, those in loops too."""
    for each in statements:
        if isinstance(each, Loop):
            yield from assignments_in(each.body)
        elif not isinstance(each, Give):
            yield from each


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
