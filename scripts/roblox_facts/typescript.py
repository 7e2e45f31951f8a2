"""The TypeScript declarations of @rbxts/types: methods, events, datatypes and their constructors, as Luau types."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter
import tree_sitter_typescript
from tree_sitter import Node

from codegen.tools import TOOLS
from roblox_facts.fact_error import FactError

_LANGUAGE = tree_sitter.Language(tree_sitter_typescript.language_typescript())
_FILES = ("roblox.d.ts", "generated/None.d.ts")
# TypeScript has an Object of its own.
_RENAMED = {"RBXObject": "Object"}
_MEMBERS = frozenset({"method_signature", "property_signature", "construct_signature"})
_ARRAYS = frozenset({"Array", "ReadonlyArray"})
# A callback's results are ignored, so it may have any.
_IGNORED = "...any"


@dataclass(frozen=True)
class Member:
    """A member of an interface: who declares it, and its overloads or its type there.

    `bindings` has the arguments that the type parameters of its owner stand for.
    """

    owner: str
    nodes: tuple[Node, ...]
    bindings: Mapping[str, Node] = field(default_factory=dict)


class TypeScript:
    """A set of declaration files.

    Args:
        sources: the text of each file.
        declared: classes and datatypes that types may name.
        tables: interfaces from the names of classes to the classes, which functions choose from.
    """

    def __init__(self, sources: Iterable[str], declared: Iterable[str], tables: Iterable[str]) -> None:
        self._declared = frozenset(declared)
        self._tables = frozenset(tables)
        self._interfaces: dict[str, Node] = {}
        self._aliases: dict[str, Node] = {}
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
                # An interface that is declared twice is extended there; the fuller part holds what Roblox has.
                name = _name(statement)
                if name not in self._interfaces or len(_body(statement)) > len(_body(self._interfaces[name])):
                    self._interfaces[name] = statement
            case "type_alias_declaration":
                self._aliases[_name(statement)] = _child(statement, "value")
            case "variable_declarator":
                self._values[_name(statement)] = _annotated(statement, "type")
            case "function_signature":
                self._functions.setdefault(_name(statement), []).append(statement)
            case "internal_module":
                self._namespaces[_name(statement)] = _child(statement, "body")
            case "ambient_declaration" | "lexical_declaration":
                for child in statement.named_children:
                    self._index(child)

    def member(self, interface: str, name: str, bindings: Mapping[str, Node] | None = None) -> Member | None:
        """A member of an interface or of one that it extends; `new` is its constructor."""
        declaration = self._interfaces.get(_original(interface))
        if declaration is None:
            return None
        nodes = tuple(node for node in _body(declaration) if _member_name(node) == name)
        if nodes:
            return Member(_renamed(interface), nodes, bindings or {})
        for base in _bases(declaration):
            is_generic = base.type == "generic_type"
            base_name = _name(base) if is_generic else _text(base)
            found = self.member(base_name, name, self._bound(base_name, base) if is_generic else None)
            if found:
                return found
        return None

    def _bound(self, interface: str, use: Node) -> dict[str, Node]:
        parameters = self._interfaces[interface].child_by_field_name("type_parameters")
        names = [_name(each) for each in parameters.named_children] if parameters else []
        return dict(zip(names, _child(use, "type_arguments").named_children, strict=True))

    def keys(self, interface: str) -> set[str]:
        """The names of all members of an interface."""
        declaration = self._interfaces[interface]
        names = {_member_name(node) for node in _body(declaration)}
        return names.union(*(self.keys(_text(base)) for base in _bases(declaration)))

    def library(self, name: str, function: str) -> str:
        """The type of a function in a global table; `new` is its constructor.

        Raises:
            FactError: if Roblox has none, or advises against it.
        """
        signatures: tuple[Node, ...] = ()
        if name in self._namespaces:
            body = self._namespaces[name].named_children
            signatures = tuple(node for node in body if node.type == "function_signature" and _name(node) == function)
        elif name in self._values:
            constructors = _text(self._values[name])
            if constructors in self._aliases:
                signatures = (self._aliases[constructors],) if function == "new" else ()
            elif member := self.member(constructors, function):
                signatures = member.nodes
        if not signatures:
            raise FactError(f"Roblox has no {name}.{function}.")
        return self.luau_type(Member(name, signatures), f"{name}.{function}")

    def global_type(self, name: str) -> str:
        """The type of a global value or function.

        Raises:
            FactError: if Roblox has no such global.
        """
        if name in self._values:
            return self._type(self._values[name], {})
        if name in self._functions:
            return self.luau_type(Member(name, tuple(self._functions[name])), name)
        raise FactError(f"Roblox has no global {name}.")

    def luau_type(self, member: Member, name: str, variables: Mapping[str, str] | None = None) -> str:
        """The type of a member: a function with all its overloads, or what a property holds.

        Raises:
            FactError: if Roblox advises against it, or if its type names something that is not declared.
        """
        if any(_is_deprecated(node) for node in member.nodes):
            raise FactError(f"Roblox advises against {name}: @rbxts/types marks it as deprecated.")
        try:
            types = [self._member_type(node, member, variables or {}) for node in member.nodes]
        except FactError as error:
            raise FactError(f"{name} cannot be declared: {error}") from error
        return types[0] if len(types) == 1 else "".join(f"\n\t\t& ({each})" for each in types)

    def _member_type(self, node: Node, member: Member, variables: Mapping[str, str]) -> str:
        if node.type == "property_signature":
            node = _annotated(node, "type")
            if node.type != "function_type":
                return self._type(node, variables)
        return self._function_type(node, member.bindings, variables)

    def _function_type(self, signature: Node, bindings: Mapping[str, Node], outer: Mapping[str, str]) -> str:
        """A function's type; `T extends keyof Table` and `Table[T]` are `T & keyof<Table>` and `index<Table, T>`."""
        variables, generics = dict(outer), []
        parameters = signature.child_by_field_name("type_parameters")
        for parameter in parameters.named_children if parameters else ():
            name, constraint = _name(parameter), parameter.child_by_field_name("constraint")
            kind = constraint.named_children[0] if constraint else None
            if kind is not None and kind.type == "index_type_query":
                if signature.named_children[-1].type == "type_predicate_annotation":
                    # Luau does not narrow by a call, so any name will do.
                    variables[name] = "string"
                    continue
                of = _text(kind.named_children[0])
                table = _text(bindings[of]) if of in bindings else of
                if table not in self._tables:
                    raise FactError(f"it needs the table {table}, which is not listed as used.")
                variables |= {name: f"{name} & keyof<{table}>", f"{of}[{name}]": f"index<{table}, {name}>"}
                generics.append(name)
                continue
            is_pack = kind is not None and kind.type == "generic_type" and _name(kind) in _ARRAYS
            variables[name] = name + "..." * is_pack
            generics.append(variables[name])
        prefix = f"<{', '.join(generics)}>" if generics else ""
        return prefix + self._function(signature, variables)

    def _function(self, signature: Node, variables: Mapping[str, str]) -> str:
        parameters = ", ".join(
            self._parameter(each, variables)
            for each in _child(signature, "parameters").named_children
            if each.type != "comment"
        )
        return f"({parameters}) -> {self._returned(signature, variables)}"

    def _returned(self, signature: Node, variables: Mapping[str, str]) -> str:
        node = signature.child_by_field_name("return_type") or _child(signature, "type")
        if node.type == "type_predicate_annotation":
            return "boolean"
        returned = node.named_children[0] if node.type == "type_annotation" else node
        if signature.type == "function_type" and _text(returned) == "void":
            return _IGNORED
        return self._type(returned, variables)

    def _parameter(self, parameter: Node, variables: Mapping[str, str]) -> str:
        pattern, luau_type = _child(parameter, "pattern"), self._parameter_type(parameter, variables)
        if pattern.type == "rest_pattern":
            return luau_type
        return f"{'self' if pattern.type == 'this' else _text(pattern)}: {luau_type}"

    def _parameter_type(self, parameter: Node, variables: Mapping[str, str]) -> str:
        annotated = _annotated(parameter, "type")
        is_rest = _child(parameter, "pattern").type == "rest_pattern"
        if is_rest and annotated.type == "generic_type" and _name(annotated) in _ARRAYS:
            return "..." + self._type(_arguments(annotated)[0], variables)
        return self._type(annotated, variables) + "?" * (parameter.type == "optional_parameter")

    def _type(self, node: Node, variables: Mapping[str, str]) -> str:
        match node.type:
            case "predefined_type":
                return {"void": "()"}.get(_text(node), _text(node))
            case "parenthesized_type":
                return f"({self._type(node.named_children[0], variables)})"
            case "function_type":
                return self._function(node, variables)
            case "type_identifier":
                return self._named(_text(node), variables)
            case "generic_type":
                return self._generic(node, variables)
            case "lookup_type":
                return variables[_text(node)]
            case "union_type":
                return self._union(node, variables)
        raise FactError(f"`{_text(node)}` has no counterpart in Luau here.")

    def _named(self, name: str, variables: Mapping[str, str]) -> str:
        renamed = _renamed(name)
        if name in variables:
            return variables[name]
        if renamed in self._declared or renamed == "thread":
            return renamed
        if name in self._aliases:
            return self._type(self._aliases[name], variables)
        raise FactError(f"it needs {renamed}, which is not listed as used.")

    def _generic(self, node: Node, variables: Mapping[str, str]) -> str:
        name, arguments = _name(node), _arguments(node)
        if name in _ARRAYS:
            return f"{{ {self._type(arguments[0], variables)} }}"
        if name == "LuaTuple" and arguments[0].type == "tuple_type":
            return f"({', '.join(self._type(each, variables) for each in arguments[0].named_children)})"
        if name == "LuaTuple":
            return self._type(arguments[0], variables)
        if name == "Parameters":
            return variables[_text(node)]
        if name == "RBXScriptSignal":
            parameters = _child(arguments[0], "parameters").named_children
            types = (self._parameter_type(each, variables) for each in parameters)
            return f"RBXScriptSignal<{', '.join(types)}>"
        return self._named(name, variables)

    def _union(self, node: Node, variables: Mapping[str, str]) -> str:
        """A union; unknown, if a part of it is not declared: then nobody who uses this may rely on its other parts."""
        parts = [each for each in _parts(node) if _text(each) != "undefined"]
        optional = "?" if len(parts) < len(list(_parts(node))) else ""
        try:
            types = [self._type(each, variables) for each in parts]
        except FactError:
            return "unknown"
        if "unknown" in types:
            return "unknown"
        return f"({' | '.join(types)}){optional}" if optional and len(types) > 1 else " | ".join(types) + optional


def read_typescript(declared: Iterable[str], tables: Iterable[str]) -> TypeScript:
    """The declarations of @rbxts/types, with what `TypeScript` wants to know of their use.

    Raises:
        UnavailableError: if they are not installed.
    """
    folder = TOOLS["roblox-types"].path
    return TypeScript(((folder / name).read_text(encoding="utf-8") for name in _FILES), declared, tables)


def _text(node: Node) -> str:
    assert node.text is not None
    return node.text.decode()


def _child(node: Node, name: str) -> Node:
    child = node.child_by_field_name(name)
    assert child is not None, f"no {name} in {node}"
    return child


def _name(node: Node) -> str:
    return _text(_child(node, "name"))


def _annotated(node: Node, name: str) -> Node:
    return _child(node, name).named_children[0]


def _arguments(node: Node) -> list[Node]:
    return _child(node, "type_arguments").named_children


def _body(interface: Node) -> list[Node]:
    return [node for node in _child(interface, "body").named_children if node.type in _MEMBERS]


def _bases(interface: Node) -> list[Node]:
    clauses = [child for child in interface.named_children if child.type == "extends_type_clause"]
    return [base for clause in clauses for base in clause.named_children]


def _member_name(member: Node) -> str:
    return "new" if member.type == "construct_signature" else _name(member)


def _parts(union: Node) -> Iterator[Node]:
    for part in union.named_children:
        if part.type == "union_type":
            yield from _parts(part)
        elif part.type != "comment":
            yield part


def _is_deprecated(node: Node) -> bool:
    before = node.prev_named_sibling
    return before is not None and before.type == "comment" and "@deprecated" in _text(before)


def _renamed(name: str) -> str:
    return _RENAMED.get(name, name)


def _original(name: str) -> str:
    return next((original for original, renamed in _RENAMED.items() if renamed == name), name)
