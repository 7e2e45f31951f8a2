"""A tree of instances → Roblox's own files in XML, .rbxmx and .rbxlx."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from codegen.roblox.properties import StoredProperty, stored_property

PLACE = "DataModel"


@dataclass(frozen=True)
class Instance:
    """One instance and what is inside it; among the properties its name is left out."""

    class_name: str
    name: str
    properties: tuple[StoredProperty, ...] = ()
    children: tuple["Instance", ...] = ()


def roblox_xml(root: Instance) -> str:
    """The text of an .rbxlx file, for a place, or else of an .rbxmx file.

    Neither an XML declaration nor a comment stands in front: Roblox knows its files by ``<roblox `` at their start.

    Raises:
        PropertyError: if XML does not keep a name, or a class is not known.
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
            element.text = stored.content
        else:
            for field, text in stored.content.items():
                ET.SubElement(element, field).text = text
    for child in instance.children:
        _add_item(item, child, referents)
