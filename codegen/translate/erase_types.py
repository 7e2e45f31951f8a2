"""Luau → plain Lua 5.1, on the same lines: type syntax becomes blanks, ``a += b`` becomes ``a = a + (b)``.

Everything else of Luau (continue, if-expressions, interpolated strings …) stays and is then refused by Lua 5.1,
so templates do without. So do the few forms of types that the grammar does not read (``typeof(…)``, type functions).
"""

from collections.abc import Iterator

from tree_sitter import Node

from codegen.translate.luau_syntax import ANNOTATED, TYPES_ONLY, inside, line_of, parsed

_CALLS = frozenset({"function_call", "vararg_expression"})

Edit = tuple[int, int, bytes]


class EraseError(Exception):
    """The source is not Luau, or erasing would change what it does."""

    def __init__(self, node: Node, what: str) -> None:
        self.line = line_of(node)
        super().__init__(f"line {self.line}, column {node.start_point.column + 1}: {what}")


def erase_types(source: str) -> str:
    """The source without types.

    Raises:
        EraseError: at a syntax error, at ``f() :: T`` where Lua would keep all of f's results, and at ``t[f()] += 1``,
            where Lua would call f twice.
    """
    text = source.encode()
    return _erased(parsed(source), text).decode()


def _erased(node: Node, source: bytes) -> bytes:
    """The text of a node without types; of the whole source if it is the root, which may start behind white space."""
    start, end = (node.start_byte, node.end_byte) if node.parent else (0, len(source))
    text = bytearray(source[start:end])
    for first, last, replacement in sorted(_edits(node, source), reverse=True):
        text[first - start : last - start] = replacement
    return bytes(text)


def _edits(node: Node, source: bytes) -> Iterator[Edit]:
    """Replacements of spans that do not overlap."""
    if node.type == "ERROR" or node.is_missing:
        raise EraseError(node, "this is not Luau")
    if node.type in TYPES_ONLY:
        yield _blank(node, node, source)
        return
    children = node.children
    types = set()
    if node.type in ANNOTATED:
        types = {index for index, child in enumerate(children) if child.type == ":"}
    elif node.type == "cast_expression":
        _refuse_open_call(node)
        types = {len(children) - 2}
    elif node.type == "update_statement":
        yield from _assignment(node, source)
    for index, child in enumerate(children):
        if index in types:
            yield _blank(child, children[index + 1], source)
        elif index - 1 not in types:
            yield from _edits(child, source)


def _assignment(update: Node, source: bytes) -> Iterator[Edit]:
    """A compound assignment written out; its target stands twice."""
    target, operator, value = (child for child in update.children if child.type != "comment")
    if any(node.type in _CALLS for node in inside(target)):
        raise EraseError(target, "name what the call returns first; Lua would call it twice")
    repeated = _erased(target, source)
    if b"\n" in repeated or any(node.type == "comment" for node in inside(target)):
        raise EraseError(target, "put what is assigned to on one line, without a comment; it is written twice")
    symbol = source[operator.start_byte : operator.end_byte].removesuffix(b"=")
    yield operator.start_byte, operator.end_byte, b"= " + repeated + b" " + symbol
    yield value.start_byte, value.start_byte, b"("
    yield value.end_byte, value.end_byte, b")"


def _blank(first: Node, last: Node, source: bytes) -> Edit:
    """Blanks over a span, a character for a character, its line ends kept."""
    lines = source[first.start_byte : last.end_byte].decode().split("\n")
    return first.start_byte, last.end_byte, "\n".join(" " * len(line) for line in lines).encode()


def _refuse_open_call(cast: Node) -> None:
    """A cast cuts a call's results to one; without it they would all be passed on, returned or stored."""
    holder = cast.parent
    if cast.children[0].type not in _CALLS or holder is None or not _is_last(cast):
        return
    if holder.type == "expression_list" and holder.parent is not None:
        holder = holder.parent
    is_last_field = holder.type == "field" and holder.named_child_count == 1 and _is_last(holder)
    if holder.type in ("arguments", "return_statement", "for_generic_clause") or is_last_field or _is_short(holder):
        raise EraseError(cast, "write (f() :: T) in parentheses; Lua would keep all results of f")


def _is_last(node: Node) -> bool:
    """Whether nothing but comments stands behind a node in its list."""
    behind = node.next_named_sibling
    while behind is not None and behind.type == "comment":
        behind = behind.next_named_sibling
    return behind is None


def _is_short(node: Node) -> bool:
    """Whether a node is an assignment with fewer values than targets."""
    lists = {child.type: child for child in node.children}
    if not {"variable_list", "expression_list"} <= lists.keys():
        return False
    targets, values = (
        sum(child.type == "," for child in lists[name].children) for name in ("variable_list", "expression_list")
    )
    return values < targets
