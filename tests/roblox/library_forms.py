"""The forms in which the library is written, and the files of each."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from codegen.library.generate import BUNDLE, LIBRARY

# What a user of each form requires: the one place that says which forms there are. Everything that is held of types is
# held of each of them. A path to an init.luau is a tree: all files in its folder belong to it.
LIBRARY_FORMS: Mapping[str, Path] = MappingProxyType({"tree": LIBRARY / "init.luau", "bundle": BUNDLE})


def library_files(path: Path) -> list[Path]:
    """All files of a form, in a fixed order."""
    return sorted(path.parent.rglob("*.luau")) if path.name == "init.luau" else [path]
