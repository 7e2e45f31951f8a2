"""What several tests of the benchmark stand on."""

import pytest

from benchmarks.machines import MACHINES, Other
from benchmarks.race import Contestant, Result
from benchmarks.tasks import SETTINGS
from codegen.library.generate import ROOT

RUNTIMES = pytest.mark.parametrize("runtime", MACHINES)
BEFORE = ROOT / "tests" / "data" / "KNNLibrary-9a9c5ef.luau"
FEW = {**SETTINGS, "samples": 3, "exampleSteps": 200, "points": 20, "generation": 5}

# A version that takes no network but its own, and knows little else.
_SMALL = """
local own = {}
local function made(network)
    own[network] = true
    return network
end
local layer = { { { 0, 0 } }, { 0 } }
return {
    setSeed = function() end,
    createNet = function()
        return made({ 2, { layer }, false, "Identity" })
    end,
    forwardNet = function(network)
        assert(own[network], "of another library")
        return { ANSWER }
    end,
    backwardNet = function(network)
        assert(own[network], "of another library")
    end,
}
"""


def result(name: str, seconds: list[float], ratios: list[float], size: float | None = None) -> Result:
    """What a contestant did."""
    return Result(name, tuple(seconds), tuple(ratios), size)


def fake(name: str, answer: list[float] | Exception | None, *, of_library: bool = True) -> Contestant:
    """A contestant that computes this, or raises it; without an answer it is tried by a run."""

    def computed() -> list[float]:
        if isinstance(answer, Exception):
            raise answer
        assert answer is not None
        return answer

    def time(runs: int) -> float:
        return float(runs)

    return Contestant(name, 1, time, None if answer is None else computed, of_library=of_library)


def small(answer: float) -> Other:
    """A version that knows little, whose networks answer this."""
    return Other("small.luau", _SMALL.replace("ANSWER", str(answer)))
