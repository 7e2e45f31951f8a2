"""Which file of a tree requires which: the strings that Roblox, Rojo and Lune know, resolved once for all who load it.

A tree maps paths to sources. A path is relative to the library's folder and has no ``.luau``: "init", "random",
"api/run".
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from codegen.translate.luau_syntax import (
    first_error,
    inside,
    is_field_name,
    line_of,
    outside_types,
    parsed,
    statements_of,
    text_of,
)

# The file that is the library itself; all others are its children.
TOP = "init"
# What was found out about so many sources is kept: a machine gets the same files as the one before, or all but one.
SOURCES = 256

_PATH = re.compile(r"[A-Za-z]\w*(/[A-Za-z]\w*)*", re.ASCII)


class TreeError(ValueError):
    """A tree of sources that breaks its rules; one line says where and which."""


@dataclass(frozen=True)
class Require:
    """Where a file says that it needs another: ``local name = require("text")``.

    What is loaded when it is first needed is required by ``local function name() return require("text") end``.

    Attributes:
        name: the local, or the function.
        text: the string.
        call: where the call stands.
        is_late: whether it is such a function.
    """

    name: str
    text: str
    call: Node
    is_late: bool = False


def misplaced(path: str, node: Node, what: str) -> TreeError:
    """An error that says in which file and line it is."""
    return TreeError(f"{path}:{line_of(node)}: {what}")


def require_in(statement: Node) -> Require | None:
    """The require that a statement is, if it is one."""
    if statement.type != "variable_declaration" or len(statement.children) != 2:
        return None
    assignment = statement.children[1]
    if assignment.type != "assignment_statement" or len(assignment.children) != 3:
        return None
    names, _, values = assignment.children
    if len(names.children) != 1 or len(values.children) != 1:
        return None
    (name,), (call,) = names.children, values.children
    text = _required_by(call)
    return None if text is None else Require(text_of(name), text, call)


def late_require_in(statement: Node) -> Require | None:
    """The function that a statement is, if it does no more than to require a file."""
    shape = [node.type for node in statement.children]
    if shape != ["local", "function", "identifier", "parameters", "block", "end"]:
        return None
    _, _, name, parameters, block, _ = statement.children
    (returned, *more) = block.children
    if more or len(parameters.children) != 2 or returned.type != "return_statement":
        return None
    values = [node for node in returned.children if node.type == "expression_list"]
    if len(values) != 1 or len(values[0].children) != 1:
        return None
    (call,) = values[0].children
    text = _required_by(call)
    return None if text is None else Require(text_of(name), text, call, is_late=True)


def _required_by(call: Node) -> str | None:
    """The string that is required, if a node is such a call."""
    # A name, brackets, a string in quotes without escapes.
    shape = [node.type for node in inside(call)]
    plain = ["function_call", "identifier", "arguments", "(", "string", "[[", "string_content", "]]", ")"]
    if shape != plain or text_of(call.children[0]) != "require":
        return None
    text = text_of(call.children[1].children[1])
    is_plain = text[0] in "\"'" and "\\" not in text
    return text[1:-1] if is_plain else None


def read_requires(root: Node, path: str) -> list[Require]:
    """The requires of a file, in the order in which they stand.

    Args:
        root: its syntax tree.
        path: its path, for errors.

    Raises:
        TreeError: if the file is not Luau, or if it says ``require`` anywhere but in what `Require` is, at its top
            level.
    """
    broken = first_error(root)
    if broken is not None:
        raise misplaced(path, broken, "this is not Luau")
    found = [require for each in statements_of(root) if (require := require_in(each) or late_require_in(each))]
    if root.text is not None and root.text.count(b"require") == len(found):
        return found
    places = {require.call.start_byte for require in found}
    for node in outside_types(root):
        is_word = node.type == "identifier" and node.text == b"require" and not is_field_name(node)
        if is_word and node.start_byte not in places:
            raise misplaced(path, node, 'require stands in lines like `local name = require("./file")`, outside blocks')
    return found


def resolve(text: str, path: str, files: Container[str]) -> str:
    """The path of the file that a file means by a string.

    Args:
        text: the string: "@self/…" in init, "./…" or "../…" elsewhere.
        path: the file that requires.
        files: the paths that there are.

    Raises:
        TreeError: if there is no such file, and if the string starts in any other way.
    """
    where = f'{path}: "{text}"'
    start, *parts = text.split("/")
    folder = path.split("/")[:-1]
    if path == TOP and start != "@self":
        raise TreeError(f'{where}: {TOP} reaches its files by "@self/…"')
    if path != TOP and start == "@self":
        raise TreeError(f'{where}: only {TOP} has files of its own, others write "./…" or "../…"')
    if start not in ("@self", ".", ".."):
        raise TreeError(f'{where}: a file is required by "./…" or "../…"')
    while start == "..":
        if not folder:
            raise TreeError(f"{where}: this leaves the library")
        folder.pop()
        start = parts.pop(0) if parts[:1] == [".."] else ""
    target = "/".join([*folder, *parts])
    if target == TOP:
        raise TreeError(f"{where}: {TOP} requires the others, nobody requires it")
    if target not in files:
        raise TreeError(f"{where}: there is no file {target!r}")
    return target


def requires_of(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What each file requires: its strings, in the order in which they stand, and the paths that they mean.

    Raises:
        TreeError: if a path is not one, if a file is not Luau, or if it requires what it cannot.
    """
    _check_paths(files)
    return {
        path: {each.text: resolve(each.text, path, files) for each in _required(source, path)}
        for path, source in files.items()
    }


def needed_at_once(files: Mapping[str, str]) -> set[str]:
    """The paths of the files that are loaded with the first one; the others are when they are first needed."""
    found: set[str] = set()
    waiting = [TOP]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            required = _required(files[path], path)
            waiting += [resolve(each.text, path, files) for each in required if not each.is_late]
    return found


@lru_cache(maxsize=SOURCES)
def _required(source: str, path: str) -> tuple[Require, ...]:
    """What a file requires."""
    return tuple(read_requires(parsed(source), path))


@lru_cache(maxsize=SOURCES)
def taking_require(source: str) -> str:
    """A source that gets its ``require`` as its argument.

    The local that takes it stands on an existing line, behind the comments at the top: lines keep their numbers, and
    ``--!native`` is still in front of everything.
    """
    statements = statements_of(parsed(source))
    if not any(require_in(each) or late_require_in(each) for each in statements):
        return source
    text = source.encode()
    start = statements[0].start_byte
    return (text[:start] + b"local require = ...; " + text[start:]).decode()


def _check_paths(files: Iterable[str]) -> None:
    paths = set(files)
    if TOP not in paths:
        raise TreeError(f"there is no file {TOP}")
    for path in sorted(paths):
        if not _PATH.fullmatch(path):
            raise TreeError(f"{path!r} is no path: names are letters, digits and _, with / between them")
        folders = path.split("/")
        if folders.pop() == TOP and folders:
            raise TreeError(f"{path}: only the library itself has an {TOP}")
        while folders:
            if "/".join(folders) in paths:
                raise TreeError(f"{'/'.join(folders)} is a file and a folder: in Roblox both would have one name")
            folders.pop()
