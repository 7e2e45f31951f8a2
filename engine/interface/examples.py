"""A short example of each public function, as the documentation shows it and as a test runs it.

Each is a script of its own, behind a first line that requires the library as ``KNN``.
"""

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "createNet": """\
local network = KNN.createNet(2, 1, 4, 1, "Tanh")
print(#network[2]) -- 2: the hidden layer and the output layer
""",
        "createNetwork": """\
local network = KNN.createNetwork({
	inputs = { "distance", "speed" },
	layers = { { nodes = 16, activator = "ReLU" }, {} },
	classes = { "flee", "fight", "hide" },
	seed = 1,
})
print(KNN.classifyNet(network, { distance = 0.3, speed = 0.1 }))
""",
        "forwardNet": """\
local network = KNN.createNet(2, 1, 4, 1, "Tanh")
print(KNN.forwardNet(network, { 0.5, -1 })[1])
""",
        "backwardNet": """\
local network = KNN.createNet(2, 1, 4, 1, "Tanh")
for _ = 1, 100 do
	KNN.backwardNet(network, 0.5, { 0.5, -1 }, { 1 })
end
print(KNN.forwardNet(network, { 0.5, -1 })[1]) -- nearly 1
""",
        "classifyNet": """\
local network = KNN.createNetwork({ inputs = 2, layers = { {} }, classes = { "cat", "dog" } })
local class, share = KNN.classifyNet(network, { 0.5, -1 })
print(class, share)
""",
        "createOptimizer": """\
local network = KNN.createNet(1, 1, 8, 1, { "Tanh", "Identity" })
local adam = KNN.createOptimizer("Adam", { rate = 0.01, schedule = "Cosine" })
KNN.trainNet(network, { { 0 }, { 0.5 }, { 1 } }, { { 0 }, { 0.25 }, { 1 } }, adam, { epochs = 100 })
""",
        "createBatch": """\
local batch = KNN.createBatch({ { 0, 0 }, { 0, 1 }, { 1, 0 } })
for _ = 1, 3 do
	print(#KNN.forwardBatch(KNN.createNet(2, 1, 4, 1), batch)) -- 3
end
""",
        "forwardBatch": """\
local network = KNN.createNet(2, 1, 4, 1)
local outputs = KNN.forwardBatch(network, { { 0, 0 }, { 0, 1 } })
print(outputs[2][1]) -- of the second sample, the first output
""",
        "createFunction": """\
local run, values = KNN.createFunction(KNN.createNet(2, 1, 4, 1))
print(run({ 0.5, -1 })[1])
print(values and values(0.5, -1)) -- the same number
""",
        "trainNet": """\
local network = KNN.createNet(2, 1, 4, 1, "Tanh")
local samples, targets = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, { { 0 }, { 1 }, { 1 }, { 1 } }
local losses = KNN.trainNet(network, samples, targets, 0.5, { epochs = 200, shuffle = true })
print(losses[1], losses[#losses]) -- the second is smaller
""",
        "evaluateNet": """\
local network = KNN.createNet(1, 1, 4, 1)
local loss, metrics = KNN.evaluateNet(network, { { 0 }, { 1 } }, { { 0 }, { 1 } })
print(loss, metrics.accuracy)
""",
        "createScaler": """\
local scaler = KNN.createScaler({ { 950, 3 }, { 1010, 5 }, { 1100, 4 } }, "MinMax")
print(scaler.shift[1], scaler.scale[1]) -- 950 and 150
""",
        "setScaler": """\
local heat, lengths = { { 950 }, { 1010 }, { 1100 } }, { { 20 }, { 30 }, { 50 } }
local network = KNN.createNet(1, 1, 4, 1, { "Tanh", "Identity" })
KNN.setScaler(network, KNN.createScaler(heat, "Standard"), KNN.createScaler(lengths, "MinMax"))
KNN.trainNet(network, heat, lengths, 0.1, { epochs = 300 })
print(KNN.forwardNet(network, { 1010 })[1]) -- about 30
""",
        "scaleSample": """\
local scaler = KNN.createScaler({ { 0 }, { 10 } }, "MinMax")
print(KNN.scaleSample(scaler, { 5 })[1]) -- 0.5
""",
        "unscaleSample": """\
local scaler = KNN.createScaler({ { 0 }, { 10 } }, "MinMax")
print(KNN.unscaleSample(scaler, { 0.5 })[1]) -- 5
""",
        "createGenNet": """\
local folder = Instance.new("Folder")
local values = KNN.createGenNet(folder, 10, 2, 1, 4, 1)
print(#values, values[1].Name) -- 10 and GenNet_1
""",
        "runGenNet": """\
local generation = {}
for index = 1, 10 do
	generation[index] = KNN.createNet(1, 1, 3, 1)
end
for _ = 1, 20 do
	local scores = {}
	for index, network in ipairs(generation) do
		scores[index] = KNN.forwardNet(network, { 1 })[1]
	end
	local best, score = KNN.runGenNet(generation, scores, true)
	print(best, score)
end
""",
        "saveNet": """\
local network = KNN.createNet(2, 1, 4, 1)
local text = KNN.saveNet(network, { precision = "f32" })
print(#text)
""",
        "loadNet": """\
local network = KNN.createNet(2, 1, 4, 1)
local copy = KNN.loadNet(KNN.saveNet(network))
print(KNN.forwardNet(copy, { 1, 2 })[1] == KNN.forwardNet(network, { 1, 2 })[1]) -- true
""",
        "saveOptimizer": """\
local network, optimizer = KNN.createNet(1, 1, 4, 1), KNN.createOptimizer("Adam")
KNN.backwardNet(network, optimizer, { 1 }, { 0 })
local texts = { KNN.saveNet(network), KNN.saveOptimizer(optimizer) }
print(#texts[1], #texts[2])
""",
        "loadOptimizer": """\
local network, optimizer = KNN.createNet(1, 1, 4, 1), KNN.createOptimizer("Adam")
KNN.backwardNet(network, optimizer, { 1 }, { 0 })
local loaded, same = KNN.loadNet(KNN.saveNet(network)), KNN.loadOptimizer(KNN.saveOptimizer(optimizer))
KNN.backwardNet(loaded, same, { 1 }, { 0 }) -- goes on as if it had never stopped
""",
        "saveTraining": """\
local network = KNN.createNet(1, 1, 4, 1)
local samples, targets = { { 0 }, { 1 } }, { { 1 }, { 0 } }
KNN.trainNet(network, samples, targets, 0.1, { epochs = 20 })
print(#KNN.saveTraining(network, 0.1))
""",
        "loadTraining": """\
local network = KNN.createNet(1, 1, 4, 1)
local samples, targets = { { 0 }, { 1 } }, { { 1 }, { 0 } }
KNN.trainNet(network, samples, targets, 0.1, { epochs = 20 })
local loaded, rate, progress = KNN.loadTraining(KNN.saveTraining(network, 0.1))
KNN.trainNet(loaded, samples, targets, rate, { epochs = 50, resume = progress }) -- 30 more
""",
        "hardCode": """\
print(KNN.hardCode(KNN.createNet(1, 1, 2, 1)))
""",
        "getAproxLength": """\
print(KNN.getAproxLength(2, 1, 4, 1) < 200000) -- true: a StringValue has room for it
""",
        "getNetworkData": """\
local inputs, hiddenL, hiddenN, outputs, activator = KNN.getNetworkData(KNN.createNet(2, 1, 4, 1))
print(inputs, hiddenL, hiddenN, outputs, activator) -- 2 1 4 1 LeakyReLU
""",
        "summarizeNet": """\
print(KNN.summarizeNet(KNN.createNet(2, 1, 4, 1)))
""",
        "resetState": """\
local network = KNN.createNet(1, 1, 4, 1, "Tanh", true)
local first = KNN.forwardNet(network, { 1 })[1]
KNN.forwardNet(network, { 1 }) -- another time step, another output
KNN.resetState(network)
print(KNN.forwardNet(network, { 1 })[1] == first) -- true
""",
        "getVisual": """\
local visual = KNN.getVisual(KNN.createNet(2, 2, 4, 1))
visual.Container.Size = UDim2.fromScale(0.4, 0.4)
visual.Parent = game:GetService("StarterGui")
""",
        "updateVisualState": """\
local network = KNN.createNet(2, 1, 4, 1, "Tanh")
local visual = KNN.getVisual(network)
KNN.backwardNet(network, 0.5, { 1, 0 }, { 1 })
KNN.updateVisualState(network, visual)
""",
        "updateVisualActive": """\
local network = KNN.createNet(2, 1, 4, 1, "Tanh")
local visual = KNN.getVisual(network)
KNN.updateVisualActive(network, visual, { 1, 0 })
""",
        "setSeed": """\
KNN.setSeed(1)
local one = KNN.saveNet(KNN.createNet(2, 1, 4, 1))
KNN.setSeed(1)
print(KNN.saveNet(KNN.createNet(2, 1, 4, 1)) == one) -- true
""",
    }
)
