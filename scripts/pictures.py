"""Draw the pictures of README and docs that are not of networks alone: python scripts/pictures.py. Needs Lune."""

import environment

environment.enter()

import argparse
import sys

from codegen.library.generate import PICTURES, ROOT
from codegen.unavailable import UnavailableError
from curve.picture import draw as draw_challenge
from curve.points import WINNERS
from engine import Network
from playing.recordings import RECORDINGS

CHALLENGE, SHOWN = PICTURES / "challenge.png", "Tanh"


def main() -> int:
    """Write the pictures. Returns the exit code."""
    argparse.ArgumentParser(description="Draws the pictures of the demo place and of the challenge.").parse_args()
    for path, draw in RECORDINGS.items():
        try:
            path.write_text(draw(), encoding="utf-8", newline="\n")
        except UnavailableError as reason:
            print(reason)
            return 1
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    # Its bytes are Matplotlib's, and not compared.
    draw_challenge(Network.load(WINNERS[SHOWN].read_text(encoding="utf-8")), CHALLENGE, SHOWN)
    print(f"wrote {CHALLENGE.relative_to(ROOT).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
