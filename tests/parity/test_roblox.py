"""What only Roblox has: StringValues, folders, HttpService and warnings."""

import json
import re
from itertools import product
from typing import Any

import numpy as np
import pytest

from codegen.runtimes import LuaError
from engine import Network, Random, create_generation, run_generation
from engine.formulas.registry import ALL_ACTIVATIONS
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.parity.checks import parameters
from tests.parity.machine import Machine
from tests.parity.tolerances import reading_tolerance


def rounded(network: Network) -> Network:
    """The network with weights of few digits, which every parser of JSON reads exactly."""
    for layer in network.layers:
        layer.weights[:] = np.round(layer.weights * 1024) / 1024
    return network


FEED_FORWARD = rounded(Network.create(2, 2, 3, 1, seed=1))
RECURRENT = rounded(Network.create(2, 2, 3, 1, "Tanh", recurrent=True, seed=1))

_HOLD = """
local _, text = ...
local value = Instance.new("StringValue")
value.Value = text
return value
"""
_VALUE = "local _, value = ... return value.Value"


def test_a_network_is_run_from_a_string_value(roblox_machine: Machine) -> None:
    value = roblox_machine.keep(_HOLD, FEED_FORWARD.save())
    (outputs,) = roblox_machine.call("forwardNet", value, [1.0, 0.5])
    assert np.array_equal(outputs, FEED_FORWARD.forward([1.0, 0.5]))
    assert roblox_machine.call("getNetworkData", value) == [2, 2, 3, 1, "LeakyReLU", False]
    assert roblox_machine.call("hardCode", value) == [FEED_FORWARD.hard_code()]


def test_training_through_a_string_value_is_written_back(roblox_machine: Machine) -> None:
    network, value = FEED_FORWARD.copy(), roblox_machine.keep(_HOLD, FEED_FORWARD.save())
    for _ in range(3):
        network.backward(0.5, [1.0, 0.5], [1.0])
        roblox_machine.call("backwardNet", value, 0.5, [1.0, 0.5], [1.0])
    (text,) = roblox_machine.run(_VALUE, value)
    assert json.loads(text) == network.to_table()


@pytest.mark.parametrize("kinds", list(product(LAYER_KINDS, repeat=2)), ids="/".join)
def test_a_string_value_keeps_the_kinds_of_its_layers(roblox_machine: Machine, kinds: tuple[str, ...]) -> None:
    network = rounded(network_of_kinds(kinds, ("LeakyReLU", "ElliotSign"), seed=1))
    for layer in network.layers:
        layer.forget()
    value = roblox_machine.keep(_HOLD, network.save())
    roblox_machine.call("backwardNet", value, 0.5, [1.0, 0.5], [1.0] * network.outputs)
    (text,) = roblox_machine.run(_VALUE, value)
    network.backward(0.5, [1.0, 0.5], [1.0] * network.outputs)
    assert json.loads(text) == network.to_table()


def test_a_recurrent_string_value_remembers_and_forgets(roblox_machine: Machine) -> None:
    network, value = RECURRENT.copy(), roblox_machine.keep(_HOLD, RECURRENT.save())
    for _ in range(3):
        (outputs,) = roblox_machine.call("forwardNet", value, [1.0, 0.5])
        np.testing.assert_allclose(outputs, network.forward([1.0, 0.5]), rtol=1e-15)
    (text,) = roblox_machine.run(_VALUE, value)
    written, own = Network.load(text).layers[0].state, network.layers[0].state
    assert written is not None
    assert own is not None
    np.testing.assert_allclose(written, own, rtol=1e-15)
    roblox_machine.call("resetState", value)
    assert Network.load(roblox_machine.run(_VALUE, value)[0]).save() == RECURRENT.save()


def test_a_string_value_is_decoded_once_while_it_stays_the_same(roblox_machine: Machine) -> None:
    script = """
    local KNN, texts = ...
    local value, outputs, counts = Instance.new("StringValue"), {}, {}
    for round = 1, 3 do
        for _, text in ipairs(texts) do
            value.Value = text
            for _ = 1, 4 do
                outputs[#outputs + 1] = KNN.forwardNet(value, { 1, 0.5 })[1]
            end
            counts[#counts + 1] = getDecoded()
        end
    end
    return outputs, counts
    """
    other = rounded(Network.create(2, 1, 4, 1, seed=5))
    outputs, counts = roblox_machine.run(script, [FEED_FORWARD.save(), other.save()])
    one, two = FEED_FORWARD.forward([1.0, 0.5])[0], other.forward([1.0, 0.5])[0]
    assert outputs == ([one] * 4 + [two] * 4) * 3
    assert counts == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("text", ["", "[]", "[1,2]", "nonsense", RECURRENT.save()[:-9]])
def test_a_string_value_without_a_network_is_refused(roblox_machine: Machine, text: str) -> None:
    value = roblox_machine.keep(_HOLD, text)
    message = roblox_machine.refusal("forwardNet", value, [1.0, 0.5])
    assert message is not None
    assert message.startswith("Wrong Arg#1: Network.Value")
    assert roblox_machine.run(_VALUE, value) == [text]


def test_a_refused_step_leaves_a_string_value_as_it_was(roblox_machine: Machine) -> None:
    value = roblox_machine.keep(_HOLD, FEED_FORWARD.save())
    for arguments in ([-1.0, [1.0, 0.5], [1.0]], [0.1, [1.0], [1.0]], [0.1, [1.0, 0.5], [1.0, 2.0]]):
        assert roblox_machine.refusal("backwardNet", value, *arguments) is not None
    assert roblox_machine.run(_VALUE, value) == [FEED_FORWARD.save()]


def test_a_step_whose_result_no_string_can_hold_is_undone(roblox_machine: Machine) -> None:
    value = roblox_machine.keep(_HOLD, FEED_FORWARD.save())
    before = roblox_machine.run(_VALUE, value)
    message = roblox_machine.refusal("backwardNet", value, 1e308, [1.0, 0.5], [1e3])
    assert message is not None
    assert message.startswith("The step was undone, since a network string cannot hold its result: Network[2]")
    assert roblox_machine.run(_VALUE, value) == before
    (outputs,) = roblox_machine.call("forwardNet", value, [1.0, 0.5])
    assert np.array_equal(outputs, Network.load(before[0]).forward([1.0, 0.5]))


def test_other_userdata_is_no_network(roblox_machine: Machine) -> None:
    assert roblox_machine.run("local KNN = ... return pcall(KNN.saveNet, newproxy())")[1].endswith("got a userdata.")
    folder = roblox_machine.keep("return Instance.new('Folder')")
    message = roblox_machine.refusal("saveNet", folder)
    assert message is not None
    assert message.endswith("got a Folder.")


def test_a_saved_network_survives_httpservice(roblox_machine: Machine) -> None:
    network = Network.create(3, 2, 4, 2, seed=9)
    network.layers[0].weights[0] = [5e-324, -1.7976931348623157e308, 0.1 + 0.2]
    (text,) = roblox_machine.call("saveNet", network.to_table())
    assert Network.load(text).to_table() == network.to_table()
    (table,) = roblox_machine.call("loadNet", text)
    allowed = reading_tolerance(roblox_machine.name, 1, 1.0)
    np.testing.assert_allclose(parameters(Network.from_table(table)), parameters(network), rtol=allowed, atol=0)


_GENERATION = """
local KNN, seed = ...
KNN.setSeed(seed)
local folder = Instance.new("Folder")
return folder, KNN.createGenNet(folder, 5, 2, 1, 3, 1, "Tanh", true, 0.25)
"""
_TEXTS = """
local _, folder = ...
local names, texts = {}, {}
for index, child in ipairs(folder:GetChildren()) do
    names[index], texts[index] = child.Name, child.Value
end
return names, texts
"""


def generation(random: Random) -> list[Network]:
    """What `_GENERATION` makes."""
    return create_generation(5, 2, 1, 3, 1, "Tanh", True, 0.25, random)


def tables(texts: list[str]) -> list[Any]:
    """Network tables of strings, whoever formatted their numbers."""
    return [Network.load(text).to_table() for text in texts]


def largest_parameter(networks: list[Network]) -> float:
    """The largest absolute weight, bias or state."""
    return max(float(np.max(np.abs(parameters(network)))) for network in networks)


def test_a_generation_is_made_in_a_folder(roblox_machine: Machine) -> None:
    folder, values = roblox_machine.run(_GENERATION, 3)
    names, texts = roblox_machine.run(_TEXTS, folder)
    assert names == ["GenNet_1", "GenNet_2", "GenNet_3", "GenNet_4", "GenNet_5"]
    assert tables(texts) == [network.to_table() for network in generation(Random(3))]
    assert tables([roblox_machine.run(_VALUE, value)[0] for value in values]) == tables(texts)


@pytest.mark.parametrize("as_folder", [True, False])
def test_a_folder_and_an_array_of_string_values_evolve_like_networks(roblox_machine: Machine, as_folder: bool) -> None:
    folder, values = roblox_machine.run(_GENERATION, 3)
    random = Random(3)
    networks = generation(random)
    largest = largest_parameter(networks)
    for scores in ([1, 5, 2, 3, 4], [-1, -1, -2, 0, -3]):
        best = run_generation(networks, scores, None, random)
        largest = max(largest, largest_parameter(networks))
        assert roblox_machine.call("runGenNet", folder if as_folder else values, scores, True) == [
            best + 1,
            scores[best],
        ]
    evolved = [Network.load(text) for text in roblox_machine.run(_TEXTS, folder)[1]]
    assert [network.best for network in evolved] == [network.best for network in networks]
    # Read before each generation; the third time stands for the roundings of what is added in between.
    allowed = reading_tolerance(roblox_machine.name, 3, largest)
    for own, other in zip(networks, evolved, strict=True):
        np.testing.assert_allclose(parameters(other), parameters(own), rtol=0, atol=allowed)


def test_the_numbers_in_the_names_decide_which_score_is_whose(roblox_machine: Machine) -> None:
    folder, values = roblox_machine.run(_GENERATION, 3)
    roblox_machine.run(
        "local _, folder, values = ... for i = #values, 1, -1 do values[i].Parent = nil values[i].Parent = folder end",
        folder,
        values,
    )
    names, _ = roblox_machine.run(_TEXTS, folder)
    assert names[0] == "GenNet_5"
    assert roblox_machine.call("runGenNet", folder, [1, 5, 2, 3, 4])[0] == 2
    assert Network.load(roblox_machine.run(_VALUE, values[1])[0]).best


def test_a_folder_with_other_names_goes_by_its_order_and_other_children_are_left_alone(roblox_machine: Machine) -> None:
    folder, values = roblox_machine.run(_GENERATION, 3)
    script = """
    local _, folder, value = ...
    value.Name = "Champion"
    Instance.new("Folder").Parent = folder
    """
    roblox_machine.run(script, folder, values[0])
    assert roblox_machine.call("runGenNet", folder, [9, 5, 2, 3, 4])[0] == 1


def test_a_refused_generation_leaves_the_folder_as_it_was(roblox_machine: Machine) -> None:
    folder, _ = roblox_machine.run(_GENERATION, 3)
    before = roblox_machine.run(_TEXTS, folder)
    for scores, options in (([1, 2], None), ([1, 2, 3, 4, float("nan")], None), ([1, 2, 3, 4, 5], {"keepShare": 2})):
        assert roblox_machine.refusal("runGenNet", folder, scores, False, options) is not None
    assert roblox_machine.run(_TEXTS, folder) == before
    empty = roblox_machine.keep("return Instance.new('Folder')")
    message = roblox_machine.refusal("runGenNet", empty, [])
    assert message == "Wrong Arg#1: Networks must be an array or a folder of at least 2 networks, got a Folder."


def test_gaps_in_the_numbers_keep_their_order_and_other_names_come_last(roblox_machine: Machine) -> None:
    folder, values = roblox_machine.run(_GENERATION, 3)
    script = """
    local _, folder, values = ...
    values[1].Name, values[2].Name, values[3].Name = "Champion", "GenNet_20", "GenNet_7"
    """
    roblox_machine.run(script, folder, values)
    # GenNet_4, GenNet_5, GenNet_7, GenNet_20, Champion
    assert roblox_machine.call("runGenNet", folder, [1, 2, 3, 9, 4])[0] == 4
    assert [Network.load(roblox_machine.run(_VALUE, value)[0]).best for value in values] == [
        False,
        True,
        False,
        False,
        False,
    ]


_SHORT_STRINGS = """
local KNN, folder, limit, of = ...
local before, answers = {}, {}
for index, child in ipairs(folder:GetChildren()) do
    before[index], answers[index] = child.Value, KNN.forwardNet(child, { 1, 2 })[1]
    KNN.resetState(child)
end
setLongestValue(limit, folder:GetChildren()[of])
local _, message = pcall(KNN.runGenNet, folder, { 1, 5, 2, 3, 4 })
setLongestValue(limit)
local values = Instance.new("Folder")
KNN.setSeed(1)
local _, made = pcall(KNN.createGenNet, values, 3, 9, 9, 9, 9)
setLongestValue(nil, folder:GetChildren()[of])
setLongestValue(200000)
local after = KNN.saveNet(KNN.createNet(1, 1, 1, 1))
KNN.setSeed(1)
local unmoved = KNN.saveNet(KNN.createNet(1, 1, 1, 1)) == after
local kept = true
for index, child in ipairs(folder:GetChildren()) do
    kept = kept and KNN.forwardNet(child, { 1, 2 })[1] == answers[index]
end
return message, kept, made, #values:GetChildren(), unmoved
"""


@pytest.mark.parametrize("of", [None, 1, 4])
def test_a_string_that_roblox_does_not_take_changes_nothing(stand_in_machine: Machine, of: int | None) -> None:
    folder, _ = stand_in_machine.run(_GENERATION, 3)
    lengths = [len(text) for text in stand_in_machine.run(_TEXTS, folder)[1]]
    message, kept, made, count, unmoved = stand_in_machine.run(_SHORT_STRINGS, folder, min(lengths) - 1, of)
    if of is None:
        rule = (
            "Networks must be a StringValue with room for the network as it will be, every number with all its digits"
        )
        assert re.fullmatch(
            rf"Wrong Arg#1: {rule}, got one that did not take \d+ characters \(String too long\)\.", message
        )
    else:
        assert message.startswith(f"No StringValue was changed, since GenNet_{of} did not take a network string of ")
    assert made.startswith("No StringValue was changed, since GenNet_1 did not take a network string of ")
    assert made.endswith("String too long.")
    assert kept is True
    assert count == 0
    assert unmoved is True


_NO_ROOM = """
local KNN, text, limit, isCut = ...
local value, epochs = Instance.new("StringValue"), 0
value.Value = text
setLongestValue(limit)
setCutting(isCut)
local options = { epochs = 3, onEpoch = function() epochs = epochs + 1 end }
local done, message = pcall(KNN.trainNet, value, { { 0.5, 0.25 } }, { { 1 } }, 0.1, options)
local stepped, other = pcall(KNN.backwardNet, value, 0.1, { 0.5, 0.25 }, { 1 })
setLongestValue(200000)
setCutting(false)
return done, message, epochs, value.Value == text, stepped, other
"""


@pytest.mark.parametrize(("is_cut", "reason"), [(False, "String too long"), (True, "it kept 200 of them")])
def test_training_in_a_stringvalue_without_room_is_refused_before_the_first_step(
    stand_in_machine: Machine, is_cut: bool, reason: str
) -> None:
    network = Network.create(2, 1, 4, 1, "Tanh", seed=1)
    # As a user rounds them: the string has room now, and would not have it after a step.
    for layer in network.layers:
        layer.weights[:] = np.round(layer.weights, 1)
    text = network.save()
    assert len(text) < 200
    done, message, epochs, kept, stepped, other = stand_in_machine.run(_NO_ROOM, text, 200, is_cut)
    assert not done
    rule = "must be a StringValue with room for the network as it will be, every number with all its digits"
    pattern = rf"Wrong Arg#1: Network {rule}, got one that did not take (\d+) characters \({reason}\)\."
    found = re.fullmatch(pattern, message)
    assert found is not None, message
    assert epochs == 0
    assert kept
    assert not stepped
    assert other.startswith("No StringValue was changed, since ")
    # What it said is about what it would have been.
    network.train([[0.5, 0.25]], [[1.0]], 0.1, epochs=3)
    assert abs(int(found[1]) - len(network.save())) < 0.1 * len(network.save())


def test_training_in_a_stringvalue_with_just_enough_room_goes_on(stand_in_machine: Machine) -> None:
    network = Network.create(2, 1, 4, 1, "Tanh", seed=1)
    done, message, epochs, *_ = stand_in_machine.run(_NO_ROOM, network.save(), 420, False)
    assert (done, epochs) == (True, 3), message


def test_a_generation_with_a_hole_or_with_nan_is_refused_before_anything_changes(roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    local one, two = KNN.createNet(1, 1, 1, 1), KNN.createNet(1, 1, 1, 1)
    local text = KNN.saveNet(one)
    local _, hole = pcall(KNN.runGenNet, { one, nil, two }, { 1, 2, 3 })
    two[2][1][2][1] = 0 / 0
    local _, broken = pcall(KNN.runGenNet, { one, two }, { 1, 2 })
    return hole, broken, KNN.saveNet(one) == text
    """
    hole, broken, kept = roblox_machine.run(script)
    assert hole.startswith("Wrong Arg#1: Networks[2] must be a network table")
    assert hole.endswith("got nothing.")
    assert broken == "Wrong Arg#1: Networks[2][2][1][2] must be in an array of 1 number, got nan as number 1."
    assert kept is True


def test_the_activators_of_a_network_are_its_own(roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    local names = { "Tanh", "Identity" }
    local network = KNN.createNet(1, 1, 1, 1, names)
    names[1] = "ReLU"
    local _, _, _, _, given = KNN.getNetworkData(network)
    given[2] = "ReLU"
    return network[4]
    """
    assert roblox_machine.run(script) == [["Tanh", "Identity"]]


@pytest.mark.parametrize("recurrent", [False, True])
@pytest.mark.parametrize("wrong", ["'x'", "{}", "false"])
@pytest.mark.parametrize("place", ["[1][1][1]", "[1][2][2]", "[2][1]", "[1][1][2]", "[2][3]"])
def test_what_is_no_number_stops_a_step_before_it_changes_anything(
    machine: Machine, place: str, wrong: str, recurrent: bool
) -> None:
    script = """
    local KNN, text, edit = ...
    local network = KNN.loadNet(text)
    KNN.resetState(network)
    local mend = edit(network)
    local _, forward = pcall(KNN.forwardNet, network, { 1, 2 })
    local _, backward = pcall(KNN.backwardNet, network, 0.1, { 1, 2 }, { 1 })
    mend()
    return forward, backward, KNN.saveNet(network)
    """
    edit = f"""
    local network = ...
    local right = network[2][2]{place}
    network[2][2]{place} = {wrong}
    return function()
        network[2][2]{place} = right
    end
    """
    before = (RECURRENT if recurrent else FEED_FORWARD).save()
    forward, backward, after = machine.run(script, before, machine.runtime.compile(edit, "edit"))
    assert forward == backward
    assert forward.startswith("Wrong Arg#1: Network[2][2]")
    assert after == before


def test_a_taken_name_is_refused_before_anything_is_made(roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    local folder, taken = Instance.new("Folder"), Instance.new("StringValue")
    taken.Name, taken.Parent = "GenNet_3", folder
    local _, message = pcall(KNN.createGenNet, folder, 4, 1, 1, 1, 1)
    return message, #folder:GetChildren()
    """
    assert roblox_machine.run(script) == ["Wrong Arg#1: Folder must not hold GenNet_3 yet, got one.", 1]


def test_a_clone_learns_apart_from_its_original(real_roblox_machine: Machine) -> None:
    script = """
    local KNN, value = ...
    local clone = value:Clone()
    KNN.backwardNet(clone, 0.5, { 1, 0.5 }, { 1 })
    return value.Value, clone.Value
    """
    network = FEED_FORWARD.copy()
    original, clone = real_roblox_machine.run(script, real_roblox_machine.keep(_HOLD, network.save()))
    assert original == network.save()
    network.backward(0.5, [1.0, 0.5], [1.0])
    assert json.loads(clone) == network.to_table()


def test_a_cloned_generation_evolves_like_its_original_and_leaves_it_alone(real_roblox_machine: Machine) -> None:
    script = """
    local KNN, folder = ...
    local clone = folder:Clone()
    KNN.setSeed(4)
    local best = KNN.runGenNet(clone, { 1, 5, 2, 3, 4 })
    return best, clone
    """
    folder, _ = real_roblox_machine.run(_GENERATION, 3)
    before = real_roblox_machine.run(_TEXTS, folder)
    best, clone = real_roblox_machine.run(script, folder)
    assert best == 2
    assert real_roblox_machine.run(_TEXTS, folder) == before
    real_roblox_machine.run("local KNN, folder = ... KNN.setSeed(4) KNN.runGenNet(folder, { 1, 5, 2, 3, 4 })", folder)
    assert real_roblox_machine.run(_TEXTS, folder) == real_roblox_machine.run(_TEXTS, clone) != before


def test_a_destroyed_network_is_out_of_its_generation(real_roblox_machine: Machine) -> None:
    folder, values = real_roblox_machine.run(_GENERATION, 3)
    real_roblox_machine.run("local _, value = ... value:Destroy()", values[1])
    names, _ = real_roblox_machine.run(_TEXTS, folder)
    assert names == ["GenNet_1", "GenNet_3", "GenNet_4", "GenNet_5"]
    message = real_roblox_machine.refusal("runGenNet", folder, [1, 5, 2, 3, 4])
    assert message == "Wrong Arg#2: Scores must be in an array of 4 numbers, got an array of 5."
    assert real_roblox_machine.call("runGenNet", folder, [1, 2, 5, 4])[0] == 3


def test_networks_live_in_the_data_model(real_roblox_machine: Machine) -> None:
    script = """
    local KNN = ...
    local folder = Instance.new("Folder")
    folder.Name, folder.Parent = "Generation", game:GetService("ReplicatedStorage")
    KNN.createGenNet(folder, 2, 1, 1, 1, 1)
    local found = game.ReplicatedStorage.Generation.GenNet_2
    return found:GetFullName(), found:IsA("StringValue"), KNN.forwardNet(found, { 1 })
    """
    place, is_value, outputs = real_roblox_machine.run(script)
    assert place == "ReplicatedStorage.Generation.GenNet_2"
    assert is_value is True
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("Instance.new('Nothing')", "'Nothing' is not a valid class name"),
        ("Instance.new('Folder').Value = 1", "Value is not a valid member of Folder"),
        ("Instance.new('StringValue').Value = {}", "String"),
        ("return Enum.Font.Nothing", "Nothing"),
    ],
)
def test_roblox_is_real(real_roblox_machine: Machine, mistake: str, message: str) -> None:
    with pytest.raises(LuaError) as caught:
        real_roblox_machine.run(mistake)
    assert message in caught.value.message
    assert "traceback" not in str(caught.value)


def test_recurrence_with_an_infinite_range_warns_once(roblox_machine: Machine) -> None:
    shape = (1, 1, 1, 1)
    for arguments in ((*shape, "Tanh", True), (*shape, "ReLU", False), (*shape, "ReLU", True, None, True)):
        roblox_machine.call("createNet", *arguments)
    assert roblox_machine.run("return getWarnings()") == [[]]
    roblox_machine.call("createNet", *shape, ["Tanh", "Identity"], True)
    assert roblox_machine.run("return getWarnings()") == [[]]
    roblox_machine.call("createNet", *shape, "Swish", True)
    roblox_machine.call("createNet", *shape, "ReLU", True)
    (warnings,) = roblox_machine.run("return getWarnings()")
    with pytest.warns(UserWarning, match="infinite range") as caught:
        Network.create(*shape, "Swish", recurrent=True)
    assert warnings == [str(caught[0].message)]


def test_the_library_cannot_be_changed_by_mistake(roblox_machine: Machine) -> None:
    if roblox_machine.runtime.runs_luau:
        with pytest.raises(LuaError, match="readonly"):
            roblox_machine.run("local KNN = ... KNN.createNet = nil")
    assert roblox_machine.run("local KNN = ... return KNN.VERSION, #KNN.ACTIVATORS") == ["2.0.0", len(ALL_ACTIVATIONS)]


def test_users_may_hang_their_own_fields_on_a_network(roblox_machine: Machine) -> None:
    script = """
    local KNN, text = ...
    local network = KNN.loadNet(text)
    network.owner = "me"
    KNN.backwardNet(network, 0.1, { 1, 2 }, { 1 })
    return network.owner, KNN.loadNet(KNN.saveNet(network)).owner
    """
    assert roblox_machine.run(script, FEED_FORWARD.save()) == ["me", None]
