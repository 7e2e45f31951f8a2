"""Luau's own type checker, in strict mode and with its lints: over files, and over scripts with what they require."""

import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import tree_sitter
import tree_sitter_luau

from codegen.tools import TOOLS

_FOUND = re.compile(r"(?P<path>.*?):(?P<line>\d+):\d+: (?:Error|Warning): (?P<message>.*)")
_NO_MODULES: Mapping[str, Path] = MappingProxyType({})


@dataclass(frozen=True)
class Finding:
    """What the checker says of a line."""

    path: Path
    line: int
    message: str


def check(definitions: str, *paths: Path, modules: Mapping[str, Path] = _NO_MODULES) -> list[Finding]:
    """All errors and lint warnings in files and in what they require.

    Args:
        definitions: the text of a definition file.
        paths: the files. What they require by strings is found beside them, as in Roblox.
        modules: the files of modules that are required as instances, by their names: ``require(storage.Name)``.

    Raises:
        UnavailableError: if the checker is not installed.
        ValueError: if the definitions have errors, or if a file is missing.
    """
    program = TOOLS["luau-check"].path
    with TemporaryDirectory() as folder:
        declared = _written(definitions, folder)
        named = [argument for name, path in modules.items() for argument in ("--module", f"{name}={path}")]
        done = subprocess.run([program, *named, declared, *paths], check=False, capture_output=True, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise ValueError(done.stderr)
    found = [_FOUND.fullmatch(line) for line in done.stdout.splitlines()]
    assert all(found), done.stdout
    return [Finding(Path(each["path"]), int(each["line"]), each["message"]) for each in found if each]


def check_source(definitions: str, source: str, *, modules: Mapping[str, Path] = _NO_MODULES) -> list[Finding]:
    """The same of a text: a module, or a script that requires modules as instances."""
    with TemporaryDirectory() as folder:
        return check(definitions, _written(source, folder), modules=modules)


def check_sources(
    definitions: str, sources: Iterable[str], *, modules: Mapping[str, Path] = _NO_MODULES
) -> dict[str, list[Finding]]:
    """What is said of each of many texts, without what is said of the modules that they require.

    One process checks them all, so that definitions and modules are read once.
    """
    with TemporaryDirectory() as folder:
        paths = {source: _written(source, folder, f"source{number}") for number, source in enumerate(sources)}
        found = check(definitions, *paths.values(), modules=modules)
    return {source: [each for each in found if each.path == path] for source, path in paths.items()}


def exported_types(module: str) -> dict[str, str]:
    """The types that a module exports, by their names, as it writes them."""
    tree = tree_sitter.Parser(tree_sitter.Language(tree_sitter_luau.language())).parse(module.encode())
    types = [node for node in tree.root_node.named_children if node.type == "type_definition"]
    exported = [node for node in types if _text(node.child(0)) == "export"]
    return {_text(node.child_by_field_name("name")): _text(node) for node in exported}


def _written(text: str, folder: str, name: str = "source") -> Path:
    path = Path(folder, f"{name}.luau")
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _text(node: tree_sitter.Node | None) -> str:
    assert node is not None
    assert node.text is not None
    return node.text.decode()
