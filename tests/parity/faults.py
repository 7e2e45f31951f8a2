"""Faults in the truth: every place of its syntax trees that can be changed, one at a time, and what Luau gets of it.

The truth is what Luau is made of: the loops of `engine.kernels`, the formulas of `engine.formulas` and the programs of
`engine.layers`. A loop comes out in several ways, by its schedules; a fault in it is planted in one of them at a time,
for each of them has to be looked at.
"""

import ast
import inspect
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from unittest.mock import patch

from codegen.library import kernels as kernel_files
from codegen.library import narrow, template_context
from codegen.library.generate import library_sources
from codegen.translate.loop_reader import Kernel, read_kernels
from codegen.translate.luau_formulas import FORMULAS, NO_FORMULAS, read_formulas
from codegen.translate.luau_rules import MATH_FUNCTIONS
from codegen.translate.python_subset import FormulaModule, read_module
from engine.kernels import registry
from engine.kernels.schedules import SCHEDULES
from engine.layers.program import LEAVES, read_program
from engine.layers.registry import LAYER_KINDS

# What is planted in layers of a few nodes that are written out, and in what stands nowhere in the library.
WRITTEN_OUT, NOWHERE = "written out", "nowhere"


@dataclass(frozen=True, eq=False)
class Fault:
    """One node of a syntax tree, and what stands in its place.

    Attributes:
        path: the file.
        tree: its syntax tree.
        name: the function or constant that is changed.
        line: where.
        column: where in the line, from 1.
        what: the change, as text.
        holder: the node one of whose fields is changed.
        field: the name of that field.
        wrong: its new value.
        place: the schedule of the kernel that has the fault; empty for what is no kernel.
    """

    path: Path
    tree: ast.Module
    name: str
    line: int
    column: int
    what: str
    holder: ast.AST
    field: str
    wrong: object
    place: str = ""

    def __str__(self) -> str:
        place = f" ({self.place})" if self.place else ""
        return f"{self.path.name}:{self.line}:{self.column} {self.what}{place}"

    @contextmanager
    def planted(self) -> Iterator[None]:
        """The tree with the fault in it."""
        right = getattr(self.holder, self.field)
        setattr(self.holder, self.field, self.wrong)
        try:
            yield
        finally:
            setattr(self.holder, self.field, right)

    @property
    def source(self) -> str:
        """The file with the fault in it."""
        with self.planted():
            return ast.unparse(ast.fix_missing_locations(self.tree))


def truth() -> list[Path]:
    """The files that Luau is made of."""
    found = sorted(path for path in FORMULAS.rglob("*.py") if path.name not in NO_FORMULAS)
    # Some have records alone, whose formulas are those of others.
    formulas = [path for path in found if read_module(path).formulas]
    functions = [function for kind in LAYER_KINDS.values() for function in (kind.forward, kind.columns)]
    return [*_LOOPS, *formulas, *sorted({Path(inspect.getfile(function)) for function in functions})]


def faults() -> list[Fault]:
    """All of them, in the order of the files."""
    return [fault for path in truth() for fault in _faults_of(path)]


def unchanged() -> list[list[Fault]]:
    """For each file, and in loops for the last place of each kind, what is none; no two of one file together."""
    found = {(fault.path, fault.place in SCHEDULES, fault.place == WRITTEN_OUT): fault for fault in faults()}
    together: list[dict[Path, Fault]] = []
    for fault in found.values():
        nothing = replace(fault, what="stays", wrong=getattr(fault.holder, fault.field), line=0, column=0)
        group = next((each for each in together if fault.path not in each), None)
        if group is None:
            together.append(group := {})
        group[fault.path] = nothing
    return [list(group.values()) for group in together]


_LOOPS = [Path(inspect.getfile(file)) for file in registry.FILES]


def _faults_of(path: Path) -> Iterator[Fault]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        match node:
            case ast.FunctionDef(name):
                scope = _Scope(tree, node)
                places = _places(name) if path in _LOOPS else ("",)
            case ast.Assign([ast.Name(name)], ast.Constant() | ast.UnaryOp()):
                scope, places = _Scope(tree, None), ("",)
            case _:
                continue
        for holder, field, index, child in _parts(node):
            for what, wrong in scope.changes(holder, child):
                value = wrong if index is None else _with(getattr(holder, field), index, wrong)
                position = child if hasattr(child, "lineno") else holder
                line, column = getattr(position, "lineno", 0), getattr(position, "col_offset", 0) + 1
                for place in places:
                    yield Fault(path, tree, name, line, column, what, holder, field, value, place)


def _with(nodes: list[ast.AST], index: int, wrong: object) -> list[object]:
    return [*nodes[:index], *([] if wrong is DROPPED else [wrong]), *nodes[index + 1 :]]


def _parts(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every node below a node that says what is calculated: what holds it, as what, at which index, and itself."""
    for field, value in ast.iter_fields(node):
        if field in ("args", "annotation", "returns") and isinstance(node, (ast.FunctionDef, ast.arg)):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield node, field, index, child
                yield from _parts(child)


# A statement that is left out.
DROPPED = object()
_OPERATORS: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
_COMPARISONS: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
# What the elements of arrays are.
_ELEMENTS = {
    "Sequence[Rows]": "Rows",
    "Rows": "Values",
    "Sequence[Values]": "Values",
    "Values": "float",
    "Vectors": "Vector",
}
_DIGIT = 1e-6

_Change = tuple[str, object]


class _Scope:
    """What can be changed in a function, or in a constant."""

    def __init__(self, tree: ast.Module, function: ast.FunctionDef | None) -> None:
        self._tree = tree
        self._constants = [
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.UnaryOp))
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        before = tree.body[: tree.body.index(function)] if function else []
        self._functions = {each.name: len(each.args.args) for each in before if isinstance(each, ast.FunctionDef)}
        self._kinds = _kinds(function) if function else {}

    def changes(self, holder: ast.AST, node: ast.AST) -> Iterator[_Change]:
        """What may stand in place of a node, each with a text of it."""
        if isinstance(node, ast.stmt):
            yield from self._of_statement(holder, node)
        elif isinstance(node, ast.expr):
            for wrong in self._of_expression(holder, node):
                yield f"{ast.unparse(node)} -> {ast.unparse(wrong)}", wrong

    @staticmethod
    def _of_statement(holder: ast.AST, node: ast.stmt) -> Iterator[_Change]:
        text = ast.unparse(node).splitlines()[0]
        match node:
            case ast.Expr():
                return
            case ast.AugAssign(target, operator, value):
                other = ast.Mult() if isinstance(operator, ast.Add) else ast.Add()
                for wrong in (ast.AugAssign(target, other, value), ast.Assign([target], value, lineno=node.lineno)):
                    yield f"{text} -> {ast.unparse(wrong)}", wrong
        # A loop or a function with nothing in it is no loop and no function.
        if sum(not isinstance(each, ast.Expr) for each in getattr(holder, "body", ())) > 1:
            yield f"{text} -> nothing", DROPPED

    def _of_expression(self, holder: ast.AST, node: ast.expr) -> Iterator[ast.expr]:
        match node:
            case ast.BinOp(left, operator, right):
                yield ast.BinOp(left, _OPERATORS[type(operator)](), right)
                if isinstance(operator, (ast.Sub, ast.Div)):
                    yield ast.BinOp(right, operator, left)
            case ast.UnaryOp(ast.USub(), operand):
                yield operand
            case ast.Compare(left, [operator], [right]):
                yield ast.Compare(left, [_COMPARISONS[type(operator)]()], [right])
            case ast.BoolOp(operator, values):
                yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            case ast.IfExp(test, body, orelse):
                yield ast.IfExp(test, orelse, body)
            case ast.Constant(int() | float() as number):
                yield ast.Constant(number + 1)
                if number:
                    yield ast.UnaryOp(ast.USub(), node)
                # A threshold between two ways to the same number may lie a little elsewhere.
                if number % 1 and not self._is_threshold(node):
                    yield ast.Constant(number * (1 - _DIGIT))
            case ast.Call(ast.Attribute(ast.Name("math"), name), [argument]):
                names = list(MATH_FUNCTIONS)
                other = names[(names.index(name) + 1) % len(names)]
                yield ast.Call(ast.Attribute(ast.Name("math"), other), [argument], [])
                yield argument
            case ast.Call(ast.Name("range"), [count]):
                for operator in (ast.Add(), ast.Sub()):
                    yield ast.Call(node.func, [ast.BinOp(count, operator, ast.Constant(1))], [])
            case ast.Call(function, arguments):
                for index in range(len(arguments) - 1):
                    first, second = arguments[index : index + 2]
                    yield ast.Call(function, [*arguments[:index], second, first, *arguments[index + 2 :]], [])
            case ast.Subscript(array, index, context):
                yield ast.Subscript(array, ast.BinOp(index, ast.Add(), ast.Constant(1)), context)
            case ast.Attribute(ast.Name("layer") as layer, part) if part in LEAVES:
                for other in LEAVES:
                    if other not in (part, "inputs"):
                        yield ast.Attribute(layer, other)
            case ast.Attribute(value, "x" | "y" | "z" as lane):
                for other in "xyz".replace(lane, ""):
                    yield ast.Attribute(value, other)
            case ast.Name(name, ast.Load()):
                for other in self._others(name):
                    yield ast.Name(other, ast.Load())

    def _is_threshold(self, number: ast.Constant) -> bool:
        """Whether a constant only decides between two ways."""
        names = [
            target.id
            for node in self._tree.body
            if isinstance(node, ast.Assign) and number in ast.walk(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        decide = [
            part.id
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Compare)
            for part in ast.walk(node)
            if isinstance(part, ast.Name)
        ]
        used = [node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name) and node.id in names]
        return bool(names) and len(used) - len(names) == sum(name in names for name in decide)

    def _others(self, name: str) -> list[str]:
        """The names that may stand in place of a name."""
        if name in self._kinds:
            return [each for each, kind in self._kinds.items() if kind == self._kinds[name] and each != name]
        if name in self._constants:
            return [self._constants[self._constants.index(name) - 1]] if len(self._constants) > 1 else []
        if name in self._functions:
            alike = [each for each, count in self._functions.items() if count == self._functions[name]]
            return [alike[alike.index(name) - 1]] if len(alike) > 1 else []
        return []


def _kinds(function: ast.FunctionDef) -> dict[str, str]:
    """What the names of a function are."""
    kinds = {each.arg: ast.unparse(each.annotation) for each in function.args.args if each.annotation}
    kinds.pop("layer", None)
    for node in ast.walk(function):
        match node:
            case ast.For(ast.Name(index)):
                kinds[index] = "int"
    for node in ast.walk(function):
        match node:
            case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
                pairs = list(zip(targets, values, strict=True))
            case ast.Assign([target], value):
                pairs = [(target, value)]
            case _:
                continue
        for target, value in pairs:
            if isinstance(target, ast.Name):
                kinds.setdefault(target.id, _kind_of(value, kinds))
    return kinds


def _kind_of(value: ast.expr, kinds: Mapping[str, str]) -> str:
    match value:
        case ast.Subscript(array):
            return _ELEMENTS.get(_kind_of(array, kinds), "?")
        case ast.Name(name):
            return kinds.get(name, "?")
        case ast.ListComp():
            return "Sequence[Values]"
    # In a layer's program, what is no input is a number for each node.
    return "nodes" if "Array" in kinds.values() else "float"


# What the generator makes of the truth with a fault in it.


def library_with(*planted: Fault) -> dict[str, str]:
    """The library's files, made from the truth with faults in it: no two in one file.

    Raises:
        FormulaError: if the generator refuses it.
        ProgramError: the same.
    """
    modules = formulas_with(*(each for each in planted if _is_formula(each)))
    with ExitStack() as stack:
        stack.enter_context(patch.object(template_context, "read_formulas", lambda: modules))
        for fault in planted:
            if not _is_formula(fault):
                stack.enter_context(_read_from(fault, stack.enter_context(_file_of(fault))))
        return library_sources()


def formulas_with(*planted: Fault) -> dict[str, FormulaModule]:
    """All formulas, with faults in some of them.

    Raises:
        FormulaError: if they cannot be read.
    """
    modules = dict(read_formulas())
    for fault in planted:
        with _file_of(fault) as path:
            modules[path.stem] = read_module(path)
    return modules


def _is_formula(fault: Fault) -> bool:
    return fault.path.is_relative_to(FORMULAS)


@contextmanager
def _file_of(fault: Fault) -> Iterator[Path]:
    """A file with the fault in it, by the name of the one without."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, fault.path.name)
        path.write_text(fault.source, encoding="utf-8")
        yield path


def _read_from(fault: Fault, path: Path) -> AbstractContextManager[object]:
    """The generator reads one thing from another file."""
    if fault.path in _LOOPS:
        return _kernel_in(fault.place, read_kernels(path)[fault.name])
    return _program_of(_function_of(fault), path)


@contextmanager
def _kernel_in(place: str, kernel: Kernel) -> Iterator[None]:
    """A kernel is another one in one place of the library."""
    if place == WRITTEN_OUT:
        with patch.object(narrow, "kernels", lambda: {**kernel_files.kernels(), kernel.name: kernel}):
            yield
    elif place in SCHEDULES:
        wrong = f"wrong {kernel.name}"
        read = {**kernel_files.kernels(), wrong: kernel}
        schedules = {**SCHEDULES, place: replace(SCHEDULES[place], kernel=wrong)}
        with (
            patch.object(kernel_files, "kernels", lambda: read),
            patch.object(kernel_files, "SCHEDULES", schedules),
        ):
            yield
    else:
        yield


@cache
def _written_out() -> set[str]:
    """The names of the kernels that are written out for a few nodes."""
    names: set[str] = set()

    class Recorded(dict[str, Kernel]):
        def __getitem__(self, name: str) -> Kernel:
            names.add(name)
            return super().__getitem__(name)

    with patch.object(narrow, "kernels", lambda: Recorded(kernel_files.kernels())):
        library_sources()
    return names


def _places(kernel: str) -> tuple[str, ...]:
    places = [each.name for each in SCHEDULES.values() if each.kernel == kernel]
    return (*places, *([WRITTEN_OUT] if kernel in _written_out() else [])) or (NOWHERE,)


def _function_of(fault: Fault) -> FunctionType:
    module = next(each for each in sys.modules.values() if getattr(each, "__file__", None) == str(fault.path))
    function = vars(module)[fault.name]
    assert isinstance(function, FunctionType)
    return function


@contextmanager
def _program_of(function: FunctionType, path: Path) -> Iterator[None]:
    """A function of a layer is the one of that name in another file, for those who read what it says."""
    module = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    codes = [each for each in module.co_consts if isinstance(each, CodeType) and each.co_name == function.__name__]
    right = function.__code__
    try:
        (function.__code__,) = codes
        read_program.cache_clear()
        yield
    finally:
        function.__code__ = right
        read_program.cache_clear()
