"""Training for `engine` at the speed of Lua: the generated module in LuaJIT, inside this process.

The module runs as it is, but for its end: instead of its table of public functions it returns what
`luajit_training.lua` says, training sessions whose numbers come from numpy's arrays. `engine.trainers` gets here by an
entry point.
"""

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from codegen.erase_types import erase_types
from codegen.generate import LIBRARY
from engine.elementwise import Array
from engine.layer import Layer
from engine.random import Random
from engine.spec import LUAJIT_WEIGHTS_BETWEEN_STOPS
from engine.training import Dataset, Order, Trainer

ENDING = Path(__file__).with_suffix(".lua")
# With what the module's last statement begins.
EXPORT = "\nreturn freeze({"


def luajit_trainer() -> Trainer:
    """Start LuaJIT with the module in it.

    Raises:
        ImportError: if lupa has no LuaJIT here.
    """
    lupa: Any = importlib.import_module("lupa.luajit21")
    machine = lupa.LuaRuntime(unpack_returned_tuples=True)
    module, _, _ = LIBRARY.read_text(encoding="utf-8").rpartition(EXPORT)
    program = machine.execute(f"{erase_types(module)}\n{ENDING.read_text(encoding='utf-8')}")

    def begin(layers: Sequence[Layer], dataset: Dataset, rate: float) -> LuaJitSession:
        return LuaJitSession(machine, program, layers, dataset, rate)

    return begin


class LuaJitSession:
    """A session (`engine.training.Session`) of steps on single samples, in LuaJIT.

    Args:
        machine: LuaJIT.
        program: what `luajit_training.lua` returned there.
        layers: the network's.
        dataset: the samples.
        rate: learning rate.
    """

    def __init__(self, machine: Any, program: Any, layers: Sequence[Layer], dataset: Dataset, rate: float) -> None:
        self._program, self._dataset, self._rate = program, dataset, rate
        # LuaJIT gets addresses of arrays: of a network's own or, where those have another layout, of copies.
        self._homes = [[(array, _addressable(array)) for array in layer.numbers] for layer in layers]
        described = [
            [layer.activator, layer.nodes, *(home.ctypes.data for _, home in homes)]
            for layer, homes in zip(layers, self._homes, strict=True)
        ]
        self._session = program.createSession(
            dataset.inputs.shape[1],
            machine.table_from(map(machine.table_from, described)),
            dataset.inputs.ctypes.data,
            dataset.targets.ctypes.data,
        )
        program.load(self._session)
        weights = sum(layer.weights.size for layer in layers)
        self._steps_between_stops = max(1, LUAJIT_WEIGHTS_BETWEEN_STOPS // weights)

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order."""
        order, state = np.empty(len(self._dataset), dtype=np.int64), np.array(random.state)
        self._program.shuffle(order.ctypes.data, len(order), state.ctypes.data)
        a, b, c, d, e, f = state.tolist()
        random.state = (a, b, c, d, e, f)
        return order

    def run(self, order: Order) -> float:
        """Go through the samples once; see `engine.training.Session.run`."""
        total, address = 0.0, order.ctypes.data
        # Between two calls Python sees a KeyboardInterrupt.
        for start in range(0, len(order), self._steps_between_stops):
            count = min(self._steps_between_stops, len(order) - start)
            total = self._program.run(self._session, self._rate, address + start * order.itemsize, count, total)
        self._program.store(self._session)
        for homes in self._homes:
            for array, home in homes:
                if home is not array:
                    array[:] = home
        return float(total)


def _addressable(array: Array) -> Array:
    """The array, or a copy of it if it is not one contiguous block of doubles that may be written to."""
    return np.require(array, np.float64, ("C_CONTIGUOUS", "ALIGNED", "WRITEABLE"))
