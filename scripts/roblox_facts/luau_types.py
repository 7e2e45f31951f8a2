"""The types of TypeScript in Luau. What has no counterpart is refused."""

from collections.abc import Iterable, Mapping

from tree_sitter import Node

from roblox_facts.fact_error import FactError
from roblox_facts.typescript import Member, TypeScript, luau_name
from roblox_facts.typescript_syntax import annotated, arguments, child, is_deprecated, name, parts, text

_PREDEFINED = {"any": "any", "boolean": "boolean", "number": "number", "string": "string", "unknown": "unknown"}
_NOTHING = {"void": "()"}
# What a callback returns is ignored, so it may return anything.
_IGNORED = {"void": "...any"}
_SIGNATURES = frozenset({"method_signature", "construct_signature", "function_signature", "constructor_type"})
_ARRAYS = frozenset({"Array", "ReadonlyArray"})
_THREAD = "thread"

Variables = Mapping[str, str]


class LuauTypes:
    """Translates types.

    Args:
        typescript: where aliases are looked up.
        declared: classes and datatypes that types may name.
        tables: interfaces from the names of classes to the classes, which functions choose from.
    """

    def __init__(self, typescript: TypeScript, declared: Iterable[str], tables: Iterable[str]) -> None:
        self._aliases = typescript.aliases
        self._declared = frozenset(declared)
        self._tables = frozenset(tables)

    def of(self, member: Member, shown: str, variables: Variables | None = None) -> str:
        """The type of a member: a function with all its overloads, each on a line of its own, or what a value is.

        Args:
            member: what TypeScript says of it.
            shown: what an error calls it.
            variables: Luau's words for types that are not to be looked up.

        Raises:
            FactError: if Roblox advises against it, or if its type cannot be declared.
        """
        if any(map(is_deprecated, member.nodes)):
            raise FactError(f"Roblox advises against {shown}: @rbxts/types marks it as deprecated.")
        try:
            types = [self._member(node, member.bindings, variables or {}) for node in member.nodes]
        except FactError as error:
            raise FactError(f"{shown} cannot be declared: {error}") from error
        return types[0] if len(types) == 1 else "".join(f"\n\t\t& ({each})" for each in types)

    def _member(self, node: Node, bindings: Mapping[str, Node], variables: Variables) -> str:
        if node.type == "property_signature":
            node = annotated(node, "type")
        if node.type not in _SIGNATURES and node.type != "function_type":
            return self._type(node, variables)
        generics, variables = self._generics(node, bindings, variables)
        prefix = f"<{', '.join(generics)}>" if generics else ""
        return prefix + self._function(node, variables, _NOTHING)

    def _generics(self, signature: Node, bindings: Mapping[str, Node], outer: Variables) -> tuple[list[str], Variables]:
        """A function's own type parameters, and how to write them in its type.

        `T extends keyof Table` and `Table[T]` become `T & keyof<Table>` and `index<Table, T>`.
        """
        generics, variables = [], dict(outer)
        parameters = signature.child_by_field_name("type_parameters")
        for parameter in parameters.named_children if parameters else ():
            generic, constraint = name(parameter), parameter.child_by_field_name("constraint")
            limit = constraint.named_children[0] if constraint else None
            if limit is not None and limit.type == "index_type_query":
                keyed = text(limit.named_children[0])
                table = text(bindings[keyed]) if keyed in bindings else keyed
                if _is_predicate(signature):
                    # Luau does not narrow by a call, so there is nothing to choose.
                    variables[generic] = "string"
                    continue
                if table not in self._tables:
                    raise FactError(f"it needs the table {table}, which is not listed as used.")
                variables[generic] = f"{generic} & keyof<{table}>"
                variables[f"{keyed}[{generic}]"] = f"index<{table}, {generic}>"
                generics.append(generic)
            elif limit is not None and limit.type == "generic_type" and name(limit) in _ARRAYS:
                variables[generic] = f"{generic}..."
                generics.append(f"{generic}...")
            else:
                variables[generic] = generic
                generics.append(generic)
        return generics, variables

    def _function(self, signature: Node, variables: Variables, nothing: Variables) -> str:
        given = [each for each in child(signature, "parameters").named_children if each.type != "comment"]
        parameters = ", ".join(self._parameter(each, variables) for each in given)
        if _is_predicate(signature):
            return f"({parameters}) -> boolean"
        returned = signature.child_by_field_name("return_type") or child(signature, "type")
        if returned.type == "type_annotation":
            returned = returned.named_children[0]
        return f"({parameters}) -> {nothing.get(text(returned)) or self._type(returned, variables)}"

    def _parameter(self, parameter: Node, variables: Variables) -> str:
        pattern, luau_type = child(parameter, "pattern"), self._parameter_type(parameter, variables)
        if pattern.type == "rest_pattern":
            return luau_type
        return f"{'self' if pattern.type == 'this' else text(pattern)}: {luau_type}"

    def _parameter_type(self, parameter: Node, variables: Variables) -> str:
        node = annotated(parameter, "type")
        is_rest = child(parameter, "pattern").type == "rest_pattern"
        if is_rest and node.type == "generic_type" and name(node) in _ARRAYS:
            return "..." + self._type(arguments(node)[0], variables)
        return self._type(node, variables) + "?" * (parameter.type == "optional_parameter")

    def _type(self, node: Node, variables: Variables) -> str:
        match node.type:
            case "predefined_type" if text(node) in _PREDEFINED:
                return _PREDEFINED[text(node)]
            case "parenthesized_type":
                return f"({self._type(node.named_children[0], variables)})"
            case "function_type":
                return self._function(node, variables, _IGNORED)
            case "type_identifier":
                return self._named(text(node), variables)
            case "generic_type":
                return self._generic(node, variables)
            case "lookup_type" if text(node) in variables:
                return variables[text(node)]
            case "union_type":
                return self._union(node, variables)
        raise FactError(f"`{text(node)}` has no counterpart in Luau here.")

    def _named(self, named: str, variables: Variables) -> str:
        if named in variables:
            return variables[named]
        if luau_name(named) in self._declared or named == _THREAD:
            return luau_name(named)
        if named in self._aliases:
            return self._type(self._aliases[named], variables)
        raise FactError(f"it needs {luau_name(named)}, which is not listed as used.")

    def _generic(self, node: Node, variables: Variables) -> str:
        given = arguments(node)
        match name(node), given[0].type:
            case (("Array" | "ReadonlyArray"), _):
                return f"{{ {self._type(given[0], variables)} }}"
            case "LuaTuple", "tuple_type":
                return f"({', '.join(self._type(each, variables) for each in given[0].named_children)})"
            case "LuaTuple", _:
                return self._type(given[0], variables)
            case "RBXScriptSignal", "function_type":
                parameters = child(given[0], "parameters").named_children
                return f"RBXScriptSignal<{', '.join(self._parameter_type(each, variables) for each in parameters)}>"
        return variables.get(text(node)) or self._named(name(node), variables)

    def _union(self, node: Node, variables: Variables) -> str:
        """A union; unknown, if a part of it is not declared: then nobody who uses this may rely on its other parts."""
        present = [each for each in parts(node) if text(each) != "undefined"]
        optional = "?" if len(present) < len(list(parts(node))) else ""
        try:
            types = [self._type(each, variables) for each in present]
        except FactError:
            return "unknown"
        if "unknown" in types:
            return "unknown"
        return f"({' | '.join(types)}){optional}" if optional and len(types) > 1 else " | ".join(types) + optional


def _is_predicate(signature: Node) -> bool:
    """Whether a function says whether something is of a type: `this is Frame`."""
    return signature.named_children[-1].type == "type_predicate_annotation"
