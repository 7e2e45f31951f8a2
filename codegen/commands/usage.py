"""What the subcommands share: how they read a network, how they write a file, and how they refuse."""

import argparse
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeAlias

from engine import ArgumentError, Network

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class UsageError(Exception):
    """Something that the command was given will not do. The text is the sentence to show."""


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add the argument that `read_network` reads."""
    parser.add_argument("network", metavar="NETWORK", help="a file that holds a network string, or the string itself")


def read_network(source: str) -> Network:
    """A network from a file that holds its string, or from the string itself.

    Raises:
        ArgumentError: if the string is not a network's.
        UsageError: if the file cannot be read or holds no network string.
    """
    path = Path(source)
    if source.strip().startswith("[") and not _is_file(path):
        return Network.load(source.strip())
    try:
        # What Windows writes may begin with a mark, and some of its programs write UTF-16.
        content = path.read_bytes()
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        return Network.load(text.strip())
    except UnicodeDecodeError as error:
        raise UsageError(f"{source} is not a text file.") from error
    except OSError as error:
        raise UsageError(f'The file "{source}" could not be read: {error.strerror}.') from error
    except ArgumentError as error:
        raise UsageError(f"{source}: {error.fault}.") from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # It is too long to ask for.
        return False


def check_output(path: Path, formats: Collection[str]) -> None:
    """Refuse a path that cannot be written to for its ending or its folder.

    Raises:
        UsageError: if it is one.
    """
    if path.suffix.lower() not in formats:
        raise UsageError(f"FILE must end in {'one of ' * (len(formats) > 1)}{', '.join(formats)}, got {path}.")
    if not path.parent.is_dir():
        raise UsageError(f"FILE must be in a folder that exists, got {path}.")


def write(path: Path, writer: Callable[[Path], object]) -> None:
    """Write a file and say so.

    Raises:
        UsageError: if the system does not let it be written.
    """
    try:
        writer(path)
    except OSError as error:
        raise UsageError(f"{path} could not be written: {error.strerror}.") from error
    print(f"wrote {path}")
