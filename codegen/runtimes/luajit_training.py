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
from codegen.runtimes.luajit_kernels import LayerLoops, LayerShape
from codegen.runtimes.luajit_limits import LUAJIT_OPTIONS, LUAJIT_WEIGHTS_BETWEEN_STOPS, LUAJIT_WRITTEN_OUT_NODES
from codegen.translate.erase_types import erase_types
from codegen.translate.luau_formulas import FormulaModules, define, module_of, read_formulas
from codegen.translate.python_subset import FormulaError
from engine.formulas.records import Loss
from engine.formulas.registry import LOSSES, OUTPUT_ACTIVATIONS
from engine.layer import Layer
from engine.random import Random
from engine.training.session import Dataset, Order, Trainer

# What a run takes steps with: arrays, samples, targets, rate, order, count and total; it returns the new total.
Run = Callable[[Any, int, int, float, int, int, float], float]
# The formulas that loops of activations are called with: their constants and functions stand before the loops, as do
# those of the loss.
FORMULAS = ("activations", *sorted({module_of(each.power) for each in OUTPUT_ACTIVATIONS.values()}))


def luajit_trainer() -> Trainer:
    """Start LuaJIT.

    Raises:
        ImportError: if lupa has no LuaJIT here.
    """
    return partial(LuaJitSession, LuaJit())


@dataclass(frozen=True)
class Shape:
    """What the code for a network depends on.

    Attributes:
        layers: the shapes of its layers.
        loss: what training makes small.
    """

    layers: tuple[LayerShape, ...]
    loss: Loss


def shape_of(layers: Sequence[Layer], loss: Loss) -> Shape:
    """The shape of a network: networks of one shape share their code."""
    # Every branch of a formula doubles the paths through code without loops, each of which is compiled.
    few = sum(layer.nodes for layer in layers) <= LUAJIT_WRITTEN_OUT_NODES
    shapes = (
        LayerShape(layer.kind, layer.inputs, int(layer.weights.shape[1]), layer.nodes, layer.activator, few)
        for layer in layers
    )
    return Shape(tuple(shapes), loss)


class LuaJit:
    """LuaJIT and what was compiled there.

    Raises:
        ImportError: if lupa has no LuaJIT here.
        FormulaError: if formulas that stand side by side mean different things by one name.
    """

    def __init__(self) -> None:
        lupa: Any = importlib.import_module("lupa.luajit21")
        self._machine = lupa.LuaRuntime(unpack_returned_tuples=True)
        self._machine.globals().jit.opt.start(*LUAJIT_OPTIONS)
        self._formulas = read_formulas()
        _check_names(self._formulas)
        self._runs: dict[Shape, Run] = {}

    def run_of(self, layers: Sequence[Layer], loss: Loss) -> Run:
        """The training loop for networks like this, with this loss."""
        shape = shape_of(layers, loss)
        if shape not in self._runs:
            loops = [
                LayerLoops(self._formulas, each, k, loss, is_output=k == len(layers))
                for k, each in enumerate(shape.layers, start=1)
            ]
            formulas = (*FORMULAS, module_of(loss.value))
            self._runs[shape] = self._compile(formulas, "luajit/training.lua.jinja", layers=loops)
        return self._runs[shape]

    @cached_property
    def shuffle(self) -> Callable[[int, int, int], None]:
        """What shuffles the indices at an address, for a count, with the generator whose state is at another."""
        shuffle: Callable[[int, int, int], None] = self._compile(("random",), "luajit/shuffle.lua.jinja")
        return shuffle

    def table(self, rows: Sequence[Sequence[int]]) -> Any:
        """A table of tables."""
        return self._machine.table_from(map(self._machine.table_from, rows))

    def _compile(self, formulas: Sequence[str], template: str, **context: object) -> Any:
        """What a template returns, behind modules of formulas."""
        parts = [*(define(self._formulas, each) for each in formulas), render(template, context)]
        return self._machine.execute(erase_types("\n".join(parts)))


def _check_names(modules: FormulaModules) -> None:
    """Refuse formulas that stand side by side and mean different things by one name."""
    found: dict[str, str] = {}
    losses = sorted({module_of(each.value) for each in LOSSES.values()})
    for module in (*FORMULAS, *losses):
        for name in (*modules[module].constants, *modules[module].formulas):
            if name in found:
                raise FormulaError(
                    f"`{name}` stands in {found[name]}.py and in {module}.py, which loops of LuaJIT have side by side; "
                    "write another name in one of them."
                )
            found[name] = module


class LuaJitSession:
    """A session (`engine.training.session.Session`) of steps on single samples, in LuaJIT.

    Args:
        luajit: the machine.
        layers: the network's.
        dataset: the samples.
        rate: learning rate.
        loss: what training makes small.
    """

    def __init__(self, luajit: LuaJit, layers: Sequence[Layer], dataset: Dataset, rate: float, loss: Loss) -> None:
        self._luajit, self._dataset, self._rate = luajit, dataset, rate
        self.stopped_at: int | None = None
        self._run = luajit.run_of(layers, loss)
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
