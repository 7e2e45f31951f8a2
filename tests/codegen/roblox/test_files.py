"""Roblox's own files: written as intended, and the same as Rojo writes and Lune reads."""

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codegen.library.generate import LIBRARY, MODEL, PLACE, PLACE_FOLDER
from codegen.roblox.files import Instance, roblox_xml
from codegen.roblox.properties import PropertyError, stored_property
from codegen.tools import TOOLS
from tests.lune import run_lune
from tests.skips import or_skip

# Each file with the project that it comes from.
FILES = {MODEL: PLACE_FOLDER / "default.project.json", PLACE: PLACE_FOLDER / "demo.project.json"}


def label(text: str) -> Instance:
    return Instance("TextLabel", "Label", (stored_property("TextLabel", "Text", text),))


def test_a_model_is_written_as_roblox_writes_it() -> None:
    gui = Instance(
        "ScreenGui",
        "Gui",
        (
            stored_property("ScreenGui", "DisplayOrder", 7),
            stored_property("ScreenGui", "ZIndexBehavior", "Sibling"),
        ),
        (label("1 < 2 & 3"), Instance("LocalScript", "", (stored_property("LocalScript", "Source", "x()\n\ty()\n"),))),
    )
    assert (
        roblox_xml(gui)
        == """\
<roblox version="4">
	<Item class="ScreenGui" referent="RBX0">
		<Properties>
			<string name="Name">Gui</string>
			<int name="DisplayOrder">7</int>
			<token name="ZIndexBehavior">1</token>
		</Properties>
		<Item class="TextLabel" referent="RBX1">
			<Properties>
				<string name="Name">Label</string>
				<string name="Text">1 &lt; 2 &amp; 3</string>
			</Properties>
		</Item>
		<Item class="LocalScript" referent="RBX2">
			<Properties>
				<string name="Name"></string>
				<ProtectedString name="Source">x()
	y()
</ProtectedString>
			</Properties>
		</Item>
	</Item>
</roblox>
"""
    )


def test_a_place_is_what_is_inside_it() -> None:
    size = stored_property("Part", "Size", [1, 0.5, 1])
    place = Instance("DataModel", "Place", (), (Instance("Lighting", "Lighting"), Instance("Part", "P", (size,))))
    assert (
        roblox_xml(place)
        == """\
<roblox version="4">
	<Item class="Lighting" referent="RBX0">
		<Properties>
			<string name="Name">Lighting</string>
		</Properties>
	</Item>
	<Item class="Part" referent="RBX1">
		<Properties>
			<string name="Name">P</string>
			<Vector3 name="size">
				<X>1</X>
				<Y>0.5</Y>
				<Z>1</Z>
			</Vector3>
		</Properties>
	</Item>
</roblox>
"""
    )


def xml_holds(character: str) -> bool:
    """Whether a parser gives a character back as it was."""
    try:
        return ET.fromstring(f"<a>{character.translate({60: '&lt;', 38: '&amp;'})}</a>").text == character
    except (ET.ParseError, UnicodeEncodeError):
        return False


def is_kept(text: str) -> bool:
    """XML keeps blanks alone too, but readers of Roblox's files take them for nothing."""
    return all(map(xml_holds, text)) and (text == "" or text.strip(" \t\n") != "")


def check_that_it_comes_back_or_is_refused(text: str) -> None:
    if is_kept(text):
        found = ET.fromstring(roblox_xml(label(text))).find(".//*[@name='Text']")
        assert found is not None
        assert (found.text or "") == text
    else:
        with pytest.raises(PropertyError, match=r"^TextLabel\.Text must be text that XML keeps, got U\+"):
            label(text)


@given(st.text())
@example("]]>")
@example(" \n ")
@example("\n x ")
@example("&amp;")
def test_a_text_comes_back_as_it_was_or_is_refused(text: str) -> None:
    check_that_it_comes_back_or_is_refused(text)


@pytest.mark.parametrize(
    "character", [*map(chr, range(256)), *"\ud7ff\ud800\udfff\ue000\u2028\ufffd\ufffe\uffff", "😀"]
)
def test_each_odd_character_comes_back_or_is_refused(character: str) -> None:
    check_that_it_comes_back_or_is_refused(f"a{character}b")


def test_a_name_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(PropertyError, match=r"^Part\.Name must be text that XML keeps, got U\+0007 at position 1"):
        roblox_xml(Instance("Part", "a\a"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_say_nothing_of_where_or_when_they_were_made(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith('<roblox version="4">\n')
    without_sources = re.sub(r"<ProtectedString.*?</ProtectedString>", "", text, flags=re.DOTALL)
    assert not re.search(r"\d{4}-\d\d-\d\d|[/\\](?!\w+>)|\.luau", without_sources)
    referents = re.findall(r'referent="(\w+)"', text)
    assert referents == [f"RBX{number}" for number in range(len(referents))]


def contents(item: ET.Element) -> tuple[str, dict[str, Any], list[Any]]:
    """An item's class, its properties and what is inside it, whatever the order and whichever way of writing."""
    properties = {}
    for element in item.iterfind("Properties/*"):
        # Both hold a script; reading either gives a string.
        tag = element.tag.replace("ProtectedString", "string")
        texts = {part.tag: part.text for part in element} or {"": element.text or ""}
        properties[element.attrib["name"]] = (tag, texts if tag == "string" else in_numbers(texts))
    return item.attrib["class"], properties, sorted(map(contents, item.iterfind("Item")), key=str)


def in_numbers(texts: dict[str, str | None]) -> dict[str, object]:
    """The numbers among some texts in Roblox's precision."""
    return {
        name: text if text in ("true", "false") else float(np.float32(float(text or "nan")))
        for name, text in texts.items()
    }


@pytest.mark.parametrize(("path", "project"), FILES.items(), ids=lambda path: path.name)
def test_rojo_builds_the_same(path: Path, project: Path, tmp_path: Path) -> None:
    rojo = or_skip(lambda: TOOLS["rojo"].path)
    built = tmp_path / path.name
    subprocess.run([rojo, "build", project, "--output", built], check=True, capture_output=True)
    theirs, ours = (sorted(map(contents, ET.parse(each).getroot()), key=str) for each in (built, path))
    assert len(ours) > 0
    assert ours == theirs


def test_rojo_finds_the_library_by_its_folder(tmp_path: Path) -> None:
    rojo = or_skip(lambda: TOOLS["rojo"].path)
    built = tmp_path / "built.rbxmx"
    subprocess.run([rojo, "build", PLACE_FOLDER, "--output", built], check=True, capture_output=True)
    (item,) = ET.parse(built).getroot()
    assert contents(item) == contents(ET.parse(MODEL).getroot()[0])


# What Lune reads from a file, in the words of a project file: the properties that the project names, and every Source.
READ_BACK = """
local content, file, project = ...
local fs = require("@lune/fs")
local roblox = require("@lune/roblox")

local function inWords(value: any): any
	local datatype = typeof(value)
	if datatype == "Vector2" then
		return { value.X, value.Y }
	elseif datatype == "Vector3" then
		return { value.X, value.Y, value.Z }
	elseif datatype == "Color3" then
		return { value.R, value.G, value.B }
	elseif datatype == "CFrame" then
		return { value:GetComponents() }
	elseif datatype == "UDim2" then
		return { UDim2 = { { value.X.Scale, value.X.Offset }, { value.Y.Scale, value.Y.Offset } } }
	elseif datatype == "EnumItem" then
		return value.Name
	end
	return value
end

local function describe(instance: any, node: any): any
	local described: any = { ["$className"] = instance.ClassName }
	if instance:IsA("LuaSourceContainer") then
		described["$source"] = instance.Source
	end
	if node and node["$properties"] then
		described["$properties"] = {}
		for property in node["$properties"] do
			described["$properties"][property] = inWords(instance[property])
		end
	end
	for _, child in instance:GetChildren() do
		assert(described[child.Name] == nil, child.Name)
		described[child.Name] = describe(child, node and node[child.Name])
	end
	return described
end

local project = serde.decode("json", fs.readFile(project))
if content == "place" then
	return describe(roblox.deserializePlace(fs.readFile(file)), project.tree)
end
local instances = roblox.deserializeModel(fs.readFile(file))
assert(#instances == 1 and instances[1].Name == project.name)
return describe(instances[1], project.tree)
"""


def intended(node: dict[str, Any]) -> dict[str, Any]:
    """A project's node as Lune should read it back: scripts by their class and text, and what is in folders."""
    if "$path" in node:
        return read(PLACE_FOLDER / node["$path"])
    return {name: each if name.startswith("$") else intended(each) for name, each in node.items()}


def read(path: Path) -> dict[str, Any]:
    """A file or a folder in the same words."""
    if path.is_dir():
        inside = {each.name.partition(".")[0]: read(each) for each in path.iterdir()}
        return inside.pop("init", {"$className": "Folder"}) | inside
    class_name = "LocalScript" if path.name.endswith(".client.luau") else "ModuleScript"
    return {"$className": class_name, "$source": path.read_text(encoding="utf-8")}


def leaves(value: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """Everything in nested tables, by the way to it."""
    if isinstance(value, (dict, list)):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, f"{way}/{name}")
    else:
        yield way, value


@pytest.mark.parametrize(("path", "project"), FILES.items(), ids=lambda path: path.name)
def test_lune_reads_back_what_is_intended(path: Path, project: Path, tmp_path: Path) -> None:
    content = "place" if path == PLACE else "model"
    found = dict(leaves(run_lune(READ_BACK, content, str(path), str(project), folder=tmp_path)))
    wanted = dict(leaves(intended(json.loads(project.read_text(encoding="utf-8"))["tree"])))
    assert found.keys() == wanted.keys()
    for way, value in wanted.items():
        if isinstance(value, (bool, str)):
            assert found[way] == value, way
        elif "/Color/" in way:
            # A part's colour has 8 bits for each of its parts.
            assert abs(found[way] - value) <= 0.5 / 255 + 1e-7, way
        else:
            assert np.float32(found[way]) == np.float32(value), way


ODD_TEXTS = (
    *("", "\n\ta ", "\xa0", "\u3000", "]]>", "<![CDATA[x]]>", "&amp;&#10;", "\"'<>"),
    *("\x7f\x85\xa0\u2028\ufeff\ufffd", "é😀"),
)


@pytest.mark.parametrize(("class_name", "name"), [("TextLabel", "Text"), ("LocalScript", "Source")])
def test_lune_reads_back_odd_texts(class_name: str, name: str, tmp_path: Path) -> None:
    texts = tuple(Instance(class_name, text, (stored_property(class_name, name, text),)) for text in ODD_TEXTS)
    file = tmp_path / "odd.rbxmx"
    file.write_text(roblox_xml(Instance("ScreenGui", "Gui", (), texts)), encoding="utf-8", newline="\n")
    read = """
        local texts, file, property = {}, ...
        local model = require("@lune/roblox").deserializeModel(require("@lune/fs").readFile(file))[1]
        for _, child in model:GetChildren() do
            table.insert(texts, { child.Name, child[property] })
        end
        return texts
    """
    found = run_lune(read, str(file), name, folder=tmp_path)
    assert sorted(found) == sorted([text, text] for text in ODD_TEXTS)


def test_the_place_is_what_the_examples_need() -> None:
    place = ET.parse(PLACE).getroot()
    names = {item.attrib["class"]: item for item in place}
    assert names.keys() == {"ReplicatedStorage", "StarterGui", "Workspace", "Lighting"}
    (menu,) = (each.text for each in names["StarterGui"].iterfind(".//ProtectedString"))
    assert menu == (PLACE_FOLDER / "src" / "StarterGui" / "Menu.client.luau").read_text(encoding="utf-8")
    folder = PLACE_FOLDER / "src" / "ReplicatedStorage" / "Examples"
    (examples,) = names["ReplicatedStorage"].iterfind("Item[@class='Folder']")
    sources = {each.text for each in examples.iterfind(".//ProtectedString")}
    assert sources == {script.read_text(encoding="utf-8") for script in folder.rglob("*.luau")}


def modules(item: ET.Element, way: str = "") -> Iterator[tuple[str, str | None]]:
    """The sources of an item and of what is in it, by the files that they come from; of a Folder there is none."""
    name = item.findtext("Properties/string[@name='Name']", "")
    items = item.findall("Item")
    if item.attrib["class"] != "Folder":
        assert item.attrib["class"] == "ModuleScript"
        yield f"{way}{name}{'/init' if items else ''}.luau", item.findtext("Properties/ProtectedString")
    for each in items:
        yield from modules(each, f"{way}{name}/")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_model_and_place_hold_the_library_file_by_file(path: Path) -> None:
    (library,) = (
        ET.parse(path).getroot().iterfind(".//Item[@class='ModuleScript']/Properties/string[.='KNNLibrary']/../..")
    )
    found = list(modules(library))
    files = {
        each.relative_to(LIBRARY.parent).as_posix(): each.read_text(encoding="utf-8")
        for each in LIBRARY.rglob("*")
        if each.is_file()
    }
    assert {"KNNLibrary/init.luau", "KNNLibrary/api/running.luau"} <= files.keys()
    assert dict(found) == files
    assert len(found) == len(files)
