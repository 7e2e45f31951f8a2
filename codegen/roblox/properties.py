"""The properties of Roblox's classes that the place uses: their types, and how files store them.

To use one more in a project file, add it to the class that declares it. `tests/codegen/roblox/test_properties.py`
holds all of this against Roblox's reflection database.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


class PropertyError(ValueError):
    """A class, a property or a value that cannot be stored. The text says what is wrong with it."""


@dataclass(frozen=True)
class StoredProperty:
    """A property as a file holds it.

    Attributes:
        name: its name in files.
        tag: the type of its element.
        content: its text, or the texts of the elements inside it by their names.
    """

    name: str
    tag: str
    content: str | Mapping[str, str]


@dataclass(frozen=True)
class Datatype:
    """A type of properties.

    Attributes:
        tag: the element that holds it in a file.
        expected: what a project file must hold, in words.
        texts: the texts that a file holds for such a value; None for any other value.
        fields: the names of the elements for these texts; empty if one text is all.
    """

    tag: str
    expected: str
    texts: Callable[[object], list[str] | None]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Property:
    """A property of a class.

    Attributes:
        datatype: its type in `DATATYPES`, or ``Enum.…`` in `ENUMS`.
        stored_name: its name in files, where that is another.
        stored_datatype: its type in files, where that is another.
    """

    datatype: str
    stored_name: str = ""
    stored_datatype: str = ""


@dataclass(frozen=True)
class RobloxClass:
    """What a class adds to the one above it."""

    superclass: str
    properties: Mapping[str, Property]


# What XML cannot hold, and what reading changes: a carriage return into a line feed, blanks alone into nothing.
_LOST_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\\A[\t\n ]+\\Z")

# The largest single-precision number.
_LARGEST = (2 - 2**-23) * 2.0**127


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31


def _string(value: object) -> list[str] | None:
    return [value] if isinstance(value, str) else None


def _boolean(value: object) -> list[str] | None:
    return [str(value).lower()] if isinstance(value, bool) else None


def _integer(value: object) -> list[str] | None:
    return [_written(value)] if _is_integer(value) else None


def _number(value: object) -> list[str] | None:
    return [_written(value)] if _is_number(value) else None


def _written(number: object) -> str:
    return repr(number).removesuffix(".0")


def _numbers(count: int) -> Callable[[object], list[str] | None]:
    def texts(value: object) -> list[str] | None:
        if not isinstance(value, list) or len(value) != count or not all(map(_is_number, value)):
            return None
        return [_written(number) for number in value]

    return texts


def _scales_and_offsets(value: object) -> list[str] | None:
    match value:
        case {"UDim2": [[x_scale, x_offset], [y_scale, y_offset]], **rest} if not rest:
            if all(map(_is_number, (x_scale, y_scale))) and all(map(_is_integer, (x_offset, y_offset))):
                return [_written(number) for number in (x_scale, x_offset, y_scale, y_offset)]
    return None


def _packed_colour(value: object) -> list[str] | None:
    if _numbers(3)(value) is None or not isinstance(value, list) or not all(0 <= part <= 1 for part in value):
        return None
    red, green, blue = (math.floor(part * 255 + 0.5) for part in value)
    return [str(red << 16 | green << 8 | blue)]


DATATYPES: Mapping[str, Datatype] = MappingProxyType(
    {
        "String": Datatype("string", "a string", _string),
        "ProtectedString": Datatype("ProtectedString", "a string", _string),
        "Bool": Datatype("bool", "true or false", _boolean),
        "Int32": Datatype("int", "a 32-bit integer", _integer),
        "Float32": Datatype("float", "a number", _number),
        "Vector2": Datatype("Vector2", "an array of 2 numbers", _numbers(2), ("X", "Y")),
        "Vector3": Datatype("Vector3", "an array of 3 numbers", _numbers(3), ("X", "Y", "Z")),
        "Color3": Datatype("Color3", "an array of 3 numbers", _numbers(3), ("R", "G", "B")),
        "Color3uint8": Datatype("Color3uint8", "an array of 3 numbers from 0 to 1", _packed_colour),
        "UDim2": Datatype(
            "UDim2",
            '{"UDim2": [[scale, offset], [scale, offset]]} with integer offsets',
            _scales_and_offsets,
            ("XS", "XO", "YS", "YO"),
        ),
        "CFrame": Datatype(
            "CoordinateFrame",
            "an array of 12 numbers, the position and the rows of the rotation",
            _numbers(12),
            ("X", "Y", "Z", "R00", "R01", "R02", "R10", "R11", "R12", "R20", "R21", "R22"),
        ),
    }
)

# The items that may be used, with the numbers that files hold for them.
ENUMS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "Material": {"Plastic": 256, "SmoothPlastic": 272, "Grass": 1280},
        "ScreenInsets": {"None": 0, "DeviceSafeInsets": 1, "CoreUISafeInsets": 2},
        "ScreenOrientation": {"LandscapeSensor": 2, "Portrait": 3, "Sensor": 4},
        "ZIndexBehavior": {"Global": 0, "Sibling": 1},
    }
)

CLASSES: Mapping[str, RobloxClass] = MappingProxyType(
    {
        "Instance": RobloxClass("", {"Name": Property("String")}),
        "DataModel": RobloxClass("ServiceProvider", {}),
        "ServiceProvider": RobloxClass("Instance", {}),
        # Services
        "Lighting": RobloxClass(
            "Instance",
            {
                "Ambient": Property("Color3"),
                "Brightness": Property("Float32"),
                "GlobalShadows": Property("Bool"),
                "OutdoorAmbient": Property("Color3"),
                "TimeOfDay": Property("String"),
            },
        ),
        "ReplicatedStorage": RobloxClass("Instance", {}),
        "BasePlayerGui": RobloxClass("Instance", {}),
        "StarterGui": RobloxClass("BasePlayerGui", {"ScreenOrientation": Property("Enum.ScreenOrientation")}),
        "Workspace": RobloxClass("WorldRoot", {}),
        "Folder": RobloxClass("Instance", {}),
        # Scripts; Roblox's own tools write a Source as a protected string, which reads back as a string
        "LuaSourceContainer": RobloxClass("Instance", {}),
        "ModuleScript": RobloxClass(
            "LuaSourceContainer", {"Source": Property("String", stored_datatype="ProtectedString")}
        ),
        "BaseScript": RobloxClass("LuaSourceContainer", {}),
        "Script": RobloxClass("BaseScript", {"Source": Property("String", stored_datatype="ProtectedString")}),
        "LocalScript": RobloxClass("Script", {}),
        # The world
        "PVInstance": RobloxClass("Instance", {}),
        "Model": RobloxClass("PVInstance", {"NeedsPivotMigration": Property("Bool")}),
        "WorldRoot": RobloxClass("Model", {}),
        "BasePart": RobloxClass(
            "PVInstance",
            {
                "Anchored": Property("Bool"),
                "CFrame": Property("CFrame"),
                "Color": Property("Color3", stored_name="Color3uint8", stored_datatype="Color3uint8"),
                "Locked": Property("Bool"),
                "Material": Property("Enum.Material"),
                "Size": Property("Vector3", stored_name="size"),
            },
        ),
        "FormFactorPart": RobloxClass("BasePart", {}),
        "Part": RobloxClass("FormFactorPart", {}),
        "SpawnLocation": RobloxClass("Part", {}),
        # The screen
        "GuiBase": RobloxClass("Instance", {}),
        "GuiBase2d": RobloxClass("GuiBase", {}),
        "LayerCollector": RobloxClass(
            "GuiBase2d", {"ResetOnSpawn": Property("Bool"), "ZIndexBehavior": Property("Enum.ZIndexBehavior")}
        ),
        "ScreenGui": RobloxClass(
            "LayerCollector", {"DisplayOrder": Property("Int32"), "ScreenInsets": Property("Enum.ScreenInsets")}
        ),
        "GuiObject": RobloxClass(
            "GuiBase2d",
            {
                "AnchorPoint": Property("Vector2"),
                "BackgroundColor3": Property("Color3"),
                "BackgroundTransparency": Property("Float32"),
                "BorderSizePixel": Property("Int32"),
                "Position": Property("UDim2"),
                "Size": Property("UDim2"),
            },
        ),
        "GuiLabel": RobloxClass("GuiObject", {}),
        "TextLabel": RobloxClass(
            "GuiLabel",
            {
                "Text": Property("String"),
                "TextColor3": Property("Color3"),
                "TextScaled": Property("Bool"),
                "TextWrapped": Property("Bool"),
            },
        ),
    }
)


def known_class(name: str) -> RobloxClass:
    """A class by its name.

    Raises:
        PropertyError: if it is not listed here.
    """
    if name not in CLASSES:
        raise PropertyError(f"The class must be one of codegen/roblox/properties.py, got {name!r}.")
    return CLASSES[name]


def find_property(class_name: str, name: str) -> Property:
    """A property of a class or of one that it inherits from.

    Raises:
        PropertyError: if the class or the property is not listed here.
    """
    ancestor = known_class(class_name)
    while name not in ancestor.properties:
        if not ancestor.superclass:
            listed = f"one that codegen/roblox/properties.py lists for {class_name}"
            raise PropertyError(f"The property must be {listed}, got {name!r}.")
        ancestor = CLASSES[ancestor.superclass]
    return ancestor.properties[name]


def stored_property(class_name: str, name: str, value: object) -> StoredProperty:
    """A property as a file holds it.

    Args:
        class_name: the class of the instance.
        name: the property's name in a script.
        value: what a project file holds for it.

    Raises:
        PropertyError: if the class or the property is not listed here, the value is not of its type, or it is text
            that XML does not keep.
    """
    listed = find_property(class_name, name)
    datatype = _datatype(listed.stored_datatype or listed.datatype)
    texts = datatype.texts(value)
    if texts is None:
        raise PropertyError(f"{class_name}.{name} must be {datatype.expected}, got {value!r}.")
    for text in texts:
        if found := _LOST_IN_XML.search(text):
            character = f"U+{ord(found[0][0]):04X} at position {found.start()}"
            raise PropertyError(f"{class_name}.{name} must be text that XML keeps, got {character}.")
    content = dict(zip(datatype.fields, texts, strict=True)) if datatype.fields else texts[0]
    return StoredProperty(listed.stored_name or name, datatype.tag, content)


def _datatype(name: str) -> Datatype:
    if name in DATATYPES:
        return DATATYPES[name]
    items = ENUMS[name.removeprefix("Enum.")]
    return Datatype(
        "token",
        f"one of {', '.join(items)}",
        lambda value: [str(items[value])] if isinstance(value, str) and value in items else None,
    )
