"""The interface agrees with itself."""

import pytest

from engine.arguments import described_unless_right
from engine.interface.functions import FUNCTIONS
from engine.interface.options import GENERATION_OPTIONS
from engine.interface.rules import Option, Options, Parameter

WITH_DEFAULTS = [
    *(parameter for function in FUNCTIONS.values() for parameter in function.parameters),
    *GENERATION_OPTIONS.fields,
]


@pytest.mark.parametrize("described", WITH_DEFAULTS, ids=lambda described: described.name)
def test_a_default_is_what_the_argument_may_be(described: Parameter | Option) -> None:
    if described.default is not None:
        assert described_unless_right(described.rule, described.default, {"layers": 2}) is None


def test_only_optional_arguments_have_defaults_and_they_come_last() -> None:
    for function in FUNCTIONS.values():
        optional = [parameter.optional for parameter in function.parameters]
        assert optional == sorted(optional), function.name
        assert all(parameter.optional for parameter in function.parameters if parameter.default is not None)


def test_options_may_all_be_left_out_where_nothing_says_which_there_are() -> None:
    """What they are then is known beforehand (quickSettings in checks/plain_rules.luau)."""
    rules = [parameter.rule for function in FUNCTIONS.values() for parameter in function.parameters]
    fields = [field for rule in rules if type(rule) is Options and rule.of is None for field in rule.fields]
    assert fields
    assert not any(field.required or isinstance(field.rule, Options) for field in fields)
