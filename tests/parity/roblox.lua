-- A stand-in for the part of Roblox that the library touches: instances are userdata with properties, a tree and IsA.
-- JSON comes from Python (jsonEncode, jsonDecode).

local data = setmetatable({}, { __mode = "k" })
local parents = { StringValue = "Instance", Folder = "Instance", ModuleScript = "Instance", DataModel = "Instance" }
local methods = {}

function methods:IsA(class)
	local own = data[self].ClassName
	return class == own or class == parents[own]
end

function methods:GetChildren()
	local copy = {}
	for index, child in ipairs(data[self].children) do
		copy[index] = child
	end
	return copy
end

function methods:FindFirstChild(name)
	for _, child in ipairs(data[self].children) do
		if data[child].Name == name then
			return child
		end
	end
	return nil
end

local function adopt(child, parent)
	local before = data[child].Parent
	if before then
		for index, sibling in ipairs(data[before].children) do
			if sibling == child then
				table.remove(data[before].children, index)
				break
			end
		end
	end
	data[child].Parent = parent
	if parent then
		table.insert(data[parent].children, child)
	end
end

-- Roblox limits the strings of StringValues; a test may lower the limit.
local longestValue = 200000

local function longest()
	return longestValue
end

function setLongestValue(length)
	longestValue = length
end

Instance = {}

function Instance.new(class)
	assert(parents[class], "Unable to create an Instance of type " .. tostring(class))
	local instance = newproxy(true)
	data[instance] = { ClassName = class, Name = class, children = {} }
	if class == "StringValue" then
		data[instance].Value = ""
	end
	local meta = getmetatable(instance)
	meta.__index = function(self, key)
		local value = data[self][key]
		if value ~= nil then
			return value
		end
		if methods[key] then
			return methods[key]
		end
		local child = methods.FindFirstChild(self, key)
		if child == nil and key ~= "Parent" then
			error(key .. " is not a valid member of " .. data[self].ClassName, 2)
		end
		return child
	end
	meta.__newindex = function(self, key, value)
		if key == "Parent" then
			adopt(self, value)
		else
			assert(data[self][key] ~= nil, tostring(key) .. " is not a valid member of " .. data[self].ClassName)
			assert(type(value) == type(data[self][key]), "Unable to assign property " .. key)
			if key == "Value" and #value > longest() then
				error("String too long", 0)
			end
			data[self][key] = value
		end
	end
	return instance
end

-- Real Luau makes global tables read-only, so what is kept is behind functions.
local warnings = {}

function getWarnings()
	return warnings
end

function warn(text)
	warnings[#warnings + 1] = text
end

local services = {
	HttpService = {
		JSONEncode = function(_, value)
			return jsonEncode(value)
		end,
		JSONDecode = function(_, text)
			local value = jsonDecode(text)
			assert(value ~= nil, "Can't parse JSON")
			return value
		end,
	},
	ReplicatedStorage = Instance.new("Folder"),
	ServerStorage = Instance.new("Folder"),
}

game = {}

function game:GetService(name)
	return assert(services[name], name .. " is not a service")
end

local frames = 0

task = {
	wait = function()
		frames = frames + 1
	end,
}

function getFrames()
	return frames
end

-- Modules by instance; a script's require finds them here.
local modules = setmetatable({}, { __mode = "k" })

function addModule(name, value)
	local script = Instance.new("ModuleScript")
	script.Name = name
	script.Parent = services.ReplicatedStorage
	modules[script] = value
end

function require(script)
	return modules[script]
end

-- What a script prints is kept, not shown.
local printed = {}

function getPrinted()
	return printed
end

function print(...)
	local words = {}
	for index = 1, select("#", ...) do
		words[index] = tostring((select(index, ...)))
	end
	printed[#printed + 1] = table.concat(words, " ")
end
