"""Strings with numbers of 32 bits have the same characters everywhere."""

import numpy as np
import pytest

from engine import Network
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.parity import checks
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python

SHORT = {"precision": "f32"}


def test_numbers_of_every_size_are_written_the_same(machine: Machine) -> None:
    checks.check_singles(machine)


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_networks_of_every_kind_are(machine: Machine, kind: str) -> None:
    network = network_of_kinds((kind, "Dense"), seed=3)
    network.best = True
    (text,) = machine.call("saveNet", network.to_table(), SHORT)
    assert text == network.save("f32")
    assert machine.run(
        "local KNN, text, options = ... return KNN.saveNet(KNN.loadNet(text), options)", text, SHORT
    ) == [text]
    assert machine.call("saveNet", network.to_table(), {"precision": "f64"}) == [network.save()]
    assert machine.call("saveNet", network.to_table(), {}) == [network.save()]


def test_in_roblox_too(roblox_machine: Machine) -> None:
    network = Network.create(3, 1, 5, 2, "Tanh", recurrent=True, seed=1)
    script = """
    local KNN, text, options = ...
    local value = Instance.new("StringValue")
    value.Value = text
    local saved = KNN.saveNet(value, options)
    value.Value = saved
    return saved, KNN.saveNet(KNN.loadNet(value), options), #KNN.forwardNet(value, { 1, 2, 3 })
    """
    # Of few digits, so that every parser of JSON reads them exactly.
    for layer in network.layers:
        layer.weights[:] = np.round(layer.weights * 1024) / 1024
    text = network.save("f32")
    assert roblox_machine.run(script, network.save(), SHORT) == [text, text, 2]


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("number", [2.0**128 - 2.0**103, -1e300, 2.0**128])
def test_a_number_too_large_is_refused_the_same(machine: Machine, part: int, number: float) -> None:
    network = Network.create(2, 2, 3, 2, "Tanh", recurrent=True, seed=1)
    network.layers[1].numbers[part].flat[2] = number
    expected = said_by_python(lambda: network.save("f32"))
    assert expected is not None
    assert machine.refusal("saveNet", network.to_table(), SHORT) == expected
    assert machine.refusal("saveNet", network.to_table()) is None


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"precision": "f16"}, 'Options.precision must be one of f64, f32, got "f16".'),
        ({"precision": 32}, "Options.precision must be one of f64, f32, got 32."),
        ({"precison": "f32"}, 'Options must have nothing but precision, got "precison" (did you mean precision?).'),
        ("f32", 'Options must be a table of options, got "f32".'),
    ],
    ids=str,
)
def test_bad_options_are_refused(machine: Machine, options: object, fault: str) -> None:
    network = Network.create(1, 1, 1, 1, seed=1)
    assert machine.refusal("saveNet", network.to_table(), options) == f"Wrong Arg#2: {fault}"
