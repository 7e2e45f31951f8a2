"""The backward pass of a layer, derived from its program: one rule for each operation.

From the last step to the first, what an operation's result is worth (its delta: the loss's derivative by it) says what
its operands are worth. What comes of the state alone is a constant, so this is backpropagation through one time step:
recurrent weights learn from the state that the step read.

    Recurrent:  deltas = scale_by_slope(error, sums3, outputs)
    share       share = share_rows(weights, deltas, inputs)
    collects    rows: deltas of inputs; own, after inputs: deltas of state; biases: deltas
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from engine.layers.program import LEAVES, Program, ProgramError, Step, fresh_name

# What a backward pass finds beside all that the forward pass has calculated: what the outputs are worth.
ERROR = "error"
# The parts of the parameters: weights of some columns, one column with a node's own weights, the biases.
WEIGHTS_PART, OWN_PART, BIASES_PART = "weights", "own", "biases"

# The operations of a backward pass. Apart from the first two, with which shares begin and go on, all are elementwise.
#   share_rows(weights, deltas, values, after?)             the sum over the nodes of each node's delta times its row
#   add_share_rows(share, weights, deltas, values, after?)  the same, onto what is there
#   scale_by_slope(error, sums, outputs)                    error times the slope of the layer's activation
#   multiply(a, b)   add(a, b)   negate(a)
# ``values`` says whose share it is (and so how many columns), ``after`` behind how many columns the weights lie.
SHARE_ROWS, ADD_SHARE_ROWS = "share_rows", "add_share_rows"
SCALE_BY_SLOPE, MULTIPLY, ADD, NEGATE = "scale_by_slope", "multiply", "add", "negate"
# What the results are called that a program has no names for.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        SHARE_ROWS: "share",
        ADD_SHARE_ROWS: "share",
        SCALE_BY_SLOPE: "deltas",
        MULTIPLY: "deltas",
        ADD: "deltas",
        NEGATE: "deltas",
    }
)


@dataclass(frozen=True)
class Collect:
    """Some parameters and their gradient, ``deltas * values``. No parameter is in two of them.

    Attributes:
        part: ``"weights"`` for a row's weights of some values, ``"own"`` for one column, ``"biases"``.
        after: the name of what has as many numbers as columns come before; None for the first columns and for biases.
        deltas: the name of what the nodes are worth.
        values: the name of what the parameters were multiplied with: for each node all values if they are weights,
            otherwise its own one. None stands for 1.
    """

    part: str
    after: str | None
    deltas: str
    values: str | None


@dataclass(frozen=True)
class Backward:
    """A layer's backward pass.

    Attributes:
        steps: the operations in their order, of what the forward pass has calculated and of ``"error"``.
        share: the operations that come after them, for the layer before: the last one's target is what the inputs
            are worth.
        collects: the parameters that have a gradient: weights, then own ones, then biases. If they change in this
            order, one after the other, no values that are still needed change with them.
    """

    steps: tuple[Step, ...]
    share: tuple[Step, ...]
    collects: tuple[Collect, ...]


@cache
def derive(program: Program) -> Backward:
    """The backward pass of a program.

    Raises:
        ProgramError: if what a program puts out does not come of its inputs, or if one weight stands for two things.
    """
    return _Derivation(program).derived()


class _Derivation:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._made_by = {step.target: step for step in program.steps}
        self._taken = {*LEAVES, ERROR, *self._made_by}
        self._steps: list[Step] = []
        # What each name is worth, as far as it is known.
        self._worth = {program.outputs: ERROR}
        # Shares of the inputs wait: they come after all other steps, and not at all in the first layer.
        self._shares: list[tuple[str, ...]] = []
        self._rows: dict[tuple[str | None, str], str] = {}
        self._own: dict[str, list[tuple[str, str | None]]] = {}
        self._changing = self._all_that_comes_of("inputs", "weights", "biases")

    def derived(self) -> Backward:
        if self._program.outputs not in self._all_that_comes_of("inputs"):
            raise ProgramError(
                f"{self._program.place}: `{self._program.outputs}` is put out, and does not come of the inputs; "
                "write one that does."
            )
        for step in reversed(self._program.steps):
            worth = self._worth.get(step.target)
            if worth is not None:
                _RULES[step.operation](self, step, worth)
        own = [self._own_collect(after, terms) for after, terms in self._own.items()]
        rows = [Collect(WEIGHTS_PART, after, deltas, values) for (after, values), deltas in self._rows.items()]
        self._refuse_overlap([*rows, *own])
        biases = self._worth.get("biases")
        return Backward(
            tuple(self._steps),
            self._share_of_inputs(),
            (*sorted(rows, key=lambda each: each.after is not None), *own)
            + ((Collect(BIASES_PART, None, biases, None),) if biases is not None else ()),
        )

    def _all_that_comes_of(self, *names: str) -> set[str]:
        found = set(names)
        for step in self._program.steps:
            # The array behind whose columns weights lie gives nothing but its length.
            operands = step.operands[:-1] if step.operation in ("add_row_sums", "own_column") else step.operands
            if found & set(operands):
                found.add(step.target)
        return found

    def _put(self, operation: str, *operands: str) -> str:
        """Put down a step; the name of its result."""
        target = fresh_name(NAMES[operation], self._taken)
        self._steps.append(Step(target, operation, operands))
        return target

    def _give(self, name: str, worth: str) -> None:
        """Add to what a name is worth, unless it is a constant."""
        if name in self._changing:
            before = self._worth.get(name)
            self._worth[name] = worth if before is None else self._put(ADD, before, worth)

    def _give_result(self, name: str, operation: str, *operands: str) -> None:
        """The same, of what has to be calculated for it."""
        if name in self._changing:
            self._give(name, self._put(operation, *operands))

    # The rules.

    def _add(self, step: Step, worth: str) -> None:
        for operand in step.operands:
            self._give(operand, worth)

    def _subtract(self, step: Step, worth: str) -> None:
        first, second = step.operands
        self._give(first, worth)
        self._give_result(second, NEGATE, worth)

    def _multiply(self, step: Step, worth: str) -> None:
        first, second = step.operands
        for operand, other in ((first, second), (second, first)):
            made_by = self._made_by.get(operand)
            # The gradient of a weight is left as a product, as that of weights of inputs is.
            if made_by is not None and made_by.operation == "own_column":
                self._own.setdefault(made_by.operands[1], []).append((worth, other))
            else:
                self._give_result(operand, MULTIPLY, worth, other)

    def _activation(self, step: Step, worth: str) -> None:
        (sums,) = step.operands
        self._give_result(sums, SCALE_BY_SLOPE, worth, sums, step.target)

    def _row_sums(self, step: Step, worth: str) -> None:
        _, values = step.operands
        self._rows_of(values, None, worth)

    def _add_row_sums(self, step: Step, worth: str) -> None:
        sums, _, values, after = step.operands
        self._give(sums, worth)
        self._rows_of(values, after, worth)

    def _rows_of(self, values: str, after: str | None, worth: str) -> None:
        before = self._rows.get((after, values))
        self._rows[after, values] = worth if before is None else self._put(ADD, before, worth)
        operands = ("weights", worth, values, *([after] if after is not None else []))
        if values == "inputs":
            self._shares.append(operands)
        else:
            self._give_result(values, SHARE_ROWS, *operands)

    def _own_column(self, step: Step, worth: str) -> None:
        _, after = step.operands
        self._own.setdefault(after, []).append((worth, None))

    def _own_collect(self, after: str, terms: Sequence[tuple[str, str | None]]) -> Collect:
        """One gradient of all that a column has been used for."""
        if len(terms) == 1:
            return Collect(OWN_PART, after, *terms[0])
        total = None
        for deltas, values in terms:
            gradient = deltas if values is None else self._put(MULTIPLY, deltas, values)
            total = gradient if total is None else self._put(ADD, total, gradient)
        assert total is not None
        return Collect(OWN_PART, after, total, None)

    def _share_of_inputs(self) -> tuple[Step, ...]:
        # In the order of the program, which is that of the columns.
        steps: list[Step] = []
        for operands in reversed(self._shares):
            operation = ADD_SHARE_ROWS if steps else SHARE_ROWS
            before = (steps[-1].target,) if steps else ()
            steps.append(Step(fresh_name(NAMES[operation], self._taken), operation, (*before, *operands)))
        return tuple(steps)

    def _refuse_overlap(self, collects: Sequence[Collect]) -> None:
        """Columns that are used for two things would get two gradients."""
        behind = [each.after for each in collects]
        if len(set(behind)) < len(behind) or (len(behind) > 1 and set(behind) != {None, "inputs"}):
            shown = " and ".join(sorted(f"after {each}" if each else "the first" for each in behind))
            raise ProgramError(
                f"{self._program.place}: the columns of weights that it uses overlap ({shown}); write the first "
                "ones for inputs, and one thing more at most, after inputs."
            )


_RULES: Mapping[str, Callable[[_Derivation, Step, str], None]] = MappingProxyType(
    {
        "add": _Derivation._add,
        "subtract": _Derivation._subtract,
        "multiply": _Derivation._multiply,
        "activation": _Derivation._activation,
        "row_sums": _Derivation._row_sums,
        "add_row_sums": _Derivation._add_row_sums,
        "own_column": _Derivation._own_column,
    }
)
