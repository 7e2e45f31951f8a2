"""Numbers as text that reads back as the very same double, or the very same number of 32 bits."""

from engine.formulas.single import single, towards_next
from engine.interface.limits import LONGEST_DIGITS, SHORTEST_DIGITS, SINGLE_DIGITS


def number_text(value: float) -> str:
    """A finite number with the fewest of 15, 16 or 17 significant digits that read back exactly.

    Plain C formatting, so that every runtime writes the same characters.
    """
    for digits in range(SHORTEST_DIGITS, LONGEST_DIGITS):
        text = f"{value:.{digits}g}"
        if float(text) == value:
            return text
    return f"{value:.{LONGEST_DIGITS}g}"


def single_text(value: float) -> str:
    """The shortest text that, read as a double and rounded to 32 bits, is the number of 32 bits nearest to a value.

    The value is not too large for 32 bits. Plain C formatting and `engine.formulas.single`, so that every runtime
    writes the same characters.
    """
    wanted = single(value)
    for digits in range(SINGLE_DIGITS):
        # At a power of two, what is rounded to it reaches farther up than down: the nearest text may lie too low.
        for near in (wanted, towards_next(wanted)):
            text = f"{near:.{digits}e}"
            if single(float(text)) == wanted:
                return _shortened(text)
    raise AssertionError(f"so many digits tell all numbers of 32 bits apart, but not {value!r}")


def _shortened(text: str) -> str:
    """A number such as ``-1.25e-05`` without its point, ``-125e-7``, or without its exponent, if that is no longer."""
    mantissa, _, power = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.removeprefix("-").replace(".", "")
    before = int(power) + 1
    if before <= 0:
        plain = "0." + "0" * -before + digits
    elif before < len(digits):
        plain = f"{digits[:before]}.{digits[before:]}"
    else:
        plain = digits + "0" * (before - len(digits))
    short = f"{digits}e{before - len(digits)}"
    return sign + (short if len(short) < len(plain) else plain)
