"""Levenberg-Marquardt (1944, 1963; Hagan and Menhaj 1994): all parameters of a small network step by all samples.

Of a squared loss, the slopes J of the outputs by all parameters give the gradient g and nearly all of the curvature A,
which is the mean of JᵀJ. A step d solves (A + μ I) d = g. Where the loss falls by it, the damping μ is lowered, towards
the steps of Gauss and Newton; where it does not, the step is not taken, and μ raised until one along the gradient is
short enough. (Marquardt has the diagonal of A in place of I; of a node that is dead that is 0, and damps nothing.)
"""

from engine.formulas.records import Kept, LeastSquares, Limits, Setting

# Below it, damping is less than what A is rounded by, and zero could not be raised any more.
LEAST_DAMPING = 1e-20


def lowered(damping: float, damping_decrease: float) -> float:
    """The damping after a step that was taken."""
    return damping * damping_decrease if damping * damping_decrease > LEAST_DAMPING else LEAST_DAMPING


def raised(damping: float, damping_increase: float) -> float:
    """The damping after a step that would not have made the loss smaller."""
    return damping * damping_increase


def damped(curvature: float, damping: float) -> float:
    """A number on the diagonal of the matrix that is solved."""
    return curvature + damping


LEVENBERG_MARQUARDT = LeastSquares(
    "LevenbergMarquardt",
    settings=(
        Setting("damping", 0.001, Limits(at_least=LEAST_DAMPING), "damping of the first step; the last is remembered"),
        Setting(
            "damping_decrease",
            0.1,
            Limits(at_least=0.0, below=1.0),
            "what the damping is multiplied by where a step makes the loss smaller",
        ),
        Setting(
            "damping_increase",
            10.0,
            Limits(at_least=1.1),
            "what it is multiplied by where a step would not: none is taken then, and a shorter one looked for",
        ),
        Setting(
            "max_damping",
            1e10,
            Limits(above=0.0),
            "training ends when no step makes the loss smaller up to this damping",
        ),
        Setting("min_gradient", 1e-7, Limits(at_least=0.0), "training ends when the gradient is no longer than this"),
    ),
    kept=(Kept("damping", 0.0, lowered, Limits(at_least=LEAST_DAMPING), starts_as="damping"),),
    raised=raised,
    damped=damped,
    description=__doc__,
)
