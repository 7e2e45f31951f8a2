-- Generations one of whose members is damaged: arrays of tables, of StringValues and of both, and folders.
--
-- Called with the library, tools.lua's table and network strings. Returns how many cases there were, of which a share is
-- tried, and what went wrong, in words.

local KNN, tools, texts = ...

-- What the members are: a table or a StringValue.
local FORMS = { tables = { "table", "table", "table" } }
local ORDER = { "tables" }
if tools.hasInstances then
	FORMS.values = { "value", "value", "value" }
	FORMS.mixed = { "table", "value", "table" }
	FORMS["mixed the other way"] = { "value", "table", "value" }
	FORMS["a folder"] = FORMS.values
	ORDER = { "tables", "values", "mixed", "mixed the other way", "a folder" }
end

local tally = tools.newTally()

local function newMember(form, net)
	if form == "table" then
		return net
	end
	local value = Instance.new("StringValue")
	value.Value = tools.jsonOf(net)
	return value
end

-- What is in members: the tables and texts.
local function insideOf(members)
	local inside = {}
	for index = 1, 3 do
		local member = members[index]
		inside[index] = type(member) == "userdata" and member.Value or tools.twin(member)
	end
	return inside
end

local function try(template, name, position, path, damage, used)
	local forms, members, container = FORMS[name], {}, {}
	for index = 1, 3 do
		members[index] = newMember(forms[index], tools.copy(template))
	end
	if name == "a folder" then
		container = Instance.new("Folder")
		for index = 1, 3 do
			members[index].Name = "GenNet_" .. index
			members[index].Parent = container
		end
	end
	if used then
		KNN.runGenNet(members, { 1, 2, 3 })
	end
	if forms[position] == "table" then
		members[position] = tools.damaged(members[position], path, damage)
	else
		members[position].Value = tools.jsonOf(tools.damaged(tools.copy(template), path, damage))
	end
	local before = insideOf(members)
	KNN.setSeed(5)
	local done, message = pcall(KNN.runGenNet, name == "a folder" and container or members, { 3, 1, 2 })
	local isAsBefore = done or tools.same(before, insideOf(members))
	if not done then
		-- Not even the random numbers have moved on.
		local first = KNN.createNet(1, 1, 1, 1)
		KNN.setSeed(5)
		isAsBefore = isAsBefore and tools.same(first, KNN.createNet(1, 1, 1, 1))
	end
	local where = tools.wordsOf(path)
	tally.judge(done, message, isAsBefore, name, position .. ":", where, damage[1])
	for index = 1, done and #members or 0 do
		local holds, fault = pcall(KNN.saveNet, tools.copy(members[index]))
		if not holds then
			tally.note("is none, but is taken: " .. tostring(fault), name, position .. ":", where, damage[1])
		end
	end
end

for _, text in ipairs(texts) do
	local template = KNN.loadNet(text)
	for _, name in ipairs(ORDER) do
		for position = 1, 3 do
			for _, path in ipairs(tools.placesOf(template, true)) do
				for _, damage in ipairs(tools.DAMAGES) do
					if (damage[3] or FORMS[name][position] == "table") and tally.isChosen(tools.share) then
						-- Before their first use all are read alike.
						try(template, name, position, path, damage, tally.total % 4 > 0)
					end
				end
			end
		end
	end
end
return tally.total, tally.wrong
