"""Whatever is done to a network string, it is refused in one printable line, or it loads and can be saved."""

import warnings
from random import Random

import pytest

from engine import ArgumentError, Network
from tests.engine.mutations import Problems, mutated, problem_of_message, sound_strings

# How many strings, and how many with --thorough.
FEW, MANY = 3_000, 200_000


def problem_of(text: str) -> tuple[str, str] | None:
    """What kind of problem there is with a string, and what was said of it; None if there is none."""
    try:
        network = Network.load(text)
    except ArgumentError as error:
        kind = problem_of_message(str(error))
        return None if kind is None else (kind, str(error))
    except Exception as error:  # whatever it raises is what is looked for
        return f"raises {type(error).__name__}", str(error)
    try:
        again = Network.load(network.save())
    except Exception as error:  # whatever it raises is what is looked for
        return f"loads, but raises {type(error).__name__} when it is saved and loaded again", str(error)
    is_same = again.save() == network.save() and repr(again.to_table()) == repr(network.to_table())
    return None if is_same else ("is another network once it is saved", again.save())


def test_sound_strings_load_and_are_saved() -> None:
    assert [problem_of(text) for text in sound_strings()] == [None] * len(sound_strings())


def test_a_mutated_string_is_refused_in_one_line_or_loads(request: pytest.FixtureRequest) -> None:
    count = MANY if request.config.getoption("thorough") else FEW
    random, problems = Random(1), Problems()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(count):
            text = mutated(random.choice(sound_strings()), random)
            found = problem_of(text)
            if found is not None:
                problems.add(found[0], ascii(text), ascii(found[1]))
    assert problems.told == ""
