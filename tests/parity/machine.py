"""A runtime with the library in it."""

import json
from pathlib import Path
from typing import Any

from codegen.runtimes import Handle, LuaError, Runtime
from codegen.runtimes.lune import Lune
from tests.library import Library, loader, missing_in

ROBLOX = Path(__file__).with_name("roblox.luau")
STAND_IN = Path(__file__).with_name("roblox.lua")

_CALL = """
local library, name, arguments, count = ...
return library[name](unpack(arguments, 1, count))
"""


class Machine:
    """One runtime, the library, and on request Roblox's globals around it."""

    def __init__(self, runtime: type[Runtime], library: Library, *, roblox: bool = False) -> None:
        self.name = runtime.name
        self.runtime = roblox_runtime(runtime) if roblox else runtime()
        self._load = loader(self.runtime, library)
        self.library = self._load()
        # What the library was made without.
        self.left_out = missing_in(library)
        self._call = self.runtime.compile(_CALL, "caller")

    def __repr__(self) -> str:
        return self.name

    def renew(self) -> None:
        """Load the library anew, and have Roblox as it was at first; for Lune, with Roblox's globals."""
        self.run("renew()")
        self.library = self._load()

    def run(self, script: str, *arguments: Any) -> list[Any]:
        """Run a script that gets the library and the arguments in ``...``."""
        return self.runtime.run(script, self.library, *arguments)

    def call(self, function: str, *arguments: Any) -> list[Any]:
        """Call a function of the library; arguments and results are copied."""
        indexed = {index: value for index, value in enumerate(arguments, start=1) if value is not None}
        return self.runtime.call(self._call, self.library, function, indexed, len(arguments))

    def refusal(self, function: str, *arguments: Any) -> str | None:
        """The message with which a function refuses its arguments, or None if it takes them."""
        try:
            self.call(function, *arguments)
        except LuaError as error:
            return error.message
        return None

    def keep(self, script: str, *arguments: Any) -> Handle:
        """Like `run`, but the first result stays in the machine."""
        return self.runtime.keep(self.runtime.compile(script, "script"), self.library, *arguments)


def roblox_runtime(runtime: type[Runtime]) -> Runtime:
    """A runtime with Roblox's globals: Lune's are real, the others get a stand-in whose JSON is Python's."""
    if issubclass(runtime, Lune):
        return runtime(ROBLOX.read_text(encoding="utf-8"))
    functions = {"jsonEncode": lambda value: json.dumps(value, allow_nan=False), "jsonDecode": _decode}
    return runtime(STAND_IN.read_text(encoding="utf-8"), functions)


def _decode(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
