"""Functions over numpy's arrays, made of a layer's program and of its backward pass: straight lines of Python.

They work on what is known of a layer by its name: parts of the layer, inputs, and results of steps.

    def forward(known, loops, activation):
        sums_ = loops.row_sums(known["weights"], known["inputs"])
        known["sums2"] = sums_ + known["biases"]
        del sums_
        known["outputs"] = activation(known["sums2"])

What no later pass needs is a local of its pass.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from engine.elementwise import Array
from engine.layers import derivative
from engine.layers.array_loops import Loops, Sums
from engine.layers.derivative import ERROR, Backward, Collect, derive
from engine.layers.program import LEAVES, Program, Step, read_program

Known = dict[str, Array]

# How a step is written; what is not here is a call of the loops.
_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "add": "{} + {}",
        "subtract": "{} - {}",
        "multiply": "{} * {}",
        "activation": "activation({})",
        "own_column": "{}[:, {}.shape[-1]]",
        derivative.NEGATE: "-{}",
        derivative.SCALE_BY_SLOPE: "scale({}, {}, {})",
    }
)


@dataclass(frozen=True)
class ArrayCode:
    """The passes of a kind of layer. Each puts the results of its steps to what is known.

    Attributes:
        forward: of known parts and inputs, loops and the values of the activation.
        backward: of what forward knows and the error of the outputs, loops and what makes deltas of errors, by the
            activation's sums and outputs.
        share: after it, of loops: what the inputs are worth.
        outputs: the name of what the layer puts out.
        sums: the name of the pre-activations, where outputs are the activation of them and all else has none; or None.
        state: the name of what becomes the layer's state; None if it has no memory.
        share_name: the name of what the inputs are worth.
        collects: the parameters that have a gradient.
        deltas: the names of all that these call deltas.
    """

    forward: Callable[[Known, Sums, Callable[[Array], Array]], None]
    backward: Callable[[Known, Loops, Callable[[Array, Array, Array], Array]], None]
    share: Callable[[Known, Loops], None]
    outputs: str
    sums: str | None
    state: str | None
    share_name: str
    collects: tuple[Collect, ...]
    deltas: frozenset[str]


@cache
def code_of(forward: Callable[..., Any]) -> ArrayCode:
    """The passes of a kind of layer with this program; see `engine.layers.records.LayerKind`."""
    return code_of_program(read_program(forward))


def code_of_program(program: Program) -> ArrayCode:
    """The passes of a layer with this program."""
    backward = derive(program)
    kept = _kept(program, backward)
    return ArrayCode(
        forward=_function("forward", ("known", "loops", "activation"), program.steps, kept),
        backward=_function("backward", ("known", "loops", "scale"), backward.steps, kept),
        share=_function("share", ("known", "loops"), backward.share, kept),
        outputs=program.outputs,
        sums=_sums(program),
        state=program.state,
        share_name=backward.share[-1].target,
        collects=backward.collects,
        deltas=frozenset(each.deltas for each in backward.collects),
    )


def _sums(program: Program) -> str | None:
    activated = [(step.target, step.operands) for step in program.steps if step.operation == "activation"]
    return activated[0][1][0] if [target for target, _ in activated] == [program.outputs] else None


def _kept(program: Program, backward: Backward) -> set[str]:
    """The names whose results are used after the steps among which they are made."""
    used = {program.outputs, backward.share[-1].target, *LEAVES, ERROR}
    used |= {program.state} if program.state is not None else set()
    for step in (*backward.steps, *backward.share):
        used |= {*step.operands}
    for collect in backward.collects:
        used |= {name for name in (collect.after, collect.deltas, collect.values) if name is not None}
    return used


def _function(
    name: str, parameters: Sequence[str], steps: Sequence[Step], kept: Collection[str]
) -> Callable[..., None]:
    lines = []
    for index, step in enumerate(steps):
        lines.append(f"    {_name(step.target, kept)} = {_text(step, kept)}\n")
        # Large arrays cost more to make where none has been given back.
        later = {operand for each in steps[index + 1 :] for operand in each.operands}
        ended = sorted({step.target, *step.operands} - later - {*kept})
        lines += [f"    del {each}_\n" for each in ended]
    source = f"def {name}({', '.join(parameters)}):\n{''.join(lines) or '    pass'}"
    namespace: dict[str, Callable[..., None]] = {}
    exec(compile(source, f"<{name} of a layer over arrays>", "exec"), namespace)
    return namespace[name]


def _text(step: Step, kept: Collection[str]) -> str:
    operands = [_name(each, kept) for each in step.operands]
    text = _TEXTS.get(step.operation)
    return f"loops.{step.operation}({', '.join(operands)})" if text is None else text.format(*operands)


def _name(name: str, kept: Collection[str]) -> str:
    return f"known[{name!r}]" if name in kept else f"{name}_"
