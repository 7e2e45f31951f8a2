"""The virtual machines that run the generated module, behind one interface.

`RUNTIMES` lists them; the parity tests cross it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from codegen.runtimes.lua import Lua51, LuaJIT21
from codegen.runtimes.luau import Luau
from codegen.runtimes.lune import Lune, LuneNative
from codegen.runtimes.runtime import Handle, LuaError, Runtime
from codegen.unavailable import UnavailableError

__all__ = ["RUNTIMES", "Handle", "LuaError", "Runtime", "UnavailableError"]

RUNTIMES: Mapping[str, type[Runtime]] = MappingProxyType(
    {each.name: each for each in (Lua51, LuaJIT21, Luau, Lune, LuneNative)}
)
