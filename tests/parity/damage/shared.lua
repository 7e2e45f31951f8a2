-- Networks with the same part in two places, with parts in each other's place, and with parts in themselves.
--
-- Called with the library, tools.lua's table and strings of networks with three layers. Returns how many cases there were,
-- of which a share is tried, and what went wrong, in words.

local KNN, tools, texts = ...

local layouts = tools.layouts

-- Each says where a part goes and where it comes from. (What a network lacks is just nothing there.)
local PUTS = {
	{ "2.1.1.2", "2.1.1.1" }, -- one row for two nodes
	{ "2.2.1.2", "2.2.1.1" },
	{ "2.2.1.1", "2.1.1.1" }, -- for two layers
	{ "2.3.1.1", "2.2.1.1" },
	{ "2.2.1", "2.1.1" }, -- all rows
	{ "2.2", "2.1" }, -- a layer for two
	{ "2.3", "2.1" },
	{ "2.2.2", "2.1.2" }, -- biases for two layers
	{ "2.3.2", "2.2.2" },
	{ "2.1.1.1", "2.1.2" }, -- biases for a row
	{ "2.2.1.1", "2.1.2" },
	{ "2.3.1.1", "2.2.2" },
	{ "2.1.2", "2.1.1.1" }, -- a row for biases
	{ "2.2.2", "2.3.1.1" },
	{ "2.1.1", "2.1.2" }, -- biases for all rows
	{ "2.1.2", "2.1.1" },
	{ "2.1.3", "2.1.2" }, -- biases for a state
	{ "2.2.3", "2.2.2" },
	{ "2.2.2", "2.2.3" },
	{ "2.2.3", "2.1.3" }, -- a state for two layers
	{ "2.3.3", "2.2.3" },
	{ "2.2.3", "2.2.1.1" }, -- a row for a state
	{ "2.1.1.1", "2.1.3" },
	{ "2", "" }, -- what holds itself
	{ "4", "" },
	{ "5", "" },
	{ "2.1", "" },
	{ "2.1.1.1", "" },
	{ "2.1", "2" },
	{ "2.2.1", "2" },
	{ "4", "2" },
	{ "5", "2" },
	{ "2.1.1", "2.1" },
	{ "2.2.2", "2.2" },
	{ "2.2.1.1", "2.2" },
	{ "2.1.1.1", "2.1.1" },
	{ "2.1.1.1.1", "2.1.1.1" },
	{ "2.2.2.1", "2.2.2" },
	{ "5.kinds", "5" },
	{ "5.kinds", "2" },
	{ "5.kinds.1", "5.kinds" },
	{ "5.loss", "5" },
	{ "4", "5.kinds" },
	{ "5.kinds", "4" },
}
-- Each says what is swapped.
local SWAPS = {
	{ "2.1", "2.2" },
	{ "2.2", "2.3" },
	{ "2.1.1", "2.1.2" },
	{ "2.1.1", "2.2.1" },
	{ "2.1.2", "2.3.2" },
	{ "2.2.2", "2.2.3" },
	{ "2.1.1.1", "2.2.1.1" },
	{ "2.1.1.1", "2.3.1.1" },
	{ "2.1.1.1", "2.1.2" },
	{ "2.1.3", "2.2.3" },
	{ "2", "4" },
	{ "4", "5" },
	{ "2", "5" },
	{ "5.kinds.1", "5.kinds.3" },
}

local tally = tools.newTally()

-- What is at a place of a network and, if given, is put there: a place that a network lacks takes nothing.
local function at(net, place, ...)
	local root = { net }
	local holder, key = root, 1
	for step in string.gmatch(place, "[^.]+") do
		holder, key = holder[key], tonumber(step) or step
		if type(holder) ~= "table" then
			return nil
		end
	end
	if select("#", ...) > 0 then
		holder[key] = ...
	end
	return holder[key]
end

local function edited(net, edit)
	if edit.isSwap then
		local first, second = at(net, edit[1]), at(net, edit[2])
		at(net, edit[1], second)
		at(net, edit[2], first)
	else
		at(net, edit[1], (at(net, edit[2])))
	end
end

local EDITS = {}
for _, edit in ipairs(PUTS) do
	EDITS[#EDITS + 1] = edit
end
for _, edit in ipairs(SWAPS) do
	edit.isSwap = true
	EDITS[#EDITS + 1] = edit
end

local function tryCall(template, data, call, edit, used)
	local net, other = tools.copy(template), tools.copy(template)
	if used then
		tools.use(net, data)
	end
	edited(net, edit)
	local before = tools.twin(net)
	data.other = other
	local f, a1, a2, a3, a4, a5 = call[2](net, data)
	local done, message = pcall(f, a1, a2, a3, a4, a5)
	local isAsBefore = done or tools.same(before, net) and tools.same(template, other)
	tally.judge(done, message, isAsBefore, call[1] .. ":", edit[1], edit.isSwap and "and" or "is", edit[2])
end

-- Wherever the weights lie meanwhile, and however they are stepped, the same comes of it.
local function tryLayouts(template, data, edit)
	local results = {}
	for index, layout in ipairs(layouts) do
		local net = tools.copy(template)
		edited(net, edit)
		pcall(KNN.trainNet, net, data.samples, data.targets, 0.1, { epochs = 9, layout = layout })
		results[index] = net
		if not tools.same(results[1], net) then
			tally.note("trains otherwise in " .. layout .. " than in " .. layouts[1], edit[1], "and", edit[2])
		end
	end
	local net = tools.copy(template)
	edited(net, edit)
	for _ = 1, 9 * #data.samples do
		pcall(KNN.backwardNet, net, 0.1, data.inputs, data.target)
	end
	if not tools.same(results[1], net) then
		tally.note("trains otherwise in single steps", edit[1], "and", edit[2])
	end
end

-- Two members of a generation that have a part in common.
local function tryGeneration(template, place)
	local first, second = tools.copy(template), tools.copy(template)
	at(second, place, (at(first, place)))
	local before = tools.twin({ first, second })
	local done, message = pcall(KNN.runGenNet, { first, second }, { 1, 2 })
	tally.judge(done, message, done or tools.same(before, { first, second }), "runGenNet: two with one", place)
end

for _, text in ipairs(texts) do
	local template = KNN.loadNet(text)
	local data = tools.dataFor(template)
	for _, edit in ipairs(EDITS) do
		for _, call in ipairs(tools.CALLS) do
			for used = 0, 1 do
				if tally.isChosen(tools.share) then
					tryCall(template, data, call, edit, used == 1)
				end
			end
		end
		if tally.isChosen(tools.share) then
			tryLayouts(template, data, edit)
		end
	end
	for _, place in ipairs({ "", "2", "2.1", "2.2.1", "2.2.2", "2.1.3", "2.1.1.1", "5" }) do
		if tally.isChosen(tools.share) then
			tryGeneration(template, place)
		end
	end
end
return tally.total, tally.wrong
