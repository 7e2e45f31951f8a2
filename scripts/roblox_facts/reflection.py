"""Lune's reflection database: classes, what they inherit from, properties with their types, and enums."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen.tools import TOOLS
from roblox_facts.fact_error import FactError

_PROGRAM = Path(__file__).with_name("reflection.luau")


@dataclass(frozen=True)
class Property:
    """One property: the name of its type as Roblox writes it, who may use it, and whether one should."""

    type: str
    access: str
    deprecated: bool


@dataclass(frozen=True)
class Class:
    """One class with the properties that it adds to its superclass."""

    superclass: str | None
    properties: Mapping[str, Property]


@dataclass(frozen=True)
class Reflection:
    """Some classes with all their superclasses, and some enums with their items."""

    classes: Mapping[str, Class]
    enums: Mapping[str, frozenset[str]]

    def lineage(self, name: str) -> list[str]:
        """A class and its superclasses, nearest first.

        Raises:
            FactError: if Roblox has no such class.
        """
        if name not in self.classes:
            raise FactError(f"Roblox has no class {name}.")
        superclass = self.classes[name].superclass
        return [name, *(self.lineage(superclass) if superclass else [])]


def read_reflection(classes: Iterable[str], enums: Iterable[str]) -> Reflection:
    """What Lune knows of these classes and enums.

    Raises:
        UnavailableError: if Lune is not installed.
    """
    command = [str(TOOLS["lune"].path), "run", str(_PROGRAM), ",".join(classes), ",".join(enums)]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    found = json.loads(printed)
    return Reflection(
        {
            name: Class(
                entry.get("superclass"),
                {each: Property(**facts) for each, facts in (entry["properties"] or {}).items()},
            )
            for name, entry in found["classes"].items()
        },
        {name: frozenset(items) for name, items in found["enums"].items()},
    )
