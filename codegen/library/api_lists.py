"""What can be chosen by name: a section for each registry."""

import inspect
import re
import sys
from collections.abc import Callable, Mapping
from math import isfinite

from codegen.library.api_rules import limit_text
from codegen.library.markdown import code, table
from codegen.translate.luau_literals import luau_value
from engine.formulas.records import Activation, LeastSquares, Optimizer, OutputActivation, RateSchedule, ScalerKind
from engine.formulas.registry import (
    ALL_ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    OUTPUT_ACTIVATIONS,
    RATE_SCHEDULES,
    SCALERS,
)
from engine.interface.options import LOSS_SETTINGS, OPTIMIZER_OPTIONS, SCHEDULE_OPTIONS
from engine.interface.rules import Option, Options
from engine.layers.registry import LAYER_KINDS

_CONSTANT = re.compile(r"\b[A-Z]+_[A-Z_]+\b")


def sections() -> dict[str, list[str]]:
    """The lines of each section, by its title."""
    return {
        "Activations": table(
            ["name", "formula", "range", "weights start, if described", "where"],
            (
                [
                    code(name),
                    first_paragraph(formula_text(value_of(each))),
                    range_of(each),
                    each.initializer,
                    where(name),
                ]
                for name, each in ALL_ACTIVATIONS.items()
            ),
        ),
        "Losses": table(
            ["name", "E, one output's loss; a sample's is the sum", "settings"],
            ([code(name), formula_text(each.value), settings_of(name)] for name, each in LOSSES.items()),
        ),
        "Optimizers": [*described(OPTIMIZERS), "", *variants("optimizer", OPTIMIZER_OPTIONS)],
        "Schedules": [*described(RATE_SCHEDULES), "", *variants("schedule", SCHEDULE_OPTIONS)],
        "Initializers": table(
            ["name", "weights"],
            (
                [code(name), "all 0" if each.size is None else started(each.size, each.is_normal)]
                for name, each in INITIALIZERS.items()
            ),
        ),
        "Scalers": described(SCALERS),
        "Kinds of layers": table(
            ["name", "what each node sees"], ([code(each.name), each.description] for each in LAYER_KINDS.values())
        ),
    }


def described(
    records: Mapping[str, Optimizer | LeastSquares] | Mapping[str, RateSchedule] | Mapping[str, ScalerKind],
) -> list[str]:
    """What records are."""
    return table(
        ["name", "what it is"],
        ([code(name), first_paragraph(each.description or "")] for name, each in records.items()),
    )


def variants(what: str, options: Options) -> list[str]:
    """The options that go with each name, and then those that go with all."""
    rows = [[code(name), *option(each)] for name, fields in options.variants for each in fields]
    every = f"all but {', '.join(options.without_common)}" if options.without_common else "all"
    rows += [[every, *option(each)] for each in options.common]
    return table([what, "option", "in Python", "default", "what it is", "rule"], rows)


def option(each: Option) -> list[str]:
    """An option in a table."""
    default = "required" if each.required else luau_value(each.default)
    return [code(each.name), code(each.python), default, each.description, limit_text(each.rule)]


def settings_of(loss: str) -> str:
    """What can be set of a loss."""
    settings = (f"`{each.name}` = {luau_value(each.default)}, {each.rule.text()}" for each in LOSS_SETTINGS[loss])
    return "; ".join(settings) or "—"


def where(activation: str) -> str:
    """Which layers may have an activation."""
    return "output layers only" if activation in OUTPUT_ACTIVATIONS else "everywhere"


def range_of(activation: Activation | OutputActivation) -> str:
    """The ends of an activation's range, as far as there are any."""
    lowest, highest = (f"{end:.4g}" for end in (activation.lowest, activation.highest))
    match isfinite(activation.lowest), isfinite(activation.highest):
        case True, True:
            return f"{lowest} to {highest}"
        case True, False:
            return f"from {lowest}"
        case False, True:
            return f"to {highest}"
    return "all numbers"


def value_of(activation: Activation | OutputActivation) -> Callable[..., float]:
    """The formula that says what an activation is."""
    return activation.value if isinstance(activation, Activation) else activation.share


def started(size: Callable[[float, float], float], is_normal: bool) -> str:
    """How weights start that are drawn."""
    return f"{'normal' if is_normal else 'uniform'} numbers. {formula_text(size)}"


def formula_text(formula: Callable[..., float]) -> str:
    """What a formula says of itself, with the values of its constants."""
    constants = vars(sys.modules[formula.__module__])
    text = one_line(inspect.getdoc(formula) or "")
    return _CONSTANT.sub(lambda found: f"{constants[found[0]]:.15g}" if found[0] in constants else found[0], text)


def first_paragraph(text: str) -> str:
    """The first paragraph of a docstring."""
    return one_line(text.partition("\n\n")[0])


def one_line(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())
