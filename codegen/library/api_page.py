"""docs/api.md: every public name, as the interface and the registries have it."""

import re
from collections.abc import Iterable, Mapping

from codegen.library import api_errors, api_lists, api_types
from codegen.library.api_rules import limit_text
from codegen.library.markdown import anchor, code, fence, link, table
from codegen.library.signatures import LuauFunction
from codegen.translate.luau_literals import luau_value
from engine.interface.examples import EXAMPLES
from engine.interface.functions import FUNCTIONS, GROUPS, OTHER, VALUES
from engine.interface.limits import LIBRARY, LISTED_LIMITS
from engine.interface.rules import LayerDescriptions, Options, Parameter

START, END = "<!-- generated: API -->", "<!-- end of generated -->"
# A signature that is longer has a line for each argument.
WIDTH = 100
REQUIRE = f'local KNN = require(game:GetService("ReplicatedStorage").{LIBRARY})\n'
CONTENTS, CALLING, LIMITS = "Contents", "Calling a function", "Limits"


def api_page(tree: Mapping[str, str]) -> str:
    """The whole page; ``tree`` is the library, whose types it shows."""
    sections = {
        CALLING: calling(),
        **{group: functions(group, api_types.titles(tree)) for group in GROUPS},
        **api_lists.sections(),
        api_types.TITLE: api_types.lines(tree),
        LIMITS: table(["at most", "of"], ((f"{most:,}", what) for what, most in LISTED_LIMITS)),
        api_errors.TITLE: api_errors.lines(),
    }
    lines = [START, "# All there is, by name", "", *introduction(), "", f"## {CONTENTS}", "", *contents(sections)]
    for title, text in sections.items():
        lines += ["", f"## {title}", "", *text]
    return "\n".join([*lines, END, ""])


def introduction() -> list[str]:
    """What the page is."""
    return [
        (
            "Every public function, value, option and type of the library, with defaults and limits. The page is made "
            "of the same data as the library's own checks and error messages; `python scripts/regenerate.py` writes it."
        ),
    ]


def contents(sections: Iterable[str]) -> list[str]:
    """The sections, those of functions with what is in them."""
    lines = []
    for title in sections:
        within = [*(each.name for each in FUNCTIONS.values() if each.group == title), *values_in(title)]
        lines.append(f"- {link(title)}" + (f": {', '.join(map(link, within))}" if within else ""))
    return lines


def values_in(group: str) -> list[str]:
    """The public constants of a group."""
    return list(VALUES) if group == OTHER else []


def calling() -> list[str]:
    """What goes for every function."""
    return [
        *fence(REQUIRE, "luau"),
        "",
        (
            "Write a dot before the name of a function, not a colon: "
            f"`KNN.{next(iter(FUNCTIONS))}(…)`. An argument with a default may be left out; so may one whose type ends "
            "in a question mark. Numbers are numbers, not text: `tonumber` makes one of a TextBox's Text."
        ),
        "",
        (
            "In Python, `from engine import …` has the same words in snake_case, and indices count from 0. Options are "
            "arguments of their own there. A bad argument raises an `ArgumentError` with the same "
            f"[message](#{anchor(api_errors.TITLE)})."
        ),
    ]


def functions(group: str, types: Mapping[str, str]) -> list[str]:
    """The functions and values of a group; ``types`` are the headings of types."""
    lines: list[str] = []
    for name, function in FUNCTIONS.items():
        if function.group == group:
            lines += [f"### {name}", "", *function_lines(LuauFunction(function), types), ""]
    for name in values_in(group):
        lines += [f"### {name}", "", VALUES[name].description, "", f"In Python: {code(VALUES[name].python)}.", ""]
    return lines[:-1]


def function_lines(function: LuauFunction, types: Mapping[str, str]) -> list[str]:
    """All about one function."""
    truth = function.truth
    result = f" Returns {truth.result}." if truth.result else ""
    lines = [f"{truth.description}{result}", "", *fence(signature(function)), ""]
    lines += [f"In Python: {code(truth.python)}." if truth.python else "Python has no use for it."]
    named = dict.fromkeys(types[word] for word in re.findall(r"\w+", signature(function)) if word in types)
    if named:
        lines[-1] += f" Types: {', '.join(map(link, named))}."
    if truth.parameters:
        lines += ["", *table(["argument", "default", "what it is", "rule"], map(argument, truth.parameters))]
    for parameter in truth.parameters:
        if isinstance(parameter.rule, Options) and parameter.rule.of is None:
            lines += ["", *options_lines(truth.name, parameter.label, parameter.rule)]
    return [*lines, "", *fence(REQUIRE + EXAMPLES[truth.name], "luau")]


def signature(function: LuauFunction) -> str:
    """A function with its types, as Studio shows it, once for each way to call it."""
    truth = function.truth
    parameters = [f"{each.name}: {each.luau_type}" for each in function.parameters]
    ways = [(parameters, truth.returns)]
    if truth.returns_short is not None:
        ways = [
            (parameters[:-1], truth.returns_short),
            ([*parameters[:-1], parameters[-1].removesuffix("?")], truth.returns),
        ]
    texts = []
    for arguments, returns in ways:
        line = f"KNN.{truth.name}({', '.join(arguments)}): {returns}"
        if len(line) > WIDTH:
            line = f"KNN.{truth.name}(\n\t" + ",\n\t".join(arguments) + f"\n): {returns}"
        texts.append(line)
    return "\n".join(texts)


def argument(parameter: Parameter) -> list[str]:
    """An argument in a table."""
    default = luau_value(parameter.default) if parameter.optional else "required"
    return [code(parameter.name), default, parameter.description, limit_text(parameter.rule)]


def options_lines(function: str, label: str, options: Options) -> list[str]:
    """The fields of a function's options or description, and then of what these describe in turn."""
    lines = [f"#### {label} of {function}", "", *options_table(options)]
    for field in options.fields:
        if isinstance(field.rule, LayerDescriptions):
            lines += ["", f"#### Layers of {function}", "", *options_table(field.rule.layer)]
    return lines


def options_table(options: Options) -> list[str]:
    """Options, those that only Python has last."""
    return table(
        ["option", "in Python", "default", "what it is", "rule"],
        map(api_lists.option, (*options.fields, *options.python_fields)),
    )
