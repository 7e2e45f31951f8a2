"""What the names of a kernel stand for, and how many lanes and steps of its loops stand side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from codegen.translate.luau_formulas import FormulaModules
from codegen.translate.places import Index, Storage

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
