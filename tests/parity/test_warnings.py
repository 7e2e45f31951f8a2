"""What is said of the data before the first step: the same lines in every runtime, once for each network."""

import math
from typing import Any

import pytest

from tests.engine.training.warned_data import (
    BROKEN,
    CASES,
    CORNERS,
    ENDINGS,
    NO_EPOCH_LEFT,
    SAMPLES,
    TARGETS,
    plain,
    sum_of_two,
)
from tests.parity.machine import Machine

# Trains what a table or a StringValue holds, twice, and what says how many lines there were each time.
_TRAIN = """
local KNN, text, samples, targets, isStored, options = ...
local network = KNN.loadNet(text)
if isStored then
    network = Instance.new("StringValue")
    network.Value = text
end
local counts = { #getWarnings() }
for turn = 1, 3 do
    KNN.trainNet(network, samples, targets, 0.01, options)
    counts[turn + 1] = #getWarnings()
end
local lines = {}
for index = counts[1] + 1, counts[4] do
    lines[#lines + 1] = getWarnings()[index]
end
return lines, counts[2] == counts[4]
"""


def said(machine: Machine, case: str, *, stored: bool = False, **options: Any) -> list[str]:
    """What is said in three trainings, all of it in the first."""
    make, samples, targets, _ = CASES[case]
    lines, is_said_at_once = machine.run(_TRAIN, make().save(), samples, targets, stored, options)
    assert is_said_at_once
    return list(lines)


def test_every_runtime_says_the_same_lines_once(roblox_machine: Machine) -> None:
    for case, (*_, expected) in CASES.items():
        assert said(roblox_machine, case) == expected, case
        assert said(roblox_machine, case, stored=True) == expected, case


@pytest.mark.parametrize(
    "options", [{"epochs": 3, "shuffle": True}, {"batchSize": 2}, {"layout": "buffers"}, {"validationShare": 0.5}]
)
def test_however_it_trains(roblox_machine: Machine, options: dict[str, Any]) -> None:
    for case in ("all at once", "ordinary numbers"):
        assert said(roblox_machine, case, **options) == CASES[case][3]


def test_nothing_is_said_before_all_arguments_are_right(roblox_machine: Machine) -> None:
    script = """
    local KNN, text, samples, targets = ...
    local network, count = KNN.loadNet(text), 0
    for _, options in ipairs({ { batchSize = 0 }, { validationShare = 0.01 }, { validation = 1 } }) do
        count = count + (pcall(KNN.trainNet, network, samples, targets, 0.1, options) and 1 or 0)
    end
    count = count + #getWarnings()
    KNN.backwardNet(network, 0.1, samples[1], targets[1])
    KNN.evaluateNet(network, samples, targets)
    count = count + #getWarnings()
    local seen = 0
    KNN.trainNet(network, samples, targets, 0.1, { onEpoch = function() seen = #getWarnings() end })
    return count, seen
    """
    make, samples, targets, expected = CASES["all at once"]
    assert roblox_machine.run(script, make().save(), samples, targets) == [0, len(expected)]


@pytest.mark.parametrize("case", BROKEN)
def test_a_network_that_is_not_finite_is_refused_in_the_same_words(machine: Machine, case: str) -> None:
    layer, row, column, wild, sentence = BROKEN[case]
    script = """
    local KNN, text, layer, row, column, sign, samples, targets = ...
    local network = KNN.loadNet(text)
    local layers = network[2]
    local numbers = row == 0 and layers[layer][2] or layers[layer][1][row]
    numbers[column] = sign / 0
    local found = {}
    for index, stepper in ipairs({ 0.1, KNN.createOptimizer("Adam") }) do
        _, found[index] = pcall(KNN.trainNet, network, samples, targets, stepper)
    end
    if sign == 0 then
        _, found[3] = pcall(KNN.backwardNet, network, 0.1, samples[1], targets[1])
    end
    return found
    """
    sign = 0.0 if math.isnan(wild) else math.copysign(1.0, wild)
    row = 0 if row is None else row + 1
    (found,) = machine.run(script, plain().save(), layer + 1, row, column + 1, sign, SAMPLES, TARGETS)
    assert [each.partition("Wrong")[1] + each.partition("Wrong")[2] for each in found] == [sentence] * len(found)


@pytest.mark.parametrize("is_stored", [False, True])
def test_what_is_said_at_the_end(roblox_machine: Machine, is_stored: bool) -> None:
    script = """
    local KNN, text, samples, targets, rate, options, isStored = ...
    local network, count = KNN.loadNet(text), #getWarnings()
    if isStored then
        network = Instance.new("StringValue")
        network.Value = text
    end
    KNN.trainNet(network, samples, targets, rate, options)
    local lines = {}
    for index = count + 1, #getWarnings() do
        lines[#lines + 1] = getWarnings()[index]
    end
    return lines
    """
    for case, (targets, rate, epochs, patience, expected) in ENDINGS.items():
        options = {"epochs": epochs, "patience": patience} if patience else {"epochs": epochs}
        (lines,) = roblox_machine.run(script, sum_of_two().save(), CORNERS, targets, rate, options, is_stored)
        assert list(lines) == expected, case


def test_nothing_is_said_at_the_end_where_on_epoch_ended_it(roblox_machine: Machine) -> None:
    script = """
    local KNN, text, samples, targets, rate, epochs = ...
    local count = #getWarnings()
    local losses = KNN.trainNet(KNN.loadNet(text), samples, targets, rate, {
        epochs = epochs + 1,
        onEpoch = function(epoch)
            return epoch < epochs
        end,
    })
    return #getWarnings() - count, losses[#losses] > 1e38
    """
    targets, rate, epochs, _, _ = ENDINGS["a loss that grew"]
    assert roblox_machine.run(script, sum_of_two().save(), CORNERS, targets, rate, epochs) == [0, True]


def test_a_training_that_goes_on_without_an_epoch_says_so(roblox_machine: Machine) -> None:
    script = """
    local KNN, text, samples, targets = ...
    local network = KNN.loadNet(text)
    KNN.trainNet(network, samples, targets, 0.1, { epochs = 3 })
    local again, rate, progress = KNN.loadTraining(KNN.saveTraining(network, 0.1))
    local count, lines = #getWarnings(), {}
    for _, options in ipairs({ { epochs = 3 }, { epochs = 1 }, { epochs = 3, targetLoss = 1e9 }, { epochs = 4 } }) do
        options.resume = progress
        lines[#lines + 1] = #KNN.trainNet(again, samples, targets, rate, options)
        lines[#lines + 1] = getWarnings()[count + 1] or ""
        count = #getWarnings()
    end
    return lines
    """
    (lines,) = roblox_machine.run(script, plain().save(), SAMPLES, TARGETS)
    assert list(lines) == [0, NO_EPOCH_LEFT, 0, NO_EPOCH_LEFT, 0, "", 1, ""]
