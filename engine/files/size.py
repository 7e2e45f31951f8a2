"""How long a network string will be."""

from engine.arguments import check_shape
from engine.describe import is_array
from engine.files.number_text import number_text
from engine.formulas.size import name_length, network_length
from engine.interface.limits import DEFAULT_ACTIVATOR


def approximate_length(
    inputs: int,
    hidden_layers: int,
    hidden_nodes: int,
    outputs: int,
    activator: str | tuple[str, ...] | list[str] = DEFAULT_ACTIVATOR,
    recurrent: bool = False,
) -> int:
    """An estimate, never too low, of the characters that a new network of a shape takes when saved.

    Raises:
        ArgumentError: if an argument is not what `Network.create` takes.
    """
    check_shape("getAproxLength", inputs, hidden_layers, hidden_nodes, outputs, activator, recurrent)
    names = [activator] if isinstance(activator, str) else activator
    assert is_array(names)
    characters = sum(name_length(len(name), len(names)) for name in names) + len(number_text(inputs))
    return int(network_length(inputs, hidden_layers, hidden_nodes, outputs, float(recurrent), characters))
