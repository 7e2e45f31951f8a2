"""Writes a kernel as Luau or Lua: several rows (lanes) and several inputs (steps) at once, as a schedule says.

What lanes or steps add to one and the same number stands in one statement, in their order: so every sum still grows
from left to right, and all schedules of a kernel give the same bits.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import cast

from codegen.translate.kernel_bindings import Axis
from codegen.translate.kernel_expressions import Expressions, names_in
from codegen.translate.loop_reader import BUILT_IN, Assign, Give, Loop, Statement
from codegen.translate.luau_expressions import luau_expression, luau_term
from codegen.translate.luau_formulas import assign_to, formula_of, luau_name, negative_slope
from codegen.translate.luau_lines import ZERO, Line, Put, indented, rendered
from codegen.translate.luau_rules import BINARY_OPERATORS
from codegen.translate.places import Cell, Flat, Numbers, Storage, Table


class Writer(Expressions):
    """Writes the statements of one kernel."""

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
            case ast.Name(name) if each.operator is None and name not in names_in(each.value):
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
