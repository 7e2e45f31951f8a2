"""What a value is, in the words that a Lua programmer would use: the last part of every error."""

import math
import numbers
from collections.abc import Mapping, Sequence
from typing import TypeGuard

import numpy as np

from engine.files.number_text import number_text
from engine.interface.limits import LONGEST_QUOTE
from engine.interface.messages import MESSAGES, fill


def as_number(value: object) -> float | None:
    """The value as a double (an integer beyond them as an infinity), or None when it is not a number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value == abs(value) else -math.inf


def is_array(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is what Lua would call an array: a sequence or a numpy array, but no string."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def describe(value: object) -> str:
    """What a value is."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    number = as_number(value)
    if number is not None:
        return describe_number(number)
    if value is None:
        return MESSAGES["got_nothing"]
    if isinstance(value, (bool, np.bool_)):
        return MESSAGES["got_true" if value else "got_false"]
    if isinstance(value, str):
        length = len(value.encode(errors="surrogatepass"))
        if length > LONGEST_QUOTE:
            return fill(MESSAGES["got_long_text"], length=length)
        return fill(MESSAGES["got_text"], text=value)
    if isinstance(value, Mapping):
        return MESSAGES["got_dictionary" if value else "got_empty"]
    if is_array(value):
        return fill(MESSAGES["got_array"], length=len(value)) if len(value) else MESSAGES["got_empty"]
    return fill(MESSAGES["got_other"], type="function" if callable(value) else type(value).__name__)


def describe_number(number: float) -> str:
    """What a number is; nan and the infinities by name."""
    if math.isnan(number):
        return MESSAGES["got_nan"]
    if math.isinf(number):
        return MESSAGES["got_infinity" if number > 0 else "got_minus_infinity"]
    return number_text(number)
