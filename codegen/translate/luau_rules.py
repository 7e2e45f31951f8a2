"""What Luau calls things and how tightly its operators bind: tables only."""

import ast
from collections.abc import Mapping
from types import MappingProxyType

# Precedence, loosest first (Lua 5.1 manual §2.5.6). Python orders the ones used here in the same way.
OR, AND, COMPARISON, SUM, PRODUCT, UNARY, ATOM = range(1, 8)

BINARY_OPERATORS: Mapping[type[ast.operator], tuple[str, int]] = MappingProxyType(
    {
        ast.Add: ("+", SUM),
        ast.Sub: ("-", SUM),
        ast.Mult: ("*", PRODUCT),
        ast.Div: ("/", PRODUCT),
    }
)

COMPARISONS: Mapping[type[ast.cmpop], str] = MappingProxyType(
    {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "~="}
)

LOGICAL_OPERATORS: Mapping[type[ast.boolop], tuple[str, int]] = MappingProxyType(
    {ast.And: ("and", AND), ast.Or: ("or", OR)}
)

# The functions of Python's math that a formula may call: their name in Luau, and whether the IEEE 754 standard fixes
# every bit of their result, so that all runtimes agree on it.
MATH_FUNCTIONS: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "fabs": ("math.abs", True),
        "floor": ("math.floor", True),
        "sqrt": ("math.sqrt", True),
        "exp": ("math.exp", False),
        "log": ("math.log", False),
        "sin": ("math.sin", False),
        "cos": ("math.cos", False),
        "tanh": ("math.tanh", False),
        "atan": ("math.atan", False),
    }
)

RESERVED_WORDS = frozenset(
    [
        "and",
        "break",
        "continue",
        "do",
        "else",
        "elseif",
        "end",
        "export",
        "false",
        "for",
        "function",
        "if",
        "in",
        "local",
        "nil",
        "not",
        "or",
        "repeat",
        "return",
        "then",
        "true",
        "type",
        "until",
        "while",
    ]
)
