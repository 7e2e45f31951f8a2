"""Networks damaged at any place, in any form and at any time: one printable line says so, and nothing is half changed.

The scripts in the folder damage say what is tried.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from codegen.runtimes.lune import Lune
from engine import Network
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS, LEAST_SQUARES, LOSSES, SCALERS
from engine.interface.limits import LAYOUTS
from engine.kernels.schedules import NARROW
from engine.layers.registry import IMPLIED_FEED_FORWARD, LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.library import PAIRS
from tests.parity.machine import Machine

SCRIPTS = Path(__file__).with_name("damage")

# Without --thorough, one case in so many is tried; which ones differs from runtime to runtime.
EVERY = 41
# Of what the scripts list, --thorough tries one case in so many, others in each runtime: all take minutes in each.
# (With 1 for each of these it is all.) What reads JSON takes longest outside Lune, where it is Python's.
SHARES = {"networks": 17, "values": 31, "generations": 7, "meanwhile": 13, "shared": 4, "strange": 5}
SLOW_SHARES = {"networks": 37, "values": 307, "generations": 97, "meanwhile": 97, "strange": 17}


def of_kind(kind: str, nodes: int, outputs: int) -> str:
    """A network with a kind in both of its hidden layers."""
    sizes = (nodes, nodes, nodes, outputs)
    return network_of_kinds((kind, kind, IMPLIED_FEED_FORWARD), seed=1, sizes=sizes).save()


def recurrent(nodes: int, outputs: int) -> str:
    return Network.create(nodes, 2, nodes, outputs, "Tanh", recurrent=True, seed=1).save()


NARROW_ONES = [*(of_kind(kind, 2, 1) for kind in LAYER_KINDS), recurrent(2, 1)]
WIDE_ONES = [*(of_kind(kind, NARROW + 1, 2) for kind in LAYER_KINDS), recurrent(NARROW + 1, 2)]


# What goes in and comes out of networks of 2 inputs and outputs, as users call and measure it.
SCALER = {"name": next(iter(SCALERS)), "shift": [0.5, -1.0], "scale": [2.0, 0.25]}
ENDS: list[dict[str, object]] = [
    {"inputs": ["a", "b"], "outputs": ["c", "d"], "inputScaler": SCALER, "targetScaler": SCALER},
    {"inputs": ["a", "b"], "classes": ["c", "d"]},
]
ENDED_ONES = [
    Network.from_table([*Network.create(2, 1, 3, 2, "Tanh", recurrent=recurs, seed=1).to_table(), extras]).save()
    for extras in ENDS
    for recurs in (False, True)
]


def what_breaks(
    machine: Machine,
    request: pytest.FixtureRequest,
    name: str,
    texts: list[str],
    *,
    has_instances: bool,
    optimizers: Iterable[str] = ELEMENTWISE_OPTIMIZERS,
) -> list[str]:
    """What a script finds wrong; of many things the first ones, and how many there are."""
    shares = SHARES if isinstance(machine.runtime, Lune) else SHARES | SLOW_SHARES
    given = {
        "hasInstances": has_instances,
        "optimizers": list(optimizers),
        "kinds": list(LAYER_KINDS),
        "layouts": list(LAYOUTS),
        "extras": {
            "kinds": [IMPLIED_FEED_FORWARD] * 2,
            "loss": {"name": list(LOSSES)[-1], "smoothing": 0.25},
            "inputs": ["a", "b"],
        },
        "ends": ENDS,
        "every": 1 if request.config.getoption("thorough") else EVERY,
        "first": next(index for index, pair in enumerate(PAIRS) if pair in request.node.name),
        "share": shares[name],
    }
    tools = machine.keep((SCRIPTS / "tools.lua").read_text(encoding="utf-8"), given)
    total, wrong = machine.run((SCRIPTS / f"{name}.lua").read_text(encoding="utf-8"), tools, texts)
    assert total > 15_000
    return [*wrong[:30], f"{len(wrong)} in all"] if len(wrong) > 30 else list(wrong)


def test_a_network_damaged_anywhere_is_refused_by_every_function(
    machine: Machine, request: pytest.FixtureRequest
) -> None:
    texts = [*NARROW_ONES, *WIDE_ONES]
    assert what_breaks(machine, request, "networks", texts, has_instances=False) == []


def test_so_it_is_in_roblox(real_roblox_machine: Machine, request: pytest.FixtureRequest) -> None:
    texts = [*NARROW_ONES, *WIDE_ONES]
    assert what_breaks(real_roblox_machine, request, "networks", texts, has_instances=True) == []


def test_so_is_a_string_value_whose_value_is_damaged(roblox_machine: Machine, request: pytest.FixtureRequest) -> None:
    texts = [*NARROW_ONES, *ENDED_ONES, WIDE_ONES[-1]]
    assert what_breaks(roblox_machine, request, "values", texts, has_instances=True) == []


def test_so_is_a_generation_with_a_damaged_member(roblox_machine: Machine, request: pytest.FixtureRequest) -> None:
    texts = [NARROW_ONES[0], ENDED_ONES[0], WIDE_ONES[-1]]
    assert what_breaks(roblox_machine, request, "generations", texts, has_instances=True) == []


def test_training_stops_at_what_its_callback_has_damaged(
    roblox_machine: Machine, request: pytest.FixtureRequest
) -> None:
    texts = [*NARROW_ONES, *WIDE_ONES]
    assert what_breaks(roblox_machine, request, "meanwhile", texts, has_instances=True) == []


def test_so_it_stops_by_least_squares(roblox_machine: Machine, request: pytest.FixtureRequest) -> None:
    texts = [of_kind(IMPLIED_FEED_FORWARD, nodes, outputs) for nodes, outputs in ((2, 1), (2, 3), (NARROW + 1, 2))] * 2
    options: dict[str, Any] = {"has_instances": True, "optimizers": LEAST_SQUARES}
    assert what_breaks(roblox_machine, request, "meanwhile", texts, **options) == []


def test_parts_in_two_places_or_in_themselves_break_nothing(machine: Machine, request: pytest.FixtureRequest) -> None:
    texts = [*NARROW_ONES, *WIDE_ONES]
    assert what_breaks(machine, request, "shared", texts, has_instances=False) == []


def test_no_table_however_strange_makes_lua_raise_an_error(
    roblox_machine: Machine, request: pytest.FixtureRequest
) -> None:
    texts = [NARROW_ONES[0], NARROW_ONES[-1], *ENDED_ONES, WIDE_ONES[-1]]
    assert what_breaks(roblox_machine, request, "strange", texts, has_instances=True) == []


# What a word may have in it, as a user or a network string may bring it.
WORDS = {"two lines": "x\ny", "a zero byte": "x\0y", "an escape": "\x1b[31m", "no ASCII": "ä"}


@pytest.mark.parametrize("word", WORDS.values(), ids=WORDS)
def test_a_word_in_a_wrong_place_is_told_in_one_printable_line(machine: Machine, word: str) -> None:
    script = """
    local KNN, word, text = ...
    local messages = {}
    for index, damage in ipairs({
        function(network) network[2][1][1][1][1] = word end,
        function(network) network[4] = word end,
        function(network) network[5] = { [word] = 1 } end,
    }) do
        local network = KNN.loadNet(text)
        damage(network)
        messages[index] = select(2, pcall(KNN.saveNet, network))
    end
    messages[4] = select(2, pcall(KNN.setSeed, word))
    messages[5] = select(2, pcall(KNN.createBatch, { { word } }))
    return messages
    """
    (messages,) = machine.run(script, word, NARROW_ONES[0])
    assert [each for each in messages if not each.isprintable() or not each.startswith("Wrong Arg#1: ")] == []
