"""`luaunn show`: draws a network."""

import argparse
import tempfile
import webbrowser
from pathlib import Path

from codegen.commands.usage import Commands, UsageError, add_network, check_output, read_network, write
from codegen.picture_files import FORMATS, write_picture
from engine import draw
from engine.interface.visual import DEFAULT_RANGE


def add(commands: Commands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "show",
        help="draw a network as the visualiser does in Roblox",
        description="Draws a network as the visualiser does in Roblox: its weights and biases, or with --inputs its "
        "activity. Without -o, the picture opens in the browser.",
    )
    add_network(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=f"where to write it: {', '.join(FORMATS)}")
    parser.add_argument(
        "--inputs",
        type=_numbers,
        metavar="X1,X2,...",
        help="show the activity that these inputs cause; by names: NAME1=X1,NAME2=X2,...",
    )
    parser.add_argument(
        "--range",
        type=_number,
        help=f"with --inputs: the activity that is shown in white (default: {DEFAULT_RANGE:g})",
    )
    parser.set_defaults(run=_show)


def _show(given: argparse.Namespace) -> None:
    if given.range is not None and given.inputs is None:
        raise UsageError("--range is the range of an activity: it must come with --inputs.")
    network = read_network(given.network)
    picture = draw(network, given.inputs, DEFAULT_RANGE if given.range is None else given.range)
    path = given.output or Path(tempfile.mkdtemp(prefix="luaunn-")) / "network.html"
    check_output(path, FORMATS)
    write(path, lambda where: write_picture(picture, where, network.shape))
    if given.output is None and not webbrowser.open(path.as_uri()):
        print("There is no browser here to open it in.")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be a number, got {text!r}") from error


def _numbers(text: str) -> list[float] | dict[str, float]:
    parts = [part.rpartition("=") for part in text.split(",")]
    try:
        if all(equals for _, equals, _ in parts):
            named = {name.strip(): float(number) for name, _, number in parts}
            if len(named) < len(parts):
                raise argparse.ArgumentTypeError(f"must have each name once, got {text!r}")
            return named
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        wanted = "must be numbers, or names and numbers such as a=1, with commas between them"
        raise argparse.ArgumentTypeError(f"{wanted}, got {text!r}") from error
