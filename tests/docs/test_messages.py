"""What the library says leads to the pages: its words are there, and what they quote it says."""

import re
from collections.abc import Iterable

import pytest

from engine.interface.functions import FUNCTIONS
from engine.interface.messages import MESSAGES
from tests.docs.pages import PAGES, section
from tests.docs.scripts import luau_server, printed_by

# What is read from top to bottom: a word that is only in tables explains nothing.
GUIDES = [page for page in PAGES if page.name not in ("api.md", "adding.md", "proof.md", "speed.md", "contributing.md")]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in GUIDES)
# Messages of Python alone name what only it has.
_PYTHON_ONLY = {"clip_norm", "np"}
# Words of advice that are no names in camelCase.
ADVICE = ("learning rate", "tonumber", "did you mean", "a dot before the name", "end too soon", "Identity", "Tanh")


def names_in(messages: Iterable[str]) -> set[str]:
    """Names of functions and options that messages tell somebody to use."""
    words = {word for text in messages for word in re.findall(r"\b[a-z]+(?:[A-Z][a-z]+)+\b", text)}
    return words - _PYTHON_ONLY


def test_every_name_that_a_message_advises_is_in_the_guides() -> None:
    named = names_in(MESSAGES.values())
    assert {"setScaler", "clipNorm", "loadNet", "createOptimizer", "onEpoch"} <= named
    assert [name for name in sorted(named) if name not in TEXT] == []


@pytest.mark.parametrize("words", ADVICE)
def test_every_advice_is_in_the_guides(words: str) -> None:
    assert any(words in text for text in MESSAGES.values())
    assert words in TEXT


def test_every_public_function_is_in_the_guides() -> None:
    assert [name for name in FUNCTIONS if name not in TEXT] == []


# How quotes of messages begin.
_SAID = r"Wrong|Training|Inputs|samples\[|targets\[|did|write|loadNet m|tonumber m|seems|attempt to call"
# What makes the library say something that docs/first-steps.md quotes.
_MISTAKES = """
local KNN = require(game:GetService("ReplicatedStorage").KNNLibrary)
local function try(callback)
	local _, message = pcall(callback)
	print(message)
end
local network = KNN.createNet(2, 1, 4, 1, "Tanh")
try(function() KNN.forwardNet(network, { 1 }) end)
try(function() KNN:forwardNet(network, { 1, 2 }) end)
try(function() KNN.forwardNet(network, { 0 / 0, 1 }) end)
try(function() KNN.forwardNet(network, { 1, "2" }) end)
try(function() KNN.forwardNet(KNN.saveNet(network), { 1, 2 }) end)
try(function() KNN.createNet(2, 1, 4, 1, "Relu") end)
try(function() KNN.loadNet(string.sub(KNN.saveNet(network), 1, 60)) end)
try(function() KNN.createnet(2, 1, 4, 1) end)
try(function() network:forwardNet({ 1, 2 }) end)
local big = KNN.createNetwork({ inputs = 2, layers = { { nodes = 8 }, { nodes = 1 } }, seed = 1 })
local samples = { { 200, 50 }, { 10, 255 }, { 0, 30 } }
try(function() KNN.trainNet(big, samples, { { 5 }, { 8 }, { 1 } }, 0.1, { epochs = 50 }) end)
try(function() KNN.trainNet(network, samples, { { 0.5 }, { 30 }, { 1 } }, 0.1) end)
for _, warning in getWarnings() do
	print(warning)
end
"""


def test_what_first_steps_quotes_is_what_the_library_says() -> None:
    machine = luau_server()
    machine.runtime.run(_MISTAKES)
    said = "\n".join(printed_by(machine))
    titles = (
        *("It always gives the same output", "The loss is nan, infinite, or grows", "The library says Wrong Arg"),
        "What goes wrong",
    )
    quotes = [
        quote.removesuffix("…").strip()
        for title in titles
        for quote in re.findall(r"`([^`]+ [^`]+)`", section("docs/first-steps.md", title).text)
        if re.match(_SAID, quote)
    ]
    assert len(quotes) >= 11
    assert [quote for quote in quotes if quote not in said] == []
