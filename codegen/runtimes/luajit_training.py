"""Training for `engine` at the speed of Lua: loops generated for a network's shape, in LuaJIT, inside this process.

The formulas are translated as for the Luau module, and the loops add in the same order, so the numbers are the same.
They work on numpy's arrays by their addresses. `engine.training.trainers` gets here by an entry point.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from codegen.library.render import render
from codegen.runtimes import luajit_limits
from codegen.runtimes.luajit_limits import (
    LUAJIT_OPTIONS,
    LUAJIT_SHORT_LOOP,
    LUAJIT_WEIGHTS_BETWEEN_STOPS,
    LUAJIT_WRITTEN_OUT_NODES,
)
from codegen.translate.erase_types import erase_types
from codegen.translate.luau_formulas import define, inline, read_formulas
from engine.formulas.registry import ACTIVATIONS
from engine.layer import Layer
from engine.random import Random
from engine.training.session import Dataset, Order, Trainer

# What a run takes steps with: arrays, samples, targets, rate, order, count and total; it returns the new total.
Run = Callable[[Any, int, int, float, int, int, float], float]


def luajit_trainer() -> Trainer:
    """Start LuaJIT.

    Raises:
        ImportError: if lupa has no LuaJIT here.
    """
    return partial(LuaJitSession, LuaJit())


@dataclass(frozen=True)
class LayerShape:
    """A layer as the template needs it.

    Attributes:
        inputs: how many numbers come in.
        nodes: how many nodes.
        activator: name of the activation.
        arrays: names of its arrays, in the order of `Layer.numbers`.
        remembers: whether the nodes see their own last outputs.
        writes_nodes_out: whether what is done for each node stands there once per node, without a loop.
    """

    inputs: int
    nodes: int
    activator: str
    arrays: tuple[str, ...]
    remembers: bool
    writes_nodes_out: bool

    @property
    def writes_inputs_out(self) -> bool:
        """The same for each input."""
        return self.inputs <= LUAJIT_SHORT_LOOP

    @property
    def value(self) -> str:
        """Where the activation's formula is."""
        return f"activations.{ACTIVATIONS[self.activator].value.__name__}"

    @property
    def slope(self) -> str:
        """Where the formula of its derivative is."""
        return f"activations.{ACTIVATIONS[self.activator].slope.__name__}"


def shape_of(layers: Sequence[Layer]) -> tuple[LayerShape, ...]:
    """The shape of a network: networks of one shape share their code."""
    arrays = ("weights", "biases", "recurrent", "state")
    nodes = sum(layer.nodes for layer in layers)
    return tuple(
        LayerShape(
            inputs=int(layer.weights.shape[1]),
            nodes=layer.nodes,
            activator=layer.activator,
            arrays=arrays[: len(layer.numbers)],
            remembers=layer.memory is not None,
            # Every branch of a formula doubles the paths through code without loops, each of which is compiled.
            writes_nodes_out=layer.nodes <= LUAJIT_SHORT_LOOP and nodes <= LUAJIT_WRITTEN_OUT_NODES,
        )
        for layer in layers
    )


class LuaJit:
    """LuaJIT and what was compiled there.

    Raises:
        ImportError: if lupa has no LuaJIT here.
    """

    def __init__(self) -> None:
        lupa: Any = importlib.import_module("lupa.luajit21")
        self._machine = lupa.LuaRuntime(unpack_returned_tuples=True)
        self._machine.globals().jit.opt.start(*LUAJIT_OPTIONS)
        self._formulas = read_formulas()
        self._runs: dict[tuple[LayerShape, ...], Run] = {}

    def run_of(self, layers: Sequence[Layer]) -> Run:
        """The training loop for networks like this."""
        shape = shape_of(layers)
        if shape not in self._runs:
            self._runs[shape] = self._compile("activations", "luajit/training.lua.jinja", layers=shape)
        return self._runs[shape]

    @cached_property
    def shuffle(self) -> Callable[[int, int, int], None]:
        """What shuffles the indices at an address, for a count, with the generator whose state is at another."""
        shuffle: Callable[[int, int, int], None] = self._compile("random", "luajit/shuffle.lua.jinja")
        return shuffle

    def table(self, rows: Sequence[Sequence[int]]) -> Any:
        """A table of tables."""
        return self._machine.table_from(map(self._machine.table_from, rows))

    def _compile(self, formulas: str, template: str, **context: object) -> Any:
        """What a template returns, behind a module of formulas."""
        source = render(template, {"constant": luajit_limits, "inline": partial(inline, self._formulas), **context})
        return self._machine.execute(f"{erase_types(define(self._formulas, formulas))}\n{source}")


class LuaJitSession:
    """A session (`engine.training.session.Session`) of steps on single samples, in LuaJIT.

    Args:
        luajit: the machine.
        layers: the network's.
        dataset: the samples.
        rate: learning rate.
    """

    def __init__(self, luajit: LuaJit, layers: Sequence[Layer], dataset: Dataset, rate: float) -> None:
        self._luajit, self._dataset, self._rate = luajit, dataset, rate
        self._run = luajit.run_of(layers)
        # Steps are taken on copies, whose addresses LuaJIT gets.
        self._copies = [
            [(array, np.array(array, np.float64, order="C")) for array in layer.numbers] for layer in layers
        ]
        self._arrays = luajit.table([[copy.ctypes.data for _, copy in copies] for copies in self._copies])
        weights = sum(int(layer.weights.size) for layer in layers)
        self._steps_between_stops = max(1, LUAJIT_WEIGHTS_BETWEEN_STOPS // weights)

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order."""
        order, state = np.empty(len(self._dataset), dtype=np.int64), np.array(random.state)
        self._luajit.shuffle(order.ctypes.data, len(order), state.ctypes.data)
        a, b, c, d, e, f = state.tolist()
        random.state = (a, b, c, d, e, f)
        return order

    def run(self, order: Order) -> float:
        """Go through the samples once; see `engine.training.session.Session.run`."""
        samples, targets = self._dataset.inputs.ctypes.data, self._dataset.targets.ctypes.data
        total, address = 0.0, order.ctypes.data
        # Between two calls Python sees a KeyboardInterrupt.
        for start in range(0, len(order), self._steps_between_stops):
            count = min(self._steps_between_stops, len(order) - start)
            begin = address + start * order.itemsize
            total = self._run(self._arrays, samples, targets, self._rate, begin, count, total)
        try:
            self._store()
        except KeyboardInterrupt:
            self._store()
            raise
        return float(total)

    def _store(self) -> None:
        for copies in self._copies:
            for array, copy in copies:
                array[:] = copy
