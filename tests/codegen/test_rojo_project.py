"""Rojo projects: what is read, and what is refused with the place where it stands."""

import json
from pathlib import Path

import pytest

from codegen.roblox_files import Instance
from codegen.roblox_properties import StoredProperty
from codegen.rojo_project import ProjectError, read_project

PART = {"$className": "Part"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a few scripts."""
    for name in ("Module.luau", "Server.server.luau", "Client.client.luau"):
        (tmp_path / name).write_text(f"-- {name}\n", encoding="utf-8", newline="\n")
    (tmp_path / "Control.luau").write_text("\0", encoding="utf-8")
    (tmp_path / "Broken.luau").write_bytes(b"\xff")
    return tmp_path


def written(folder: Path, project: object) -> Path:
    path = folder / "some.project.json"
    path.write_text(json.dumps(project), encoding="utf-8")
    return path


def source(text: str) -> tuple[StoredProperty]:
    return (StoredProperty("Source", "ProtectedString", text),)


def test_a_tree_of_classes_properties_and_scripts_is_read(folder: Path) -> None:
    tree = {
        "$className": "DataModel",
        "Workspace": {
            "$className": "Workspace",
            "Floor": {"$className": "Part", "$properties": {"Anchored": True, "Material": "Grass"}},
        },
        "A": {"$path": "Module.luau"},
        "B": {"$path": "Server.server.luau"},
        "C": {"$path": "Client.client.luau"},
    }
    floor = (StoredProperty("Anchored", "bool", "true"), StoredProperty("Material", "token", "1280"))
    assert read_project(written(folder, {"name": "Place", "tree": tree})) == Instance(
        "DataModel",
        "Place",
        (),
        (
            Instance("Workspace", "Workspace", (), (Instance("Part", "Floor", floor),)),
            Instance("ModuleScript", "A", source("-- Module.luau\n")),
            Instance("Script", "B", source("-- Server.server.luau\n")),
            Instance("LocalScript", "C", source("-- Client.client.luau\n")),
        ),
    )


def test_given_sources_are_taken_instead_of_files(folder: Path) -> None:
    project = written(folder, {"name": "Library", "tree": {"$path": "Module.luau"}})
    other = {folder / "Module.luau": "-- fresh\n", folder / "Client.client.luau": "-- other\n"}
    assert read_project(project, other) == Instance("ModuleScript", "Library", source("-- fresh\n"))


def test_a_file_that_is_not_there_yet_may_be_given(folder: Path) -> None:
    project = written(folder, {"name": "Library", "tree": {"$path": "New.luau"}})
    assert read_project(project, {folder / "New.luau": ""}) == Instance("ModuleScript", "Library", source(""))


def test_line_ends_are_those_of_roblox(folder: Path) -> None:
    (folder / "Module.luau").write_bytes(b"a()\r\nb()\r\n")
    project = written(folder, {"name": "Library", "tree": {"$path": "Module.luau"}})
    assert read_project(project).properties == source("a()\nb()\n")


@pytest.mark.parametrize(
    ("project", "message"),
    [
        ([], 'project: It must be {"name": …, "tree": …} and nothing else.'),
        ({"tree": PART}, 'project: It must be {"name": …, "tree": …} and nothing else.'),
        ({"name": 1, "tree": PART}, 'project: It must be {"name": …, "tree": …} and nothing else.'),
        (
            {"name": "P", "tree": PART, "globIgnorePaths": []},
            'project: It must be {"name": …, "tree": …} and nothing else.',
        ),
    ],
)
def test_another_kind_of_project_is_refused(folder: Path, project: object, message: str) -> None:
    with pytest.raises(ProjectError) as refusal:
        read_project(written(folder, project))
    assert str(refusal.value) == f"some.project.json: {message}"


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (3, "A node must have either $path alone or $className, got 3."),
        ({}, "A node must have either $path alone or $className, got {}."),
        ({"$className": 3}, "A node must have either $path alone or $className, got {'$className': 3}."),
        (
            {"$path": "Module.luau", "$properties": {}},
            "A node must have either $path alone or $className, got {'$path': 'Module.luau', '$properties': {}}.",
        ),
        (
            {"$path": "Module.luau", "$className": "Part"},
            "A node must have either $path alone or $className, got {'$path': 'Module.luau', '$className': 'Part'}.",
        ),
        (PART | {"$id": "x"}, "A key with $ must be $path, $className or $properties, got '$id'."),
        (PART | {"$properties": []}, "$properties must be an object, got []."),
        (PART | {"$properties": {"Name": "x"}}, "A node's name must be its key, got the property Name."),
        (PART | {"$properties": {"Anchored": 1}}, "Part.Anchored must be true or false, got 1."),
        ({"$className": "Cheese"}, "The class must be one of codegen/roblox_properties.py, got 'Cheese'."),
        (
            PART | {"$properties": {"Text": ""}},
            "The property must be one that codegen/roblox_properties.py lists for Part, got 'Text'.",
        ),
        (
            {"$path": "Module.lua"},
            "$path must be a file that ends in one of .luau, .server.luau, .client.luau, got 'Module.lua'.",
        ),
        (
            {"$path": "init.meta.json"},
            "$path must be a file that ends in one of .luau, .server.luau, .client.luau, got 'init.meta.json'.",
        ),
        (
            {"$path": "Control.luau"},
            "ModuleScript.Source must be text that XML keeps, got U+0000 at position 0.",
        ),
    ],
)
def test_what_is_not_read_is_refused_with_its_place(folder: Path, node: object, message: str) -> None:
    tree = {"$className": "Workspace", "Inner": node}
    with pytest.raises(ProjectError) as refusal:
        read_project(written(folder, {"name": "P", "tree": tree}))
    assert str(refusal.value) == f"some.project.json: tree.Inner: {message}"


@pytest.mark.parametrize("name", ["Missing.luau", "Broken.luau"])
def test_a_script_that_cannot_be_read_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ProjectError, match=r"^some\.project\.json: tree: \$path must be a file of text: .*"):
        read_project(written(folder, {"name": "P", "tree": {"$path": name}}))


def test_a_file_that_is_no_json_is_refused(folder: Path) -> None:
    with pytest.raises(ProjectError, match=r"^Module\.luau: project: The file must hold JSON: "):
        read_project(folder / "Module.luau")
    with pytest.raises(ProjectError, match=r"^none\.json: project: The file must hold JSON: "):
        read_project(folder / "none.json")


def test_a_name_that_cannot_be_written_is_refused(folder: Path) -> None:
    with pytest.raises(ProjectError, match=r"^some\.project\.json: tree: Part\.Name must be text that XML keeps"):
        read_project(written(folder, {"name": "\0", "tree": PART}))
