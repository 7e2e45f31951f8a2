"""What kinds of layers do in Luau: calls of kernels, read off their programs and their derived backward passes.

A layer in Luau is the weighted sums of its inputs, whatever way its weights are kept, then what it adds of its past,
its biases and its activation. Only the past is each kind's own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from codegen.translate.luau_expressions import luau_expression
from codegen.translate.python_subset import read_formula
from engine.layers.derivative import BIASES_PART, OWN_PART, WEIGHTS_PART, Collect, derive
from engine.layers.program import Program, ProgramError, Step
from engine.layers.records import LayerKind


@dataclass(frozen=True)
class PastCall:
    """A kernel that works on what a layer remembers.

    Attributes:
        is_own: whether each node sees its own number only, and not those of all.
    """

    is_own: bool


def columns(kind: LayerKind) -> str:
    """How many weights are in a row, as Luau, of inputs and nodes."""
    formula = read_formula(kind.columns)
    if formula.parameters != ("inputs", "nodes"):
        shown = ", ".join(formula.parameters)
        raise _refused(kind.columns, f"the columns of {kind.name} have the arguments ({shown})", "(inputs, nodes)")
    return luau_expression(formula.body, str)


def past(kind: LayerKind) -> PastCall | None:
    """What a kind of layer adds of its past; None if it remembers nothing.

    Raises:
        ProgramError: if its program is not of the form that the library's loops have: sums of the inputs, something of
            the state, the biases, the activation; or if a part of the layer is missing that it uses.
    """
    program = kind.program
    first = program.steps[0]
    if (first.operation, first.operands) != ("row_sums", ("weights", "inputs")):
        raise _other_form(kind, _shown(first))
    found = _past_of(first.target, program)
    last, further = found.sums, list(program.steps[found.count :])
    for operation, operands in (("add", ("biases",)), ("activation", ())):
        if not further:
            raise _other_form(kind, f"no {operands[0] if operands else operation}")
        step = further.pop(0)
        if (step.operation, step.operands) != (operation, (last, *operands)):
            raise _other_form(kind, _shown(step))
        last = step.target
    if further:
        raise _other_form(kind, _shown(further[0]))
    if program.outputs != last or program.state not in (None, last):
        raise _other_form(kind, f"`return {', '.join(filter(None, (program.outputs, program.state)))}`")
    _check_gradients(kind, found.call)
    _check_parts(kind, found.call)
    return found.call


@dataclass(frozen=True)
class _Found:
    """What a program does with its state: the call, what the sums are called then, and how many steps that took."""

    call: PastCall | None
    sums: str
    count: int


def _past_of(sums: str, program: Program) -> _Found:
    match program.steps[1:]:
        case (Step(target, "add_row_sums", (grown, "weights", "state", "inputs")), *_) if grown == sums:
            return _Found(PastCall(is_own=False), target, 2)
        case (
            Step(column, "own_column", ("weights", "inputs")),
            Step(product, "multiply", factors),
            Step(target, "add", terms),
            *_,
        ) if set(factors) == {"state", column} and terms == (sums, product):
            return _Found(PastCall(is_own=True), target, 4)
    return _Found(None, sums, 1)


def _check_gradients(kind: LayerKind, call: PastCall | None) -> None:
    """The derived gradients have to be those that the kernels of training collect."""
    collects = derive(kind.program).collects
    deltas = collects[0].deltas
    expected = [Collect(WEIGHTS_PART, None, deltas, "inputs"), Collect(BIASES_PART, None, deltas, None)]
    if call is not None:
        expected.append(Collect(OWN_PART if call.is_own else WEIGHTS_PART, "inputs", deltas, "state"))
    if set(collects) != set(expected):
        raise _refused(
            kind.forward, f"the gradients of {kind.name} are {collects}", "a program with those that a kernel collects"
        )


def _check_parts(kind: LayerKind, call: PastCall | None) -> None:
    """What a program uses, the layer has to have."""
    if kind.remembers and not kind.has_state:
        raise _refused(kind.forward, f"{kind.name} keeps a state, and has no place for it", "has_state=True")
    for inputs, nodes in ((3, 2), (2, 5)):
        used = inputs + (0 if call is None else 1 if call.is_own else nodes)
        there = kind.columns(inputs, nodes)
        if there < used:
            what = f"{kind.name} has {there:g} weights in a row of {inputs} inputs and {nodes} nodes, and uses {used}"
            raise _refused(kind.columns, what, "as many")


def _shown(step: Step) -> str:
    return f"`{step.target} = {step.operation}({', '.join(step.operands)})`"


def _other_form(kind: LayerKind, shown: str) -> ProgramError:
    return _refused(
        kind.forward,
        f"the program of {kind.name} has {shown} where the library's loops have something else",
        "the sums of the inputs, then of what the nodes see of the state, then the biases, then the activation, "
        "which it returns",
    )


def _refused(function: Callable[..., Any], what: str, instead: str) -> ProgramError:
    code = function.__code__
    return ProgramError(f"{code.co_filename}:{code.co_firstlineno}: {what}; write {instead}.")


# The kernels that work on a layer's past: over each node's own number, or over all.
ADD, STEP, UPDATE, GATHER = "add", "step", "update", "gather"
_CALLS = {
    (ADD, True): "addOwn(weights, width, state, sums)",
    (ADD, False): "addRowSums(weights, width, state, #weights, sums)",
    (STEP, True): "stepOwn(weights, width, deltas, rate, state)",
    (STEP, False): "stepPart(weights, width, deltas, rate, state, #weights)",
    (GATHER, True): "addOwnGradients(gradients, width, deltas, state)",
    (GATHER, False): "addGradients(gradients, width, deltas, state, #gradients)",
    (UPDATE, True): "update.stepOwn(weights, memories, width, deltas, state, settings, factors)",
    (UPDATE, False): "update.stepRows(weights, memories, width, deltas, state, #weights, settings, factors)",
}


def past_call(kind: LayerKind, what: str) -> str:
    """The call of a kernel for a kind that remembers."""
    found = past(kind)
    assert found is not None
    return _CALLS[what, found.is_own]


def row_kernels(kinds: Iterable[LayerKind]) -> list[str]:
    """The kernels over rows that these kinds call for their pasts, by their names in Luau."""
    return _called(kinds, (ADD, STEP))


def gradient_kernels(kinds: Iterable[LayerKind]) -> list[str]:
    """The kernels over gradients that these kinds call for their pasts, by their names in Luau."""
    return _called(kinds, (GATHER,))


def _called(kinds: Iterable[LayerKind], whats: Iterable[str]) -> list[str]:
    calls = [past_call(kind, what) for kind in kinds if past(kind) for what in whats]
    return sorted({each.partition("(")[0] for each in calls})
