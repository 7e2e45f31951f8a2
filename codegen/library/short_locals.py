"""Short names for the locals of a file that nobody has to read: one letter serves wherever nothing is in its way."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from string import ascii_letters

from tree_sitter import Node

from codegen.library.tree_files import declared_by, letters
from codegen.translate.luau_rules import RESERVED_WORDS
from codegen.translate.luau_syntax import text_of

# Ends the scope of what is declared in it.
_FUNCTIONS = ("chunk", "function_declaration", "function_definition")
_SCOPES = ("block", "for_statement", "repeat_statement", *_FUNCTIONS)
# What linters take for the name of something that is not used.
_UNUSED = "_"


@dataclass
class _Local:
    """A local: whose it is, from where to where its name means it, and where it is used there."""

    name: Node
    function: Node
    start: int
    end: int
    uses: list[Node] = field(default_factory=list)

    def is_used_in(self, other: "_Local") -> bool:
        """Whether another local, if it had the same name, would stand for this one somewhere."""
        return any(other.start <= use.start_byte < other.end for use in self.uses)


def short_locals(variables: Iterable[Node], known: Mapping[str, str], kept: Collection[str] = ()) -> dict[int, str]:
    """Other names for the locals that a file makes, by their nodes, the shortest for those that are said most often.

    Two locals have the same name where nobody can tell: where neither is used while the other hides it. What is no
    local keeps its name, and so does every one whose name says that it is not used, but for what is behind that.

    Args:
        variables: where the file says names that are no fields and no types.
        known: what becomes of names that are no locals.
        kept: names that no local gets.
    """
    found, free = _resolved(variables)
    taken: dict[int, set[str]] = {id(each): {*kept, *RESERVED_WORDS} for each in found}
    for node in free:
        for each in found:
            if each.start <= node.start_byte < each.end:
                taken[id(each)].add(known.get(text_of(node), text_of(node)))
    names: dict[int, str] = {}
    ordered = sorted(found, key=lambda each: (-len(each.uses), each.start, each.name.start_byte))
    for place, each in enumerate(ordered):
        is_unused = text_of(each.name).startswith(_UNUSED)
        candidates = letters(ascii_letters)
        if is_unused:
            candidates = chain([_UNUSED], (_UNUSED + name for name in candidates))
        name = next(name for name in candidates if name not in taken[id(each)])
        names |= {node.id: name for node in (each.name, *each.uses)}
        for other in ordered[place + 1 :]:
            if _is_in_the_way(each, other):
                taken[id(other)].add(name)
    return names


def _is_in_the_way(one: _Local, other: _Local) -> bool:
    """Whether two locals need two names."""
    if one.start >= other.end or other.start >= one.end:
        return False
    outer, inner = (one, other) if one.start < other.start else (other, one)
    # What hides another of the same function, linters find even where that is in nobody's way.
    return one.function == other.function or outer.is_used_in(inner)


def _resolved(variables: Iterable[Node]) -> tuple[list[_Local], list[Node]]:
    """The locals, and the names that mean none of them."""
    found: list[_Local] = []
    by_name: dict[str, list[_Local]] = {}
    free = []
    for node in variables:
        name = text_of(node)
        local = _made_at(node)
        if local is not None:
            found.append(local)
            by_name.setdefault(name, []).append(local)
            continue
        meant = [each for each in by_name.get(name, ()) if each.start <= node.start_byte < each.end]
        if meant:
            max(meant, key=lambda each: (each.start, each.name.start_byte)).uses.append(node)
        else:
            free.append(node)
    return found, free


def _made_at(name: Node) -> _Local | None:
    """The local that is made where its name stands, if one is."""
    statement = name.parent
    while statement is not None and not declared_by(statement):
        if statement.type in _SCOPES:
            return None
        statement = statement.parent
    if statement is None or name not in declared_by(statement):
        return None
    scope = statement.parent
    while scope is not None and scope.type not in _SCOPES:
        scope = scope.parent
    assert scope is not None
    match statement.type:
        case "variable_declaration":
            start = statement.end_byte
        case "function_declaration" | "parameter":
            start = name.start_byte
        case _:
            start = statement.end_byte
    end = scope.end_byte
    # What stands behind `until` sees the locals of its block.
    if scope.type == "block" and scope.parent is not None and scope.parent.type == "repeat_statement":
        end = scope.parent.end_byte
    function = scope
    while function.type not in _FUNCTIONS:
        assert function.parent is not None
        function = function.parent
    return _Local(name, function, start, end)
