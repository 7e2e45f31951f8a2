"""Luau source in pieces: some of them changed or left out, and the white space between the others settled."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from codegen.translate.luau_syntax import inside, text_of

# Comments that speak to tools, not to readers.
_STEERS = re.compile(r"--(!|\s*(selene|stylua|luau-lsp):)")
# Around these, a comment that goes leaves nothing behind.
_APART = "(){},;"
_HOLDERS = ("block", "chunk")
_CLOSERS = ("end", "else", "elseif", "until", "}")
# Whole numbers that end with zeros, those with a point or an exponent, and what these need not have.
_ROUND = re.compile(r"(\d*[1-9])(0{3,})")
_DECIMAL = re.compile(r"\d+\.\d+|\d+(?:\.\d+)?e-?\d+")
_SPARE_ZERO = re.compile(r"^0(?=\.)|(?<=e-)0|(?<=e)0")
# Stands for what was left out, while white space is settled.
_GONE = "\0"


@dataclass(frozen=True)
class Piece:
    """A token, a string or a comment, or something larger that changes; without a text it is left out."""

    node: Node
    text: str | None


def comments_above(node: Node) -> list[Node]:
    """The comments on the lines directly above a node, from the first."""
    comments: list[Node] = []
    below, above = node, node.prev_sibling
    while above is not None and above.type == "comment" and above.end_point.row == below.start_point.row - 1:
        further = above.prev_sibling
        if further is not None and further.end_point.row == above.start_point.row:
            break  # it stands behind code
        comments.insert(0, above)
        below, above = above, further
    return comments


def tokens(node: Node) -> list[str]:
    """The text of a node without comments and white space."""
    return [piece.text for piece in pieces(node, {}, with_comments=False) if piece.text is not None]


def pieces(node: Node, changes: Mapping[int, str | None], *, with_comments: bool) -> Iterator[Piece]:
    """What a node consists of.

    Args:
        node: the node.
        changes: new texts of nodes in it, by their ids.
        with_comments: whether comments stay.
    """
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.id in changes:
            yield Piece(each, changes[each.id])
        elif each.type == "comment":
            yield Piece(each, tidy(each) if with_comments else None)
        elif each.type == "string" or not each.children:
            yield Piece(each, text_of(each))
        else:
            waiting.extend(reversed(each.children))


def tidy(comment: Node) -> str | None:
    """A comment for readers, without white space at the ends of lines; nothing if it speaks to a tool."""
    text = text_of(comment)
    if _STEERS.match(text):
        return None
    return re.sub("\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n")))


def joined(pieces: Iterable[Piece], source: bytes, *, is_tight: bool = False) -> str:
    """Pieces with the white space that is between them in their source, settled.

    If it ``is_tight``, statements behind each other stand in lines of their own, and there is no more white space than
    tokens need, and no comma at the end of a table.
    """
    text, gap, end = "", "", None
    for piece in pieces:
        if end is not None:
            between = source[end : piece.node.start_byte].decode()
            assert not between.strip(), f"the grammar hides {between!r}"
            gap += between
        end = piece.node.end_byte
        if piece.text is None:
            gap += _GONE
            continue
        word = short_number(piece.text) if is_tight else piece.text
        if text and is_tight:
            if word == "}":
                text = text.removesuffix(",")
            needs_space = _would_merge(text, word)
            # A line costs no more than a space.
            statement = _started_by(piece.node) if "\n" in gap else None
            may_break = statement is not None or ("\n" in gap and piece.text in _CLOSERS)
            breaks = _needs_line(statement) or (may_break and needs_space)
            text += "\n" if breaks else " " if needs_space else ""
        elif text:
            gap = _settled(gap, text[-1], piece.text[0])
            text += "\n" + gap.lstrip("\n") if "\n\n" in gap and _hugs(piece, text) else gap
        text += word
        gap = ""
    return text


def short_number(text: str) -> str:
    """A number in as few characters as give the same one; any other token as it is."""
    if found := _ROUND.fullmatch(text):
        return f"{found[1]}e{len(found[2])}"
    return _SPARE_ZERO.sub("", text) if _DECIMAL.fullmatch(text) else text


def _started_by(node: Node) -> Node | None:
    """The statement, or the comment between statements, that begins with a token."""
    holder: Node | None = node
    while holder is not None and holder.start_byte == node.start_byte:
        if holder.parent is None or holder.parent.type in _HOLDERS:
            return holder
        holder = holder.parent
    return None


def _needs_line(statement: Node | None) -> bool:
    """Whether a statement follows another, or goes over several lines: linters want to see it in a line of its own."""
    if statement is None:
        return False
    return statement.prev_named_sibling is not None or any(each.type in _HOLDERS for each in inside(statement))


def _would_merge(before: str, behind: str) -> bool:
    """Whether two tokens would become one, or something else, without white space between them."""
    last, first = before[-1], behind[0]
    is_word = (last.isalnum() or last in "_") and (first.isalnum() or first in "_")
    is_number = first == "." and (last.isdigit() or last == "." or (last.isalnum() and behind[1:2].isdigit()))
    return is_word or is_number or last + first in ("--", "[[", ">=")


def _hugs(piece: Piece, text: str) -> bool:
    """Whether what is before a piece opens a block or a table, or the piece closes one: no empty line is there."""
    holder: Node | None = piece.node
    while holder is not None and holder.start_byte == piece.node.start_byte:
        if holder.type == "block":
            return True
        holder = holder.parent
    return text.endswith("{") or piece.text in _CLOSERS


def _settled(gap: str, before: str, behind: str) -> str:
    """White space between two characters, without what was left out in it: lines of their own vanish with it."""
    first, *lines = gap.split("\n")
    if not lines:
        if _GONE not in first:
            return first
        left = re.sub(rf"[ \t]*{_GONE}", "", first)
        return left or ("" if before in _APART or behind in _APART else " ")
    *between, last = lines
    is_apart = any(not line.strip() for line in between)
    indentation, _, _ = last.partition(_GONE)
    return "\n" * (1 + is_apart) + indentation
