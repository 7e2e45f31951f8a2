-- What the scripts in this folder share: copies, places, damages, calls, and what is wrong with how a function took one.
--
-- Called with the library and a table: whether there are Instances (hasInstances), the names of all optimizers, of all
-- kinds of layers and of all layouts, all extras that a network of two layers may name, and those that say what goes in
-- and comes out of one of 2 inputs and outputs (ends), and how to choose of all cases:
-- one in so many (every), from the first or a later one; where a script says so, one in so many of those (share).

local KNN, given = ...

-- A copy of a table without circles.
local function copy(value)
	if type(value) ~= "table" then
		return value
	end
	local made = {}
	for key, each in pairs(value) do
		made[key] = copy(each)
	end
	return made
end

-- A copy in which the same is what was the same before: parts in two places, and circles.
local function twin(value, made)
	if type(value) ~= "table" then
		return value
	end
	made = made or {}
	if made[value] == nil then
		made[value] = {}
		for key, each in next, value do
			made[value][twin(key, made)] = twin(each, made)
		end
	end
	return made[value]
end

-- Whether all that is in two tables is the same. Circles are the same as those at the same places.
local function same(a, b, seen)
	if type(a) ~= "table" or type(b) ~= "table" then
		return a == b or a ~= a and b ~= b
	end
	if rawequal(a, b) or seen and rawequal(seen[a], b) then
		return true
	end
	seen = seen or {}
	seen[a] = b
	for key, each in next, a do
		if type(key) ~= "table" and not same(each, rawget(b, key), seen) then
			return false
		end
	end
	for key in next, b do
		if type(key) ~= "table" and rawget(a, key) == nil then
			return false
		end
	end
	return true
end

-- Whether a place is worth a damage of its own: of numbers and of rows only the first and the last are.
local function isEdge(holder, key)
	local first, last = holder[1], holder[#holder]
	local areNumbers = type(first) == "number" and type(last) == "number"
	local areRows = type(first) == "table" and type(first[1]) == "number"
	return not areNumbers and not areRows or key == 1 or key == #holder
end

-- The keys that lead to every part of a table, the whole first; or only those to its edges.
local function placesOf(value, onEdges, path, found)
	path, found = path or {}, found or {}
	found[#found + 1] = path
	if type(value) == "table" then
		local keys = {}
		for key in pairs(value) do
			keys[#keys + 1] = key
		end
		table.sort(keys, function(a, b)
			return tostring(a) < tostring(b)
		end)
		for _, key in ipairs(keys) do
			if not onEdges or isEdge(value, key) then
				local longer = copy(path)
				longer[#longer + 1] = key
				placesOf(value[key], onEdges, longer, found)
			end
		end
	end
	return found
end

local function wordsOf(path)
	local keys = {}
	for index, key in ipairs(path) do
		keys[index] = tostring(key)
	end
	return "[" .. table.concat(keys, "][") .. "]"
end

local function put(value)
	return function(holder, key)
		holder[key] = value
	end
end

local function onTable(change)
	return function(holder, key)
		if type(holder[key]) == "table" then
			change(holder[key])
		end
	end
end

local function onNeighbours(change)
	return function(holder, key)
		if type(key) == "number" and holder[key + 1] ~= nil then
			change(holder, key)
		end
	end
end

-- Each has a name and what it does to an entry of a table; a third says that JSON can have the result.
local DAMAGES = {
	{ "removed", put(nil), true },
	{ "false", put(false), true },
	{ "true", put(true), true },
	{ "a word", put("x"), true },
	{ "a number as text", put("1"), true },
	{ "nan", put(0 / 0) },
	{ "infinity", put(math.huge) },
	{ "a half", put(0.5), true },
	{ "huge", put(1e308), true },
	{ "a function", put(print) },
	{
		"nothing in it",
		function(holder, key)
			holder[key] = {}
		end,
		true,
	},
	{
		"its own holder",
		function(holder, key)
			holder[key] = holder
		end,
	},
	{
		"too long",
		onTable(function(part)
			part[#part + 1] = copy(part[#part])
		end),
		true,
	},
	{
		"too short",
		onTable(function(part)
			part[#part] = nil
		end),
		true,
	},
	{
		"the same as the next",
		onNeighbours(function(holder, key)
			holder[key] = holder[key + 1]
		end),
		true,
	},
	{
		"in another's place",
		onNeighbours(function(holder, key)
			holder[key], holder[key + 1] = holder[key + 1], holder[key]
		end),
		true,
	},
	{
		"another kind",
		function(holder, key)
			for index, kind in ipairs(given.kinds) do
				if holder[key] == kind then
					holder[key] = given.kinds[index + 1] or given.kinds[1]
					break
				end
			end
		end,
		true,
	},
	{
		"of no length",
		onTable(function(part)
			setmetatable(part, {
				__len = function()
					return "x"
				end,
			})
		end),
	},
}
if table.freeze then
	DAMAGES[#DAMAGES + 1] = { "frozen", onTable(table.freeze) }
end

-- What a network is once it is damaged at a place.
local function damaged(net, path, damage)
	local root = { net }
	local holder, key = root, 1
	for _, step in ipairs(path) do
		holder, key = holder[key], step
	end
	damage[2](holder, key)
	return root[1]
end

-- The text of what JSON can have; holes are null.
local function jsonOf(value)
	local parts, last = {}, 0
	if type(value) == "string" then
		return string.format("%q", value):gsub("\\\n", "\\n")
	elseif type(value) == "number" then
		return string.format("%.17g", value)
	elseif type(value) ~= "table" then
		return value == nil and "null" or tostring(value)
	end
	for key in pairs(value) do
		if type(key) == "string" then
			for name, each in pairs(value) do
				parts[#parts + 1] = jsonOf(tostring(name)) .. ":" .. jsonOf(each)
			end
			table.sort(parts)
			return "{" .. table.concat(parts, ",") .. "}"
		end
		last = math.max(last, key)
	end
	for index = 1, last do
		parts[index] = (jsonOf(value[index]))
	end
	return "[" .. table.concat(parts, ",") .. "]"
end

local turn = 0

local function nextOptimizer()
	turn = turn % #given.optimizers + 1
	return KNN.createOptimizer(given.optimizers[turn])
end

-- What is called with a network: each has a name and what gives the function and its arguments. data has inputs, a
-- target, many of both, a batch, a visual and, made anew for each call, another network.
local CALLS = {
	{
		"forwardNet",
		function(net, data)
			return KNN.forwardNet, net, data.inputs
		end,
	},
	{
		"forwardNet, cache",
		function(net, data)
			return KNN.forwardNet, net, data.inputs, true
		end,
	},
	{
		"forwardNet, names",
		function(net, data)
			return KNN.forwardNet, net, data.named
		end,
	},
	{
		"classifyNet",
		function(net, data)
			return KNN.classifyNet, net, data.inputs
		end,
	},
	{
		"backwardNet",
		function(net, data)
			return KNN.backwardNet, net, 0.1, data.inputs, data.target
		end,
	},
	{
		"backwardNet, names",
		function(net, data)
			return KNN.backwardNet, net, 0.1, data.named, data.called
		end,
	},
	{
		"backwardNet, optimizer",
		function(net, data)
			return KNN.backwardNet, net, nextOptimizer(), data.inputs, data.target
		end,
	},
	{
		"trainNet",
		function(net, data)
			return KNN.trainNet, net, data.samples, data.targets, 0.1, { epochs = 2 }
		end,
	},
	{
		"trainNet, buffers",
		function(net, data)
			return KNN.trainNet, net, data.samples, data.targets, 0.1, { epochs = 9, layout = "buffers" }
		end,
	},
	{
		"trainNet, optimizer",
		function(net, data)
			return KNN.trainNet, net, data.samples, data.targets, nextOptimizer()
		end,
	},
	{
		"forwardBatch",
		function(net, data)
			return KNN.forwardBatch, net, data.samples
		end,
	},
	{
		"trainNet, names",
		function(net, data)
			return KNN.trainNet, net, { data.named, data.inputs }, { data.target, data.called }, 0.1
		end,
	},
	{
		"forwardBatch, names",
		function(net, data)
			return KNN.forwardBatch, net, { data.named, data.inputs }
		end,
	},
	{
		"forwardBatch, columns",
		function(net, data)
			return KNN.forwardBatch, net, data.batch, { columns = true, f32 = true }
		end,
	},
	{
		"createFunction",
		function(net)
			return KNN.createFunction, net
		end,
	},
	{
		"saveNet",
		function(net)
			return KNN.saveNet, net
		end,
	},
	{
		"saveNet, f32",
		function(net)
			return KNN.saveNet, net, { precision = "f32" }
		end,
	},
	{
		"hardCode",
		function(net)
			return KNN.hardCode, net
		end,
	},
	{
		"getNetworkData",
		function(net)
			return KNN.getNetworkData, net
		end,
	},
	{
		"summarizeNet",
		function(net)
			return KNN.summarizeNet, net
		end,
	},
	{
		"resetState",
		function(net)
			return KNN.resetState, net
		end,
	},
	{
		"setScaler",
		function(net, data)
			return KNN.setScaler, net, data.scaler
		end,
	},
	{
		"runGenNet, first",
		function(net, data)
			return KNN.runGenNet, { net, data.other }, { 1, 2 }
		end,
	},
	{
		"runGenNet, last",
		function(net, data)
			return KNN.runGenNet, { data.other, net }, { 1, 2 }
		end,
	},
}
if given.hasInstances then
	CALLS[#CALLS + 1] = {
		"getVisual",
		function(net)
			return KNN.getVisual, net
		end,
	}
	CALLS[#CALLS + 1] = {
		"updateVisualState",
		function(net, data)
			return KNN.updateVisualState, net, data.visual
		end,
	}
	CALLS[#CALLS + 1] = {
		"updateVisualActive",
		function(net, data)
			return KNN.updateVisualActive, net, data.visual, data.inputs
		end,
	}
end

local function numbers(count)
	local made = {}
	for index = 1, count do
		made[index] = index / 4
	end
	return made
end

-- Numbers by the names that a network has for them, or the first of its classes; in order if it has neither.
local function namedBy(net, side, values)
	local extras, named = net[5] or {}, {}
	if side == "outputs" and extras.classes then
		return extras.classes[1]
	end
	for index, name in ipairs(extras[side] or {}) do
		named[name] = values[index]
	end
	return next(named) and named or values
end

-- What a network is called with.
local function dataFor(net)
	local layers = net[2]
	local data = { inputs = numbers(net[1]), target = numbers(#layers[#layers][2]) }
	data.named, data.called = namedBy(net, "inputs", data.inputs), namedBy(net, "outputs", data.target)
	data.scaler = { name = "MinMax", shift = data.inputs, scale = data.inputs }
	data.samples, data.targets = { data.inputs, data.inputs }, { data.target, data.target }
	data.batch = KNN.createBatch(data.samples)
	data.visual = given.hasInstances and KNN.getVisual(copy(net)) or nil
	data.remembers = layers[1][3] ~= nil
	return data
end

-- As a user has it who has worked with it for a while: a network or a StringValue that holds it.
local function use(net, data)
	KNN.forwardNet(net, data.inputs)
	KNN.backwardNet(net, 0, data.inputs, data.target)
	if data.remembers then
		KNN.resetState(net)
	else
		KNN.forwardBatch(net, data.samples)
	end
end

-- One printable line that is the library's own, and does not quote what Lua says of a line in there.
local function isRight(message)
	return (
		string.find(message, "^Wrong Arg#%d: %u")
		or string.find(message, "^The step was %l+ ?%l+, since ")
		or string.find(message, "^Training ended in epoch %d+[ ,]")
	)
		and not string.find(message, "KNNLibrary%S*:%d+:")
		and not string.find(message, "[%c\127-\255]")
end

-- Counts the cases, chooses which to try and notes what is wrong with them.
local function newTally()
	local tally = { total = 0, wrong = {} }

	function tally.isChosen(share)
		tally.total = tally.total + 1
		local every = given.every * (share or 1)
		return tally.total % every == given.first % every
	end

	-- A call must have gone well, or have been refused in the right words with all as it was before.
	function tally.judge(done, message, isAsBefore, ...)
		local problem = nil
		if not done then
			message = tostring(message)
			if not isRight(message) then
				problem = "says: " .. message
			elseif not isAsBefore then
				problem = "is half changed: " .. message
			end
		end
		if problem then
			tally.note(problem, ...)
		end
	end

	function tally.note(problem, ...)
		tally.wrong[#tally.wrong + 1] = table.concat({ ... }, " ") .. " " .. problem
	end

	return tally
end

return {
	copy = copy,
	twin = twin,
	same = same,
	placesOf = placesOf,
	wordsOf = wordsOf,
	DAMAGES = DAMAGES,
	damaged = damaged,
	jsonOf = jsonOf,
	CALLS = CALLS,
	hasInstances = given.hasInstances,
	layouts = given.layouts,
	extras = given.extras,
	ends = given.ends,
	share = given.share,
	dataFor = dataFor,
	use = use,
	isRight = isRight,
	newTally = newTally,
	optimizers = given.optimizers,
	nextOptimizer = nextOptimizer,
}
