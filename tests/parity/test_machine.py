"""Tests do not notice that they share machines."""

import pytest

from codegen.runtimes import LuaError
from tests.conftest import LUNE_PAIRS, as_new, make_machine
from tests.library import PAIRS
from tests.parity.machine import Machine

# Changes all that there is to change, as far as `_SEEN` sees it.
_LEAVE = """
local KNN = ...
KNN.setSeed(1)
print("printed")
warn("warned")
task.wait()
setWhileWaiting(function() error("left behind") end)
setClock(function() error("left behind") end)
addModule("Left", 1)
local storage = game:GetService("ReplicatedStorage")
Instance.new("Folder").Parent = storage
game:GetService("HttpService"):JSONDecode("[1]")
Instance.new("Folder").Parent = script
Instance.new("Folder").Parent = script.Parent
script.Parent.Parent = storage
Instance.new("Folder").Parent = game:GetService("Players").LocalPlayer.PlayerGui
KNN.getVisual(KNN.createNet(2, 1, 3, 1)).Parent = game:GetService("Players").LocalPlayer
"""

_SEEN = """
local KNN = ...
task.wait()
os.clock()
local player = game:GetService("Players").LocalPlayer
local counts = {}
for index, each in ipairs({ game:GetService("ReplicatedStorage"), player, player.PlayerGui, script, script.Parent }) do
	counts[index] = #each:GetChildren()
end
return getPrinted(), getWarnings(), getFrames(), getDecoded(), counts, script.Parent.Parent == nil,
	KNN.createNet(1, 1, 1, 1)[2][1][1][1][1] == (KNN.setSeed(1) or KNN.createNet(1, 1, 1, 1))[2][1][1][1][1]
"""


@pytest.mark.parametrize("name", LUNE_PAIRS)
def test_a_machine_that_is_as_new_is_as_a_new_one_is(name: str) -> None:
    new = make_machine(name, roblox=True).run(_SEEN)
    machine = as_new(name)
    machine.run(_LEAVE)
    left = machine.runtime
    assert machine.run("return #getPrinted(), #getWarnings(), getFrames(), getDecoded()") == [1, 1, 1, 1]
    again = as_new(name)
    assert again.runtime is left
    assert again.run(_SEEN) == new


@pytest.mark.parametrize("name", [name for name in PAIRS if name.startswith("lua5")])
def test_a_test_that_sets_a_global_is_told(name: str) -> None:
    machine: Machine = make_machine(name, roblox=True)
    with pytest.raises(LuaError, match="a test sets the global left"):
        machine.run("left = 1")
