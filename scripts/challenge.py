"""The challenge of 2019: find a network that is right at all 640,000 points. python scripts/challenge.py [--help]."""

import environment

environment.enter()

import argparse
import sys

from tqdm import tqdm

from codegen.library.generate import ROOT
from codegen.runtimes import RUNTIMES, UnavailableError
from curve.count import count_in_luau
from curve.picture import draw
from curve.points import POINTS
from curve.search import Progress, count_right, search
from engine.formulas.registry import ACTIVATIONS

OUT = ROOT / "out"


def main() -> int:
    """Search, count and write. Returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Finds a 2-3-3-1 network that tells for 640,000 points on which side of y = 2x² + x³ they lie."
    )
    parser.add_argument("--activator", default="Tanh", choices=sorted(ACTIVATIONS), help="of the hidden layers")
    parser.add_argument("--seed", type=int, default=1, help="another one starts elsewhere")
    asked = parser.parse_args()
    with tqdm(desc=f"{asked.activator}, seed {asked.seed}", unit="round", disable=None) as bar:

        def told(progress: Progress) -> None:
            bar.update()
            bar.set_postfix_str(f"{progress.what}, {progress.outside} outside, the worst at {progress.worst:.3f}")

        network = search(asked.activator, asked.seed, told)
    if network is None:
        print("This seed has led to none: try another one, or a smooth activation.")
        return 1
    text = network.save()
    counts = {"Python": count_right(network)}
    try:
        counts["Luau"] = count_in_luau(RUNTIMES["luau"](), text)
    except UnavailableError as reason:
        print(reason)
    for where, count in counts.items():
        print(f"{where}: right at {count:,} of {POINTS:,} points")
    OUT.mkdir(exist_ok=True)
    name = f"challenge-{asked.activator}"
    for path, content in ((OUT / f"{name}.txt", text), (OUT / f"{name}.luau", f"return {network.hard_code()}\n")):
        path.write_text(content, encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    draw(network, OUT / f"{name}.png", asked.activator)
    print(f"wrote out/{name}.png")
    return 0 if all(count == POINTS for count in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
