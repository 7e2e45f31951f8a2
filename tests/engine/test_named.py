"""Registries."""

from dataclasses import dataclass

import pytest

from engine.named import by_name


@dataclass(frozen=True)
class Record:
    """What has a name."""

    name: str
    number: int


def test_records_have_their_names_in_their_order() -> None:
    found = by_name(Record("b", 1), Record("a", 2))
    assert [(name, record.number) for name, record in found.items()] == [("b", 1), ("a", 2)]


def test_two_records_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^two records are called a; give one of them another name$"):
        by_name(Record("a", 1), Record("b", 1), Record("a", 2))
