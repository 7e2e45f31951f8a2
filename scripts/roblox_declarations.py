"""Write tests/roblox/roblox.d.luau, what the project uses of Roblox: python scripts/roblox_declarations.py."""

import environment

environment.enter("test")

import sys

from codegen.library.generate import ROOT
from codegen.unavailable import UnavailableError
from roblox_facts.declarations import DECLARATIONS, write_declarations
from roblox_facts.fact_error import FactError


def main() -> int:
    """Write the definition file. Returns the exit code."""
    try:
        write_declarations()
    except (FactError, UnavailableError) as error:
        print(error)
        return 1
    print(f"wrote {DECLARATIONS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
