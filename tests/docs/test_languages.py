"""Where a section has a script in both languages, both make the same networks."""

import re

import numpy as np
import pytest

from engine import Network
from tests.docs.pages import LUAU, PYTHON, WITH_CODE, Section, has_seed
from tests.docs.scripts import luau_of, luau_server, prepared, quiet

# What several runtimes' exponentials may differ by after a few hundred epochs.
CLOSE = 1e-9
# Of longer trainings only the first epoch is compared, by tests/docs/test_first_networks.py.
_ELSEWHERE = "docs/first-networks.md"


def networks_of_both(section: Section) -> list[str]:
    """The names of networks that a section's scripts make in both languages, at their ends."""
    if not (has_seed(section.code(LUAU)) and has_seed(section.code(PYTHON))):
        return []
    made = r"^{}(\w+)(?:, \w+)* = (?:\w+, )*{}\b"
    luau = re.findall(
        made.format("local ", r"KNN\.(?:createNet|createNetwork|loadNet)"), section.code(LUAU), re.MULTILINE
    )
    python = re.findall(made.format("", r"Network\.(?:create|build|load)"), section.code(PYTHON), re.MULTILINE)
    return [name for name in luau if name in python]


BOTH = [each for each in WITH_CODE if each.page != _ELSEWHERE and networks_of_both(each)]


def test_every_section_of_networks_is_compared() -> None:
    titles = [each.title for each in WITH_CODE if each.page == "docs/networks.md" and each.code(PYTHON)]
    assert titles == [each.title for each in BOTH if each.page == "docs/networks.md"]


@pytest.mark.parametrize("section", BOTH, ids=lambda section: section.name)
def test_both_languages_make_the_same_networks(section: Section) -> None:
    names = networks_of_both(section)
    with quiet():
        session = prepared(section)
    texts = ", ".join(f"KNN.saveNet({name})" for name in names)
    saved = luau_server().runtime.run(f"{luau_of(section, session)}\nreturn {texts}")
    for name, text in zip(names, saved, strict=True):
        expected, found = session.names[name], Network.load(text)
        assert found.shape == expected.shape
        assert found.extras == expected.extras
        for one, other in zip(found.layers, expected.layers, strict=True):
            np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=CLOSE)
            np.testing.assert_allclose(one.biases, other.biases, rtol=0, atol=CLOSE)
