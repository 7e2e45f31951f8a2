"""The pipeline: the truth in `engine` → values → templates → layout → files."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from codegen.layout import break_long_lines
from codegen.picture_files import picture_svg
from codegen.readme_table import with_api_table
from codegen.render import render
from codegen.roblox_files import roblox_xml
from codegen.rojo_project import read_project
from codegen.template_context import template_context
from engine import Network, draw

ROOT = Path(__file__).parent.parent
PLACE_FOLDER = ROOT / "roblox_place"
LIBRARY = PLACE_FOLDER / "src" / "ReplicatedStorage" / "KNNLibrary.luau"
MODEL = PLACE_FOLDER / "KNNLibrary.rbxmx"
PLACE = PLACE_FOLDER / "KNNLibraryDemo.rbxlx"
WALLY = PLACE_FOLDER / "wally.toml"
README = ROOT / "README.md"
PICTURES = ROOT / "pictures"
# The pictures of the README: of which network, and of what inputs make of it.
DRAWN: Mapping[Path, tuple[Path, list[float] | None]] = MappingProxyType(
    {
        PICTURES / "curve.svg": (PICTURES / "curve.txt", None),
        PICTURES / "curve-active.svg": (PICTURES / "curve.txt", [1.0, -3.0]),
        PICTURES / "memory.svg": (PICTURES / "memory.txt", None),
    }
)


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
        **{path: picture_of(network, inputs) for path, (network, inputs) in DRAWN.items()},
    }


def library_source() -> str:
    """KNNLibrary.luau."""
    return break_long_lines(render("library.luau.jinja", template_context()))


def picture_of(network: Path, inputs: list[float] | None) -> str:
    """The drawing of a network whose string is in a file."""
    return picture_svg(draw(Network.load(network.read_text(encoding="utf-8")), inputs))


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
