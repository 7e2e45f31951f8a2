"""Reads a layer's program: a function of the layer and its inputs that is a straight line of operations.

    def forward(layer: Parts, inputs: Array) -> tuple[Array, Array]:
        sums = row_sums(layer.weights, inputs)
        sums = sums + layer.state * own_column(layer.weights, inputs)
        sums = sums + layer.biases
        outputs = layer.activation(sums)
        return outputs, outputs

It returns the outputs and, where the layer has a memory, what becomes its state. Every operation is one step with a
name of its own; a name that is assigned again gets a number, as in ``sums``, ``sums2``.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn

# What the names of a program stand for: the layer's rows, a number for each of its inputs, a number for each node.
ROWS, INPUTS, NODES = "the rows of weights", "one number per input", "one number per node"
# What a program finds.
LEAVES = {"weights": ROWS, "inputs": INPUTS, "biases": NODES, "state": NODES}
# The calls: what each argument may be. All give one number per node.
CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "row_sums": ((ROWS,), (INPUTS,)),
    "add_row_sums": ((NODES,), (ROWS,), (INPUTS, NODES), (INPUTS, NODES)),
    "own_column": ((ROWS,), (INPUTS, NODES)),
}
OPERATORS: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply"}
# The names of what a program does not name itself.
UNNAMED = {
    "row_sums": "sums",
    "add_row_sums": "sums",
    "own_column": "column",
    "add": "total",
    "subtract": "difference",
    "multiply": "product",
    "activation": "activated",
}


class ProgramError(Exception):
    """A layer's program is not a straight line of known operations."""


@dataclass(frozen=True)
class Step:
    """One operation: a name that nothing else has, what it is the result of, and the names of what goes in."""

    target: str
    operation: str
    operands: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """A layer's forward pass.

    Attributes:
        steps: the operations in their order.
        outputs: the name of what the layer puts out.
        state: the name of what becomes the layer's state; None if it has no memory.
        place: where it was read, as ``file:line``.
    """

    steps: tuple[Step, ...]
    outputs: str
    state: str | None
    place: str = field(default="a program", compare=False)


def fresh_name(wanted: str, taken: set[str]) -> str:
    """A name that is not taken, which then is: the wanted one, or the first with a number from 2 on."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    taken.add(name)
    return name


@cache
def read_program(function: Callable[..., Any]) -> Program:
    """Read the program that a function is.

    Raises:
        ProgramError: at the first thing that is not part of it, as ``file:line: what, and what to write``.
    """
    return _Reader(function).read()


class _Reader:
    def __init__(self, function: Callable[..., Any]) -> None:
        lines, first = inspect.getsourcelines(function)
        (self._function,) = ast.parse(textwrap.dedent("".join(lines))).body
        self._path, self._line_before = inspect.getsourcefile(function), first - 1
        self._steps: list[Step] = []
        self._taken = set(LEAVES)
        # What a name of the source is called in the program, for it may be assigned again.
        self._current = {"inputs": "inputs"}
        self._shapes = dict(LEAVES)

    def read(self) -> Program:
        function = self._function
        if not isinstance(function, ast.FunctionDef) or function.decorator_list:
            self._refuse(function, "is no bare function", "`def forward(layer, inputs):`")
        if ast.unparse(ast.arguments(**{**_NO_ARGUMENTS, "args": _bare(function.args)})) != "layer, inputs" or any(
            (function.args.posonlyargs, function.args.kwonlyargs, function.args.vararg, function.args.kwarg)
        ):
            self._refuse(function, "has other arguments than a layer and its inputs", "`(layer, inputs)`")
        if ast.get_docstring(function) is None:
            self._refuse(function, "has no docstring", "one that says what the layer calculates")
        *statements, last = function.body[1:] or [function]
        for statement in statements:
            match statement:
                case ast.Assign([ast.Name(name)], value):
                    self._assign(statement, name, value)
                case _:
                    self._refuse(
                        statement, "is not part of a straight line", "`name = …` for each step, and one return"
                    )
        outputs, state = self._returned(last)
        reads_state = any("state" in step.operands for step in self._steps)
        if reads_state and state is None:
            self._refuse(last, "does not say what becomes the state that is read", "`return outputs, state`")
        if state is not None and not reads_state:
            self._refuse(last, "keeps a state that is never read", "`return outputs` alone, or use `layer.state`")
        return Program(tuple(self._steps), outputs, state, f"{self._path}:{self._line_before + 1}")

    def _returned(self, node: ast.stmt) -> tuple[str, str | None]:
        state: str | None = None
        match node:
            case ast.Return(ast.Tuple([ast.Name() as outputs, ast.Name() as kept])):
                state = self._result(kept)
            case ast.Return(ast.Name() as outputs):
                pass
            case _:
                self._refuse(
                    node, "is not the end of a program", "`return outputs`, or `return outputs, state` with a memory"
                )
        return self._result(outputs), state

    def _result(self, node: ast.Name) -> str:
        """The name of what is returned, which has to come of the program's own steps."""
        name = self._operand(node, (NODES,), "what is returned")
        if name in LEAVES:
            self._refuse(node, "is no result of this program", "a name that is assigned above")
        return name

    def _assign(self, statement: ast.Assign, name: str, value: ast.expr) -> None:
        if name in LEAVES or name in CALLS or name == "layer":
            self._refuse(statement, f"assigns to `{name}`, which has a meaning already", "another name")
        if not isinstance(value, (ast.Call, ast.BinOp)):
            self._refuse(statement, "does nothing", "an operation, or the first name wherever this one stands")
        self._current[name] = self._operation(value, wanted=name)

    def _operation(self, node: ast.Call | ast.BinOp, wanted: str | None = None) -> str:
        """Put down an operation, after those that its operands need; the name of its result."""
        shapes: tuple[tuple[str, ...], ...]
        match node:
            case ast.Call(ast.Attribute(ast.Name("layer"), "activation"), [argument], []):
                operation, given, shapes = "activation", [argument], ((NODES,),)
            case ast.Call(ast.Name(operation), given, []) if operation in CALLS:
                shapes = CALLS[operation]
                if len(given) != len(shapes):
                    self._refuse(node, f"has {len(given)} argument(s)", f"{len(shapes)}")
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                operation, given, shapes = OPERATORS[type(operator)], [left, right], ((NODES,), (NODES,))
            case ast.BinOp():
                self._refuse(node, "is no operation of a layer", "one with +, - or *")
            case _:
                self._refuse(node, "is no operation of a layer", f"{', '.join(CALLS)} or `layer.activation(…)`")
        operands = tuple(
            self._operand(each, allowed, f"an argument of {operation}")
            for each, allowed in zip(given, shapes, strict=True)
        )
        target = fresh_name(wanted or UNNAMED[operation], self._taken)
        self._steps.append(Step(target, operation, operands))
        self._shapes[target] = NODES
        return target

    def _operand(self, node: ast.expr, allowed: tuple[str, ...], role: str) -> str:
        match node:
            case ast.Name(name):
                if name not in self._current:
                    self._refuse(node, "is unknown here", "`inputs` or a name that is assigned above")
                found = self._current[name]
            case ast.Attribute(ast.Name("layer"), part):
                if part not in LEAVES or part == "inputs":
                    self._refuse(node, "is no part of a layer", "`layer.weights`, `layer.biases` or `layer.state`")
                found = part
            case ast.Call() | ast.BinOp():
                found = self._operation(node)
            case _:
                self._refuse(node, "is nothing that a layer calculates with", "a name, a part of the layer or a call")
        if self._shapes[found] not in allowed:
            self._refuse(node, f"is {self._shapes[found]}", f"{' or '.join(allowed)} as {role}")
        return found

    def _refuse(self, node: ast.AST, what: str, instead: str) -> NoReturn:
        line = self._line_before + getattr(node, "lineno", 1)
        shown = ast.unparse(node).splitlines()[0]
        raise ProgramError(f"{self._path}:{line}: `{shown}` {what}; write {instead}.")


_NO_ARGUMENTS: dict[str, Any] = {
    "posonlyargs": [],
    "args": [],
    "vararg": None,
    "kwonlyargs": [],
    "kw_defaults": [],
    "kwarg": None,
    "defaults": [],
}


def _bare(arguments: ast.arguments) -> list[ast.arg]:
    """The arguments without their types."""
    return [ast.arg(each.arg) for each in arguments.args]
