"""Numbers as text that reads back as the very same double."""

from engine.interface.limits import LONGEST_DIGITS, SHORTEST_DIGITS


def number_text(value: float) -> str:
    """A finite number with the fewest of 15, 16 or 17 significant digits that read back exactly.

    Plain C formatting, so that every runtime writes the same characters.
    """
    for digits in range(SHORTEST_DIGITS, LONGEST_DIGITS):
        text = f"{value:.{digits}g}"
        if float(text) == value:
            return text
    return f"{value:.{LONGEST_DIGITS}g}"
