"""Luau → plain Lua 5.1, on the same lines: type syntax becomes blanks, ``a += b`` becomes ``a = a + (b)``.

Everything else of Luau (continue, if-expressions, interpolated strings …) stays and is then refused by Lua 5.1,
so templates do without.
"""

from collections.abc import Iterator

import tree_sitter
import tree_sitter_luau

_LANGUAGE = tree_sitter.Language(tree_sitter_luau.language())

# Nodes in which a colon starts a type. In a method call it does not.
_ANNOTATED = frozenset({"variable_list", "parameter", "function_declaration", "function_definition"})
_BLANKED = frozenset({"type_definition", "generic_type_list"})


class EraseError(Exception):
    """The source is not Luau, or erasing would change what it does."""


def erase_types(source: str) -> str:
    """The source without types.

    Raises:
        EraseError: at a syntax error, or at ``f() :: T`` where Lua would keep all of f's results.
    """
    text = bytearray(source.encode())
    tree = tree_sitter.Parser(_LANGUAGE).parse(bytes(text))
    edits = sorted(_edits(tree.root_node, bytes(text)), reverse=True)
    for start, end, replacement in edits:
        text[start:end] = replacement
    return text.decode()


def _edits(node: tree_sitter.Node, source: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Replacements of spans that do not overlap."""
    if node.type == "ERROR" or node.is_missing:
        raise EraseError(f"{_place(node)}: this is not Luau")
    if node.type in _BLANKED:
        yield _blank(node, node, source)
        return
    children = node.children
    types = set()
    if node.type in _ANNOTATED:
        types = {index for index, child in enumerate(children) if child.type == ":"}
    elif node.type == "cast_expression":
        _refuse_open_call(node)
        types = {len(children) - 2}
    elif node.type == "update_statement":
        target, operator, value = children
        name, symbol = _text(target, source), _text(operator, source).removesuffix(b"=")
        yield operator.start_byte, operator.end_byte, b"= " + name + b" " + symbol
        yield value.start_byte, value.start_byte, b"("
        yield value.end_byte, value.end_byte, b")"
    for index, child in enumerate(children):
        if index in types:
            yield _blank(child, children[index + 1], source)
        elif index - 1 not in types:
            yield from _edits(child, source)


def _blank(first: tree_sitter.Node, last: tree_sitter.Node, source: bytes) -> tuple[int, int, bytes]:
    """Blanks over a span, its line ends kept."""
    span = source[first.start_byte : last.end_byte]
    return first.start_byte, last.end_byte, b"\n".join(b" " * len(line) for line in span.split(b"\n"))


def _refuse_open_call(cast: tree_sitter.Node) -> None:
    """A cast cuts a call's results to one; without it they would all be passed on, returned or stored."""
    if cast.children[0].type not in ("function_call", "vararg_expression"):
        return
    holder = cast.parent
    while holder is not None and holder.type == "expression_list":
        if cast.next_named_sibling is not None:
            return
        holder = holder.parent
    if holder is not None and holder.type in ("arguments", "return_statement", "field"):
        raise EraseError(f"{_place(cast)}: write (f() :: T) in parentheses; Lua would keep all results of f")


def _place(node: tree_sitter.Node) -> str:
    return f"line {node.start_point.row + 1}, column {node.start_point.column + 1}"


def _text(node: tree_sitter.Node, source: bytes) -> bytes:
    return source[node.start_byte : node.end_byte]
