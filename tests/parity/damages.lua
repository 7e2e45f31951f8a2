-- Networks damaged at every place, under every function: what is not refused in one printable line, and what has changed
-- though it was refused.
--
-- Called with the library, whether there are visuals, and how to choose of all cases: each one by so many, from the first
-- or a later one. Returns how many there were, and what went wrong, in words.

local KNN, hasVisuals, every, first = ...

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

local function same(a, b)
	if type(a) ~= "table" or type(b) ~= "table" then
		return a == b or a ~= a and b ~= b
	end
	if not rawequal(a, b) then
		for key, each in pairs(a) do
			if not same(each, b[key]) then
				return false
			end
		end
		for key in pairs(b) do
			if a[key] == nil then
				return false
			end
		end
	end
	return true
end

-- The keys that lead to every part of a table, the whole first.
local function placesOf(value, path, found)
	found[#found + 1] = path
	if type(value) == "table" then
		for key, each in pairs(value) do
			local longer = copy(path)
			longer[#longer + 1] = key
			placesOf(each, longer, found)
		end
	end
	return found
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

local DAMAGES = {
	{ "removed", put(nil) },
	{ "false", put(false) },
	{ "true", put(true) },
	{ "a word", put("x") },
	{ "a number as text", put("1") },
	{ "nan", put(0 / 0) },
	{ "infinity", put(math.huge) },
	{ "a half", put(0.5) },
	{ "a function", put(print) },
	{
		"nothing in it",
		function(holder, key)
			holder[key] = {}
		end,
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
	},
	{
		"too short",
		onTable(function(part)
			part[#part] = nil
		end),
	},
	{
		"the same as the next",
		onNeighbours(function(holder, key)
			holder[key] = holder[key + 1]
		end),
	},
	{
		"in another's place",
		onNeighbours(function(holder, key)
			holder[key], holder[key + 1] = holder[key + 1], holder[key]
		end),
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

-- What is called with a network: given has inputs, a target, a batch, another network and a visual.
local CALLS = {
	forwardNet = function(net, given)
		return KNN.forwardNet, net, given.inputs
	end,
	["forwardNet, cache"] = function(net, given)
		return KNN.forwardNet, net, given.inputs, true
	end,
	backwardNet = function(net, given)
		return KNN.backwardNet, net, 0.1, given.inputs, given.target
	end,
	["backwardNet, optimizer"] = function(net, given)
		return KNN.backwardNet, net, KNN.createOptimizer("Momentum"), given.inputs, given.target
	end,
	trainNet = function(net, given)
		return KNN.trainNet, net, given.samples, given.targets, 0.1, { epochs = 2 }
	end,
	["trainNet, buffers"] = function(net, given)
		return KNN.trainNet, net, given.samples, given.targets, 0.1, { epochs = 9, layout = "buffers" }
	end,
	["trainNet, optimizer"] = function(net, given)
		return KNN.trainNet, net, given.samples, given.targets, KNN.createOptimizer("Momentum")
	end,
	forwardBatch = function(net, given)
		return KNN.forwardBatch, net, given.samples
	end,
	["forwardBatch, columns"] = function(net, given)
		return KNN.forwardBatch, net, given.batch, { columns = true, f32 = true }
	end,
	saveNet = function(net)
		return KNN.saveNet, net
	end,
	hardCode = function(net)
		return KNN.hardCode, net
	end,
	getNetworkData = function(net)
		return KNN.getNetworkData, net
	end,
	resetState = function(net)
		return KNN.resetState, net
	end,
	["runGenNet, first"] = function(net, given)
		return KNN.runGenNet, { net, given.other }, { 1, 2 }
	end,
	["runGenNet, last"] = function(net, given)
		return KNN.runGenNet, { given.other, net }, { 1, 2 }
	end,
	getVisual = hasVisuals and function(net)
		return KNN.getVisual, net
	end or nil,
	updateVisualState = hasVisuals and function(net, given)
		return KNN.updateVisualState, net, given.visual
	end or nil,
	updateVisualActive = hasVisuals and function(net, given)
		return KNN.updateVisualActive, net, given.visual, given.inputs
	end or nil,
}

local NETWORKS = {
	{ 2, 2, 3, 1, "Tanh", false },
	{ 5, 1, 6, 2, { "ReLU", "Sigmoid" }, false },
	{ 2, 1, 3, 1, "Tanh", true },
	{ 5, 1, 6, 2, "Tanh", true },
	{ 2, 1, 3, 1, "Tanh", false, { kinds = { "Dense", "Dense" }, loss = "HalfSquaredError" } },
}

local function numbers(count)
	local made = {}
	for index = 1, count do
		made[index] = index / 4
	end
	return made
end

-- As a user has it who has worked with it for a while.
local function use(net, given)
	KNN.forwardNet(net, given.inputs)
	KNN.backwardNet(net, 0, given.inputs, given.target)
	if net[2][1][3] then
		KNN.resetState(net)
	else
		KNN.forwardBatch(net, given.samples)
	end
end

local function damaged(net, path, damage)
	local holder, key = { net }, 1
	for _, step in ipairs(path) do
		holder, key = holder[key], step
	end
	local root = #path == 0 and holder or { net }
	damage(holder, key)
	return root[1]
end

local function isRight(message)
	return (string.find(message, "^Wrong Arg#%d: %u") or string.find(message, "^The step was undone"))
		and not string.find(message, "[%c\127-\255]")
end

local total, wrong = 0, {}
for _, made in ipairs(NETWORKS) do
	local inputs, hiddenL, hiddenN, outputs, activator, recurrent, extras = unpack(made)
	KNN.setSeed(1)
	local template = KNN.createNet(inputs, hiddenL, hiddenN, outputs, activator, recurrent)
	template[5] = extras
	local given = { inputs = numbers(inputs), target = numbers(outputs) }
	given.samples, given.targets = { given.inputs, given.inputs }, { given.target, given.target }
	given.batch = KNN.createBatch(given.samples)
	given.visual = hasVisuals and KNN.getVisual(template) or nil
	for name, call in pairs(CALLS) do
		for _, path in ipairs(placesOf(template, {}, {})) do
			for _, damage in ipairs(DAMAGES) do
				for used = 0, 1 do
					total = total + 1
					if total % every == first then
						local net, other = copy(template), copy(template)
						if used == 1 then
							use(net, given)
						end
						net = damaged(net, path, damage[2])
						local isCircle = damage[1] == "its own holder"
						local before = not isCircle and copy(net)
						given.other = other
						local f, a1, a2, a3, a4, a5 = call(net, given)
						local done, message = pcall(f, a1, a2, a3, a4, a5)
						message = tostring(message)
						local problem = nil
						if done then
							problem = nil
						elseif not isRight(message) then
							problem = "says: " .. message
						elseif not isCircle and not same(before, net) or not same(template, other) then
							problem = "is half changed: " .. message
						end
						if problem then
							local keys = {}
							for index, key in ipairs(path) do
								keys[index] = tostring(key)
							end
							local where = "[" .. table.concat(keys, "][") .. "] " .. damage[1]
							wrong[#wrong + 1] = name .. ": a network with " .. where .. " " .. problem
						end
					end
				end
			end
		end
	end
end
return total, wrong
