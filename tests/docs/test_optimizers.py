"""What docs/optimizers.md says of three learning rates is what its script prints, and a fourth ends the training."""

import re

import pytest

from codegen.runtimes.runtime import LuaError
from tests.docs.pages import LUAU, section
from tests.docs.scripts import luau_server, printed_by

PART = section("docs/optimizers.md", "Find a learning rate")


def rates_and_losses(code: str) -> dict[float, tuple[float, float]]:
    """The first and the last loss by each rate that a script tries."""
    machine = luau_server()
    machine.runtime.run(code)
    rows = [[float(word) for word in line.split()] for line in printed_by(machine)]
    return {rate: (first, last) for rate, first, last in rows}


def test_the_rate_that_ends_lowest_is_the_one_that_is_named() -> None:
    found = rates_and_losses(PART.code(LUAU))
    said = re.search(r"Here ([\d.]+) ends lowest; ([\d.]+) is faster at first", PART.text)
    assert said
    lowest, fastest = map(float, said.groups())
    assert min(found, key=lambda rate: found[rate][1]) == lowest
    assert min(found, key=lambda rate: found[rate][0]) == fastest


def test_a_rate_of_one_ends_with_an_error() -> None:
    assert "At 1 the loss grows until training ends with an error" in PART.text
    with pytest.raises(LuaError, match="Training ended in epoch"):
        rates_and_losses(PART.code(LUAU).replace("{ 0.001, 0.01, 0.1 }", "{ 1 }"))
