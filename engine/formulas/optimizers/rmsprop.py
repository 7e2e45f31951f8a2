"""RMSprop (Hinton 2012), as PyTorch has it: AdaGrad's steps, measured by a mean of squares that forgets."""

from engine.formulas.optimizers.adagrad import ADAGRAD
from engine.formulas.records import Limits, Memory, Optimizer, Setting, learning_rate, least_size


def faded(square: float, gradient: float, decay: float) -> float:
    """The mean square of the gradient after one step."""
    return decay * square + (1 - decay) * gradient * gradient


RMSPROP = Optimizer(
    "RMSprop",
    settings=(
        learning_rate(0.01),
        Setting("decay", 0.99, Limits(at_least=0.0, below=1.0), "share of the mean square gradient that stays"),
        least_size(1e-8),
    ),
    memories=(Memory("square", faded, Limits(at_least=0.0)),),
    parameter=ADAGRAD.parameter,
    description=__doc__,
)
