"""Keys that are names, said as names in code that nobody has to read."""

from tree_sitter import Node

from codegen.library.tree_files import TreeFile
from codegen.translate.luau_rules import RESERVED_WORDS
from codegen.translate.luau_syntax import text_of


def short_keys(file: TreeFile) -> dict[int, str | None]:
    """What becomes of the tokens of such keys, by their nodes: ``x["y"]`` is x.y, ``{ ["y"] = 1 }`` is { y = 1 }."""
    changes: dict[int, str | None] = {}
    for node, is_type in file.nodes:
        opening, closing = node.prev_sibling, node.next_sibling
        if is_type or node.type != "string" or opening is None or closing is None:
            continue
        if (text_of(opening), text_of(closing)) != ("[", "]"):
            continue
        name = _content(node)
        if name.isidentifier() and name.isascii() and name not in RESERVED_WORDS:
            is_index = opening.prev_sibling is not None
            changes |= {opening.id: "." if is_index else None, node.id: name, closing.id: None}
    return changes


def _content(string: Node) -> str:
    """What is written between the quotes of a string."""
    return "".join(text_of(each) for each in string.children if each.type == "string_content")
