"""What a page's script is said to learn, it learns from at least 95 of 100 seeds."""

import re
from collections.abc import Sequence

import pytest

from tests.docs.claims import CLAIMS, JUDGED_ELSEWHERE, SHOWN_ONLY
from tests.docs.pages import LUAU, PYTHON, WITH_CODE, Section, section, seeded
from tests.docs.scripts import luau_of, luau_server, prepared, python_session, quiet

ALL_SEEDS = 100
# Of the seeds.
LEARNING = 0.95
# Calls that change what a network knows.
_LEARNING_CALL = re.compile(r"\b(trainNet|backwardNet|runGenNet|run_generation)\(|\.(train|backward)\(")


def seeds_of(count: int, request: pytest.FixtureRequest) -> Sequence[int]:
    return range(1, 1 + (ALL_SEEDS if request.config.getoption("thorough") else count))


def claimed(language: str) -> pytest.MarkDecorator:
    names = [key for key, claim in CLAIMS.items() if getattr(claim, language)]
    return pytest.mark.parametrize(("page", "title"), names, ids=[": ".join(key) for key in names])


def learns(part: Section, language: str) -> bool:
    return bool(_LEARNING_CALL.search(part.code(language)))


def test_every_section_that_trains_or_evolves_says_what_it_learns() -> None:
    learning = {
        (each.page, each.title)
        for each in WITH_CODE
        if each.page not in JUDGED_ELSEWHERE and (learns(each, LUAU) or learns(each, PYTHON))
    }
    assert learning == CLAIMS.keys() | SHOWN_ONLY.keys()
    assert not CLAIMS.keys() & SHOWN_ONLY.keys()


def test_every_language_in_which_a_section_learns_is_judged() -> None:
    for key, claim in CLAIMS.items():
        assert bool(claim.luau) == learns(section(*key), LUAU), key
        assert bool(claim.python) == learns(section(*key), PYTHON), key


@claimed(LUAU)
def test_the_script_in_luau_learns_from_nearly_every_seed(
    page: str, title: str, request: pytest.FixtureRequest
) -> None:
    part, claim = section(page, title), CLAIMS[page, title]
    with quiet():
        code = luau_of(part, prepared(part))
    failed = []
    seeds = seeds_of(claim.seeds, request)
    for seed in seeds:
        machine = luau_server(part)
        machine.run(f"math.randomseed({seed})")
        (has_learnt,) = machine.runtime.run(f"{seeded(code, seed)}\n{claim.luau}")
        assert isinstance(has_learnt, bool)
        if not has_learnt:
            failed.append(seed)
    assert len(failed) <= (1 - LEARNING) * len(seeds), failed


@claimed(PYTHON)
def test_the_script_in_python_learns_from_nearly_every_seed(
    page: str, title: str, request: pytest.FixtureRequest
) -> None:
    code, claim = section(page, title).code(PYTHON), CLAIMS[page, title]
    failed = []
    seeds = seeds_of(claim.seeds, request)
    for seed in seeds:
        with quiet():
            names = python_session(seeded(code, seed)).names
        if not claim.holds(names):
            failed.append(seed)
    assert len(failed) <= (1 - LEARNING) * len(seeds), failed
