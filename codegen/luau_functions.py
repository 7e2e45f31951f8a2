"""The public functions of the spec as templates need them, and messages as Luau expressions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from codegen.luau_literals import luau_string
from engine.spec.kinds import Callback, Choice, Function, Kind, Options, Parameter
from engine.spec.messages import MESSAGES, fill


def luau_type(kind: Kind) -> str:
    """The type of an argument of a kind."""
    match kind:
        case Options():
            return kind.type_name
        case Choice():
            return f"({' | '.join(map(luau_string, kind.words))})"
        case Callback():
            return f"({kind.signature})"
        case _:
            return kind.luau_type


@dataclass(frozen=True)
class LuauParameter:
    """A parameter as a template needs it."""

    position: int
    spec: Parameter

    @property
    def name(self) -> str:
        """Its name."""
        return self.spec.name

    @property
    def kind(self) -> str:
        """The name of the macro that checks it."""
        return type(self.spec.kind).__name__

    @property
    def luau_type(self) -> str:
        """Its type."""
        name = luau_type(self.spec.kind)
        return name + "?" if self.spec.optional else name

    @property
    def label(self) -> str:
        """What an error calls it, as a literal."""
        return luau_string(self.spec.label)

    @property
    def fault(self) -> str:
        """What an error says of it: a template that lacks what only a call can tell."""
        return fill(MESSAGES["fault"], place=self.spec.label, rule=self.spec.kind.template)

    def refusal(self, fault: str, /, **known: str) -> str:
        """The whole error for a fault, as a Luau expression; ``known`` has expressions for the fault's placeholders."""
        return concatenation(fill(MESSAGES["wrong_argument"], position=self.position, fault=fault), known)

    def refusal_by(self, rule: str, /, **known: str) -> str:
        """The whole error for a rule of `MESSAGES` that its kind does not have."""
        return self.refusal(fill(MESSAGES["fault"], place=self.spec.label, rule=MESSAGES[rule]), **known)

    @property
    def unknown_option(self) -> str:
        """What an error says of an option that does not exist."""
        assert isinstance(self.spec.kind, Options)
        rule = fill(MESSAGES["option_name"], names=self.spec.kind.names)
        return fill(MESSAGES["fault"], place=self.spec.label, rule=rule)

    @property
    def options(self) -> tuple["LuauParameter", ...]:
        """Its options, each to be checked like a parameter."""
        assert isinstance(self.spec.kind, Options)
        return tuple(
            LuauParameter(
                self.position,
                Parameter(
                    each.name,
                    f"{self.spec.label}.{each.name}",
                    each.kind,
                    each.description,
                    each.default,
                    optional=True,
                ),
            )
            for each in self.spec.kind.fields
        )


@dataclass(frozen=True)
class LuauFunction:
    """A public function as a template needs it."""

    spec: Function

    @property
    def parameters(self) -> tuple[LuauParameter, ...]:
        """Its parameters in order."""
        return tuple(LuauParameter(position, each) for position, each in enumerate(self.spec.parameters, start=1))

    @property
    def type_name(self) -> str:
        """The name of its type, where it has overloads."""
        return self.spec.name[0].upper() + self.spec.name[1:]

    @property
    def overloads(self) -> tuple[str, ...]:
        """Its types without and with the last argument, if that changes what it returns; Luau tells them by arity."""
        if self.spec.returns_short is None:
            return ()
        *first, last = [f"{each.name}: {each.luau_type}" for each in self.parameters]
        short, full = ", ".join(first), ", ".join([*first, last.removesuffix("?")])
        return (f"(({short}) -> {self.spec.returns_short})", f"(({full}) -> {self.spec.returns})")

    def refusal(self, parameter: str, rule: str, /, **known: str) -> str:
        """The error that refuses an argument for a rule of `MESSAGES` that its kind does not have."""
        return next(each for each in self.parameters if each.name == parameter).refusal_by(rule, **known)


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
