"""The jinja environment."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent.parent / "luau_templates"


def render(template: str, context: Mapping[str, object]) -> str:
    """A template of `luau_templates/` with every value from the context; one that is missing is an error."""
    return _environment(TEMPLATES).get_template(template).render(context)


@cache
def _environment(folder: Path) -> Environment:
    """Kept, because it compiles templates once and looks itself whether one has changed."""
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
