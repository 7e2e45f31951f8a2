"""Short names for the fields of records that only the library sees, the same wherever they are said."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from string import ascii_lowercase

from tree_sitter import Node

from codegen.library.tree_files import TreeFile, letters
from codegen.translate.luau_rules import RESERVED_WORDS
from codegen.translate.luau_syntax import inside, inside_types, is_field_name, text_of

_WORDS = re.compile(r"\w+")
# Where the text of a message says which field is to be filled in.
_PLACEHOLDER = re.compile(r"{(\w+)}")


def short_records(
    read: Mapping[str, TreeFile], seen: Container[str], paths: Container[str], others: Container[int]
) -> dict[int, str | None]:
    """Other names, by their nodes, for fields of types that only the library sees, the shortest for the most frequent.

    A name is that of one field or of several, and whose it is where it is said, nobody has to know: it changes
    everywhere or nowhere. It stays if it is also

    - the name of a field of a type that users see,
    - a word of a string without spaces, by which a field may be found or saved; in a sentence, fields are only said
      where they are to be filled in, such as {count}, and there they change, too,
    - said in a file that somebody has to read, of a global, or as a method.

    Args:
        read: all files.
        seen: the names of the types that users see.
        paths: the paths of the files that nobody has to read.
        others: names of fields that are already settled, by their nodes.
    """
    definitions = [each for file in read.values() for each in file.types.values() if each.origin is None]
    kept: set[str] = set(RESERVED_WORDS)
    nodes: dict[str, list[Node]] = {}
    sentences: list[Node] = []
    for path, file in read.items():
        for node in [each for each in _inside(file) if each.type == "string"]:
            is_sentence = " " in text_of(node)
            if is_sentence and path in paths:
                sentences.append(node)
            else:
                kept.update((_PLACEHOLDER if is_sentence else _WORDS).findall(text_of(node)))
        said = [each for each in _said(file) if each.id not in others]
        for name in said:
            if path in paths and not _is_of_others(name, file):
                nodes.setdefault(text_of(name), []).append(name)
            else:
                kept.add(text_of(name))
    own: set[str] = set()
    for each in definitions:
        for name in _declared(inside_types(each.node)):
            if each.name in seen:
                kept.add(text_of(name))
            else:
                own.add(text_of(name))
                nodes.setdefault(text_of(name), []).append(name)
    short = own - kept
    counts = Counter({name: len(nodes[name]) for name in short})
    free = (name for name in letters(ascii_lowercase) if name not in kept and name not in nodes.keys() - short)
    names = dict(zip(sorted(counts, key=lambda name: (-counts[name], name)), free, strict=False))
    filled = {each.id: _PLACEHOLDER.sub(lambda found: _renamed(found, names), text_of(each)) for each in sentences}
    return {**filled, **{node.id: short for name, short in names.items() for node in nodes[name]}}


def _inside(file: TreeFile) -> Iterator[Node]:
    """All nodes of a file's types and code."""
    for each in file.types.values():
        yield from inside(each.node)
    yield from (each for each, _ in file.nodes)


def _renamed(placeholder: re.Match[str], names: Mapping[str, str]) -> str:
    return f"{{{names.get(placeholder[1], placeholder[1])}}}"


def _said(file: TreeFile) -> Iterator[Node]:
    """Where the code of a file says names of fields, in its types as well."""
    for each, _ in file.nodes:
        if each.type == "identifier" and is_field_name(each):
            yield each
    yield from _declared(file.of_types)


def _declared(of_types: Iterable[Node]) -> Iterator[Node]:
    """The names of the fields of the tables that types describe."""
    for each in of_types:
        behind = each.next_sibling
        is_in_table = each.parent is not None and each.parent.type == "object_type"
        if is_in_table and each.type == "identifier" and behind is not None and behind.type == ":":
            yield each


def _is_of_others(field: Node, file: TreeFile) -> bool:
    """Whether it is the name of a method, or that of a field of a global."""
    holder = field.parent
    if holder is None or holder.type == "method_index_expression":
        return True
    if holder.type != "dot_index_expression":
        return False
    base = holder.children[0]
    required = {require.name for require in file.requires.values()}
    return base.type == "identifier" and text_of(base) not in file.declared | required
