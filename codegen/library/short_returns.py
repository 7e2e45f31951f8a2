"""What functions return, left out where nobody has to read it and one line says it."""

from tree_sitter import Node

from codegen.library.tree_files import TreeFile
from codegen.translate.luau_syntax import text_of

# Types that are no more and no less than what the checker finds.
_FOUND = ("number", "boolean", "string")


def short_returns(file: TreeFile) -> dict[int, str | None]:
    """What goes: such types of local functions that do nothing but return. The checker finds them itself."""
    changes: dict[int, str | None] = {}
    for node, _ in file.nodes:
        if node.type == "function_declaration" and node.children[0].type == "local" and _only_returns(node):
            for colon in node.children:
                result = colon.next_sibling
                if colon.type == ":" and result is not None and text_of(result) in _FOUND:
                    changes |= {colon.id: None, result.id: None}
    return changes


def _only_returns(function: Node) -> bool:
    body = function.child_by_field_name("body")
    statements = [] if body is None else [each for each in body.named_children if each.type != "comment"]
    return [each.type for each in statements] == ["return_statement"]
