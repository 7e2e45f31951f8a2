"""The table of Roblox's properties: what it stores and refuses, and that Roblox knows every entry."""

import json
from typing import Any

import pytest

from codegen.roblox.properties import CLASSES, ENUMS, Property, PropertyError, stored_property
from tests.lune import run_lune

# What Roblox's reflection database knows of the classes and enums that are asked for.
LOOK_UP = """
local asked = serde.decode("json", (...))
local database = require("@lune/roblox").getReflectionDatabase()
local known = { classes = {}, enums = {} }
for _, name in asked.classes do
	local class = assert(database:GetClass(name), name)
	local datatypes = {}
	for property, description in class.Properties do
		datatypes[property] = description.Datatype
	end
	known.classes[name] = { superclass = class.Superclass, datatypes = datatypes }
end
for _, name in asked.enums do
	known.enums[name] = assert(database:GetEnum(name), name).Items
end
return known
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Roblox's facts about everything in the table."""
    asked = json.dumps({"classes": list(CLASSES), "enums": list(ENUMS)})
    return run_lune(LOOK_UP, asked, folder=tmp_path_factory.mktemp("lune"))


@pytest.mark.parametrize("name", CLASSES)
def test_roblox_has_the_class(known: Any, name: str) -> None:
    # Above Instance, Roblox has one more class, without anything that a file could hold.
    assert known["classes"][name]["superclass"] == (CLASSES[name].superclass or "Object")


@pytest.mark.parametrize(
    ("class_name", "name", "listed"),
    [(class_name, name, listed) for class_name, each in CLASSES.items() for name, listed in each.properties.items()],
)
def test_roblox_has_the_property(known: Any, class_name: str, name: str, listed: Property) -> None:
    datatypes = known["classes"][class_name]["datatypes"]
    assert datatypes[name] == listed.datatype
    if listed.stored_name:
        assert datatypes[listed.stored_name] == (listed.stored_datatype or listed.datatype)


@pytest.mark.parametrize("name", ENUMS)
def test_roblox_has_the_items(known: Any, name: str) -> None:
    assert ENUMS[name].items() <= known["enums"][name].items()


@pytest.mark.parametrize(
    ("class_name", "name", "value", "stored"),
    [
        ("TextLabel", "Text", "a < b", ("Text", "string", "a < b")),
        ("TextLabel", "Text", "", ("Text", "string", "")),
        ("LocalScript", "Source", "x()", ("Source", "ProtectedString", "x()")),
        ("Part", "Anchored", True, ("Anchored", "bool", "true")),
        ("ScreenGui", "ResetOnSpawn", False, ("ResetOnSpawn", "bool", "false")),
        ("ScreenGui", "DisplayOrder", -3, ("DisplayOrder", "int", "-3")),
        ("ScreenGui", "DisplayOrder", 2**31 - 1, ("DisplayOrder", "int", "2147483647")),
        ("Lighting", "Brightness", 2, ("Brightness", "float", "2")),
        ("Lighting", "Brightness", 2.0, ("Brightness", "float", "2")),
        ("Lighting", "Brightness", 0.1, ("Brightness", "float", "0.1")),
        ("SpawnLocation", "Material", "Grass", ("Material", "token", "1280")),
        ("TextLabel", "AnchorPoint", [0.5, 1], ("AnchorPoint", "Vector2", {"X": "0.5", "Y": "1"})),
        ("Part", "Size", [1, 2, 3], ("size", "Vector3", {"X": "1", "Y": "2", "Z": "3"})),
        ("TextLabel", "TextColor3", [0, 0.5, 1], ("TextColor3", "Color3", {"R": "0", "G": "0.5", "B": "1"})),
        ("Part", "Color", [1, 0.5, 0.002], ("Color3uint8", "Color3uint8", str(0xFF8001))),
        (
            "TextLabel",
            "Position",
            {"UDim2": [[0.5, -3], [1, 4]]},
            ("Position", "UDim2", {"XS": "0.5", "XO": "-3", "YS": "1", "YO": "4"}),
        ),
        (
            "Part",
            "CFrame",
            [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            (
                "CFrame",
                "CoordinateFrame",
                {"X": "1", "Y": "2", "Z": "3", "R00": "4", "R01": "5", "R02": "6", "R10": "7", "R11": "8", "R12": "9"}
                | {"R20": "10", "R21": "11", "R22": "12"},
            ),
        ),
    ],
)
def test_each_type_is_stored_as_roblox_stores_it(class_name: str, name: str, value: object, stored: object) -> None:
    result = stored_property(class_name, name, value)
    assert (result.name, result.tag, result.content) == stored


@pytest.mark.parametrize(
    ("class_name", "name", "value", "message"),
    [
        ("Cheese", "Name", "x", "The class must be one of codegen/roblox/properties.py, got 'Cheese'."),
        (
            "Script",
            "Text",
            "x",
            "The property must be one that codegen/roblox/properties.py lists for Script, got 'Text'.",
        ),
        ("TextLabel", "Text", 3, "TextLabel.Text must be a string, got 3."),
        (
            "TextLabel",
            "Text",
            "a\0",
            "TextLabel.Text must be text that XML keeps, got U+0000 at position 1.",
        ),
        (
            "TextLabel",
            "Text",
            "\r\n",
            "TextLabel.Text must be text that XML keeps, got U+000D at position 0.",
        ),
        (
            "TextLabel",
            "Text",
            "\ud800",
            "TextLabel.Text must be text that XML keeps, got U+D800 at position 0.",
        ),
        (
            "TextLabel",
            "Text",
            " \n",
            "TextLabel.Text must be text that XML keeps, got U+0020 at position 0.",
        ),
        ("Part", "Anchored", 1, "Part.Anchored must be true or false, got 1."),
        ("ScreenGui", "DisplayOrder", 1.0, "ScreenGui.DisplayOrder must be a 32-bit integer, got 1.0."),
        ("ScreenGui", "DisplayOrder", True, "ScreenGui.DisplayOrder must be a 32-bit integer, got True."),
        ("ScreenGui", "DisplayOrder", 2**31, "ScreenGui.DisplayOrder must be a 32-bit integer, got 2147483648."),
        ("Lighting", "Brightness", "2", "Lighting.Brightness must be a number, got '2'."),
        ("Lighting", "Brightness", True, "Lighting.Brightness must be a number, got True."),
        ("Lighting", "Brightness", float("nan"), "Lighting.Brightness must be a number, got nan."),
        ("Lighting", "Brightness", 1e39, "Lighting.Brightness must be a number, got 1e+39."),
        ("Part", "Material", "Cheese", "Part.Material must be one of Plastic, SmoothPlastic, Grass, got 'Cheese'."),
        ("Part", "Material", ["Grass"], "Part.Material must be one of Plastic, SmoothPlastic, Grass, got ['Grass']."),
        ("Part", "Size", [1, 2], "Part.Size must be an array of 3 numbers, got [1, 2]."),
        ("Part", "Color", [0, 0, 1.5], "Part.Color must be an array of 3 numbers from 0 to 1, got [0, 0, 1.5]."),
        (
            "TextLabel",
            "Size",
            {"UDim2": [[1, 0.5], [1, 0]]},
            (
                'TextLabel.Size must be {"UDim2": [[scale, offset], [scale, offset]]} with integer offsets, '
                "got {'UDim2': [[1, 0.5], [1, 0]]}."
            ),
        ),
    ],
)
def test_what_cannot_be_stored_is_refused(class_name: str, name: str, value: object, message: str) -> None:
    with pytest.raises(PropertyError) as refusal:
        stored_property(class_name, name, value)
    assert str(refusal.value) == message
