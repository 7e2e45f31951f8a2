"""What only makes the library faster may be missing: the numbers stay the same."""

import re
from functools import cache, partial

import pytest

from codegen.library.bundle import left_out_of
from codegen.library.generate import bundled
from codegen.library.schedules import ONLY_SPEED
from codegen.runtimes import RUNTIMES
from codegen.translate.requires import TreeError
from tests.library import NONE, bundle, tree
from tests.parity.battery import complaint
from tests.parity.machine import Machine
from tests.parity.test_batches import narrow_networks
from tests.skips import or_skip

# Every which check of the battery one of many libraries takes.
TURNS = 12


@cache
def shortest_bundle() -> str:
    """The library as one script, without any of these files."""
    with pytest.raises(TreeError) as refused:
        bundled(tree(), limit=1)
    (length,) = re.findall(r"^the bundle has ([\d,]+) characters", str(refused.value))
    return bundled(tree(), limit=int(length.replace(",", "")) + 1)


def test_the_committed_script_has_what_makes_single_calls_fast() -> None:
    left_out = left_out_of(bundle())
    assert left_out == list(ONLY_SPEED[: len(left_out)])
    assert not {"kernels/chains", "kernels/narrow"} & set(left_out)


@pytest.mark.parametrize("runtime", ["luau", "lua51"])
def test_the_shortest_script_gives_the_same_numbers(runtime: str, request: pytest.FixtureRequest) -> None:
    assert left_out_of(shortest_bundle()) == list(ONLY_SPEED)
    assert complaint(shortest_bundle(), runtime, chosen=some(len(runtime), request)) is None


@pytest.mark.share(2)
@pytest.mark.parametrize("count", range(1, len(ONLY_SPEED)), ids=lambda count: ONLY_SPEED[count - 1])
def test_without_them_all_gives_the_same_numbers(count: int, request: pytest.FixtureRequest) -> None:
    """Without the first of them, and without the first two, and so on.

    What is missing in one is missing in the next ones, too: each takes some of the checks, the next one others.
    """
    library = {**tree(), **dict.fromkeys(ONLY_SPEED[:count], NONE)}
    assert complaint(library, chosen=some(count, request)) is None


def some(turn: int, request: pytest.FixtureRequest) -> slice:
    """Some checks, others at every turn; all of them with --thorough."""
    return slice(None) if request.config.getoption("thorough") else slice(turn % TURNS, None, TURNS)


# Batches of 32 bits, and what is said of weights that are no numbers.
_SINGLES = "table.insert(found, KNN.forwardBatch(network, own, { f32 = true }))"
_BROKEN = """
for l, layer in ipairs(network[2]) do
    local weights = layer[1][1]
    local before = weights[1]
    for _, wrong in ipairs({ 0 / 0, "x", math.huge, -1e300 }) do
        weights[1] = wrong
        for _, f32 in ipairs({ false, true }) do
            local done, said = pcall(KNN.forwardBatch, network, own, { f32 = f32 })
            table.insert(found, not done and said or said[1])
        end
    end
    weights[1] = before
end
"""


@pytest.mark.parametrize("use", [_SINGLES, _BROKEN], ids=["single precision", "broken networks"])
@pytest.mark.parametrize("name", ["luau", "lune-native"])
def test_layers_that_are_run_together_give_what_one_after_the_other_gives(name: str, use: str) -> None:
    libraries = tree(), {**tree(), "layers/fused_batches": NONE}
    together, apart = (narrow_networks(or_skip(partial(Machine, RUNTIMES[name], each)), use) for each in libraries)
    assert together == apart
