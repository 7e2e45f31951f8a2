"""Lays out the loops of a kernel as its schedule says, and makes functions of them."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from codegen.translate.kernel_arguments import NODES, is_counted_apart, schedule_refused
from codegen.translate.kernel_bindings import Axis, Bindings
from codegen.translate.kernel_expressions import names_in
from codegen.translate.kernel_writer import Writer, assignments_in
from codegen.translate.loop_reader import Give, Kernel, Loop, Statement, up_to
from codegen.translate.luau_formulas import luau_name
from codegen.translate.luau_lines import Line, indented, merged, rendered
from codegen.translate.places import BYTES, Flat, Index, Lanes, Numbers, Tiles
from engine.kernels.schedules import ALL_AT_ONCE, NUMBERS, Schedule

Found = TypeVar("Found")


@dataclass
class Layout:
    """The loops of one kernel in Luau.

    Attributes:
        kernel: what to write.
        schedule: how.
        bindings: what its names stand for.
        short: loops of a known number of turns, up to so many, are written out.
        blocks: so many blocks of rows at once are, when their number is known.
    """

    kernel: Kernel
    schedule: Schedule
    bindings: Bindings
    short: int = 0
    blocks: int = 0
    _writer: Writer = field(init=False)
    # How many inputs the branch has that is being written.
    _inputs: int = field(init=False, default=0)
    # The index of the loop of which one turn is being written.
    _turn: str = field(init=False, default="")
    # Where loops of several turns at once end, by the names of the locals that have it: a remainder takes native code
    # long.
    _ends: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._writer = Writer(self.kernel, self.bindings)
        self._check_schedule()

    def _check_schedule(self) -> None:
        """Refuse a schedule of what its kernel does not have. What is kept may be more, for kernels that share it."""
        schedule = self.schedule
        for part, names in (("without", schedule.without), ("known", schedule.known)):
            for name in names:
                self._find(name, self.kernel.parameters, part)
        if len(schedule.inputs) not in (1, len(schedule.rows)):
            what = f"has {len(schedule.inputs)} numbers of inputs for {len(schedule.rows)} numbers of rows"
            raise schedule_refused(schedule, what, "one of them, or one for each")

    def _find(self, name: str, there: Mapping[str, Found], part: str) -> Found:
        """What a part of the schedule names of the kernel."""
        if name not in there:
            what = f"names `{name}` in `{part}`, which `{self.kernel.name}` of {self.kernel.path.name} does not have"
            raise schedule_refused(self.schedule, what, f"one of {', '.join(there)}")
        return there[name]

    def lines(self) -> list[str]:
        """The statements of the whole kernel."""
        lines: list[Line] = [*self._held_first()]
        folded = self._folded(self.kernel.body)
        for each in self.kernel.body:
            if isinstance(each, Loop):
                lines += [] if folded and not _nests(each) else self._outer(each, folded)
            else:
                lines += self._statement(each, {})
        lines = merged([*lines, *self._given_back()], self._writer.never_minus_zero)
        text = rendered(lines)
        text = [*_buffer_functions(text), *text]
        if self._ends:
            text.insert(0, f"local {', '.join(self._ends)} = {', '.join(self._ends.values())}")
        if self._is_tiled():
            text.insert(0, "local at = 0")
        return text

    def turn(self, index: str) -> tuple[list[str], list[str]]:
        """What stands before the loop with an index, and one turn of it; the loops around it are written out."""
        self._turn = index
        before: list[Line] = [*self._held_first()]
        inside: list[Line] = []
        self._add_turn(self.kernel.body, {}, before, inside)
        return rendered(before), rendered(inside)

    def _add_turn(
        self, body: Sequence[Statement], axes: Mapping[str, Axis], before: list[Line], inside: list[Line]
    ) -> None:
        for each in body:
            if not isinstance(each, Loop):
                before += self._statement(each, axes)
            elif each.index == self._turn:
                before += self._held_with(axes) if axes else []
                inside += self._body(each.body, {**axes, each.index: self._steps(self._variable(each), 1)})
            else:
                known = self._known(each)
                if known is None:
                    raise self.kernel.refused(each.count, "is not known where it is written out", "a number")
                self._add_turn(each.body, {**axes, each.index: self._constants(0, known)}, before, inside)

    def _folded(self, body: Sequence[Statement]) -> Mapping[str, Sequence[Statement]]:
        """What the first rows do before all else for each input, by its index, where the number of rows is known."""
        nests = [each for each in body if isinstance(each, Loop) and _nests(each)]
        if not nests or self._known(nests[0]) is None:
            return {}
        return {each.index: each.body for each in body if isinstance(each, Loop) and not _nests(each)}

    # Statements and loops.

    def _statement(self, each: Statement, axes: Mapping[str, Axis]) -> list[Line]:
        match each:
            case Give(value):
                return [f"return {self._writer.text(value, axes)}"]
            case Loop():
                return self._inner(each, axes, 1)
        kept = [one for one in each if not names_in(one.target) & set(self.schedule.without)]
        return self._writer.block(kept, axes) if kept else []

    def _body(self, statements: Iterable[Statement], axes: Mapping[str, Axis], inputs: int = 1) -> list[Line]:
        lines: list[Line] = []
        holds = False
        for each in statements:
            if isinstance(each, Loop):
                if not holds:
                    lines += self._held_with(axes)
                holds = True
                lines += self._inner(each, axes, inputs)
            else:
                lines += self._statement(each, axes)
        return merged(lines, self._writer.never_minus_zero)

    def _known(self, loop: Loop) -> int | None:
        match loop.count:
            case ast.Constant(int(number)):
                return number
        return self.bindings.numbers.get(ast.unparse(loop.count))

    def _outer(self, loop: Loop, folded: Mapping[str, Sequence[Statement]]) -> list[Line]:
        """A loop that stands in no other; what is folded stands before the first rows."""
        if all(names_in(each.target) & set(self.schedule.without) for each in assignments_in(loop.body)):
            return []
        known = self._known(loop)
        if not _nests(loop):
            return self._simple(loop, known)
        if self.schedule.is_branch and not any(isinstance(each, Loop) and _nests(each) for each in loop.body):
            return self._branches(loop, {})
        if known is not None:
            return self._blocks(loop, known, folded)
        variable = self._variable(loop)
        if self.schedule.rows == (1,):
            axes = {loop.index: self._lanes(variable, 1)}
            body = [*self._row_starts(variable), *rendered(self._body(loop.body, axes, self.schedule.inputs[0]))]
            return [f"for {variable} = {self._first}, {self._last(self._count(loop))} do", *indented(body), "end"]
        count = self._count(loop)
        lines: list[Line] = []
        if not count.isidentifier():
            lines.append(f"local {NODES} = {count}")
            count = NODES
        lines.append(f"local {variable} = {self._first}")
        for lanes, inputs in zip(self.schedule.rows, self._unrolled(), strict=True):
            last = Index(((variable, 1),), lanes - 1)
            body = rendered(self._body(loop.body, {loop.index: self._lanes(variable, lanes)}, inputs))
            lines.append(f"while {last} <= {count} do")
            lines += indented([*self._row_starts(variable), *body, f"{variable} += {lanes}"])
            lines.append("end")
        return lines

    def _unrolled(self) -> tuple[int, ...]:
        inputs = self.schedule.inputs
        return inputs * len(self.schedule.rows) if len(inputs) == 1 else inputs

    def _blocks(self, loop: Loop, known: int, folded: Mapping[str, Sequence[Statement]]) -> list[Line]:
        """The same where the number of rows is known beforehand."""
        lanes = self.schedule.rows[0] or known
        whole, rest = divmod(known, lanes)
        written = whole if whole <= self.blocks else 1
        lines: list[Line] = []
        for block in range(written):
            each = loop if block else _with_first(loop, folded)
            lines += self._block(each, self._constants(block * lanes, lanes), str(block * lanes), known == lanes)
        if whole > written:
            variable = self._variable(loop)
            inside = rendered(self._body(loop.body, {loop.index: self._lanes(variable, lanes)}))
            body = [*self._row_starts(variable), *inside]
            lines += [f"for {variable} = {written * lanes}, {(whole - 1) * lanes}, {lanes} do", *indented(body), "end"]
        if rest:
            each = loop if whole else _with_first(loop, folded)
            lines += self._block(each, self._constants(whole * lanes, rest), str(whole * lanes), is_alone=not whole)
        return lines

    def _block(self, loop: Loop, axis: Axis, first: str, is_alone: bool) -> list[Line]:
        starts, body = self._row_starts(first), self._body(loop.body, {loop.index: axis})
        return [*starts, *body] if is_alone else ["do", *indented([*starts, *rendered(body)]), "end"]

    def _simple(self, loop: Loop, known: int | None) -> list[Line]:
        """A loop of assignments."""
        if known is not None and (known <= self.short or self.schedule.rows == ALL_AT_ONCE):
            starts = self._row_starts("0") if self._visits_rows(loop) else []
            return [*starts, *self._body(loop.body, {loop.index: self._constants(0, known)})]
        if self._is_written_out(loop) and self._targets(loop) <= self.bindings.held.keys():
            axes = {loop.index: self._constants(0, self.schedule.written_out)}
            return [f"local {line}" for line in rendered(self._body(loop.body, axes))]
        cleared = self._cleared(loop)
        if cleared:
            return [f"buffer.fill({cleared}, 0, 0)"]
        if self.schedule.inputs != (1,) and not self._has_nests:
            return self._unrolled_loops(loop, {}, self.schedule.inputs[0])
        variable = self._variable(loop)
        axes = {loop.index: Axis((Index(((variable, 1),), -self._base),), ("",))}
        inside = rendered(self._body(loop.body, axes))
        if not inside:
            return []
        starts = self._row_starts(variable) if self._visits_rows(loop) else []
        body = [*starts, *inside]
        count = str(known) if known is not None else self._count(loop)
        return [f"for {variable} = {self._first}, {self._last(count)} do", *indented(body), "end"]

    def _inner(self, loop: Loop, axes: Mapping[str, Axis], inputs: int) -> list[Line]:
        """A loop inside another."""
        has_loop = any(isinstance(each, Loop) for each in loop.body)
        known = self._known(loop)
        if has_loop and self.schedule.is_branch:
            return self._branches(loop, axes)
        if not has_loop and known is not None and (known <= self.short or self.schedule.rows == ALL_AT_ONCE):
            return self._body(loop.body, {**axes, loop.index: self._constants(0, known)})
        if not has_loop and self._is_written_out(loop):
            if self.schedule.width and not self.schedule.is_branch:
                return self._nested(loop, axes, 1)
            steps = self._inputs or self.schedule.written_out
            return self._body(loop.body, {**axes, loop.index: self._constants(0, steps)})
        variable = self._variable(loop)
        if self._is_tiled():
            return self._tile_loops(loop, axes, inputs)
        if inputs > 1 and not has_loop:
            return self._unrolled_loops(loop, axes, inputs)
        count = str(known) if known is not None else self._count(loop)
        if has_loop:
            body = self._row_by_row(loop, axes, variable)
        else:
            body = self._with_places(loop, {**axes, loop.index: self._steps(variable, 1)})
        return [f"for {variable} = {self._first}, {self._last(count)} do", *indented(body), "end"]

    def _row_by_row(self, loop: Loop, axes: Mapping[str, Axis], variable: str) -> list[str]:
        """The body of a loop over columns: each row is done with before the next one, which needs fewer registers."""
        rows = [{name: axis.only(k)} for name, axis in axes.items() for k in range(len(axis))]
        lines: list[str] = []
        for row in rows or [{}]:
            body = rendered(self._body(loop.body, {**row, loop.index: self._steps(variable, 1)}))
            # What all rows read has the same local.
            lines += [line for line in body if line not in lines]
        return lines

    def _branches(self, loop: Loop, axes: Mapping[str, Axis]) -> list[Line]:
        """The loop for every number of inputs."""
        lines: list[Line] = []
        variable = self._variable(loop)
        for inputs in range(1, self.schedule.written_out + 1):
            self._inputs = inputs
            word = "elseif" if lines else "if"
            lines.append(f"{word} {self._width} == {inputs} then")
            body = self._row_by_row(loop, axes, variable)
            whole = [f"for {variable} = {self._first}, {self._last(self._count(loop))} do", *indented(body), "end"]
            lines += indented(whole)
        self._inputs = 0
        return [*lines, "end"]

    def _nested(self, loop: Loop, axes: Mapping[str, Axis], number: int) -> list[Line]:
        """Every input in the branch of the one before it."""
        body = self._body(loop.body, {**axes, loop.index: self._constants(number - 1, 1)})
        if number == self.schedule.written_out:
            return body
        inside = rendered(self._nested(loop, axes, number + 1))
        return [*body, f"if {self._width} > {number} then", *indented(inside), "end"]

    def _unrolled_loops(self, loop: Loop, axes: Mapping[str, Axis], inputs: int) -> list[Line]:
        variable, count = self._variable(loop), self._count(loop)
        if not self._body(loop.body, {**axes, loop.index: self._steps(variable, 1)}):
            return []
        together = self._with_places(loop, {**axes, loop.index: self._steps(variable, inputs)})
        rest = self._with_places(loop, {**axes, loop.index: self._steps(variable, 1)})
        end = f"{count} - {count} % {inputs}"
        # Inside a loop over rows, that is one local less.
        end = end if axes else self._end(inputs, end)
        return [
            f"for {variable} = 1, {end}, {inputs} do",
            *indented(together),
            "end",
            f"for {variable} = {end} + 1, {count} do",
            *indented(rest),
            "end",
        ]

    def _end(self, step: int, text: str) -> str:
        """A local for where loops of so many turns at once end."""
        self._ends[f"upTo{step}"] = text
        return f"upTo{step}"

    def _tile_loops(self, loop: Loop, axes: Mapping[str, Axis], inputs: int) -> list[Line]:
        """Loops along rows that lie side by side; they count bytes if all that they read lies in buffers."""
        variable, count = self._variable(loop), self._count(loop)
        # They count from 0 in bytes, or from 1.
        counts_bytes = NUMBERS in self.schedule.kept.values()
        unit = BYTES if counts_bytes else 1
        loops: list[tuple[str, list[str]]] = []
        start = "0" if counts_bytes else "1"
        for step in dict.fromkeys((inputs, *(each for each in self.schedule.rest if each < inputs), 1)):
            end = f"{count} - {count} % {step}" if step > 1 else count
            if counts_bytes:
                end = self._end(step, f"({end}) * {BYTES}" if step > 1 else f"{end} * {BYTES}")
            axis = self._steps(variable, step)
            if counts_bytes:
                axis = Axis(tuple(Index(((variable, 1),), k) for k in range(step)), axis.suffixes)
            by, bound = step * unit, f"{end} - {BYTES}" if counts_bytes else end
            # One input after the other: all their weights at once would be more locals than native code has room for.
            body = [
                line
                for k in range(step)
                for line in rendered(self._body(loop.body, {**axes, loop.index: axis.only(k)}))
            ]
            body.append(f"at += {len(next(iter(axes.values()))) * step * BYTES}")
            lines = [f"for {variable} = {start}, {bound}{f', {by}' if by > 1 else ''} do", *indented(body), "end"]
            loops.append((end, lines))
            start = end if counts_bytes else f"{end} + 1"
        return _one_after_the_other(loops)

    def _with_places(self, loop: Loop, axes: Mapping[str, Axis]) -> list[str]:
        """A body in which indices that are needed more than once have locals."""
        w = self._writer
        w.forget_places()
        body = rendered(self._body(loop.body, axes))
        variable = self._variable(loop)
        found = w.repeated_indices(variable)
        if not found:
            return body
        names = {each: f"{variable}{number}" for number, each in enumerate(found, start=1)}
        w.forget_places(names)
        body = rendered(self._body(loop.body, axes))
        w.forget_places()
        return [f"local {', '.join(names.values())} = {', '.join(map(str, names))}", *body]

    # Names, numbers and what is held.

    @property
    def _base(self) -> int:
        return self.bindings.base

    @property
    def _first(self) -> int:
        return self._base

    def _last(self, count: str) -> str:
        if self._base:
            return count
        return str(int(count) - 1) if count.isdigit() else f"{count} - 1"

    @property
    def _width(self) -> str:
        """What says how many inputs there are."""
        self._find(self.schedule.width, self.kernel.parameters, "width")
        return luau_name(self.schedule.width)

    def _variable(self, loop: Loop) -> str:
        return self.bindings.names.get(loop.index, loop.index)

    def _count(self, loop: Loop) -> str:
        if is_counted_apart(loop, self.bindings.storages):
            return NODES
        index = up_to(loop.count)
        if index is not None and index not in self.kernel.parameters:
            if self.schedule.rows != (1,):
                what = f"has several rows at once, of which `{self.kernel.name}` takes ever more columns"
                raise schedule_refused(self.schedule, what, "one row")
            return index if self._base else f"({index} + 1)"
        return self._writer.text(loop.count, {})

    def _lanes(self, variable: str, lanes: int) -> Axis:
        indices = tuple(Index(((variable, 1),), k - self._base) for k in range(lanes))
        return Axis(indices, self._numbered(lanes) if lanes > 1 else ("",))

    def _steps(self, variable: str, steps: int) -> Axis:
        return Axis(tuple(Index(((variable, 1),), k - self._base) for k in range(steps)), self._numbered(steps, ""))

    @staticmethod
    def _numbered(count: int, first: str = "0") -> tuple[str, ...]:
        return (first, *(str(k) for k in range(1, count)))

    @staticmethod
    def _constants(first: int, count: int) -> Axis:
        numbers = range(first, first + count)
        return Axis(tuple(Index((), k) for k in numbers), tuple(str(k + 1) for k in numbers))

    def _row_starts(self, variable: str) -> list[str]:
        """Where the rows at once begin, for storages that ask for it."""
        lines = []
        for each in self.bindings.storages.values():
            if isinstance(each, Lanes) and self.schedule.rows != ALL_AT_ONCE:
                lines.append(f"local j = 3 * {variable} - 2")
            elif isinstance(each, Flat):
                at = int(variable) * each.columns if variable.isdigit() else f"{variable} * {each.columns}"
                lines.append(f"local at = {at}")
        return list(dict.fromkeys(lines))

    def _visits_rows(self, loop: Loop) -> bool:
        """Whether a loop of assignments has to know where rows begin."""
        flat = {name for name, each in self.bindings.storages.items() if isinstance(each, Flat)}
        parts = [part for each in assignments_in(loop.body) for part in (each.target, each.value)]
        return any(names_in(part) & flat for part in parts)

    def _is_written_out(self, loop: Loop) -> bool:
        return self.schedule.written_out > 0 and loop.index == "i"

    @property
    def _has_nests(self) -> bool:
        return any(isinstance(each, Loop) and _nests(each) for each in self.kernel.body)

    def _is_tiled(self) -> bool:
        return any(isinstance(each, Tiles) for each in self.bindings.storages.values())

    def _targets(self, loop: Loop) -> set[str]:
        return {ast.unparse(each.target) for each in assignments_in(loop.body)}

    def _cleared(self, loop: Loop) -> str:
        """The buffer that a loop fills with zeros, if it does."""
        for each in assignments_in(loop.body):
            match each.target, each.value:
                case ast.Subscript(ast.Name(array)), ast.Constant(0.0):
                    if isinstance(self.bindings.storages.get(array), Numbers):
                        return self._writer.name(array)
        return ""

    def _element(self, held: str) -> ast.Subscript:
        """A held element, as it stands in the kernel."""
        return self._find(held, self._elements, "held")

    @cached_property
    def _elements(self) -> dict[str, ast.Subscript]:
        """The elements of arrays that the kernel names, by what is written there."""
        parts = [part for each in assignments_in(self.kernel.body) for part in (each.target, each.value)]
        nodes = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Subscript)]
        return {ast.unparse(node): node for node in nodes}

    def _held(self, with_rows: bool) -> list[tuple[str, str]]:
        """The held elements, those of a row apart from those of all rows, with the beginning of their names."""
        outer = next((each.index for each in self.kernel.body if isinstance(each, Loop) and _nests(each)), "")
        rows = {
            each.target.id
            for each in assignments_in(self.kernel.body)
            if isinstance(each.target, ast.Name) and outer in names_in(each.value)
        } | {outer}
        return [
            (element, prefix)
            for element, prefix in self.bindings.held.items()
            if bool((names := names_in(self._element(element))) & rows) == with_rows and self._turn not in names
        ]

    def _held_first(self) -> list[str]:
        zeroed = {
            ast.unparse(each.target)
            for loop in self.kernel.body
            if isinstance(loop, Loop) and not _nests(loop)
            for each in assignments_in(loop.body)
        }
        return self._read_ahead([each for each in self._held(with_rows=False) if each[0] not in zeroed], {}, "")

    def _held_with(self, axes: Mapping[str, Axis]) -> list[str]:
        held = self._held(with_rows=True)
        if not held or len(axes) > 1:
            return []
        ((variable, axis),) = axes.items()
        lines: list[str] = []
        for k, suffix in enumerate(axis.suffixes):
            alone = {variable: Axis((axis.indices[k],), (suffix,))}
            lines += self._read_ahead(held, alone, suffix)
        return lines

    def _read_ahead(self, held: Sequence[tuple[str, str]], axes: Mapping[str, Axis], suffix: str) -> list[str]:
        lines = []
        for element, prefix in held:
            steps = {**axes, "i": self._constants(0, self.schedule.written_out)}
            node = self._element(element)
            names, values = [], []
            for k in range(self.schedule.written_out):
                names.append(f"{prefix}{f'{suffix}_' if suffix else ''}{k + 1}")
                values.append(self._writer.unheld(node, steps, {**dict.fromkeys(axes, 0), "i": k}))
            if element in self.schedule.guarded:
                lines += self._read_within_width(names, values)
                continue
            lines.append(f"local {', '.join(names)} = {', '.join(values)}")
        return lines

    def _read_within_width(self, names: Sequence[str], values: Sequence[str]) -> list[str]:
        """The same where nothing behind the last input may be read."""
        declared = f"local {', '.join(names)} = {', '.join([values[0], *('0' for _ in names[1:])])}"
        read: list[str] = []
        for k in range(len(names) - 1, 0, -1):
            read = [f"if {self._width} > {k} then", *indented([f"{names[k]} = {values[k]}", *read]), "end"]
        return [declared, *read]

    def _given_back(self) -> list[str]:
        """What was held and has changed goes back where it belongs."""
        changed = {ast.unparse(each.target) for each in assignments_in(self.kernel.body)}
        lines = []
        for element, prefix in self.bindings.held.items():
            if element in changed:
                steps = {"i": self._constants(0, self.schedule.written_out)}
                node = self._element(element)
                numbers = range(self.schedule.written_out)
                places = [self._writer.unheld(node, steps, {"i": k}) for k in numbers]
                lines.append(f"{', '.join(places)} = {', '.join(f'{prefix}{k + 1}' for k in numbers)}")
        return lines


def _nests(loop: Loop) -> bool:
    return any(isinstance(each, Loop) for each in loop.body)


def _with_first(nest: Loop, folded: Mapping[str, Sequence[Statement]]) -> Loop:
    """Loops in each other whose inner ones begin with what is folded, by their indices."""
    body = (
        replace(each, body=(*folded.get(each.index, ()), *each.body)) if isinstance(each, Loop) else each
        for each in nest.body
    )
    return replace(nest, body=tuple(body))


def _buffer_functions(lines: Sequence[str]) -> list[str]:
    used = {"get": "buffer.readf64", "set": "buffer.writef64"}
    found = {name: each for name, each in used.items() if any(f"{name}(" in line for line in lines)}
    return [f"local {', '.join(found)} = {', '.join(found.values())}"] if found else []


def _one_after_the_other(loops: Sequence[tuple[str, list[str]]]) -> list[Line]:
    """Loops, each with where it ends.

    One that has nothing left to do takes longer than to ask whether it has, so most are only begun if there is a rest.
    """
    (end, lines), *rest = loops
    following = _one_after_the_other(rest) if rest else []
    if len(rest) > 1:
        following = [f"if {end} < {loops[-1][0]} then", *indented(rendered(following)), "end"]
    return [*lines, *following]
