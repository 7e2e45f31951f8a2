"""The types that the library exports, each with what its comment says."""

import re
from collections.abc import Mapping

from codegen.library.api_lists import one_line
from codegen.library.markdown import fence, link, table
from engine.interface.functions import FUNCTIONS
from engine.interface.options import LAYER_DESCRIPTION, SCHEDULE_OPTIONS
from engine.interface.rules import Options

TITLE = "Types"
# Those whose words or fields stand in a table of this page: the title of that.
_IN_TABLES = {
    "LossName": "Losses",
    "ActivationName": "Activations",
    "InitializerName": "Initializers",
    LAYER_DESCRIPTION.type_name: "Layers of createNetwork",
    SCHEDULE_OPTIONS.type_name: "Schedules",
    **{
        parameter.rule.type_name: f"{parameter.label} of {name}" if parameter.rule.of is None else "Optimizers"
        for name, function in FUNCTIONS.items()
        for parameter in function.parameters
        if isinstance(parameter.rule, Options)
    },
}
# A comment, as far as there is one, and the type below it: of one line, or up to the brace that closes it.
_TYPE = re.compile(r"((?:^--.*\n)*)^export type (\w+) =((?:.*\{\n(?:\t.*\n)*\})|(?:\n(?:\t.*\n)+)|.*)", re.MULTILINE)
_EXPORTED = re.compile(r"^export type (\w+) = types\.\w+$", re.MULTILINE)


def lines(tree: Mapping[str, str]) -> list[str]:
    """A heading for each exported type, and a table of those that stand elsewhere on the page."""
    found = {name: (comment, definition) for comment, name, definition in _TYPE.findall(tree["types"])}
    text = ["`KNN.Network` is a type that a script may name; so are the others.", ""]
    for name, title in titles(tree).items():
        if name == title:
            text += [f"### {name}", "", *shown(name, *found[name]), ""]
    rows = ([f"`{name}`", link(title)] for name, title in titles(tree).items() if name != title)
    return [*text, *table(["type", "its words or fields"], rows)]


def shown(name: str, comment: str, definition: str) -> list[str]:
    """A type: the sentences of its comment as text, what is in columns as it stands."""
    said = [line.removeprefix("-- ") for line in comment.splitlines() if line.startswith("-- ")]
    columns = [line.removeprefix("--\t") for line in comment.splitlines() if line.startswith("--\t")]
    return [
        one_line(" ".join(said)),
        *(["", *fence("\n".join(columns))] if columns else []),
        "",
        *fence(f"type {name} = {definition.strip()}"),
    ]


def titles(tree: Mapping[str, str]) -> dict[str, str]:
    """Every exported type, with the title of the heading that it stands under."""
    return {name: _IN_TABLES.get(name, name) for name in _EXPORTED.findall(tree["init"])}
