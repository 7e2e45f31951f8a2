"""What other files return, said where it is used in place of by a local, in a file that nobody has to read."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from codegen.library.tree_files import TreeFile, declared_by
from codegen.translate.luau_syntax import text_of

_LOOPS = ("for_statement", "while_statement", "repeat_statement")


def short_aliases(
    file: TreeFile, known: Mapping[str, str], short: Mapping[int, str | None]
) -> tuple[dict[int, str | None], dict[str, str]]:
    """What becomes of such locals, by nodes: what is used, and nothing where they are made; and the files they are of.

    That is shorter where it is used once. It stays a local where that is in a loop or in a file that asks for native
    code, which runs often: there it would be looked up each time. No file changes what another returns, so it does not
    matter when.

    Args:
        file: the file.
        known: what required files are called, by their locals.
        short: the new names of fields, by their nodes.
    """
    if file.is_native:
        return {}, {}
    uses: dict[str, list[Node]] = defaultdict(list)
    for node in file.variables:
        uses[text_of(node)].append(node)
    declared = Counter(text_of(name) for node, _ in file.nodes for name in declared_by(node))
    changes: dict[int, str | None] = {}
    files: dict[str, str] = {}
    for statement in file.code:
        gone = []
        names, values = _made_by(statement)
        for place, (name, value) in enumerate(zip(names, values, strict=True)):
            alias, holder = text_of(name), text_of(value.children[0]) if value.type == "dot_index_expression" else ""
            used = [node for node in uses[alias] if node != name]
            if holder not in known or declared[alias] > 1 or len(used) != 1 or not _is_looked_at_once(used[0]):
                continue
            field = value.children[-1]
            changes |= {name.id: None, used[0].id: f"{known[holder]}.{short.get(field.id) or text_of(field)}"}
            files[alias] = known[holder]
            gone.append(place)
        if gone and len(gone) == len(names):
            changes[statement.id] = None
        elif gone:
            changes |= dict.fromkeys((each.id for each in _with_commas(names, gone)), None)
            changes |= dict.fromkeys((each.id for each in _with_commas(values, gone)), None)
    return changes, files


def _made_by(statement: Node) -> tuple[Sequence[Node], Sequence[Node]]:
    """The locals without types that a statement makes, and a value for each; none if it does anything else."""
    assignment = statement.children[1] if statement.type == "variable_declaration" else None
    if assignment is None or assignment.type != "assignment_statement":
        return [], []
    names, values = ([each for each in assignment.children[place].children if each.type != ","] for place in (0, -1))
    is_plain = len(names) == len(values) and all(each.type == "identifier" for each in names)
    return (names, values) if is_plain else ([], [])


def _is_looked_at_once(node: Node) -> bool:
    """Whether a name is read, and outside loops."""
    holder = node.parent
    if holder is not None and holder.type == "variable_list":
        return False
    while holder is not None and holder.type not in _LOOPS:
        holder = holder.parent
    return holder is None


def _with_commas(listed: Sequence[Node], gone: Sequence[int]) -> Iterator[Node]:
    """Some of what is in a list, each with the comma that goes with it."""
    first_kept = next(place for place in range(len(listed)) if place not in gone)
    for place in gone:
        yield listed[place]
        comma = listed[place].next_sibling if place < first_kept else listed[place].prev_sibling
        if comma is not None:
            yield comma
