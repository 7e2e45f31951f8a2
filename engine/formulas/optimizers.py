"""Update rules: how a parameter moves against its gradient.

A node's gradient by one of its weights is ``delta * value``: the node's error signal times what came in
through that weight. The kernels compute `sgd_step` once per node and `sgd` once per parameter.
"""


def sgd_step(rate: float, delta: float) -> float:
    """The part of a stochastic gradient descent step that a node's parameters share."""
    return -rate * delta


def sgd(parameter: float, step: float, value: float) -> float:
    """The parameter after one step; ``value`` is what it was multiplied with (1 for a bias)."""
    return parameter + step * value
