"""Training for `engine` at the speed of Lua: loops generated for a network's shape, in LuaJIT, inside this process.

The formulas are translated as for the Luau module, and the loops add in the same order, so the numbers are the same.
They work on numpy's arrays by their addresses. `engine.training.trainers` gets here by an entry point.
"""

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from codegen.library.render import render
from codegen.runtimes.luajit_kernels import LayerLoops, LayerShape
from codegen.runtimes.luajit_limits import LUAJIT_OPTIONS, LUAJIT_WEIGHTS_BETWEEN_STOPS, LUAJIT_WRITTEN_OUT_NODES
from codegen.runtimes.luajit_updates import LuaJitSteps, all_of
from codegen.translate.erase_types import erase_types
from codegen.translate.luau_formulas import FormulaModules, define, module_of, read_formulas
from codegen.translate.python_subset import FormulaError
from engine.elementwise import Array
from engine.formulas.records import RATE, Loss
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS, LOSSES, OUTPUT_ACTIVATIONS
from engine.layer import Layer
from engine.random import Random
from engine.training.gradients import PARTS
from engine.training.optimizer import Optimizer, StepRule
from engine.training.session import Dataset, Order, Trainer
from engine.training.updates import Sgd, Update

# What a run takes steps with: arrays, samples, targets, settings, kept numbers, rates, order, count and total. It
# returns the new total and how many steps were taken.
Run = Callable[[Any, int, int, int, int, int, int, int, float], tuple[float, float]]
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
        rule: how an optimizer steps; None for plain stochastic gradient descent.
    """

    layers: tuple[LayerShape, ...]
    loss: Loss
    rule: StepRule | None


def shape_of(layers: Sequence[Layer], loss: Loss, rule: StepRule | None = None) -> Shape:
    """The shape of a network: networks of one shape share their code."""
    # Every branch of a formula doubles the paths through code without loops, each of which is compiled.
    few = sum(layer.nodes for layer in layers) <= LUAJIT_WRITTEN_OUT_NODES
    shapes = (
        LayerShape(layer.kind, layer.inputs, int(layer.weights.shape[1]), layer.nodes, layer.activator, few)
        for layer in layers
    )
    return Shape(tuple(shapes), loss, rule)


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

    def run_of(self, layers: Sequence[Layer], loss: Loss, rule: StepRule | None = None) -> Run:
        """The training loop for networks like this, with this loss and these steps."""
        shape = shape_of(layers, loss, rule)
        if shape not in self._runs:
            steps = None if rule is None else self.steps_of(rule)
            loops = [
                LayerLoops(self._formulas, each, k, loss, is_output=k == len(layers), steps=steps)
                for k, each in enumerate(shape.layers, start=1)
            ]
            zeros = max(max(each.shape.nodes, rest) if (rest := each.columns_out_of_play) else 0 for each in loops)
            definitions = [define(self._formulas, each) for each in (*FORMULAS, module_of(loss.value))]
            if steps is not None:
                definitions.append(steps.definitions)
            self._runs[shape] = self._compile(
                definitions,
                "luajit/training.lua.jinja",
                layers=loops,
                zeros=zeros,
                before=["local rate = settings[0]"] if steps is None else steps.locals,
                begin=[] if steps is None else steps.begin,
                after=[] if steps is None else steps.end,
            )
        return self._runs[shape]

    def steps_of(self, rule: StepRule) -> LuaJitSteps:
        """The steps of an optimizer."""
        return LuaJitSteps(self._formulas, rule)

    @cached_property
    def shuffle(self) -> Callable[[int, int, int], None]:
        """What shuffles the indices at an address, for a count, with the generator whose state is at another."""
        shuffle: Callable[[int, int, int], None] = self._compile(
            [define(self._formulas, "random")], "luajit/shuffle.lua.jinja"
        )
        return shuffle

    def table(self, rows: Sequence[Sequence[int]]) -> Any:
        """A table of tables."""
        return self._machine.table_from(map(self._machine.table_from, rows))

    def _compile(self, definitions: Sequence[str], template: str, **context: object) -> Any:
        """What a template returns, behind what its formulas stand on."""
        return self._machine.execute(erase_types("\n".join([*definitions, render(template, context)])))


def _check_names(modules: FormulaModules) -> None:
    """Refuse formulas that stand side by side and mean different things by one name."""
    found: dict[str, str] = {}
    losses = sorted({module_of(each.value) for each in LOSSES.values()})
    for module in (*FORMULAS, *losses):
        for name in (*modules[module].constants, *modules[module].formulas):
            _check_name(name, module, found)
            found[name] = module
    for each in ELEMENTWISE_OPTIMIZERS.values():
        # No two optimizers stand side by side.
        for module, names in LuaJitSteps(modules, all_of(each)).names.items():
            for name in sorted(names):
                _check_name(name, module, found)


def _check_name(name: str, module: str, found: Mapping[str, str]) -> None:
    if found.get(name, module) != module:
        raise FormulaError(
            f"`{name}` stands in {found[name]}.py and in {module}.py, which loops of LuaJIT have side by side; "
            "write another name in one of them."
        )


class LuaJitSession:
    """A session (`engine.training.session.Session`) of steps on single samples, in LuaJIT.

    Attributes:
        stopped_at: where in the order of the last run there is the sample whose loss was not finite, which ended it
            before its step; None if there was none.

    Args:
        luajit: the machine.
        layers: the network's.
        dataset: the samples.
        update: how parameters change.
        loss: what training makes small.
    """

    def __init__(self, luajit: LuaJit, layers: Sequence[Layer], dataset: Dataset, update: Update, loss: Loss) -> None:
        self._luajit, self._dataset = luajit, dataset
        self._optimizer = update if isinstance(update, Optimizer) else None
        self.stopped_at: int | None = None
        settings: list[float]
        if isinstance(update, Optimizer):
            self._run = luajit.run_of(layers, loss, update.rule)
            settings = [update.settings[name] for name in luajit.steps_of(update.rule).settings]
            kept, memories = update.carried.kept, update.carried.memories
        else:
            assert isinstance(update, Sgd)
            self._run = luajit.run_of(layers, loss)
            settings, kept, memories = [update.rate], (), ()
        # Steps are taken on copies, whose addresses LuaJIT gets.
        self._settings, self._kept = np.array(settings), np.array(kept)
        self._copies = [
            [_Copy([array, *(each[index][part] for each in memories if part in each[index])]) for part, array in parts]
            for index, parts in enumerate(_named_numbers(layer) for layer in layers)
        ]
        self._arrays = luajit.table([[copy.address for copy in copies] for copies in self._copies])
        weights = sum(int(layer.weights.size) for layer in layers) * (1 + len(memories))
        self._steps_between_stops = max(1, LUAJIT_WEIGHTS_BETWEEN_STOPS // weights)

    def shuffled(self, random: Random) -> Order:
        """The samples' indices in a new random order."""
        order, state = np.empty(len(self._dataset), dtype=np.int64), np.array(random.state)
        self._luajit.shuffle(order.ctypes.data, len(order), state.ctypes.data)
        a, b, c, d, e, f = state.tolist()
        random.state = (a, b, c, d, e, f)
        return order

    def run(self, order: Order) -> float:
        """Go through the samples once, or up to the first whose loss is not finite.

        See `engine.training.session.Session.run`.
        """
        samples, targets = self._dataset.inputs.ctypes.data, self._dataset.targets.ctypes.data
        total, address = 0.0, order.ctypes.data
        rates, self.stopped_at = _Rates(self._optimizer), None
        # Between two calls Python sees a KeyboardInterrupt.
        for start in range(0, len(order), self._steps_between_stops):
            count = min(self._steps_between_stops, len(order) - start)
            begin = address + start * order.itemsize
            of_steps = rates.take(count)
            total, done = self._run(
                self._arrays,
                samples,
                targets,
                self._settings.ctypes.data,
                self._kept.ctypes.data,
                of_steps.ctypes.data,
                begin,
                count,
                total,
            )
            if done < count:
                self.stopped_at = start + int(done)
                rates = _Rates(self._optimizer)
                rates.take(self.stopped_at)
                break
        if not all(copy.is_finite for copies in self._copies for copy in copies):
            return math.nan if self.stopped_at is None else float(total)
        try:
            self._store(rates)
        except KeyboardInterrupt:
            self._store(rates)
            raise
        return float(total)

    def _store(self, rates: "_Rates") -> None:
        for copies in self._copies:
            for copy in copies:
                copy.store()
        if self._optimizer is not None:
            self._optimizer.carry_on(self._kept.tolist(), rates.schedule)


class _Copy:
    """A copy of arrays of one shape, one behind the other: parameters, and what is remembered of them."""

    def __init__(self, arrays: Sequence[Array]) -> None:
        self._arrays, self._copy = arrays, np.array(arrays, np.float64, order="C")

    @property
    def address(self) -> int:
        return self._copy.ctypes.data

    @property
    def is_finite(self) -> bool:
        """Whether the numbers of the network are finite."""
        return bool(np.isfinite(self._copy[0]).all())

    def store(self) -> None:
        """Give the numbers back."""
        for array, copy in zip(self._arrays, self._copy, strict=True):
            array[:] = copy


class _Rates:
    """The rates of the steps that come, if each has its own: those of a schedule that goes on from where it is."""

    def __init__(self, optimizer: Optimizer | None) -> None:
        schedule = None if optimizer is None else optimizer.carried.schedule
        self.schedule = None if schedule is None else schedule.copy()
        self._rate = 0.0 if optimizer is None else optimizer.settings[RATE]

    def take(self, count: int) -> Array:
        """Those of so many steps; none if all have the same."""
        return np.zeros(0) if self.schedule is None else np.array(self.schedule.take(self._rate, count), np.float64)


def _named_numbers(layer: Layer) -> list[tuple[str, Array]]:
    """The numbers of a layer in their order, with the names of the parts that are parameters."""
    names = (*PARTS, "state")
    return list(zip(names, layer.numbers, strict=False))
