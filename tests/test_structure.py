"""What may import what, and that everything public says what it is."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "codegen", "scripts", "tests")
STANDARD = sys.stdlib_module_names
THIRD_PARTY = {
    *("jinja2", "lupa", "matplotlib", "numpy", "platformdirs", "pluau", "resvg_py", "tqdm", "tree_sitter"),
    "tree_sitter_luau",
}

# What the parts of `engine` may import beside themselves, the standard library and numpy; a part is a folder, or a file
# beside the folders. The files beside the folders, and files and training, stand on all of it.
ENGINE_PARTS: dict[str, set[str]] = {
    # What registries are made by.
    "engine.named": set(),
    "engine.formulas": {"engine.named"},
    "engine.interface": {"engine.formulas"},
    # Formulas over arrays, of any formulas.
    "engine.elementwise": set(),
    "engine.kernels": {"engine.formulas", "engine.elementwise", "engine.named"},
    "engine.layers": {"engine.formulas", "engine.elementwise", "engine.kernels", "engine.named"},
}
# Of `codegen`: each part stands on those before it.
CODEGEN_PARTS: dict[str, set[str]] = {
    "codegen.unavailable": set(),
    "codegen.tools": {"codegen.unavailable"},
    "codegen.picture_files": set(),
    "codegen.history_files": set(),
    "codegen.progress_bar": set(),
    "codegen.translate": set(),
    "codegen.roblox": set(),
    "codegen.library": {"codegen.translate", "codegen.roblox", "codegen.picture_files"},
    "codegen.runtimes": {"codegen.translate", "codegen.library", "codegen.tools", "codegen.unavailable"},
    "codegen.export": {"codegen.translate", "codegen.library"},
    "codegen.commands": {"codegen.export", "codegen.roblox", "codegen.picture_files"},
}

# The chosen formulas are listed in Python, so the list is no formula itself, nor is what its entries consist of.
REGISTRY = ("__init__.py", "registry.py", "records.py")
# With this a formula module says what its formulas make up, and with what others of its kind have made.
RECORD = re.compile(r"engine\.formulas\.(records\.\w+|\w+\.\w+\.[A-Z0-9]+)")


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


FORMULAS = [path for path in sources("engine/formulas") if path.name not in REGISTRY]
ENGINE, CODEGEN, SCRIPTS = sources("engine"), sources("codegen"), sources("scripts")


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_modules(tree: ast.AST) -> set[str]:
    """The full names of all imports, those inside functions too: of what is imported from a module, that as well."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or "" if node.level == 0 else "relative import"
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """The top-level names of all imports of a file."""
    return {name.partition(".")[0] for name in imported_modules(parsed(path))}


def part_of(path: Path) -> str:
    """The part of its package that a file belongs to."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts[:2])


def imported_parts(tree: ast.AST, package: str) -> set[str]:
    """The parts of a package that are imported."""
    return {".".join(name.split(".")[:2]) for name in imported_modules(tree) if name.split(".")[0] == package}


@pytest.mark.parametrize("path", FORMULAS, ids=short)
def test_a_formula_module_imports_math_and_records_and_nothing_else(path: Path) -> None:
    assert {name for name in imported_modules(parsed(path)) if not RECORD.fullmatch(name)} <= {"math"}


@pytest.mark.parametrize("path", ENGINE, ids=short)
def test_the_engine_stands_on_numpy_alone(path: Path) -> None:
    assert imported(path) - STANDARD <= {"engine", "numpy"}


@pytest.mark.parametrize("path", [path for path in ENGINE if part_of(path) in ENGINE_PARTS], ids=short)
def test_what_the_engine_stands_on_does_not_stand_on_the_engine(path: Path) -> None:
    part = part_of(path)
    assert imported_parts(parsed(path), "engine") <= {part, *ENGINE_PARTS[part]}


@pytest.mark.parametrize("path", CODEGEN, ids=short)
def test_the_generator_stands_on_the_engine_and_on_packages(path: Path) -> None:
    assert imported(path) - STANDARD <= {"codegen", "engine", *THIRD_PARTY}


@pytest.mark.parametrize("path", [path for path in CODEGEN if part_of(path) != "codegen.__init__"], ids=short)
def test_imports_inside_the_generator_point_one_way(path: Path) -> None:
    part = part_of(path)
    assert imported_parts(parsed(path), "codegen") <= {part, *CODEGEN_PARTS[part]}


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_scripts_do_not_stand_on_tests(path: Path) -> None:
    assert "tests" not in imported(path)


def test_the_order_of_the_generators_parts_has_no_circle() -> None:
    seen: set[str] = set()
    for part, below in CODEGEN_PARTS.items():
        assert below <= seen
        seen.add(part)


def test_folders_explain_themselves_in_one_line_and_hold_no_code() -> None:
    """But for what `engine` and the runtimes offer, and the word on the formulas and the interface."""
    for path in [*ENGINE, *CODEGEN]:
        if path.name == "__init__.py" and short(path.parent) not in {"engine", "codegen/runtimes"}:
            (docstring,) = parsed(path).body
            assert isinstance(docstring, ast.Expr)


def test_imports_are_seen_whatever_their_form() -> None:
    tree = ast.parse(
        "import codegen.tools\n"
        "from codegen import unavailable, tools as others\n"
        "from codegen.export.limits import Precision\n"
        "def f():\n    from engine import Network\n    import codegen.runtimes.lua as lua\n"
    )
    assert imported_parts(tree, "codegen") == {
        "codegen.tools",
        "codegen.unavailable",
        "codegen.export",
        "codegen.runtimes",
    }
    assert imported_parts(tree, "engine") == {"engine.Network"}
    assert imported_modules(ast.parse("from . import x")) == {"relative import.x"}


def test_the_packages_are_seen() -> None:
    assert {short(path) for path in FORMULAS} >= {
        "engine/formulas/activations.py",
        "engine/formulas/random.py",
        "engine/formulas/optimizers/sgd.py",
    }
    assert ROOT / "engine" / "interface" / "limits.py" in ENGINE
    assert ROOT / "codegen" / "runtimes" / "lua.py" in CODEGEN
    assert {part_of(path) for path in CODEGEN} == {"codegen.__init__", *CODEGEN_PARTS}
    assert {part_of(path) for path in ENGINE} >= {"engine.files", "engine.training", *ENGINE_PARTS}
    assert imported(ROOT / "codegen" / "library" / "generate.py") >= {"codegen", "engine", "pathlib"}
    assert not set(PACKAGES) & STANDARD


def undocumented(node: ast.AST, path: str) -> Iterator[str]:
    """Public classes and functions without a docstring; what is inside a function is not public."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) or child.name.startswith("_"):
            continue
        # An overload and a setter are told of elsewhere: by the function itself, by the property.
        told = any(ast.unparse(each) in ("overload", f"{child.name}.setter") for each in child.decorator_list)
        if not ast.get_docstring(child) and not told:
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
        "    @g.setter\n    def g(self, value): ...\n"
        "class _H:\n    def i(self): ...\n"
    )
    assert list(undocumented(tree, "m")) == ["m.b", "m.D.e", "m.D.g"]
