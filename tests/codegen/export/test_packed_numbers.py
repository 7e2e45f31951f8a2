"""Numbers in a text: what Python writes, every runtime reads back, to the last bit."""

import base64
import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codegen.export.limits import PACKED_LINE, Precision
from codegen.export.packed_numbers import packed, packed_length
from codegen.library.render import render
from codegen.runtimes import RUNTIMES, Runtime
from tests.codegen.machines import made
from tests.engine.samples import AWKWARD, FINITE, bits

_LETTERS = {Precision.F64: "d", Precision.F32: "f"}
SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False)
# Both zeros, the smallest numbers, those around the smallest with a 1 in front of the fraction, and the largest.
AWKWARD_SINGLES = (0.0, -0.0, 2**-149, -(2**-149), 2**-126, 2**-126 - 2**-149, 2**128 - 2**104)


# Where numbers leave plain Lua, -0 would become 0.
_SIGNS = """
local numbers: { any } = unpackNumbers(...)
for index, number in ipairs(numbers) do
	if number == 0 and 1 / number < 0 then
		numbers[index] = "-0"
	end
end
return numbers
"""


def reader(precision: Precision) -> str:
    return render("export/packed_numbers.luau.jinja", {"precision": precision})


def read(runtime: Runtime, text: str, count: int, precision: Precision) -> list[float]:
    (numbers,) = runtime.run(f"{reader(precision)}\n{_SIGNS}", text, count)
    return [float(number) for number in numbers]


@pytest.fixture(scope="module", params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> Runtime:
    return made(request.param)


@settings(max_examples=30)
@given(numbers=st.lists(FINITE, min_size=1, max_size=30))
@example(numbers=list(AWKWARD))
def test_doubles_survive(runtime: Runtime, numbers: list[float]) -> None:
    text = packed(numbers, Precision.F64)
    assert bits(read(runtime, text, len(numbers), Precision.F64)) == bits(numbers)


@settings(max_examples=30)
@given(numbers=st.lists(SINGLES, min_size=1, max_size=30))
@example(numbers=list(map(float, AWKWARD_SINGLES)))
def test_singles_survive(runtime: Runtime, numbers: list[float]) -> None:
    text = packed(numbers, Precision.F32)
    assert bits(read(runtime, text, len(numbers), Precision.F32)) == bits(numbers)


@given(st.lists(SINGLES, max_size=100), st.sampled_from(Precision))
def test_the_text_is_base64_of_ieee_numbers_in_lines(numbers: list[float], precision: Precision) -> None:
    text = packed(numbers, precision)
    assert base64.b64decode(text) == struct.pack(f"<{len(numbers)}{_LETTERS[precision]}", *numbers)
    assert all(len(line) <= PACKED_LINE for line in text.split("\n"))
    assert len(text) == packed_length(len(numbers), precision)


def test_what_a_single_cannot_hold_is_rounded_to_the_nearest() -> None:
    assert packed([0.1], Precision.F32) == base64.b64encode(np.float32(0.1).tobytes()).decode()
