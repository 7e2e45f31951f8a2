-- Network strings with up to four things done to each: which load, and what is wrong with how the library takes them.
--
-- Called with the library, sound strings, the state of the random numbers (an integer below 2^32), how many strings to
-- make, and how far a number may be off that is read, as a share of it. Returns how many loaded, what went wrong (of each
-- kind how often, with the shortest string and what was said of it), and the state after it.

local KNN, sound, state, count, tolerance = ...

-- The same numbers in every Lua: no product reaches 2^53.
local function random(highest)
	state = (state * 1664525 + 1013904223) % 4294967296
	return math.floor(state / 4294967296 * highest) + 1
end

local FRAGMENTS = {
	"[",
	"]",
	"{",
	"}",
	",",
	":",
	'"',
	"-",
	"null",
	"true",
	"1e999",
	"-1e999",
	"1e-999",
	"1e308",
	"0x1",
	"01",
	".5",
	"nan",
	"NaN",
	"Infinity",
	"\\u0000",
	"\\u001b",
	"\\u0085",
	"\\u2028",
	"\\ud800",
	"\\ud83d\\ude00",
	"\\",
	"\\n",
	'"x":',
	"{}",
	"[]",
	"[[[[",
	"\n",
	"\0",
	"\127",
	"\255",
	"\192\128",
	"\194\133",
	"\237\160\128",
	"\226\128\168",
	"\239\187\191",
	"\240\159\152\128",
	string.rep("kinds", 12),
	string.rep("[", 150),
}

-- JSON, most of it, that may stand where a number did.
local VALUES = {
	"0",
	"-0",
	"1",
	"2",
	"3",
	"0.5",
	"-1",
	"1e6",
	"1000001",
	"1e308",
	"-1e308",
	"1e999",
	"-1e999",
	"5e-324",
	"1e-999",
	"1e9999999",
	"1e-9999999",
	"0.30000000000000004",
	"12345678901234567890",
	"null",
	"true",
	"false",
	"nan",
	"01",
	"{}",
	"[]",
	"[1]",
	"[null]",
	'{"x":1}',
	'{"1":1}',
	'{"loss":null}',
	'""',
	'"1"',
	'"Dense"',
	'"Tanh"',
	'"{got}"',
	'"\\u0000"',
	'"\\u001b[0m"',
	'"\\n"',
	'"\\u007f"',
	'"\\u0085"',
	'"\\u2028"',
	'"\\ud800"',
	'"\\udc00"',
	'"\\ud83d\\ude00"',
	'"\255"',
	'"\226\128\169"',
	'"' .. string.rep("x", 60) .. '"',
	'"' .. string.rep("\\u0007", 20) .. '"',
	'"' .. string.rep("\240\159\152\128", 11) .. '"',
}

local function spliced(text, from, to, middle)
	return string.sub(text, 1, from - 1) .. middle .. string.sub(text, to + 1)
end

-- Where a piece starts and ends: it may be empty, and most pieces are short.
local function pieceOf(text)
	local from = random(#text + 1)
	return from, from + random(random(#text - from + 2)) - 2
end

-- What a pattern captures, looked for from any place on.
local function found(text, pattern)
	local _, _, first, second = string.find(text, pattern, random(#text + 1))
	if not first then
		_, _, first, second = string.find(text, pattern)
	end
	return first, second
end

-- Where any value starts and ends; nothing where there is none.
local function entryOf(text)
	local from = found(text, "[%[,:]()")
	if not from then
		return nil
	end
	local entry = string.match(text, "^%b[]", from)
		or string.match(text, "^%b{}", from)
		or string.match(text, '^"[^"]*"', from)
		or string.match(text, "^[^,%]}]*", from)
	return from, from + #entry - 1
end

local MUTATIONS = {
	function(text) -- a byte is any other
		local at = random(#text)
		return spliced(text, at, at, string.char(random(256) - 1))
	end,
	function(text) -- bytes are missing
		local at = random(#text)
		return spliced(text, at, at + random(3) - 1, "")
	end,
	function(text) -- junk is in it
		local at = random(#text + 1)
		return spliced(text, at, at - 1, FRAGMENTS[random(#FRAGMENTS)])
	end,
	function(text) -- a piece is there twice
		local from, to = pieceOf(text)
		local at = random(#text + 1)
		return spliced(text, at, at - 1, string.sub(text, from, to))
	end,
	function(text) -- two pieces have changed places
		local from, to = pieceOf(text)
		local before, behind = string.sub(text, 1, from - 1), string.sub(text, to + 1)
		local first, last = pieceOf(behind)
		local middle, piece = string.sub(behind, 1, first - 1), string.sub(behind, first, last)
		return before .. piece .. middle .. string.sub(text, from, to) .. string.sub(behind, last + 1)
	end,
	function(text) -- its end is missing
		return string.sub(text, 1, random(#text + 1) - 1)
	end,
	function(text) -- a number is something else
		local from, behind = found(text, "[%[,]()%-?%d[%d%.eE+-]*()")
		return from and spliced(text, from, behind - 1, VALUES[random(#VALUES)]) or text
	end,
	function(text) -- any value is another
		local from, to = entryOf(text)
		return from and spliced(text, from, to, VALUES[random(#VALUES)]) or text
	end,
	function(text) -- a name's letters are large or small
		local from, behind = found(text, '()"%a[^"]*"()')
		if not from then
			return text
		end
		local change, share = random(2) == 1 and string.upper or string.lower, random(4)
		local name = string.gsub(string.sub(text, from, behind - 1), "%a", function(letter)
			return random(share) == 1 and change(letter) or letter
		end)
		return spliced(text, from, behind - 1, name)
	end,
	function(text) -- an entry is there twice
		local from, to = entryOf(text)
		return from and spliced(text, from, from - 1, string.sub(text, from, to) .. ",") or text
	end,
	function(text) -- an entry is missing
		local from, to = entryOf(text)
		if not from then
			return text
		end
		local hasNext = string.sub(text, to + 1, to + 1) == ","
		return spliced(text, hasNext and from or from - 1, hasNext and to + 1 or to, "")
	end,
}

local function mutated(text)
	for _ = 1, random(4) do
		text = MUTATIONS[random(#MUTATIONS)](text)
	end
	return text
end

-- The bytes of the UTF-8 character that starts at a place; nil if none does, or if it is no character to print.
local function widthAt(text, at)
	local first, second, third, fourth = string.byte(text, at, at + 3)
	local function isMore(byte)
		return byte ~= nil and byte >= 0x80 and byte < 0xC0
	end
	if first < 0x80 then
		return first >= 0x20 and first ~= 0x7F and 1 or nil
	elseif first < 0xC2 or first > 0xF4 or not isMore(second) then
		return nil
	elseif first < 0xE0 then
		return not (first == 0xC2 and second < 0xA0) and 2 or nil
	elseif not isMore(third) then
		return nil
	elseif first < 0xF0 then
		local isOverlong, isSurrogate = first == 0xE0 and second < 0xA0, first == 0xED and second >= 0xA0
		local isSeparator = first == 0xE2 and second == 0x80 and (third == 0xA8 or third == 0xA9)
		return not (isOverlong or isSurrogate or isSeparator) and 3 or nil
	end
	local isOverlong, isBeyond = first == 0xF0 and second < 0x90, first == 0xF4 and second >= 0x90
	return isMore(fourth) and not (isOverlong or isBeyond) and 4 or nil
end

local function isPrintable(text)
	local at = string.find(text, "[^\32-\126]")
	while at and at <= #text do
		local width = widthAt(text, at)
		if not width then
			return false
		end
		at = at + width
	end
	return true
end

local LONGEST_MESSAGE = 600

local function problemOfMessage(message)
	if type(message) ~= "string" then
		return "an error of type " .. type(message)
	elseif not string.find(message, "^Wrong Arg#1: String") then
		return "no refusal: " .. string.sub(string.gsub(message, "%d+", "0"), 1, 60)
	elseif not isPrintable(message) then
		return "not one printable line"
	elseif #message > LONGEST_MESSAGE then
		return "too long a message"
	end
	return nil
end

local function areNumbers(values)
	if type(values) ~= "table" or #values == 0 then
		return false
	end
	for _, value in ipairs(values) do
		if type(value) ~= "number" then
			return false
		end
	end
	return true
end

local NUMBER = "%-?%d[%d%.e+-]*"

local function numbersIn(text)
	local numbers = {}
	for number in string.gmatch(text, NUMBER) do
		numbers[#numbers + 1] = tonumber(number)
	end
	return numbers
end

-- Whether two saved networks are the same, but for what numbers may be off.
local function isSame(saved, again)
	if saved == again then
		return true
	elseif string.gsub(saved, NUMBER, "#") ~= string.gsub(again, NUMBER, "#") then
		return false
	end
	local numbers, others = numbersIn(saved), numbersIn(again)
	for index, number in ipairs(numbers) do
		if math.abs(number - others[index]) > tolerance * math.abs(number) then
			return false
		end
	end
	return true
end

-- What is wrong with a network that was loaded, and what was said of it.
local function problemOfNetwork(net)
	local saves, saved = pcall(KNN.saveNet, net)
	if not saves then
		return "loads, but is not saved", saved
	end
	local loads, again = pcall(KNN.loadNet, saved)
	if not loads then
		return "loads, but not once it is saved", again
	end
	local savesAgain, savedAgain = pcall(KNN.saveNet, again)
	if not savesAgain or not isSame(saved, savedAgain) then
		return "is saved in another way the second time", savedAgain
	end
	local tells, told = pcall(KNN.getNetworkData, net)
	if not tells then
		return "loads, but getNetworkData fails", told
	end
	local inputs = {}
	for index = 1, net[1] do
		inputs[index] = 0.5
	end
	local runs, outputs = pcall(KNN.forwardNet, net, inputs)
	if runs and not areNumbers(outputs) then
		return "has outputs that are no numbers", type(outputs)
	elseif not runs and not string.find(tostring(outputs), "^Wrong Arg#1: Network") then
		return "loads, but does not run", outputs
	end
	return nil
end

-- On its way to Python every byte is one that can be printed.
local function shown(text)
	local printable = string.gsub(tostring(text), "[%c\\\127-\255]", function(byte)
		return string.format("\\%03d", string.byte(byte))
	end)
	return printable
end

local loaded, problems, placeOf = 0, {}, {}

local function note(kind, text, message)
	local place = placeOf[kind]
	if not place then
		place = #problems + 1
		placeOf[kind], problems[place] = place, { kind = shown(kind), times = 0, text = text, message = message }
	end
	local problem = problems[place]
	problem.times = problem.times + 1
	if #text < #problem.text then
		problem.text, problem.message = text, message
	end
end

for _ = 1, count do
	local text = mutated(sound[random(#sound)])
	local done, result = pcall(KNN.loadNet, text)
	local kind, message
	if done then
		loaded = loaded + 1
		kind, message = problemOfNetwork(result)
	else
		kind, message = problemOfMessage(result), result
	end
	if kind then
		note(kind, text, message)
	end
end
for _, problem in ipairs(problems) do
	problem.text, problem.message = shown(problem.text), shown(problem.message)
end
return loaded, problems, state
