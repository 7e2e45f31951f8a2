"""Formulas and loops over tables are equal one by one, in every runtime."""

from functools import cache

import pytest

from codegen.runtimes import RUNTIMES, Runtime
from codegen.translate.luau_formulas import read_formulas
from tests.library import tree
from tests.parity.formulas import check_formulas
from tests.parity.kernels import check_kernels
from tests.skips import or_skip

every_runtime = pytest.mark.parametrize("name", RUNTIMES)


@cache
def runtime(name: str) -> Runtime:
    return or_skip(RUNTIMES[name])


@every_runtime
def test_every_formula_gives_the_numbers_of_python(name: str) -> None:
    check_formulas(runtime(name), read_formulas())


@every_runtime
def test_every_loop_over_tables_gives_the_numbers_of_python(name: str) -> None:
    check_kernels(runtime(name), tree())
