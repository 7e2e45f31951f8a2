"""Every formula in Luau against the same formula in Python, at numbers on both sides of all that it decides."""

import itertools
import math
from functools import cache
from pathlib import Path

from codegen.runtimes import Runtime
from codegen.translate.luau_formulas import FORMULAS as FOLDER
from codegen.translate.luau_formulas import FormulaModules, define, luau_name
from tests.engine.test_elementwise import FORMULAS, ULPS_OF_ROUNDING, grid, reach, scalar, shifted

# As text, since a machine may hand -0 over as an integer.
_VALUES = """
local points = ...
{definitions}
local texts = {{}}
for index, point in ipairs(points) do
	texts[index] = string.format("%.17g", {name}(unpack(point)))
end
return texts
"""
# Where the exponential of one side is infinite, what is lost beside 1 on one side only, the zero that a sign tells from
# the other, what is no number, and where numbers of 32 bits end.
_MORE_NUMBERS = (-709.9, 1e-16, -0.0, math.nan, 2.0**128, -(2.0**128), -1e300)
_MORE_PAIRS = (0.0, -0.0, 1.0, math.nan)


def check_formulas(runtime: Runtime, modules: FormulaModules, file: Path | None = None) -> None:
    """Formulas, in Luau made of these modules, give Python's numbers, to the last bit where no library decides it.

    Args:
        runtime: what runs them.
        modules: the formulas as they were read.
        file: which: those of a file; without it all.
    """
    for name in FORMULAS if file is None else names_in(file):
        module, formula = name.rsplit(".", 2)[-2:]
        expected = _expected(name)
        script = _VALUES.format(definitions=define(modules, module), name=luau_name(formula))
        (texts,) = runtime.run(script, [list(arguments) for arguments, _, _ in expected])
        for (arguments, least, most), text in zip(expected, texts, strict=True):
            assert _is_between(float(text), least, most), (name, arguments, text, least, most)


def names_in(file: Path) -> list[str]:
    """The formulas of a file, as `FORMULAS` has them."""
    module = ".".join(file.relative_to(FOLDER).with_suffix("").parts)
    return [name for name in FORMULAS if name.rpartition(".")[0] == module]


def is_tried(name: str, *numbers: float) -> bool:
    """Whether a formula is tried with each of these numbers as its first argument."""
    tried = [arguments[0] for arguments, _, _ in _expected(name)]
    return all(number in tried for number in numbers)


def _is_between(number: float, least: float, most: float) -> bool:
    # A sign tells something where there is one number alone; a nan has none that means anything.
    has_sign = least != most or math.copysign(1.0, number) == math.copysign(1.0, least)
    return math.isnan(number) if math.isnan(least) else least <= number <= most and has_sign


@cache
def _expected(name: str) -> list[tuple[tuple[float, ...], float, float]]:
    """Where a formula is tried, and between which numbers it has to be."""
    formula, found = FORMULAS[name], []
    points = grid(formula)
    more: dict[int, list[tuple[float, ...]]] = {
        1: [(number,) for number in _MORE_NUMBERS],
        2: [*itertools.product(_MORE_PAIRS, repeat=2)],
    }
    for arguments in (*points, *more.get(len(points[0]), [])):
        if scalar(formula, arguments) is None:
            continue
        value, calls = shifted(formula, arguments, itertools.repeat(0))
        least, most = reach(formula, arguments)
        # What is beyond all doubles is the same infinity everywhere.
        slack = ULPS_OF_ROUNDING * math.ulp(value) if calls and math.isfinite(value) else 0.0
        found.append((arguments, least - slack, most + slack))
    return found
