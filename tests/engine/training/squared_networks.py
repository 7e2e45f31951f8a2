"""Networks of squared losses, for training by least squares."""

import numpy as np

from engine import Network


def squared_network(
    sizes: tuple[int, ...], hidden: str, output: str, loss: str, *, seed: int, bias_seed: int
) -> Network:
    """A network with biases by chance: so no sum is zero, where some activations have a kink."""
    names = [hidden] * (len(sizes) - 2) + [output]
    layers = [{"nodes": nodes, "activator": name} for nodes, name in zip(sizes[1:], names, strict=True)]
    made = Network.build(inputs=sizes[0], layers=layers, loss=loss, seed=seed)
    random = np.random.default_rng(bias_seed)
    for layer in made.layers:
        layer.biases[:] = random.normal(size=layer.nodes) / 4
    return made
