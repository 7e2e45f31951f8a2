"""How far back networks learn by training is what docs/recurrent.md says, measured again."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from engine import Network
from tests.docs.pages import section

STEPS, TEST_STEPS, RATE, SEEDS = 100_000, 2_000, 0.05, 20
# A network remembers if it is right in so many of its steps.
REMEMBERS = 0.95
# The page's figures are of one machine: exponentials of another one's library differ in the last digit, and in 100,000
# steps a network at the border may come out on the other side.
SLACK = 2


def elman(nodes: int) -> Callable[[int], Network]:
    layers = [{"nodes": nodes, "activator": "Tanh", "kind": "Elman"}, {"nodes": 1, "activator": "Sigmoid"}]
    return lambda seed: Network.build(inputs=1, layers=layers, seed=seed)


KINDS: dict[str, Callable[[int], Network]] = {
    "`Elman`, 20 nodes": elman(20),
    "`Elman`, 30 nodes": elman(30),
    "`Elman`, 50 nodes": elman(50),
    "`createNet(…, true)`, 30 nodes": lambda seed: Network.create(1, 1, 30, 1, "Tanh", True, seed=seed),
}


def remembers(kind: str, steps_back: int, seed: int) -> bool:
    """Whether a network learns to say what its input was so many steps ago."""
    inputs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(STEPS + TEST_STEPS, 1))
    targets = np.zeros_like(inputs)
    targets[steps_back:] = (inputs[:-steps_back] + 1) / 2
    network = KINDS[kind](seed)
    network.train(inputs[:STEPS], targets[:STEPS], RATE)
    _, metrics, _ = network.evaluate(inputs[STEPS:], targets[STEPS:])
    return bool(metrics["accuracy"] >= REMEMBERS)


def figures() -> dict[tuple[str, int], int]:
    """What the page says: of SEEDS networks, how many remember, by kind and by steps back."""
    text = section("docs/recurrent.md", "How far back it learns").text
    head, *rows = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)
    backs = [int(word) for word in re.findall(r"\d+", head)]
    found = {}
    for row in rows:
        kind, *counts = row.split(" | ")
        found.update({(kind, back): int(count) for back, count in zip(backs, counts, strict=True)})
    return found


def test_the_page_has_figures_of_every_kind() -> None:
    assert {kind for kind, _ in figures()} == KINDS.keys()


@pytest.mark.parametrize(("kind", "steps_back"), [("`Elman`, 30 nodes", 2), ("`Elman`, 30 nodes", 8)])
def test_it_remembers_two_steps_and_not_eight(kind: str, steps_back: int) -> None:
    is_said = figures()[kind, steps_back] > SEEDS // 2
    assert [remembers(kind, steps_back, seed) for seed in (1, 2)] == [is_said, is_said]


def test_the_figures_are_measured(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("thorough"):
        return
    for (kind, back), said in figures().items():
        count = sum(remembers(kind, back, seed) for seed in range(1, 1 + SEEDS))
        assert abs(count - said) <= SLACK, (kind, back, count, said)
