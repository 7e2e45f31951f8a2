"""A tree with all that bundling has to see to, its bundle, and how tests bundle others."""

import re
from collections.abc import Mapping

from codegen.library.bundle import bundle

# Blanks at the end of a line, which editors take away.
BLANK = "·"

HEADER = "--!strict\n-- A library.  \n"

WRITTEN = {
    "init": """--!strict
-- The library.

local random = require("@self/random")
local run = require("@self/api/run")
local types = require("@self/types")

export type Network = types.Network
-- Gone: what is written where it is imported.
export type Options = types.Options

-- The public table.
return {
	run = run.runNet, -- behind code
	random = random,
	[1] = "-- one",
}
""",
    "types": """--!strict
-- Types, a file of nothing else.
local shapes = require("./shapes")

type Shape = shapes.Shape

-- A network: "its" -- parts.
-- selene: allow(anything)
-- And more.
export type Network = {
	-- how many
	inputs: number, -- of them
	--[[ and··
	so on ]]
	next: Map<string, Network>?,
} -- behind

-- Nobody sees this.
export type Map<K, V> = { [K]: V }
export type Options = { quiet: boolean? }
type Inner =
	-- one
	((a: number) -> Shape)
	& ((a: string) -> Shape)
return {}
""",
    "shapes": "export type Shape = { sides: number }\n\nreturn {}\n",
    "random": """--!native
-- Numbers.

local state: { count: number } = { count = 0 }

local function nextOne(): number
	state.count += 1
	return state.count
end

return { nextOne = nextOne }
""",
    "api/run": """--!native
-- Runs.
local types = require("../types")
local random = require("../random")

local nextOne = random.nextOne

type Network = types.Network
type Map<K, V> = types.Map<K, V>

local text = "a -- b" .. [[ -- c···


]] .. 'd --[[ e ]]' --[==[ gone ]] ]==]


-- Private.
local function lengthOf(words: string): number --[[ of what ]]
	-- first

	return #words -- behind
end

--- Runs it: é.
--	x: a number
--!nolint
local function runNet(network: Network, x: number): number
	local sum = nextOne()
	-- only this


	-- and this
	if x --[[ here ]] > 0 then
		sum += lengthOf(text --[[ there ]])
	end
	return sum + network.inputs
end

return { runNet = runNet }""",
}
TREE = {path: source.replace(BLANK, " ") for path, source in WRITTEN.items()}

BUNDLE = """--!strict
-- A library.

type Shape = { sides: number }

-- A network: "its" -- parts.
-- And more.
export type Network = {
	-- how many
	inputs: number, -- of them
	--[[ and
	so on ]]
	next: Map<string, Network>?,
}

type Map<K, V> = { [K]: V }
export type Options = { quiet: boolean? }

type Inner =
	((a: number) -> Shape)
	& ((a: string) -> Shape)

local random = (function()
local state: { count: number } = { count = 0 }

local function nextOne(): number
	state.count += 1
	return state.count
end

return { nextOne = nextOne }
end)()

local run = (function()
local nextOne = random.nextOne

local text = "a -- b" .. [[ -- c···


]] .. 'd --[[ e ]]'

local function lengthOf(words: string): number
	return #words
end

--- Runs it: é.
--	x: a number
local function runNet(network: Network, x: number): number
	local sum = nextOne()

	if x > 0 then
		sum += lengthOf(text)
	end
	return sum + network.inputs
end

return { runNet = runNet }
end)()

return {
	run = run.runNet,
	random = random,
	[1] = "-- one",
}
""".replace(BLANK, " ")


def bundled(files: Mapping[str, str], *public: str) -> str:
    return bundle(files, HEADER, public)


def names_in(files: Mapping[str, str]) -> list[str]:
    return names_of(bundled(files))


def names_of(text: str) -> list[str]:
    return re.findall(r"^local (\w+) = \(function\(\)$", text, re.MULTILINE)
