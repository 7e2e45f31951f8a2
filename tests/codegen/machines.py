"""Machines, or the reason why there is none."""

from typing import Any

import pytest

from codegen.runtimes import RUNTIMES, Runtime, UnavailableError


def made(name: str, *arguments: Any, **settings: Any) -> Runtime:
    """A fresh machine; where it cannot be had, the test is skipped and says why."""
    try:
        return RUNTIMES[name](*arguments, **settings)
    except UnavailableError as reason:
        pytest.skip(str(reason))
