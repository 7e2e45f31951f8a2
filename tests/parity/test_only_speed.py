"""What only makes the library faster may be missing: the numbers stay the same."""

from functools import cache

import pytest

from codegen.library.bundle import left_out_of
from codegen.library.generate import bundled
from codegen.library.schedules import COLUMN_SAMPLES, ONLY_SPEED
from codegen.runtimes import RUNTIMES
from codegen.translate.requires import TreeError
from tests.library import bundle, tree
from tests.parity import checks
from tests.parity.machine import Machine
from tests.parity.test_teeth import BATCH_CASES, CASES, SESSION_CASES, complaint
from tests.skips import or_skip


@cache
def shorter_bundles() -> list[str]:
    """The library as one script, each shorter than the one before, since a file more is left out."""
    found = [bundle()]
    while True:
        try:
            found.append(bundled(tree(), limit=len(found[-1])))
        except TreeError:
            return found[1:]


def test_the_committed_script_has_everything() -> None:
    assert left_out_of(bundle()) == []


def test_files_are_left_out_in_their_order() -> None:
    assert [left_out_of(text) for text in shorter_bundles()] == [
        list(ONLY_SPEED[:count]) for count in range(1, len(ONLY_SPEED) + 1)
    ]


@pytest.mark.parametrize("count", range(len(ONLY_SPEED)), ids=lambda count: ONLY_SPEED[count])
def test_without_them_sessions_and_batches_give_the_same_numbers(count: int) -> None:
    machine = or_skip(lambda: Machine(RUNTIMES["luau"], shorter_bundles()[count]))
    for case in SESSION_CASES:
        checks.check_session(machine, case)
    for case in BATCH_CASES:
        checks.check_batch(machine, case, count=COLUMN_SAMPLES + 4)


def test_without_any_of_them_all_else_gives_the_same_numbers() -> None:
    assert complaint(shorter_bundles()[-1], CASES) is None
