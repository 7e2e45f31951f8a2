"""Tiny networks are run and stepped by functions made for each as all others are, whatever is done to them in between.

The library as a tree has these functions, the one script has not.
"""

from functools import cache
from typing import Any

import pytest

from codegen.library.bundle import left_out_of
from codegen.runtimes import RUNTIMES
from engine.formulas.registry import ACTIVATIONS
from tests.library import bundle, tree
from tests.parity.machine import Machine
from tests.skips import or_skip

# Runs and trains a network until there are functions for it, changes something, and says what comes of it then.
_DONE = """
local KNN, shape, activator, recurrent, turns, early = ...
KNN.setSeed(5)
local network = KNN.createNet(shape[1], shape[2], shape[3], shape[4], activator, recurrent, 0.25, true)
local function numbers(count, first)
    local made = {}
    for index = 1, count do made[index] = first + index / 8 end
    return made
end
local inputs, target, rate, giveCache = numbers(shape[1], -0.5), numbers(shape[4], 0.125), 0.125, nil
for _ = 1, turns do
    KNN.forwardNet(network, inputs)
    KNN.backwardNet(network, early, inputs, target)
end
if early == 0 then
    KNN.resetState(network)
end
local layers = network[2]
local last = layers[#layers]
do
    EDIT
end
local found = {}
local function note(...)
    local values = { ... }
    for index = 1, select("#", ...) do
        local value = values[index]
        local text = type(value) == "table" and table.concat(value, " ", 1, #value) or tostring(value)
        found[#found + 1] = string.match(text, "Wrong Arg.*") or text
    end
    local isSaved, text = pcall(KNN.saveNet, network)
    found[#found + 1] = isSaved and text or "none"
end
for _ = 1, 2 do
    local done, outputs = pcall(KNN.forwardNet, network, inputs, giveCache)
    note(done, done and giveCache == true and outputs[1] or outputs)
    note(pcall(KNN.backwardNet, network, rate, inputs, target))
end
return found
"""
_LIKE_A_NUMBER = (
    "local function same() return true end local function zero() return 0 end "
    "local odd = setmetatable({}, { __lt = same, __le = same, __add = zero, __sub = zero, __mul = zero }) "
)

EDITS = {
    "nothing": "",
    # Arguments.
    "an input more": "inputs[#inputs + 1] = 1",
    "an input less": "inputs[#inputs] = nil",
    "no input": "inputs = nil",
    "a number as inputs": "inputs = 3",
    "a text as an input": "inputs[1] = '0.5'",
    "a boolean as an input": "inputs[#inputs] = true",
    "nan as an input": "inputs[#inputs] = 0 / 0",
    "infinity as an input": "inputs[1] = math.huge",
    "minus infinity as an input": "inputs[#inputs] = -math.huge",
    "what compares as a number as an input": _LIKE_A_NUMBER + "inputs[1] = odd",
    "inputs with a name beside them": "inputs.x = 1",
    "inputs behind a metatable": "local own = inputs inputs = setmetatable({}, { __index = own, "
    "__len = function() return #own end })",
    "large inputs": "for i = 1, #inputs do inputs[i] = 1e308 end",
    "signed zeros": "for i = 1, #inputs do inputs[i] = -0 end",
    "a target more": "target[#target + 1] = 1",
    "a target less": "target[#target] = nil",
    "no target": "target = nil",
    "a text as a target": "target[1] = '0.5'",
    "nan as a target": "target[#target] = 0 / 0",
    "infinity as a target": "target[#target] = math.huge",
    "a target behind a metatable": "local own = target target = setmetatable({}, { __index = own, "
    "__len = function() return #own end })",
    "a huge target": "target[1] = 1e200",
    "a rate of 0": "rate = 0",
    "a rate below 0": "rate = -0.125",
    "a rate of nan": "rate = 0 / 0",
    "an infinite rate": "rate = math.huge",
    "a text as a rate": "rate = '0.125'",
    "an optimizer": "rate = KNN.createOptimizer('Momentum')",
    "a boolean that asks for all layers": "giveCache = true",
    "a boolean that asks for nothing": "giveCache = false",
    "a number that asks for all layers": "giveCache = 1",
    # Networks that stay right.
    "a weight": "layers[1][1][1][1] = 0.75",
    "a bias of minus zero": "last[2][1] = -0",
    "a row of its own": "local row = layers[1][1][1] layers[1][1][1] = { unpack(row) }",
    "weights of their own": "last[1] = { unpack(last[1]) }",
    "a layer of its own": "layers[1] = { unpack(layers[1]) }",
    "layers of their own": "network[2] = { unpack(layers) }",
    "another activation": "network[4] = 'Sin'",
    "a name for each layer": "network[4] = {} for l = 1, #layers do network[4][l] = 'Tanh' end",
    "a name for each layer, then others": "network[4] = {} for l = 1, #layers do network[4][l] = 'Tanh' end "
    "for _ = 1, 2 do KNN.forwardNet(network, inputs) KNN.backwardNet(network, rate, inputs, target) end "
    "network[4][1] = 'Sin'",
    "an output layer of shares": "network[4] = {} for l = 1, #layers do network[4][l] = 'Tanh' end "
    "network[4][#layers] = 'Softmax'",
    "extras": "network[5] = { dropout = {} } for l = 1, #layers do network[5].dropout[l] = 0 end",
    "extras that go again": "network[5] = { loss = 'Huber' } KNN.forwardNet(network, inputs) network[5] = nil",
    "extras that change": "network[5] = { outputs = {} } for j = 1, #last[2] do network[5].outputs[j] = 'o' .. j end "
    "for _ = 1, 2 do KNN.forwardNet(network, inputs) KNN.backwardNet(network, rate, inputs, target) end "
    "network[5].loss = 'Huber'",
    "a scaler": "local samples = { inputs, numbers(#inputs, 3) } "
    "KNN.setScaler(network, KNN.createScaler(samples, 'MinMax'))",
    "the best one": "network[3] = true",
    "a field of its own": "network.owner = 'a player'",
    "a metatable": "setmetatable(network, { __index = { [5] = {} } })",
    "a node more": "for _, row in ipairs(last[1]) do table.insert(row, #layers[#layers - 1][2] + 1, 0.5) end "
    "local before = layers[#layers - 1] table.insert(before[1], { unpack(before[1][1]) }) table.insert(before[2], 1) "
    "if before[3] then table.insert(before[3], 0) end",
    "an output more": "table.insert(last[1], { unpack(last[1][1]) }) table.insert(last[2], 0.5) "
    "if last[3] then table.insert(last[3], 0) end target[#target + 1] = 0.5",
    # Networks that do not.
    "other inputs": "network[1] = network[1] + 1",
    "inputs as a text": "network[1] = tostring(network[1])",
    "no inputs": "network[1] = nil",
    "an unknown activation": "network[4] = 'Sine'",
    "no activation": "network[4] = nil",
    "unknown extras": "network[5] = { names = {} }",
    "extras that are none": "network[5] = 3",
    "a layer less": "table.remove(layers)",
    "a layer twice": "table.insert(layers, last)",
    "a hole in the layers": "layers[1] = nil",
    "a row less": "table.remove(layers[1][1])",
    "a row more": "table.insert(last[1], last[1][1])",
    "a row that is none": "last[1][1] = 7",
    "a short row": "table.remove(last[1][1])",
    "a long row": "table.insert(layers[1][1][1], 1)",
    "a long row behind the first": "local rows = layers[1][1] table.insert(rows[#rows], 1)",
    "a bias less": "table.remove(layers[1][2])",
    "a bias more": "table.insert(last[2], 1)",
    "a row less, a bias more": "table.remove(layers[1][1]) table.insert(last[2], 1)",
    "a memory in the first layer only": "layers[1][3] = { unpack(layers[1][2]) }",
    "a memory in the last layer only": "last[3] = { unpack(last[2]) }",
    "an unknown part of the first layer": "layers[1][3] = layers[1][3] or 7 layers[1][4] = 7",
    "an unknown part of the last layer": "last[3] = last[3] or 7 last[4] = 7",
    "one table as two rows of the first layer": "local rows = layers[1][1] rows[#rows] = rows[1]",
    "one table as two rows of each layer": "for _, layer in ipairs(layers) do layer[1][#layer[1]] = layer[1][1] end",
    "a hole in a row": "layers[1][1][1][1] = nil",
    "a text as a weight": "last[1][1][1] = '0.5'",
    "a boolean as a bias": "layers[1][2][1] = true",
    "nan as a weight": "last[1][1][1] = 0 / 0",
    "infinity as a weight": "layers[1][1][1][1] = math.huge",
    "infinity as a bias": "last[2][1] = math.huge",
    "large weights": "for _, row in ipairs(layers[1][1]) do row[1] = 1e308 end last[1][1][1] = 1e308",
    "a frozen row": "table.freeze(last[1][1])",
    "a frozen first row": "table.freeze(layers[1][1][1])",
    "frozen biases": "table.freeze(layers[1][2])",
}
EDITS_OF_MEMORIES = {
    "a state": "layers[1][3][1] = 0.75",
    "a state of its own": "layers[1][3] = { unpack(layers[1][3]) }",
    "no state": "layers[1][3] = nil",
    "no state in the last layer": "last[3] = nil",
    "no state in the last layer, an input more": "last[3] = nil inputs[#inputs + 1] = 1",
    "no state in the last layer, a target more": "last[3] = nil target[#target + 1] = 1",
    "no state in the last layer, a layer more": "last[3] = nil table.insert(layers, layers[#layers - 1])",
    "a weight less that nothing reads": "table.remove(last[1][1])",
    "a weight less that nothing reads, an input more": "table.remove(last[1][1]) inputs[#inputs + 1] = 1",
    "a weight less that nothing reads, a target more": "table.remove(last[1][1]) target[#target + 1] = 1",
    "a weight less that nothing reads, a bias more": "table.remove(last[1][1]) table.insert(last[2], 1)",
    "no states": "for _, layer in ipairs(layers) do layer[3] = nil end",
    "a short state": "table.remove(layers[1][3])",
    "a long state": "table.insert(layers[1][3], 1)",
    "a frozen state": "table.freeze(layers[1][3])",
    "nan as a state": "layers[1][3][1] = 0 / 0",
    "a state that grows out of bounds": "network[4] = 'Identity' layers[1][3][1] = 1e308 "
    "for _, row in ipairs(layers[1][1]) do row[#row] = 1e308 end",
    "a state set to zero": "KNN.resetState(network)",
}
# What has a length that functions look at. With one of them longer and another shorter the lengths add up as before.
ARRAYS = {
    "inputs": "inputs",
    "target": "target",
    "network": "network",
    "layers": "layers",
    "parts of the first layer": "layers[1]",
    "parts of the last layer": "last",
    "rows of the first layer": "layers[1][1]",
    "rows of the last layer": "last[1]",
    "a row of the first layer": "layers[1][1][1]",
    "a row of the last layer": "last[1][1]",
    "biases of the first layer": "layers[1][2]",
    "biases of the last layer": "last[2]",
}
# All numbers of inputs, hidden nodes and outputs that are written out; one, two and three hidden layers.
SHAPES = [(1, 2, 1, 1), (2, 2, 3, 1), (3, 1, 2, 2), (4, 3, 4, 3), (2, 2, 4, 4)]


@cache
def machines() -> tuple[Machine, Machine]:
    """With functions for tiny networks, and without."""
    assert {"kernels/runners", "kernels/steppers"} <= set(left_out_of(bundle()))
    luau = RUNTIMES["luau"]
    return or_skip(lambda: Machine(luau, tree())), or_skip(lambda: Machine(luau, bundle()))


def _compare(edit: str, shape: tuple[int, ...], activator: str | list[str], recurrent: bool) -> None:
    script = _DONE.replace("EDIT", edit)
    made, plain = (machine.run(script, shape, activator, recurrent, 3, 0.125) for machine in machines())
    assert made == plain


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_functions_for_tiny_networks_make_no_difference(edit: str, recurrent: bool) -> None:
    for shape in SHAPES:
        _compare(edit, shape, "LeakyReLU", recurrent)


@pytest.mark.parametrize("edit", EDITS_OF_MEMORIES.values(), ids=EDITS_OF_MEMORIES)
def test_nor_do_they_with_a_memory(edit: str) -> None:
    for shape in SHAPES:
        _compare(edit, shape, "Tanh", recurrent=True)


# Makes so much rubbish that all is collected which only caches hold.
_FORGET = " for index = 1, 300000 do local _ = { index } end"


@pytest.mark.parametrize(
    ("edit", "recurrent"),
    [*((edit, False) for edit in EDITS.values()), *((edit, True) for edit in EDITS_OF_MEMORIES.values())],
    ids=[*EDITS, *EDITS_OF_MEMORIES],
)
def test_nor_does_it_matter_when_they_are_collected(edit: str, recurrent: bool) -> None:
    for machine in machines():
        kept, forgotten = (
            machine.run(_DONE.replace("EDIT", edit + end), SHAPES[1], "Tanh", recurrent, 3, 0.125)
            for end in ("", _FORGET)
        )
        assert kept == forgotten


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_nor_does_it_when_they_were_made(edit: str, recurrent: bool) -> None:
    """They are made again whenever the garbage collector has taken them."""
    for machine in machines():
        for shape in SHAPES:
            before, after = (
                machine.run(_DONE.replace("EDIT", edit), shape, "LeakyReLU", recurrent, turns, 0) for turns in (3, 0)
            )
            assert before == after


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("longer", ARRAYS.values(), ids=ARRAYS)
def test_nor_do_they_where_lengths_add_up_as_before(longer: str, recurrent: bool) -> None:
    for shape in SHAPES:
        for shorter in ARRAYS.values():
            edit = f"local long, short = {longer}, {shorter} table.insert(long, long[#long]) table.remove(short)"
            _compare(edit, shape, "LeakyReLU", recurrent)


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("activator", ACTIVATIONS)
def test_nor_do_they_with_any_activation(activator: str, recurrent: bool) -> None:
    for inputs in range(1, 5):
        for nodes in range(1, 5):
            _compare("", (inputs, 1 + nodes % 3, nodes, 1 + (inputs + nodes) % 4), activator, recurrent)


# Sums of nothing but zeros, of both signs.
_ZEROS = """
for l, layer in ipairs(layers) do
    for j, row in ipairs(layer[1]) do
        layer[2][j] = SIGN * 0
        for i = 1, #row do row[i] = (l + SHIFT) % 2 == 0 and -1 or 1 end
    end
end
for i = 1, #inputs do inputs[i] = 0 end
for j = 1, #target do target[j] = 0 end
"""


@pytest.mark.parametrize("sign", ["1", "-1"])
@pytest.mark.parametrize("activator", ACTIVATIONS)
def test_zeros_have_their_signs(activator: str, sign: str) -> None:
    """Also where a function adds fewer of them."""
    for shape in SHAPES:
        for shift in "01":
            edit = _ZEROS.replace("SIGN", sign).replace("SHIFT", shift)
            _compare(edit, shape, [activator] * shape[1] + ["Identity"], recurrent=False)


_COUNTED = ("kernels/runners", "kernels/steppers")


@pytest.mark.parametrize("path", _COUNTED)
def test_tiny_networks_have_such_functions(path: str) -> None:
    """Else all of the above compares nothing: here each counts how often it is called."""
    files: dict[str, Any] = dict(tree())
    place = "local x1, x2, x3, x4 = inputs[1], 0, 0, 0"
    assert files[path].count(place) == 8
    files[path] = files[path].replace(place, f"(inputs :: any).calls += 1 {place}")
    machine = or_skip(lambda: Machine(RUNTIMES["luau"], files))
    script = """
    local KNN, shape, recurrent = ...
    local network = KNN.createNet(shape[1], shape[2], shape[3], shape[4], "Tanh", recurrent)
    local inputs, target = { calls = 0 }, {}
    for i = 1, shape[1] do inputs[i] = 1 end
    for j = 1, shape[4] do target[j] = 1 end
    for _ = 1, 11 do
        KNN.forwardNet(network, inputs)
        KNN.backwardNet(network, 0.125, inputs, target)
    end
    return inputs.calls
    """
    for recurrent in (False, True):
        for shape in SHAPES:
            assert machine.run(script, shape, recurrent) == [10]
