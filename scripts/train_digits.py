"""Train the network of the example Digits and export it: python scripts/train_digits.py."""

import environment

environment.enter("test")  # which has scikit-learn and its digits

import argparse
import sys

import numpy as np
from tqdm import tqdm

from codegen.export.limits import Precision
from codegen.library.generate import ROOT
from digits import scans
from digits.brain import BRAIN, STRING, brain_source
from digits.judge import flat, judged
from digits.modules import Modules, any_runtime
from digits.scans import Scans, read_scans
from digits.taught_drawings import TAUGHT
from digits.variations import varied_drawing, varied_scans
from engine import Network, Optimizer, Random
from engine.elementwise import Array

DIGITS = tuple("0123456789")
NODES = 64
# How often the network is shown each scan, written anew on the pad every time, and shifted without preparation; and
# each digit, drawn anew.
VARIED, CUT_OFF, DRAWN = 30, 40, 600
# Scans without preparation are shifted by up to so many cells.
REACH = 2
EPOCHS, BATCH_SIZE, RATE = 20, 32, 0.004
# A tenth of every target is shared by all digits. A network that is never told to be quite sure shows by its bars when
# it is not. (Of a fifth of the scans to train with, set aside for such choices, it also told 98.3 % and not 97.2 %.)
LOSS = {"name": "CategoricalCrossEntropy", "smoothing": 0.1}
SEED = 0


def taught(modules: Modules, seen: Scans, random: np.random.Generator) -> tuple[Array, Array]:
    """What the network learns from: inputs (count, 64) and which digit each of them is."""
    pads = [scans.on_pads(seen.pictures, modules.side)]
    pads += [varied_scans(seen.pictures, modules.side, random) for _ in range(VARIED)]
    shifts = random.integers(-REACH, REACH + 1, (CUT_OFF, len(seen.digits), 2))
    # What the preparation makes of scans, and scans as they are: so the network need not rely on it.
    inputs = [modules.pictures(each) for each in pads]
    inputs += [
        flat(
            np.concatenate([scans.cut_off(each[None], *shift) for each, shift in zip(seen.pictures, row, strict=True)])
        )
        for row in shifts
    ]
    digits = [seen.digits] * len(inputs)
    for digit, ways in TAUGHT.items():
        drawings = [varied_drawing(ways[number % len(ways)], modules.side, random) for number in range(DRAWN)]
        inputs.append(modules.pictures_of(drawings))
        digits.append(np.full(DRAWN, int(digit)))
    return np.concatenate(inputs), np.concatenate(digits)


def train(inputs: Array, digits: Array) -> Network:
    """A network that has learnt them."""
    random = Random(SEED)
    layers = [{"nodes": NODES}, {}]
    network = Network.build(inputs=inputs.shape[1], layers=layers, classes=DIGITS, loss=LOSS, seed=random)
    steps = -(-len(inputs) // BATCH_SIZE) * EPOCHS
    optimizer = Optimizer("Adam", rate=RATE, schedule={"name": "Cosine", "steps": steps})
    with tqdm(total=EPOCHS, desc="Training", unit="epoch", disable=None) as bar:
        network.train(
            inputs,
            [DIGITS[digit] for digit in digits],
            optimizer,
            EPOCHS,
            shuffle=True,
            random=random,
            batch_size=BATCH_SIZE,
            metrics=False,
            on_epoch=lambda epoch, loss: bar.update(),
        )
    return network


def main() -> int:
    """Train, judge and write. Returns the exit code."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    modules = Modules(any_runtime())
    seen, unseen = read_scans()
    inputs, digits = taught(modules, seen, np.random.default_rng(SEED))
    print(f"Training with {len(inputs):,} pictures of {len(seen.digits):,} scans and of drawings")
    text = train(inputs, digits).save(precision=Precision.F32.value)
    # What is judged is what is written.
    network = Network.load(text)
    print(f"Of {len(unseen.digits)} digits that were kept back, and of drawings that were not trained with, are right:")
    for how, share in judged(lambda shown: network.forward(shown).argmax(axis=1), modules, unseen):
        print(f"  {share:.1%} {how}")
    for path, content in ((STRING, text), (BRAIN, brain_source(text))):
        path.write_text(content, encoding="utf-8", newline="\n")
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
