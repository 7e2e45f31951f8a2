"""What every runtime can do: compile chunks and call them, with values going in and out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from codegen.translate.requires import TOP, TreeError, needed_at_once, requires_of, taking_require
from engine.describe import as_number, is_array

LOADER = Path(__file__).with_name("tree_loader.luau")


class LuaError(Exception):
    """An error that a chunk raised.

    Attributes:
        position: ``chunk:line`` as Lua tells it, or empty.
        message: the text behind it.
    """

    def __init__(self, text: str) -> None:
        position, separator, message = text.partition(": ")
        chunk, _, line = position.rpartition(":")
        self.position = position if separator and chunk and line.isdigit() else ""
        self.message = message if self.position else text
        super().__init__(text)


@dataclass(frozen=True)
class Handle:
    """Something that stays in a runtime: a function, a userdata, or a table that was not copied."""

    raw: Any


class Runtime(ABC):
    """One virtual machine.

    None, booleans, numbers, strings, lists and dictionaries are copied in and out. Numbers come out as floats, and a
    table with only the keys 1 to n as a list. Python functions go in as functions of the machine; its own functions
    and userdata come out as `Handle`.

    Args:
        prelude: a chunk (Lua 5.1 and types) that runs first and may set globals.
        functions: Python functions, set as globals before that.

    Raises:
        UnavailableError: if the machine cannot be had here.
    """

    name: ClassVar[str]
    # Whether it runs Luau as it is; elsewhere types are erased, and what only Luau has is a syntax error.
    runs_luau: ClassVar[bool] = False

    @abstractmethod
    def __init__(self, prelude: str = "", functions: Mapping[str, Callable[..., Any]] | None = None) -> None: ...

    def compile(self, source: str, name: str) -> Handle:
        """A chunk (Lua 5.1 and types) as a function.

        Raises:
            LuaError: at a syntax error.
        """
        return Handle(self._compile(source, name))

    def call(self, function: Handle, *arguments: Any) -> list[Any]:
        """Call a function and copy out its results.

        Raises:
            LuaError: if it raises an error.
        """
        return [self._from_lua(result) for result in self._call(function.raw, *map(self._to_lua, arguments))]

    def keep(self, function: Handle, *arguments: Any) -> Handle:
        """Call a function and leave its first result where it is.

        Raises:
            LuaError: if it raises an error or returns nothing.
        """
        results = self._call_and_keep(function.raw, *map(self._to_lua, arguments))
        if not results:
            raise LuaError("nothing was returned")
        return Handle(results[0])

    def run(self, source: str, *arguments: Any, name: str = "script") -> list[Any]:
        """Compile a chunk and call it with the arguments in ``...``."""
        return self.call(self.compile(source, name), *arguments)

    def require(self, source: str, name: str = "KNNLibrary") -> Handle:
        """What a ModuleScript returns."""
        return self.keep(self.compile(source, name))

    def require_tree(self, files: Mapping[str, str], name: str = "KNNLibrary") -> Handle:
        """What a ModuleScript returns that has files of its own: each runs once, when it is first required.

        Args:
            files: sources by their paths, as in `codegen.translate.requires`.
            name: the name of the whole. A file is named behind it in errors: ``KNNLibrary/api/run:12``.

        Raises:
            LuaError: at a syntax error, or if a file raises an error, returns nothing or requires itself.
            TreeError: if a file requires what it cannot.
        """
        return self.loader(files, name)()

    def loader(self, files: Mapping[str, str], name: str = "KNNLibrary") -> Callable[[], Handle]:
        """What gives the same as `require_tree`, at every call anew: files are compiled once, and run again.

        Raises:
            LuaError: at a syntax error.
            TreeError: if a file requires what it cannot.
        """
        names = {path: name if path == TOP else f"{name}/{path}" for path in files}
        try:
            requires, at_once = requires_of(files), needed_at_once(files)
        except TreeError:
            # What is no Luau at all, the machine says as it says it of any source.
            for path, source in files.items():
                self._compile(source, names[path])
            raise
        chunks = {
            path: Handle(
                (self._compile if path in at_once else self._compile_late)(taking_require(source), names[path])
            )
            for path, source in files.items()
        }
        load = self.compile(LOADER.read_text(encoding="utf-8"), "loader")
        return lambda: self.keep(load, TOP, chunks, requires)

    def _compile_late(self, source: str, name: str) -> Any:
        """What `_compile` gives, where compiling takes long only once it is called."""
        return self._compile(source, name)

    def _to_lua(self, value: Any) -> Any:
        # As nearly all values are: to ask for more general kinds takes longer than all else.
        if type(value) is float:
            return value
        if type(value) is list:
            return self._table(enumerate(map(self._to_lua, value), start=1))
        if isinstance(value, Handle):
            return value.raw
        if isinstance(value, Mapping):
            return self._table((self._to_lua(key), self._to_lua(item)) for key, item in value.items())
        if is_array(value):
            return self._table((index, self._to_lua(item)) for index, item in enumerate(value, start=1))
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, np.bool_):
            return bool(value)
        number = as_number(value)
        return self._function(value) if number is None else number

    def _from_lua(self, raw: Any) -> Any:
        if raw is None or isinstance(raw, (float, bool, str)):
            return raw
        if isinstance(raw, int):
            return float(raw)
        items = self._items(raw)
        if items is None:
            return Handle(raw)
        table = {self._from_lua(key): self._from_lua(item) for key, item in items}
        # Python takes True for 1, Lua does not.
        numbered = {key: item for key, item in table.items() if not isinstance(key, bool)}
        indices = range(1, len(table) + 1)
        return [numbered[index] for index in indices] if all(index in numbered for index in indices) else table

    @abstractmethod
    def _compile(self, source: str, name: str) -> Any:
        """A chunk as a raw function."""

    @abstractmethod
    def _call(self, function: Any, *arguments: Any) -> list[Any]:
        """The raw results of a raw function."""

    def _call_and_keep(self, function: Any, *arguments: Any) -> list[Any]:
        """The same, with results that are not copied; for runtimes whose raw values are copies."""
        return self._call(function, *arguments)

    @abstractmethod
    def _table(self, items: Iterable[tuple[Any, Any]]) -> Any:
        """A new raw table."""

    @abstractmethod
    def _items(self, raw: Any) -> Iterable[tuple[Any, Any]] | None:
        """The raw keys and values of a raw table; None for anything else."""

    @abstractmethod
    def _function(self, function: Callable[..., Any]) -> Any:
        """A Python function as a raw one; it gets and gives copied values."""
