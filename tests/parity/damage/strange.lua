-- Every table among the arguments of every function, at any depth, made a strange one: with a metatable, with holes, in
-- itself, frozen. What a user's own metamethods raise may come through; what Lua itself raises may not.
--
-- Called with the library, tools.lua's table and network strings. Returns how many cases there were, of which a share is
-- tried, and what went wrong, in words.

local KNN, tools, texts = ...

local OWN = "the user's own words"

local function raise()
	error(OWN, 0)
end

local function returning(value)
	return function()
		return value
	end
end

-- Adds a metatable to a table.
local function with(events)
	return function(part)
		setmetatable(part, events(part))
		return part
	end
end

-- Empties a table; a metatable stands in for what was in it.
local function behind(events)
	return function(part)
		local inside = {}
		for key, value in pairs(part) do
			inside[key] = value
		end
		for key in pairs(inside) do
			part[key] = nil
		end
		return setmetatable(part, events(inside))
	end
end

local STRANGE = {
	{ "a length that is a word", with(returning({ __len = returning("x") })) },
	{ "a length that is a digit", with(returning({ __len = returning("2") })) },
	{ "a negative length", with(returning({ __len = returning(-1) })) },
	{ "a length of nan", with(returning({ __len = returning(0 / 0) })) },
	{ "half a length", with(returning({ __len = returning(1.5) })) },
	-- (No more: whoever made so many of something would take all memory.)
	{ "a great length", with(returning({ __len = returning(1000) })) },
	{ "no length", with(returning({ __len = returning(nil) })) },
	{ "a length that raises", with(returning({ __len = raise })) },
	{ "words where nothing is", with(returning({ __index = returning("x") })) },
	{ "errors where nothing is", with(returning({ __index = raise })) },
	{ "an index that is no table", with(returning({ __index = 5 })) },
	{ "a new index that raises", with(returning({ __newindex = raise })) },
	{ "a comparison that raises", with(returning({ __eq = raise, __lt = raise, __le = raise })) },
	{ "a text that raises", with(returning({ __tostring = raise, __concat = raise })) },
	{ "a text that is none", with(returning({ __tostring = returning(5) })) },
	{ "a walk that raises", with(returning({ __iter = raise, __pairs = raise, __ipairs = raise })) },
	{ "a locked metatable", with(returning({ __metatable = false })) },
	{ "weak keys", with(returning({ __mode = "k" })) },
	{
		"everything behind a metatable",
		behind(function(inside)
			return {
				__index = inside,
				__len = function()
					return #inside
				end,
			}
		end),
	},
	{
		"everything behind one without a length",
		behind(function(inside)
			return { __index = inside }
		end),
	},
	{
		"only words behind a metatable",
		behind(function(inside)
			return {
				__index = returning("x"),
				__len = function()
					return #inside
				end,
			}
		end),
	},
	{
		"only errors behind a metatable",
		behind(function(inside)
			return {
				__index = raise,
				__newindex = raise,
				__len = function()
					return #inside
				end,
			}
		end),
	},
	{
		"itself in the first place",
		function(part)
			part[1] = part
			return part
		end,
	},
	{
		"itself behind the last",
		function(part)
			part[#part + 1] = part
			return part
		end,
	},
	{
		"itself under a name",
		function(part)
			part.x = part
			return part
		end,
	},
	{
		"itself as a key",
		function(part)
			part[part] = part
			return part
		end,
	},
	{
		"a hole in front",
		function(part)
			part[1] = nil
			return part
		end,
	},
	{
		"a hole in the middle",
		function(part)
			part[2] = nil
			return part
		end,
	},
	{
		"a hole behind",
		function(part)
			part[#part + 2] = 1
			return part
		end,
	},
	{
		"keys far apart",
		function(part)
			part[2 ^ 53], part[-1], part[0], part[0.5], part[math.huge] = 1, 1, 1, 1, 1
			return part
		end,
	},
	{
		"nothing but keys far apart",
		function(part)
			for key in pairs(tools.twin(part)) do
				part[key] = nil
			end
			part[1000], part[-1] = 1, 1
			return part
		end,
	},
	{
		"a key that is a table",
		function(part)
			part[{}], part[print], part[true] = 1, 2, 3
			return part
		end,
	},
}
if table.freeze then
	STRANGE[#STRANGE + 1] = {
		"ice",
		function(part)
			return table.freeze(part)
		end,
	}
end

-- What else than a table could stand there.
local function newUserdata(events)
	local made = newproxy(true)
	for name, event in pairs(events) do
		getmetatable(made)[name] = event
	end
	return made
end

local VALUES = {
	{ "an array without entries", returning({}) },
	{ "a userdata", returning(newproxy()) },
	{ "a userdata that raises", returning(newUserdata({ __index = raise, __len = raise, __tostring = raise })) },
	{ "a coroutine", returning(coroutine.create(raise)) },
	{ "a function", returning(print) },
}
for _, strange in ipairs(STRANGE) do
	VALUES[#VALUES + 1] = {
		"a table with " .. strange[1],
		function()
			return strange[2]({ 1, 2 })
		end,
	}
end

-- Functions and arguments for them; what has a network first has it used before.
local function callsOf(template, data)
	local function net()
		return tools.copy(template)
	end
	local samples, targets = tools.copy(data.samples), tools.copy(data.targets)
	for index = 1, 2 do
		samples[index], targets[index] = tools.copy(data.inputs), tools.copy(data.target)
	end
	local sizes = { 2, 1, 2, 1, { "Tanh", "Tanh" }, true, 0.5, true }
	local calls = {
		{ "forwardNet", { net(), data.inputs, false }, true },
		{ "forwardNet", { net(), data.inputs, true }, true },
		{ "forwardNet", { net(), data.named }, true },
		{ "classifyNet", { net(), data.named }, true },
		{ "backwardNet", { net(), 0.1, data.inputs, data.target }, true },
		{ "backwardNet", { net(), 0.1, data.named, data.called }, true },
		{ "backwardNet", { net(), false, data.inputs, data.target }, true, true },
		{ "trainNet", { net(), samples, targets, 0.1, { epochs = 2, layout = "tables", shuffle = true } }, true },
		{ "trainNet", { net(), samples, targets, 0.1, { epochs = 9, layout = "buffers", onEpoch = tostring } }, true },
		{ "trainNet", { net(), samples, targets, false, { epochs = 2, f32 = true, frameBudget = 1 } }, true, true },
		{ "createBatch", { samples } },
		{ "createFunction", { net(), { f32 = true } }, true },
		{ "forwardBatch", { net(), samples, { columns = true, f32 = true } }, true },
		{ "forwardBatch", { net(), { data.named, data.inputs } }, true },
		{ "setScaler", { net(), data.scaler, nil }, true },
		{ "scaleSample", { data.scaler, data.inputs } },
		{ "unscaleSample", { data.scaler, data.inputs } },
		{ "saveNet", { net() }, true },
		{ "saveNet", { net(), { precision = "f32" } }, true },
		{ "hardCode", { net() }, true },
		{ "getNetworkData", { net() }, true },
		{ "summarizeNet", { net() }, true },
		{ "resetState", { net() }, true },
		{ "runGenNet", { { net(), net() }, { 1, 2 }, true, { keepShare = 0.5, mutatedNodes = 1 } } },
		{ "createNet", sizes },
		{ "getAproxLength", { 2, 1, 2, 1, { "Tanh", "Tanh" }, true } },
		{ "loadNet", { "x" } },
		{ "loadOptimizer", { "x" } },
		{ "saveOptimizer", { "x" } },
		{ "setSeed", { 1 } },
	}
	if tools.hasInstances then
		calls[#calls + 1] = { "getVisual", { net() }, true }
		calls[#calls + 1] = { "updateVisualState", { net(), data.visual }, true }
		calls[#calls + 1] = { "updateVisualActive", { net(), data.visual, data.inputs, 1 }, true }
		calls[#calls + 1] = { "createGenNet", { Instance.new("Folder"), 2, unpack(sizes, 1, 7) } }
	end
	return calls
end

local function nameOptimizers(calls)
	local scaler = { name = "MinMax", shift = { 1, 2 }, scale = { 2, 3 }, names = { "far", "fast" } }
	calls[#calls + 1] = { "createScaler", { { { 1, 2 }, { 2, 3 } }, "Robust" } }
	calls[#calls + 1] = { "createScaler", { { { far = 1, fast = 2 }, { far = 2, fast = 3 } }, "MinMax" } }
	calls[#calls + 1] = { "scaleSample", { scaler, { far = 1, fast = 2 } } }
	local layers = { { nodes = 2, activator = "Tanh", initializer = "Zeros", bias = 1, dropout = 0.5 }, { nodes = 1 } }
	local loss = { name = "Huber", delta = 2 }
	calls[#calls + 1] = { "createNetwork", { { inputs = { "far", "fast" }, layers = layers, loss = loss, seed = 1 } } }
	for _, optimizer in ipairs(tools.optimizers) do
		calls[#calls + 1] = { "createOptimizer", { optimizer, { rate = 0.1 } } }
	end
	return calls
end

local tally = tools.newTally()

-- Calls a function with one of its arguments, or a part of one, made strange.
local function try(call, path, strange, data, used)
	local arguments, count = tools.copy(call[2]), #call[2]
	local words = { call[1] .. (used and ", used" or "") .. ":", tools.wordsOf(path), strange[1] }
	if call[4] then
		arguments[call[1] == "trainNet" and 4 or 2] = tools.nextOptimizer()
	end
	if used then
		tools.use(arguments[1], data)
	end
	local holder = arguments
	for index = 1, #path - 1 do
		holder = holder[path[index]]
	end
	local key = path[#path]
	if holder[key] ~= nil then
		holder[key] = strange[2](holder[key])
	end
	local done, message = pcall(KNN[call[1]], unpack(arguments, 1, count))
	message = tostring(message)
	if not done and not tools.isRight(message) and not string.find(message, OWN, 1, true) then
		tally.note("says: " .. message, unpack(words))
	end
end

-- Inside arguments and in place of whole ones.
local function tryCallWith(call, data)
	for _, path in ipairs(tools.placesOf(call[2], true)) do
		local value = call[2]
		for _, key in ipairs(path) do
			value = value[key]
		end
		local isWhole = #path == 1
		for _, strange in ipairs(#path > 0 and type(value) == "table" and STRANGE or {}) do
			for used = 0, call[3] and 1 or 0 do
				if tally.isChosen(tools.share) then
					try(call, path, strange, data, used == 1)
				end
			end
		end
		for _, strange in ipairs(isWhole and VALUES or {}) do
			if tally.isChosen(tools.share) then
				try(call, path, strange, data, call[3] and path[1] > 1)
			end
		end
	end
end

for _, text in ipairs(texts) do
	local template = KNN.loadNet(text)
	local data = tools.dataFor(template)
	for _, call in ipairs(nameOptimizers(callsOf(template, data))) do
		tryCallWith(call, data)
	end
end
return tally.total, tally.wrong
