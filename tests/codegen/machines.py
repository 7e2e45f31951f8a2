"""Machines, or the reason why there is none."""

from typing import Any

from codegen.runtimes import RUNTIMES, Runtime
from tests.skips import or_skip


def made(name: str, *arguments: Any, **settings: Any) -> Runtime:
    """A fresh machine; where it cannot be had, the test is skipped and says why."""
    return or_skip(lambda: RUNTIMES[name](*arguments, **settings))
