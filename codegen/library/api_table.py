"""The table of public functions in the README."""

from codegen.library.signatures import LuauFunction, LuauParameter
from codegen.translate.luau_literals import luau_value
from engine.formulas.registry import ACTIVATIONS, INITIALIZERS, OUTPUT_ACTIVATIONS, RATE_SCHEDULES, SCALERS
from engine.interface.functions import FUNCTIONS, VALUES
from engine.interface.options import LOSS_SETTINGS
from engine.interface.rules import Description, LayerDescriptions, Option, Options, Schedule
from engine.layers.registry import LAYER_KINDS

START, END = "<!-- generated: API -->", "<!-- end of generated -->"


def with_api_table(readme: str) -> str:
    """The README with its table made anew."""
    before, rest = readme.split(START)
    _, after = rest.split(END)
    return f"{before}{START}\n{api_table()}\n{END}{after}"


def api_table() -> str:
    """All public functions and values, and what can be chosen in them, as Markdown."""
    lines = ["| Luau | Python | what it does |", "|---|---|---|"]
    for name, function in FUNCTIONS.items():
        arguments = ", ".join(map(_argument, LuauFunction(function).parameters))
        lines.append(f"| `{name}({arguments})` | {_code(function.python)} | {function.description} |")
    lines += [
        f"| `{value.name}` | `engine.{value.name.replace('ACTIVATORS', 'ACTIVATIONS')}` | {value.description} |"
        for value in VALUES.values()
    ]
    for name, function in FUNCTIONS.items():
        for parameter in function.parameters:
            if isinstance(parameter.rule, Description):
                lines += ["", *fields_table(f"description for `{name}`", parameter.rule)]
            elif isinstance(parameter.rule, Options):
                table = options_table if parameter.rule.of is None else variants_table
                lines += ["", *table(name, parameter.rule)]
    further = f"and, for output layers only, {', '.join(OUTPUT_ACTIVATIONS)}"
    kinds = (f"{name} ({kind.description})" for name, kind in LAYER_KINDS.items())
    lines += ["", f"Kinds of layers, by what each node sees: {', '.join(kinds)}."]
    lines += ["", f"Initializers: {', '.join(INITIALIZERS)}.", "", f"Scalers: {', '.join(SCALERS)}."]
    lines += ["", f"Schedules: {', '.join(RATE_SCHEDULES)}."]
    lines += ["", f"Activations: {', '.join(ACTIVATIONS)}; {further}."]
    return "\n".join([*lines, "", f"Losses: {', '.join(map(_loss, LOSS_SETTINGS))}."])


def _loss(name: str) -> str:
    """A loss with its settings, their defaults and what they may be."""
    settings = [f"{each.name} = {luau_value(each.default)}, {each.rule.text()}" for each in LOSS_SETTINGS[name]]
    return f"{name} ({'; '.join(settings)})" if settings else name


def _code(name: str) -> str:
    """A name as code; a dash where there is none."""
    return f"`{name}`" if name else "—"


def _argument(parameter: LuauParameter) -> str:
    """An argument as a signature shows it: with its default, or with a question mark if it may be left out."""
    if parameter.truth.default is not None:
        return f"{parameter.name} = {luau_value(parameter.truth.default)}"
    return parameter.name + "?" * parameter.truth.optional


def options_table(function: str, options: Options) -> list[str]:
    """The fields of the options of a function."""
    lines = [f"| option of `{function}` | in Python | default | what it is |", "|---|---|---|---|"]
    for option in (*options.fields, *options.python_fields):
        lines.append(f"| {_option(option)} |")
    return lines


def fields_table(what: str, description: Options) -> list[str]:
    """The fields of a description, and then of what it describes in turn."""
    lines = [f"| field of a {what} | default | what it is |", "|---|---|---|"]
    for field in description.fields:
        default = "required" if field.required else luau_value(field.default)
        lines.append(f"| {_code(field.name)} | {default} | {field.description} |")
    for field in description.fields:
        if isinstance(field.rule, LayerDescriptions):
            lines += ["", *fields_table(f"layer in a {what}", field.rule.layer)]
    return lines


def variants_table(function: str, options: Options) -> list[str]:
    """The fields of the options of a function by the value of the argument on which they depend.

    Those that go with every value come last, and behind them what can be set of a schedule.
    """
    lines = [f"| {options.of} | option of `{function}` | in Python | default | what it is |", "|---|---|---|---|---|"]
    lines += [f"| {value} | {_option(option)} |" for value, fields in options.variants for option in fields]
    lines += [f"| all | {_option(option)} |" for option in options.common]
    for option in options.common:
        if isinstance(option.rule, Schedule):
            lines += ["", *variants_table(option.name, option.rule.options)]
    return lines


def _option(option: Option) -> str:
    return f"{_code(option.name)} | {_code(option.python)} | {luau_value(option.default)} | {option.description}"
