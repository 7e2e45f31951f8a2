"""What only makes the library faster may be missing: the numbers stay the same."""

from functools import cache, partial

import pytest

from codegen.library.bundle import left_out_of
from codegen.library.generate import bundled
from codegen.library.schedules import ONLY_SPEED
from codegen.runtimes import RUNTIMES
from codegen.translate.requires import TreeError
from tests.library import bundle, tree
from tests.parity.battery import complaint
from tests.parity.machine import Machine
from tests.parity.test_batches import narrow_networks
from tests.skips import or_skip

# Longer than all of the library is.
ANY_LENGTH = 10**9


@cache
def shorter_bundles() -> list[str]:
    """The library as one script, each shorter than the one before, since a file more is left out."""
    found = [bundled(tree(), limit=ANY_LENGTH)]
    assert left_out_of(found[0]) == []
    while True:
        try:
            found.append(bundled(tree(), limit=len(found[-1])))
        except TreeError:
            return found[1:]


def test_the_committed_script_has_what_makes_single_calls_fast() -> None:
    assert not {"kernels/chains", "kernels/narrow"} & set(left_out_of(bundle()))


def test_files_are_left_out_in_their_order() -> None:
    assert [left_out_of(text) for text in shorter_bundles()] == [
        list(ONLY_SPEED[:count]) for count in range(1, len(ONLY_SPEED) + 1)
    ]


@pytest.mark.parametrize("count", range(len(ONLY_SPEED)), ids=lambda count: ONLY_SPEED[count])
def test_without_them_all_gives_the_same_numbers(count: int) -> None:
    assert complaint(shorter_bundles()[count]) is None


def test_plain_lua_gives_the_same_numbers_without_any_of_them() -> None:
    assert complaint(shorter_bundles()[-1], "lua51") is None


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
    # A file that returns false is as good as none.
    libraries = tree(), {**tree(), "layers/fused_batches": "return false\n"}
    together, apart = (narrow_networks(or_skip(partial(Machine, RUNTIMES[name], each)), use) for each in libraries)
    assert together == apart
