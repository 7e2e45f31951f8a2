"""A scalar formula over numpy arrays.

The formula's source is rewritten, not its meaning: ``math.f`` becomes ``numpy.f`` and a conditional expression
becomes ``numpy.where``, which computes both branches and keeps the right one (so warnings of the other are silenced).
"""

import ast
import importlib
import inspect
import sys
from collections.abc import Callable
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_NUMPY_NAMES = MappingProxyType({"atan": "arctan"})


def elementwise(formula: Callable[..., float]) -> Callable[..., Array]:
    """The formula for arrays (of shapes that broadcast); scalars may stand for any of them."""
    return _elementwise(formula.__module__, formula.__name__)


@cache
def arguments_of(formula: Callable[..., float]) -> tuple[str, ...]:
    """The names of a formula's arguments, in their order."""
    return tuple(inspect.signature(formula).parameters)


@cache
def _elementwise(module: str, name: str) -> Callable[..., Array]:
    function = _rewritten(module)[name]

    # As a decorator it costs half of what it costs as a context.
    @np.errstate(all="ignore")
    def over_arrays(*arguments: Array | float) -> Array:
        result: Array | float = function(*[np.asarray(each, np.float64) for each in arguments])
        if isinstance(result, np.ndarray):
            return result
        # A formula that is the same number everywhere.
        return np.full(np.broadcast_shapes(*map(np.shape, arguments)), result)

    over_arrays.__doc__ = function.__doc__
    return over_arrays


@cache
def _rewritten(name: str) -> dict[str, Any]:
    """The namespace of a formula module, its functions working on arrays."""
    module: ModuleType = sys.modules.get(name) or importlib.import_module(name)
    tree = ast.fix_missing_locations(_ToNumpy().visit(ast.parse(inspect.getsource(module))))
    namespace: dict[str, Any] = {"numpy": np}
    exec(compile(tree, f"<{name} over arrays>", "exec"), namespace)
    return namespace


class _ToNumpy(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "math":
            name = _NUMPY_NAMES.get(node.attr, node.attr)
            return ast.Attribute(ast.Name("numpy", ast.Load()), name, ast.Load())
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        name = "logical_and" if isinstance(node.op, ast.And) else "logical_or"
        function = ast.Attribute(ast.Name("numpy", ast.Load()), name, ast.Load())
        first, *others = node.values
        for other in others:
            first = ast.Call(function, [first, other], [])
        return first

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        where = ast.Attribute(ast.Name("numpy", ast.Load()), "where", ast.Load())
        return ast.Call(where, [node.test, node.body, node.orelse], [])
