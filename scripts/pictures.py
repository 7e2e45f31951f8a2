"""Play the demo place and draw what it shows, for README and docs: python scripts/pictures.py. Needs Lune."""

import environment

environment.enter()

import argparse
import sys

from codegen.library.generate import ROOT
from codegen.unavailable import UnavailableError
from playing.recordings import RECORDINGS


def main() -> int:
    """Write the pictures. Returns the exit code."""
    argparse.ArgumentParser(description="Draws the pictures of the demo place.").parse_args()
    for path, draw in RECORDINGS.items():
        try:
            path.write_text(draw(), encoding="utf-8", newline="\n")
        except UnavailableError as reason:
            print(reason)
            return 1
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
