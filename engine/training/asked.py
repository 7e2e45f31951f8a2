"""What training is asked to do: its options, looked at and filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arguments import check_option, fault, option_refusal, parameter_of, refusal
from engine.boundary import End, Samples
from engine.describe import describe, describe_name, is_array
from engine.elementwise import Array
from engine.formulas.selection import set_aside
from engine.interface.messages import MESSAGES, fill
from engine.interface.options import TRAINING_OPTIONS
from engine.interface.rules import ClassWeights, ProgressHandle, SampleWeights, Validation
from engine.random import Random
from engine.training.loop import OnEpoch
from engine.training.optimizer import Optimizer
from engine.training.progress import TrainingProgress, words_of
from engine.training.session import Dataset
from engine.training.weights import weights_of

Engine = Literal["auto", "numpy", "luajit"]

_OPTIONS = {each.python: each for each in (*TRAINING_OPTIONS.fields, *TRAINING_OPTIONS.python_fields) if each.python}
# Looked at elsewhere: their rules need to know of the network, of its samples, or of what a training is.
_BY_CONTEXT = (ProgressHandle, Validation, SampleWeights, ClassWeights)


class TrainingOptions(TypedDict, total=False):
    """The options of `engine.Network.train`, as `engine.interface.options.TRAINING_OPTIONS` describes them."""

    shuffle: bool
    batch_size: int
    validation: tuple[Samples, Samples] | None
    validation_share: float
    patience: int | None
    target_loss: float | None
    time_limit: float | None
    sample_weights: ArrayLike | None
    class_weights: ArrayLike | Mapping[str, float] | None
    metrics: bool | None
    random: Random | int | None
    resume: TrainingProgress | None
    on_epoch: OnEpoch | None
    engine: Engine
    progress: bool


@dataclass(frozen=True)
class Asked:
    """What training is to do, all options with what they are by themselves.

    Attributes:
        options: their values by their names.
        dataset: what is trained on.
        validation: what is measured after each epoch, if that is something else.
        weights: how much each sample counts, (samples,); None if they all count the same.
    """

    options: Mapping[str, Any]
    dataset: Dataset
    validation: Dataset | None
    weights: Array | None

    @property
    def is_measured(self) -> bool:
        """Whether the network is measured after every epoch."""
        wanted: bool | None = self.options["metrics"]
        by_itself = self.options["on_epoch"] is not None
        return self.validation is not None or (by_itself if wanted is None else bool(wanted))

    def begin(self, shape: str, stepper: float | Optimizer) -> tuple[TrainingProgress, Random]:
        """Where training begins, or goes on, and where it then draws from.

        Args:
            shape: the network's.
            stepper: its learning rate or optimizer.

        Raises:
            ArgumentError: if it cannot go on from where it is to.
        """
        stream, progress = self.options["random"], self.options["resume"]
        wanted = {"shape": shape, "stepper": words_of(stepper)}
        if progress is None:
            random = Random.of(stream)
            return TrainingProgress(shape, wanted["stepper"], random), random
        if not isinstance(progress, TrainingProgress):
            raise option_refusal("trainNet", "options", "resume", MESSAGES["training_progress"], describe(progress))
        if stream is not None:
            rule = fill(MESSAGES["left_out_beside"], name="resume")
            got = describe(stream) if isinstance(stream, int) else MESSAGES["got_stream"]
            raise option_refusal("trainNet", "options", "random", rule, got)
        given = {"shape": progress.shape, "stepper": progress.stepper}
        if given != wanted:
            rule, got = fill(MESSAGES["resumed"], **wanted), fill(MESSAGES["got_resumed"], **given)
            raise option_refusal("trainNet", "options", "resume", rule, got)
        return progress, Random.from_state(progress.random.state)


def asked(
    options: Mapping[str, object], dataset: Dataset, ends: tuple[End, End], *, recurrent: bool, whole: str | None = None
) -> Asked:
    """What training is to do.

    Args:
        options: what was given, by the names of `TrainingOptions`.
        dataset: all samples.
        ends: of the network's inputs and of its outputs.
        recurrent: whether its samples follow one another in time.
        whole: the name of the optimizer, if it steps by all samples.

    Raises:
        ArgumentError: if an option will not do.
    """
    label = parameter_of("trainNet", "options").label
    for name in options:
        if name not in _OPTIONS:
            rule = fill(MESSAGES["option_name"], names=", ".join(_OPTIONS))
            raise refusal("trainNet", "options", fault(label, rule, describe_name(name, tuple(_OPTIONS))))
    validation = None
    chosen: dict[str, Any] = {}
    for name, option in _OPTIONS.items():
        value = options.get(name, option.default)
        chosen[name] = value
        if value is None and option.default is None:
            continue
        if isinstance(option.rule, Validation):
            validation = _validation(f"{label}.{name}", value, ends)
        elif not isinstance(option.rule, _BY_CONTEXT) and not isinstance(value, Random):
            check_option("trainNet", "options", name, value)
    of_order = "batch_size" if chosen["batch_size"] > 1 else "shuffle" if chosen["shuffle"] else None
    if recurrent and of_order is not None:
        raise option_refusal("trainNet", "options", of_order, MESSAGES["in_time"], describe(chosen[of_order]))
    weights = weights_of(dataset.targets, chosen["sample_weights"], chosen["class_weights"], ends[1].classes)
    share = float(chosen["validation_share"])
    if share > 0:
        if validation is not None:
            rule = fill(MESSAGES["left_out_beside"], name="validation")
            raise option_refusal("trainNet", "options", "validation_share", rule, describe(share))
        aside = _aside(len(dataset), share)
        validation = Dataset(dataset.inputs[aside], dataset.targets[aside])
        dataset = Dataset(dataset.inputs[~aside], dataset.targets[~aside])
        weights = None if weights is None else weights[~aside]
    if whole is not None and chosen["batch_size"] not in (1, len(dataset)):
        rule = fill(MESSAGES["all_samples"], count=len(dataset), name=whole)
        raise option_refusal("trainNet", "options", "batch_size", rule, describe(chosen["batch_size"]))
    return Asked(chosen, dataset, validation, weights)


def _validation(place: str, given: object, ends: tuple[End, End]) -> Dataset:
    if not is_array(given) or len(given) != 2:
        raise refusal("trainNet", "options", fault(place, MESSAGES["validation"], describe(given)))
    samples, targets = given
    inputs = ends[0].take_many("trainNet", "options", samples, {}, of="samples", place=f"{place}[1]")
    wanted = ends[1].take_many(
        "trainNet", "options", targets, {"samples": len(inputs)}, of="targets", place=f"{place}[2]"
    )
    return Dataset(inputs, wanted)


def _aside(samples: int, share: float) -> NDArray[np.bool_]:
    """Which samples are set aside for validation."""
    aside = np.array([set_aside(index, share) > 0 for index in range(1, samples + 1)])
    count = int(aside.sum())
    if not 0 < count < samples:
        rule = fill(MESSAGES["share_of_samples"], samples=samples)
        got = fill(MESSAGES["got_share"], got=describe(share), count=count)
        raise option_refusal("trainNet", "options", "validation_share", rule, got)
    return cast(NDArray[np.bool_], aside)
