"""Lines of Luau while they are put together: sums that grow, numbers only renamed, locals that share a line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

ZERO = "0"
# So many characters of names and values on a line.
LONGEST_LINE = 104


@dataclass(frozen=True)
class Put:
    """A name gets the sum of some terms, or they are added to what it has."""

    name: str
    terms: tuple[str, ...]
    is_new: bool = False
    adds: bool = False
    type: str = ""

    def lines(self) -> list[str]:
        """It as Luau."""
        value = " + ".join(self.terms)
        if self.is_new:
            return [f"local {self.name}{self.type} = {value}"]
        if self.adds:
            return [f"{self.name} += {value}" if len(self.terms) == 1 else f"{self.name} = {self.name} + {value}"]
        return [f"{self.name} = {value}"]


Line = str | Put


def merged(lines: Sequence[Line], never_minus_zero: set[str]) -> list[Line]:
    """What is added to a new number right away, in the statement that makes it; and what is only made to be put away.

    A sum that begins at 0 goes on without it: 0 + a is a, but for an a of -0. So a 0 is added behind the first term,
    unless a later one is known to be no -0.
    """
    done: list[Line] = []
    for line in lines:
        if isinstance(line, Put) and not line.is_new:
            index = _last_with(done, line.name if line.adds else line.terms[0])
            made = done[index] if index is not None else None
            if index is not None and isinstance(made, Put):
                joined = _grown(made, line, never_minus_zero) if line.adds else _put_away(made, line)
                if joined is not None:
                    done[index : index + 1] = []
                    done.append(joined)
                    continue
        done.append(line)
    return done


def _last_with(lines: Sequence[Line], name: str) -> int | None:
    """The last line that has a name in it; of an element, the last that has it or may have it."""
    array = name.partition("[")[0]
    found = (k for k in range(len(lines) - 1, -1, -1) if array in _words(lines[k]) and not _is_apart(lines[k], name))
    return next(found, None)


def _is_apart(line: Line, element: str) -> bool:
    """Whether a line only puts something into another element of the same array."""
    if not isinstance(line, Put) or line.name == element or not (_AT.search(line.name) and _AT.search(element)):
        return False
    return element.partition("[")[0] not in _words(" ".join(line.terms))


def _grown(made: Put, more: Put, never_minus_zero: set[str]) -> Put | None:
    """A number that is made, and what is added to it."""
    is_zero = made.terms in ((ZERO,), ("vector.zero",))
    if made.name != more.name or made.adds or not (made.is_new or is_zero):
        return None
    terms = (*made.terms, *more.terms)
    if is_zero:
        first, *others = more.terms
        terms = (first, *others) if made.terms != (ZERO,) else (first, ZERO, *others)
    if any(each in never_minus_zero for each in terms):
        terms = tuple(each for each in terms if each != ZERO)
    return replace(made, terms=terms)


def _put_away(made: Put, line: Put) -> Put | None:
    """A new number that only gets another name."""
    if not made.is_new or line.terms != (made.name,):
        return None
    start = f"{line.name} + "
    whole = " + ".join(made.terms)
    return Put(line.name, (whole.removeprefix(start),), adds=whole.startswith(start))


def _words(line: Line) -> set[str]:
    text = line if isinstance(line, str) else " ".join((line.name, *line.terms))
    return set(_WORD.findall(text))


def indented(lines: Iterable[str]) -> list[str]:
    """Lines one step further in."""
    return [f"\t{line}" for line in lines]


def rendered(lines: Iterable[Line]) -> list[str]:
    """Lines as text; new locals of one kind share a line."""
    text: list[str] = []
    together: list[Put] = []
    for line in [*lines, ""]:
        if isinstance(line, Put) and line.is_new and _goes_with(line, together):
            together.append(line)
            continue
        if together:
            names = ", ".join(each.name + each.type for each in together)
            text.append(f"local {names} = {', '.join(' + '.join(each.terms) for each in together)}")
            together = []
        if isinstance(line, Put) and line.is_new:
            together = [line]
        else:
            text += line.lines() if isinstance(line, Put) else [line]
    return text[:-1]


def _goes_with(line: Put, together: Sequence[Put]) -> bool:
    """Whether a new local is of the kind of those before it, and has room on their line."""
    if not together or _stem(line.name) != _stem(together[0].name):
        return False
    return (
        sum(len(each.name + each.type) + len(" + ".join(each.terms)) + 4 for each in (*together, line)) < LONGEST_LINE
    )


def _stem(name: str) -> str:
    return name.rstrip("0123456789_")


_WORD = re.compile(r"[A-Za-z_]\w*")
# What ends in a number in brackets.
_AT = re.compile(r"\[\d+\]$")
