"""Rojo projects: what is read, and what is refused with the place where it stands."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from codegen.roblox.files import Instance, roblox_xml
from codegen.roblox.properties import StoredProperty
from codegen.roblox.rojo_project import ProjectError, read_project
from codegen.tools import TOOLS
from tests.skips import or_skip

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


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def folder_project(folder: Path) -> Path:
    return written(folder, {"name": "Library", "tree": {"$path": "folder"}})


# Names in which capitals, hyphens and points decide the order; two children of one name.
FILES = (
    *("init.luau", "b/init.server.luau", "b/inner.luau", "b/deep/er.luau", "c/init.client.luau"),
    *("a-x/q.luau", "A/q.luau"),
    *("a.luau", "a.client.luau", "B.luau", "z.server.luau", "a_x.luau", "d.d/init.luau", "e.e/f.luau"),
)


def names_of(instance: Instance) -> list[tuple[str, str]]:
    return [(each.class_name, each.name) for each in instance.children]


def test_a_folder_with_an_init_is_a_script_with_children(folder: Path) -> None:
    for name in FILES:
        write(folder / "folder" / name, f"-- {name}\n")
    (folder / "folder" / "empty").mkdir()
    write(folder / "folder" / ".DS_Store", "what an operating system keeps for itself")
    library = read_project(folder_project(folder))
    assert (library.class_name, library.name, library.properties) == (
        *("ModuleScript", "Library"),
        source("-- init.luau\n"),
    )
    assert names_of(library) == [
        *(("Folder", "A"), ("ModuleScript", "B"), ("Folder", "a-x"), ("LocalScript", "a"), ("ModuleScript", "a")),
        *(("ModuleScript", "a_x"), ("Script", "b"), ("LocalScript", "c"), ("ModuleScript", "d.d"), ("Folder", "e.e")),
        *(("Folder", "empty"), ("Script", "z")),
    ]
    b = library.children[6]
    deep = Instance("Folder", "deep", (), (Instance("ModuleScript", "er", source("-- b/deep/er.luau\n")),))
    assert b.properties == source("-- b/init.server.luau\n")
    assert b.children == (deep, Instance("ModuleScript", "inner", source("-- b/inner.luau\n")))


def described(item: ET.Element) -> tuple[str, dict[str, str], list[Any]]:
    """An item's class, its texts and what is inside it, in its order."""
    texts = {element.attrib["name"]: element.text or "" for element in item.iterfind("Properties/*")}
    # Rojo says of a Script what goes without saying: Legacy is the default.
    assert texts.pop("RunContext", "0") == "0"
    return item.attrib["class"], texts, [described(each) for each in item.iterfind("Item")]


@pytest.mark.parametrize("own", ["init.luau", "init.server.luau", "init.client.luau", "init.txt"])
def test_rojo_makes_the_same_of_a_folder_in_the_same_order(folder: Path, own: str) -> None:
    rojo = or_skip(lambda: TOOLS["rojo"].path)
    for name in FILES:
        write(folder / "folder" / name, f"-- {name}\n")
    (folder / "folder" / "init.luau").rename(folder / "folder" / own)
    (folder / "folder" / "init.txt").unlink(missing_ok=True)
    (folder / "folder" / "empty").mkdir()
    write(folder / "folder" / ".DS_Store", "what an operating system keeps for itself")
    project, built = folder_project(folder), folder / "built.rbxmx"
    subprocess.run([rojo, "build", project, "--output", built], check=True, capture_output=True)
    (theirs,) = ET.parse(built).getroot()
    (ours,) = ET.fromstring(roblox_xml(read_project(project)))
    assert described(ours) == described(theirs)


def test_a_folder_with_given_sources_is_these_and_nothing_else(folder: Path) -> None:
    write(folder / "folder" / "stale.luau", "-- no longer generated\n")
    write(folder / "folder" / "old" / "stale.luau", "-- no longer generated\n")
    write(folder / "folder" / "init.luau", "-- of last time\n")
    (folder / "folder" / "empty").mkdir()
    given = {
        folder / "folder" / "init.luau": "-- fresh\n",
        folder / "folder" / "new" / "one.luau": "-- not there yet\n",
        folder / "other" / "two.luau": "-- elsewhere\n",
    }
    new = Instance("Folder", "new", (), (Instance("ModuleScript", "one", source("-- not there yet\n")),))
    library = Instance("ModuleScript", "Library", source("-- fresh\n"), (new,))
    assert read_project(folder_project(folder), given) == library
    shutil.rmtree(folder / "folder")
    assert read_project(folder_project(folder), given) == library


def test_a_folder_without_given_sources_is_what_is_on_the_disk(folder: Path) -> None:
    write(folder / "folder" / "one.luau", "-- there\n")
    one = Instance("ModuleScript", "one", source("-- there\n"))
    given = {folder / "folder-2" / "two.luau": "-- elsewhere\n"}
    assert read_project(folder_project(folder), given) == Instance("Folder", "Library", (), (one,))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            ["init.luau", "init.client.luau"],
            "tree: A folder must be one script at most, got init.client.luau and init.luau.",
        ),
        (
            ["init.luau", "in/a.txt"],
            "tree/in/a.txt: A $path must lead to folders and files of .luau, .server.luau, .client.luau, got 'a.txt'.",
        ),
    ],
)
def test_what_is_not_read_in_a_folder_is_refused_with_its_place(folder: Path, files: list[str], message: str) -> None:
    for name in files:
        write(folder / "folder" / name, "")
    with pytest.raises(ProjectError) as refusal:
        read_project(folder_project(folder))
    assert str(refusal.value) == f"some.project.json: {message}"


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
def test_a_project_with_anything_else_is_refused(folder: Path, project: object, message: str) -> None:
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
        ({"$className": "Cheese"}, "The class must be one of codegen/roblox/properties.py, got 'Cheese'."),
        (
            PART | {"$properties": {"Text": ""}},
            "The property must be one that codegen/roblox/properties.py lists for Part, got 'Text'.",
        ),
        (
            {"$path": "Module.lua"},
            "A $path must lead to folders and files of .luau, .server.luau, .client.luau, got 'Module.lua'.",
        ),
        (
            {"$path": "init.meta.json"},
            "A $path must lead to folders and files of .luau, .server.luau, .client.luau, got 'init.meta.json'.",
        ),
        (
            {"$path": "Nowhere"},
            "A $path must lead to folders and files of .luau, .server.luau, .client.luau, got 'Nowhere'.",
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
    with pytest.raises(ProjectError, match=r"^some\.project\.json: tree: A script must be a file of text: .*"):
        read_project(written(folder, {"name": "P", "tree": {"$path": name}}))


def test_a_file_that_is_no_json_is_refused(folder: Path) -> None:
    with pytest.raises(ProjectError, match=r"^Module\.luau: project: The file must hold JSON: "):
        read_project(folder / "Module.luau")
    with pytest.raises(ProjectError, match=r"^none\.json: project: The file must hold JSON: "):
        read_project(folder / "none.json")


def test_a_name_that_cannot_be_written_is_refused(folder: Path) -> None:
    with pytest.raises(ProjectError, match=r"^some\.project\.json: tree: Part\.Name must be text that XML keeps"):
        read_project(written(folder, {"name": "\0", "tree": PART}))
