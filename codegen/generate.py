"""The pipeline: the truth in `engine` → values → templates → layout → files."""

from pathlib import Path

from codegen.layout import break_long_lines
from codegen.readme_table import with_api_table
from codegen.render import render
from codegen.template_context import template_context

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "roblox_place" / "src" / "ReplicatedStorage" / "KNNLibrary.luau"
README = ROOT / "README.md"


def generate() -> dict[Path, str]:
    """The text of every generated file, by its path."""
    return {
        LIBRARY: library_source(),
        README: with_api_table(README.read_text(encoding="utf-8")),
    }


def library_source() -> str:
    """KNNLibrary.luau."""
    return break_long_lines(render("library.luau.jinja", template_context()))


def write_all() -> list[Path]:
    """Write the generated files and return those that changed."""
    stale = stale_files()
    for path, text in generate().items():
        if path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return stale


def stale_files() -> list[Path]:
    """The generated files that are not what the truth says."""
    return [path for path, text in generate().items() if not path.exists() or path.read_bytes() != text.encode()]
