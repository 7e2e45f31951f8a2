"""Short names for types, where nobody has to read them."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import chain, pairwise
from string import ascii_uppercase

from tree_sitter import Node

from codegen.library.tree_files import TreeFile, letters
from codegen.translate.luau_rules import RESERVED_WORDS
from codegen.translate.luau_syntax import inside, inside_types, text_of

# What the definition of a name takes beside the type, for a name of two letters.
_DEFINED = len("type AA=\n")


def seen_types(read: Mapping[str, TreeFile], exported: Iterable[str]) -> set[str]:
    """The names of the types that users see: those that the library exports, and all that these are made of."""
    made_of = {
        each.name: {text_of(name) for name in names_of_types(inside_types(each.node))}
        for file in read.values()
        for each in file.types.values()
        if each.origin is None
    }
    seen: set[str] = set()
    waiting = list(exported)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(made_of.get(name, ()))
    return seen


def short_types(
    read: Mapping[str, TreeFile], exported: Container[str], seen: Container[str], paths: Container[str]
) -> tuple[dict[int, str | None], list[str]]:
    """Other names for types, by their nodes, and the definitions of those that stand for what is said often.

    Types that users see keep their names, beside another one if they are said often. Functions in the types that the
    library does not export lose the names of their parameters.

    Args:
        read: all files.
        exported: the names of the types that the library exports.
        seen: the names of the types that users see.
        paths: the paths of the files in whose code nobody has to read types.
    """
    defined = [each for file in read.values() for each in file.types.values()]
    definitions = [each for each in defined if each.origin is None]
    own = [each.node for each in definitions if each.name not in exported]
    internal = {each.name for each in definitions if each.name not in seen}
    of_definitions = [node for each in defined for node in inside_types(each.node)]
    named = list(names_of_types(chain(of_definitions, *(file.of_types for file in read.values()))))
    of_code = chain.from_iterable(file.of_types for path, file in read.items() if path in paths)
    written = [*chain.from_iterable(map(inside_types, own)), *of_code]
    of_luau = [each for each in written if _can_be_named(each)]
    # Those of users are said to them by the names that they have, wherever another one stands for them.
    of_luau += [each for each in names_of_types(written) if text_of(each) in seen]

    counts = Counter(name for name in map(text_of, named) if name in internal)
    often = [text for text, count in Counter(map(text_of, of_luau)).most_common() if _pays(text, count)]
    taken = {*map(text_of, named), *RESERVED_WORDS} - internal
    names: dict[str, str] = {}
    for text in [*often, *sorted(counts, key=lambda text: (-counts[text], text))]:
        # The initial says most, where it is free.
        initial = [text[0].upper()] if text in often else []
        names[text] = next(name for name in chain(initial, letters(ascii_uppercase)) if name not in taken)
        taken.add(names[text])

    renamed = [node for node in named if text_of(node) in internal]
    changes: dict[int, str | None] = {
        node.id: names[text] for node in (*renamed, *of_luau) if (text := text_of(node)) in names
    }
    changes |= {part.id: None for node in own for part in _parameter_names(node)}
    return changes, [f"type {names[text]}={text}" for text in often]


def _pays(text: str, count: int) -> bool:
    """Whether a definition takes fewer characters than it saves."""
    return (len(text) - 1) * count > len(text) + _DEFINED


def _can_be_named(node: Node) -> bool:
    """Whether another name may stand for a type of Luau.

    Not where it is all that a type is defined as: the compiler looks behind one name for what native code is made for,
    and not behind two.
    """
    return node.type == "builtin_type" and (node.parent is None or node.parent.type != "type_definition")


def names_of_types(of_types: Iterable[Node]) -> Iterator[Node]:
    """The names of types in what is of types only; those of fields and parameters have a colon behind them."""
    for each in of_types:
        behind = each.next_sibling
        if each.type == "identifier" and (behind is None or behind.type != ":"):
            yield each


def _parameter_names(node: Node) -> Iterator[Node]:
    """The names of the parameters of function types, with their colons."""
    for each in inside(node):
        if each.type == "function_type":
            for name, colon in pairwise(each.children):
                if name.type == "identifier" and colon.type == ":":
                    yield from (name, colon)
