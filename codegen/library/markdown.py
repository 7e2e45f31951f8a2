"""Pieces of Markdown, as GitHub shows it."""

import re
from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; bars in its cells are escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return [
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |".replace("|  |", "| |") for line in lines
    ]


def code(text: str) -> str:
    """Text as code; a dash where there is none."""
    return f"`{text}`" if text else "—"


def fence(text: str, language: str = "") -> list[str]:
    """Lines of code as a block."""
    return [f"```{language}", *text.rstrip("\n").split("\n"), "```"]


def anchor(heading: str) -> str:
    """What GitHub makes of a heading, to be linked to."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def link(heading: str, page: str = "") -> str:
    """A link to a heading, of this page or of another one."""
    return f"[{heading}]({page}#{anchor(heading)})"
