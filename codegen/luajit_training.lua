-- What KNNLibrary.luau ends with inside LuaJIT, in the place of its table of public functions: training sessions whose
-- numbers come from arrays of Python and go back there. luajit_training.py puts the two together.

local ffi = require("ffi")

local function doublesAt(address)
	return ffi.cast("double *", address)
end

-- A network whose numbers are still to be loaded, and where the arrays of its dataset are: samples and targets, one row
-- for each. layers has { activation, nodes, addresses of weights and biases, and, in a recurrent network, of recurrent
-- weights and state } for each layer.
local function createSession(inputs, layers, samples, targets)
	local network, homes = { inputs, {}, false, {} }, {}
	local width = inputs
	for l, given in ipairs(layers) do
		local layer = { {}, {} }
		local home = { nodes = given[2], width = width, weights = doublesAt(given[3]), biases = doublesAt(given[4]) }
		if given[5] then
			layer[3], home.recurrent, home.state = {}, doublesAt(given[5]), doublesAt(given[6])
		end
		for j = 1, home.nodes do
			layer[1][j] = {}
		end
		network[2][l], network[4][l], homes[l] = layer, given[1], home
		width = home.nodes
	end
	return {
		network = network,
		homes = homes,
		inputs = inputs,
		outputs = width,
		samples = doublesAt(samples),
		targets = doublesAt(targets),
	}
end

-- Takes the network from its arrays.
local function load(session)
	for l, home in ipairs(session.homes) do
		local layer, weights, width = session.network[2][l], home.weights, home.width
		for j = 1, home.nodes do
			local row, start = layer[1][j], (j - 1) * width - 1
			for i = 1, width do
				row[i] = weights[start + i]
			end
			layer[2][j] = home.biases[j - 1]
			if home.state then
				row[width + 1], layer[3][j] = home.recurrent[j - 1], home.state[j - 1]
			end
		end
	end
end

-- Gives it back.
local function store(session)
	for l, home in ipairs(session.homes) do
		local layer, weights, width = session.network[2][l], home.weights, home.width
		for j = 1, home.nodes do
			local row, start = layer[1][j], (j - 1) * width - 1
			for i = 1, width do
				weights[start + i] = row[i]
			end
			home.biases[j - 1] = layer[2][j]
			if home.state then
				home.recurrent[j - 1], home.state[j - 1] = row[width + 1], layer[3][j]
			end
		end
	end
end

-- What goes in and what should come out, filled anew for every step.
local input, target = {}, {}

-- Takes a step for each of count samples; the array at order has their indices from 0. Returns total plus their losses.
local function run(session, rate, order, count, total)
	local network, inputs, outputs = session.network, session.inputs, session.outputs
	local samples, targets, indices = session.samples, session.targets, ffi.cast("int64_t *", order)
	for k = 0, count - 1 do
		local index = tonumber(indices[k])
		local before = index * inputs - 1
		for i = 1, inputs do
			input[i] = samples[before + i]
		end
		before = index * outputs - 1
		for j = 1, outputs do
			target[j] = targets[before + j]
		end
		total = total + backward(network, rate, input, target)
	end
	return total
end

-- Puts the indices 0 to count - 1 into the array at order as trainNet shuffles them, and moves the generator whose state
-- is at an address.
local function shuffle(order, count, state)
	local indices, numbers, generator = ffi.cast("int64_t *", order), doublesAt(state), {}
	for k = 1, 6 do
		generator[k] = numbers[k - 1]
	end
	for k = 0, count - 1 do
		indices[k] = k
	end
	for k = count, 2, -1 do
		local other = nextIndex(generator, k)
		indices[k - 1], indices[other - 1] = indices[other - 1], indices[k - 1]
	end
	for k = 1, 6 do
		numbers[k - 1] = generator[k]
	end
end

return { createSession = createSession, load = load, store = store, run = run, shuffle = shuffle }
