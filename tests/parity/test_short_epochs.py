"""Short epochs that nobody looks at follow each other at once: the same comes of them as where each is looked at."""

from functools import cache
from typing import Any

import pytest

from engine import History, Network, Optimizer, TrainingError
from tests.parity.clock import steps_between_clocks
from tests.parity.machine import Machine

SAMPLES, TARGETS = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]

# A time limit that is never reached has the clock looked at after each epoch.
_TRAIN = """
local KNN, text, samples, targets, given, options = ...
local found = {}
for index, timeLimit in ipairs({ false, 1e9 }) do
    local network = KNN.loadNet(text)
    local stepper = type(given) == "table" and KNN.createOptimizer(given[1], given[2]) or given
    local asked = { timeLimit = timeLimit or nil, seed = options.seed }
    for name, value in pairs(options) do
        asked[name] = value
    end
    local began = os.clock()
    local done, losses, history = pcall(KNN.trainNet, network, samples, targets, stepper, asked)
    local took, total = os.clock() - began, 0
    if done then
        for epoch = 1, #losses do
            assert(history.seconds[epoch] >= 0)
            total = total + history.seconds[epoch]
        end
        assert(#history.seconds == #losses and #history.rates == #losses and total <= took)
        history.seconds = nil
        table.insert(found, { KNN.saveTraining(network, stepper), history })
    else
        table.insert(found, { KNN.saveNet(network), losses })
    end
end
return found
"""


def network() -> Network:
    return Network.create(2, 1, 3, 1, "ElliotSign", seed=4)


# There are several looks at the clock in each of these trainings, and many epochs between two.
STRIDE = steps_between_clocks(network())
EPOCHS = 3 * STRIDE // 4


def trained(machine: Machine, start: Network, stepper: Any, **options: Any) -> tuple[str, Any]:
    quiet, watched = machine.run(_TRAIN, start.save(), SAMPLES, TARGETS, stepper, {"epochs": EPOCHS, **options})[0]
    assert quiet == watched
    return quiet[0], quiet[1]


STEPPERS: dict[str, Any] = {
    "a rate": 0.5,
    "an optimizer": ["Momentum", {"rate": 0.125}],
    "a schedule of epochs": ["SGD", {"rate": 0.5, "schedule": {"name": "OnPlateau", "patience": 3, "factor": 0.5}}],
}


@cache
def in_python(name: str, seed: int | None = None) -> History:
    stepper = STEPPERS[name]
    made = Optimizer(stepper[0], **stepper[1]) if isinstance(stepper, list) else stepper
    return network().train(
        SAMPLES, TARGETS, made, EPOCHS, history=True, engine="numpy", shuffle=seed is not None, random=seed
    )


@pytest.mark.parametrize("stepper", STEPPERS)
def test_all_of_them(machine: Machine, stepper: str) -> None:
    _, history = trained(machine, network(), STEPPERS[stepper])
    expected = in_python(stepper)
    assert history["losses"] == pytest.approx(expected.losses.tolist(), rel=1e-9)
    assert history["rates"] == expected.rates.tolist()
    assert (history["bestEpoch"], history["endedBy"]) == (expected.best_epoch, "epochs")


def test_in_any_order(machine: Machine) -> None:
    _, history = trained(machine, network(), STEPPERS["a rate"], shuffle=True, seed=3)
    assert history["losses"] == pytest.approx(in_python("a rate", 3).losses.tolist(), rel=1e-9)


def test_up_to_a_loss_that_is_low_enough(machine: Machine) -> None:
    losses = in_python("a rate").losses
    epochs = 2 * STRIDE // 4 + 5
    assert losses[epochs - 1] < losses[: epochs - 1].min()
    enough = float(losses[epochs - 2] + losses[epochs - 1]) / 2
    _, history = trained(machine, network(), STEPPERS["a rate"], targetLoss=enough)
    assert (len(history["losses"]), history["bestEpoch"], history["endedBy"]) == (epochs, epochs, "targetLoss")


def test_up_to_one_that_comes_to_no_good_end(machine: Machine) -> None:
    start = Network.create(2, 1, 3, 1, ("ReLU", "Identity"), seed=0)
    with pytest.raises(TrainingError, match="epoch 486 at sample 2") as caught:
        start.copy().train(SAMPLES, TARGETS, 2.2, epochs=EPOCHS, engine="numpy")
    _, problem = trained(machine, start, 2.2)
    assert problem == str(caught.value)
