"""Parts of parsed TypeScript, by the words of its grammar."""

from collections.abc import Iterator

from tree_sitter import Node

_MEMBERS = frozenset({"method_signature", "property_signature", "construct_signature"})


def text(node: Node) -> str:
    """The source of a node."""
    assert node.text is not None
    return node.text.decode()


def child(node: Node, name: str) -> Node:
    """The child in a field of a node, which the grammar says is there."""
    child = node.child_by_field_name(name)
    assert child is not None, f"no {name} in {node}"
    return child


def name(node: Node) -> str:
    """The name of a declaration, or of the generic type that a use names."""
    return text(child(node, "name"))


def annotated(node: Node, name: str) -> Node:
    """The type in an annotation."""
    return child(node, name).named_children[0]


def arguments(node: Node) -> list[Node]:
    """The arguments of a generic type."""
    return child(node, "type_arguments").named_children


def body(interface: Node) -> list[Node]:
    """The members of an interface."""
    return [node for node in child(interface, "body").named_children if node.type in _MEMBERS]


def bases(interface: Node) -> list[Node]:
    """What an interface extends."""
    clauses = [child for child in interface.named_children if child.type == "extends_type_clause"]
    return [base for clause in clauses for base in clause.named_children]


def member_name(member: Node) -> str:
    """The name of a member; `new` for a constructor."""
    return "new" if member.type == "construct_signature" else name(member)


def parts(union: Node) -> Iterator[Node]:
    """The parts of a union, flat."""
    for part in union.named_children:
        if part.type == "union_type":
            yield from parts(part)
        elif part.type != "comment":
            yield part


def is_deprecated(node: Node) -> bool:
    """Whether the comment before a declaration marks it as deprecated."""
    before = node.prev_named_sibling
    return before is not None and before.type == "comment" and "@deprecated" in text(before)
