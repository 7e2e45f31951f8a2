"""Luau's syntax tree, for those who read sources instead of writing them."""

from collections.abc import Iterator

import tree_sitter
import tree_sitter_luau
from tree_sitter import Node

_LANGUAGE = tree_sitter.Language(tree_sitter_luau.language())

# Nodes in which a colon starts a type. In a method call it does not.
ANNOTATED = frozenset({"variable_list", "parameter", "function_declaration", "function_definition"})
# Nodes that are of types only.
TYPES_ONLY = frozenset({"type_definition", "generic_type_list"})


def parsed(source: str) -> Node:
    """The tree of a source. Where the source is no Luau it has errors in it; `first_error` finds them."""
    return tree_sitter.Parser(_LANGUAGE).parse(source.encode()).root_node


def inside(node: Node) -> Iterator[Node]:
    """A node and all nodes in it, in the order in which they stand."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(each.children))


def with_types(node: Node) -> Iterator[tuple[Node, bool]]:
    """The same, each with whether it is of types only."""
    waiting = [(node, node.type in TYPES_ONLY)]
    while waiting:
        each, is_type = waiting.pop()
        yield each, is_type
        if is_type:
            waiting.extend((child, True) for child in reversed(each.children))
        else:
            waiting.extend(reversed(_children(each)))


def outside_types(node: Node) -> Iterator[Node]:
    """The nodes in a node that are not of types only, in the order in which they stand."""
    return (each for each, is_type in with_types(node) if not is_type)


def inside_types(node: Node) -> Iterator[Node]:
    """Those that are."""
    return (each for each, is_type in with_types(node) if is_type)


def _children(holder: Node) -> list[tuple[Node, bool]]:
    """The nodes right inside a node, and whether each is of types only."""
    found, before = [], ""
    is_annotated = holder.type in ANNOTATED
    # (A node takes long to find the one before it.)
    for child in holder.children:
        kind = child.type
        found.append((child, kind in TYPES_ONLY or before == "::" or (before == ":" and is_annotated)))
        before = kind
    return found


def first_error(node: Node) -> Node | None:
    """The first place that is not Luau, if there is one."""
    if not node.has_error:
        return None
    return next(each for each in inside(node) if each.type == "ERROR" or each.is_missing)


def text_of(node: Node) -> str:
    """The text of a node."""
    assert node.text is not None
    return node.text.decode()


def line_of(node: Node) -> int:
    """The line in which a node starts, from 1."""
    return node.start_point.row + 1


def statements_of(root: Node) -> list[Node]:
    """What stands at the top level of a file, without comments and lone semicolons."""
    return [node for node in root.named_children if node.type not in ("comment", "empty_statement")]


def is_field_name(identifier: Node) -> bool:
    """Whether a name is that of a field: ``a.name``, ``a:name()``, ``{ name = 1 }``."""
    holder = identifier.parent
    if holder is None:
        return False
    if holder.type in ("dot_index_expression", "method_index_expression"):
        return holder.children[0] != identifier
    behind = identifier.next_sibling
    return holder.type == "field" and holder.children[0] == identifier and behind is not None and behind.type == "="
