"""Write every generated file again: python scripts/regenerate.py [--check]."""

import environment

environment.enter()

import argparse
import sys

from codegen.generate import ROOT, stale_files, write_all


def main() -> int:
    """Write the generated files, or with ``--check`` only compare them. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Writes the files that are generated from the Python engine.")
    parser.add_argument("--check", action="store_true", help="only compare; fail if a file is not up to date")
    if parser.parse_args().check:
        stale = stale_files()
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not up to date: run python scripts/regenerate.py")
        return 1 if stale else 0
    for path in write_all():
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
