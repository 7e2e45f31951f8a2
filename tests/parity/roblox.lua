-- A stand-in for the part of Roblox that the library touches: instances are userdata with properties, a tree and IsA.
-- JSON comes from Python (jsonEncode, jsonDecode).

local data = setmetatable({}, { __mode = "k" })
local parents = {
	StringValue = "Instance",
	Folder = "Instance",
	ModuleScript = "Instance",
	DataModel = "Instance",
	ScreenGui = "Instance",
	Frame = "Instance",
	UICorner = "Instance",
	UIAspectRatioConstraint = "Instance",
	TextLabel = "Instance",
	LocalScript = "Instance",
}

Vector2 = {}
function Vector2.new(x, y)
	return { X = x, Y = y }
end

UDim = {}
function UDim.new(scale, offset)
	return { Scale = scale, Offset = offset }
end

UDim2 = {}
function UDim2.fromScale(x, y)
	return { X = UDim.new(x, 0), Y = UDim.new(y, 0) }
end

Color3 = {}
function Color3.fromHSV(hue, saturation, value)
	local function channel(shift)
		local k = (shift + hue * 6) % 6
		return value - value * saturation * math.max(0, math.min(k, 4 - k, 1))
	end
	return { R = channel(5), G = channel(3), B = channel(1) }
end

Enum = { ZIndexBehavior = { Global = { Name = "Global" }, Sibling = { Name = "Sibling" } } }

-- The properties that instances of a class start with.
local function propertiesOf(class)
	local properties = { ClassName = class, Name = class, children = {} }
	if class == "StringValue" then
		properties.Value = ""
	elseif class == "ScreenGui" then
		properties.ResetOnSpawn, properties.ZIndexBehavior = true, Enum.ZIndexBehavior.Global
	elseif class == "UICorner" then
		properties.CornerRadius = UDim.new(0, 8)
	elseif class == "UIAspectRatioConstraint" then
		properties.AspectRatio = 1
	elseif class == "TextLabel" then
		properties.Text, properties.Position = "Label", UDim2.fromScale(0, 0)
	elseif class == "Frame" then
		properties.AnchorPoint, properties.Position, properties.Size = Vector2.new(0, 0), UDim2.fromScale(0, 0), UDim2.fromScale(0, 0)
		properties.Rotation, properties.ZIndex, properties.BorderSizePixel = 0, 1, 1
		properties.BackgroundTransparency, properties.BackgroundColor3 = 0, Color3.fromHSV(0, 0, 0.64)
	end
	return properties
end

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

function methods:WaitForChild(name)
	return assert(self:FindFirstChild(name), name .. " does not come")
end

local adopt

function methods:Clone()
	local copy = Instance.new(data[self].ClassName)
	for key, value in pairs(data[self]) do
		if key ~= "children" and key ~= "Parent" then
			data[copy][key] = value
		end
	end
	for _, child in ipairs(data[self].children) do
		adopt(child:Clone(), copy)
	end
	return copy
end

function methods:Destroy()
	for _, child in ipairs(self:GetChildren()) do
		child:Destroy()
	end
	adopt(self, nil)
end

function adopt(child, parent)
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

-- Roblox limits the strings of StringValues; a test may lower the limit, of all or of one, and say that what is longer is
-- cut without a word.
local longestValue, longestOf, isCut = 200000, setmetatable({}, { __mode = "k" }), false

local function longest(instance)
	return longestOf[instance] or longestValue
end

local function taken(instance, value)
	if #value > longest(instance) then
		if not isCut then
			error("String too long", 0)
		end
	end
	return string.sub(value, 1, longest(instance))
end

function setCutting(isIt)
	isCut = isIt
end

function setLongestValue(length, instance)
	if instance then
		longestOf[instance] = length
	else
		longestValue = length
	end
end

Instance = {}

function Instance.new(class)
	assert(parents[class], "Unable to create an Instance of type " .. tostring(class))
	local instance = newproxy(true)
	data[instance] = propertiesOf(class)
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
			data[self][key] = key == "Value" and taken(self, value) or value
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

local decoded = 0

function getDecoded()
	return decoded
end

local services = {
	HttpService = {
		JSONEncode = function(_, value)
			return jsonEncode(value)
		end,
		JSONDecode = function(_, text)
			decoded = decoded + 1
			local value = jsonDecode(text)
			assert(value ~= nil, "Can't parse JSON")
			return value
		end,
	},
	ReplicatedStorage = Instance.new("Folder"),
	ServerStorage = Instance.new("Folder"),
	Players = { LocalPlayer = Instance.new("Folder") },
}

local playerGui = Instance.new("Folder")
playerGui.Name = "PlayerGui"
playerGui.Parent = services.Players.LocalPlayer

-- The script that runs is in a frame with a caption, as in the place.
script = Instance.new("LocalScript")
script.Parent = Instance.new("Frame")
local caption = Instance.new("TextLabel")
caption.Name = "Caption"
caption.Parent = script.Parent

game = {}

function game:GetService(name)
	return assert(services[name], name .. " is not a service")
end

local frames, whileWaiting = 0, function() end

task = {
	wait = function()
		frames = frames + 1
		whileWaiting()
	end,
}

function setWhileWaiting(callback)
	whileWaiting = callback
end

function getFrames()
	return frames
end

-- Tests that are about time set the clock.
local clock = os.clock
os = setmetatable({
	clock = function()
		return clock()
	end,
}, { __index = os })

function setClock(callback)
	clock = callback
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

-- In Lune, many tests share one process: a test that set a global would leave it to the next. Here it is told.
setmetatable(_G, {
	__newindex = function(_, name)
		error("a test sets the global " .. tostring(name), 2)
	end,
})
