"""The `luaunn` command."""

import argparse
import contextlib
import io
import sys
import tempfile
import webbrowser
from pathlib import Path

from codegen.picture_files import FORMATS, write_picture
from engine import ArgumentError, Network, draw
from engine.spec import DEFAULT_RANGE, VERSION


def main(arguments: list[str] | None = None) -> int:
    """Run the command with these arguments, or with those of the process. Returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="luaunn", description="Neural networks for Roblox: tools for saved networks.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_show(commands)
    given = parser.parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
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
    parser.add_argument(
        "--inputs", type=_numbers, metavar="X1,X2,...", help="show the activity that these inputs cause"
    )
    parser.add_argument(
        "--range",
        type=_number,
        help=f"with --inputs: the activity that is shown in white (default: {DEFAULT_RANGE:g})",
    )
    parser.set_defaults(run=_show)


def _joined(arguments: list[str]) -> list[str]:
    """The arguments with --inputs and a first number below 0 in one, which argparse would take for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == "--inputs" and argument.startswith("-"):
            joined[-1] = f"--inputs={argument}"
        else:
            joined.append(argument)
    return joined


def _show(given: argparse.Namespace) -> None:
    if given.range is not None and given.inputs is None:
        raise _UsageError("--range is the range of an activity: it must come with --inputs.")
    network = read_network(given.network)
    picture = draw(network, given.inputs, DEFAULT_RANGE if given.range is None else given.range)
    path = given.output or Path(tempfile.mkdtemp(prefix="luaunn-")) / "network.html"
    if path.suffix.lower() not in FORMATS:
        raise _UsageError(f"FILE must end in one of {', '.join(FORMATS)}, got {path}.")
    if not path.parent.is_dir():
        raise _UsageError(f"FILE must be in a folder that exists, got {path}.")
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
        ArgumentError: if the string is not a network's.
        _UsageError: if the file cannot be read or holds no network string.
    """
    path = Path(source)
    # A path may be too long to ask for.
    with contextlib.suppress(OSError):
        if source.strip().startswith("[") and not path.is_file():
            return Network.load(source.strip())
    try:
        # What Windows writes may begin with a mark, and some of its programs write UTF-16.
        content = path.read_bytes()
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        return Network.load(text.strip())
    except UnicodeDecodeError as error:
        raise _UsageError(f"{source} is not a text file.") from error
    except OSError as error:
        raise _UsageError(f'The file "{source}" could not be read: {error.strerror}.') from error
    except ArgumentError as error:
        raise _UsageError(f"{source}: {error.fault}.") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be a number, got {text!r}") from error


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be numbers with commas between them, got {text!r}") from error


if __name__ == "__main__":
    sys.exit(main())
