"""The training loop: epochs over a dataset, what is measured after each, and when it ends."""

import inspect
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.describe import describe
from engine.interface.limits import LARGEST_GROWTH
from engine.interface.messages import MESSAGES, fill
from engine.layer import Layer
from engine.random import Random
from engine.training.evaluation import VALIDATION_LOSS, Evaluation, Metrics
from engine.training.history import Ending, History
from engine.training.holds import Hold
from engine.training.optimizer import Optimizer
from engine.training.progress import Reached, TrainingProgress
from engine.training.progress_bar import ProgressBar
from engine.training.session import Order, Session, put_back_numbers
from engine.training.updates import Stepper

# Called with the number of epochs that are done, the mean loss of the last and, if it takes them, what was measured
# after it; False ends the training.
OnEpoch = Callable[[int, float], object] | Callable[[int, float, Metrics], object]


class TrainingError(ArithmeticError):
    """A step would have made a number nan or infinite. The text says where, and what helps.

    Attributes:
        took_steps: whether some were taken before.
    """

    def __init__(self, text: str, *, took_steps: bool = False) -> None:
        super().__init__(text)
        self.took_steps = took_steps


@dataclass(frozen=True)
class Plan:
    """What training is to do.

    Attributes:
        start: where it begins, or goes on.
        stepper: the learning rate, or the optimizer.
        stand: told where it stands after each epoch; None for nowhere, when it has come to no good end.
        epochs: how many are to be done then, at most.
        random: where random numbers come from.
        shuffle: whether orders are drawn from there; otherwise samples come in their own.
        on_epoch: what is called after each epoch, if anything.
        evaluate: what measures the network after each epoch, if it is measured.
        has_validation: whether that measures samples which training does not see.
        patience: after how many epochs without a lower loss training ends; None for never.
        target_loss: at what loss it ends; None for none.
        time_limit: after how many seconds it ends; None for never.
        bar: what shows how far it has come, if anything does.
    """

    start: TrainingProgress
    stepper: float | Optimizer
    stand: Callable[[TrainingProgress | None], None]
    epochs: int
    random: Random
    shuffle: bool
    on_epoch: OnEpoch | None
    evaluate: Callable[[], Evaluation] | None
    has_validation: bool
    patience: int | None
    target_loss: float | None
    time_limit: float | None
    bar: ProgressBar | None = None


def train(
    begin: Callable[[], Session], layers: Sequence[Layer], update: Stepper, samples: int, plan: Plan, hold: Hold
) -> History:
    """Train for some epochs; the update is told each epoch's loss.

    Raises:
        TrainingError: if a loss or a number of the network would not be finite; it keeps its last finite numbers.
    """
    try:
        return _train(begin, layers, update, samples, plan, hold)
    finally:
        if plan.bar is not None:
            plan.bar.close()


def _train(
    begin: Callable[[], Session], layers: Sequence[Layer], update: Stepper, samples: int, plan: Plan, hold: Hold
) -> History:
    losses: list[float] = []
    measured: list[Metrics] = []
    rates: list[float] = []
    seconds: list[float] = []

    def reached() -> Reached:
        stepper = plan.stepper.copy() if isinstance(plan.stepper, Optimizer) else plan.stepper
        return Reached([layer.copy() for layer in layers], stepper, plan.random.state)

    call_back = None if plan.on_epoch is None else _caller_of(plan.on_epoch)
    started = time.perf_counter()
    session = begin()
    in_order = np.arange(samples, dtype=np.int64)
    keep = None if plan.patience is None else reached
    progress = replace(plan.start, best=None) if keep is None else plan.start.with_best(keep)
    if progress.epoch > 0:
        plan.stand(progress)
    ended_by = _ending(plan, progress, 0.0)
    while ended_by is None:
        epoch = hold.epoch = progress.epoch + 1
        began = time.perf_counter()
        order = session.shuffled(plan.random) if plan.shuffle else in_order
        loss = session.run(order) / samples
        if session.stopped_at is not None or not math.isfinite(loss):
            plan.stand(None)
            is_whole = isinstance(plan.stepper, Optimizer) and plan.stepper.least_squares is not None
            raise _stopped(epoch, order, session, loss * samples, losses, is_whole=is_whole)
        losses.append(loss)
        rates.append(update.rate)
        metrics = _measured(plan)
        measured.append(metrics)
        watched = metrics.get(VALIDATION_LOSS, loss)
        found = plan.stepper.ended_by if isinstance(plan.stepper, Optimizer) else None
        update.observe(watched)
        stream = plan.random if call_back is not None else Random.from_state(plan.random.state)
        progress = progress.after_epoch(watched, stream, keep)
        plan.stand(progress)
        seconds.append(time.perf_counter() - began)
        if plan.bar is not None:
            plan.bar.epoch_done(watched)
        if call_back is not None:
            hold.is_lent = True
            try:
                goes_on = call_back(epoch, loss, metrics)
            finally:
                hold.is_lent = False
                progress = replace(progress, random=Random.from_state(plan.random.state))
                plan.stand(progress)
            if isinstance(goes_on, (bool, np.bool_)) and not goes_on:
                ended_by = "on_epoch"
                break
            # It may have changed the network.
            session = begin()
        ended_by = _ending(plan, progress, time.perf_counter() - started, found)
    if keep is not None and progress.best is not None:
        put_back_numbers(layers, progress.best.layers)
        if isinstance(progress.best.stepper, Optimizer) and isinstance(plan.stepper, Optimizer):
            plan.stepper.become(progress.best.stepper)
        plan.stand(progress.at_best())
    else:
        plan.stand(progress)
    every = {name: np.array([each[name] for each in measured]) for name in (measured[0] if measured else ())}
    return History(np.array(losses), every, np.array(rates), np.array(seconds), progress.best_epoch, ended_by)


def _ending(plan: Plan, progress: TrainingProgress, seconds: float, found: Ending | None = None) -> Ending | None:
    """Why training ends where it stands, if it does; ``found`` is what its optimizer has found."""
    if plan.target_loss is not None and progress.loss <= plan.target_loss:
        return "target_loss"
    if plan.patience is not None and progress.epoch - progress.best_epoch >= plan.patience:
        return "patience"
    if plan.time_limit is not None and seconds >= plan.time_limit:
        return "time_limit"
    return found or ("epochs" if progress.epoch >= plan.epochs else None)


def _measured(plan: Plan) -> Metrics:
    if plan.evaluate is None:
        return {}
    loss, metrics, _ = plan.evaluate()
    return {**metrics, VALIDATION_LOSS: loss} if plan.has_validation else metrics


def _caller_of(on_epoch: OnEpoch) -> Callable[[int, float, Metrics], object]:
    """What calls it, with what is measured if it takes that."""
    call: Callable[..., object] = on_epoch
    try:
        inspect.signature(call).bind(0, 0.0, {})
    except (TypeError, ValueError):
        # It takes two arguments, or nobody knows how many, as it is of C.
        return lambda epoch, loss, metrics: call(epoch, loss)
    return call


def warning_at_end(plan: Plan, told: History) -> str | None:
    """What is to be said of a training that came to its end, if anything is.

    Args:
        plan: what it was to do.
        told: what it did.

    Returns:
        The sentence where it did nothing, or where its loss has grown; else None.
    """
    losses = told.losses.tolist()
    if not losses:
        return MESSAGES["no_epoch_left"] if told.ended_by == "epochs" else None
    is_kept = told.ended_by != "on_epoch" and plan.patience is None
    has_grown = is_kept and losses[-1] > LARGEST_GROWTH * max(losses[0], 1.0)
    return f"{_advice(losses)}." if has_grown else None


def _advice(losses: Sequence[float]) -> str:
    """What helps where training goes wrong, with how far the loss has grown, if it has."""
    if not losses or losses[-1] <= losses[0]:
        return MESSAGES["cure"]
    first, last = (f"{each:.3g}" for each in (losses[0], losses[-1]))
    return fill(MESSAGES["growth"], first=first, last=last, advice=MESSAGES["cure"])


def _stopped(
    epoch: int, order: Order, session: Session, total: float, losses: Sequence[float], *, is_whole: bool
) -> TrainingError:
    """The error of an epoch that came to no good end; ``is_whole`` if it would have been one step."""
    known = {"epoch": epoch, "got": describe(total), "advice": _advice(losses)}
    if session.stopped_at is None:
        return TrainingError(fill(MESSAGES["no_finite_weight"], **known), took_steps=len(losses) > 0)
    text = fill(MESSAGES["no_finite_loss"], sample=int(order[session.stopped_at]) + 1, **known)
    return TrainingError(text, took_steps=len(losses) > 0 or (session.stopped_at > 0 and not is_whole))
