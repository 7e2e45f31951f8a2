"""The demo place as it is committed, played: its menu, its examples, and that all of it fits screens of all sizes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import pytest

from digits.drawing import placed
from digits.unseen_drawings import UNSEEN
from playing.digit_pad import DigitPad
from playing.place import FRAMES_PER_SECOND, Box, PlayedPlace, named
from tests.place import FINGER, SCREENS, open_place


def draw_digit(place: PlayedPlace, digit: int) -> None:
    pad = DigitPad(place)
    pad.clear()
    pad.draw(placed(UNSEEN[str(digit)][0], 0.5, 0.2, 0.2))


@dataclass(frozen=True)
class Example:
    """An example: what its caption says, what changes its colours, and what is done at each of ten looks."""

    caption: str
    colourful: str = "Container"
    act: Callable[[PlayedPlace, int], None] = lambda _place, _look: None


# What the menu offers.
EXAMPLES = {
    "Cars that learn": Example(
        r"Generation \d+: the best came \d+ % of the way round( \(fastest lap yet: \d+\.\d s\))?"
    ),
    "Draw a digit": Example(r"Draw a digit|This is a \d \(\d+ %\)", "Pad", draw_digit),
    "Backpropagation": Example(r"Backpropagation: step \d+"),
    "Genetic algorithm": Example(r"Generation \d+: \d+\.\d % right"),
    "Memory": Example(r"Look \d+: the lamp has (not )?changed"),
    "640,000 points": Example(
        r"Start \d+, 0\.\d+ from the curve, epoch \d+: loss \d\.\d+|Counting …|Right at \d+ of 640000 points: [\d.]+ %"
    ),
}
LOOKS = 10
# Seconds, as people see them.
LONGEST_LEARNING, BETWEEN_LOOKS = 120, 10
# Letters lower than this cannot be read.
LETTERS = 9


@pytest.mark.parametrize("title", EXAMPLES)
def test_every_example_of_the_menu_plays(title: str) -> None:
    place, example = open_place(), EXAMPLES[title]
    place.click(title)
    captions, colours = set(), set()
    for look in range(LOOKS):
        example.act(place, look)
        place.frames(12)
        boxes = place.boxes()
        captions.add(named(boxes, "Caption").text)
        colours.add(tuple(box.colour for box in boxes if f"/{example.colourful}/" in box.path))
    assert all(re.fullmatch(example.caption, caption) for caption in captions), captions
    assert len(captions) > 5
    # The best network of a generation may be that of the one before.
    assert len(colours) > 1


def seconds_to_a_lap(seed: int) -> int | None:
    """How long the place plays until a car is seen to have come all the way round."""
    place = open_place(seed=seed)
    # The caption keeps what it says of a lap, and to look takes longer than to play: so looks are rare.
    for seconds in range(BETWEEN_LOOKS, LONGEST_LEARNING + 1, BETWEEN_LOOKS):
        place.frames(BETWEEN_LOOKS * FRAMES_PER_SECOND)
        if "fastest lap" in named(place.boxes(), "Caption").text:
            return seconds
    return None


def test_cars_learn_a_lap_within_two_minutes_from_nine_of_ten_seeds(request: pytest.FixtureRequest) -> None:
    seeds = range(1, 101 if request.config.getoption("thorough") else 3)
    laps = [seconds for seed in seeds if (seconds := seconds_to_a_lap(seed))]
    assert len(laps) >= 0.9 * len(seeds), laps
    assert median(laps) < LONGEST_LEARNING / 2


def test_the_menu_offers_every_example_there_is() -> None:
    place = open_place()
    titles = [box.text for box in place.boxes() if box.class_name == "TextButton" and "/Menu/" in box.path]
    assert titles == list(EXAMPLES)


def test_the_first_example_plays_by_itself() -> None:
    place = open_place()
    place.frames(FRAMES_PER_SECOND)
    assert re.fullmatch(next(iter(EXAMPLES.values())).caption, named(place.boxes(), "Caption").text)


def test_an_example_ends_when_another_is_chosen() -> None:
    place = open_place()
    place.click("Genetic algorithm")
    place.frames(FRAMES_PER_SECOND)
    before = len(place.printed())
    place.click("Backpropagation")
    assert sum(box.name == "Stage" for box in place.boxes()) == 1
    place.frames(20 * FRAMES_PER_SECOND)
    # Meanwhile it would have bred a hundred generations, and told of every tenth.
    assert not any(line.startswith("Generation") for line in place.printed()[before:])


@pytest.mark.share(5)
@pytest.mark.parametrize("size", SCREENS.values(), ids=list(SCREENS))
@pytest.mark.parametrize("title", EXAMPLES)
def test_everything_is_on_the_screen_and_large_enough(title: str, size: tuple[int, int]) -> None:
    place = open_place(*size)
    place.click(title)
    place.frames(FRAMES_PER_SECOND)
    boxes = place.boxes()
    screen = named(boxes, "Background")
    for box in boxes:
        left, top = box.x - screen.x, box.y - screen.y
        assert left > -1, box
        assert top > -1, box
        assert left + box.width < screen.width + 1, box
        assert top + box.height < screen.height + 1, box
    buttons = [box for box in boxes if box.class_name == "TextButton"]
    assert all(min(box.width, box.height) >= FINGER for box in buttons), buttons
    assert all(box.height >= LETTERS for box in boxes if box.text)
    # Nothing that is read or pressed lies on anything else of the kind.
    shown = [box for box in boxes if box.text]
    for index, one in enumerate(shown):
        assert not any(overlap(one, other) for other in shown[index + 1 :]), one


def overlap(one: Box, other: Box) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return min(across, down) > 1
