"""Luau itself, through pluau. It runs the very file that users get."""

import ctypes
import sys
import types
import weakref
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from codegen.runtimes.runtime import LuaError, Runtime
from codegen.translate.requires import SOURCES
from codegen.unavailable import UnavailableError

_PROTECTED_CALL = "return pcall(...)"
_COLLECT = 'collectgarbage("collect")'
_OPTIMIZED = {"optimization_level": 2, "debug_level": 1, "type_info_level": 1, "coverage_level": 0}


class Luau(Runtime):
    """The interpreter of Luau, with the optimisations that Roblox uses."""

    name = "luau"
    runs_luau = True

    def __init__(self, prelude: str = "", functions: Mapping[str, Callable[..., Any]] | None = None) -> None:
        pluau = _import_pluau()
        self._classes = pluau
        _empty_abandoned()
        self._lua = pluau.Lua()
        # The machine announces its end on standard output; a machine that outlives the interpreter stays quiet.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._lua))
        weakref.finalize(self, _ABANDONED.append, self._lua).atexit = False
        self._lua.set_compiler(_compiler())
        self._protected_call = self._lua.load_chunk(_PROTECTED_CALL)
        for name, function in (functions or {}).items():
            self._lua.globals().set(name, self._function(function))
        self.run(prelude, name="prelude")
        # Read-only globals let Luau call its built-in functions directly (3 to 5 times faster).
        self._lua.sandbox(True)

    def _compile(self, source: str, name: str) -> Any:
        try:
            bytecode = _bytecode(source)
        except RuntimeError:  # which does not know the chunk's name: the machine says it again, with it
            try:
                return self._lua.load_chunk(source, name=f"={name}")
            except RuntimeError as error:
                raise LuaError(str(error).removeprefix("syntax error: ")) from None
        return self._lua.load_chunk(bytecode, name=f"={name}", is_binary_chunk=True)

    def _call(self, function: Any, *arguments: Any) -> list[Any]:
        succeeded, *results = self._protected_call(function, *arguments)
        if not succeeded:
            raise LuaError(str(results[0]))
        return list(results)

    def _table(self, items: Iterable[tuple[Any, Any]]) -> Any:
        table = self._lua.create_table()
        for key, value in items:
            table.raw_set(key, value)
        return table

    def _items(self, raw: Any) -> Iterable[tuple[Any, Any]] | None:
        return list(raw) if isinstance(raw, self._classes.Table) else None

    def _function(self, function: Callable[..., Any]) -> Any:
        def called(_: Any, arguments: Any) -> Any:
            return [self._to_lua(function(*map(self._from_lua, arguments)))]

        return self._lua.create_function(called)

    def _from_lua(self, raw: Any) -> Any:
        if type(raw) is float:  # as nearly all values are
            return raw
        return super()._from_lua(raw.as_bytes().decode() if isinstance(raw, self._classes.String) else raw)


# Machines that nobody uses any more, though they never end. What was in one may be held a little longer.
_ABANDONED: list[Any] = []


def _empty_abandoned() -> None:
    while _ABANDONED:
        lua = _ABANDONED.pop()
        # In a sandbox nobody may collect garbage.
        lua.sandbox(False)
        lua.load_chunk(_COLLECT)()


@cache
def _compiler() -> Any:
    return _import_pluau().Compiler(**_OPTIMIZED)


@lru_cache(maxsize=SOURCES)
def _bytecode(source: str) -> bytes:
    """What a source is compiled to, which takes ten times as long as all else that a new machine needs."""
    bytecode: bytes = _compiler().compile(source)
    return bytecode


def _import_pluau() -> Any:
    # On Python 3.11 pluau 0.1.2 needs a module of this name to exist; from 3.12 on it brings its own.
    sys.modules.setdefault("pluau.args", types.ModuleType("pluau.args"))
    try:
        import pluau
    except ImportError as error:
        raise UnavailableError(
            f"luau is left out: {error}. The package pluau brings it, on most systems for Python 3.11 to 3.13."
        ) from error
    return pluau
