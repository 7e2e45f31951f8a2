"""An output layer whose values depend on all of its nodes: its kernel, by how a module holds the numbers.

What is before it and behind it is that of other layers: sums without biases come in, and values go out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from codegen.export.unrolled import literal
from codegen.library.kernels import find_kernel, kernels
from codegen.translate.kernel_bindings import Bindings
from codegen.translate.kernel_layout import Layout
from codegen.translate.luau_formulas import FormulaModules, path_of
from codegen.translate.places import Constants, Locals, Numbers, Storage
from engine import Network
from engine.formulas.records import OutputActivation
from engine.formulas.registry import OUTPUT_ACTIVATIONS
from engine.kernels.schedules import ALL_AT_ONCE, Schedule

_KERNEL = "activate_shares"


@dataclass(frozen=True)
class Shares:
    """The output layer of a network whose values are shares.

    Attributes:
        modules: the formulas.
        activation: what makes shares of its sums.
        biases: one for each of its nodes.
    """

    modules: FormulaModules
    activation: OutputActivation
    biases: tuple[float, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The name of its activation."""
        return self.activation.name

    @property
    def formulas(self) -> dict[str, str]:
        """The formulas that the kernel is called with, by its names for them: ``module.name``."""
        return {"power": path_of(self.activation.power), "share": path_of(self.activation.share)}

    @property
    def of_locals(self) -> list[str]:
        """Its kernel for sums in y1, y2, …, whose values replace them."""
        outputs = Locals("y")
        # The kernel's own names must be none of a module's: x1 and y1 are inputs and outputs.
        return self._lines(
            {"sums": outputs, "outputs": outputs, "biases": Constants(tuple(map(literal, self.biases)))},
            {"x": "sum", "y": "power"},
            ALL_AT_ONCE,
        )

    @property
    def of_tables(self) -> list[str]:
        """Its kernel for sums, biases and outputs in tables of these names."""
        return self._lines({}, {}, (1,))

    @property
    def of_buffers(self) -> list[str]:
        """Its kernel for biases and outputs in buffers of these names; outputs are sums before."""
        numbers = Numbers()
        return self._lines(dict.fromkeys(("sums", "outputs", "biases"), numbers), {"sums": "outputs"}, (1,))

    def _lines(self, kept: Mapping[str, Storage], names: Mapping[str, str], rows: tuple[int, ...]) -> list[str]:
        kernel = find_kernel(kernels(), _KERNEL, __name__)
        numbers = {"count": len(self.biases)}
        bindings = Bindings(self.modules, self.formulas, kept, names=names, numbers=numbers)
        return Layout(kernel, Schedule(_KERNEL, _KERNEL, rows=rows), bindings).lines()


def shares_of(modules: FormulaModules, network: Network) -> Shares | None:
    """The output layer, if its values are shares."""
    layer = network.layers[-1]
    activation = OUTPUT_ACTIVATIONS.get(layer.activator)
    return None if activation is None else Shares(modules, activation, tuple(layer.biases.tolist()))
