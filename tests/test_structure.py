"""What may import what, and that everything public says what it is."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "codegen", "scripts", "tests")
STANDARD = sys.stdlib_module_names
THIRD_PARTY = {"jinja2", "lupa", "numpy", "platformdirs", "pluau", "resvg_py", "tree_sitter", "tree_sitter_luau"}

# The chosen formulas are listed in Python, so the list is no formula itself.
REGISTRY = ("__init__.py", "registry.py")


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


FORMULAS = [path for path in sources("engine/formulas") if path.name not in REGISTRY]
ENGINE, CODEGEN = sources("engine"), sources("codegen")


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """The top-level names of all imports of a file, those inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0] if node.level == 0 else "relative import")
    return names


@pytest.mark.parametrize("path", FORMULAS, ids=short)
def test_a_formula_module_imports_math_and_nothing_else(path: Path) -> None:
    assert imported(path) <= {"math"}


@pytest.mark.parametrize("path", ENGINE, ids=short)
def test_the_engine_stands_on_numpy_alone(path: Path) -> None:
    assert imported(path) - STANDARD <= {"engine", "numpy"}


@pytest.mark.parametrize("path", CODEGEN, ids=short)
def test_the_generator_stands_on_the_engine_and_on_packages(path: Path) -> None:
    assert imported(path) - STANDARD <= {"codegen", "engine", *THIRD_PARTY}


def test_the_packages_are_seen() -> None:
    assert {short(path) for path in FORMULAS} >= {"engine/formulas/activations.py", "engine/formulas/random.py"}
    assert ROOT / "engine" / "spec" / "limits.py" in ENGINE
    assert ROOT / "codegen" / "runtimes" / "lua.py" in CODEGEN
    assert imported(ROOT / "codegen" / "generate.py") >= {"codegen", "pathlib"}
    assert not set(PACKAGES) & STANDARD


def undocumented(node: ast.AST, path: str) -> Iterator[str]:
    """Public classes and functions without a docstring; what is inside a function is not public."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) or child.name.startswith("_"):
            continue
        is_overload = any(ast.unparse(decorator) == "overload" for decorator in child.decorator_list)
        if not ast.get_docstring(child) and not is_overload:
            yield f"{path}.{child.name}"
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, f"{path}.{child.name}")


@pytest.mark.parametrize("path", [*ENGINE, *CODEGEN], ids=short)
def test_everything_public_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert list(undocumented(tree, path.stem)) == []


def test_the_search_for_docstrings_looks_into_classes_and_skips_what_is_private() -> None:
    tree = ast.parse(
        'def a():\n    """Doc."""\n    def inner(): ...\n'
        "def b(): ...\n"
        "def _c(): ...\n"
        "@overload\ndef a(): ...\n"
        'class D:\n    """Doc."""\n    def e(self): ...\n    def _f(self): ...\n    @property\n    def g(self): ...\n'
        "class _H:\n    def i(self): ...\n"
    )
    assert list(undocumented(tree, "m")) == ["m.b", "m.D.e", "m.D.g"]
