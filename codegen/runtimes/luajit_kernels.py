"""The loops of training in LuaJIT: those of `engine.kernels`, over C's arrays, for layers whose sizes are known.

Names of what belongs to a layer end with its number: weights1, biases1, state1, sums1, outputs1, deltas1. The outputs
of a layer are the next one's inputs; outputs0 is a sample.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from codegen.library.kernels import find_kernel, kernels
from codegen.library.layer_code import PastCall, past
from codegen.library.losses import Measure, fused, plain
from codegen.runtimes.luajit_limits import LUAJIT_BLOCKS, LUAJIT_ROWS, LUAJIT_SHORT_LOOP
from codegen.runtimes.luajit_updates import LuaJitSteps, LuaJitUpdate
from codegen.translate.kernel_bindings import Bindings
from codegen.translate.kernel_layout import Layout
from codegen.translate.loop_reader import Kernel
from codegen.translate.luau_formulas import FormulaModules, path_of
from codegen.translate.luau_lines import indented
from codegen.translate.luau_literals import luau_value
from codegen.translate.places import Flat
from engine.formulas.records import Loss, OutputActivation
from engine.formulas.registry import ALL_ACTIVATIONS
from engine.kernels.schedules import Schedule
from engine.layers.registry import LAYER_KINDS


@dataclass(frozen=True)
class LayerShape:
    """What the loops of a layer depend on.

    Attributes:
        kind: name of its kind.
        inputs: how many numbers come in.
        columns: how many weights are in a row.
        nodes: how many nodes.
        activator: name of the activation.
        writes_formulas_out: whether short loops over nodes are written out although there are formulas in them.
    """

    kind: str
    inputs: int
    columns: int
    nodes: int
    activator: str
    writes_formulas_out: bool


# The kernels of activations of whole layers.
_ACTIVATE_SHARES, _SCALE_SHARES = "activate_shares", "scale_by_share_slope"


@dataclass(frozen=True)
class LayerLoops:
    """The loops of one layer, as Luau.

    Attributes:
        modules: the formulas.
        shape: the layer's.
        number: which layer it is, from 1.
        loss: how an output layer is measured.
        is_output: whether it is one.
        steps: how its parameters are stepped; None if plainly by the rate.
        wanted: what a sample's targets are called.
        measured: what its loss is called.
        nothing: what an array of zeros is called, as long as a layer has nodes or columns.
    """

    modules: FormulaModules
    shape: LayerShape
    number: int
    loss: Loss
    is_output: bool
    steps: LuaJitSteps | None = None
    wanted: str = "wanted"
    measured: str = "loss"
    nothing: str = "nothing"

    @property
    def arrays(self) -> tuple[str, ...]:
        """The names of its numbers, in the order of `engine.layer.Layer.numbers`."""
        names = ("weights", "biases", "state") if LAYER_KINDS[self.shape.kind].has_state else ("weights", "biases")
        return self._numbered(names)

    @property
    def scratch(self) -> tuple[str, ...]:
        """The names of what a step calculates for its nodes."""
        return self._numbered(("sums", "outputs", "deltas"))

    @property
    def inputs(self) -> str:
        """The name of what comes in."""
        return f"outputs{self.number - 1}"

    @property
    def paths(self) -> dict[str, dict[str, str]]:
        """The formulas with which kernels are called, by the kernel's name and its own for them."""
        activation = ALL_ACTIVATIONS[self.shape.activator]
        paths = dict([self._measure])
        if isinstance(activation, OutputActivation):
            shares = {"power": path_of(activation.power), "share": path_of(activation.share)}
            return {**paths, _ACTIVATE_SHARES: shares, _SCALE_SHARES: {"slope": path_of(activation.slope)}}
        return {
            **paths,
            "activate": {"value": path_of(activation.value)},
            "scale_by_slope": {"slope": path_of(activation.slope)},
        }

    @property
    def measures_deltas(self) -> bool:
        """Whether its loss gives deltas, which no slope has to make of errors."""
        return self.is_output and self._fused is not None

    @property
    def _measure(self) -> Measure:
        return self._fused or plain(self.loss)

    @property
    def _fused(self) -> Measure | None:
        return fused(self.loss, self.shape.activator)

    def _for_activation(self, of_nodes: str, of_layer: str) -> list[str]:
        """One of two kernels, for an activation of each node or of the whole layer."""
        return self._kernel(of_layer if of_layer in self.paths else of_nodes)

    @property
    def forward(self) -> str:
        """From inputs to outputs."""
        return self._joined(
            self._kernel("row_sums"),
            self._past_kernel("add_own", "add_row_sums"),
            self._for_activation("activate", _ACTIVATE_SHARES),
        )

    @property
    def measure(self) -> str:
        """From outputs to the loss and the outputs' errors."""
        return self._joined(self._kernel(self._measure[0]))

    @property
    def backward(self) -> str:
        """From the outputs' errors to the errors of the layer before, and to new parameters where these do not wait."""
        deltas = [] if self.measures_deltas else self._for_activation("scale_by_slope", _SCALE_SHARES)
        if self._steps_last:
            return self._joined(deltas, self._kernel("share_rows") if self.number > 1 else [])
        return self._joined(deltas, self._stepped() if self.steps is None else self._updated(), self._remembered())

    @property
    def last(self) -> str:
        """New parameters and a new state where these wait until all errors are known."""
        return self._joined(self._updated(), self._remembered()) if self._steps_last else ""

    @property
    def _steps_last(self) -> bool:
        """Whether parameters move once all errors are known, those of the first layer first.

        In networks that are written out whole, the next sample's first layer then need not wait for the divisions and
        roots of all others (measured on 2-3-3-1 with Adam: 1.1 to 1.2 times faster). Where rows are long, it is faster
        to visit them once.
        """
        return self.steps is not None and self.shape.writes_formulas_out

    def _remembered(self) -> list[str]:
        return self._kernel("copy", {"values": f"outputs{self.number}"}) if self._past else []

    @property
    def columns_out_of_play(self) -> int:
        """How many weights of a row are stepped, if all gradients are gathered first, although they have none."""
        if self.steps is None or not self.steps.rule.gathers:
            return 0
        past = 0 if self._past is None else 1 if self._past.is_own else self.shape.nodes
        return self.shape.columns - self.shape.inputs - past

    def _stepped(self) -> list[str]:
        return [
            *self._kernel("share_and_step_rows" if self.number > 1 else "step_rows"),
            *self._past_kernel("step_own", "step_part"),
        ]

    def _updated(self) -> list[str]:
        rest = self.columns_out_of_play
        nothing = {"deltas": self.nothing, "values": self.nothing}
        column = self.shape.columns - rest
        return [
            *self._kernel("share_and_update_rows" if self.number > 1 and not self._steps_last else "update_rows"),
            *self._past_kernel("update_own", "update_rows"),
            *(self._kernel("update_rows", nothing, {"width": rest}, column) if rest else []),
            *self._kernel("update_values"),
        ]

    @cached_property
    def _past(self) -> PastCall | None:
        return past(LAYER_KINDS[self.shape.kind])

    def _past_kernel(self, of_own: str, of_all: str) -> list[str]:
        """One of two kernels: for nodes that see their own past, or that of all; none where there is no past."""
        if self._past is None:
            return []
        values = {"values": f"state{self.number}"}
        name = of_own if self._past.is_own else of_all
        return self._kernel(name, values, {"width": self.shape.nodes}, self.shape.inputs)

    def _kernel(
        self,
        name: str,
        names: Mapping[str, str] | None = None,
        numbers: Mapping[str, int] | None = None,
        column: int = 0,
    ) -> list[str]:
        """A kernel, of weights from a column on; locals that it needs stand in a block, but for what it returns."""
        kernel, shape, number = find_kernel(kernels(), name, Path(__file__).name), self.shape, self.number
        own = ("biases", "sums", "outputs", "deltas")
        known = {
            **dict(zip(own, self._numbered(own), strict=True)),
            "rows": f"weights{number}",
            "parameters": f"biases{number}",
            "values": self.inputs,
            "upstream": f"deltas{number - 1}",
            "into": f"state{number}",
            "targets": self.wanted,
            **(names or {}),
        }
        counts = {
            "len(rows)": shape.nodes,
            "count": shape.nodes,
            "width": shape.inputs,
            "column": column,
            "before": 0,
            **(numbers or {}),
        }
        if kernel.gives:
            # A setting of the loss may be called what other kernels call their arguments.
            settings = {each: luau_value(value) for each, value in self.loss.values.items()}
            own_names = {each: name for each, name in known.items() if each in kernel.parameters}
            known = {**own_names, "total": self.measured, **settings}
            counts = {each: count for each, count in counts.items() if each in kernel.parameters}
        update = self._update_of(kernel)
        bindings = Bindings(
            self.modules,
            self.paths.get(name, {}),
            {"rows": Flat(shape.columns)},
            names=known,
            numbers=counts,
            settings=tuple(self.loss.values),
            update=update,
            base=0,
            has_branches=False,
            has_max=False,
        )
        has_formulas = name in self.paths or (update is not None and update.steps.has_branches)
        short = LUAJIT_SHORT_LOOP if shape.writes_formulas_out or not has_formulas else 0
        schedule = Schedule(name, name, rows=(LUAJIT_ROWS,))
        lines = Layout(kernel, schedule, bindings, short=short, blocks=LUAJIT_BLOCKS).lines()
        if kernel.gives:
            return [line for line in lines if not line.startswith("return")]
        has_locals = any(line.startswith("local") for line in lines)
        return ["do", *indented(lines), "end"] if has_locals else lines

    def _update_of(self, kernel: Kernel) -> LuaJitUpdate | None:
        """How a kernel steps parameters of its array, if it does."""
        if self.steps is None or "update" not in kernel.parameters:
            return None
        are_weights = "rows" in kernel.parameters
        size = self.shape.nodes * self.shape.columns if are_weights else self.shape.nodes
        return self.steps.of(size, are_weights=are_weights)

    def _numbered(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{name}{self.number}" for name in names)

    @staticmethod
    def _joined(*parts: list[str]) -> str:
        return "\n".join(line for part in parts for line in part)
