"""Samples of many numbers, of which several are looked at at once: what is wrong with one is found wherever it is."""

import pytest

from codegen.library.schedules import LONG_ROW
from tests.parity.machine import Machine
from tests.parity.messages import IS_TEXT

# What each sample is refused for, and what it should be.
_REFUSE = f"""
local KNN, width = ...
local bad = {{
    {{ 0 / 0, "nan" }}, {{ 1 / 0, "infinity" }}, {{ -1 / 0, "-infinity" }}, {{ true, "true" }},
    {{ {{}}, "an empty table" }}, {{ print, "a function" }}, {{ "5", '"5"', ' {IS_TEXT}' }},
}}
local number = {{}}
number.__index, number.__len = number, function() return 0 end
for _, name in ipairs({{ "__add", "__sub", "__mul", "__div", "__unm", "__mod", "__pow" }}) do
    number[name] = function() return setmetatable({{}}, number) end
end
for _, name in ipairs({{ "__lt", "__le", "__eq" }}) do
    number[name] = function() return true end
end
bad[#bad + 1] = {{ setmetatable({{}}, number), "an empty table" }}
if vector then
    bad[#bad + 1] = {{ vector.create(1, 2, 3), "a vector" }}
end
local network, good, large, said = KNN.createNet(width, 1, 1, 1), {{}}, {{}}, {{}}
for i = 1, width do
    good[i], large[i] = i / width, i % 2 == 0 and -1.5e308 or -1e308
end
local rule = "Wrong Arg#2: Samples[2] must be in an array of " .. width .. " numbers, got "
local function refuse(sample, got)
    local done, message = pcall(KNN.evaluateNet, network, {{ good, sample }}, {{ {{ 0 }}, {{ 1 }} }})
    table.insert(said, {{ message, rule .. got }})
end
for _, each in ipairs(bad) do
    for place = 1, width do
        local sample = {{ unpack(good) }}
        sample[place] = each[1]
        refuse(sample, each[2] .. " as number " .. place .. (each[3] or "") .. ".")
    end
end
local longer = {{ unpack(good) }}
longer[width + 1] = 1
refuse(longer, "an array of " .. width + 1 .. ".")
refuse({{ unpack(good, 1, width - 1) }}, "an array of " .. width - 1 .. ".")
refuse(5, "the number 5.")
network[2][1][1][1] = large
local done = pcall(KNN.createBatch, {{ good, large }})
return done and KNN.saveNet(KNN.loadNet(KNN.saveNet(network))) == KNN.saveNet(network), said
"""


@pytest.mark.parametrize("width", range(LONG_ROW - 1, LONG_ROW + 5))
def test_what_is_no_finite_number_is_found_at_every_place(machine: Machine, width: int) -> None:
    are_large_ones_taken, said = machine.run(_REFUSE, width)
    assert are_large_ones_taken
    assert [message for message, _ in said] == [expected for _, expected in said]
