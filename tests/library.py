"""The committed library in its two forms, a tree of modules and one script, and which runtimes run which."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from codegen.library.bundle import left_out_of
from codegen.library.generate import BUNDLE, LIBRARY
from codegen.runtimes import Handle, Runtime

# Sources by their paths, or one source.
Library = Mapping[str, str] | str
# A file that returns this is as good as none.
NONE = "return false\n"


@cache
def tree() -> Mapping[str, str]:
    """The modules by their paths, as `Runtime.require_tree` takes them."""
    paths = sorted(LIBRARY.rglob("*.luau"))
    return {path.relative_to(LIBRARY).with_suffix("").as_posix(): path.read_text(encoding="utf-8") for path in paths}


@cache
def bundle() -> str:
    """The one script."""
    return BUNDLE.read_text(encoding="utf-8")


def missing_in(library: Library) -> list[str]:
    """The files that a library does without."""
    if isinstance(library, str):
        return left_out_of(library)
    return [path for path, source in library.items() if source == NONE]


FORMS: Mapping[str, Callable[[], Library]] = MappingProxyType({"tree": tree, "bundle": bundle})

# Runtime and form, by the name of the pair. Plain Lua gets the bundle, for which it is made.
PAIRS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        f"{runtime}-{form}": (runtime, form)
        for runtime, form in (
            ("lua51", "bundle"),
            ("luajit21", "bundle"),
            ("luau", "bundle"),
            ("luau", "tree"),
            ("lune", "tree"),
            ("lune-native", "tree"),
        )
    }
)


def require(runtime: Runtime, library: Library) -> Handle:
    """What requiring the library gives."""
    return loader(runtime, library)()


def loader(runtime: Runtime, library: Library) -> Callable[[], Handle]:
    """What gives the same at every call anew; the library is compiled once."""
    if not isinstance(library, str):
        return runtime.loader(library)
    chunk = runtime.compile(library, BUNDLE.stem)
    return lambda: runtime.keep(chunk)
