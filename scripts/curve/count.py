"""Counting in Luau, by the library that users have."""

from codegen.library.generate import BUNDLE
from codegen.runtimes import Runtime
from curve.points import AXIS, CLOSE_ENOUGH

# How many answers are right; all is in plain sight, for whoever does not trust the engine.
COUNT = """
local KNN, text, reach, closeEnough = ...
local network, right = KNN.loadNet(text), 0
for i = -reach, reach - 1 do
	for j = -reach, reach - 1 do
		local x, y = i / 100, j / 100
		local answer = KNN.forwardNet(network, { x, y })[1]
		local rightAnswer = 1
		if 2 * x ^ 2 + x ^ 3 < y then
			rightAnswer = 0
		end
		if math.abs(answer - rightAnswer) <= closeEnough then
			right = right + 1
		end
	end
end
return right
"""


def count_in_luau(machine: Runtime, text: str) -> int:
    """At how many points the network of a string is right, in a machine."""
    library = machine.require(BUNDLE.read_text(encoding="utf-8"))
    (right,) = machine.run(COUNT, library, text, len(AXIS) / 2, CLOSE_ENOUGH)
    return int(right)
