"""Whether what layers give is an answer: where it is none, they are as they were before they ran."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.arguments import described_unless_numbers, fault, refusal
from engine.elementwise import Array
from engine.files.network_table import LAYERS
from engine.interface.messages import MESSAGES
from engine.layer import Layer
from engine.propagation import Pass


@np.errstate(over="ignore", invalid="ignore")
def answered(
    function: str, layers: Sequence[Layer], run: Callable[[Sequence[Layer], Array], list[Pass]], values: Array
) -> list[Pass]:
    """What each layer of a network gives for some values, for a public function.

    Raises:
        ArgumentError: if that is no answer; the layers then remember what they did before.
    """
    states = [layer.state for layer in layers]
    passes = run(layers, values)
    found = _answer_fault(layers, passes)
    if found is not None:
        for layer, state in zip(layers, states, strict=True):
            layer.state = state
        raise refusal(function, "network", found)
    return passes


def _answer_fault(layers: Sequence[Layer], passes: Sequence[Pass]) -> str | None:
    """Which layer first gives what is not finite, if that made an output nan or a memory not finite."""
    is_none = np.isnan(passes[-1].outputs).any(axis=-1)
    is_wild = any(not np.isfinite(layer.state).all() for layer in layers if layer.state is not None)
    if not is_none.any() and not is_wild:
        return None
    for index, done in enumerate(passes, start=1):
        outputs = done.outputs[np.argmax(is_none)] if done.outputs.ndim > 1 else done.outputs
        got = described_unless_numbers(outputs, len(outputs))
        if got is not None:
            return fault(f"Network[{LAYERS}][{index}]", MESSAGES["answer"], got)
    raise AssertionError("an answer came from finite numbers alone")
