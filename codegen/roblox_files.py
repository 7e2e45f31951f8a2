"""A tree of instances → Roblox's own files in XML, .rbxmx and .rbxlx."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from codegen.roblox_properties import StoredProperty, stored_property

PLACE = "DataModel"

# What XML cannot hold. A carriage return it can, but reading makes a line feed of it.
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Instance:
    """One instance and what is inside it; the properties are those that a file holds, without its name."""

    class_name: str
    name: str
    properties: tuple[StoredProperty, ...] = ()
    children: tuple["Instance", ...] = ()


def roblox_xml(root: Instance) -> str:
    """The text of an .rbxlx file, for a place, or else of an .rbxmx file.

    There is neither an XML declaration nor a comment in front: Roblox knows its files by ``<roblox `` at their start.

    Raises:
        ValueError: if a text cannot be written in XML.
    """
    document = ET.Element("roblox", version="4")
    referents = (f"RBX{number}" for number in count())
    for item in root.children if root.class_name == PLACE else (root,):
        _add_item(document, item, referents)
    ET.indent(document, "\t")
    return ET.tostring(document, encoding="unicode", short_empty_elements=False) + "\n"


def _add_item(parent: ET.Element, instance: Instance, referents: Iterator[str]) -> None:
    item = ET.SubElement(parent, "Item", {"class": instance.class_name, "referent": next(referents)})
    properties = ET.SubElement(item, "Properties")
    for stored in (stored_property(instance.class_name, "Name", instance.name), *instance.properties):
        element = ET.SubElement(properties, stored.tag, name=stored.name)
        if isinstance(stored.content, str):
            element.text = _checked(stored.content, f"{instance.name}.{stored.name}")
        else:
            for field, text in stored.content.items():
                ET.SubElement(element, field).text = text
    for child in instance.children:
        _add_item(item, child, referents)


def _checked(text: str, name: str) -> str:
    found = _NOT_IN_XML.search(text)
    if found:
        raise ValueError(f"{name} must be text that XML can hold, got U+{ord(found[0]):04X} at {found.start()}.")
    return text
