"""How far words are from one another, and which name a misspelt one was meant to be."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formulas.registry import ACTIVATIONS
from engine.spelling import edit_distance, nearest

NAMES = tuple(ACTIVATIONS)
# What other libraries call ours.
ELSEWHERE = {"linear": "Identity", "Linear": "Identity", "SiLU": "Swish", "learning_rate": "rate"}
WORDS = st.binary(max_size=8) | st.lists(st.sampled_from([b"a", b"b"]), max_size=8).map(b"".join)


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [
        # Wagner and Fischer 1974, and what has been quoted since.
        ("kitten", "sitting", 3),
        ("saturday", "sunday", 3),
        ("", "abc", 3),
        ("abc", "", 3),
        ("", "", 0),
        ("abc", "abc", 0),
        ("flaw", "lawn", 2),
        ("intention", "execution", 5),
        ("gumbo", "gambol", 2),
        # Two letters that changed places (Damerau 1964), and the example that tells the simple form: the b that came
        # between them is not edited twice.
        ("ab", "ba", 1),
        ("tahn", "tanh", 1),
        ("ca", "abc", 3),
    ],
)
def test_known_distances(first: str, second: str, edits: int) -> None:
    assert edit_distance(first.encode(), second.encode()) == edits


@given(first=WORDS, second=WORDS)
def test_the_distance_is_the_least_of_all_ways_to_edit(first: bytes, second: bytes) -> None:
    """By its definition, without a table."""

    @cache
    def least(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        is_swap = i > 1 and j > 1 and first[i - 2 : i] == second[j - 2 : j][::-1]
        return min(
            least(i - 1, j) + 1,
            least(i, j - 1) + 1,
            least(i - 1, j - 1) + (first[i - 1] != second[j - 1]),
            least(i - 2, j - 2) + 1 if is_swap else i + j,
        )

    assert edit_distance(first, second) == least(len(first), len(second)) == edit_distance(second, first)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("relu", "ReLU"),
        ("RELU", "ReLU"),
        ("Re-LU", "ReLU"),
        ("leaky relu", "LeakyReLU"),
        ("leaky_relu", "LeakyReLU"),
        ("LeakyRelu\n", "LeakyReLU"),
        ("Sigmod", "Sigmoid"),
        ("Sigmiod", "Sigmoid"),
        ("SQRBF", "SQ-RBF"),
        ("sq rbf", "SQ-RBF"),
        ("Tann", "Tanh"),
        ("Tahn", "Tanh"),
        ("Gausian", "Gaussian"),
        ("日Tanh", "Tanh"),
        # As near to both: the first one.
        ("Sinx", "Sin"),
        # One wrong letter of four, none of three, two of nine.
        ("sin", "Sin"),
        ("sim", None),
        ("rel", None),
        ("LeakyXXLU", "LeakyReLU"),
        ("LeakyXXXU", None),
        ("Softmax", None),
        ("", None),
        ("日本", None),
        ("---", None),
    ],
)
def test_the_name_that_was_meant(word: str, name: str | None) -> None:
    assert nearest(word, NAMES) == name


@pytest.mark.parametrize("name", NAMES)
def test_the_case_of_a_name_and_what_stands_between_its_letters_are_no_mistakes(name: str) -> None:
    for word in (name, name.lower(), name.upper(), " ".join(name), f"\0{name}\ud800"):
        assert nearest(word, NAMES) == name


@pytest.mark.parametrize("word", ELSEWHERE)
def test_a_word_of_other_libraries_is_known(word: str) -> None:
    assert nearest(word, (*NAMES, "rate")) == ELSEWHERE[word]


def test_a_word_of_other_libraries_stands_for_a_name_that_is_there_alone() -> None:
    assert nearest("linear", ["ReLU", "Tanh"]) is None
    assert nearest("silu", ["SELU"]) == "SELU"
