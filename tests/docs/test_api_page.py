"""docs/api.md has everything that a user can name, its examples run, and what messages advise is explained."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from codegen.library.generate import API_PAGE, DOCS, LIBRARY
from engine.formulas.registry import (
    ALL_ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    RATE_SCHEDULES,
    SCALERS,
)
from engine.interface.advice import ADVICE, Advice, spoken
from engine.interface.examples import EXAMPLES
from engine.interface.functions import FUNCTIONS, GROUPS, VALUES
from engine.interface.messages import MESSAGES
from engine.interface.options import OPTIMIZER_OPTIONS, SCHEDULE_OPTIONS
from engine.interface.rules import LayerDescriptions, Option, Options
from engine.layers.registry import LAYER_KINDS
from tests.docs.pages import anchor_of, anchors, headings, without_code
from tests.parity.machine import Machine

PAGE = API_PAGE.read_text(encoding="utf-8")
# Rules, what came instead, and the words of summaries say what is; all other messages may advise.
DESCRIBES = re.compile(r"must (not|be|have|make|keep|give|leave|remember)\b|and the arguments")
# Messages that advise nothing: they say what happened.
TELL_ONLY = {"misfit", "diverged", "no_finite_loss", "no_finite_weight", "no_finite_step", "growth"} | {
    *("cut", "unwritable", "no_spread", "column", "got_scaled"),
    # Pieces that others are put together from.
    *("wrong_argument", "fault", "layer_parts", "layer_parts_with_state", "of_layer", "plain_steps", "with_schedule"),
    *("for_size", "for_loss", "for_recurrent", "for_dropout"),
}
# What stands in brackets and is no advice but a part of the rule or of what came.
PARTS = {"layer_parts", "layer_parts_with_state", "weights_of_first", "got_share", "got_scaled", "summary_training"}


def section(title: str) -> str:
    """What stands under a heading, up to the next one that is no smaller."""
    (level,) = [level for level, each in headings(PAGE) if each == title]
    rest = PAGE.partition(f"\n{'#' * level} {title}\n")[2]
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> set[str]:
    """What stands as code in the first cells of tables."""
    return {name for line in text.splitlines() for name in re.findall(r"^\| `([^`]+)` \|", line)}


def exported() -> tuple[list[str], list[str]]:
    """What the library itself returns and exports: names and types."""
    text = (LIBRARY / "init.luau").read_text(encoding="utf-8")
    returned = text.partition("return roblox.freeze({")[2]
    return re.findall(r"^\t(\w+) = ", returned, re.MULTILINE), re.findall(r"^export type (\w+)", text, re.MULTILINE)


def options() -> Iterator[tuple[str, Option]]:
    """Every option, with the title of the section that has it."""
    for name, function in FUNCTIONS.items():
        for parameter in function.parameters:
            rule = parameter.rule
            if isinstance(rule, Options):
                for each in rule.fields:
                    yield "Optimizers" if rule is OPTIMIZER_OPTIONS else f"{parameter.label} of {name}", each
                    if isinstance(each.rule, LayerDescriptions):
                        yield from ((f"Layers of {name}", field) for field in each.rule.layer.fields)
    for each in SCHEDULE_OPTIONS.fields:
        if not each.required:
            yield "Schedules", each


def test_every_name_that_the_library_returns_has_a_heading() -> None:
    names, _ = exported()
    assert set(names) == {*FUNCTIONS, *VALUES}
    assert {*names} <= {title for _, title in headings(PAGE)}


def test_every_exported_type_has_a_heading_or_a_row() -> None:
    _, types = exported()
    text = section("Types")
    assert len(types) > 20
    assert {*types} == {title for _, title in headings(text)} | rows(text)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Activations", ALL_ACTIVATIONS),
        ("Losses", LOSSES),
        ("Optimizers", OPTIMIZERS),
        ("Schedules", RATE_SCHEDULES),
        ("Initializers", INITIALIZERS),
        ("Scalers", SCALERS),
        ("Kinds of layers", LAYER_KINDS),
    ],
)
def test_what_is_chosen_by_name_has_a_row_that_says_what_it_is(title: str, names: dict[str, object]) -> None:
    text = section(title)
    for name in names:
        (found, *_) = re.findall(rf"^\| `{re.escape(name)}` \| (.+?) \|", text, re.MULTILINE)
        assert len(found) > 4, name


def test_every_option_has_a_row() -> None:
    found = dict.fromkeys(options())
    assert len(found) > 50
    for title, each in found:
        assert re.search(rf"\| `{each.name}` \|.* {re.escape(each.description)} \|", section(title)), (title, each.name)


def test_every_function_says_what_it_returns_if_it_does() -> None:
    for name, function in FUNCTIONS.items():
        assert function.group in GROUPS
        assert bool(function.result) == (function.returns != "()"), name
        assert f"KNN.{name}(" in section(name)
        assert {parameter.name for parameter in function.parameters} <= rows(section(name))


def test_nothing_on_the_page_is_left_to_be_filled_in() -> None:
    words = re.sub(r"`[^`]*`", "", without_code(PAGE))
    assert re.findall(r"\{\w+\}", words) == []


def test_no_two_headings_have_the_same_anchor() -> None:
    times = Counter(anchor_of(title) for _, title in headings(PAGE))
    assert [each for each, count in times.items() if count > 1] == []


@pytest.mark.share(4)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_a_function_calls_it_and_runs(name: str, real_roblox_machine: Machine) -> None:
    assert f"KNN.{name}(" in EXAMPLES[name]
    script = f"local KNN = ...\n{EXAMPLES[name]}"
    assert script.splitlines()[1:] == section(name).partition("```luau\n")[2].partition("```")[0].splitlines()[1:]
    real_roblox_machine.run(script.replace("print(", "tostring("))


# The examples whose comments say what comes out.
@pytest.mark.share(2)
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("createNet", "2"),
        ("createBatch", "3"),
        ("createScaler", "950 150"),
        ("scaleSample", "0.5"),
        ("unscaleSample", "5"),
        ("createGenNet", "10 GenNet_1"),
        ("loadNet", "true"),
        ("getAproxLength", "true"),
        ("getNetworkData", "2 1 4 1 LeakyReLU"),
        ("resetState", "true"),
        ("setSeed", "true"),
    ],
)
def test_an_example_prints_what_its_comment_says(name: str, said: str, real_roblox_machine: Machine) -> None:
    assert all(word in EXAMPLES[name].rpartition("--")[2] for word in said.split())
    assert real_roblox_machine.run(printing(name))[-1] == said


def test_the_examples_that_learn_do(real_roblox_machine: Machine) -> None:
    assert float(real_roblox_machine.run(printing("backwardNet"))[-1]) > 0.9
    first, last = map(float, real_roblox_machine.run(printing("trainNet"))[-1].split())
    assert last < first
    assert float(real_roblox_machine.run(printing("setScaler"))[-1]) == pytest.approx(30.0, abs=3.0)


def printing(name: str) -> str:
    """The example of a function as a script that returns the lines that it prints."""
    collect = """
    local KNN = ...
    KNN.setSeed(1)
    local lines = {}
    local function print(...)
        local words = {}
        for index = 1, select("#", ...) do
            words[index] = tostring((select(index, ...)))
        end
        lines[#lines + 1] = table.concat(words, " ")
    end
    """
    return f"{collect}\n{EXAMPLES[name]}\nreturn unpack(lines)"


@pytest.mark.parametrize("advice", ADVICE, ids=lambda advice: advice.words)
def test_what_a_message_advises_leads_to_a_section_that_is_there(advice: Advice) -> None:
    assert spoken(advice)
    page, _, anchor = advice.section.partition("#")
    assert anchor in anchors(DOCS / page)
    assert spoken(advice) in section("Error messages")


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_that_advises_is_explained(name: str) -> None:
    text, given = MESSAGES[name], [each.words for each in ADVICE if each.message == name]
    if not DESCRIBES.match(text) and not name.startswith(("got_", "summary_", "fits_")) and " " in text:
        assert given or name in TELL_ONLY, "what does it advise, and where is that explained?"
    for hint in re.findall(r"\(((?:[^(){}]|\{\w+\})*)\)", text):
        is_known = name in PARTS or re.fullmatch(r"\{\w+\}|[\w ]*\{\w+\},?|nodes, \{inputs\}", hint)
        assert is_known or any(hint in each or each in hint for each in given), hint


def test_every_name_in_a_message_is_on_the_page() -> None:
    """Functions and options are told by their capitals within."""
    known = {title for _, title in headings(PAGE)} | set(re.findall(r"\| `(\w+)` ", PAGE))
    named = {
        word for text in MESSAGES.values() for word in re.findall(r"\b[a-z]+[A-Z]\w*", re.sub(r"\{\w+\}", "", text))
    }
    assert named >= {"createBatch", "createScaler", "setScaler", "clipNorm", "loadNet", "onEpoch", "saveTraining"}
    assert named <= known
