"""Programs from outside Python that check what is generated: pinned, in a cache that every clone shares.

`scripts/install_tools.py` installs them; the runtimes and the tests look for them here.
"""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from platformdirs import user_cache_path

from codegen.unavailable import UnavailableError

ROOT = Path(__file__).parent.parent
CACHE = user_cache_path("luaunn", appauthor=False)
CHECKER_SOURCE = ROOT / "scripts" / "luau_check"
EXECUTABLE = ".exe" if sys.platform == "win32" else ""


class Registry(Enum):
    """Where a tool comes from."""

    CRATES = "crates.io"
    NPM = "npm"
    OWN = "scripts/"


@dataclass(frozen=True)
class Tool:
    """One tool: its name here, its package and version in its registry, and what is used of it, from its folder."""

    name: str
    package: str
    version: str
    registry: Registry
    file: str

    @property
    def folder(self) -> Path:
        """Where this version of it is installed."""
        return CACHE / f"{self.name}-{self.version}"

    @property
    def is_installed(self) -> bool:
        """Whether it is there."""
        return (self.folder / self.file).exists()

    @property
    def path(self) -> Path:
        """What is used of it.

        Raises:
            UnavailableError: if it is not installed.
        """
        if not self.is_installed:
            raise UnavailableError(left_out(self.name))
        return self.folder / self.file


def left_out(*names: str) -> str:
    """The sentence for tools that are not installed."""
    verb, pronoun = ("is", "it") if len(names) == 1 else ("are", "them")
    return f"{', '.join(names)} {verb} left out: python scripts/install_tools.py installs {pronoun}."


def _own_version() -> str:
    """A version for the type checker's program: another one whenever a file of it changes."""
    files = sorted(path for path in CHECKER_SOURCE.rglob("*") if path.suffix in {".rs", ".cpp", ".toml", ".lock"})
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        tool.name: tool
        for tool in (
            Tool("lune", "lune", "0.11.1", Registry.CRATES, f"bin/lune{EXECUTABLE}"),
            Tool("rojo", "rojo", "7.7.1", Registry.CRATES, f"bin/rojo{EXECUTABLE}"),
            Tool("selene", "selene", "0.31.0", Registry.CRATES, f"bin/selene{EXECUTABLE}"),
            Tool("luau-check", "luau-check", _own_version(), Registry.OWN, f"bin/luau-check{EXECUTABLE}"),
            Tool(
                "stylua",
                "@johnnymorganz/stylua-bin",
                "2.5.2",
                Registry.NPM,
                "node_modules/.bin/stylua" + (".cmd" if EXECUTABLE else ""),
            ),
            Tool("roblox-types", "@rbxts/types", "1.0.954", Registry.NPM, "node_modules/@rbxts/types/include"),
        )
    }
)
