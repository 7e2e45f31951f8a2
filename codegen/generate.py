"""The pipeline: the truth in `engine` → values → templates → layout → files."""

from pathlib import Path

from codegen.layout import break_long_lines
from codegen.readme_table import with_api_table
from codegen.render import render
from codegen.roblox_files import roblox_xml
from codegen.rojo_project import read_project
from codegen.template_context import template_context

ROOT = Path(__file__).parent.parent
PLACE_FOLDER = ROOT / "roblox_place"
LIBRARY = PLACE_FOLDER / "src" / "ReplicatedStorage" / "KNNLibrary.luau"
MODEL = PLACE_FOLDER / "KNNLibrary.rbxmx"
PLACE = PLACE_FOLDER / "KNNLibraryDemo.rbxlx"
WALLY = PLACE_FOLDER / "wally.toml"
README = ROOT / "README.md"


def generate() -> dict[Path, str]:
    """The text of every generated file, by its path."""
    library = library_source()
    # Model and place hold the module that comes out now, not the one of last time.
    sources = {LIBRARY: library}
    return {
        LIBRARY: library,
        MODEL: roblox_xml(read_project(PLACE_FOLDER / "default.project.json", sources)),
        PLACE: roblox_xml(read_project(PLACE_FOLDER / "demo.project.json", sources)),
        WALLY: render("wally.toml.jinja", template_context()),
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
