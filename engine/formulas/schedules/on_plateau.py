"""PyTorch's ReduceLROnPlateau: the rate falls when the losses of epochs have stopped falling."""

from engine.formulas.records import Kept, Limits, RateSchedule, Setting, falling_factor, least_rate

# PyTorch's eps: no fall of the rate is as small as this.
SMALLEST_FALL = 1e-8


def is_better(loss: float, best: float, seen: float, threshold: float) -> float:
    """Whether an epoch's loss is better than the best so far, by more than a share of that; 1 or 0."""
    return 1.0 if loss < best * (1 - threshold) or (seen < 1 and loss - loss == 0) else 0.0


def counted_on(waited: float, patience: float) -> float:
    """One epoch more; after more than there is patience for, it begins again."""
    return waited + 1 if waited <= patience else 1.0


def no_wait(loss: float, best: float, seen: float, resting: float, threshold: float) -> float:
    """Whether an epoch is none that is waited through: above 0 if it is better, or if none is counted yet."""
    return is_better(loss, best, seen, threshold) + resting


def next_waited(
    waited: float, loss: float, best: float, seen: float, resting: float, threshold: float, patience: float
) -> float:
    """How many epochs in a row were no better."""
    return 0.0 if no_wait(loss, best, seen, resting, threshold) > 0 else counted_on(waited, patience)


def next_best(best: float, loss: float, seen: float, threshold: float) -> float:
    """The best loss of an epoch."""
    return loss if is_better(loss, best, seen, threshold) > 0 else best


def next_seen(seen: float, loss: float) -> float:
    """Whether there is a best loss: 1 or 0."""
    return 1.0 if loss - loss == 0 else seen


def next_resting(resting: float, waited: float, patience: float, cooldown: float) -> float:
    """For how many epochs none is counted after the rate has fallen."""
    return cooldown if waited > patience else resting - 1 if resting > 0 else 0.0


def at_least(rate: float, min_rate: float) -> float:
    """The rate, but never below the least."""
    return min_rate if rate < min_rate else rate


def fall_of(share: float, rate: float, factor: float, min_rate: float) -> float:
    """By how much the rate would fall."""
    return at_least(rate * share, min_rate) - at_least(rate * share * factor, min_rate)


def fallen(share: float, rate: float, factor: float, min_rate: float) -> float:
    """What is left of the rate when it falls, if that is worth it."""
    return share * factor if fall_of(share, rate, factor, min_rate) > SMALLEST_FALL else share


def next_share(share: float, waited: float, rate: float, patience: float, factor: float, min_rate: float) -> float:
    """What is left of the rate."""
    return fallen(share, rate, factor, min_rate) if waited > patience else share


def reduced(rate: float, share: float, min_rate: float) -> float:
    """The rate at a step."""
    return rate if share >= 1 else at_least(rate * share, min_rate)


COUNT = Limits(at_least=0.0, at_most=1e9, whole=True)
ON_PLATEAU = RateSchedule(
    "OnPlateau",
    settings=(
        falling_factor(0.1),
        Setting("patience", 10.0, COUNT, "epochs in a row that may be no better before the rate falls"),
        Setting(
            "threshold",
            1e-4,
            Limits(at_least=0.0, below=1.0),
            "share of the best epoch's loss by which a better one is smaller",
        ),
        Setting("cooldown", 0.0, COUNT, "epochs after a fall in which none is counted"),
        least_rate(0.0),
    ),
    kept=(
        Kept("waited", 0.0, next_waited, Limits(at_least=0.0)),
        Kept("best", 0.0, next_best),
        Kept("seen", 0.0, next_seen, Limits(at_least=0.0, at_most=1.0)),
        Kept("resting", 0.0, next_resting, Limits(at_least=0.0)),
        Kept("share", 1.0, next_share, Limits(at_least=0.0, at_most=1.0)),
    ),
    rate=reduced,
    by_epoch=True,
    description=__doc__,
)
