"""Luau's own type checker, in strict mode and with its lints, over a module and over scripts that require it.

The checker knows no `require`. Its definition file, though, may hold code besides declarations: a module goes there
without its `return`, and what a script gets from requiring it is declared as the type of what it would have returned.
Nothing else of the module can be seen from the script, which keeps its lines and columns.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import tree_sitter
import tree_sitter_luau
from tree_sitter import Node

from codegen.tools import TOOLS

_LANGUAGE = tree_sitter.Language(tree_sitter_luau.language())
_FOUND = re.compile(r"(\d+):\d+: (?:Error|Warning): (.*)")
# As long as `require`, so that everything behind it stays in its column.
_REQUIRE = "_linked"
_EXPORTS = "moduleExports"


@dataclass(frozen=True)
class Finding:
    """What the checker says of a line."""

    line: int
    message: str


@dataclass(frozen=True)
class Linked:
    """A script that the checker can read, and what the module adds to the definitions for it."""

    definitions: str
    script: str


def check(definitions: str, source: str) -> list[Finding]:
    """All errors and lint warnings in a source.

    Raises:
        UnavailableError: if the checker is not installed.
        ValueError: if the definitions themselves have errors.
    """
    program = TOOLS["luau-check"].path
    with TemporaryDirectory() as name:
        paths = [Path(name, file) for file in ("definitions.d.luau", "source.luau")]
        for path, text in zip(paths, (definitions, source), strict=True):
            path.write_text(text, encoding="utf-8", newline="\n")
        done = subprocess.run([program, *paths], check=False, capture_output=True, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise ValueError(done.stderr)
    found = [_FOUND.fullmatch(line.removeprefix(f"{paths[1]}:")) for line in done.stdout.splitlines()]
    assert all(found), done.stdout
    return [Finding(int(each[1]), each[2]) for each in found if each]


def check_script(definitions: str, module: str, script: str) -> list[Finding]:
    """All errors and lint warnings in a script that requires the module; their lines are the script's.

    Raises:
        UnavailableError: if the checker is not installed.
        ValueError: if the module has errors, or if the two cannot be linked.
    """
    linked = link(module, script)
    return check(definitions + linked.definitions, linked.script)


def link(module: str, script: str) -> Linked:
    """A module and a script that requires it, for the checker.

    Raises:
        ValueError: if the module does not end with a return, or if the script does not require exactly one module.
    """
    tree = _parsed(script)
    requires = [node for node in _inside(tree) if node.type == "function_call" and _name(node) == "require"]
    if len(requires) != 1:
        raise ValueError(f"The script must require one module, got {len(requires)}.")
    prefix = _target(requires[0])
    qualified = [node for node in _inside(tree) if node.type == "field_type" and _text(node).startswith(f"{prefix}.")]
    return Linked(
        _definitions(module, prefix),
        _replaced(
            script,
            (requires[0].children[0], _REQUIRE),
            *((node, _text(node).replace(".", "_")) for node in qualified),
        ),
    )


def exported_types(module: str) -> dict[str, str]:
    """The types that a module exports, by their names, as it writes them."""
    return {_text(_child(node, "name")): _text(node) for node in _exports(_parsed(module))}


def _definitions(module: str, prefix: str) -> str:
    """The module as definitions; its exported types get a prefix, as a script writes them."""
    tree = _parsed(module)
    end = tree.named_children[-1]
    if end.type != "return_statement":
        raise ValueError(f"The module must end with a return, got {end.type}.")
    hidden = [(node.children[0], "") for node in _exports(tree)]
    body = _replaced(module, *hidden, (end.children[0], f"local {_EXPORTS} ="))
    types = "".join(f"export type {prefix}_{name} = {name}\n" for name in exported_types(module))
    return f"{body}\n{types}declare function {_REQUIRE}(module: ModuleScript): typeof({_EXPORTS})\n"


def _exports(tree: Node) -> list[Node]:
    types = [node for node in tree.named_children if node.type == "type_definition"]
    return [node for node in types if _text(node.children[0]) == "export"]


def _target(call: Node) -> str:
    """The local that holds what a call returns."""
    assignment = call.parent.parent if call.parent else None
    if assignment is None or assignment.type != "assignment_statement":
        raise ValueError(f"What `{_text(call)}` returns must be kept in a local.")
    return _text(assignment.named_children[0])


def _parsed(source: str) -> Node:
    return tree_sitter.Parser(_LANGUAGE).parse(source.encode()).root_node


def _replaced(source: str, *edits: tuple[Node, str]) -> str:
    text = source.encode()
    for node, replacement in sorted(edits, key=lambda edit: edit[0].start_byte, reverse=True):
        text = text[: node.start_byte] + replacement.encode() + text[node.end_byte :]
    return text.decode()


def _inside(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _inside(child)


def _text(node: Node) -> str:
    assert node.text is not None
    return node.text.decode()


def _child(node: Node, name: str) -> Node:
    child = node.child_by_field_name(name)
    assert child is not None, f"no {name} in {node}"
    return child


def _name(call: Node) -> str:
    return _text(_child(call, "name"))
