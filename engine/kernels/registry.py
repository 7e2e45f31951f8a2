"""The one list of the files of kernels, and all kernels by their names."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType, ModuleType

from engine.kernels.loops import backward, columns, descent, forward, gradients, least_squares, moving, updates, vectors

FILES: Sequence[ModuleType] = (
    forward,
    backward,
    gradients,
    least_squares,
    descent,
    updates,
    columns,
    moving,
    vectors,
)

KERNELS: Mapping[str, Callable[..., float | None]] = MappingProxyType(
    {
        name: kernel
        for file in FILES
        for name, kernel in inspect.getmembers(file, inspect.isfunction)
        if kernel.__module__ == file.__name__
    }
)
