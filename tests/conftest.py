"""Settings of all tests, and the machines that they share."""

from functools import cache

import pytest
from hypothesis import settings

from codegen.generate import LIBRARY
from codegen.runtimes import RUNTIMES, UnavailableError
from tests.parity.machine import Machine
from tests.skips import or_skip

# The same examples on every machine and every run; nothing is judged by a clock.
settings.register_profile("project", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("project")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each which runtimes were left out, and why."""
    for runtime in RUNTIMES.values():
        try:
            runtime()
        except UnavailableError as reason:
            terminalreporter.write_line(f"skipped: {reason}")


def make_machine(name: str, *, roblox: bool = False) -> Machine:
    """A machine with the committed module, or a skip that says why it cannot be had here."""
    return or_skip(lambda: Machine(RUNTIMES[name], LIBRARY.read_text(encoding="utf-8"), roblox=roblox))


shared_machine = cache(make_machine)


@pytest.fixture(params=RUNTIMES)
def machine(request: pytest.FixtureRequest) -> Machine:
    """Every runtime with the generated module in it, shared by all tests of a process."""
    return shared_machine(request.param)


@pytest.fixture(params=RUNTIMES)
def roblox_machine(request: pytest.FixtureRequest) -> Machine:
    """Every runtime, new, with the generated module and a stand-in for Roblox's globals."""
    return make_machine(request.param, roblox=True)
