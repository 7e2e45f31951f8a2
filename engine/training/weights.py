"""How much each sample counts in training."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.arguments import fault, fault_of, parameter_of, refusal
from engine.describe import describe, describe_name, is_array
from engine.elementwise import Array
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import NumberFrom

_WEIGHT = NumberFrom(0.0)


def weights_of(targets: Array, of_samples: object, of_classes: object, classes: Sequence[str] | None) -> Array | None:
    """What the loss and the gradient of each sample are multiplied by: (samples,), or None if nothing was asked for.

    Args:
        targets: (samples, outputs).
        of_samples: what was given for each sample, or None.
        of_classes: what was given for each class, in order or by name, or None.
        classes: the names of the classes, if they have names.

    Raises:
        ArgumentError: if something given will not do.
    """
    options, weights = parameter_of("trainNet", "options").label, None
    if of_samples is not None:
        weights = _taken(f"{options}.sample_weights", of_samples, "sample_weights", len(targets))
    if of_classes is not None:
        place, count = f"{options}.class_weights", targets.shape[1]
        if count < 2:
            raise refusal("trainNet", "options", fault(place, MESSAGES["classes_to_weigh"], describe(of_classes)))
        if classes is not None and isinstance(of_classes, Mapping) and of_classes:
            given = _by_name(place, of_classes, classes)
        else:
            given = _taken(place, of_classes, "class_weights", count)
        by_class = given[targets.argmax(axis=1)]
        weights = by_class if weights is None else weights * by_class
    return weights


def _taken(place: str, given: object, message: str, count: int) -> Array:
    rule = fill(MESSAGES[message], count=count)
    if not is_array(given) or len(given) != count:
        raise refusal("trainNet", "options", fault(place, rule, describe(given)))
    for index, value in enumerate(given, start=1):
        _check(f"{place}[{index}]", value)
    return np.array(given, dtype=np.float64)


def _by_name(place: str, given: Mapping[object, object], classes: Sequence[str]) -> Array:
    unknown = [describe_name(name, classes) for name in given if name not in classes]
    if unknown:
        rule = fill(MESSAGES["class_weights"], count=len(classes))
        raise refusal("trainNet", "options", fault(place, rule, fill(MESSAGES["got_name"], got=min(unknown))))
    for name in classes:
        if given.get(name) is not None:
            _check(f'{place}["{name}"]', given[name])
    return np.array([1.0 if given.get(name) is None else given[name] for name in classes], dtype=np.float64)


def _check(place: str, value: object) -> None:
    found = fault_of(_WEIGHT, place, value, {})
    if found is not None:
        raise refusal("trainNet", "options", found)
