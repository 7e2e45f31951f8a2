"""Tables that are quickly seen to be right are bred as all else is, and bad ones are refused in the same words.

The library as a tree has what is quick, the one script has not.
"""

from functools import cache
from typing import Any

import pytest

from codegen.library.bundle import left_out_of
from codegen.runtimes import RUNTIMES
from tests.library import bundle, tree
from tests.parity.machine import Machine
from tests.skips import or_skip

# Breeds four networks, of which one was changed by an edit, and says what came of it.
_BRED = """
local KNN, member, recurrent, shape = ...
local function new(seed)
    KNN.setSeed(seed)
    return KNN.createNet(shape[1], shape[2], shape[3], shape[4], recurrent and "Tanh" or "ReLU", recurrent, 0.5, true)
end
local networks, scores, giveBestScore, options = {}, { 0.5, -1, 2, 0.5 }, nil, nil
for index = 1, 4 do
    networks[index] = new(index)
end
local network, given = networks[member], networks
local layers = network[2]
local last = layers[#layers]
do
    EDIT
end
KNN.setSeed(7)
local found = { pcall(KNN.runGenNet, given, scores, giveBestScore, options) }
found[2], found[3] = tostring(found[2]), tostring(found[3])
-- Where the library's random numbers have come to, and what is left of the networks.
found[4] = KNN.saveNet(KNN.createNet(1, 1, 1, 1))
for index = 1, 4 do
    local isSaved, text = pcall(KNN.saveNet, networks[index])
    found[#found + 1] = isSaved and text or "none"
    found[#found + 1] = tostring(type(networks[index]) == "table" and type(rawget(networks[index], 5)))
end
return found
"""
_NUMBER = "setmetatable({}, { __lt = same, __le = same, __add = zero, __sub = zero, __unm = zero, __mul = zero })"
_LIKE_A_NUMBER = f"local function same() return true end local function zero() return 0 end local odd = {_NUMBER} "

RIGHT = {
    "nothing": "",
    "equal scores": "scores = { 1, 1, 1, 1 }",
    "signed zeros": "scores = { 0, -0, 0, -0 }",
    "large scores": "scores = { 1e308, -1e308, 0, 5e-324 }",
    "the best score": "giveBestScore = true",
    "no best score": "giveBestScore = false",
    "rates": "options = { keepShare = 0.75, mutatedNodes = 1 }",
    "no mutation": "options = { mutatedNodes = 0, biasNoise = 0 }",
    "all nodes": "options = { mutatedNodes = 1000 }",
    "all stay": "options = { keepShare = 1 }",
    "largest numbers": "last[1][1][1], last[2][1] = 1.7976931348623157e308, -1.7976931348623157e308",
    "a dictionary beside the networks": "given.name = 'generation'",
    "the activations of all layers": "for _, each in ipairs(networks) do each[4] = { 'ReLU', 'ReLU', 'Sigmoid' } end",
    "the same activations": "local all = { 'Sin', 'ReLU', 'Tanh' } for k = 1, 4 do networks[k][4] = all end",
    "extras": "for _, each in ipairs(networks) do each[5] = { outputs = {}, dropout = { 0.25, 0, 0 } } "
    "for j = 1, #last[2] do each[5].outputs[j] = 'o' .. j end end",
    "extras of one": "network[5] = { dropout = { 0.25, 0, 0 } }",
    "a field of its own": "network.owner = 'a player'",
    "a metatable of a network": "setmetatable(network, {})",
    "a metatable of the generation": "setmetatable(given, {})",
    "a metatable of the scores": "setmetatable(scores, {})",
    "the best one of before": "network[3] = true",
}
WRONG = {
    "no network": "networks[member] = 5",
    "a text": "networks[member] = 'text'",
    "the same twice": "networks[member] = networks[member % 4 + 1]",
    "a shallow copy": "local other = networks[member % 4 + 1] "
    "networks[member] = { other[1], other[2], other[3], other[4] }",
    "a shallow copy with another activation": "local other = networks[member % 4 + 1] "
    "networks[member] = { other[1], other[2], other[3], 'Sin' }",
    "another activation": "network[4] = 'Sin'",
    "an unknown activation": "network[4] = 'Sine'",
    "no activation": "network[4] = nil",
    "an activation too few": "network[4] = { 'ReLU', 'ReLU' }",
    "no mark": "network[3] = nil",
    "a mark of another type": "network[3] = 1",
    "other inputs": "network[1] = network[1] + 1",
    "no inputs": "network[1] = nil",
    "inputs as a text": "network[1] = tostring(network[1])",
    "a further entry": "network[6] = 1",
    "wrong extras": "network[5] = 3",
    "a layer less": "table.remove(layers)",
    "no layers": "network[2] = nil",
    "a hole in the layers": "layers[2] = nil",
    "a layer that is none": "layers[2] = 'layer'",
    "a part too many": "last[4] = {}",
    "a memory of one": "for _, each in ipairs(layers) do each[3] = each[3] == nil and {} or nil end",
    "a row less": "table.remove(layers[1][1])",
    "no rows": "layers[1][1] = nil",
    "a row that is none": "last[1][1] = 7",
    "a short row": "table.remove(last[1][1])",
    "a long row": "table.insert(last[1][1], 1)",
    "a bias more": "table.insert(last[2], 1)",
    "a hole in a row": "layers[1][1][1][1] = nil",
    "a text in a row": "layers[1][1][1][2] = '0.5'",
    "a boolean in a row": "last[1][1][1] = true",
    "nan": "last[1][1][1] = 0 / 0",
    "infinity": "layers[2][1][1][1] = math.huge",
    "minus infinity": "layers[2][1][1][1] = -math.huge",
    "minus infinity at the end": "local row = layers[2][1][1] row[#row] = -math.huge",
    "nan of a bias": "last[2][1] = 0 / 0",
    "minus infinity of a bias": "last[2][1] = -math.huge",
    "what compares and adds as a number": _LIKE_A_NUMBER + "layers[1][1][1][1] = odd",
    "a bias that compares and adds as a number": _LIKE_A_NUMBER + "last[2][#last[2]] = odd",
    "a score that compares and adds as a number": _LIKE_A_NUMBER + "scores[member] = odd",
    "a metatable of the layers": "setmetatable(layers, {})",
    "a metatable of a layer": "setmetatable(last, {})",
    "a metatable of the rows": "setmetatable(last[1], {})",
    "a metatable of a row": "setmetatable(last[1][1], {})",
    "a metatable of biases": "setmetatable(last[2], {})",
    "a hidden metatable": "setmetatable(last[2], { __metatable = false })",
    "a score less": "table.remove(scores)",
    "a score of nan": "scores[member] = 0 / 0",
    "a score of infinity": "scores[member] = math.huge",
    "a score as a text": "scores[member] = '1'",
    "no score": "scores[member] = nil",
    "no scores": "scores = nil",
    "one number as scores": "scores = 3",
    "no generation": "given = nil",
    "one network alone": "given = { network } scores = { 1 }",
    "none": "given = {}",
    "a number that asks for the score": "giveBestScore = 1",
    "an unknown option": "options = { keepshare = 0.5 }",
    "a wrong option": "options = { keepShare = 2 }",
    "no options": "options = 5",
}
FROZEN = {
    "a network": "table.freeze(network)",
    "a row": "table.freeze(last[1][1])",
    "biases": "table.freeze(layers[1][2])",
}
# The rows of the last are wider than those that are written out.
SHAPES = [(1, 2, 1, 1), (2, 2, 3, 1), (4, 2, 2, 4), (5, 2, 6, 2)]


@cache
def machines() -> tuple[Machine, Machine]:
    """With what is quick, and without."""
    assert {"evolution/alike", "evolution/draws"} <= set(left_out_of(bundle()))
    luau = RUNTIMES["luau"]
    return or_skip(lambda: Machine(luau, tree())), or_skip(lambda: Machine(luau, bundle()))


def _found(machine: Machine, edit: str, *arguments: Any) -> list[Any]:
    found: list[Any]
    (found,) = machine.run(_BRED.replace("EDIT", edit), *arguments)
    # Where the library has raised the error from has another name in each.
    if not found[0]:
        found[1] = found[1].partition("Wrong Arg")[2]
    return found


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("edit", [*RIGHT.values(), *WRONG.values(), *FROZEN.values()], ids=[*RIGHT, *WRONG, *FROZEN])
def test_what_is_quick_makes_no_difference(edit: str, recurrent: bool) -> None:
    quick, plain = machines()
    for shape in SHAPES:
        for member in (1, 3, 4):
            found = _found(quick, edit, member, recurrent, shape)
            assert found == _found(plain, edit, member, recurrent, shape)
            assert edit in RIGHT.values() or not found[0]


def test_right_generations_are_bred() -> None:
    assert all(
        _found(machines()[0], edit, 2, False, SHAPES[1])[0] for edit in RIGHT.values() if "network[5]" not in edit
    )


def test_tables_are_bred_quickly() -> None:
    """Else all of the above compares nothing."""
    files, call = dict(tree()), "return generation.replaceGeneration(networks, scores, rates)"
    assert call in files["evolution/alike"]
    files["evolution/alike"] = files["evolution/alike"].replace(call, "return error('quick')")
    machine = or_skip(lambda: Machine(RUNTIMES["luau"], files))
    for shape in SHAPES:
        ((is_bred, message, *_),) = machine.run(_BRED.replace("EDIT", ""), 1, False, shape)
        assert not is_bred
        assert message.endswith("quick")
