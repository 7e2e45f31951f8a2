"""What is done to the gradients of every optimizer before they step, and to what: penalties, limits and decay.

As PyTorch has it (torch.nn.utils.clip_grad_value_, clip_grad_norm_ and the ``weight_decay`` of torch.optim), in this
order: the penalties l1 |w| + l2 w² belong to the loss, so their slopes come first; then gradients are limited one by
one, then all together; then comes weight decay.
"""

import math

from engine.formulas.records import Limits, Setting, weight_decay

WEIGHT_DECAY = weight_decay(0.0)
L1 = Setting("l1", 0.0, Limits(at_least=0.0), "penalty on weights, not on biases: l1 times the sum of their sizes")
L2 = Setting("l2", 0.0, Limits(at_least=0.0), "penalty on weights, not on biases: l2 times the sum of their squares")
CLIP_VALUE = Setting("clip_value", None, Limits(above=0.0), "limits each parameter's gradient to ± this")
CLIP_NORM = Setting(
    "clip_norm", None, Limits(above=0.0), "scales the gradients of all parameters down to this length together"
)

# What PyTorch adds to the length by which it divides.
SHORTEST = 1e-6


def penalized(gradient: float, weight: float, l1: float, l2: float) -> float:
    """The gradient of the loss with its penalties; at a weight of zero the first has no slope."""
    return gradient + (l1 if weight > 0 else -l1 if weight < 0 else 0.0) + 2 * l2 * weight


def limited(gradient: float, clip_value: float) -> float:
    """The gradient between two limits."""
    return -clip_value if gradient < -clip_value else clip_value if gradient > clip_value else gradient


def scale_to(clip_norm: float, length: float) -> float:
    """By what gradients of a length are longer than they may be."""
    return clip_norm / (length + SHORTEST)


def scale_within(clip_norm: float, squares: float) -> float:
    """What gradients are multiplied with that have this sum of squares: 1 where they are short enough."""
    return 1.0 if scale_to(clip_norm, math.sqrt(squares)) > 1 else scale_to(clip_norm, math.sqrt(squares))


def decayed(gradient: float, parameter: float, weight_decay: float) -> float:
    """The gradient with what pulls the parameter to zero."""
    return gradient + weight_decay * parameter


def share_left(rate: float, weight_decay: float) -> float:
    """What is left of a parameter whose decay is apart from its gradient (Loshchilov and Hutter 2019)."""
    return 1 - rate * weight_decay
