"""A Rojo project file → a tree of instances."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from codegen.roblox.files import Instance
from codegen.roblox.properties import PropertyError, StoredProperty, stored_property

# The class of a script, by what follows its name.
SCRIPT_CLASSES: Mapping[str, str] = MappingProxyType(
    {"luau": "ModuleScript", "server.luau": "Script", "client.luau": "LocalScript"}
)
# The names of scripts that folders are.
FOLDER_SCRIPTS = frozenset(f"init.{ending}" for ending in SCRIPT_CLASSES)


class ProjectError(ValueError):
    """A project that cannot be read. The text begins with its file and says where in it."""


def read_project(path: Path, sources: Mapping[Path, str] = MappingProxyType({})) -> Instance:
    """The tree that a Rojo project describes, of those projects that hold nothing but what is used here.

    These are trees of ``$className``, ``$properties`` and children, with a ``$path`` at the leaves: a script, or a
    folder with scripts and folders in it. A folder with a script named ``init`` is that script, any other is a Folder.

    Args:
        path: the project file.
        sources: the text of scripts that is to be taken instead of the files', by their paths. A folder with any of
            them in it has these in it and nothing else, whatever is on the disk.

    Raises:
        ProjectError: if it is no such project, or a script cannot be read.
    """
    given: dict[Path, set[str]] = {}
    for each in sources:
        for holder, child in pairwise([*reversed(each.parents), each]):
            given.setdefault(holder, set()).add(child.name)
    reader = _Reader(path, sources, given)
    try:
        project = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise reader.error("project", f"The file must hold JSON: {error}.") from error
    match project:
        case {"name": str(name), "tree": tree, **rest} if not rest:
            return reader.instance(name, tree, "tree")
    raise reader.error("project", 'It must be {"name": …, "tree": …} and nothing else.')


@dataclass(frozen=True)
class _Reader:
    """Reads the nodes of one project; ``where`` is the way to a node.

    Attributes:
        project: its file.
        sources: the text of scripts that is taken instead of the files'.
        given: the names of what is in the folders that have any of them in them.
    """

    project: Path
    sources: Mapping[Path, str]
    given: Mapping[Path, Iterable[str]]

    def error(self, where: str, text: str) -> ProjectError:
        return ProjectError(f"{self.project.name}: {where}: {text}")

    def instance(self, name: str, node: Any, where: str) -> Instance:
        match node:
            case {"$path": str(path), **rest} if not rest:
                return self.at_path(self.project.parent / path, where, name)
            case {"$className": str(class_name), **rest} if "$path" not in rest:
                properties = self.properties(class_name, name, rest.pop("$properties", {}), where)
                return Instance(class_name, name, properties, tuple(self.children(rest, where)))
        raise self.error(where, f"A node must have either $path alone or $className, got {node!r}.")

    def properties(self, class_name: str, name: str, values: Any, where: str) -> tuple[StoredProperty, ...]:
        if not isinstance(values, dict):
            raise self.error(where, f"$properties must be an object, got {values!r}.")
        if "Name" in values:
            raise self.error(where, "A node's name must be its key, got the property Name.")
        try:
            stored_property(class_name, "Name", name)
            return tuple(stored_property(class_name, each, value) for each, value in values.items())
        except PropertyError as error:
            raise self.error(where, str(error)) from error

    def children(self, nodes: Mapping[Any, Any], where: str) -> Iterator[Instance]:
        for name, node in nodes.items():
            if name.startswith("$"):
                raise self.error(where, f"A key with $ must be $path, $className or $properties, got {name!r}.")
            yield self.instance(name, node, f"{where}.{name}")

    def at_path(self, path: Path, where: str, name: str | None = None) -> Instance:
        """A script or a folder; by itself it has the name that it has on the disk."""
        files = self.files_in(path)
        if files is None:
            return self.script(path, path.name.partition(".")[0] if name is None else name, where)
        return self.folder(path, files, path.name if name is None else name, where)

    def files_in(self, path: Path) -> list[str] | None:
        """The names of what is in a folder, in Rojo's order; None for what is none. What is hidden does not count."""
        given = self.given.get(path)
        if not given and not path.is_dir():
            return None
        return sorted(given or (each.name for each in path.iterdir() if not each.name.startswith(".")))

    def folder(self, path: Path, files: list[str], name: str, where: str) -> Instance:
        own = [file for file in files if file in FOLDER_SCRIPTS]
        if len(own) > 1:
            raise self.error(where, f"A folder must be one script at most, got {' and '.join(own)}.")
        children = tuple(self.at_path(path / file, f"{where}/{file}") for file in files if file not in own)
        if own:
            return replace(self.script(path / own[0], name, where), children=children)
        return Instance("Folder", name, self.properties("Folder", name, {}, where), children)

    def script(self, path: Path, name: str, where: str) -> Instance:
        class_name = SCRIPT_CLASSES.get(path.name.partition(".")[2])
        if class_name is None:
            endings = ", ".join(f".{ending}" for ending in SCRIPT_CLASSES)
            raise self.error(where, f"A $path must lead to folders and files of {endings}, got {path.name!r}.")
        if path in self.sources:
            text = self.sources[path]
        else:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, ValueError) as error:
                raise self.error(where, f"A script must be a file of text: {error}.") from error
        return Instance(class_name, name, self.properties(class_name, name, {"Source": text}, where))
