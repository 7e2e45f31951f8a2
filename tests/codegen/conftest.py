"""Bare machines: these tests judge what the generated module stands on, so they do without it."""

from collections.abc import Callable
from functools import partial

import pytest

from codegen.runtimes import RUNTIMES, Runtime
from tests.codegen.machines import made


@pytest.fixture(scope="session", params=RUNTIMES)
def make_runtime(request: pytest.FixtureRequest) -> Callable[..., Runtime]:
    """Makes fresh machines of every runtime."""
    return partial(made, request.param)


@pytest.fixture(scope="session")
def runtime(make_runtime: Callable[..., Runtime]) -> Runtime:
    """One machine of every runtime, shared by all tests of a process."""
    return make_runtime()
