"""The `luaunn` command."""

import argparse
import io
import sys

from codegen.commands import export, show
from codegen.commands.usage import UsageError
from engine import ArgumentError
from engine.interface.limits import VERSION


def main(arguments: list[str] | None = None) -> int:
    """Run the command with these arguments, or with those of the process. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="luaunn", description="Neural networks for Roblox: tools for saved networks.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    show.add(commands)
    export.add(commands)
    given = parser.parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
    try:
        given.run(given)
    except UsageError as error:
        print(f"luaunn: {error}", file=sys.stderr)
        return 1
    except ArgumentError as error:
        # Its text would tell the position in a function's arguments, which this is not.
        print(f"luaunn: {error.fault}.", file=sys.stderr)
        return 1
    return 0


def _joined(arguments: list[str]) -> list[str]:
    """The arguments with --inputs and a first number below 0 in one, which argparse would take for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == "--inputs" and argument.startswith("-"):
            joined[-1] = f"--inputs={argument}"
        else:
            joined.append(argument)
    return joined


if __name__ == "__main__":
    sys.exit(main())
