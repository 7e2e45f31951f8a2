"""The demo place, opened in Lune from the committed file and played, on screens of all sizes."""

from codegen.library.generate import PLACE
from playing.place import PlayedPlace
from tests.skips import or_skip

# In pixels: a small phone, a large one, a tablet, a window of a desktop and a wide one; all lie on their side.
SCREENS = {
    "small phone": (568, 320),
    "phone": (844, 390),
    "tablet": (1024, 768),
    "desktop": (1280, 720),
    "wide": (2560, 1080),
}
# What a finger meets, in pixels; Apple and Google ask for 44 and 48 of theirs.
FINGER = 40


def open_place(width: float = 1280, height: float = 720, seed: int = 1) -> PlayedPlace:
    """The place after Play, or a skip that says why it cannot be had here."""
    return or_skip(lambda: PlayedPlace(PLACE, width, height, seed))
