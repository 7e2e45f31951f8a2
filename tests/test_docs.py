"""What docs/networks.md shows runs, and means the same in both languages."""

import contextlib
import io
import re
from typing import Any

import pytest

from codegen.library.generate import ROOT
from engine import Network
from tests.conftest import make_machine

TEXT = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8")
# What several runtimes' exponentials may differ by after a few hundred steps.
CLOSE = 1e-9


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def session() -> dict[str, Any]:
    """What the page's Python leaves."""
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for each in blocks("python"):
            exec(each, names)
    return names


@pytest.fixture(scope="module")
def saved() -> list[Any]:
    """What the page's Luau leaves: strings of its networks, the class and its share."""
    script = "\n".join(["local function show() end", *blocks("lua")]).replace("print(", "show(")
    names = ("thrower", "driver", "judge", "oven")
    texts = ", ".join(f"KNN.saveNet({name})" for name in names)
    machine = make_machine("luau-tree")
    return machine.run(f"local KNN = ...\n{script}\nreturn class, share, KNN.summarizeNet(brain), {texts}")


def test_every_example_is_there_in_both_languages() -> None:
    assert len(blocks("lua")) == len(blocks("python")) == TEXT.count("\n## ")


def test_both_languages_make_the_same_networks(session: dict[str, Any], saved: list[Any]) -> None:
    name, share, _, *texts = saved
    assert (name, session["name"]) == ("cat", "cat")
    assert share == pytest.approx(session["share"], abs=CLOSE)
    for network, text in zip(("thrower", "driver", "judge", "oven"), texts, strict=True):
        expected, found = session[network], Network.load(text)
        assert found.shape == expected.shape
        assert found.extras == expected.extras
        for one, other in zip(found.layers, expected.layers, strict=True):
            assert abs(one.weights - other.weights).max() < CLOSE


def test_the_examples_have_learnt(session: dict[str, Any], saved: list[Any]) -> None:
    assert session["oven"].forward([1010.0, 5.0])[0] == pytest.approx(30.0, abs=1.0)
    assert session["share"] > 0.8
    assert saved[2].splitlines()
