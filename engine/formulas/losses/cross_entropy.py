"""Cross-entropies, of targets that are chances: of yes for each output by itself, or of each output as the one class.

Outputs should be chances, too: between 0 and 1, those of classes with the sum 1. Logarithms are clamped as in PyTorch's
BCELoss, so that any output has a finite loss. Behind Sigmoid, or Softmax, the pre-activations tell the loss without
that, with all digits: PyTorch's BCEWithLogitsLoss and CrossEntropyLoss.
"""

import math

from engine.formulas.records import Fused, Limits, Loss, Setting

# PyTorch's least logarithm, e to the power of it, and its least divisor of a slope.
LEAST_LOG = -100.0
LEAST_CHANCE = 3.720075976020836e-44
LEAST_DIVISOR = 1e-12


def smoothed(target: float, smoothing: float, choices: float) -> float:
    """A chance of which a part is shared by all choices alike (Szegedy et al. 2016)."""
    return target * (1.0 - smoothing) + smoothing / choices


def clamped_log(chance: float) -> float:
    """The logarithm, at least that of e^-100."""
    return LEAST_LOG if chance <= LEAST_CHANCE else math.log(chance)


def clamped_divisor(divisor: float) -> float:
    """The divisor, at least 1e-12."""
    return LEAST_DIVISOR if divisor <= LEAST_DIVISOR else divisor


def entropy_of_two(output: float, chance: float) -> float:
    """E = -chance log output - (1 - chance) log(1 - output)."""
    return -(chance * clamped_log(output) + (1.0 - chance) * clamped_log(1.0 - output))


def binary_cross_entropy(output: float, target: float, count: float, smoothing: float) -> float:
    """E = (-chance log output - (1 - chance) log(1 - output)) / count, for one of count output nodes.

    Yes and no share what is smoothed, as in Keras.
    """
    return entropy_of_two(output, smoothed(target, smoothing, 2.0)) / count


def binary_cross_entropy_slope(output: float, target: float, count: float, smoothing: float) -> float:
    """DE / d output = (output - chance) / (output (1 - output)) / count."""
    return (output - smoothed(target, smoothing, 2.0)) / clamped_divisor((1.0 - output) * output) / count


def above_zero(x: float) -> float:
    """The larger one of x and 0."""
    return 0.0 if x <= 0 else x


def likelier(output: float) -> float:
    """The chance of what is likelier, yes or no."""
    return 1.0 - output if output < 0.5 else output


def logit_entropy(x: float, output: float, chance: float) -> float:
    """E = log(1 + e^x) - chance x, where log(1 + e^x) is the larger one of x and 0, less the likelier chance's log."""
    return above_zero(x) - chance * x - math.log(likelier(output))


def binary_cross_entropy_of_logit(x: float, output: float, target: float, count: float, smoothing: float) -> float:
    """The same entropy by the pre-activation x of a sigmoid."""
    return logit_entropy(x, output, smoothed(target, smoothing, 2.0)) / count


def binary_cross_entropy_logit_slope(output: float, target: float, count: float, smoothing: float) -> float:
    """DE / dx = (output - chance) / count."""
    return (output - smoothed(target, smoothing, 2.0)) / count


def categorical_cross_entropy(output: float, target: float, count: float, smoothing: float) -> float:
    """E = -chance log output, for one of count classes, which share what is smoothed."""
    return -smoothed(target, smoothing, count) * clamped_log(output)


def categorical_cross_entropy_slope(output: float, target: float, count: float, smoothing: float) -> float:
    """DE / d output = -chance / output."""
    return -smoothed(target, smoothing, count) / clamped_divisor(output)


def rest_of(highest: float) -> float:
    """By how much the logarithm of the sum of all e^x is above the largest x, whose share is the highest."""
    return -math.log(highest)


def categorical_cross_entropy_of_logit(
    x: float, target: float, count: float, largest: float, rest: float, smoothing: float
) -> float:
    """The same entropy by the pre-activations of a softmax: -chance (x - log Σ e^x)."""
    return smoothed(target, smoothing, count) * (largest - x + rest)


def categorical_cross_entropy_logit_slope(
    output: float, target: float, count: float, target_sum: float, smoothing: float
) -> float:
    """DE / dx = output Σ chance - chance, where chances have the sum of the targets, as a rule 1."""
    return output * (target_sum * (1.0 - smoothing) + smoothing) - smoothed(target, smoothing, count)


SMOOTHING = Setting(
    "smoothing", 0.0, Limits(at_least=0.0, below=1.0), "share of each target that all that it may be have alike"
)
BINARY_CROSS_ENTROPY = Loss(
    "BinaryCrossEntropy",
    binary_cross_entropy,
    binary_cross_entropy_slope,
    settings=(SMOOTHING,),
    fused=Fused("Sigmoid", binary_cross_entropy_of_logit, binary_cross_entropy_logit_slope),
)
CATEGORICAL_CROSS_ENTROPY = Loss(
    "CategoricalCrossEntropy",
    categorical_cross_entropy,
    categorical_cross_entropy_slope,
    settings=(SMOOTHING,),
    fused=Fused("Softmax", categorical_cross_entropy_of_logit, categorical_cross_entropy_logit_slope, rest_of),
)
