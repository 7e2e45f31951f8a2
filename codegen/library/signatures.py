"""The public functions as templates need them, and messages as Luau expressions."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import Field, dataclass, fields
from functools import cache
from typing import Any

from codegen.translate.luau_formulas import luau_name
from codegen.translate.luau_literals import luau_string, luau_value
from engine.interface.functions import FUNCTIONS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import (
    Callback,
    Choice,
    Function,
    KindOfLayer,
    LayerDescriptions,
    NamedChoice,
    Option,
    Options,
    Parameter,
    Rule,
    Schedule,
)
from engine.layers.registry import LAYER_KINDS


def luau_type(rule: Rule) -> str:
    """The type of an argument by its rule."""
    match rule:
        case Options():
            return rule.type_name
        case LayerDescriptions():
            return f"{{ {rule.layer.type_name} }}"
        case NamedChoice():
            return rule.type_name
        case KindOfLayer():
            return luau_type(Choice(tuple(LAYER_KINDS)))
        case Choice():
            return " | ".join(map(luau_string, rule.words))
        case Schedule():
            return " | ".join([*map(luau_string, rule.words), rule.options.type_name])
        case Callback():
            return f"({rule.signature})"
        case _:
            return rule.luau_type


def optional_type(rule: Rule) -> str:
    """The same where the argument may be left out."""
    name = luau_type(rule)
    return f"({name})?" if " | " in name and not isinstance(rule, Callback) else f"{name}?"


@dataclass(frozen=True)
class LuauParameter:
    """A parameter as a template needs it."""

    position: int
    truth: Parameter
    is_option: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.truth.name

    @property
    def rule(self) -> str:
        """The name of its rule, which is that of the rule's message."""
        return self.truth.rule.message

    @property
    def luau_type(self) -> str:
        """Its type."""
        return optional_type(self.truth.rule) if self.truth.optional else luau_type(self.truth.rule)

    @property
    def label(self) -> str:
        """What an error calls it, as a literal."""
        return luau_string(self.truth.label)

    @property
    def fault(self) -> str:
        """What an error says of it: a template that lacks what only a call can tell."""
        return fill(MESSAGES["fault"], place=self.truth.label, rule=self.truth.rule.template)

    def refusal(self, fault: str, /, **known: str) -> str:
        """The whole error for a fault, as a Luau expression; ``known`` has expressions for the fault's placeholders."""
        return concatenation(fill(MESSAGES["wrong_argument"], position=self.position, fault=fault), known)

    @property
    def options(self) -> tuple["LuauParameter", ...]:
        """Its options, each to be checked like a parameter; none if it takes no options."""
        rule = self.truth.rule
        options = rule.layer if isinstance(rule, LayerDescriptions) else rule
        return self._as_parameters(options.fields) if isinstance(options, Options) else ()

    def _as_parameters(self, options: Iterable[Option]) -> tuple["LuauParameter", ...]:
        return tuple(
            LuauParameter(self.position, _as_parameter(self.truth.label, each), is_option=True) for each in options
        )

    @property
    def record(self) -> str:
        """What the checker in Luau knows of it, as a table."""
        known = {
            "name": luau_value(self.name),
            # Where it is another one than the name with a capital letter.
            "label": None if self.is_option or self.truth.label == _capitalized(self.name) else self.label,
            "rule": luau_string(luau_name(self.rule)),
            "default": None if self.truth.default is None else luau_value(self.truth.default),
            "optional": luau_value(True) if self.truth.optional and self.truth.default is None else None,
            "required": luau_value(True) if self.is_option and not self.truth.optional else None,
            **{field.name: _known(getattr(self._rule, field.name)) for field in self._fields_of_rule},
            **self._records_of_options,
        }
        return luau_table(f"{name} = {text}" for name, text in known.items() if text is not None)

    @property
    def _records_of_options(self) -> dict[str, str]:
        """What there is to set, as a table: in all cases, or by the value of another argument."""
        rule = self.truth.rule.options if isinstance(self.truth.rule, Schedule) else self.truth.rule
        if not isinstance(rule, (Options, LayerDescriptions)):
            return {}
        if isinstance(rule, LayerDescriptions) or rule.of is None:
            return {"options": luau_table(option.record for option in self.options)}
        shared = {record: name for name, record in shared_options().items()}
        variants = (
            f"[{luau_string(value)}] = "
            f"{luau_table(shared.get(each.record, each.record) for each in self._as_parameters(fields))}"
            for value, fields in rule.variants
        )
        common = self._as_parameters(rule.common)
        return {
            "variants": luau_table(variants),
            **({"common": luau_table(option.record for option in common)} if common else {}),
            **({"withoutCommon": luau_table(map(_marked, rule.without_common))} if rule.without_common else {}),
        }

    @property
    def _fields_of_rule(self) -> Iterator[Field[Any]]:
        return (field for field in fields(self._rule) if field.name in KNOWN_TO_RULES)

    @property
    def _rule(self) -> Rule:
        """Its rule, with all that the interface does not know of it."""
        rule = self.truth.rule
        return Choice(tuple(LAYER_KINDS)) if isinstance(rule, KindOfLayer) else rule


# What a rule may know besides its name (`Parameter` in KNNLibrary/interface/signatures.luau).
KNOWN_TO_RULES = ("whole", "changed", "alone", "lent", "minimum", "maximum", "of", "words", "single")


def _marked(name: str) -> str:
    return f"[{luau_string(name)}] = true"


def _known(value: float | str | tuple[str, ...] | None) -> str | None:
    if value is None or value is False:
        return None
    return luau_table(map(luau_string, value)) if isinstance(value, tuple) else luau_value(value)


def luau_table(items: Iterable[str]) -> str:
    """Items as a Luau table on one line."""
    return f"{{ {', '.join(items)} }}".replace("{  }", "{}")


@dataclass(frozen=True)
class LuauFunction:
    """A public function as a template needs it."""

    truth: Function

    @property
    def parameters(self) -> tuple[LuauParameter, ...]:
        """Its parameters in order."""
        return tuple(LuauParameter(position, each) for position, each in enumerate(self.truth.parameters, start=1))

    @property
    def type_name(self) -> str:
        """The name of its type, where it has overloads."""
        return self.truth.name[0].upper() + self.truth.name[1:]

    @property
    def overloads(self) -> tuple[str, ...]:
        """Its types without and with the last argument, if that changes what it returns; Luau tells them by arity."""
        if self.truth.returns_short is None:
            return ()
        *first, last = [f"{each.name}: {each.luau_type}" for each in self.parameters]
        short, full = ", ".join(first), ", ".join([*first, last.removesuffix("?")])
        return (f"(({short}) -> {self.truth.returns_short})", f"(({full}) -> {self.truth.returns})")


@cache
def shared_records() -> Mapping[str, str]:
    """The records of arguments that more than one function takes, by the names of their constants."""
    records = [each for function in FUNCTIONS.values() for each in LuauFunction(function).parameters]
    times = Counter(each.record for each in records)
    shared = {each.record: each for each in records if times[each.record] > 1}.values()
    names = Counter(each.name for each in shared)
    constants: dict[str, str] = {}
    for each in shared:
        constant = _constant(f"{each.name}_{each.rule}" if names[each.name] > 1 else each.name)
        number = sum(name.startswith(constant) for name in constants) + 1
        constants[f"{constant}{number if number > 1 else ''}"] = each.record
    return constants


@cache
def shared_options() -> Mapping[str, str]:
    """The records of options that go with several values of another argument, by the names of their constants."""
    rules = [parameter.rule for function in FUNCTIONS.values() for parameter in function.parameters]
    options = [each for rule in rules if isinstance(rule, Options) for _, fields in rule.variants for each in fields]
    made = [LuauParameter(0, _as_parameter("", each), is_option=True) for each in options]
    times = Counter(each.record for each in made)
    names: dict[str, str] = {}
    for each in made:
        if times[each.record] > 1 and each.record not in names.values():
            number = sum(name.startswith(f"OPTION_{_constant(each.name)}") for name in names) + 1
            names[f"OPTION_{_constant(each.name)}{number if number > 1 else ''}"] = each.record
    return names


def _as_parameter(label: str, option: Option) -> Parameter:
    """An option as an argument of the table with this label."""
    name = f"{label}.{option.name}"
    return Parameter(option.name, name, option.rule, option.description, option.default, optional=not option.required)


def _capitalized(name: str) -> str:
    """A name with a capital letter, without which the others are as they were."""
    return name[:1].upper() + name[1:]


def _constant(name: str) -> str:
    """A name as that of a constant."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


@cache
def signatures() -> Mapping[str, list[str]]:
    """The arguments of every function: the names of shared records, and records."""
    shared = {record: name for name, record in shared_records().items()}
    return {
        name: [shared.get(each.record, each.record) for each in LuauFunction(function).parameters]
        for name, function in FUNCTIONS.items()
    }


def message_expression(key: str, /, **known: object) -> str:
    """A message as a Luau expression; its open placeholders are Luau names or the expressions given for them."""
    return concatenation(MESSAGES[key], known)


def concatenation(template: str, known: Mapping[str, object]) -> str:
    """A template as a Luau concatenation: text in quotes, placeholders as Luau names.

    ``known`` has, for some placeholders, numbers to fill in or strings to use as Luau expressions.
    """
    numbers = {name: value for name, value in known.items() if not isinstance(value, str)}
    parts = re.split(r"\{(\w+)\}", fill(template, **numbers))
    pieces = [
        str(known.get(part, part)) if index % 2 else luau_string(part)
        for index, part in enumerate(parts)
        if index % 2 or part
    ]
    return " .. ".join(pieces)
