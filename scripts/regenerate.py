"""Write every generated file again: python scripts/regenerate.py [--check]."""

import environment

environment.enter()

import argparse
import sys
from pathlib import Path

from codegen.library.bundle import left_out_of
from codegen.library.generate import BUNDLE, ROOT, stale_files, write_all
from codegen.roblox.rojo_project import ProjectError
from codegen.translate.python_subset import FormulaError
from codegen.translate.requires import TreeError
from digits.brain import BRAIN, STRING, brain_source
from engine.layers.program import ProgramError


def stale_brain(*, write: bool) -> list[Path]:
    """The exported network of the example Digits, if it is not what is exported now; and write it."""
    source = brain_source(STRING.read_text(encoding="utf-8"))
    if BRAIN.read_text(encoding="utf-8") == source:
        return []
    if write:
        BRAIN.write_text(source, encoding="utf-8", newline="\n")
    return [BRAIN]


def main() -> int:
    """Write the generated files, or with ``--check`` only compare them. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Writes the files that are generated from the Python engine.")
    parser.add_argument("--check", action="store_true", help="only compare; fail if a file is not up to date")
    is_check = parser.parse_args().check
    try:
        # First, for the place has it in it.
        stale = stale_brain(write=not is_check)
        stale += stale_files() if is_check else write_all()
    except (FormulaError, ProgramError, ProjectError, TreeError) as error:
        print(error)
        return 1
    for path in stale:
        name = path.relative_to(ROOT)
        print(f"{name} is not up to date: run python scripts/regenerate.py" if is_check else f"wrote {name}")
    left_out = left_out_of(BUNDLE.read_text(encoding="utf-8"))
    if left_out and not is_check:
        print(f"{BUNDLE.name} has no room for {', '.join(left_out)}, which only make it faster")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
