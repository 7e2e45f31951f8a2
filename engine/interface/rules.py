"""What an argument may be, and what a public function consists of."""

from dataclasses import dataclass, fields
from typing import ClassVar

from engine.formulas.records import Limits
from engine.formulas.registry import ACTIVATIONS, LOSSES, OUTPUT_ACTIVATIONS
from engine.interface.limits import LONGEST_NAME
from engine.interface.messages import MESSAGES, fill


@dataclass(frozen=True)
class Rule:
    """What an argument may be. `message` names its text in `MESSAGES`; the fields fill the text's placeholders.

    A placeholder that no field fills (``{count}`` …) is only known when the function is called.
    """

    message: ClassVar[str]
    luau_type: ClassVar[str]

    @property
    def template(self) -> str:
        """The text with the fields filled in."""
        return fill(MESSAGES[self.message], **{field.name: getattr(self, field.name) for field in fields(self)})

    def text(self, **context: object) -> str:
        """The text with what is known from the call filled in as well."""
        names = {"activators": ", ".join(ACTIVATIONS), "outputs": ", ".join(OUTPUT_ACTIVATIONS)}
        return fill(self.template, **names, **context)


@dataclass(frozen=True)
class Integer(Rule):
    """A whole number."""

    minimum: int
    maximum: int
    message: ClassVar[str] = "integer"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class Number(Rule):
    """A finite number."""

    message: ClassVar[str] = "number"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class NumberFrom(Rule):
    """A finite number with a least value."""

    minimum: float
    message: ClassVar[str] = "number_from"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class NumberAbove(Rule):
    """A finite number above a bound."""

    minimum: float
    message: ClassVar[str] = "number_above"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class NumberBetween(Rule):
    """A number in a closed range."""

    minimum: float
    maximum: float
    message: ClassVar[str] = "number_between"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class NumberBelow(Rule):
    """A number in a range without its upper end."""

    minimum: float
    maximum: float
    message: ClassVar[str] = "number_below"
    luau_type: ClassVar[str] = "number"


NumberRule = Integer | Number | NumberFrom | NumberAbove | NumberBetween | NumberBelow


def number_rule(limits: Limits) -> NumberRule:
    """The rule of a number with limits.

    Raises:
        ValueError: if no rule has just these bounds.
    """
    match limits:
        case Limits(float(minimum), None, float(maximum), None, True):
            return Integer(int(minimum), int(maximum))
        case Limits(None, None, None, None, False):
            return Number()
        case Limits(float(minimum), None, None, None, False):
            return NumberFrom(minimum)
        case Limits(None, float(minimum), None, None, False):
            return NumberAbove(minimum)
        case Limits(float(minimum), None, float(maximum), None, False):
            return NumberBetween(minimum, maximum)
        case Limits(float(minimum), None, None, float(maximum), False):
            return NumberBelow(minimum, maximum)
    raise ValueError(f"no rule for {limits}; add one, and its message")


@dataclass(frozen=True)
class RateOrOptimizer(NumberFrom):
    """A learning rate, or an optimizer that has stepped no other network; ``single`` where it gets one sample."""

    single: bool = False
    message: ClassVar[str] = "rate_or_optimizer"
    luau_type: ClassVar[str] = "number | Optimizer"


@dataclass(frozen=True)
class OptimizerHandle(Rule):
    """An optimizer."""

    message: ClassVar[str] = "optimizer"
    luau_type: ClassVar[str] = "Optimizer"


@dataclass(frozen=True)
class Boolean(Rule):
    """True or false."""

    message: ClassVar[str] = "boolean"
    luau_type: ClassVar[str] = "boolean"


@dataclass(frozen=True)
class Activator(Rule):
    """The name of an activation for the hidden layers, or one name per layer, output included."""

    message: ClassVar[str] = "activator"
    luau_type: ClassVar[str] = "Activator"


@dataclass(frozen=True)
class Names(Rule):
    """Names of inputs, of outputs or of classes, each another one."""

    maximum: int = LONGEST_NAME
    message: ClassVar[str] = "names"
    luau_type: ClassVar[str] = "{ string }"


@dataclass(frozen=True)
class CountOrNames(Rule):
    """How many there are, or an array with the name of each."""

    minimum: int
    maximum: int
    message: ClassVar[str] = "count_or_names"
    luau_type: ClassVar[str] = "number | { string }"


@dataclass(frozen=True)
class SomeNames(Rule):
    """As many different names as there are, and that no fewer than a minimum."""

    minimum: int
    message: ClassVar[str] = "some_names"
    luau_type: ClassVar[str] = "{ string }"


@dataclass(frozen=True)
class LossDescription(Rule):
    """A loss, as networks name theirs."""

    message: ClassVar[str] = "loss"
    luau_type: ClassVar[str] = "LossName | LossDescription"

    @property
    def template(self) -> str:
        """The text with the losses listed."""
        return fill(MESSAGES[self.message], words=", ".join(LOSSES))


@dataclass(frozen=True)
class KindOfLayer(Rule):
    """The name of a kind of layer, of which the interface knows nothing."""

    message: ClassVar[str] = "choice"
    luau_type: ClassVar[str] = "string"


@dataclass(frozen=True)
class Numbers(Rule):
    """An array with as many finite numbers as the network (or the container) has of ``of``."""

    of: str
    message: ClassVar[str] = "numbers"
    luau_type: ClassVar[str] = "{ number }"


@dataclass(frozen=True)
class Sample(Numbers):
    """Numbers that go into a network, or through a scaler; a dictionary of them where they have names."""

    of: str = "inputs"
    luau_type: ClassVar[str] = "Sample"


@dataclass(frozen=True)
class Target(Numbers):
    """What should come out of a network: numbers, a dictionary of them where they have names, or a class."""

    of: str = "outputs"
    luau_type: ClassVar[str] = "Target"


@dataclass(frozen=True)
class ScalerLike(Rule):
    """A scaler, of as many numbers as the network has of ``of``, if that is said."""

    of: str | None = None
    message: ClassVar[str] = "scaler"
    luau_type: ClassVar[str] = "Scaler"


@dataclass(frozen=True)
class Samples(Rule):
    """An array of samples, each with as many finite numbers as the network has of ``of``."""

    minimum: int
    of: str
    message: ClassVar[str] = "samples"
    luau_type: ClassVar[str] = "Samples"


@dataclass(frozen=True)
class AnySamples(Samples):
    """An array of samples that all have as many finite numbers as the first, and that at least one."""

    of: str = "first"
    luau_type: ClassVar[str] = "{ { number } }"
    first_message: ClassVar[str] = "first_sample"


@dataclass(frozen=True)
class SamplesOrNamed(AnySamples):
    """The same, or an array of dictionaries that all have a finite number for each name of the first."""

    of: str = "firstOrNames"
    luau_type: ClassVar[str] = "Samples"
    first_message: ClassVar[str] = "first_sample_or_names"


@dataclass(frozen=True)
class SamplesOrBatch(Samples):
    """Samples, or a batch that was made of such samples."""

    message: ClassVar[str] = "samples_or_batch"
    luau_type: ClassVar[str] = "{ [any]: any }"  # Samples | Batch, which Luau would not take apart


@dataclass(frozen=True)
class Targets(Rule):
    """As many arrays as there are samples, each with as many finite numbers as the network has of ``of``."""

    of: str
    message: ClassVar[str] = "targets"
    luau_type: ClassVar[str] = "Targets"


@dataclass(frozen=True)
class Validation(Rule):
    """Samples and targets that training does not see, as an array of these two."""

    message: ClassVar[str] = "validation"
    luau_type: ClassVar[str] = "{ Samples }"


@dataclass(frozen=True)
class SampleWeights(Rule):
    """How much each sample counts."""

    message: ClassVar[str] = "sample_weights"
    luau_type: ClassVar[str] = "{ number }"


@dataclass(frozen=True)
class ClassWeights(Rule):
    """How much the samples of each class count: in the order of the outputs or, where classes have names, by these."""

    message: ClassVar[str] = "class_weights"
    luau_type: ClassVar[str] = "{ number } | { [string]: number }"


@dataclass(frozen=True)
class ProgressHandle(Rule):
    """How far a training had come that goes on."""

    message: ClassVar[str] = "training_progress"
    luau_type: ClassVar[str] = "TrainingProgress"


@dataclass(frozen=True)
class OneOf(Rule):
    """What is one of a few words, or has one in it."""

    words: tuple[str, ...]

    @property
    def template(self) -> str:
        """The text with the words listed."""
        return fill(MESSAGES[self.message], words=", ".join(self.words))


@dataclass(frozen=True)
class Choice(OneOf):
    """One of a few words."""

    message: ClassVar[str] = "choice"


@dataclass(frozen=True)
class NamedChoice(Choice):
    """One of many words, whose type has a name."""

    type_name: str = ""


@dataclass(frozen=True)
class Callback(Rule):
    """A function that the library calls; ``signature`` is its type in Luau."""

    signature: str
    message: ClassVar[str] = "callback"


@dataclass(frozen=True)
class NetworkLike(Rule):
    """A network table, or a StringValue that holds a network string.

    Attributes:
        whole: whether every part of a table is looked at in every call. The others run and step networks that were
            looked at once, and say what is wrong when they stop at it.
        changed: whether no part may be frozen, as the function changes it; only together with ``whole``.
        alone: whether it may not be in training, as the function would change it meanwhile.
        lent: whether it may when the training's own callback calls the function; only together with ``alone``.
    """

    whole: bool = False
    changed: bool = False
    alone: bool = False
    lent: bool = False
    message: ClassVar[str] = "network"
    luau_type: ClassVar[str] = "NetworkLike"


@dataclass(frozen=True)
class Container(Rule):
    """An array or a folder of networks."""

    minimum: int
    message: ClassVar[str] = "container"
    luau_type: ClassVar[str] = "Container"


@dataclass(frozen=True)
class NetworkText(Rule):
    """A network string; in Roblox a StringValue that holds one will do."""

    message: ClassVar[str] = "text"
    luau_type: ClassVar[str] = "string | StringValue"


@dataclass(frozen=True)
class OptimizerText(Rule):
    """An optimizer string."""

    message: ClassVar[str] = "optimizer_text"
    luau_type: ClassVar[str] = "string"


@dataclass(frozen=True)
class TrainingText(Rule):
    """A training string."""

    message: ClassVar[str] = "training_text"
    luau_type: ClassVar[str] = "string"


@dataclass(frozen=True)
class Folder(Rule):
    """A Roblox instance that will hold networks."""

    message: ClassVar[str] = "folder"
    luau_type: ClassVar[str] = "Instance"


@dataclass(frozen=True)
class Visual(Rule):
    """What getVisual made of a network of the same sizes."""

    message: ClassVar[str] = "visual"
    luau_type: ClassVar[str] = "ScreenGui"


@dataclass(frozen=True)
class Option:
    """One field of an options table: its name in Luau and in Python, what it may be and what it is if left out.

    One that Python has no use for has an empty name there; one without a default may stand for nothing, if it is not
    required.
    """

    name: str
    python: str
    rule: Rule
    default: float | bool | str | None
    description: str
    required: bool = False


@dataclass(frozen=True)
class Options(Rule):
    """A dictionary of optional settings; ``python_fields`` are those that only Python has.

    Where another argument, ``of``, says what can be set, ``variants`` has the fields by its value, ``common`` those
    that go with every value (unless it has one of that name itself, or is one ``without_common``), and ``fields`` all.
    """

    type_name: str
    fields: tuple[Option, ...]
    python_fields: tuple[Option, ...] = ()
    of: str | None = None
    variants: tuple[tuple[str, tuple[Option, ...]], ...] = ()
    common: tuple[Option, ...] = ()
    without_common: tuple[str, ...] = ()
    message: ClassVar[str] = "options"

    @property
    def names(self) -> str:
        """The names of the fields, as an error lists them."""
        return ", ".join(option.name for option in self.fields)

    def fields_for(self, value: str | None) -> tuple[Option, ...]:
        """The fields for a value of the argument ``of``; all where there is none."""
        if self.of is None:
            return self.fields
        own = dict(self.variants)[str(value)]
        if value in self.without_common:
            return own
        names = [option.name for option in own]
        return (*own, *(option for option in self.common if option.name not in names))


@dataclass(frozen=True)
class Schedule(OneOf):
    """One of the words, or a dictionary of options with it as its name."""

    options: Options
    message: ClassVar[str] = "schedule"

    def fields_for(self, word: str) -> tuple[Option, ...]:
        """The fields of the dictionary, its name first."""
        return (which(self.words), *self.options.fields_for(word))


def which(words: tuple[str, ...]) -> Option:
    """The option that names one of some."""
    return Option("name", "name", Choice(words), None, "which one", required=True)


@dataclass(frozen=True)
class Description(Options):
    """A dictionary that describes a network."""

    message: ClassVar[str] = "description"


@dataclass(frozen=True)
class LayerDescriptions(Rule):
    """An array of dictionaries that each describe a layer."""

    minimum: int
    maximum: int
    layer: Options
    message: ClassVar[str] = "layer_descriptions"


@dataclass(frozen=True)
class Parameter:
    """One argument of a public function; an optional one without a default may stand for nothing."""

    name: str
    label: str
    rule: Rule
    description: str
    default: float | bool | str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Function:
    """One public function: its name in Luau, its counterpart in Python, its arguments in order and what it returns.

    One that Python has no use for has no counterpart there: an empty name.
    `returns` is the type of what it returns, `result` what that is, in words; nothing if it returns nothing.
    `group` is what it is for, one of `GROUPS`.
    `returns_short` is what it returns when the last argument is left out, where Luau can tell that more exactly.
    """

    name: str
    python: str
    parameters: tuple[Parameter, ...]
    returns: str
    description: str
    result: str
    group: str
    returns_short: str | None = None
