"""Whether the library runs as native code, which no runtime tells: a race finds it out."""

import pytest

from codegen.runtimes import RUNTIMES
from tests.codegen.machines import made
from tests.library import tree

# Each load is a race of its own.
LOADS = 300


@pytest.mark.parametrize("name", RUNTIMES)
def test_native_code_finds_itself_every_time_and_nothing_else_does(name: str) -> None:
    machine = made(name)
    load = machine.keep(machine.compile(f"return function()\n{tree()['native']}\nend", "native"))
    found = machine.run(
        """local load, count = ...
		local natives = 0
		for _ = 1, count do
			natives = natives + (load().isNative and 1 or 0)
		end
		return natives""",
        load,
        LOADS,
    )
    assert found == [LOADS if name == "lune-native" else 0]
