"""Whether an argument is what was wanted: the checks of every public function.

For a rule and a value, `described_unless_right` says what came instead of the wanted, or None when the value will do.
The generated module has the same checks (`luau_templates/library/checks.luau.jinja`), and both say the same
sentence, because every text comes from `engine.interface.messages.MESSAGES`.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache, singledispatch
from typing import Any, TypeGuard

import numpy as np

from engine.describe import (
    as_number,
    describe,
    describe_entry,
    describe_name,
    describe_unless_number,
    is_array,
    is_name,
)
from engine.formulas.registry import ACTIVATIONS, ALL_ACTIVATIONS, OPTIMIZERS
from engine.formulas.size import network_parameters
from engine.interface.functions import FUNCTIONS
from engine.interface.limits import LONGEST_NAME, MAXIMUM_NODES, MAXIMUM_PARAMETERS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import (
    Activator,
    AnySamples,
    Boolean,
    Callback,
    Choice,
    Integer,
    Names,
    Number,
    NumberAbove,
    NumberBelow,
    NumberBetween,
    NumberFrom,
    Numbers,
    Option,
    Options,
    Parameter,
    RateOrOptimizer,
    Rule,
    Samples,
    SamplesOrNamed,
    Schedule,
    Targets,
)


class ArgumentError(ValueError):
    """An argument was refused. Its text is the sentence that the Luau module says for the same argument.

    Attributes:
        position: which argument of the Luau function, from 1.
        fault: what was wrong with it.
    """

    def __init__(self, position: int, fault: str) -> None:
        super().__init__(position, fault)
        self.position, self.fault = position, fault

    def __str__(self) -> str:
        return fill(MESSAGES["wrong_argument"], position=self.position, fault=self.fault)


def fault(place: str, rule: str, got: str) -> str:
    """A whole fault: where, what was wanted and what came."""
    return fill(MESSAGES["fault"], place=place, rule=rule, got=got)


def refusal(function: str, parameter: str, what: str) -> ArgumentError:
    """The error that refuses an argument of a public function for a fault."""
    position, _ = _parameter(function, parameter)
    return ArgumentError(position, what)


def refusal_by(function: str, parameter: str, rule: str, got: str) -> ArgumentError:
    """The same for an argument that breaks a rule; ``got`` is what came, in words."""
    return refusal(function, parameter, fault(_parameter(function, parameter)[1].label, rule, got))


def check(function: str, parameter: str, value: object, **context: int) -> None:
    """Refuse a value that will not do for a parameter of a public function (both named as in Luau).

    ``context`` holds what the rule needs to know of the call: the ``count`` of numbers, the ``layers`` of the network,
    how many ``samples`` there are.

    Raises:
        ArgumentError: if the value will not do.
    """
    _, described = _parameter(function, parameter)
    found = fault_of(described.rule, described.label, value, context)
    if found is not None:
        raise refusal(function, parameter, found)


def check_options(function: str, parameter: str, options: object, variant: str | None = None) -> dict[str, Any]:
    """All settings of an options mapping (named as in Python), with the defaults, if any, for those left out.

    Where another argument says what can be set, ``variant`` is its value.

    Raises:
        ArgumentError: if it is no mapping, has an unknown name or a bad value.
    """
    _, described = _parameter(function, parameter)
    wanted, place = described.rule, described.label
    assert isinstance(wanted, Options)
    if options is None:
        options = {}
    known = wanted.fields_for(variant)
    if not isinstance(options, Mapping):
        got = describe(options)
        if as_number(options) is not None and described_unless_right(known[0].rule, options, {}) is None:
            got = fill(MESSAGES["got_option"], got=got, name=known[0].python)
        raise refusal(function, parameter, fault(place, wanted.text(), got))
    found = _options_fault(known, place, options)
    if found is not None:
        raise refusal(function, parameter, found)
    settings: dict[str, Any] = {}
    for option in known:
        value = options.get(option.python)
        chosen = option.default if value is None else value
        number = as_number(chosen)
        settings[option.python] = chosen if number is None else number
    return settings


def _options_fault(known: Sequence[Option], place: str, options: Mapping[Any, object]) -> str | None:
    """The whole fault of options, or None."""
    names = [option.python for option in known]
    for key in options:
        if key not in names:
            rule = fill(MESSAGES["option_name"], names=", ".join(names))
            return fault(place, rule, describe_name(key, names))
    for option in known:
        value = options.get(option.python)
        found = None if value is None else fault_of(option.rule, f"{place}.{option.python}", value, {})
        if found is not None:
            return found
    return None


def check_option(function: str, parameter: str, name: str, value: object) -> None:
    """Refuse a value that will not do for an option that Python takes as an argument of its own (named as in Python).

    Raises:
        ArgumentError: if the value will not do.
    """
    wanted = _parameter(function, parameter)[1].rule
    assert isinstance(wanted, Options)
    (option,) = (each for each in (*wanted.fields, *wanted.python_fields) if each.python == name)
    instead = described_unless_right(option.rule, value, {})
    if instead is not None:
        raise option_refusal(function, parameter, name, option.rule.text(), instead)


def option_refusal(function: str, parameter: str, name: str, rule: str, got: str) -> ArgumentError:
    """The error that refuses the value of an option (named as in Python) for a rule."""
    place = f"{_parameter(function, parameter)[1].label}.{name}"
    return refusal(function, parameter, fault(place, rule, got))


def check_shape(
    function: str,
    inputs: object,
    hidden_layers: object,
    hidden_nodes: object,
    outputs: object,
    activator: object,
    recurrent: object,
) -> None:
    """Check the arguments that say what shape a network has, in their order.

    Raises:
        ArgumentError: at the first one that will not do.
    """
    check(function, "inputs", inputs)
    check(function, "hiddenL", hidden_layers)
    check(function, "hiddenN", hidden_nodes)
    check(function, "outputs", outputs)
    check(function, "activator", activator, layers=int(as_number(hidden_layers) or 0) + 1)
    check(function, "recurrent", recurrent)


def check_size(
    function: str, inputs: int, hidden_layers: int, hidden_nodes: int, outputs: int, recurrent: bool
) -> None:
    """Refuse a shape, each part of which is fine, whose network would be too large to make.

    Raises:
        ArgumentError: if it has more than `MAXIMUM_PARAMETERS` weights and biases.
    """
    parameters = network_parameters(inputs, hidden_layers, hidden_nodes, outputs, float(recurrent))
    if parameters > MAXIMUM_PARAMETERS:
        rule = fill(MESSAGES["size"], maximum=MAXIMUM_PARAMETERS)
        raise refusal(function, "inputs", fault(_parameter(function, "inputs")[1].label, rule, describe(parameters)))


@singledispatch
def fault_of(rule: Rule, place: str, value: object, context: Mapping[str, int]) -> str | None:
    """The whole fault of a value that stands at a place, or None when the value will do."""
    instead = described_unless_right(rule, value, context)
    return None if instead is None else fault(place, rule.text(**context), instead)


@fault_of.register
def _(rule: Schedule, place: str, value: object, context: Mapping[str, int]) -> str | None:
    if not isinstance(value, Mapping) and not (is_array(value) and len(value) == 0):
        is_known = isinstance(value, str) and value in rule.words
        return None if is_known else fault(place, rule.text(), describe_name(value, rule.words))
    options = value if isinstance(value, Mapping) else {}
    name = options.get("name")
    return fault_of(Choice(rule.words), f"{place}.name", name, context) or _options_fault(
        rule.fields_for(str(name)), place, options
    )


@fault_of.register
def _(rule: Samples, place: str, value: object, context: Mapping[str, int]) -> str | None:
    return array_fault(rule, place, value, context) or rows_fault(place, value, context["count"])


@fault_of.register
def _(rule: AnySamples, place: str, value: object, context: Mapping[str, int]) -> str | None:
    found = array_fault(rule, place, value, context)
    if found is not None:
        return found
    assert is_array(value)
    first = value[0]
    names = names_of_sample(first) if isinstance(rule, SamplesOrNamed) else None
    if isinstance(rule, SamplesOrNamed) and isinstance(first, Mapping) and first and names is None:
        odd = [describe(each) for each in first if not _is_name(each)]
        got = fill(MESSAGES["got_name"], got=min(odd)) if odd else describe(first)
        return fault(f"{place}[1]", fill(MESSAGES[rule.first_message], maximum=MAXIMUM_NODES), got)
    if names is not None:
        text = fill(MESSAGES["numbers_by_names"], names=", ".join(names))
        faults = (named_fault(f"{place}[{index}]", each, names, text) for index, each in enumerate(value, start=1))
        return next((each for each in faults if each is not None), None)
    if not is_array(first) or not is_integer(len(first), 1, MAXIMUM_NODES):
        got = described_unless_numbers(first, 1) or describe(first)
        return fault(f"{place}[1]", fill(MESSAGES[rule.first_message], maximum=MAXIMUM_NODES), got)
    return rows_fault(place, value, len(first))


@fault_of.register
def _(rule: Targets, place: str, value: object, context: Mapping[str, int]) -> str | None:
    return array_fault(rule, place, value, context) or rows_fault(place, value, context["count"])


@singledispatch
def array_fault(rule: Rule, place: str, value: object, context: Mapping[str, int]) -> str | None:
    """What is wrong with an array of samples or targets, whatever each of them is; or None."""
    raise TypeError(f"the rule {type(rule).__name__} is not of an array")


@array_fault.register
def _(rule: Samples, place: str, value: object, context: Mapping[str, int]) -> str | None:
    is_right = is_array(value) and len(value) >= rule.minimum
    return None if is_right else fault(place, rule.text(), describe(value))


@array_fault.register
def _(rule: Targets, place: str, value: object, context: Mapping[str, int]) -> str | None:
    is_right = is_array(value) and len(value) == context["samples"]
    return None if is_right else fault(place, rule.text(**context), describe(value))


def names_of_sample(sample: object) -> tuple[str, ...] | None:
    """The names of the numbers of a dictionary, in the order of the alphabet; None if it is none with names."""
    if not isinstance(sample, Mapping) or not 1 <= len(sample) <= MAXIMUM_NODES:
        return None
    return tuple(sorted(sample)) if all(map(_is_name, sample)) else None


def _is_plain(values: object) -> TypeGuard[np.ndarray[Any, Any]]:
    """Whether a value is an array without a mask, whose numbers are all to be taken."""
    return isinstance(values, np.ndarray) and not isinstance(values, np.ma.MaskedArray)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and is_name(value, LONGEST_NAME)


def sample_rule(count: int, names: Sequence[str] | None, classes: Sequence[str] | None = None) -> str:
    """What a sample has to be: so many numbers, which may have names or stand for classes."""
    given = names or classes
    rule = "numbers" if given is None else "numbers_or_names" if names else "numbers_or_class"
    return fill(MESSAGES[rule], count=count, names=", ".join(given or ()))


def named_fault(place: str, sample: object, names: Sequence[str], rule: str) -> str | None:
    """What is wrong with a dictionary that should have a finite number for each name, and nothing else; or None."""
    if not isinstance(sample, Mapping) or not sample:
        return fault(place, rule, describe(sample))
    unknown = [describe_name(name, names) for name in sample if name not in names]
    if unknown:
        return fault(place, rule, fill(MESSAGES["got_name"], got=min(unknown)))
    for name in names:
        if sample.get(name) is None:
            return fault(place, rule, fill(MESSAGES["got_no_name"], name=name))
    for name in names:
        if not is_between(sample[name], -math.inf, math.inf):
            return fault(f'{place}["{name}"]', MESSAGES["number"], describe_unless_number(sample[name]))
    return None


def rows_fault(place: str, rows: object, count: int) -> str | None:
    """What is wrong with the first of many arrays that has not ``count`` finite numbers, or None."""
    assert is_array(rows)
    # Looking at all of them at once finds that nothing is wrong; what is wrong needs a look at one after the other.
    is_array_of_numbers = _is_plain(rows) and rows.dtype == np.float64 and rows.shape[1:] == (count,)
    if is_array_of_numbers and np.isfinite(np.asarray(rows)).all():
        return None
    for index, row in enumerate(rows, start=1):
        instead = described_unless_numbers(row, count)
        if instead is not None:
            return fault(f"{place}[{index}]", fill(MESSAGES["numbers"], count=count), instead)
    return None


@singledispatch
def described_unless_right(rule: Rule, value: object, context: Mapping[str, int]) -> str | None:
    """What came instead of the wanted, or None when the value will do."""
    raise TypeError(f"no check for the rule {type(rule).__name__}")


@described_unless_right.register
def _(rule: Integer, value: object, context: Mapping[str, int]) -> str | None:
    return None if is_integer(value, rule.minimum, rule.maximum) else describe_unless_number(value)


@described_unless_right.register
def _(rule: Number, value: object, context: Mapping[str, int]) -> str | None:
    return None if is_between(value, -math.inf, math.inf) else describe_unless_number(value)


@described_unless_right.register
def _(rule: NumberFrom, value: object, context: Mapping[str, int]) -> str | None:
    return None if is_between(value, rule.minimum, math.inf) else describe_unless_number(value)


@described_unless_right.register
def _(rule: RateOrOptimizer, value: object, context: Mapping[str, int]) -> str | None:
    if is_between(value, rule.minimum, math.inf):
        return None
    got = describe_unless_number(value)
    if isinstance(value, str) and value in OPTIMIZERS:
        return fill(MESSAGES["got_optimizer_name"], got=got)
    return fill(MESSAGES["got_for_rate"], got=got) if isinstance(value, Mapping) or is_array(value) else got


@described_unless_right.register
def _(rule: NumberAbove, value: object, context: Mapping[str, int]) -> str | None:
    return (
        None if is_between(value, rule.minimum, math.inf) and value != rule.minimum else describe_unless_number(value)
    )


@described_unless_right.register
def _(rule: NumberBetween, value: object, context: Mapping[str, int]) -> str | None:
    return None if is_between(value, rule.minimum, rule.maximum) else describe_unless_number(value)


@described_unless_right.register
def _(rule: NumberBelow, value: object, context: Mapping[str, int]) -> str | None:
    return (
        None
        if is_between(value, rule.minimum, rule.maximum) and value != rule.maximum
        else describe_unless_number(value)
    )


@described_unless_right.register
def _(rule: Boolean, value: object, context: Mapping[str, int]) -> str | None:
    return None if isinstance(value, (bool, np.bool_)) else describe(value)


@described_unless_right.register
def _(rule: Choice, value: object, context: Mapping[str, int]) -> str | None:
    return None if isinstance(value, str) and value in rule.words else describe_name(value, rule.words)


@described_unless_right.register
def _(rule: Callback, value: object, context: Mapping[str, int]) -> str | None:
    return None if callable(value) else describe(value)


@described_unless_right.register
def _(rule: Activator, value: object, context: Mapping[str, int]) -> str | None:
    layers = context["layers"]
    if not is_array(value):
        return None if isinstance(value, str) and value in ACTIVATIONS else describe_name(value, tuple(ACTIVATIONS))
    if len(value) != layers:
        return describe(value)
    for index, name in enumerate(value, start=1):
        known = ALL_ACTIVATIONS if index == layers else ACTIVATIONS
        if not isinstance(name, str) or name not in known:
            return describe_name(name, tuple(known), index)
    return None


@described_unless_right.register
def _(rule: Names, value: object, context: Mapping[str, int]) -> str | None:
    if not is_array(value) or len(value) != context["count"]:
        return describe(value)
    firsts: dict[object, int] = {}
    for index, name in enumerate(value, start=1):
        if not isinstance(name, str) or not is_name(name, rule.maximum):
            return describe_entry(name, index)
        if name in firsts:
            return fill(MESSAGES["got_again"], got=describe(name), first=firsts[name], index=index)
        firsts[name] = index
    return None


@described_unless_right.register
def _(rule: Numbers, value: object, context: Mapping[str, int]) -> str | None:
    return described_unless_numbers(value, context["count"])


def is_between(value: object, minimum: float, maximum: float) -> bool:
    """Whether a value is a finite number in a closed range."""
    number = as_number(value)
    return number is not None and math.isfinite(number) and minimum <= number <= maximum


def is_integer(value: object, minimum: float, maximum: float) -> bool:
    """Whether a value is a whole number in a closed range."""
    number = as_number(value)
    return number is not None and minimum <= number <= maximum and number.is_integer()


def described_unless_numbers(values: object, count: int) -> str | None:
    """What came instead of an array of ``count`` finite numbers, or None when it is one."""
    if not is_array(values):
        return describe(values) if as_number(values) is None else _number_for_array(describe(values), count)
    if len(values) != count:
        return describe(values)
    if _is_plain(values) and values.dtype == np.float64 and np.isfinite(values).all():
        return None if values.ndim == 1 else describe_unless_number(values[0], 1)
    for index, value in enumerate(values, start=1):
        if not (math.isfinite(value) if type(value) is float else is_between(value, -math.inf, math.inf)):
            return describe_unless_number(value, index)
    return None


def _number_for_array(number: str, count: int) -> str:
    """What a number is where an array of ``count`` numbers should be."""
    got = fill(MESSAGES["got_number"], number=number)
    return fill(MESSAGES["got_single"], got=got, number=number) if count == 1 else got


def parameter_of(function: str, parameter: str) -> Parameter:
    """The description of a parameter of a public function."""
    return _parameter(function, parameter)[1]


@cache
def _parameter(function: str, parameter: str) -> tuple[int, Parameter]:
    """The position (from 1) and the description of a parameter."""
    for position, described in enumerate(FUNCTIONS[function].parameters, start=1):
        if described.name == parameter:
            return position, described
    raise KeyError(f"{function} has no parameter {parameter}")
