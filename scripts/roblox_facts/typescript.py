"""The declarations of @rbxts/types, in TypeScript: interfaces and their members, globals and their functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import tree_sitter
import tree_sitter_typescript
from tree_sitter import Node

from codegen.tools import TOOLS
from roblox_facts.fact_error import FactError
from roblox_facts.typescript_syntax import annotated, arguments, bases, body, child, member_name, name, text

_LANGUAGE = tree_sitter.Language(tree_sitter_typescript.language_typescript())
_FILES = ("roblox.d.ts", "generated/None.d.ts")
# TypeScript has an Object of its own.
_RENAMED = {"RBXObject": "Object"}
_ORIGINAL = {renamed: original for original, renamed in _RENAMED.items()}


@dataclass(frozen=True)
class Member:
    """A member of an interface or a global: its owner, and its type or the signatures of all its overloads.

    `bindings` has the arguments that the type parameters of its owner stand for.
    """

    owner: str
    nodes: tuple[Node, ...]
    bindings: Mapping[str, Node] = field(default_factory=dict)

    @property
    def is_property(self) -> bool:
        """Whether it holds a value and is neither a function nor an event."""
        return all(
            node.type == "property_signature"
            and annotated(node, "type").type != "function_type"
            and not text(annotated(node, "type")).startswith("RBXScriptSignal")
            for node in self.nodes
        )


class TypeScript:
    """A set of declaration files, given by their texts."""

    def __init__(self, sources: Iterable[str]) -> None:
        self.aliases: dict[str, Node] = {}
        self._interfaces: dict[str, list[Node]] = {}
        self._values: dict[str, Node] = {}
        self._functions: dict[str, list[Node]] = {}
        self._namespaces: dict[str, Node] = {}
        parser = tree_sitter.Parser(_LANGUAGE)
        for source in sources:
            for statement in parser.parse(source.encode()).root_node.named_children:
                self._index(statement)

    def _index(self, statement: Node) -> None:
        match statement.type:
            case "interface_declaration":
                # TypeScript adds up what several declarations of one interface say.
                self._interfaces.setdefault(name(statement), []).append(statement)
            case "type_alias_declaration":
                self.aliases[name(statement)] = child(statement, "value")
            case "variable_declarator":
                self._values[name(statement)] = annotated(statement, "type")
            case "function_signature":
                self._functions.setdefault(name(statement), []).append(statement)
            case "internal_module":
                self._namespaces[name(statement)] = child(statement, "body")
            case "ambient_declaration" | "lexical_declaration":
                for part in statement.named_children:
                    self._index(part)

    def member(self, interface: str, wanted: str, bindings: Mapping[str, Node] | None = None) -> Member | None:
        """A member of an interface or of one that it extends; `new` is its constructor."""
        declarations = self._interfaces.get(_ORIGINAL.get(interface, interface), [])
        nodes = tuple(node for each in declarations for node in body(each) if member_name(node) == wanted)
        if nodes:
            return Member(luau_name(interface), nodes, bindings or {})
        for base in (base for each in declarations for base in bases(each)):
            is_generic = base.type == "generic_type"
            base_name = name(base) if is_generic else text(base)
            found = self.member(base_name, wanted, self._bound(base_name, base) if is_generic else None)
            if found:
                return found
        return None

    def _bound(self, interface: str, use: Node) -> dict[str, Node]:
        """What the type parameters of an interface stand for where it is used."""
        parameters = child(self._interfaces[interface][0], "type_parameters").named_children
        return dict(zip(map(name, parameters), arguments(use), strict=True))

    def keys(self, interface: str) -> set[str]:
        """The names of all members of an interface."""
        declarations = self._interfaces[interface]
        own = {member_name(node) for each in declarations for node in body(each)}
        return own.union(*(self.keys(text(base)) for each in declarations for base in bases(each)))

    def library_function(self, library: str, function: str) -> Member:
        """A function in a global table; `new` is its constructor.

        Raises:
            FactError: if Roblox has none.
        """
        nodes: tuple[Node, ...] = ()
        if library in self._namespaces:
            declared = self._namespaces[library].named_children
            nodes = tuple(node for node in declared if node.type == "function_signature" and name(node) == function)
        elif library in self._values:
            constructors = text(self._values[library])
            if constructors in self.aliases:
                nodes = (self.aliases[constructors],) if function == "new" else ()
            elif found := self.member(constructors, function):
                nodes = found.nodes
        if not nodes:
            raise FactError(f"Roblox has no {library}.{function}.")
        return Member(library, nodes)

    def global_value(self, wanted: str) -> Member:
        """A global value or function.

        Raises:
            FactError: if Roblox has no such global.
        """
        nodes = [self._values[wanted]] if wanted in self._values else self._functions.get(wanted)
        if not nodes:
            raise FactError(f"Roblox has no global {wanted}.")
        return Member(wanted, tuple(nodes))


def luau_name(interface: str) -> str:
    """What Luau calls the class or datatype that an interface describes."""
    return _RENAMED.get(interface, interface)


def read_typescript() -> TypeScript:
    """The declarations of @rbxts/types.

    Raises:
        UnavailableError: if they are not installed.
    """
    folder = TOOLS["roblox-types"].path
    return TypeScript((folder / file).read_text(encoding="utf-8") for file in _FILES)
