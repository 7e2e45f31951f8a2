"""Which tests a run without --thorough leaves out, as others show the same.

Of a test that takes several arguments, every value of each stands beside every value of every other, but not every
combination of all of them: most faults show where two things meet (Kuhn, Wallace and Gallo, "Software fault
interactions and implications for software testing", 2004). Of a test with the mark ``share`` one in so many is run
instead. What is left out is the same in every run, until tests are added.
"""

import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from tests.parity.covering import pairs_of


def to_leave_out(items: Sequence[pytest.Item]) -> set[pytest.Item]:
    """Those of the collected tests that others stand for."""
    functions: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if hasattr(item, "callspec"):
            functions[item.nodeid.partition("[")[0]].append(item)
    return {item for group in functions.values() for item in _of_no_use(group)}


def _of_no_use(group: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    mark = group[0].get_closest_marker("share")
    return _without_new_pairs(group) if mark is None else _of_other_shares(group, mark.args[0])


def _without_new_pairs(group: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Tests of a function that bring no pair of values together that another test has not."""
    met: set[frozenset[tuple[str, Any]]] = set()
    # In an order that mixes all values: in the order of loops, the last of them would stay whole.
    for item in sorted(group, key=lambda each: zlib.crc32(each.nodeid.encode())):
        pairs = pairs_of(dict(_values(item)))
        if pairs and pairs <= met:
            yield item
        met |= pairs


def _arguments(item: Any) -> Mapping[str, object]:
    """What a test is called with, by name, of which the types of pytest say nothing."""
    arguments: Mapping[str, object] = item.callspec.params
    return arguments


def _values(item: pytest.Item) -> Iterator[tuple[str, Hashable]]:
    """The same to be compared; for the case that a registry gives, all that it is made of."""
    for name, value in _arguments(item).items():
        if is_dataclass(value) and not isinstance(value, type):
            yield from ((f"{name}.{each.name}", _key(getattr(value, each.name))) for each in fields(value))
        else:
            yield name, _key(value)


def _key(value: object) -> Hashable:
    """What tells a value from others: 2 is not 2.0."""
    return type(value), repr(value)


def _of_other_shares(group: Sequence[pytest.Item], share: int) -> Iterator[pytest.Item]:
    """Tests of a function that are none of one in so many.

    The places of all values are added up: where each of several machines takes one case in three, the next machine
    takes the next cases. Of arguments whose values come and go together, such as a name and a title, one counts.
    """
    rows = [[_key(value) for value in _arguments(item).values()] for item in group]
    places = {tuple(_places(column)) for column in zip(*rows, strict=True)}
    for item, *place in zip(group, *places, strict=True):
        if sum(place) % share:
            yield item


def _places(values: Sequence[Hashable]) -> Iterator[int]:
    """Which of the different values each is, in the order in which they first come."""
    order = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return (order[value] for value in values)
