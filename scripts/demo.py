"""Train in Python, ship to Luau, run there, compare: python scripts/demo.py."""

import environment

environment.enter()

import argparse
import shutil
import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from tqdm import tqdm

from codegen.library.generate import BUNDLE, MODEL
from codegen.runtimes import RUNTIMES, Runtime, UnavailableError
from engine import Network, Optimizer, Random
from engine.elementwise import Array

OUT = environment.ROOT / "out"
REACH = 4.0
SPACING = 0.08
SIZES, ACTIVATOR, LOSS = (2, 2, 14, 1), "ElliotSign", "BinaryCrossEntropy"
POINTS, EPOCHS = 15_000, 3
RATE = 0.02
# Any will do: the seeds 0 to 15 end at 99.5 to 99.7 %.
SEED = 0
CLOSE_ENOUGH = 0.4
# Python and Luau may differ by 4 ulp in each exponential; the answers are below 1.
TOLERANCE = 4 * float(np.finfo(np.float64).eps)

# Evaluates a network string at many points, inside the library.
EVALUATE = """
local KNN, text, points = ...
local network, answers = KNN.loadNet(text), {}
for index, point in ipairs(points) do
	answers[index] = KNN.forwardNet(network, point)[1]
end
return answers
"""


def is_above(points: Array) -> Array:
    """1 for each point (…, 2) above the curve y = x³ + 2x², else 0."""
    x, y = points[..., 0], points[..., 1]
    return (y > curve(x)).astype(np.float64)


def curve(x: Array) -> Array:
    """The curve that the network learns to see."""
    return x**3 + 2 * x**2


def train(network: Network, random: Random) -> None:
    """Show the network random points one after another, some times each, in ever smaller steps."""
    points = np.array([[random.symmetric(REACH), random.symmetric(REACH)] for _ in range(POINTS)])
    optimizer = Optimizer("Adam", rate=RATE, schedule={"name": "Cosine", "steps": POINTS * EPOCHS})
    with tqdm(total=POINTS * EPOCHS, desc="Training in Python", unit="step", unit_scale=True, disable=None) as bar:
        network.train(
            points,
            is_above(points)[:, None],
            optimizer,
            EPOCHS,
            shuffle=True,
            random=random,
            # Nobody looks at them, and measuring them takes half as long as training.
            metrics=False,
            on_epoch=lambda epoch, loss: bar.update(POINTS),
        )


def grid() -> Array:
    """Points (count, 2) on a square grid."""
    axis = np.arange(-REACH, REACH + SPACING / 2, SPACING)
    return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)


def available_runtimes() -> list[Runtime]:
    """Real Luau where it can be had, else every other machine that can."""
    machines: list[Runtime] = []
    for name in ("luau", "luajit21", "lua51"):
        try:
            machines.append(RUNTIMES[name]())
        except UnavailableError as reason:
            print(reason)
        if machines and machines[0].name == "luau":
            break
    return machines


def draw(answers: Array, path: Path) -> None:
    """A picture of what the network answers everywhere, beside the true curve."""
    side = int(np.sqrt(answers.size))
    figure = Figure(figsize=(7, 5.6), layout="constrained")
    axes = figure.subplots()
    picture = axes.imshow(
        answers.reshape(side, side),
        origin="lower",
        extent=(-REACH, REACH, -REACH, REACH),
        cmap="RdYlGn",
        vmin=0,
        vmax=1,
    )
    figure.colorbar(picture, label="the network's answer")
    x = np.linspace(-REACH, REACH, 400)
    axes.contour(answers.reshape(side, side), [0.5], extent=(-REACH, REACH, -REACH, REACH), colors="black")
    axes.plot([], [], color="black", label="decision boundary (0.5)")
    axes.plot(x, curve(x), color="royalblue", linewidth=2, linestyle="--", label="y = x³ + 2x²")
    axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xlabel="x", ylabel="y", title="Is (x, y) above the curve?")
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=120, bbox_inches="tight")


def main() -> int:
    """Run the demo. Returns the exit code."""
    argparse.ArgumentParser(description="Trains a network in Python and runs it in Luau.").parse_args()
    random = Random(SEED)
    network = Network.create(*SIZES, ACTIVATOR, seed=random)
    network.loss = LOSS
    train(network, random)
    text = network.save()

    points = grid()
    answers = network.forward(points)[:, 0]
    accuracy = float(np.mean(np.abs(answers - is_above(points)) <= CLOSE_ENOUGH))
    print(f"Python: right at {accuracy:.1%} of {len(points):,} points")

    largest = 0.0
    for machine in available_runtimes():
        library = machine.require(BUNDLE.read_text(encoding="utf-8"))
        (shipped,) = machine.run(EVALUATE, library, text, points)
        difference = float(np.max(np.abs(np.array(shipped) - answers)))
        largest = max(largest, difference)
        print(f"{machine.name}: the same network, loaded from its string, differs by {difference:.1e} at most")

    OUT.mkdir(exist_ok=True)
    string, picture = OUT / "network.txt", OUT / "boundary.png"
    for path in (MODEL, BUNDLE):
        shutil.copyfile(path, OUT / path.name)
    string.write_text(text, encoding="utf-8")
    draw(answers, picture)
    for path in (MODEL, BUNDLE, string, picture):
        print(f"wrote {OUT.name}/{path.name}")
    if largest > TOLERANCE:
        print(f"Python and Luau differ by more than {TOLERANCE:.0e}: please report this.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
