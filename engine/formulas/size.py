"""How large networks are: parameters, work, memory, and an upper estimate of the length of a saved one."""

CHARACTERS_PER_PARAMETER = 31.0
CHARACTERS_AROUND = 8.0
CHARACTERS_PER_QUOTED_NAME = 3.0
# A number with sign, 17 digits, point and power, and its part of the commas and brackets.
CHARACTERS_PER_NUMBER = 28.0
# The progress, and the settings of an optimizer with a schedule.
CHARACTERS_OF_TRAINING = 1000.0
# IEEE 754, binary64.
BYTES_PER_NUMBER = 8.0


def layer_parameters(nodes: float, previous: float, recurrent: float) -> float:
    """Weights and biases of one layer of ``nodes`` after ``previous``; ``recurrent`` is 1 or 0."""
    return (previous + recurrent + 1.0) * nodes


def multiply_adds(nodes: float, columns: float) -> float:
    """Products that a step of a layer adds up, of so many weights in play in each node's row."""
    return nodes * columns


def memory(parameters: float, states: float) -> float:
    """Bytes of a layer's numbers, as doubles."""
    return BYTES_PER_NUMBER * (parameters + states)


def network_parameters(
    inputs: float, hidden_layers: float, hidden_nodes: float, outputs: float, recurrent: float
) -> float:
    """Weights and biases of a whole network."""
    return (
        layer_parameters(hidden_nodes, inputs, recurrent)
        + (hidden_layers - 1.0) * layer_parameters(hidden_nodes, hidden_nodes, recurrent)
        + layer_parameters(outputs, hidden_nodes, recurrent)
    )


def training_length(length: float, numbers: float, memories: float) -> float:
    """At most so many characters of a network in training that has ``length`` when saved and so many ``numbers``.

    ``memories`` is how many numbers an optimizer remembers of each.
    """
    return length + CHARACTERS_PER_NUMBER * numbers * (memories + 1.0) + CHARACTERS_OF_TRAINING


def name_length(name: float, names: float) -> float:
    """Characters of an activator's name; in an array of several, each also has quotes and a comma."""
    return name if names == 1 else name + CHARACTERS_PER_QUOTED_NAME


def layer_length(nodes: float, previous: float, recurrent: float) -> float:
    """Characters of one layer of ``nodes`` after ``previous``; ``recurrent`` is 1 or 0.

    Parameters, then the brackets and commas of the biases and of the rows of weights.
    """
    return (
        CHARACTERS_PER_PARAMETER * (previous + 1.0) * nodes
        + (nodes + 1.0)
        + (previous + 1.0) * nodes
        + recurrent * CHARACTERS_PER_PARAMETER * (previous + nodes)
    )


def network_length(
    inputs: float, hidden_layers: float, hidden_nodes: float, outputs: float, recurrent: float, names: float
) -> float:
    """Characters of a whole network; ``names`` counts the digits of the inputs and the activators' names."""
    return (
        layer_length(hidden_nodes, inputs, recurrent)
        + (hidden_layers - 1.0) * layer_length(hidden_nodes, hidden_nodes, recurrent)
        + layer_length(outputs, hidden_nodes, recurrent)
        + names
        + CHARACTERS_AROUND
    )
