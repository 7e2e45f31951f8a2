"""How much native code Luau makes of the library: a file above some 4 MB would stay interpreted, without a word."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from codegen.library.generate import LIBRARY
from codegen.tools import TOOLS
from codegen.translate.requires import needed_at_once
from codegen.unavailable import UnavailableError

_SCRIPT = Path(__file__).with_name("native_code.luau")
# What says how large it is; only Linux has it.
_MAPS = Path("/proc/self/smaps")


@dataclass(frozen=True)
class NativeCode:
    """Bytes of native code, by the paths of the files that ask for it, and which of these are there from the start."""

    sizes: dict[str, int]
    at_once: frozenset[str]

    def told(self) -> str:
        """In a line."""
        largest = max(self.sizes, key=self.sizes.__getitem__)
        loaded = _megabytes(sum(size for path, size in self.sizes.items() if path in self.at_once))
        return (
            f"Native code of the library: {loaded} when it is loaded, {_megabytes(sum(self.sizes.values()))} once all "
            f"of it is in use; most in a file: {_megabytes(self.sizes[largest])}, {largest}."
        )


def native_code() -> NativeCode:
    """Measure it.

    Raises:
        UnavailableError: where that cannot be done; the message says why.
    """
    if not _MAPS.exists():
        raise UnavailableError("How much native code the library makes is only told on Linux.")
    sources = {
        path.relative_to(LIBRARY).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(LIBRARY.rglob("*.luau"))
    }
    native = [path for path, source in sources.items() if "--!native" in source.partition("\nlocal ")[0]]
    command = [str(TOOLS["lune"].path), "run", str(_SCRIPT), *(str(LIBRARY / f"{path}.luau") for path in native)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    sizes = dict(zip(native, map(int, answer.stdout.split()), strict=True))
    return NativeCode(sizes, frozenset(needed_at_once(sources)))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"
