"""What the scripts of the pages are said to learn, section by section."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from tests.engine.training.accuracy import accuracy


@dataclass(frozen=True)
class Claim:
    """What is true of a section's script when it has run, as an expression or a few lines over its names.

    Args:
        luau: lines that return whether it is so, behind the script in Luau.
        python: an expression, of the names that the script in Python leaves; ``accuracy`` is known.
        seeds: how many seeds are tried without --thorough, as far as a few seconds go.
    """

    luau: str = ""
    python: str = ""
    seeds: int = 1

    def holds(self, names: Mapping[str, Any]) -> bool:
        """Whether it is so of what a script in Python leaves."""
        return bool(eval(self.python, {"np": np, "accuracy": accuracy, **names}))


EXCLUSIVE_OR = """
local right = 0
for _, sample in { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } } do
	local wanted, answer = sample[1] + sample[2] == 1, KNN.forwardNet(network, sample)[1]
	right += if (wanted and answer > 0.8) or (not wanted and answer < 0.2) then 1 else 0
end
return right == 4
"""
# The same, of outputs that only have to be on the right side.
DECIDES_EXCLUSIVE_OR = EXCLUSIVE_OR.replace("0.8", "0.5").replace("0.2", "0.5")
PYTHON_EXCLUSIVE_OR = """(
    (network.forward(np.array([[0.0, 1.0], [1.0, 0.0]])) > 0.8).all()
    and (network.forward(np.array([[0.0, 0.0], [1.0, 1.0]])) < 0.2).all()
)"""
# Of situations all over, how many are judged as the players of tests/docs/scripts.py do.
DOES_AS_PLAYERS_DO = """
local right, count = 0, 0
for health = 1, 100, 3 do
	for distance = 5, 200, 3 do
		local answer = KNN.classifyNet(npc, { health = health, distance = distance })
		local wanted = if health < 30 then "flee" elseif distance < 60 then "fight" else "wait"
		right += if answer == wanted then 1 else 0
		count += 1
	end
end
return right / count >= 0.9
"""
_README, _FIRST, _STEPS, _NETWORKS, _OPTIMIZERS, _TRAINING, _GENERATIONS, _RECURRENT, _GAME = (
    "README.md",
    *(f"docs/{name}.md" for name in ("first-networks", "first-steps", "networks", "optimizers", "training")),
    *(f"docs/{name}.md" for name in ("generations", "recurrent", "in-a-game")),
)

_SQUARES = "docs/levenberg-marquardt.md"

CLAIMS: Mapping[tuple[str, str], Claim] = MappingProxyType(
    {
        (_README, "The smallest network"): Claim(luau=EXCLUSIVE_OR, seeds=2),
        (_README, "Learn from data, in your own units"): Claim(
            luau="""
            local miss, count = 0, 0
            for speed = 22.5, 80, 5 do
                for angle = 12.5, 80, 5 do
                    local flown = speed ^ 2 * math.sin(math.rad(2 * angle)) / 196.2
                    miss += math.abs(KNN.forwardNet(network, { speed, angle })[1] - flown)
                    count += 1
                end
            end
            return miss / count < 1
            """
        ),
        (_README, "An NPC that decides"): Claim(
            luau="""
            local right, count = 0, 0
            for health = 1, 100, 3 do
                for distance = 1, 200, 3 do
                    local answer = KNN.classifyNet(guard, { health = health, distance = distance })
                    local wanted = if health < 30 then "flee" elseif distance < 60 then "fight" else "patrol"
                    right += if answer == wanted then 1 else 0
                    count += 1
                end
            end
            return right / count >= 0.95
            """
        ),
        (_README, "Evolve networks, and keep the winner"): Claim(
            luau="""
            local again = drive(KNN.loadNet(winner))
            return math.abs(again - record) < 1e-9 and again > -1 -- Lune's codec rounds
            """,
            seeds=2,
        ),
        (_README, "See your network"): Claim(luau=EXCLUSIVE_OR),
        (_FIRST, "Exclusive or"): Claim(luau=EXCLUSIVE_OR, python=PYTHON_EXCLUSIVE_OR, seeds=2),
        (_FIRST, "Three classes"): Claim(
            luau="return select(2, KNN.evaluateNet(network, samples, targets)).accuracy >= 0.95",
            python="accuracy(network, samples, targets) >= 0.95",
        ),
        # Finer than the samples, so that what lies between them counts too.
        (_FIRST, "A curve"): Claim(
            luau="""
            local miss = 0
            for step = 0, 499 do
                local x = 2 * math.pi * step / 499
                miss += math.abs(KNN.forwardNet(network, { x })[1] - math.sin(x))
            end
            return miss / 500 <= 0.05
            """,
            python="np.abs(network.forward(x := np.linspace(0.0, 2 * np.pi, 500)[:, None]) - np.sin(x)).mean() <= 0.05",
        ),
        (_FIRST, "Handwritten digits"): Claim(
            luau="return right / #unseen >= 0.95", python="accuracy(network, unseen, answers) >= 0.95"
        ),
        (_SQUARES, "A few steps for small networks"): Claim(
            luau="return select(2, KNN.evaluateNet(brakes, samples, targets)).meanAbsoluteError < 0.5",
            python="np.abs(brakes.forward(np.array(samples)) - np.array(targets)).mean() < 0.5",
        ),
        (_STEPS, "Step 2: train it"): Claim(
            luau=EXCLUSIVE_OR.replace("right == 4", "right == 4 and losses[1000] < 0.01")
        ),
        (_STEPS, "It always gives the same output"): Claim(
            luau="return select(2, KNN.evaluateNet(network, samples, targets)).accuracy >= 0.95"
        ),
        (_NETWORKS, "Tell classes apart"): Claim(
            luau="""
            return KNN.classifyNet(judge, seen[1]) == "cat" and share > 0.8
                and KNN.classifyNet(judge, seen[2]) == "bird" and KNN.classifyNet(judge, seen[3]) == "fish"
            """,
            python="[each for each, _ in map(judge.classify, seen)] == ['cat', 'bird', 'fish'] and share > 0.8",
        ),
        (_NETWORKS, "Scale"): Claim(
            luau="return math.abs(KNN.forwardNet(oven, { 1010, 5 })[1] - 30) < 1",
            python="abs(oven.forward([1010.0, 5.0])[0] - 30) < 1",
        ),
        (_OPTIMIZERS, "Choose an optimizer, its options and a schedule"): Claim(
            luau=EXCLUSIVE_OR, python=PYTHON_EXCLUSIVE_OR
        ),
        (_OPTIMIZERS, "Save an optimizer"): Claim(luau=EXCLUSIVE_OR, python=PYTHON_EXCLUSIVE_OR),
        (_TRAINING, "Many samples, many epochs"): Claim(
            luau="""
            local miss = math.abs(KNN.forwardNet(network, { 0.5 })[1] - 0.25)
            return miss < 0.05 and losses[#losses] < losses[1] / 10
            """
        ),
        (_TRAINING, "Training that ends by itself"): Claim(
            luau="return metrics.meanAbsoluteError < 0.1", python="metrics['mean_absolute_error'] < 0.1"
        ),
        (_TRAINING, "Stop and go on"): Claim(
            luau="return math.abs(KNN.forwardNet(network, { 1.5 })[1] - math.sin(1.5)) < 0.1",
            python="abs(network.forward([1.5])[0] - np.sin(1.5)) < 0.1",
        ),
        (_GENERATIONS, "Create, score, breed"): Claim(
            luau="return play(winner) == 0 and jumpsAt(winner, 12) == 3 and jumpsAt(winner, 18) == 3"
        ),
        (_GENERATIONS, "Keep the winner"): Claim(
            luau="""
            -- What is better than all that can be stays.
            local kept, same = evolve(networks, 1, 0, winner)
            return score(KNN.loadNet(winner), 100) > -1 and kept == 0 and same == winner
            """,
        ),
        (_GENERATIONS, "In a folder of StringValues"): Claim(
            luau="""
            local one, other = KNN.forwardNet(values[best], { 0, 1 })[1], KNN.forwardNet(values[best], { 1, 0 })[1]
            return one > 0.5 and other > 0.5 and KNN.forwardNet(values[best], { 0, 0 })[1] < 0.5
            """,
        ),
        (_GENERATIONS, "Score many samples"): Claim(
            luau=DECIDES_EXCLUSIVE_OR.replace("forwardNet(network,", "forwardNet(generation[best],")
        ),
        (_RECURRENT, "Time steps"): Claim(
            luau="""
            KNN.resetState(network)
            KNN.forwardNet(network, (look()))
            local right = 0
            for _ = 1, 1000 do
                local sample, target = look()
                right += if (KNN.forwardNet(network, sample)[1] > 0.5) == (target[1] == 1) then 1 else 0
            end
            return right / 1000 >= 0.95
            """
        ),
        (_RECURRENT, "Kinds of layers"): Claim(
            luau="""
            local right, past, last = 0, 0, 0
            for step = 1, 1000 do
                local now = if math.random() < 0.5 then 1 else -1
                local answer = KNN.forwardNet(network, { now })[1] > 0.5
                right += if step > 2 and answer == (past == 1) then 1 else 0
                past, last = last, now
            end
            return right / 1000 >= 0.95
            """,
        ),
        (_RECURRENT, "Evolve a memory"): Claim(
            luau="return answer(networks[best], 1) > 0.8 and answer(networks[best], -1) < 0.2"
        ),
        (_GAME, "Record what players do"): Claim(luau=DOES_AS_PLAYERS_DO),
        (_GAME, "How good it is"): Claim(
            luau="""
            local miss, count = 0, 0
            for speed = 20, 80, 3 do
                for angle = 10, 80, 3 do
                    local flown = speed ^ 2 * math.sin(math.rad(2 * angle)) / 196.2
                    miss += math.abs(KNN.forwardNet(thrower, { speed = speed, angle = angle }).studs - flown)
                    count += 1
                end
            end
            return kept < 1 and metrics.meanAbsoluteError < 1 and miss / count < 1
            """,
        ),
        ("docs/visualiser.md", "In Roblox"): Claim(luau=EXCLUSIVE_OR),
        ("docs/python.md", "Train there, run here"): Claim(python=PYTHON_EXCLUSIVE_OR, seeds=2),
        ("docs/python.md", "How it trains"): Claim(python="metrics['accuracy'] >= 0.95"),
        ("docs/saving.md", "In a DataStore"): Claim(luau=EXCLUSIVE_OR),
    }
)
# Pages with a test of their own that says what their scripts do: examples of single functions, and scripts of 2019.
JUDGED_ELSEWHERE = frozenset({"docs/api.md", "docs/original.md"})
# Sections that train or evolve only to show how it is done, and what they show instead.
SHOWN_ONLY: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (_NETWORKS, "Choose a loss"): "where a loss is named",
        (_OPTIMIZERS, "Find a learning rate"): "that rates differ",
        (_TRAINING, "Told before the first step"): "what is said of data that teaches nothing",
        ("docs/saving.md", "StringValues"): "that a StringValue is written back",
    }
)
