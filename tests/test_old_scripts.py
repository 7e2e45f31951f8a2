"""Scripts as users wrote them for the original library of 2019 run as they are, in Lune, to their end."""

import pytest

from tests.parity.machine import Machine

# What scripts of that time find: the library in workspace, a folder for networks, globals that are out of use now.
_PLACE = """
local KNN = ...
addModule("KNNLibrary", KNN, workspace)
local folder = Instance.new("Folder")
folder.Name = "Networks"
folder.Parent = workspace
StarterGui = game:GetService("StarterGui")
function wait()
	task.wait()
end
function tick()
	return os.clock()
end
KNN.setSeed(1)
math.randomseed(1)
"""

# One network learns which side of a line a point is on, watched meanwhile; the numbers are not scaled.
BACKPROPAGATION = """
local KNN = require(workspace.KNNLibrary)
local net = KNN.createNet(2,1,4,1,"LeakyReLU")
local vis = KNN.getVisual(net)
vis.Parent = game.StarterGui
local last = tick()
for i=1,4000 do
	local x,y = math.random(-300,300)/100,math.random(-300,300)/100
	KNN.backwardNet(net,0.05,{x,y},{x>y and 1 or 0})
	if i%500==0 then
		wait()
		KNN.updateVisualState(net,vis)
	end
end
local right = 0
for i=1,200 do
	local x,y = math.random(-300,300)/100,math.random(-300,300)/100
	if (KNN.forwardNet(net,{x,y})[1]>0.5)==(x>y) then
		right = right+1
	end
end
KNN.updateVisualActive(net,vis,{1,2},1)
print(KNN.saveNet(net))
return right/200, tick()-last
"""

# Generations of StringValues, each loaded for its turn and run as a table.
GENETIC = """
local KNN = require(workspace.KNNLibrary)
local nets = KNN.createGenNet(workspace.Networks,12,2,1,4,1,"LeakyReLU")
local vis = KNN.getVisual(nets[1])
vis.Parent = game.StarterGui
local first,score
for g=1,12 do
	local scores = {}
	for z=1,#nets do
		local network = KNN.loadNet(nets[z])
		local wins = 0
		for i=-3,3 do
			for d=-3,3 do
				if (KNN.forwardNet(network,{i,d})[1]>0.5)==(i>d) then
					wins = wins+1
				end
			end
		end
		table.insert(scores,wins)
	end
	local best = KNN.runGenNet(nets,scores)
	KNN.updateVisualState(nets[best],vis)
	table.sort(scores)
	score = scores[#scores]/49
	first = first or score
end
return score, score-first
"""

# Planes that fly by their brains: fields of the script's own on networks, distances of hundreds as inputs, scores in
# the order of arriving, the folder in place of the array, and a generation that is found again after a restart.
PLANES = """
local KNN = require(workspace.KNNLibrary)
KNN.createGenNet(workspace.Networks,6,5,1,5,2,"Tanh")
local flown = 0
for g=1,3 do
	local nets = workspace.Networks:GetChildren()
	local planes,scores = {},{}
	for z,value in pairs(nets) do
		local brain = KNN.loadNet(value)
		brain.Plane = Instance.new("Part")
		brain.Name = value.Name
		brain.Done = function()
			scores[z] = z*10
		end
		planes[z] = brain
	end
	for z,brain in pairs(planes) do
		local inputs = {812.5,-340,77,0,1000*z}
		local outs = KNN.forwardNet(brain,inputs)
		local same = KNN.forwardNet(nets[z],inputs)
		assert(math.abs(outs[1]-same[1])<1e-9 and math.abs(outs[2]-same[2])<1e-9)
		brain.Plane.Name = tostring(outs[1])
		brain.Done()
		flown = flown+1
	end
	local best,score = KNN.runGenNet(workspace.Networks,scores,true)
	assert(nets[best] and score==60)
	local vis = KNN.getVisual(nets[best])
	KNN.updateVisualState(nets[best],vis)
	local net = planes[best]
	assert(KNN.saveNet(net)==KNN.saveNet(KNN.loadNet(KNN.saveNet(net))))
end
return flown/18, #workspace.Networks:GetChildren()
"""


@pytest.fixture
def place(real_roblox_machine: Machine) -> Machine:
    """A place of 2019."""
    real_roblox_machine.run(_PLACE)
    return real_roblox_machine


def test_a_network_learns_while_it_is_watched(place: Machine) -> None:
    right, _ = place.runtime.run(BACKPROPAGATION)
    assert right > 0.9


def test_generations_of_stringvalues_become_better(place: Machine) -> None:
    score, gained = place.runtime.run(GENETIC)
    assert score > 0.85
    assert gained >= 0


def test_brains_have_fields_of_their_own_and_are_found_again(place: Machine) -> None:
    assert place.runtime.run(PLANES) == [1, 6]


def test_what_a_stringvalue_holds_is_loaded_as_a_network_of_its_own(roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    local value = Instance.new("StringValue")
    value.Value = KNN.saveNet(KNN.createNet(2, 1, 3, 1))
    local before = value.Value
    local one, other = KNN.loadNet(value), KNN.loadNet(value)
    KNN.backwardNet(one, 0.5, { 1, 2 }, { 1 })
    local isOwn = value.Value == before and KNN.saveNet(one) ~= KNN.saveNet(other)
    value.Value = "no network"
    local _, message = pcall(KNN.loadNet, value)
    return isOwn, message
    """
    is_own, message = roblox_machine.run(script)
    assert is_own
    assert message == 'Wrong Arg#1: String.Value must be a network string made by saveNet, got "no network".'
