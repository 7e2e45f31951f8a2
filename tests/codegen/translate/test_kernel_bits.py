"""Every schedule of every kernel gives the bits of the plain loop, whatever the shapes."""

import inspect

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codegen.library.kernels import kernels
from engine.kernels.registry import KERNELS
from engine.kernels.schedules import SCHEDULES
from tests.codegen.translate.kernel_calls import OPTIMIZERS, Call, check

# Arithmetic alone, so that every bit is the same: one with branches, one without.
ACTIVATORS = ("ElliotSign", "LeakyReLU")
SIZES = {"nodes": st.integers(1, 15), "width": st.integers(1, 21), "count": st.integers(1, 6)}
UPDATES = [name for name, each in SCHEDULES.items() if "update" in inspect.signature(KERNELS[each.kernel]).parameters]
CROSSED = [
    (runtime, name)
    for name, each in SCHEDULES.items()
    if name not in UPDATES
    for runtime in ("luau", "lua51")
    if runtime == "luau" or not each.kept
]


@pytest.mark.share(3)
@pytest.mark.parametrize("activator", ACTIVATORS)
@pytest.mark.parametrize(("runtime", "name"), CROSSED)
@example(nodes=9, width=1, count=6, seed=274)  # a bias of -0, and sums of -0
@given(**SIZES, seed=st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_every_schedule_gives_the_bits_of_its_loop(
    runtime: str, name: str, activator: str, nodes: int, width: int, count: int, seed: int
) -> None:
    check(runtime, Call(SCHEDULES[name], nodes, width, count, seed), activator=activator)


@pytest.mark.share(2)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize("runtime", ["luau", "lua51"])
@given(**SIZES, seed=st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_so_does_every_update(
    runtime: str, name: str, optimizer: str, nodes: int, width: int, count: int, seed: int
) -> None:
    check(runtime, Call(SCHEDULES[name], nodes, width, count, seed), optimizer=optimizer)


def test_every_kernel_that_has_a_schedule_is_crossed() -> None:
    assert {*UPDATES, *(name for _, name in CROSSED)} == SCHEDULES.keys()
    assert {each.kernel for each in SCHEDULES.values()} <= kernels().keys()
