"""How many steps of a training lie between two looks at the clock, as the module counts them."""

from codegen.library.schedules import OPTIMIZER_WORK, ROW_WORK, WORK_BETWEEN_CLOCKS
from engine import Network


def steps_between_clocks(network: Network, *, is_plain: bool = True) -> int:
    numbers = sum(layer.weights.size + layer.biases.size for layer in network.layers)
    rows = sum(len(layer.weights) for layer in network.layers)
    each = 3 * (numbers + ROW_WORK * rows) * (1 if is_plain else OPTIMIZER_WORK)
    return -(-WORK_BETWEEN_CLOCKS // each)
