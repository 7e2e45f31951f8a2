"""A formula's expression as Luau, with no parenthesis that precedence does not ask for."""

import ast
from collections.abc import Callable

from codegen.translate.luau_literals import luau_number
from codegen.translate.luau_rules import (
    AND,
    ATOM,
    BINARY_OPERATORS,
    COMPARISON,
    COMPARISONS,
    LOGICAL_OPERATORS,
    MATH_FUNCTIONS,
    OR,
    PRODUCT,
    UNARY,
)

Names = Callable[[str], str]


def luau_expression(node: ast.expr, names: Names) -> str:
    """The expression as Luau; ``names`` says what a name of the formula is called there.

    What ``names`` returns must bind as tightly as a name.
    """
    return _render(node, names)[0]


def luau_term(node: ast.expr) -> str:
    """An expression with Luau's names, in brackets where it could not stand behind a plus."""
    return _inside(node, str, PRODUCT)


def _render(node: ast.expr, names: Names) -> tuple[str, int]:
    """The text of an expression and how tightly it binds."""
    match node:
        case ast.Constant(int() | float() as value):
            return luau_number(value), ATOM
        case ast.Name(name):
            return names(name), ATOM
        case ast.UnaryOp(ast.USub(), operand):
            # A minus before a minus would start a comment, so it gets a parenthesis as well.
            return "-" + _inside(operand, names, UNARY + 1), UNARY
        case ast.BinOp(left, ast.Mult(), right) if _render(right, names)[0] == "1":
            # The same number, to the last bit.
            return _render(left, names)
        case ast.BinOp(
            left,
            ast.Sub(),
            ast.BinOp(ast.Call(ast.Attribute(_, "floor"), [ast.BinOp(same, ast.Div(), right)]), ast.Mult(), again),
        ) if _is_same(left, same) and _is_same(right, again):
            # What Lua calls the remainder, by definition (§2.5.1), and has an instruction for.
            return f"{_inside(left, names, PRODUCT)} % {_inside(right, names, PRODUCT + 1)}", PRODUCT
        case ast.BinOp(left, operator, right):
            symbol, binds = BINARY_OPERATORS[type(operator)]
            return f"{_inside(left, names, binds)} {symbol} {_inside(right, names, binds + 1)}", binds
        case ast.Compare(left, [operator], [right]):
            parts = _inside(left, names, COMPARISON + 1), _inside(right, names, COMPARISON + 1)
            return f"{parts[0]} {COMPARISONS[type(operator)]} {parts[1]}", COMPARISON
        case ast.BoolOp(operator, values):
            word, binds = LOGICAL_OPERATORS[type(operator)]
            return f" {word} ".join(_inside(value, names, binds + 1) for value in values), binds
        case ast.IfExp(test, body, orelse):
            # `c and x or y` is `x if c else y` because no number is false in Lua.
            chosen = f"{_inside(test, names, AND)} and {_inside(body, names, AND + 1)}"
            return f"{chosen} or {_inside(orelse, names, OR)}", OR
        case ast.Call(function, arguments):
            return f"{_function(function, names)}({', '.join(_render(a, names)[0] for a in arguments)})", ATOM
    raise TypeError(f"python_subset let {type(node).__name__} through")


def _is_same(node: ast.expr, other: ast.expr) -> bool:
    return ast.dump(node) == ast.dump(other)


def _inside(node: ast.expr, names: Names, least: int) -> str:
    text, binds = _render(node, names)
    return text if binds >= least else f"({text})"


def _function(function: ast.expr, names: Names) -> str:
    match function:
        case ast.Attribute(_, name):
            return MATH_FUNCTIONS[name][0]
        case ast.Name(name):
            return names(name)
    raise TypeError(f"python_subset let a call of {type(function).__name__} through")
