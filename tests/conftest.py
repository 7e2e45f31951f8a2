"""Settings of all tests, and the machines that they share."""

import gc
from functools import cache, partial

import pytest
from hypothesis import settings

from codegen.runtimes import RUNTIMES, UnavailableError
from codegen.runtimes.lune import Lune
from codegen.tools import TOOLS, left_out
from tests.library import FORMS, PAIRS
from tests.parity.machine import Machine
from tests.sampling import to_leave_out
from tests.skips import or_skip

# The same examples on every machine and every run; nothing is judged by a clock.
settings.register_profile("project", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option with which all is tried that there is."""
    parser.addoption("--thorough", action="store_true", help="run every test and plant every fault, not a sample")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests for which others stand, of those that were asked for."""
    left = set() if config.getoption("thorough") else to_leave_out(items)
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


def pytest_collection_finish() -> None:
    """Let garbage be looked for more seldom, and not among all that was imported and collected, which stays."""
    gc.freeze()
    gc.set_threshold(20 * gc.get_threshold()[0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each which runtimes were left out, and why; in one line for all tools."""
    for reason in reasons_to_skip():
        terminalreporter.write_line(f"skipped: {reason}")


def reasons_to_skip() -> list[str]:
    """Why tests may be skipped here, each reason once."""
    reasons = []
    for runtime in RUNTIMES.values():
        if not issubclass(runtime, Lune):  # which is one of the tools
            try:
                runtime()
            except UnavailableError as reason:
                reasons.append(str(reason))
    missing = [name for name, tool in TOOLS.items() if not tool.is_installed]
    return [*reasons, left_out(*missing)] if missing else reasons


def make_machine(name: str, *, roblox: bool = False) -> Machine:
    """A machine with the committed library, of a name in `PAIRS`, or a skip that says why it cannot be had here."""
    runtime, form = PAIRS[name]
    return or_skip(lambda: Machine(RUNTIMES[runtime], FORMS[form](), roblox=roblox))


shared_machine = cache(make_machine)
LUNE_PAIRS = [name for name, (runtime, _) in PAIRS.items() if issubclass(RUNTIMES[runtime], Lune)]


@pytest.fixture(params=PAIRS)
def machine(request: pytest.FixtureRequest) -> Machine:
    """Every runtime with the library in it, shared by all tests of a process."""
    return shared_machine(request.param)


shared_roblox_machine = cache(partial(make_machine, roblox=True))


def as_new(name: str) -> Machine:
    """A machine as good as new, with the library and Roblox's globals: real ones in Lune, elsewhere a stand-in.

    It is new, but in Lune, whose start takes long. There it is the one of the test before, with the library loaded anew
    in a Roblox without what that test put there.
    """
    if name not in LUNE_PAIRS:
        return make_machine(name, roblox=True)
    machine = shared_roblox_machine(name)
    machine.renew()
    return machine


@pytest.fixture(params=PAIRS)
def roblox_machine(request: pytest.FixtureRequest) -> Machine:
    """Every runtime, as good as new, with the library and Roblox's globals."""
    return as_new(request.param)


@pytest.fixture(params=LUNE_PAIRS)
def real_roblox_machine(request: pytest.FixtureRequest) -> Machine:
    """The runtimes whose Roblox is real, new, with the library."""
    return make_machine(request.param, roblox=True)


@pytest.fixture(params=[name for name in PAIRS if name not in LUNE_PAIRS])
def stand_in_machine(request: pytest.FixtureRequest) -> Machine:
    """The runtimes with a stand-in for Roblox, whose limits tests may lower; new, with the library."""
    return make_machine(request.param, roblox=True)
