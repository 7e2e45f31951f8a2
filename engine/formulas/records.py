"""What the entries of the registries consist of: formulas, and what users and the generator have to know of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from inspect import signature
from math import isfinite

Formula = Callable[..., float]


# The initializer of most activations: those whose slope at zero is near 1 (Glorot and Bengio 2010).
USUAL_INITIALIZER = "XavierUniform"


@dataclass(frozen=True)
class Activation:
    """An activation as users name it.

    ``value(x)`` and ``slope(x, y)`` are its formulas. Its range ends at ``lowest`` and ``highest``, which it reaches or
    comes as near to as one likes. ``initializer`` names how the weights of a described layer start that has it.
    """

    name: str
    value: Callable[[float], float]
    slope: Callable[[float, float], float]
    lowest: float
    highest: float
    initializer: str = USUAL_INITIALIZER

    @property
    def bounded(self) -> bool:
        """Whether its range is finite.

        A recurrent network feeds a node's output back into the node, and an unbounded one can grow without end.
        """
        return isfinite(self.lowest) and isfinite(self.highest)


@dataclass(frozen=True)
class OutputActivation:
    """An activation whose values depend on all nodes of their layer, each its share of what they have together.

    So only output layers have it. ``power(x, largest)`` is what a node has, by its pre-activation and the largest one;
    ``share(power, total)`` its value; ``slope(y, error, mean)`` its delta, by its value, its error, and the sum of all
    errors, each times its value. ``lowest`` and ``highest`` are the ends of its range, as those of an `Activation`.
    """

    name: str
    power: Callable[[float, float], float]
    share: Callable[[float, float], float]
    slope: Callable[[float, float, float], float]
    lowest: float
    highest: float
    initializer: str = USUAL_INITIALIZER


@dataclass(frozen=True)
class Initializer:
    """How the weights of a layer start, as users name it.

    ``size(fan_in, fan_out)`` is the limit of uniform numbers or, if it ``is_normal``, the deviation of normal ones;
    without it they are all 0. Fan-in is how many weights a node has, fan-out how many nodes the layer has.
    """

    name: str
    size: Callable[[float, float], float] | None
    is_normal: bool = False


@dataclass(frozen=True)
class Limits:
    """Which finite numbers will do: all, but for those beyond a bound (and, above and below one, the bound itself).

    Where ``whole`` is true, only whole ones between two bounds.
    """

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    whole: bool = False


@dataclass(frozen=True)
class Setting:
    """A number that a user may set, by its name in Python; without a default it may stand for nothing."""

    name: str
    default: float | None
    limits: Limits
    description: str


@dataclass(frozen=True)
class Fused:
    """A loss and an output layer's activation as one: by pre-activations, so that no digits are lost in between.

    Its formulas' arguments are bound by their names: ``x`` is the pre-activation, the others are those of `Loss`.

    Attributes:
        activator: the name of the activation.
        value: an output's loss.
        slope: its derivative by the pre-activation.
        level: for an activation of a whole layer: a number that all its nodes share, of ``highest``, the largest
            output. ``value`` and ``slope`` may then take it as ``rest``, the largest pre-activation as ``largest`` and
            the sum of the targets as ``target_sum``.
    """

    activator: str
    value: Formula
    slope: Formula
    level: Formula | None = None


@dataclass(frozen=True)
class Loss:
    """What training makes small, as users name it: the sum of ``value`` over a network's outputs.

    Its formulas' arguments are bound by their names: ``output``, ``target``, the outputs' ``count`` and settings.

    Attributes:
        name: its name.
        value: an output's loss.
        slope: its derivative by the output.
        settings: what users set.
        fused: the formulas that take the place of these, and of the activation's slope, behind one activation.
        squared: whether its slope is a multiple of the error, which is then its curvature, too.
    """

    name: str
    value: Formula
    slope: Formula
    settings: tuple[Setting, ...] = ()
    fused: Fused | None = None
    squared: bool = False

    @property
    def values(self) -> dict[str, float]:
        """The values of its settings."""
        return {each.name: float(each.default or 0.0) for each in self.settings}

    def with_settings(self, given: Mapping[str, float]) -> "Loss":
        """The same loss with settings of other values."""
        settings = (replace(each, default=given.get(each.name, each.default)) for each in self.settings)
        return replace(self, settings=tuple(settings))

    def curvature(self, count: int) -> float:
        """Of a squared loss of so many outputs, the derivative of its slope by one: its slope at an error of 1."""
        known = {"output": 1.0, "target": 0.0, "count": float(count)}
        return float(self.slope(*(known[name] for name in signature(self.slope).parameters)))

    def fused_with(self, activator: str) -> Fused | None:
        """What takes the place of its formulas behind an activation, if that is the one."""
        return self.fused if self.fused is not None and self.fused.activator == activator else None


# What the first setting of every optimizer is called.
RATE = "rate"


def learning_rate(default: float) -> Setting:
    """The first setting of every optimizer."""
    return Setting(RATE, default, Limits(at_least=0.0), "size of the step")


# Settings that several optimizers have: all but their defaults is the same everywhere.
_SHARE = Limits(at_least=0.0, below=1.0)


def share_of_velocity(default: float) -> Setting:
    """``momentum``."""
    return Setting("momentum", default, _SHARE, "share of the velocity that stays from step to step")


def share_of_past(default: float) -> Setting:
    """``beta1``."""
    return Setting("beta1", default, _SHARE, "share of the gradients before in the direction of a step")


def share_of_slow_mean(default: float) -> Setting:
    """``beta2``."""
    return Setting("beta2", default, _SHARE, "share of the slower mean, of squares or of gradients, that stays")


def least_size(default: float) -> Setting:
    """``epsilon``."""
    return Setting("epsilon", default, Limits(above=0.0), "keeps a step finite where the gradient is zero")


def weight_decay(default: float) -> Setting:
    """``weight_decay``, which all optimizers have; one lists it itself if it has a default of its own."""
    return Setting(
        "weight_decay",
        default,
        Limits(at_least=0.0),
        "pulls weights and biases to zero: so many times each is added to its gradient (where it is decoupled, that "
        "times the rate is taken off it)",
    )


@dataclass(frozen=True)
class Kept:
    """A number that is carried from step to step: its first value and, for each step, ``formula`` of the last one.

    For a count of what fades, ``fades_by`` is the setting that has the share that stays: strings that were saved before
    there were counts have a power of it. ``starts_as`` is the setting whose value is the first in place of ``start``.
    """

    name: str
    start: float
    formula: Formula
    limits: Limits = Limits()
    fades_by: str | None = None
    starts_as: str | None = None


@dataclass(frozen=True)
class Memory:
    """What is remembered of every parameter: at first 0, and then, at each step, ``formula`` of the last one.

    If it is ``late``, it is renewed only after the parameter has moved, by what it was before. For a sum of what fades,
    ``fades_by`` is the setting that has the share that stays: strings from before have means.
    """

    name: str
    formula: Formula
    limits: Limits = Limits()
    late: bool = False
    fades_by: str | None = None


@dataclass(frozen=True)
class Factor:
    """A number that all parameters of a step share."""

    name: str
    formula: Formula


@dataclass(frozen=True)
class Optimizer:
    """How a parameter moves against its gradient, as users name it.

    The arguments of all formulas are bound by their names. A step first renews what is ``kept``, one after the other,
    then calculates the ``factors``, and then, parameter by parameter, renews what is remembered of it, moves it and
    renews what is remembered late.

    Attributes:
        name: its name.
        settings: what users set; the first is the learning rate.
        parameter: the new parameter, of ``parameter``, ``gradient``, settings, factors and memories (renewed, but for
            late ones).
        kept: each of its own name (the last value), settings and (renewed) kept ones before it.
        factors: each of settings, kept ones and factors before it.
        memories: each of its own name (the last value), ``gradient``, settings, factors and (renewed) memories before
            it; late ones come last.
        fused: how single samples are stepped instead: what a node's parameters share, of the rate and the node's
            delta, and the new parameter, of the old one, that and what it was multiplied with. For one that remembers
            and keeps nothing, as long as nothing is done to its gradients or its rate.
        decouples: whether weight decay shrinks the parameters before a step, apart from their gradients.
        description: what it is, as the documentation has it: its first paragraph, of its file's ``__doc__``.
    """

    name: str
    settings: tuple[Setting, ...]
    parameter: Formula
    kept: tuple[Kept, ...] = ()
    factors: tuple[Factor, ...] = ()
    memories: tuple[Memory, ...] = ()
    fused: tuple[Callable[[float, float], float], Callable[[float, float, float], float]] | None = None
    decouples: bool = False
    description: str | None = None


def decoupled(optimizer: Optimizer, name: str, decay: float, description: str | None) -> Optimizer:
    """One that has the formulas of another, and this weight decay apart from them if no other is set."""
    settings = (*optimizer.settings, weight_decay(decay))
    return replace(optimizer, name=name, settings=settings, decouples=True, description=description)


@dataclass(frozen=True)
class LeastSquares:
    """How all parameters move together by the curvature of a squared loss, as users name it.

    One step takes all samples: it is solved for with a damping, and again with one that is raised for as long as it
    would not make the loss smaller. The arguments of all formulas are bound by their names.

    Attributes:
        name: its name.
        settings: what users set: the first damping first, ``max_damping`` and ``min_gradient`` among them.
        kept: the damping alone: after a step that was taken, of the last one and settings.
        raised: the damping after a step that was not, of the last one and settings.
        damped: a number on the diagonal of what is solved, of its ``curvature`` and the ``damping``.
        memories: nothing is remembered of parameters.
        description: what it is, as that of an `Optimizer`.
    """

    name: str
    settings: tuple[Setting, ...]
    kept: tuple[Kept, ...]
    raised: Formula
    damped: Formula
    memories: tuple[Memory, ...] = ()
    description: str | None = None


@dataclass(frozen=True)
class RateSchedule:
    """What becomes of an optimizer's learning rate, as users name it.

    The arguments of all formulas are bound by their names.

    Attributes:
        name: its name.
        rate: the rate at a step, of the ``rate`` that was set, settings, what is kept and ``step``, counted from 0.
        settings: what users set.
        kept: numbers that are carried on, each of its own name (the last value), settings, the ``rate`` that was set
            and other kept ones, those before it renewed. After a step, also of ``step``, which is the next one by then;
            after an epoch, of its ``loss``.
        by_epoch: whether they are carried on from epoch to epoch, and not from step to step.
        description: what it is, as that of an `Optimizer`.
    """

    name: str
    rate: Formula
    settings: tuple[Setting, ...] = ()
    kept: tuple[Kept, ...] = ()
    by_epoch: bool = False
    description: str | None = None


# Settings that several schedules have.


def number_of_steps(default: float) -> Setting:
    """``steps``."""
    limits = Limits(at_least=1.0, at_most=1e9, whole=True)
    return Setting("steps", default, limits, "steps until the rate falls, or has fallen for the first time")


def falling_factor(default: float) -> Setting:
    """``factor``."""
    return Setting("factor", default, Limits(at_least=0.0, at_most=1.0), "what the rate is multiplied by when it falls")


def least_rate(default: float) -> Setting:
    """``min_rate``."""
    return Setting("min_rate", default, Limits(at_least=0.0), "the rate never falls below it")


@dataclass(frozen=True)
class Fold:
    """A number that is had by going through a column from the first number to the last.

    ``formula`` gives the next one of the last one (by its own name), the column's ``value`` and, if it wants them, the
    ``count`` of numbers and what was had before by its name. It begins with ``start`` or, without one, with the first
    value of the column.
    """

    name: str
    formula: Formula
    start: float | None = None


@dataclass(frozen=True)
class Quantile:
    """A number with a share of a column's numbers below it."""

    name: str
    share: float


@dataclass(frozen=True)
class ScalerKind:
    """How a scaler is made of a column of numbers, as users name it.

    Attributes:
        name: its name.
        statistics: what is had of a column, in this order.
        shift: what is subtracted from a number, of statistics by their names, and of the ``count`` of numbers.
        scale: what it is divided by then, of the same; 0 where the numbers have no spread.
        description: what it is, as that of an `Optimizer`.
    """

    name: str
    statistics: tuple[Fold | Quantile, ...]
    shift: Formula
    scale: Formula
    description: str | None = None
