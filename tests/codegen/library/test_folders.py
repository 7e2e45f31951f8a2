"""The folders of the generated library: what each may require."""

import re

import pytest

from codegen.library.render import TEMPLATES
from codegen.translate.requires import TOP, requires_of
from tests.library import tree

# A part is a folder, or a file beside the folders; each stands on some of those before it.
PARTS: dict[str, set[str]] = {
    "interface": set(),
    "types": set(),
    "roblox": set(),
    "native": set(),
    "random": set(),
    "loading": set(),
    "words": {"interface", "roblox"},
    "numbers": {"interface", "words"},
    "spelling": {"interface", "words"},
    "formulas": {"roblox"},
    "networks": {"formulas", "interface", "numbers", "random", "roblox", "spelling", "types", "words"},
    "kernels": {"formulas", "interface", "loading", "networks", "types"},
    "layers": {
        *("formulas", "interface", "kernels", "loading", "native", "networks", "numbers", "random", "roblox", "types"),
        "words",
    },
    "visual": {"formulas", "interface", "networks", "roblox", "types", "words"},
    "checks": {
        *("formulas", "interface", "layers", "networks", "numbers", "roblox", "spelling", "types", "visual", "words"),
    },
    "evolution": {"checks", "formulas", "interface", "layers", "networks", "random", "types"},
    "training": {
        *("checks", "formulas", "interface", "kernels", "layers", "loading", "native", "networks", "numbers", "random"),
        *("roblox", "types", "words"),
    },
    "api": {
        *("checks", "evolution", "formulas", "interface", "kernels", "layers", "loading", "networks", "numbers"),
        *("random", "roblox", "training", "types", "visual", "words"),
    },
    TOP: {"api", "formulas", "roblox", "types"},
}


def part_of(path: str) -> str:
    return path.split("/")[0]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_requires_just_these(part: str) -> None:
    required = {
        part_of(target)
        for path, targets in requires_of(tree()).items()
        if part_of(path) == part
        for target in targets.values()
    }
    assert required - {part} == PARTS[part]


def test_every_part_is_known_and_stands_on_those_before_it() -> None:
    assert {part_of(path) for path in tree()} == PARTS.keys()
    seen: set[str] = set()
    for part, below in PARTS.items():
        assert below <= seen
        seen.add(part)


# A network or a layer, by the names that the library gives them, and a number where an entry's name should stand.
_NUMBERED_ENTRY = re.compile(r"\b(net|network|layer|child|parent|layers\[\w+\])\[\d\]")


def test_only_networks_knows_where_things_stand_in_a_network() -> None:
    """Everybody else asks by name: a local constant, which Luau folds."""
    found = [
        f"{path}: {match[0]}"
        for path, source in template_sources().items()
        if not path.startswith("networks/")
        for match in _NUMBERED_ENTRY.finditer(source)
    ]
    assert found == []
    assert _NUMBERED_ENTRY.search("network[2]")


def template_sources() -> dict[str, str]:
    """The templates of the library by their paths in its folder, and those that several of them share."""
    folders = (TEMPLATES / "KNNLibrary", TEMPLATES / "shared")
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*.jinja")) + sorted(folder.rglob("*.luau"))
    }
