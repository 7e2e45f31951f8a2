"""Short names for the fields that files hand to each other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from string import ascii_lowercase

from tree_sitter import Node

from codegen.library.tree_files import TreeFile, calls_of, letters, without_comments
from codegen.translate.luau_rules import RESERVED_WORDS
from codegen.translate.luau_syntax import is_field_name, text_of


def short_fields(
    read: Mapping[str, TreeFile], requires: Mapping[str, Mapping[str, str]], paths: Iterable[str]
) -> dict[int, str]:
    """Other names, by their nodes, for the fields of what files return, the shortest for those said most often.

    Only of files whose fields others say by their names and in no other way: what is passed on, cast, indexed or gone
    through keeps its names.
    """
    short: dict[int, str] = {}
    # What is done with what a file returns, wherever it is required; None where its local may be hidden.
    uses: dict[str, list[Node | None]] = {path: [] for path in read}
    for other, file in read.items():
        targets = {require.name: requires[other][require.text] for require in file.requires.values()}
        for name, target in targets.items():
            uses[target] += [None] if name in file.declared else []
        for late in file.late.values():
            calls = calls_of(late, file)
            uses[requires[other][late.text]] += [None] if calls is None else map(_field_of, calls)
        for node in file.variables:
            name = text_of(node)
            if name in targets:
                uses[targets[name]].append(_field_of(node))
    for path in paths:
        returned, said = _returned_fields(read[path]), uses[path]
        if not returned or None in said:
            continue
        nodes = [*returned, *(node for node in said if node is not None)]
        counts = Counter(map(text_of, nodes))
        wanted = [name for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]
        free = (name for name in letters(ascii_lowercase) if name not in RESERVED_WORDS)
        names = dict(zip(wanted, free, strict=False))
        short |= {node.id: names[text_of(node)] for node in nodes}
    return short


def _returned_fields(file: TreeFile) -> list[Node]:
    """The names of the fields of the table that a file returns; none if it returns anything else."""
    (values,) = (child for child in file.code[-1].children if child.type == "expression_list")
    (value,) = without_comments(values)
    if value.type != "table_constructor":
        return []
    entries = [child for child in value.children if child.type == "field"]
    names = [each.children[0] for each in entries]
    return names if all(map(is_field_name, names)) else []


def _field_of(variable: Node) -> Node | None:
    """The name of the field that is said of a variable or of a call, if nothing else is done with it."""
    holder = variable.parent
    is_index = holder is not None and holder.type == "dot_index_expression" and holder.children[0] == variable
    return holder.children[-1] if holder is not None and is_index else None
