"""Numbers as text: base64 of little-endian IEEE 754 doubles or singles.

`luau_templates/export/packed_numbers.luau.jinja` reads it.
"""

import base64
import textwrap
from collections.abc import Sequence

import numpy as np

from codegen.export.limits import PACKED_LINE, Precision

_TYPES = {Precision.F64: "<f8", Precision.F32: "<f4"}


def packed(numbers: Sequence[float], precision: Precision) -> str:
    """The text of finite numbers, in lines; in single precision they are rounded."""
    text = base64.b64encode(np.asarray(numbers, dtype=_TYPES[precision]).tobytes()).decode("ascii")
    return "\n".join(textwrap.wrap(text, PACKED_LINE))


def packed_length(count: int, precision: Precision) -> int:
    """How many characters the text of so many numbers has."""
    characters = 4 * -(-count * precision.size // 3)
    return characters + max(-(-characters // PACKED_LINE) - 1, 0)
