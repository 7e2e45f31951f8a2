"""README and the pages of docs/, section by section, and the code in them."""

import re
from dataclasses import dataclass
from pathlib import Path

from codegen.library.generate import README, ROOT

PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
LUAU, PYTHON = "luau", "python"
# What is called a seed, and the number that is one.
_SEED = re.compile(r"(\bseed ?= ?|\bsetSeed\(|\bRandom\(|\brandom_state=)\d+\b")
# A number of epochs, in either language.
_EPOCHS = re.compile(r"(\bepochs ?= ?)(\d+)")


@dataclass(frozen=True)
class Section:
    """What stands under one heading of a page, up to the next one; the first has the page's own title."""

    page: str
    title: str
    text: str

    @property
    def name(self) -> str:
        """What it is called in tests."""
        return f"{self.page}: {self.title}"

    def code(self, language: str) -> str:
        """Its script in a language: all blocks in their order."""
        return "\n".join(re.findall(rf"^```{language}\n(.*?)^```", self.text, re.DOTALL | re.MULTILINE))

    def commands(self) -> list[str]:
        """The lines of `luaunn export`, from the word behind luaunn on."""
        return re.findall(r"^\S*luaunn (export .*)$", self.text, re.MULTILINE)


def sections_of(path: Path) -> list[Section]:
    """All sections of a page."""
    page = path.relative_to(ROOT).as_posix()
    head, *others = re.split(r"^###? ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [
        Section(page, title, text)
        for title, _, text in (part.partition("\n") for part in (head.removeprefix("# "), *others))
    ]


def anchor_of(heading: str) -> str:
    """What GitHub makes of a heading: small letters, dashes for blanks, no other signs."""
    return "".join("-" if each == " " else each for each in heading.lower() if each.isalnum() or each in " -_")


def without_code(text: str) -> str:
    """What stands outside fences, whose lines may look like headings and links."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def headings(text: str) -> list[tuple[int, str]]:
    """The headings of a page, with their levels."""
    return [(len(level), title) for level, title in re.findall(r"^(#+) (.+)$", without_code(text), re.MULTILINE)]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    return {anchor_of(title) for _, title in headings(page.read_text(encoding="utf-8"))}


SECTIONS = tuple(section for path in PAGES for section in sections_of(path))
# Those with something to run.
WITH_CODE = tuple(each for each in SECTIONS if each.code(LUAU) or each.code(PYTHON))


def section(page: str, title: str) -> Section:
    """The section of a page with a title."""
    (found,) = (each for each in SECTIONS if (each.page, each.title) == (page, title))
    return found


def seeded(code: str, seed: int) -> str:
    """A script with another seed in its only place."""
    text, places = _SEED.subn(rf"\g<1>{seed}", code)
    assert places == 1, f"{places} seeds in:\n{code}"
    return text


def has_seed(code: str) -> bool:
    """Whether a script does the same every time."""
    return bool(_SEED.search(code))


def of_one_epoch(code: str) -> tuple[str, list[str]]:
    """A script that trains for one epoch only, and how many epochs it had."""
    return _EPOCHS.sub(r"\g<1>1", code), [number for _, number in _EPOCHS.findall(code)]


def shown(code: str) -> list[str]:
    """What a script says in comments behind `-->` that it prints, in order."""
    return re.findall(r"--> (.*)$", code, re.MULTILINE)
