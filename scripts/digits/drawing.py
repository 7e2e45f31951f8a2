"""A digit drawn with a mouse: strokes, and of each the points through which it goes."""

Stroke = tuple[tuple[float, float], ...]
Drawing = tuple[Stroke, ...]


def drawing(*strokes: str) -> Drawing:
    """A drawing of height 1, its top left corner at 0.

    Args:
        strokes: the points of each, x and y in tenths of the height: "0,2.5 2.5,0 2.5,10".
    """
    points = [[point.split(",") for point in stroke.split()] for stroke in strokes]
    return tuple(tuple((float(x) / 10, float(y) / 10) for x, y in stroke) for stroke in points)


def placed(drawn: Drawing, size: float, left: float, top: float) -> Drawing:
    """A drawing of height 1 on a pad, in cells: so high, its top left corner there."""
    return tuple(tuple((left + size * x, top + size * y) for x, y in stroke) for stroke in drawn)
