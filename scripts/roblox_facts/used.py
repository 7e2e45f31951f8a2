"""All of Roblox that the module and the examples may use. To use more of it, list it here and run the command again."""

from collections.abc import Mapping
from types import MappingProxyType

# Each class with what is used of it, its own and what it inherits.
CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "DataModel": ("GetService",),
        "Instance": (
            "ClassName",
            "Name",
            "Parent",
            "IsA",
            "Clone",
            "Destroy",
            "ClearAllChildren",
            "GetChildren",
            "FindFirstChild",
            "FindFirstChildOfClass",
            "WaitForChild",
            "GetAttribute",
            "SetAttribute",
        ),
        "Folder": (),
        "StringValue": ("Value",),
        "LuaSourceContainer": (),
        "ModuleScript": (),
        "Script": ("Enabled",),
        "LocalScript": ("Enabled",),
        "HttpService": ("JSONEncode", "JSONDecode"),
        "Players": ("LocalPlayer",),
        "Player": (),
        "PlayerGui": (),
        "ReplicatedStorage": (),
        "StarterGui": (),
        "GuiService": ("TouchControlsEnabled",),
        "RunService": ("Heartbeat",),
        "ScreenGui": ("ResetOnSpawn", "ZIndexBehavior"),
        "Frame": (
            "AbsolutePosition",
            "AbsoluteSize",
            "Active",
            "AnchorPoint",
            "BackgroundColor3",
            "BackgroundTransparency",
            "BorderSizePixel",
            "InputBegan",
            "InputChanged",
            "InputEnded",
            "Position",
            "Rotation",
            "Size",
            "ZIndex",
        ),
        "InputObject": ("Position", "UserInputState", "UserInputType"),
        "TextButton": ("Activated", "BorderColor3", "LayoutOrder", "Text", "TextColor3", "TextScaled"),
        "TextLabel": ("Position", "Text", "TextColor3", "TextScaled"),
        "UIAspectRatioConstraint": ("AspectRatio",),
        "UICorner": ("CornerRadius",),
        "UIListLayout": ("FillDirection", "SortOrder"),
        "UITextSizeConstraint": ("MaxTextSize",),
    }
)

# The children that the place puts there and that scripts reach by name, as if they were properties.
CHILDREN: Mapping[str, Mapping[str, str]] = MappingProxyType({"ReplicatedStorage": {"KNNLibrary": "ModuleScript"}})

# Each datatype with what is used of its values.
DATATYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Color3": ("R", "G", "B"),
        "RBXScriptConnection": ("Connected", "Disconnect"),
        "UDim": ("Scale", "Offset"),
        "UDim2": ("X", "Y"),
        "Vector2": ("X", "Y"),
        "Vector3": ("X", "Y"),
    }
)

# The tables from the names of classes to the classes, from which Instance.new and the like choose.
TABLES = ("CreatableInstances", "Instances", "Services")

# What is used of an event.
SIGNAL = ("Connect", "Once", "Wait")

# Each enum with the items that are used by name.
ENUMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "FillDirection": ("Horizontal",),
        "SortOrder": ("LayoutOrder",),
        "UserInputState": ("End",),
        "UserInputType": ("MouseButton1", "MouseMovement", "Touch"),
        "ZIndexBehavior": ("Sibling",),
    }
)

# Global tables of functions; `new` is the constructor.
LIBRARIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Color3": ("fromHSV", "fromRGB", "new"),
        "Instance": ("new",),
        "UDim": ("new",),
        "UDim2": ("fromScale", "new"),
        "Vector2": ("new",),
        "task": ("wait",),
    }
)

# Global values and functions.
GLOBALS = ("game", "script", "warn")
