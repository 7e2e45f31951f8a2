"""Which faults change nothing, and why: rules that say so without running anything."""

import ast
import re
from collections.abc import Iterator, Mapping

from codegen.library import losses
from codegen.translate.luau_formulas import FORMULAS, FormulaModules, path_of
from codegen.translate.python_subset import LARGEST_INTEGER
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
    if _is_out_of_reach(fault):
        return "it decides otherwise only where another branch is taken"
    if _is_sign_of_zero(fault):
        return "a zero's sign makes no difference to a sum that begins at 0"
    if _is_exact_split(fault, modules):
        return "a product may be split anywhere as long as all its parts are exact"
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
    function = _function_of(fault)
    if function is None:
        return False
    for formulas in _given(fault):
        order = _Order(fault.path.stem, modules, formulas)
        right = [order.of(each) for each in function.body]
        with fault.planted():
            if [order.of(each) for each in function.body] != right:
                return False
    return True


def _function_of(fault: Fault) -> ast.FunctionDef | None:
    """The function that is changed; None if it is a constant."""
    return next(
        (each for each in fault.tree.body if isinstance(each, ast.FunctionDef) and each.name == fault.name), None
    )


def _given(fault: Fault) -> list[dict[str, str]]:
    """The formulas with which a kernel may be called, each by the name of its parameter: all that there are."""
    if fault.path.is_relative_to(FORMULAS):
        return [{}]
    if fault.name.startswith("measure"):
        plain = [losses.plain(each) for each in LOSSES.values()]
        fused = [losses.fused(each, each.fused.activator) for each in LOSSES.values() if each.fused is not None]
        return [paths for name, paths in (*plain, *filter(None, fused)) if name == fault.name]
    return [{"value": path_of(each.value), "slope": path_of(each.slope)} for each in ACTIVATIONS.values()]


_ONE: _Number = 1, "1.0"


class _Order:
    """Puts calculations in order."""

    def __init__(self, module: str, modules: FormulaModules, given: Mapping[str, str]) -> None:
        self._module, self._modules, self._given = module, modules, given
        self._constants = modules[module].constants if module in modules else {}

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
            case ast.Name(name) if name in self._constants:
                return 1, repr(self._constants[name])
            case ast.UnaryOp(ast.USub(), operand):
                sign, inner = self.number(operand, names)
                return -sign, inner
            case ast.BinOp(ast.Name(name), ast.Add() | ast.Sub(), ast.Name(none)) if (
                self._constants.get(name) and self._constants.get(none) == 0
            ):
                # Only of two zeros the sign is another.
                return 1, repr(self._constants[name])
            case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
                first, (sign, second) = self.number(left, names), self.number(right, names)
                return 1, ("sum", *_sorted(first, (sign if isinstance(operator, ast.Add) else -sign, second)))
            case ast.BinOp(left, ast.Mult() | ast.Div() as operator, right):
                (one, of_one), (two, of_two) = self.number(left, names), self.number(right, names)
                if (two, of_two) == _ONE:
                    return one, of_one
                if (one, of_one) == _ONE and isinstance(operator, ast.Mult):
                    return two, of_two
                if isinstance(operator, ast.Div):
                    if of_two == ("math.fabs", (one, of_one)) or of_one == ("math.fabs", (two, of_two)):
                        # Of a number and its magnitude, either may be divided by the other.
                        return one * two, ("sign", *_sorted(of_one, of_two))
                    return one * two, ("quotient", of_one, of_two)
                return one * two, ("product", *_sorted(*_squared(of_one, of_two)))
            case ast.IfExp(ast.Compare(left, [ast.Lt() | ast.LtE()], [right]), body, orelse):
                return self._choice((left, right), (body, orelse), names)
            case ast.IfExp(ast.Compare(left, [ast.Gt() | ast.GtE()], [right]), body, orelse):
                return self._choice((right, left), (body, orelse), names)
            case ast.IfExp(ast.Compare(left, [operator], [right]), body, orelse):
                parts = [self.number(each, names) for each in (left, right, body, orelse)]
                return 1, ("choice", type(operator).__name__, *parts)
            case ast.Tuple(parts):
                return 1, tuple(self.number(each, names) for each in parts)
            case ast.Call(ast.Name(name) as function, [], keywords) if keywords:
                module, formula = self._given[name].split(".")
                given = {each.arg: self.number(each.value, names) for each in keywords}
                parameters = self._modules[module].formulas[formula].parameters
                return self._call(function, [given.get(each, (1, each)) for each in parameters])
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
            case ast.Name("max"):
                # A product with one of them is nan where that is, but for 0 times infinity, which is rough anyway.
                return 1, ("greater", *_sorted(*arguments))
            case ast.Name(name) if name in self._given:
                module, formula = self._given[name].split(".")
            case ast.Name(formula) if formula in self._formulas_of(self._module):
                module = self._module
            case ast.Attribute(ast.Name(module), formula) if formula in self._formulas_of(module):
                pass
            case _:
                return 1, (ast.unparse(function), *arguments)
        found = self._modules[module].formulas[formula]
        if len(arguments) != len(found.parameters):
            return 1, (formula, *arguments)
        inner = _Order(module, self._modules, {})
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


def _is_out_of_reach(fault: Fault) -> bool:
    """Whether a threshold has moved within what the branch before has taken: ``fabs(x) <= 1``, then ``x > 0``."""
    right, wrong = getattr(fault.holder, fault.field), fault.wrong
    match fault.holder, right, wrong:
        case ast.Compare(ast.Name(name)), [ast.Constant(int() | float() as one)], [
            ast.Constant(int() | float() as other)
        ]:
            pass
        case _:
            return False
    for node in ast.walk(fault.tree):
        match node:
            case ast.IfExp(
                ast.Compare(
                    ast.Call(ast.Attribute(ast.Name("math"), "fabs"), [ast.Name(same)]),
                    [ast.LtE()],
                    [ast.Constant(int() | float() as limit)],
                ),
                _,
                orelse,
            ) if same == name and fault.holder in ast.walk(orelse):
                return max(abs(one), abs(other)) <= limit
    return False


def _is_sign_of_zero(fault: Fault) -> bool:
    """Whether a loop adds what may be -0 instead of 0, and that only to sums that begin at 0, which are never -0."""
    function = _function_of(fault)
    if function is None:
        return False
    without_sign, starts = dict[str, str](), set[str]()
    for node in ast.walk(function):
        for target, value in _assigned(node):
            match value:
                case ast.BinOp(operand, ast.Add(), ast.Constant(0.0)):
                    without_sign[target] = ast.unparse(operand)
                case ast.Constant(0.0):
                    starts.add(target)
    added = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and ast.unparse(node.target) in starts
    ]
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    if not all(node in added for node in uses if node.id in without_sign):
        return False
    right, wrong = (_changed(fault, value) for value in (getattr(fault.holder, fault.field), fault.wrong))
    match right, wrong:
        case ast.BinOp(operand, ast.Add(), ast.Constant(0.0)), ast.BinOp(same, ast.Sub(), ast.Constant(0.0)):
            return operand is same
        case ast.Name(name), ast.Name(bare):
            return without_sign.get(name) == bare
    return False


def _changed(fault: Fault, value: object) -> object:
    """The node that is changed, of a field that may be a list."""
    right = getattr(fault.holder, fault.field)
    if not isinstance(value, list) or not isinstance(fault.wrong, list) or len(right) != len(fault.wrong):
        return value
    (different,) = (index for index, each in enumerate(right) if each is not fault.wrong[index])
    return value[different]


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
            yield from zip(map(ast.unparse, targets), values, strict=True)
        case ast.Assign([target], value):
            yield ast.unparse(target), value


def _is_exact_split(fault: Fault, modules: FormulaModules) -> bool:
    """Whether 32-bit numbers are multiplied in other parts that are integers below 2^53, and so the same product."""
    if (fault.path.stem, fault.name) != ("random", "SPLIT"):
        return False
    match fault.wrong:
        case ast.Constant(float() as value) if value.is_integer():
            split, largest = int(value), 2**32 - 1
        case _:
            return False
    modulus = int(max(modules["random"].constants[name] for name in ("FIRST_MODULUS", "SECOND_MODULUS")))
    parts = 3 * (largest // split) * largest, (modulus - 1) * split + 3 * (split - 1) * largest
    return max(parts) < LARGEST_INTEGER
