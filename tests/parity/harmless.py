"""Which faults change nothing, and why: rules that say so without running anything."""

import ast
import re
from collections.abc import Iterator, Mapping

from codegen.translate.luau_formulas import FORMULAS, FormulaModules, path_of
from engine.formulas.registry import ACTIVATIONS, LOSSES
from tests.parity.faults import Fault
from tests.parity.formulas import is_tried, names_in

Files = Mapping[str, str]


def why_harmless(fault: Fault, modules: FormulaModules, right: Files, wrong: Files) -> str | None:
    """Why a fault that no check has noticed changes nothing; None if it may change something.

    Args:
        fault: what is planted.
        modules: the formulas without it.
        right: the library without it.
        wrong: the library with it.
    """
    if right == wrong:
        return "the library is the same"
    if _is_renamed(right, wrong):
        return "a parameter has another name"
    if _is_commuted(fault, modules):
        return "the same numbers are added, multiplied or compared in another order"
    if _is_tried_tie(fault, modules):
        return "it decides otherwise at a tie alone, and there both ways were tried"
    return None


_COMMENT = re.compile(r"^--.*\n", re.MULTILINE)
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")


def _is_renamed(right: Files, wrong: Files) -> bool:
    """Whether functions differ by the name of a parameter only: the arguments of a call have no names."""
    pairs = [pair for path in right for pair in _other_functions(right[path], wrong.get(path, ""))]
    return all(_differ_by_a_name(*pair) for pair in pairs)


def _other_functions(right: str, wrong: str) -> Iterator[tuple[str, str]]:
    # No function has an empty line in it.
    one, other = (_COMMENT.sub("", text).split("\n\n") for text in (right, wrong))
    if len(one) != len(other):
        yield right, wrong
        return
    yield from (pair for pair in zip(one, other, strict=True) if pair[0] != pair[1])


def _differ_by_a_name(right: str, wrong: str) -> bool:
    gone, come = (
        set(_WORD.findall(one)) - set(_WORD.findall(other)) for one, other in ((right, wrong), (wrong, right))
    )
    if len(gone) != 1 or len(come) != 1:
        return False
    renamed = re.sub(rf"\b{come.pop()}\b", gone.pop(), wrong)
    return renamed.split() == right.split()


# A number as a tree in which what may be exchanged has an order: equal trees are equal numbers, to the last bit.
_Sign = int
_Number = tuple[_Sign, object]


def _is_commuted(fault: Fault, modules: FormulaModules) -> bool:
    """Whether all that a function calculates is the same up to the order of two terms, two factors or two arguments."""
    function = next(
        (each for each in fault.tree.body if isinstance(each, ast.FunctionDef) and each.name == fault.name), None
    )
    if function is None:
        return False
    for formulas in _given(fault):
        order = _Order(fault, modules, formulas)
        right = [order.of(each) for each in function.body]
        with fault.planted():
            if [order.of(each) for each in function.body] != right:
                return False
    return True


def _given(fault: Fault) -> list[dict[str, str]]:
    """The formulas with which a kernel may be called, each by the name of its parameter: all that there are."""
    if fault.path.is_relative_to(FORMULAS):
        return [{}]
    records = LOSSES if fault.name == "measure" else ACTIVATIONS
    return [{"value": path_of(each.value), "slope": path_of(each.slope)} for each in records.values()]


_ONE: _Number = 1, "1.0"


class _Order:
    """Puts calculations in order."""

    def __init__(self, fault: Fault, modules: FormulaModules, given: Mapping[str, str]) -> None:
        self._module, self._modules, self._given = fault.path.stem, modules, given

    def of(self, node: ast.AST) -> object:
        """A statement, in order."""
        if isinstance(node, ast.expr):
            return self.number(node, {})
        fields = []
        for name, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            fields.append((name, [self.of(each) if isinstance(each, ast.AST) else each for each in parts]))
        return type(node).__name__, fields

    def number(self, node: ast.expr, names: Mapping[str, _Number]) -> _Number:
        """An expression, in order; ``names`` are what the names in it stand for."""
        match node:
            case ast.Name(name) if name in names:
                return names[name]
            case ast.UnaryOp(ast.USub(), operand):
                sign, inner = self.number(operand, names)
                return -sign, inner
            case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
                first, (sign, second) = self.number(left, names), self.number(right, names)
                return 1, ("sum", *_sorted(first, (sign if isinstance(operator, ast.Add) else -sign, second)))
            case ast.BinOp(left, ast.Mult() | ast.Div() as operator, right):
                (one, of_one), (two, of_two) = self.number(left, names), self.number(right, names)
                if (two, of_two) == _ONE:
                    return one, of_one
                if isinstance(operator, ast.Div):
                    return one * two, ("quotient", of_one, of_two)
                return one * two, ("product", *_sorted(*_squared(of_one, of_two)))
            case ast.IfExp(ast.Compare(left, [ast.Lt() | ast.LtE()], [right]), body, orelse):
                return self._choice((left, right), (body, orelse), names)
            case ast.IfExp(ast.Compare(left, [ast.Gt() | ast.GtE()], [right]), body, orelse):
                return self._choice((right, left), (body, orelse), names)
            case ast.Tuple(parts):
                return 1, tuple(self.number(each, names) for each in parts)
            case ast.Call(function, arguments):
                return self._call(function, [self.number(each, names) for each in arguments])
        return 1, ast.unparse(node)

    def _choice(
        self, ordered: tuple[ast.expr, ast.expr], ways: tuple[ast.expr, ast.expr], names: Mapping[str, _Number]
    ) -> _Number:
        """What is chosen if the first is less than the second. Of two equal ones it does not matter which."""
        less, more = (self.number(each, names) for each in ordered)
        chosen, otherwise = (self.number(each, names) for each in ways)
        if {chosen, otherwise} == {less, more}:
            return 1, ("greater" if chosen == more else "less", *_sorted(less, more))
        return 1, ("choice", ast.unparse(ordered[0]), ast.unparse(ordered[1]), chosen, otherwise)

    def _call(self, function: ast.expr, arguments: list[_Number]) -> _Number:
        match function:
            case ast.Name(name) if name in self._given:
                module, formula = self._given[name].split(".")
            case ast.Name(formula) if formula in self._formulas_of(self._module):
                module = self._module
            case ast.Attribute(ast.Name(module), formula) if formula in self._formulas_of(module):
                pass
            case _:
                return 1, (ast.unparse(function), *arguments)
        found = self._modules[module].formulas[formula]
        inner = _Order.__new__(_Order)
        inner._module, inner._modules, inner._given = module, self._modules, {}
        if len(arguments) != len(found.parameters):
            return 1, (formula, *arguments)
        return inner.number(found.body, dict(zip(found.parameters, arguments, strict=True)))

    def _formulas_of(self, module: str) -> Mapping[str, object]:
        return self._modules[module].formulas if module in self._modules else {}


def _sorted(*parts: object) -> list[object]:
    # By what they are before their sign, so that a difference turned round has the same order.
    return sorted(parts, key=lambda part: repr(part[::-1] if isinstance(part, tuple) else part))


def _squared(first: object, second: object) -> tuple[object, object]:
    """Two factors; of a sum times itself, both with a plus before the first term."""
    match first:
        case ("sum", (-1, one), (int(sign), two)) if first == second:
            turned = ("sum", (1, one), (-sign, two))
            return turned, turned
    return first, second


def _is_tried_tie(fault: Fault, modules: FormulaModules) -> bool:
    """Whether a comparison of a formula's argument, or of its magnitude, differs only where numbers have been tried."""
    right = getattr(fault.holder, fault.field)
    match right, fault.wrong:
        case ast.Compare(left, _, [limit]), ast.Compare() if fault.path.is_relative_to(FORMULAS):
            pass
        case _:
            return False
    module = modules[fault.path.stem]
    (name,) = (each for each in names_in(fault.path) if each.endswith(f".{fault.name}"))
    parameter = module.formulas[fault.name].parameters[0]
    match limit:
        case ast.Constant(int() | float() as number):
            tie = float(number)
        case ast.Name(constant) if constant in module.constants:
            tie = module.constants[constant]
        case _:
            return False
    match left:
        case ast.Name(same) if same == parameter:
            return is_tried(name, tie)
        case ast.Call(ast.Attribute(ast.Name("math"), "fabs"), [ast.Name(same)]) if same == parameter:
            return is_tried(name, tie, -tie)
    return False
