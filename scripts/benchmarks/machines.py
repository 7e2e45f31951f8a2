"""The machines in which Luau races, and the contestants in them."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.race import Contestant
from benchmarks.tasks import SETTINGS, Shape, Task
from benchmarks.versions import LeftOut, paired
from codegen.export.limits import Precision
from codegen.export.module import inference_module
from codegen.library.generate import BUNDLE, LIBRARY
from codegen.runtimes import RUNTIMES, Handle, LuaError, Runtime
from codegen.runtimes.lune import Lune, LuneNative
from codegen.runtimes.runtime import LOADER
from codegen.translate.erase_types import erase_types
from codegen.translate.requires import TOP, requires_of, taking_require

HERE = Path(__file__).parent

# By the names of the command line.
MACHINES: Mapping[str, type[Runtime]] = MappingProxyType(
    {
        "luau": RUNTIMES["luau"],
        "lune": RUNTIMES["lune"],
        "lune-native": RUNTIMES["lune-native"],
        "luajit": RUNTIMES["luajit21"],
    }
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "luau": "Luau, interpreted",
        "lune": "Lune, interpreted",
        "lune-native": "Lune, native code",
        "luajit": "LuaJIT",
        "python": "Python",
    }
)

_VERSION = "return jit and jit.version or _VERSION"
_JSON = """
if not game then
	return nil, (...).loadNet
end
local http = game:GetService("HttpService")
return function(network) return http:JSONEncode(network) end, function(text) return http:JSONDecode(text) end
"""
_MAKE = """
local makers, name, shape, samples, more = ...
return makers[name](shape, samples, unpack(more))
"""
_LOOK = """
local one = (...)[select(2, ...)]
return one.name, one.calls, one.rough, one.apart, one.ofLibrary, one.build
"""
_IS_LIBRARY = """
local library = ...
return type(library) == "table" and type(library.createNet) == "function" and type(library.forwardNet) == "function"
"""
_PLAIN = """
return {{
	total = function(values, inputs)
		local sum = 0
		for s = 1, #inputs do
			local input = inputs[s]
			sum += (values({arguments}))
		end
		return sum
	end,
	outputs = function(values, input)
		return {{ values({arguments}) }}
	end,
}}
"""


class NoLibraryError(Exception):
    """A file is no version of the library, or none for a runtime; one line says why."""


@dataclass(frozen=True)
class Other:
    """Another version of the library, in one script.

    Attributes:
        name: what it is called.
        source: its text.
    """

    name: str
    source: str = field(repr=False)


def library_files(runtime: str) -> Mapping[str, str]:
    """The files of the present library that a runtime loads, by their paths; here and nowhere else it is said which."""
    if runtime == "luajit":
        return {TOP: _read(BUNDLE)}
    return {path.relative_to(LIBRARY).with_suffix("").as_posix(): _read(path) for path in LIBRARY.rglob("*.luau")}


class Machine:
    """One runtime with the library, the textbook implementation and the makers of contestants in it.

    Args:
        name: the runtime's name on the command line.
        other: another version of the library, which is loaded beside it.
        other_first: whether that is loaded before the present one. What comes second has an advantage, of a fifth in
            some races in native code, since it lies elsewhere in memory.

    Raises:
        UnavailableError: if the runtime cannot be had here.
        NoLibraryError: if the other version is none.
    """

    def __init__(self, name: str, other: Other | None = None, *, other_first: bool = False) -> None:
        runtime = MACHINES[name]
        prelude = HERE / ("roblox.luau" if issubclass(runtime, Lune) else "stand_in.luau")
        self.runtime = runtime(_read(prelude))
        self._time, self._bytes = self.runtime.run(_read(HERE / "clock.luau"), name="clock.luau")
        self._files = library_files(name)
        self._other = other
        other_library = None
        if other is not None and other_first:
            other_library = self._load_other(name, other)
        self.library = self._load(self._files)
        if other is not None and not other_first:
            other_library = self._load_other(name, other)
        encode, decode = self.runtime.run(_JSON, self.library)
        self.textbook = self._chunk("textbook.luau", decode)
        self._encode = encode
        self._by_hand = self._chunk("by_hand.luau")
        self._makers = self._makers_for(self.library)
        self._other_makers = None if other_library is None else self._makers_for(other_library)

    @property
    def version(self) -> str:
        """What it is, with its version."""
        (said,) = self.runtime.run(_VERSION)
        return str(said)

    def contestants(self, task: Task, shape: Shape) -> list[Contestant]:
        """The contestants of a task, textbook first where there is one."""
        return self._made(self._makers, self._files, task, shape)

    def contestants_of_both(self, task: Task, shape: Shape) -> tuple[list[Contestant], list[LeftOut]]:
        """The same with those of the other version between them, and which of these it cannot be."""
        assert self._other is not None
        assert self._other_makers is not None
        others = self._made(self._other_makers, {TOP: self._other.source}, task, shape)
        return paired(self.contestants(task, shape), others, self._other.name)

    def _load(self, files: Mapping[str, str]) -> Handle:
        if len(files) == 1:
            return self.runtime.require(files[TOP])
        return self.runtime.require_tree(files)

    def _load_other(self, runtime: str, other: Other) -> Handle:
        try:
            library = self.runtime.require(other.source, other.name)
        except LuaError as error:
            raise NoLibraryError(f"{other.name} does not load ({TITLES[runtime]}): {_line(error)}") from error
        (is_library,) = self.runtime.run(_IS_LIBRARY, library)
        if not is_library:
            raise NoLibraryError(f"{other.name} is no version of the library: it has no createNet and forwardNet.")
        return library

    def _makers_for(self, library: Handle) -> Handle:
        """The makers of contestants for a version of the library: a chunk of their own for each."""
        return self._chunk("contestants.luau", library, self.textbook, self._by_hand, dict(SETTINGS), self._encode)

    def _made(self, makers: Handle, files: Mapping[str, str], task: Task, shape: Shape) -> list[Contestant]:
        given: list[Handle | None] = []
        if task.name == "code":
            given = self._code(shape)
        elif task.name == "forward" and shape.is_narrow:
            given = [self._plain(shape)]
        elif task.name == "require":
            given = [self._loading(files)]
        make = self.runtime.compile(_MAKE, "make")
        made = self.runtime.keep(make, makers, task.name, shape.sizes, shape.samples, given)
        (count,) = self.runtime.run("return #(...)", made)
        return [self._contestant(made, index, task.counts_bytes) for index in range(1, int(count) + 1)]

    def _contestant(self, made: Handle, index: int, counts_bytes: bool) -> Contestant:
        name, calls, rough, apart, of_library, build = self.runtime.run(_LOOK, made, index)

        @cache
        def built() -> tuple[Handle, Handle]:
            run, answer = self.runtime.call(build)
            return run, answer

        return Contestant(
            name,
            int(calls),
            time=lambda runs: float(self.runtime.call(self._time, built()[0], runs)[0]),
            answer=None if apart else lambda: list(self.runtime.call(built()[1])[0]),
            bytes=(lambda: self.allocated(built()[0])) if counts_bytes else None,
            rough=rough,
            of_library=of_library,
        )

    def allocated(self, run: Handle) -> float:
        """The bytes that a call of a function allocates."""
        return float(self.runtime.call(self._bytes, run)[0])

    def _code(self, shape: Shape) -> list[Handle | None]:
        """The modules of one network in double and single precision, and how to give the first plain values."""
        network = shape.network()
        brain, rough = (
            self.runtime.require(inference_module(network, precision).source, f"Brain {precision.value}")
            for precision in (Precision.F64, Precision.F32)
        )
        (takes_values,) = self.runtime.run("return (...).values ~= nil", brain)
        if not takes_values:
            return [brain, rough]
        return [brain, rough, self._plain(shape)]

    def _plain(self, shape: Shape) -> Handle:
        """How a function of plain values is given inputs."""
        arguments = ", ".join(f"input[{index}]" for index in range(1, shape.inputs + 1))
        return self.runtime.require(_PLAIN.format(arguments=arguments), "plain")

    def _loading(self, files: Mapping[str, str]) -> Handle:
        """A function that compiles these files of a library and runs them, all anew."""
        sources = dict(files)
        requires: dict[str, dict[str, str]] = {path: {} for path in files}
        if len(files) > 1:
            sources = {path: taking_require(source) for path, source in files.items()}
            requires = requires_of(files)
        if not self.runtime.runs_luau:
            sources = {path: erase_types(source) for path, source in sources.items()}
        load_tree = self.runtime.compile(_read(LOADER), LOADER.name)
        is_native = isinstance(self.runtime, LuneNative)
        return self._chunk("loading.luau", load_tree, TOP, sources, requires, is_native)

    def _chunk(self, file: str, *arguments: Any) -> Handle:
        """What a file of this folder returns."""
        return self.runtime.keep(self.runtime.compile(_read(HERE / file), file), *arguments)


def python_version() -> str:
    """Python and what calculates in it, with their versions."""
    return f"Python {sys.version.split()[0]}, numpy {version('numpy')}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _line(error: LuaError) -> str:
    return str(error).partition("\n")[0]
