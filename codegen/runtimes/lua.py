"""Plain Lua 5.1 and LuaJIT, through lupa. They run the module with its types erased."""

import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from codegen.runtimes.runtime import LuaError, Runtime
from codegen.translate.erase_types import EraseError, erase_types
from codegen.translate.requires import SOURCES
from codegen.unavailable import UnavailableError

# Errors are caught inside the machine, so that no Python traceback is mixed into their text.
_PROTECTED_CALL = "function(f, ...) return pcall(f, ...) end"
# A Python function alone would be a userdata to Lua.
_WRAP = "function(f) return function(...) return f(...) end end"
_COMPILE = "function(source, name) return loadstring(source, name) end"


_erased = lru_cache(maxsize=SOURCES)(erase_types)


class _Lupa(Runtime):
    _module_name: ClassVar[str]

    def __init__(self, prelude: str = "", functions: Mapping[str, Callable[..., Any]] | None = None) -> None:
        try:
            self._module: Any = importlib.import_module(self._module_name)
        except ImportError as error:
            raise UnavailableError(
                f"{self.name} is left out: {error}. The package lupa brings it on most systems (not LuaJIT on macOS)."
            ) from error
        self._lua = self._module.LuaRuntime(unpack_returned_tuples=True)
        self._protected_call = self._lua.eval(_PROTECTED_CALL)
        self._loadstring = self._lua.eval(_COMPILE)
        self._wrap = self._lua.eval(_WRAP)
        for name, function in (functions or {}).items():
            self._lua.globals()[name] = self._function(function)
        self.run(prelude, name="prelude")

    def _compile(self, source: str, name: str) -> Any:
        try:
            erased = _erased(source)
        except EraseError as error:
            raise LuaError(f"{name}:{error.line}: {error}") from error
        compiled = self._loadstring(erased, f"={name}")
        if isinstance(compiled, tuple):
            raise LuaError(compiled[1])
        return compiled

    def _call(self, function: Any, *arguments: Any) -> list[Any]:
        answer = self._protected_call(function, *arguments)
        succeeded, *results = answer if isinstance(answer, tuple) else (answer,)
        if not succeeded:
            raise LuaError(str(results[0]))
        return results

    def _table(self, items: Iterable[tuple[Any, Any]]) -> Any:
        table = self._lua.table()
        for key, value in items:
            table[key] = value
        return table

    def _items(self, raw: Any) -> Iterable[tuple[Any, Any]] | None:
        return raw.items() if self._module.lua_type(raw) == "table" else None

    def _function(self, function: Callable[..., Any]) -> Any:
        def called(*arguments: Any) -> Any:
            return self._to_lua(function(*map(self._from_lua, arguments)))

        return self._wrap(called)


class Lua51(_Lupa):
    """PUC Lua 5.1."""

    name = "lua51"
    _module_name = "lupa.lua51"


class LuaJIT21(_Lupa):
    """LuaJIT 2.1."""

    name = "luajit21"
    _module_name = "lupa.luajit21"
