"""The `luaunn` command."""

import argparse
import sys
import tempfile
import webbrowser
from pathlib import Path

from codegen.picture_files import FORMATS, write_picture
from engine import ArgumentError, Network, draw
from engine.spec import DEFAULT_RANGE, VERSION


def main(arguments: list[str] | None = None) -> int:
    """Run the command with these arguments, or with those of the process. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="luaunn", description="Neural networks for Roblox: tools for saved networks.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_show(commands)
    given = parser.parse_args(arguments)
    try:
        given.run(given)
    except _UsageError as error:
        print(f"luaunn: {error}", file=sys.stderr)
        return 1
    except ArgumentError as error:
        # Its text would tell the position in a function's arguments, which this is not.
        print(f"luaunn: {error.fault}.", file=sys.stderr)
        return 1
    return 0


class _UsageError(Exception):
    """Something that the command was given will not do. The text is the sentence to show."""


def _add_show(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "show",
        help="draw a network as the visualiser does in Roblox",
        description="Draws a network as the visualiser does in Roblox: its weights and biases, or with --inputs its "
        "activity. Without -o, the picture opens in the browser.",
    )
    parser.add_argument("network", metavar="NETWORK", help="a file that holds a network string, or the string itself")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=f"where to write it: {', '.join(FORMATS)}")
    parser.add_argument("--inputs", type=_numbers, metavar="X1,X2,…", help="show the activity that these inputs cause")
    parser.add_argument(
        "--range",
        type=float,
        default=DEFAULT_RANGE,
        help="with --inputs: the activity that is shown in white (default: %(default)g)",
    )
    parser.set_defaults(run=_show)


def _show(given: argparse.Namespace) -> None:
    network = read_network(given.network)
    picture = draw(network, given.inputs, given.range)
    path = given.output or Path(tempfile.mkdtemp(prefix="luaunn-")) / "network.html"
    if path.suffix.lower() not in FORMATS:
        raise _UsageError(f"FILE must end in one of {', '.join(FORMATS)}, got {path}.")
    try:
        write_picture(picture, path, network.shape)
    except OSError as error:
        raise _UsageError(f"{path} could not be written: {error.strerror}.") from error
    print(f"wrote {path}")
    if given.output is None and not webbrowser.open(path.as_uri()):
        print("There is no browser here to open it in.")


def read_network(source: str) -> Network:
    """A network from a file that holds its string, or from the string itself.

    Raises:
        ArgumentError: if there is no network string in it.
    """
    text = source.strip()
    if not text.startswith("["):
        try:
            text = Path(source).read_text(encoding="utf-8").strip()
        except UnicodeDecodeError as error:
            raise _UsageError(f"{source} is not a text file.") from error
        except OSError as error:
            raise _UsageError(f"{source} could not be read: {error.strerror}.") from error
    return Network.load(text)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.replace(",", " ").split()]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be numbers with commas between them, got {text}") from error


if __name__ == "__main__":
    sys.exit(main())
