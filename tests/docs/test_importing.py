"""What docs/importing.md shows of scikit-learn is true."""

import re

from tests.docs.pages import PYTHON, section
from tests.docs.scripts import python_session
from tests.engine.test_from_arrays import NAMES


def test_its_activations_are_called_here_as_the_page_says() -> None:
    session = python_session(section("docs/importing.md", "scikit-learn").code(PYTHON))
    assert session.names["NAMES"] == NAMES
    (classified,) = session.printed
    assert re.fullmatch(r"\('(jump|run|wait)', (0\.\d+|1\.0)\)", classified)


def test_strings_of_32_bits_are_about_half_as_long() -> None:
    session = python_session(section("docs/importing.md", "Into the game").code(PYTHON))
    long, short = map(int, session.printed[0].split())
    assert short < 0.65 * long
