"""The example "Draw a digit" of the demo place, and what is drawn there."""

from digits.drawing import Drawing
from playing.place import PlayedPlace, named

TITLE = "Draw a digit"


class DigitPad:
    """The pad of the example, which has been chosen in the menu.

    Args:
        place: the demo place.

    Attributes:
        place: the same.
    """

    def __init__(self, place: PlayedPlace) -> None:
        self.place = place
        boxes = place.boxes()
        self._paper, self._clear = named(boxes, "Pad"), named(boxes, "Clear")

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place on the pad, in shares of its sides, in pixels of the screen."""
        return self._paper.x + x * self._paper.width, self._paper.y + y * self._paper.height

    def draw(self, drawing: Drawing, *, finger: int | None = None) -> None:
        """Draw with a finger, or with the mouse; points are in shares of the pad's sides."""
        for stroke in drawing:
            self.place.stroke([self.at(x, y) for x, y in stroke], finger=finger)

    def clear(self) -> None:
        """Click on the button that takes a fresh sheet."""
        self.place.stroke([self._clear.centre])
