"""The library wherever a user puts it: the instances of the model in the data model, the folder on the disk."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from codegen.library.generate import LIBRARY, MODEL
from engine import VERSION, Network
from tests.lune import run_lune

# A network of a seed, its outputs and itself, and the same of the network after a step of training.
_TRY = """
local function try(KNN)
    KNN.setSeed(7)
    local network = KNN.createNet(2, 2, 3, 1)
    local outputs, text = KNN.forwardNet(network, { 1, 0.5 }), KNN.saveNet(network)
    KNN.backwardNet(network, 0.5, { 1, 0.5 }, { 1 })
    return { version = KNN.VERSION, outputs = outputs, text = text, trained = KNN.saveNet(network) }
end
"""

_DATA_MODEL = """
local fs = require("@lune/fs")
local roblox = require("@lune/roblox")

local game = roblox.Instance.new("DataModel")
roblox.implementMethod("HttpService", "JSONEncode", function(_, value)
    return serde.encode("json", value)
end)
local environment = { game = game, Instance = roblox.Instance, Enum = roblox.Enum }
local luau = require("@lune/luau")
local function newRun(globals)
    return require("./requiring")(function(script, require)
        local own = table.clone(globals)
        own.script, own.require = script, require
        return luau.load(script.Source, { debugName = script:GetFullName(), environment = own })()
    end)
end

local function add(class, name, parent, source)
    local instance = roblox.Instance.new(class)
    instance.Name = name
    if source then
        instance.Source = source
    end
    instance.Parent = parent
    return instance
end
"""

# The model in four places; before anything runs in the last, it is the only one.
_MODEL = """
local tried = {}
local model = roblox.deserializeModel(fs.readFile((...)))[1]
local run = newRun(environment)

local function tryAt(place)
    model.Parent = place
    local user = add("Script", "User", place, "return require(script.Parent:FindFirstChild('" .. model.Name .. "'))")
    local KNN = run(user)
    table.insert(tried, try(KNN))
    return KNN
end

local first = tryAt(game:GetService("ReplicatedStorage"))
model.Name = "Renamed"
assert(tryAt(game:GetService("ServerStorage")) == first, "a module that is moved is still the same")

-- Where the names of the library's own files stand beside it and above it.
local folder = add("Folder", "networks", game:GetService("ServerScriptService"))
for _, name in { "types", "random", "api", "network" } do
    add("ModuleScript", name, folder, "error('this is not in the library')")
    add("ModuleScript", name, folder.Parent, "error('this is not in the library')")
end
local original = model
model = model:Clone()
local cloned = tryAt(folder)
assert(cloned ~= first, "a clone is a module of its own")

original:Destroy()
model = model:Clone()
folder:Destroy()
run = newRun(environment)
tryAt(add("Folder", "Packages", game:GetService("ReplicatedStorage")))
return tried
"""


# What stands beside a script and, in another place, under another name.
_FOLDER = """
local KNN, other = require("./KNNLibrary"), require("./Packages/other")
assert(KNN ~= other)
assert(KNN == require("./KNNLibrary"))
return { try(KNN), try(other) }
"""


def expected() -> dict[str, Any]:
    network = Network.create(2, 2, 3, 1, seed=7)
    outputs, text = network.forward([1.0, 0.5]).tolist(), network.save()
    network.backward(0.5, [1.0, 0.5], [1.0])
    return {"version": VERSION, "outputs": outputs, "text": text, "trained": network.save()}


def assert_true(tried: dict[str, Any]) -> None:
    """All that was tried came out as in Python, but for the exponentials and Lune's JSON, an ulp or two each."""
    wanted = expected()
    assert tried["version"] == wanted["version"]
    assert tried["outputs"] == pytest.approx(wanted["outputs"], rel=1e-14)
    for name in ("text", "trained"):
        found, true = (Network.load(each[name]) for each in (tried, wanted))
        for ours, theirs in zip(found.layers, true.layers, strict=True):
            assert ours.weights == pytest.approx(theirs.weights, rel=1e-14)
            assert ours.biases == pytest.approx(theirs.biases, rel=1e-14)


def test_the_model_runs_wherever_it_is_put(tmp_path: Path) -> None:
    tried = run_lune(_DATA_MODEL + _TRY + _MODEL, str(MODEL), folder=tmp_path)
    assert len(tried) == 4
    for each in tried:
        assert_true(each)


def test_the_folder_is_required_as_any_luau_is(tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path / LIBRARY.name)
    shutil.copytree(LIBRARY, tmp_path / "Packages" / "other")
    for tried in run_lune(_TRY + _FOLDER, folder=tmp_path):
        assert_true(tried)


_TREE = """
local seen = {}
function environment.see(script)
    table.insert(seen, script:GetFullName())
    return #seen
end
local storage = game:GetService("ReplicatedStorage")
local top = add("ModuleScript", "Top", storage, "return { require('@self/a/b'), require('@self/c') }")
local a = add("Folder", "a", top)
add("ModuleScript", "b", a, "return { see(script), require('../c'), require('./own') }")
add("ModuleScript", "c", top, "return see(script)")
local own = add("ModuleScript", "own", a, "return { see(script), require('@self/in'), require('../a/own/in') }")
add("ModuleScript", "in", own, "return { see(script), require('../../c'), require('../sibling') }")
add("ModuleScript", "sibling", a, "return see(script)")
environment.twins = { add("ModuleScript", "twin", a, "return 'one'"), add("ModuleScript", "twin", a, "return 'two'") }
local parent = add("ModuleScript", "parent", a, "return { require(twins[1]), require(twins[2]), require(twins[1]) }")
add("ModuleScript", "circle", a, "return require('./circle')")
add("ModuleScript", "empty", a, "return nil")
local function failure(source)
    local script = add("ModuleScript", "faulty", a, source)
    local succeeded, message = pcall(newRun(environment), script)
    script:Destroy()
    return if succeeded then "" else tostring(message)
end
return {
    values = newRun(environment)(top),
    seen = table.clone(seen),
    twins = newRun(environment)(parent),
    failures = {
        failure("return require('./nothing')"),
        failure("return require('@self/b')"),
        failure("return require('../../../../../b')"),
        failure("return require('b')"),
        failure("return require('./faulty/')"),
        failure("return require('./circle')"),
        failure("return require(script.Parent)"),
        failure("return require('./empty')"),
        failure("return require('./own')"),
    },
}
"""


def test_a_require_in_the_data_model_goes_by_the_tree(tmp_path: Path) -> None:
    found = run_lune(_DATA_MODEL + _TREE, folder=tmp_path)
    names = ["Top.a.b", "Top.c", "Top.a.own", "Top.a.own.in", "Top.a.sibling"]
    assert found["seen"] == [f"ReplicatedStorage.{name}" for name in names]
    inner = [4, 2, 5]
    assert found["values"] == [[1, 2, [3, inner, inner]], 2]
    assert found["twins"] == ["one", "two", "one"]
    *failures, right = found["failures"]
    assert right == ""
    for failure, what in zip(
        failures,
        [
            '"./nothing" leads nowhere',
            '"@self/b" leads nowhere',
            '"../../../../../b" leads nowhere',
            '"b" leads nowhere',
            '"./faulty/" leads nowhere',
            "ReplicatedStorage.Top.a.circle is required while it runs",
            "ReplicatedStorage.Top.a is no ModuleScript",
            "ReplicatedStorage.Top.a.empty returns nothing",
        ],
        strict=True,
    ):
        assert what in failure
