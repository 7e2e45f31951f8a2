"""What stops training in the middle."""

from collections.abc import Callable
from typing import Any


def interrupted_at(number: int, step: Callable[..., float]) -> Callable[..., float]:
    """The step, which the user stops (Ctrl+C) when it has been taken so many times."""
    taken = 0

    def interrupted(*arguments: Any, **options: Any) -> float:
        nonlocal taken
        taken += 1
        loss = step(*arguments, **options)
        if taken == number:
            raise KeyboardInterrupt
        return loss

    return interrupted
