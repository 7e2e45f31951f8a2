"""Where the elements of arrays are: an index as a sum of names and a number, and how each storage reads and writes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.formulas.size import BYTES_PER_NUMBER

# Of a number in a buffer.
BYTES = int(BYTES_PER_NUMBER)


@dataclass(frozen=True)
class Index:
    """A sum of names, each so many times, and a number: the place of an element, counted from 0."""

    names: tuple[tuple[str, int], ...] = ()
    number: int = 0

    def plus(self, number: int) -> "Index":
        """So much further on."""
        return Index(self.names, self.number + number)

    def __add__(self, other: "Index") -> "Index":
        names = dict(self.names)
        for name, times in other.names:
            names[name] = names.get(name, 0) + times
        return Index(tuple(names.items()), self.number + other.number)

    def times(self, factor: int) -> "Index":
        """So many times as far."""
        return Index(tuple((name, times * factor) for name, times in self.names), self.number * factor)

    def __str__(self) -> str:
        text = " + ".join(name if times == 1 else f"{times} * {name}" for name, times in self.names)
        if not text:
            return str(self.number)
        return text + (f" + {self.number}" if self.number > 0 else f" - {-self.number}" if self.number < 0 else "")


@dataclass(frozen=True)
class Cell:
    """An element of an array, or of a row of rows.

    Attributes:
        array: the array or row, in Luau.
        index: its index.
        lane: which of the rows at once it belongs to.
        lanes: how many there are.
        step: which of the inputs at once.
    """

    array: str
    index: Index
    lane: int = 0
    lanes: int = 1
    step: int = 0


Spelled = Callable[[Index], str]


class Storage(Protocol):
    """How an array keeps its elements."""

    @property
    def has_rows(self) -> bool:
        """Whether rows are values that a local can hold."""
        ...

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """An element, as an expression that binds as tightly as a name; ``spelled`` has the text of an index."""
        ...

    def write(self, cell: Cell, value: str, spelled: Spelled) -> str:
        """The statement that changes an element."""
        ...

    def luau_type(self, plain: str) -> str:
        """The type of such an array, by that of a table of tables."""
        ...


@dataclass(frozen=True)
class Table:
    """Lua tables, counted from 1; or, with another base, C's arrays."""

    base: int = 1
    element: str = "number"
    has_rows: bool = True

    def place(self, cell: Cell) -> Index:
        """The index of an element in its table."""
        return cell.index.plus(self.base)

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"{cell.array}[{spelled(self.place(cell))}]"

    def write(self, cell: Cell, value: str, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"{self.read(cell, spelled)} = {value}"

    def luau_type(self, plain: str) -> str:
        """See `Storage`."""
        return plain.replace("number", self.element)


@dataclass(frozen=True)
class Numbers:
    """A buffer of doubles. Some loop variables may count its bytes instead of its numbers."""

    in_bytes: tuple[str, ...] = ()
    has_rows: bool = False

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"get({cell.array}, {spelled(self._place(cell))})"

    def write(self, cell: Cell, value: str, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"set({cell.array}, {spelled(self._place(cell))}, {value})"

    def luau_type(self, plain: str) -> str:
        """See `Storage`."""
        return "buffer"

    def _place(self, cell: Cell) -> Index:
        names = tuple((name, times if name in self.in_bytes else times * BYTES) for name, times in cell.index.names)
        return Index(names, cell.index.number * BYTES)


@dataclass(frozen=True)
class Tiles(Numbers):
    """Rows in a buffer, some side by side: what belongs to one input is together, and ``at`` runs along."""

    def _place(self, cell: Cell) -> Index:
        return Index((("at", 1),), (cell.step * cell.lanes + cell.lane) * BYTES)


@dataclass(frozen=True)
class Flat:
    """A matrix that lies row by row in C's memory; ``at`` is where the first of the rows at once begins."""

    columns: int
    has_rows: bool = False

    def place(self, cell: Cell) -> Index:
        """The index of an element in all of the matrix."""
        return Index((("at", 1),), cell.lane * self.columns) + cell.index

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"{cell.array}[{self.place(cell)}]"

    def write(self, cell: Cell, value: str, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"{self.read(cell, spelled)} = {value}"

    def luau_type(self, plain: str) -> str:
        """See `Storage`."""
        raise TypeError("only LuaJIT has it, which has no types")


@dataclass(frozen=True)
class Locals:
    """Elements, or rows of tables, that are locals with a number: x1, x2, x3."""

    prefix: str
    has_rows: bool = True

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"{self.prefix}{cell.index.number + 1}"

    def write(self, cell: Cell, value: str, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"{self.read(cell, spelled)} = {value}"

    def luau_type(self, plain: str) -> str:
        """See `Storage`."""
        return plain


@dataclass(frozen=True)
class Constants:
    """Elements that are constants of the source, signed ones too: kernels have no powers, which alone bind tighter."""

    texts: tuple[str, ...]
    has_rows: bool = False

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """See `Storage`."""
        return self.texts[cell.index.number]

    def write(self, cell: Cell, value: str, spelled: Spelled) -> str:
        """See `Storage`."""
        raise TypeError("constants stay as they are")

    def luau_type(self, plain: str) -> str:
        """See `Storage`."""
        raise TypeError("constants are no argument")


@dataclass(frozen=True)
class Lanes:
    """Numbers in a table, of which three neighbours are one vector; ``j`` is the index of the first of them."""

    has_rows: bool = False

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"vector.create({', '.join(self._places(cell))})"

    def write(self, cell: Cell, value: str, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"{', '.join(self._places(cell))} = {', '.join(f'{value}.{part}' for part in 'xyz')}"

    def luau_type(self, plain: str) -> str:
        """See `Storage`."""
        return plain

    def _places(self, cell: Cell) -> list[str]:
        return [f"{cell.array}[{Index((('j', 1),), 3 * cell.lane + part)}]" for part in range(3)]


@dataclass(frozen=True)
class Splat(Table):
    """Numbers of which each is taken as a vector of three that are the same."""

    def read(self, cell: Cell, spelled: Spelled) -> str:
        """See `Storage`."""
        return f"vector.create({', '.join([super().read(cell, spelled)] * 3)})"
