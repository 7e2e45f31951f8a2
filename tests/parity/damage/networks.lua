-- Networks damaged at every place, under every function, before and after their first use.
--
-- Called with the library, tools.lua's table, and network strings, which are damaged at their edges only, in a share of the
-- cases. Returns how many cases there were, and what went wrong, in words.

local KNN, tools, texts = ...

local MADE = {
	{ 2, 2, 3, 1, "Tanh", false },
	{ 5, 1, 6, 2, { "ReLU", "Sigmoid" }, false },
	{ 2, 1, 3, 1, "Tanh", true },
	{ 5, 1, 6, 2, "Tanh", true },
	{ 2, 1, 3, 1, "Tanh", false, extras = tools.extras },
}
for _, extras in ipairs(tools.ends) do
	MADE[#MADE + 1] = { 2, 1, 3, 2, "Tanh", true, extras = extras }
end

local tally = tools.newTally()

local function try(template, onEdges)
	local data = tools.dataFor(template)
	for _, call in ipairs(tools.CALLS) do
		for _, path in ipairs(tools.placesOf(template, onEdges)) do
			for _, damage in ipairs(tools.DAMAGES) do
				for used = 0, 1 do
					if tally.isChosen(onEdges and tools.share) then
						local net, other = tools.copy(template), tools.copy(template)
						if used == 1 then
							tools.use(net, data)
						end
						net = tools.damaged(net, path, damage)
						local before = tools.twin(net)
						data.other = other
						local f, a1, a2, a3, a4, a5 = call[2](net, data)
						local done, message = pcall(f, a1, a2, a3, a4, a5)
						local isAsBefore = done or tools.same(before, net) and tools.same(template, other)
						tally.judge(done, message, isAsBefore, call[1] .. ":", tools.wordsOf(path), damage[1])
					end
				end
			end
		end
	end
end

KNN.setSeed(1)
for _, made in ipairs(MADE) do
	local net = KNN.createNet(unpack(made))
	net[5] = made.extras
	try(net, false)
end
for _, text in ipairs(texts) do
	try(KNN.loadNet(text), true)
end
return tally.total, tally.wrong
