"""The training string: a network in training with all that training goes on with, and back.

``[network, stepper, random, [epoch, loss, best_epoch, lowest_loss], best]``: the network's table, its learning rate or
optimizer's table, the state of the random numbers, how far it has come and, where a best epoch may be put back,
``[network, stepper, random]`` as these were after that, otherwise false.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from engine.arguments import check, described_unless_right, fault, fault_of, parameter_of, refusal, refusal_by
from engine.describe import describe, is_array
from engine.files.network_faults import network_fault
from engine.files.network_table import network_from_table, network_to_table
from engine.files.optimizer_text import checked_table, limited_fault, optimizer_fault, optimizer_of
from engine.files.serialization import json_to_array, table_to_json
from engine.files.text_kinds import TRAINING_TEXT, describe_unless_text, refuse_other_kind
from engine.formulas.random import FIRST_MODULUS, SECOND_MODULUS
from engine.formulas.records import Limits
from engine.interface.functions import RATE
from engine.interface.limits import DATA_STORE_CHARACTERS, MAXIMUM_EPOCHS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Integer, NumberFrom
from engine.network import Network
from engine.random import Random, State
from engine.training.holds import refuse_if_held
from engine.training.optimizer import Optimizer
from engine.training.progress import Reached, TrainingProgress, words_of

_MODULI = (FIRST_MODULUS, SECOND_MODULUS)
_OF_RANDOM = [Limits(at_least=0.0, at_most=modulus - 1, whole=True) for modulus in _MODULI for _ in range(3)]
_ENTRIES, _OF_BEST = 5, 3


def save_training(network: Network, rate: float | Optimizer) -> str:
    """The training string, which loads here and in the Luau module: training goes on as if it had never stopped.

    It holds all as it is after the last epoch that is done: for ``on_epoch``, and for when `Network.train` has
    returned.

    Args:
        network: the network that is or was trained.
        rate: the learning rate or optimizer that `Network.train` was called with.

    Raises:
        ArgumentError: if the network is not trained to the end of an epoch, has another shape since, or was trained by
            another kind of optimizer; if training has driven a number to nan or infinity; or if the string would be
            longer than what Roblox has under one key of a data store.
    """
    if not isinstance(network, Network):
        raise refusal_by("saveTraining", "network", MESSAGES["network_object"], describe(network))
    label = parameter_of("saveTraining", "network").label
    refuse_if_held("saveTraining", "network", label, network, may_be_lent=True)
    if isinstance(rate, Optimizer):
        rate.update_of(network, "saveTraining")
    else:
        check("saveTraining", "rate", rate)
    progress = network.progress
    if progress is None:
        raise refusal_by("saveTraining", "network", MESSAGES["trained"], MESSAGES["got_untrained"])
    if network.shape != progress.shape:
        rule = fill(MESSAGES["kept_shape"], shape=progress.shape)
        raise refusal_by("saveTraining", "network", rule, network.shape)
    if words_of(rate) != progress.stepper or (isinstance(rate, Optimizer) and not rate.belongs_to(network)):
        got = MESSAGES["got_other_stepper"] if words_of(rate) == progress.stepper else words_of(rate)
        raise refusal_by("saveTraining", "rate", fill(MESSAGES["trained_by"], stepper=progress.stepper), got)
    table = network.checked_table("saveTraining")
    marks = [progress.epoch, progress.loss, progress.best_epoch, progress.lowest_loss]
    wild = [each for each in marks if not math.isfinite(each)]
    if wild:
        raise refusal_by("saveTraining", "network", MESSAGES["finite_loss"], describe(wild[0]))
    reached = [table, _stepper_table(rate), list(progress.random.state)]
    best: object = False
    if progress.best is not None:
        layers = network_to_table(progress.best.layers, network.best, network.activator, network.extras)
        best = [layers, _stepper_table(progress.best.stepper), list(progress.best.random)]
    text = table_to_json([*reached, marks, best])
    # Names may have letters beyond ASCII, and Roblox counts bytes.
    length = len(text.encode())
    if length > DATA_STORE_CHARACTERS:
        rule = fill(MESSAGES["stored_length"], maximum=DATA_STORE_CHARACTERS)
        raise refusal_by("saveTraining", "network", rule, str(length))
    return text


def load_training(text: str) -> tuple[Network, float | Optimizer, TrainingProgress]:
    """A training from its string.

    Returns:
        The network, its learning rate or optimizer, and the progress, for the option ``resume`` of `Network.train`.

    Raises:
        ArgumentError: if the text is not a training string.
    """
    table = json_to_array(text)
    place = parameter_of("loadTraining", "text").label
    if table is None:
        raise refusal_by("loadTraining", "text", MESSAGES[TRAINING_TEXT], describe_unless_text(text))
    refuse_other_kind("loadTraining", TRAINING_TEXT, table)
    found = _training_fault(table, place)
    if found is not None:
        raise refusal("loadTraining", "text", found)
    entries = cast(Sequence[Any], table)
    network, stepper, state = _reached_of(entries)
    random = Random.from_state(state)
    epoch, loss, best_epoch, lowest = entries[3]
    progress = TrainingProgress(
        network.shape, words_of(stepper), random, int(epoch), float(loss), float(lowest), int(best_epoch)
    )
    found = _misfit(network, stepper, place)
    if entries[4] is not False:
        other, best_stepper, best_random = _reached_of(entries[4])
        here = f"{place}[5]"
        found = found or _misfit(network, best_stepper, here) or _other_fault(progress, other, best_stepper, here)
        progress = replace(progress, best=Reached(other.layers, best_stepper, best_random))
    if found is not None:
        raise refusal("loadTraining", "text", found)
    return network, stepper, progress


def _stepper_table(stepper: float | Optimizer) -> object:
    return checked_table("saveTraining", "network", stepper) if isinstance(stepper, Optimizer) else stepper


def _reached_of(entries: Sequence[Any]) -> tuple[Network, float | Optimizer, State]:
    """What three entries without fault stand for."""
    table, stepper, random = entries[:_OF_BEST]
    network = Network(*network_from_table(table))
    a, b, c, d, e, f = map(float, random)
    return network, optimizer_of(stepper) if is_array(stepper) else float(stepper), (a, b, c, d, e, f)


def _training_fault(table: Sequence[object], place: str) -> str | None:
    """What is wrong with what a text holds, taken by itself; or None."""
    found = _reached_fault(table, place)
    marks: Any = table[3] if len(table) > _OF_BEST else None
    epochs, here = Limits(at_least=1.0, at_most=float(MAXIMUM_EPOCHS), whole=True), f"{place}[4]"
    found = found or limited_fault(marks, here, [epochs, Limits(), epochs, Limits()])
    found = found or fault_of(Integer(1, int(marks[0])), f"{here}[3]", marks[2], {})
    if found is not None:
        return found
    best = table[4] if len(table) > _OF_BEST + 1 else None
    if best is not False:
        here = f"{place}[5]"
        if not is_array(best) or len(best) != _OF_BEST:
            return fault(here, MESSAGES["best_or_false"], describe(best))
        found = _reached_fault(best, here)
        if found is not None:
            return found
    if len(table) > _ENTRIES:
        return fault(f"{place}[{_ENTRIES + 1}]", MESSAGES["further_entry"], describe(table[_ENTRIES]))
    return None


def _reached_fault(entries: Sequence[object], place: str) -> str | None:
    """What is wrong with a network, a rate or optimizer and a random state, or None."""
    network, stepper, random = cast(list[Any], [*entries, None, None, None][:_OF_BEST])
    found = network_fault(network, f"{place}[1]")
    if found is not None:
        return found
    here = f"{place}[2]"
    is_optimizer = is_array(stepper) and len(stepper) > 0
    found = optimizer_fault(stepper, here) if is_optimizer else _rate_fault(stepper, here)
    found = found or limited_fault(random, f"{place}[3]", _OF_RANDOM)
    if found is None and not all(any(triple) for triple in (random[:3], random[3:])):
        return fault(f"{place}[3]", MESSAGES["random_state"], describe(random))
    return found


def _rate_fault(rate: object, place: str) -> str | None:
    instead = described_unless_right(NumberFrom(0.0), rate, {})
    return None if instead is None else fault(place, RATE.rule.text(), instead)


def _misfit(network: Network, stepper: float | Optimizer, place: str) -> str | None:
    """What keeps an optimizer without fault from stepping a network, or None."""
    found = stepper.misfit(network) if isinstance(stepper, Optimizer) else None
    return None if found is None else fault(f"{place}[2]", *found)


def _other_fault(progress: TrainingProgress, best: Network, stepper: float | Optimizer, place: str) -> str | None:
    """What keeps the best epoch from being one of the same training, or None."""
    wanted = {"shape": progress.shape, "stepper": progress.stepper}
    given = {"shape": best.shape, "stepper": words_of(stepper)}
    if given == wanted:
        return None
    return fault(place, fill(MESSAGES["resumed"], **wanted), fill(MESSAGES["got_resumed"], **given))
