"""The demo place, opened in Lune from the committed file and played, on screens of all sizes."""

import re

import pytest

from codegen.library.generate import PLACE
from playing.place import FRAMES_PER_SECOND, Box, PlayedPlace
from tests.skips import or_skip

# In pixels: a small phone, a large one, a tablet, a window of a desktop and a wide one; all lie on their side.
SCREENS = {
    "small phone": (568, 320),
    "phone": (844, 390),
    "tablet": (1024, 768),
    "desktop": (1280, 720),
    "wide": (2560, 1080),
}
# What the menu offers, and what is printed or said of it within a few seconds.
EXAMPLES = {
    "Cars that learn": r"Generation \d+: the best came \d+ % of the way round( \(fastest lap yet: [\d.]+ s\))?",
    "Draw a digit": r"Draw a digit",
    "Backpropagation": r"Backpropagation: step \d+",
    "Genetic algorithm": r"Generation \d+: \d+\.\d % right",
    "Memory": r"Look \d+: the lamp has (not )?changed",
}
# What a finger meets, in pixels; Apple and Google ask for 44 and 48 of theirs.
FINGER = 40
# Seconds, as people see them.
LONGEST_LEARNING = 120
# Letters lower than this cannot be read.
LETTERS = 9


def open_place(width: float = 1280, height: float = 720, seed: int = 1) -> PlayedPlace:
    """The place after Play, or a skip that says why it cannot be had here."""
    return or_skip(lambda: PlayedPlace(PLACE, width, height, seed))


def named(place: PlayedPlace, name: str) -> Box:
    (box,) = (box for box in place.boxes() if box.name == name)
    return box


def network_colours(place: PlayedPlace) -> tuple[str, ...]:
    return tuple(box.colour for box in place.boxes() if "/Container/" in box.path)


@pytest.mark.parametrize("title", EXAMPLES)
def test_every_example_of_the_menu_plays(title: str) -> None:
    place = open_place()
    place.click(title)
    captions, colours = set(), set()
    for _ in range(10):
        place.frames(12)
        captions.add(named(place, "Caption").text)
        colours.add(network_colours(place))
    assert all(re.fullmatch(EXAMPLES[title], caption) for caption in captions), captions
    assert len(captions) > 5
    # The best network of a generation may be that of the one before.
    assert len(colours) > 1


def seconds_to_a_lap(seed: int) -> int | None:
    """How long the place plays until a car has come all the way round."""
    place = open_place(seed=seed)
    for seconds in range(1, LONGEST_LEARNING + 1):
        place.frames(FRAMES_PER_SECOND)
        if "fastest lap" in named(place, "Caption").text:
            return seconds
    return None


def test_cars_learn_a_lap_within_two_minutes_from_nine_of_ten_seeds() -> None:
    laps = [seconds for seed in range(1, 11) if (seconds := seconds_to_a_lap(seed))]
    assert len(laps) >= 9, laps


def test_the_menu_offers_every_example_there_is() -> None:
    place = open_place()
    titles = [box.text for box in place.boxes() if box.class_name == "TextButton" and "/Menu/" in box.path]
    assert titles == list(EXAMPLES)


def test_the_first_example_plays_by_itself() -> None:
    place = open_place()
    place.frames(FRAMES_PER_SECOND)
    assert re.fullmatch(next(iter(EXAMPLES.values())), named(place, "Caption").text)


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


@pytest.mark.parametrize("size", SCREENS.values(), ids=list(SCREENS))
@pytest.mark.parametrize("title", EXAMPLES)
def test_everything_is_on_the_screen_and_large_enough(title: str, size: tuple[int, int]) -> None:
    place = open_place(*size)
    screen = named(place, "Background")
    place.click(title)
    place.frames(FRAMES_PER_SECOND)
    boxes = place.boxes()
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
