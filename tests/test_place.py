"""The demo place, opened in Lune from the committed file and played for a few seconds."""

from pathlib import Path
from typing import Any

from codegen.library.generate import PLACE
from tests.lune import run_lune

# What Roblox does when Play is pressed: StarterGui's contents are cloned to the player, and their scripts run.
_PLAY = """
local fs = require("@lune/fs")
local roblox = require("@lune/roblox")
local task = require("@lune/task")

local place, seconds = ...
local game = roblox.deserializePlace(fs.readFile(place))
local player = roblox.Instance.new("Player")
local playerGui = roblox.Instance.new("PlayerGui")
playerGui.Parent = player
player.Parent = game:GetService("Players")
player.Parent.LocalPlayer = player
roblox.implementMethod("Instance", "WaitForChild", function(self, name)
    return self:FindFirstChild(name)
end)
roblox.implementMethod("HttpService", "JSONEncode", function(_, value)
    return serde.encode("json", value)
end)
roblox.implementMethod("HttpService", "JSONDecode", function(_, text)
    return serde.decode("json", text)
end)
for _, gui in game:GetService("StarterGui"):GetChildren() do
    gui:Clone().Parent = playerGui
end

local printed, threads = {}, {}
local environment = {
    game = game, task = task, Instance = roblox.Instance, Enum = roblox.Enum, Color3 = roblox.Color3,
    Vector2 = roblox.Vector2, UDim = roblox.UDim, UDim2 = roblox.UDim2,
}
function environment.print(line)
    table.insert(printed, line)
end
local run = require("./roblox_require")(environment)
local examples = playerGui.Examples
for _, caption in examples:GetChildren() do
    table.insert(threads, task.spawn(run, caption.Example))
end

local captions, colours, starts = {}, {}, os.clock()
while os.clock() - starts < tonumber(seconds) do
    task.wait()
    for _, caption in examples:GetChildren() do
        captions[caption.Name] = captions[caption.Name] or {}
        captions[caption.Name][caption.Text] = true
    end
    for index, visual in playerGui:GetChildren() do
        if visual.Name == "NNVisualizer" then
            local shown = {}
            for _, line in visual.Container.Synapse2:GetChildren() do
                table.insert(shown, line.BackgroundColor3:ToHex())
            end
            local centre = tostring(visual.Container.Position.X.Scale)
            colours[centre] = colours[centre] or {}
            colours[centre][table.concat(shown)] = true
        end
    end
end
for _, thread in threads do
    task.cancel(thread)
end
local function count(sets)
    local counts = {}
    for name, set in sets do
        counts[name] = 0
        for _ in set do
            counts[name] += 1
        end
    end
    return counts
end
return { captions = count(captions), colours = count(colours), printed = printed }
"""
SECONDS = 3


def test_the_place_plays_with_all_pictures_moving(tmp_path: Path) -> None:
    seen: dict[str, Any] = run_lune(_PLAY, str(PLACE), str(SECONDS), folder=tmp_path)
    assert seen["captions"].keys() == {"Backpropagation", "Genetic", "Memory"}
    assert len(seen["colours"]) == 3
    for counts in (seen["captions"], seen["colours"]):
        assert all(count > 1 for count in counts.values()), counts
    assert any(line.startswith("Before training") for line in seen["printed"])
