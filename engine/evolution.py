"""Generations: a genetic algorithm over networks of one shape.

A generation is ranked by score. The best share is kept, the rest is replaced by children of the kept, and then
every network but the best is mutated. All of it happens in place, so that a network keeps its index.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.arguments import check, check_options, fault, refusal
from engine.creation import checked_sizes, layers_of_sizes, warn_if_unbounded
from engine.describe import describe, describe_unless_network, is_array
from engine.files.network_faults import network_fault
from engine.files.network_table import ActivatorNames
from engine.formulas.selection import kept_count, parent_chance
from engine.interface.functions import FUNCTIONS
from engine.interface.limits import DEFAULT_ACTIVATOR, DEFAULT_BIAS, MINIMUM_GENERATION
from engine.interface.messages import MESSAGES, fill
from engine.network import Network
from engine.random import Random
from engine.training.holds import refuse_if_held


def create_generation(
    count: int,
    inputs: int,
    hidden_layers: int,
    hidden_nodes: int,
    outputs: int,
    activator: ActivatorNames = DEFAULT_ACTIVATOR,
    recurrent: bool = False,
    default_bias: float = DEFAULT_BIAS,
    random: Random | int | None = None,
) -> list[Network]:
    """The networks of a first generation, each from a substream of its own (see `Network.create`).

    Raises:
        ArgumentError: if an argument will not do.

    Warns:
        UserWarning: if recurrent networks have an activation of infinite range.
    """
    check("createGenNet", "networkCount", count)
    sizes = checked_sizes(
        "createGenNet", inputs, hidden_layers, hidden_nodes, outputs, activator, recurrent, default_bias
    )
    random = Random.of(random)
    if recurrent:
        warn_if_unbounded(activator, int(hidden_layers))
    recurrent, bias = bool(recurrent), float(default_bias)
    return [
        Network(layers_of_sizes(sizes, activator, recurrent=recurrent, bias=bias, random=random.spawn()), activator)
        for _ in range(int(count))
    ]


def run_generation(
    networks: Sequence[Network],
    scores: Sequence[float],
    options: Mapping[str, float] | None = None,
    random: Random | int | None = None,
) -> int:
    """Replace a generation by the next one, in place.

    Args:
        networks: at least two networks of one shape, each its own object.
        scores: how good each one was, higher is better; any finite numbers.
        options: settings by name (see `engine.interface.options.GENERATION_OPTIONS`); those left out have their
            defaults.
        random: where the random numbers come from (a stream, a seed or None for the clock); each network gets a
            substream.

    Returns:
        The index (from 0) of the best network, which stays as it is. States of recurrent networks start again at zero.

    Raises:
        ArgumentError: if an argument will not do; the generation is then as before.
    """
    _check_networks(networks)
    check("runGenNet", "scores", scores, count=len(networks))
    settings = check_options("runGenNet", "options", options)
    random = Random.of(random)

    streams = [random.spawn() for _ in networks]
    points = [float(score) for score in scores]
    ranking = sorted(range(len(networks)), key=lambda index: (-points[index], index))
    kept = int(kept_count(len(networks), settings["keep_share"], MINIMUM_GENERATION))
    parents, best = ranking[:kept], ranking[0]
    highest, lowest = points[best], points[parents[-1]]
    chances = [parent_chance(points[index], lowest, highest, settings["selection_pressure"]) for index in parents]
    for index in ranking[kept:]:
        first = _choose(chances, None, streams[index])
        second = _choose(chances, first, streams[index])
        _breed(networks[index], networks[parents[first]], networks[parents[second]], settings, streams[index])
    for index, network in enumerate(networks):
        network.reset_state()
        network.best = index == best
        if not network.best:
            _mutate(network, settings, streams[index])
    return best


def _choose(chances: Sequence[float], excluded: int | None, stream: Random) -> int:
    """An index, by its share of the chances of all but the excluded one."""
    candidates = [index for index in range(len(chances)) if index != excluded]
    total = 0.0
    for index in candidates:
        total += chances[index]
    remaining = stream.uniform() * total
    for index in candidates:
        remaining -= chances[index]
        if remaining < 0:
            return index
    return candidates[-1]


def _breed(child: Network, first: Network, second: Network, settings: Mapping[str, float], stream: Random) -> None:
    """Make the child anew: every node is one of its two parents', with noise on its bias; extras are the first's."""
    child.extras = first.extras
    for layer, one, other in zip(child.layers, first.layers, second.layers, strict=True):
        for node in range(layer.nodes):
            parent = (one, other)[stream.index(2)]
            layer.weights[node] = parent.weights[node]
            layer.biases[node] = parent.biases[node] + stream.symmetric(settings["bias_noise"])


def _mutate(network: Network, settings: Mapping[str, float], stream: Random) -> None:
    """Change every parameter of some random nodes ("King Mode": all networks but the best one are mutated)."""
    nodes = [(layer, node) for layer in network.layers for node in range(layer.nodes)]
    for _ in range(min(int(settings["mutated_nodes"]), len(nodes))):
        index = stream.index(len(nodes))
        layer, node = nodes[index]
        nodes[index] = nodes[-1]
        nodes.pop()
        limit = settings["mutation_range"]
        layer.weights[node] += np.array([stream.symmetric(limit) for _ in layer.weights[node]])
        layer.biases[node] += stream.symmetric(limit)


def _check_networks(networks: object) -> None:
    """Refuse what is no generation of distinct networks of one shape."""
    container = FUNCTIONS["runGenNet"].parameters[0]
    if not is_array(networks) or len(networks) < MINIMUM_GENERATION:
        raise refusal("runGenNet", "networks", fault(container.label, container.rule.text(), describe(networks)))
    seen: dict[int, int] = {}
    for index, network in enumerate(networks, start=1):
        place = f"{container.label}[{index}]"
        if not isinstance(network, Network):
            raise refusal(
                "runGenNet", "networks", fault(place, MESSAGES["network_object"], describe_unless_network(network))
            )
        refuse_if_held("runGenNet", "networks", place, network)
        found = network_fault(network.to_table(), place)
        if found is not None:
            raise refusal("runGenNet", "networks", found)
        # A shallow copy is another object, but it has the same layers.
        layer = id(network.layers[0])
        if layer in seen:
            same = fill(MESSAGES["got_same"], place=f"{container.label}[{seen[layer]}]")
            raise refusal("runGenNet", "networks", fault(place, MESSAGES["distinct"], same))
        seen[layer] = index
        first = networks[0]
        assert isinstance(first, Network)
        if network.shape != first.shape:
            rule = fill(MESSAGES["same_shape"], shape=first.shape)
            raise refusal("runGenNet", "networks", fault(place, rule, network.shape))
