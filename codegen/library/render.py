"""The jinja environment."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent.parent.parent / "luau_templates"


def render(template: str, context: Mapping[str, object]) -> str:
    """A template of `luau_templates/` with every value from the context; one that is missing is an error."""
    return _environment(TEMPLATES).get_template(template).render(context)


def files_in(folder: str) -> list[str]:
    """The paths of all files in a folder of `luau_templates/`, relative to it."""
    root = TEMPLATES / folder
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.luau*"))


@cache
def _environment(folder: Path) -> Environment:
    """The one for a folder: it keeps the templates that it has read, until their files change."""
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
