"""Numbers in place of the constants that stand for them, in a file that nobody has to read, where that is shorter."""

from collections import defaultdict
from collections.abc import Sequence

from tree_sitter import Node

from codegen.library.tree_files import TreeFile, declared_by
from codegen.translate.luau_syntax import text_of

# What a local costs beside its value: `local a=` and the end of its line.
_DECLARATION = len("local a=\n")


def short_constants(file: TreeFile) -> dict[int, str | None]:
    """What becomes of such constants, by their nodes: numbers where they are used, nothing where they are made.

    A constant is a local outside functions whose name is in capitals, made of one number and made once.
    """
    said: dict[str, list[Node]] = defaultdict(list)
    for node in file.variables:
        said[text_of(node)].append(node)
    changes: dict[int, str | None] = {}
    for statement in file.code:
        found = _constant(statement)
        if found is None:
            continue
        name, value = found
        uses = [node for node in said[text_of(name)] if node != name]
        is_plain = text_of(name).isupper() and not any(map(_is_made, uses))
        if is_plain and _DECLARATION + len(value) > (len(value) - 1) * len(uses):
            changes[statement.id] = None
            changes |= dict.fromkeys((name.id, *(each.id for each in uses)), value)
    return changes


def _constant(statement: Node) -> tuple[Node, str] | None:
    """The name and the number of a statement that gives one local one number; None if it is another."""
    names = declared_by(statement) if statement.type == "variable_declaration" else []
    assignment = statement.children[1] if names else None
    if assignment is None or assignment.type != "assignment_statement":
        return None
    values: Sequence[Node] = assignment.children[-1].children
    is_one = len(names) == 1 and len(values) == 1 and values[0].type == "number"
    return (names[0], text_of(values[0])) if is_one else None


def _is_made(node: Node) -> bool:
    """Whether a name stands where a local is made or assigned to."""
    holder = node.parent
    return holder is not None and (holder.type == "variable_list" or node in declared_by(holder))
