-- Damage done in the callback of trainNet: to the network, its StringValue, the samples and the targets.
--
-- Called with the library, tools.lua's table and network strings. Returns how many cases there were, of which a share is
-- tried, and what went wrong, in words.

local KNN, tools, texts = ...

local tally = tools.newTally()

-- Trains with damage done after the first epoch, and judges what came of it. inside tells what the network is made of.
local function train(holder, samples, targets, stepper, layout, inside, damage, ...)
	local optimizer = type(stepper) ~= "number" and stepper or nil
	local reached, memory
	local done, result = pcall(KNN.trainNet, holder, samples, targets, stepper, {
		epochs = 3,
		layout = layout,
		onEpoch = function(epoch)
			if epoch == 1 then
				damage()
				reached, memory = inside(), optimizer and KNN.saveOptimizer(optimizer)
			end
		end,
	})
	local isAsBefore = done
		or tools.same(reached, inside()) and (not optimizer or memory == KNN.saveOptimizer(optimizer))
	tally.judge(done, result, isAsBefore, ...)
	if done then
		local last = result[#result]
		local holds, fault = pcall(KNN.saveNet, type(holder) == "table" and tools.twin(holder) or holder)
		-- Training that ends in nan is no fault.
		if not holds and last - last == 0 then
			tally.note("is none, but is trained: " .. tostring(fault), ...)
		end
	end
end

local function tryTable(template, data, layout, stepper, path, damage, name)
	local net = tools.copy(template)
	train(net, data.samples, data.targets, stepper, layout, function()
		return tools.twin(net)
	end, function()
		tools.damaged(net, path, damage)
	end, name, "table:", tools.wordsOf(path), damage[1])
end

local function tryValue(template, data, layout, stepper, path, damage, name)
	local value = Instance.new("StringValue")
	value.Value = tools.jsonOf(template)
	train(value, data.samples, data.targets, stepper, layout, function()
		return value.Value
	end, function()
		value.Value = tools.jsonOf(tools.damaged(KNN.loadNet(value), path, damage))
	end, name, "value:", tools.wordsOf(path), damage[1])
end

-- What is wrong with the samples or the targets is found only when a step meets it.
local function tryData(template, data, layout, stepper, which, path, damage, name)
	local net, given = tools.copy(template), { samples = {}, targets = {} }
	for index = 1, #data.samples do
		given.samples[index], given.targets[index] = tools.copy(data.inputs), tools.copy(data.target)
	end
	local done, result = pcall(KNN.trainNet, net, given.samples, given.targets, stepper, {
		epochs = 2,
		layout = layout,
		onEpoch = function(epoch)
			if epoch == 1 then
				tools.damaged(given[which], path, damage)
			end
		end,
	})
	tally.judge(done, result, true, name, which .. ":", tools.wordsOf(path), damage[1])
end

for _, text in ipairs(texts) do
	local template = KNN.loadNet(text)
	local data = tools.dataFor(template)
	for _, layout in ipairs(tools.layouts) do
		for byOptimizer = 0, 1 do
			local name = layout .. (byOptimizer == 1 and ", optimizer," or ",")
			local function stepper()
				return byOptimizer == 1 and tools.nextOptimizer() or 0.1
			end
			for _, path in ipairs(tools.placesOf(template, true)) do
				for _, damage in ipairs(tools.DAMAGES) do
					if tally.isChosen(tools.share) then
						tryTable(template, data, layout, stepper(), path, damage, name)
					end
					if tools.hasInstances and damage[3] and tally.isChosen(tools.share) then
						tryValue(template, data, layout, stepper(), path, damage, name)
					end
				end
			end
			for _, which in ipairs({ "samples", "targets" }) do
				for _, path in ipairs(tools.placesOf(data[which])) do
					for _, damage in ipairs(tools.DAMAGES) do
						if tally.isChosen(tools.share) then
							tryData(template, data, layout, stepper(), which, path, damage, name)
						end
					end
				end
			end
		end
	end
end
return tally.total, tally.wrong
