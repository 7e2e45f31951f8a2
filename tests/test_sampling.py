"""What is left out without --thorough leaves enough: every pair of values, every value in its turn."""

from itertools import combinations, product
from typing import Any

import pytest

from tests.parity.cases import CASES, Case
from tests.sampling import to_leave_out

MACHINES = ("lua51", "luau", "lune")
ACTIVATORS = ("Tanh", "ReLU", "Sin", "Swish")
SHAPES = ((1, 1), (2, 3), (7, 11))


class Item:
    """What is looked at of a collected test: its name, the values of its arguments and its mark."""

    def __init__(self, share: int | None = None, **params: object) -> None:
        self.nodeid = f"tests/test_some.py::test_a_thing[{'-'.join(map(str, params.values()))}]"
        self.callspec = self
        self.params = params
        self._share = share

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        assert name == "share"
        return None if self._share is None else pytest.mark.share(self._share).mark


def kept(items: list[Any]) -> list[dict[str, Any]]:
    left = to_leave_out(items)
    return [item.params for item in items if item not in left]


def test_every_value_stands_beside_every_other() -> None:
    every = [Item(machine=m, activator=a, shape=s) for m, a, s in product(MACHINES, ACTIVATORS, SHAPES)]
    found = kept(every)
    assert len(found) < len(every)
    for one, other in combinations(("machine", "activator", "shape"), 2):
        pairs = {(each.params[one], each.params[other]) for each in every}
        assert {(each[one], each[other]) for each in found} == pairs


def test_a_case_is_all_that_it_is_made_of() -> None:
    cases = [case for case in CASES if isinstance(case.activator, str)]
    found = kept([Item(machine=machine, case=case) for machine in MACHINES for case in cases])
    assert len(found) < 2 * len(cases)

    def pairs(case: Case, machine: str) -> set[object]:
        return {(machine, case.activator), (machine, case.shape), (case.activator, case.recurrent)}

    wanted = {pair for machine in MACHINES for case in cases for pair in pairs(case, machine)}
    assert {pair for each in found for pair in pairs(each["case"], each["machine"])} == wanted


def test_two_arguments_keep_all_that_there_is() -> None:
    texts: tuple[object, ...] = ("", "nan", [])
    every = [Item(machine=machine, text=text) for machine in MACHINES for text in texts]
    assert kept(every) == [each.params for each in every]


def test_of_shares_every_machine_gets_others() -> None:
    names = [f"case {number}" for number in range(7)]
    # What a case is called always comes with it, and counts once.
    found = kept([Item(3, machine=m, name=name, said=name.upper()) for m in MACHINES for name in names])
    assert sorted(each["name"] for each in found) == names
    assert {sum(each["machine"] == machine for each in found) for machine in MACHINES} <= {2, 3}


def test_of_shares_every_value_is_there_whatever_the_pairs() -> None:
    every = [Item(2, machine=m, activator=a, shape=s) for m, a, s in product(MACHINES, ACTIVATORS, SHAPES)]
    found = kept(every)
    assert len(found) == len(every) / 2
    for name in ("machine", "activator", "shape"):
        assert {each[name] for each in found} == {each.params[name] for each in every}


def test_numbers_of_other_types_are_others() -> None:
    numbers = (2, 2.0, True, 1, 0.0, -0.0)
    found = kept([Item(machine=machine, number=number) for machine in MACHINES for number in numbers])
    assert len(found) == len(MACHINES) * len(numbers)


def test_who_is_asked_for_alone_is_there() -> None:
    assert len(kept([Item(3, machine="lune", name="the second")])) == 1
