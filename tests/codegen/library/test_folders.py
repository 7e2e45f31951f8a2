"""The folders of the generated library: what each may require."""

import pytest

from codegen.translate.requires import TOP, requires_of
from tests.library import tree

# A part is a folder, or a file beside the folders; each stands on some of those before it.
PARTS: dict[str, set[str]] = {
    "interface": set(),
    "types": set(),
    "roblox": set(),
    "native": set(),
    "random": set(),
    "words": {"interface", "roblox"},
    "numbers": {"interface", "words"},
    "formulas": {"roblox"},
    "networks": {"formulas", "interface", "numbers", "random", "roblox", "types", "words"},
    "kernels": {"formulas", "interface", "networks", "types"},
    "layers": {"interface", "kernels", "networks", "types"},
    "visual": {"formulas", "interface", "networks", "roblox", "types", "words"},
    "evolution": {"formulas", "interface", "layers", "random", "types"},
    "checks": {"formulas", "interface", "layers", "networks", "numbers", "roblox", "types", "visual", "words"},
    "training": {
        *("checks", "interface", "kernels", "layers", "native", "networks", "numbers", "random", "types", "words"),
    },
    "api": {
        *("checks", "evolution", "formulas", "interface", "kernels", "layers", "networks", "numbers", "random"),
        *("roblox", "training", "types", "visual", "words"),
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
