"""Links lead somewhere, and README leads to every page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from codegen.library.generate import README
from tests.docs.pages import PAGES, anchors, without_code

# Of README, in characters: it is the door.
LONGEST_README = 9_000
# Of a page that is written to be read, in characters; what is made of tables may be looked up.
LONGEST_PAGE = 12_000
_LOOKED_UP = {"api.md", "speed.md"}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def links(page: Path) -> Iterator[tuple[str, str]]:
    """The file and the anchor, or nothing, of every local link of a page."""
    for link in re.findall(r"\]\(([^)]+)\)", without_code(page.read_text(encoding="utf-8"))):
        if not link.startswith("https://"):
            path, _, anchor = link.partition("#")
            yield path, anchor


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, anchor in links(page):
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_an_anchor_is_what_github_makes_of_a_heading() -> None:
    (page,) = (each for each in PAGES if each.name == "first-steps.md")
    assert "what-goes-wrong" in anchors(page)
    assert all(re.fullmatch(r"[\w-]+", anchor) for anchor in anchors(page))


def test_readme_is_the_door() -> None:
    assert len(README.read_text(encoding="utf-8")) <= LONGEST_README
    linked = {(README.parent / path).resolve() for path, _ in links(README)}
    assert {page.resolve() for page in PAGES} - linked <= {README.resolve()}


@every_page
def test_a_page_can_be_read_in_one_go(page: Path) -> None:
    if page.name not in _LOOKED_UP:
        assert len(page.read_text(encoding="utf-8")) <= LONGEST_PAGE
