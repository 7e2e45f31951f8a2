"""The one reason for which a test of this project is skipped."""

from collections.abc import Callable
from typing import TypeVar

import pytest

from codegen.runtimes import UnavailableError

Made = TypeVar("Made")


def or_skip(make: Callable[[], Made]) -> Made:
    """What ``make`` makes; where its runtime cannot be had, the test is skipped and says why."""
    try:
        return make()
    except UnavailableError as reason:
        pytest.skip(str(reason))
