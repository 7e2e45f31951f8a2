"""The pictures of the demo place: what is played for each of them, and which of its screens are kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from codegen.library.generate import PICTURES, PLACE
from digits.drawing import placed
from digits.unseen_drawings import UNSEEN
from playing.digit_pad import TITLE, DigitPad
from playing.place import FRAMES_PER_SECOND, Box, PlayedPlace, named
from playing.screen_svg import screen_svg

# The screen, in pixels; Roblox's own strip above it is not drawn.
WIDTH, HEIGHT, TOP_BAR = 960, 540, 58
# What a picture leaves out, and what its height is taken from.
MENU, STAGE = "Menu", "Stage"
# Of the frames of a moving picture one in so many is kept, and between two of them everything moves evenly.
FRAMES_PER_SCREEN = 8
# Words and the colours of a network flicker, and neither can be moved evenly: they are looked at more rarely.
SCREENS_PER_LOOK = 4
NETWORK = "/Container/"


def cars() -> str:
    """Cars that learn to drive, from the first generation to the first lap."""
    place = PlayedPlace(PLACE, WIDTH, HEIGHT + TOP_BAR, seed=LEARNING_SEED)
    screens: list[list[Box]] = []
    while not screens or "fastest lap" not in named(boxes(screens[-1]), "Caption").text:
        place.frames(FRAMES_PER_SCREEN)
        screens.append(place.screen())
    # The end stands still for a moment.
    screens += [screens[-1]] * (2 * FRAMES_PER_SECOND // FRAMES_PER_SCREEN)
    seconds = len(screens) * FRAMES_PER_SCREEN / FRAMES_PER_SECOND
    return stage_svg([*calmer(screens)], seconds)


def digits() -> str:
    """A digit that is drawn small and off the centre, and told."""
    place = PlayedPlace(PLACE, WIDTH, HEIGHT + TOP_BAR)
    place.click(TITLE)
    DigitPad(place).draw(placed(UNSEEN["3"][0], size=0.4, left=0.6, top=0.1))
    place.frames(1)
    return stage_svg([place.screen()])


# From which the first lap comes neither at once nor late.
LEARNING_SEED = 2


def boxes(screen: Iterable[Box]) -> Iterator[Box]:
    """All that is on a screen, with what is in it."""
    for each in screen:
        yield from each.walk()


def stage_svg(screens: Sequence[Sequence[Box]], seconds: float = 0.0) -> str:
    """The drawing of one screen, or of several that take so long, without the menu below the stage."""
    shown = [[box for box in screen if box.name != MENU] for screen in screens]
    return screen_svg(shown, WIDTH, named(screens[0], STAGE).height, seconds)


def calmer(screens: Sequence[Sequence[Box]]) -> Iterator[list[Box]]:
    """The same, with words and the colours of networks as they were at the last look."""
    looked: dict[str, Box] = {}
    for index, screen in enumerate(screens):
        if index % SCREENS_PER_LOOK == 0:
            looked = {box.path: box for box in boxes(screen)}
        yield [calmed(box, looked) for box in screen]


def calmed(box: Box, looked: Mapping[str, Box]) -> Box:
    """A box with words and, in a network, colours from another look."""
    before = looked.get(box.path, box)
    colour = before.colour if NETWORK in box.path else box.colour
    inside = tuple(calmed(each, looked) for each in box.inside)
    return replace(box, inside=inside, colour=colour, text=before.text)


# What every file is made by.
RECORDINGS: Mapping[Path, Callable[[], str]] = MappingProxyType(
    {PICTURES / "cars.svg": cars, PICTURES / "digits.svg": digits}
)
