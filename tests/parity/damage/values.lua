-- StringValues whose Value is damaged, before and after their first use: the text of a table damaged at every place, and
-- text that is cut short or no network at all.
--
-- Called with the library, tools.lua's table and network strings. Returns how many cases there were, of which a share is
-- tried, and what went wrong, in words.

local KNN, tools, texts = ...

local tally = tools.newTally()

local function newValue(text)
	local value = Instance.new("StringValue")
	value.Value = text
	return value
end

local function try(call, good, damaged, data, used, ...)
	local value, other = newValue(used and good or damaged), newValue(good)
	if used then
		tools.use(value, data)
		value.Value = damaged
	end
	data.other = other
	local f, a1, a2, a3, a4, a5 = call[2](value, data)
	local done, message = pcall(f, a1, a2, a3, a4, a5)
	local name = call[1] .. (used and ", used" or "")
	tally.judge(done, message, value.Value == damaged and other.Value == good, name .. ":", ...)
	if done then
		local holds, fault = pcall(KNN.loadNet, value)
		if not holds then
			tally.note("is none, but is taken: " .. tostring(fault), name, ...)
		end
	else
		-- Nothing of what was refused is remembered.
		value.Value = good
		if not tools.same(KNN.loadNet(value), KNN.loadNet(KNN.saveNet(value))) then
			tally.note("is remembered", name, ...)
		end
	end
end

-- Texts that are no tables, and tables that no damage of a network makes.
local function textsFrom(good)
	local made = {
		"",
		" ",
		"x",
		"nan",
		"null",
		"true",
		"0",
		'"' .. string.rep("x", 50) .. '"',
		"[]",
		"{}",
		"[[]]",
		"[null]",
		'{"1":2}',
		string.rep("[", 50),
		string.rep("[", 300) .. string.rep("]", 300),
		good .. " ",
		good .. ",",
		good .. good,
		"[" .. good .. "]",
		"\239\187\191" .. good,
		good .. "\0",
		(string.gsub(good, "%d+%.%d+", "1e999", 1)),
		(string.gsub(good, "%d+%.%d+", "-1e999", 1)),
		(string.gsub(good, "%d+%.%d+", "NaN", 1)),
		(string.gsub(good, "%d+%.%d+", "Infinity", 1)),
	}
	for length = 1, #good - 1 do
		made[#made + 1] = string.sub(good, 1, length)
	end
	return made
end

for _, good in ipairs(texts) do
	local template = KNN.loadNet(good)
	local data = tools.dataFor(template)
	good = KNN.saveNet(template)
	local calls = tools.CALLS
	for _, path in ipairs(tools.placesOf(template, true)) do
		for _, damage in ipairs(tools.DAMAGES) do
			if damage[3] then
				for _, call in ipairs(calls) do
					for used = 0, 1 do
						if tally.isChosen(tools.share) then
							local text = tools.jsonOf(tools.damaged(tools.copy(template), path, damage))
							try(call, good, text, data, used == 1, tools.wordsOf(path), damage[1])
						end
					end
				end
			end
		end
	end
	for _, text in ipairs(textsFrom(good)) do
		for _, call in ipairs(calls) do
			for used = 0, 1 do
				if tally.isChosen(tools.share) then
					try(call, good, text, data, used == 1, string.format("%q", text))
				end
			end
		end
	end
end
return tally.total, tally.wrong
