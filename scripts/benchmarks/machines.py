"""The machines in which Luau races, and the contestants in them."""

import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.race import Contestant
from benchmarks.tasks import SETTINGS, Shape, Task
from codegen.generate import LIBRARY
from codegen.inference_module import inference_module
from codegen.runtimes import RUNTIMES, Handle, Runtime
from codegen.runtimes.lune import Lune
from engine.spec.exports import Precision

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
local makers, name, shape, samples, code = ...
return makers[name](shape, samples, unpack(code))
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


class Machine:
    """One runtime with the library, the textbook implementation and the makers of contestants in it.

    Raises:
        UnavailableError: if it cannot be had here.
    """

    def __init__(self, name: str) -> None:
        kind = MACHINES[name]
        prelude = HERE / ("roblox.luau" if issubclass(kind, Lune) else "stand_in.luau")
        self.runtime = kind(_read(prelude))
        self._time, self._bytes = self.runtime.run(_read(HERE / "clock.luau"), name="clock.luau")
        self.library = self.runtime.require(LIBRARY.read_text(encoding="utf-8"))
        encode, decode = self.runtime.run(_JSON, self.library)
        self.textbook = self._chunk("textbook.luau", decode)
        by_hand = self._chunk("by_hand.luau")
        self._makers = self._chunk("contestants.luau", self.library, self.textbook, by_hand, dict(SETTINGS), encode)

    @property
    def version(self) -> str:
        """What it is, with its version."""
        (said,) = self.runtime.run(_VERSION)
        return str(said)

    def contestants(self, task: Task, shape: Shape) -> list[Contestant]:
        """The contestants of a task, textbook first where there is one."""
        code = self._code(shape) if task.name == "code" else []
        made = self.runtime.keep(
            self.runtime.compile(_MAKE, "make"), self._makers, task.name, shape.sizes, shape.samples, code
        )
        (count,) = self.runtime.run("return #(...)", made)
        return [self._contestant(made, index, task.counts_bytes) for index in range(1, int(count) + 1)]

    def _contestant(self, made: Handle, index: int, counts_bytes: bool) -> Contestant:
        name, calls, run, answer, rough = self.runtime.run(
            "local one = (...)[select(2, ...)] return one.name, one.calls, one.run, one.answer, one.rough", made, index
        )
        return Contestant(
            name,
            int(calls),
            time=lambda runs: float(self.runtime.call(self._time, run, runs)[0]),
            answer=lambda: list(self.runtime.call(answer)[0]),
            bytes=(lambda: self.allocated(run)) if counts_bytes else None,
            rough=rough,
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
        arguments = ", ".join(f"input[{index}]" for index in range(1, shape.inputs + 1))
        return [brain, rough, self.runtime.require(_PLAIN.format(arguments=arguments), "plain")]

    def _chunk(self, file: str, *arguments: Any) -> Handle:
        """What a file of this folder returns."""
        return self.runtime.keep(self.runtime.compile(_read(HERE / file), file), *arguments)


def python_version() -> str:
    """Python and what calculates in it, with their versions."""
    return f"Python {sys.version.split()[0]}, numpy {version('numpy')}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
