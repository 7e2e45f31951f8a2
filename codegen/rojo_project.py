"""A Rojo project file → a tree of instances."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from codegen.roblox_files import Instance
from codegen.roblox_properties import PropertyError, StoredProperty, stored_property

# The class of a script, by what follows its name.
SCRIPT_CLASSES: Mapping[str, str] = MappingProxyType(
    {"luau": "ModuleScript", "server.luau": "Script", "client.luau": "LocalScript"}
)


class ProjectError(ValueError):
    """A project that cannot be read. The text begins with its file and says where in it."""


def read_project(path: Path, sources: Mapping[Path, str] = MappingProxyType({})) -> Instance:
    """The tree that a Rojo project describes, of those projects that hold nothing but what is used here.

    These are trees of ``$className``, ``$properties`` and children, with a script's ``$path`` at the leaves.

    Args:
        path: the project file.
        sources: the text of scripts that is to be taken instead of the files', by their paths.

    Raises:
        ProjectError: if it is no such project, or a script cannot be read.
    """
    reader = _Reader(path, sources)
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
    """Reads the nodes of one project; ``where`` is the way to a node."""

    project: Path
    sources: Mapping[Path, str]

    def error(self, where: str, text: str) -> ProjectError:
        return ProjectError(f"{self.project.name}: {where}: {text}")

    def instance(self, name: str, node: Any, where: str) -> Instance:
        match node:
            case {"$path": str(path), **rest} if not rest:
                return self.script(name, path, where)
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

    def script(self, name: str, relative: str, where: str) -> Instance:
        path = self.project.parent / relative
        class_name = SCRIPT_CLASSES.get(path.name.partition(".")[2])
        if class_name is None:
            endings = ", ".join(f".{ending}" for ending in SCRIPT_CLASSES)
            raise self.error(where, f"$path must be a file that ends in one of {endings}, got {relative!r}.")
        if path in self.sources:
            text = self.sources[path]
        else:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, ValueError) as error:
                raise self.error(where, f"$path must be a file of text: {error}.") from error
        return Instance(class_name, name, self.properties(class_name, name, {"Source": text}, where))
