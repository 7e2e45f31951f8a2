"""How much native code Luau makes of the library."""

from benchmarks.native_code import NativeCode, native_code
from tests.skips import or_skip

# Luau leaves a file whose native code is larger interpreted, without a word.
LARGEST = 4_000_000


def test_every_file_that_asks_for_native_code_gets_it() -> None:
    measured = or_skip(native_code)
    assert {"kernels/rows", "kernels/steppers", "layers/forward"} <= measured.sizes.keys()
    # Memory is handed out in pages, so that a small file may fit where there is still room.
    assert all(0 <= size < LARGEST for size in measured.sizes.values())
    assert measured.sizes["kernels/rows"] > measured.sizes["layers/kinds"]
    assert "kernels/rows" in measured.at_once
    assert "kernels/steppers" not in measured.at_once


def test_it_is_told_in_a_line() -> None:
    measured = NativeCode({"a": 1_500_000, "b": 250_000, "c": 10_000}, frozenset({"b", "c", "d"}))
    assert measured.told() == (
        "Native code of the library: 0.26 MB when it is loaded, 1.76 MB once all of it is in use; most in a file: "
        "1.50 MB, a."
    )
