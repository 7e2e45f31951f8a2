"""What messages advise, and where the documentation explains it."""

import re
from dataclasses import dataclass

from engine.interface.messages import MESSAGES


@dataclass(frozen=True)
class Advice:
    """Words of a message that say what to do, and the section that explains them.

    Attributes:
        message: the name of the message in `MESSAGES`.
        words: what it advises, as it says it.
        section: the page in ``docs/`` and, behind #, the anchor of one of its headings.
    """

    message: str
    words: str
    section: str


_API = "api.md#"
_SAME, _CLASSES, _WILD, _REFUSED = (
    f"first-steps.md#{anchor}"
    for anchor in (
        *("it-always-gives-the-same-output", "it-does-not-tell-classes-apart"),
        *("the-loss-is-nan-infinite-or-grows", "the-library-says-wrong-arg"),
    )
)
_SAVING = "saving.md#strings"
_IMPORTING = "importing.md#bring-trained-weights-from-pytorch-or-scikit-learn"
ADVICE = (
    Advice("cure", "lower the learning rate", _WILD),
    Advice("cure", "scale inputs and targets (setScaler)", _WILD),
    Advice("cure", "clip gradients (clipNorm)", _WILD),
    Advice("unscaled", "give the network a scaler (setScaler)", _SAME),
    Advice("unreachable_target", "give the output layer Identity", _SAME),
    Advice("unreachable_target", "scale targets into that range (setScaler)", _SAME),
    Advice("unreachable_target", "for classes, give names (createNetwork)", _CLASSES),
    Advice(
        "unreachable_share",
        "let targets be 1 for the right class and 0 for the others",
        _CLASSES,
    ),
    Advice("unchanging", "Leave it out, or check the data", "training.md#told-before-the-first-step"),
    Advice("unbounded_recurrence", "Choose a bounded one such as Tanh", "recurrent.md#kinds-of-layers"),
    Advice("answer", "smaller weights or inputs do", "networks.md#scale"),
    Advice("activator", "one per layer; the output layer may also have {outputs}", f"{_API}activations"),
    Advice("hidden_activator", "the output layer may also have {outputs}", f"{_API}activations"),
    Advice("got_near", "did you mean {name}?", _REFUSED),
    Advice("got_library", "write a dot before the name of its function, not a colon", _REFUSED),
    Advice("got_network_text", "loadNet makes a network of it", f"{_API}loadnet"),
    Advice("got_optimizer_text", "loadOptimizer makes an optimizer of it", f"{_API}loadoptimizer"),
    Advice("got_training_text", "loadTraining reads it", f"{_API}loadtraining"),
    Advice("got_network_string", "loadNet reads it", f"{_API}loadnet"),
    Advice("got_optimizer_string", "loadOptimizer reads it", f"{_API}loadoptimizer"),
    Advice("got_training_string", "loadTraining reads it", f"{_API}loadtraining"),
    Advice("got_number_text", "text: tonumber makes a number of it", _REFUSED),
    Advice("got_single", "in an array: { {number} }", _REFUSED),
    Advice("got_option", "did you mean { {name} = {got} }?", _REFUSED),
    Advice("got_for_rate", "a rate stands alone", "training.md#many-samples-many-epochs"),
    Advice("got_optimizer_name", "createOptimizer makes one", f"{_API}createoptimizer"),
    Advice("got_networks", "give that", f"{_API}forwardnet"),
    Advice("got_no_text", "not saved yet? begin anew", "saving.md#in-a-datastore"),
    Advice("got_network", "loaded already", _SAVING),
    Advice("own_network", "one for each", "optimizers.md#choose-an-optimizer-its-options-and-a-schedule"),
    Advice("got_held", "wait, or return false from its onEpoch", "training.md#what-others-see-meanwhile"),
    Advice("no_epoch_left", "epochs counts those before, too", "training.md#stop-and-go-on"),
    Advice("trained", "save in its onEpoch, or when it has returned", "training.md#stop-and-go-on"),
    Advice("extras", "a newer version may have written more", f"{_API}version"),
    Advice("further_entry", "a newer version may have written it", f"{_API}version"),
    Advice("no_instances", "getVisual works in Roblox only", f"{_API}getvisual"),
    Advice("for_one_sample", "trainNet gives it all of them", "levenberg-marquardt.md#how-it-goes"),
    Advice("weights_of_layer", "an array that has inputs first needs .T", _IMPORTING),
    Advice("biases_of_layer", "zeros where a layer has none", _IMPORTING),
)


def spoken(advice: Advice) -> str:
    """The words as a reader finds them: with a dash for each thing that only a call tells.

    Raises:
        ValueError: if the message does not say them.
    """
    if advice.words not in MESSAGES[advice.message]:
        raise ValueError(f"{advice.message} does not say {advice.words!r}")
    return re.sub(r"\{\w+\}", "…", advice.words)
