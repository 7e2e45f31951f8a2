"""A file of the tree, read: what it requires, which types it defines, and its code."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, count, product

from tree_sitter import Node

from codegen.library.source_pieces import tokens
from codegen.translate.luau_syntax import inside, is_field_name, parsed, statements_of, text_of, with_types
from codegen.translate.requires import SOURCES, Require, TreeError, late_require_in, misplaced, require_in


@dataclass(frozen=True)
class DefinedType:
    """A type that a file defines, or imports from the file that it requires as ``origin``."""

    name: str
    node: Node
    origin: str | None
    is_exported: bool


@dataclass(frozen=True)
class TreeFile:
    """A file, read.

    Attributes:
        path: its path.
        source: its bytes.
        root: its syntax tree.
        requires: its requires, by where their statements start.
        late: those of its functions that require a file when it is first needed, by where they start.
        types: its types, by where they start.
        code: its other statements.
    """

    path: str
    source: bytes
    root: Node
    requires: Mapping[int, Require]
    late: Mapping[int, Require]
    types: Mapping[int, DefinedType]
    code: Sequence[Node]

    @property
    def is_native(self) -> bool:
        """Whether it asks for native code, since it runs often."""
        return b"--!native" in self.source

    @cached_property
    def nodes(self) -> Sequence[tuple[Node, bool]]:
        """All nodes of the code, each with whether it is of types only."""
        return list(chain.from_iterable(map(with_types, self.code)))

    @cached_property
    def of_types(self) -> Sequence[Node]:
        """The nodes of the code that are of types only."""
        return [node for node, is_type in self.nodes if is_type]

    @cached_property
    def variables(self) -> Sequence[Node]:
        """Where the code says names that are no fields and no types."""
        return [node for node, is_type in self.nodes if not is_type and is_variable(node)]

    @cached_property
    def declared(self) -> frozenset[str]:
        """The locals that the code makes, at any depth."""
        return frozenset(text_of(name) for node, _ in self.nodes for name in declared_by(node))

    def without_code(self) -> "TreeFile":
        """Its types alone."""
        return replace(self, late={}, code=())


@lru_cache(maxsize=SOURCES)
def read_file(path: str, source: str) -> TreeFile:
    """A file, read.

    Raises:
        TreeError: if it breaks a rule of `codegen.library.bundle`.
    """
    source = source.replace("\r\n", "\n")
    root = parsed(source)
    statements = statements_of(root)
    requires = {each.start_byte: require for each in statements if (require := require_in(each))}
    names = Counter(require.name for require in requires.values())
    for require in requires.values():
        if names[require.name] > 1:
            raise misplaced(path, require.call, f"{require.name} is two required files")
    types = {each.start_byte: _read_type(path, each, names) for each in statements if each.type == "type_definition"}
    code = [each for each in statements if each.start_byte not in requires.keys() | types.keys()]
    if not code or not _returns_one_value(code[-1]):
        raise TreeError(f"{path}: a file ends with a return of one value")
    for node in inside(root):
        if node.type == "type_definition" and node.start_byte not in types:
            raise misplaced(path, node, "types are defined outside blocks")
        if node.type == "interpolation":
            raise misplaced(path, node, "plain Lua has no strings with values in them: use ..")
        if node.type == "typeof":
            raise misplaced(path, node, "types stand in front of all code, which typeof could not see")
        if node.type == "field_type" and not _is_import(node, types):
            *_, name = node.children
            raise misplaced(
                path, node, f"import the type first: `type {text_of(name)} = {text_of(node)}`, and say {text_of(name)}"
            )
    late = {each.start_byte: require for each in code if (require := late_require_in(each))}
    return TreeFile(path, source.encode(), root, requires, late, types, code)


def calls_of(late: Require, file: TreeFile) -> list[Node] | None:
    """Where a function that requires a file is called; None if it is also handed to others."""
    named = [node for node in file.variables if text_of(node) == late.name]
    holders = [node.parent for node in named if node.parent is not None and node.parent.type != "function_declaration"]
    is_called = all(each.type == "function_call" and text_of(each) == f"{late.name}()" for each in holders)
    return holders if is_called else None


def _returns_one_value(statement: Node) -> bool:
    values = next((each for each in statement.children if each.type == "expression_list"), None)
    return statement.type == "return_statement" and values is not None and len(without_comments(values)) == 1


def _read_type(path: str, node: Node, requires: Container[str]) -> DefinedType:
    is_exported = node.children[0].type == "export"
    _, head, _, *values = without_comments(node)[is_exported:]
    name, parameters = _generic(head)
    origin, passed = _generic(values[0])
    if origin.type != "field_type":
        return DefinedType(text_of(name), node, None, is_exported)
    holder, _, imported = origin.children
    what = f"`{text_of(node)}`"
    if "\n" in what:
        raise misplaced(path, node, "a type is imported in one line")
    if text_of(holder) not in requires:
        raise misplaced(path, node, f"{what}: {text_of(holder)} is not required here")
    if text_of(imported) != text_of(name) or parameters != passed:
        raise misplaced(path, node, f"{what}: an imported type keeps its name and its parameters")
    return DefinedType(text_of(name), node, text_of(holder), is_exported)


def without_comments(node: Node) -> list[Node]:
    """The children of a node that are no comments."""
    return [child for child in node.children if child.type != "comment"]


def _generic(node: Node) -> tuple[Node, list[str]]:
    """A name and the tokens of what stands behind it in angle brackets."""
    if node.type != "generic_type":
        return node, []
    name, *parameters = node.children
    return name, [token for each in parameters for token in tokens(each)]


def _is_import(node: Node, types: Mapping[int, DefinedType]) -> bool:
    """Whether a qualified name is that of an import."""
    holder = node.parent
    if holder is not None and holder.type == "generic_type":
        holder = holder.parent
    return holder is not None and holder.start_byte in types and types[holder.start_byte].origin is not None


def declared_by(node: Node) -> list[Node]:
    """The names of the locals that a node makes."""
    match node.type:
        case "variable_declaration":
            holder = node.children[1]
            names = holder.children[0].children if holder.type == "assignment_statement" else holder.children
        case "for_generic_clause":
            names = node.children[0].children
        case "for_numeric_clause" | "parameter":
            names = node.children[:1]
        case "function_declaration" if node.children[0].type == "local":
            names = node.children[2:3]
        case _:
            return []
    return [name for name in names if name.type == "identifier" and not _is_annotation(name)]


def _is_annotation(node: Node) -> bool:
    before = node.prev_sibling
    return before is not None and before.type == ":"


def is_variable(node: Node) -> bool:
    """Whether a node is a name, outside types, of something that is no field."""
    return node.type == "identifier" and not is_field_name(node)


def letters(alphabet: str) -> Iterator[str]:
    """The letters, then pairs of letters, and so on."""
    for length in count(1):
        for found in product(alphabet, repeat=length):
            yield "".join(found)
