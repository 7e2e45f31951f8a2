"""Install the tools that check the generated module: python scripts/install_tools.py [NAME …]."""

import environment

environment.enter()

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from codegen.tools import CHECKER_SOURCE, TOOLS, Registry, Tool

# What builds or fetches the tools, and where it comes from.
PROGRAMS = {
    Registry.CRATES: ("cargo", "Rust from https://rustup.rs"),
    Registry.OWN: ("cargo", "Rust from https://rustup.rs"),
    Registry.NPM: ("npm", "Node.js from https://nodejs.org"),
}
# How long building takes on two cores; what is not here is only fetched.
MINUTES = {"lune": 8, "rojo": 4, "selene": 3, "luau-check": 5}


class InstallError(Exception):
    """A tool could not be installed. The text says why, and what to do."""


def install(tool: Tool) -> None:
    """Install a tool, whole or not at all.

    Raises:
        InstallError: if what builds it is missing or fails.
    """
    name, source = PROGRAMS[tool.registry]
    program = shutil.which(name)
    if program is None:
        raise InstallError(f"{name} is missing: install {source} and run this again.")
    tool.folder.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its place and then moved there: a build that stops half-way is never taken for a tool.
    with tempfile.TemporaryDirectory(prefix=f"{tool.name}-", dir=tool.folder.parent) as work:
        made = Path(work) / "made"
        made.mkdir()
        code = subprocess.call([program, *arguments(tool, made, Path(work) / "target")])
        if code:
            raise InstallError(f"{name} ended with exit code {code} and says above why.")
        if not (made / tool.file).exists():
            raise InstallError(f"{name} installed {tool.package} {tool.version} without {tool.file}.")
        move(made, tool)


def arguments(tool: Tool, folder: Path, target: Path) -> list[str]:
    """What cargo or npm is asked to do, to install into a folder."""
    if tool.registry is Registry.NPM:
        # A prefix that is no package yet: without npm's own notes in it and its advice.
        quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
        return ["install", *quiet, "--prefix", str(folder), f"{tool.package}@{tool.version}"]
    which = (
        ["--path", str(CHECKER_SOURCE)] if tool.registry is Registry.OWN else [tool.package, "--version", tool.version]
    )
    # In a terminal cargo shows how far it is; elsewhere its hundreds of lines would help nobody.
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    return ["install", *which, "--locked", *quiet, "--root", str(folder), "--target-dir", str(target)]


def move(made: Path, tool: Tool) -> None:
    """Put a finished tool into its place, unless another run was faster."""
    if tool.is_installed:
        return
    shutil.rmtree(tool.folder, ignore_errors=True)  # what somebody took apart
    try:
        made.rename(tool.folder)
    except OSError:
        if not tool.is_installed:
            raise


def main() -> int:
    """Install what is missing. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Installs the tools that check the generated module, pinned.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(TOOLS)}")
    names = parser.parse_args().names
    if unknown := set(names) - set(TOOLS):
        parser.error(f"a name must be one of {', '.join(TOOLS)}, got {', '.join(sorted(unknown))}")
    wanted = [tool for name, tool in TOOLS.items() if not names or name in names]
    failures = []
    for number, tool in enumerate(wanted, start=1):
        title = f"[{number} of {len(wanted)}] {tool.name} {tool.version}"
        if tool.is_installed:
            print(f"{title} is there: {tool.folder}")
            continue
        duration = f"about {MINUTES[tool.name]} minutes" if tool.name in MINUTES else "a few seconds"
        print(f"{title} from {tool.registry.value} ({duration}) …", flush=True)
        try:
            install(tool)
        except (InstallError, OSError) as error:
            failures.append(f"{tool.name} was not installed: {error}")
            print(failures[-1], flush=True)
    if len(failures) > 1:
        print("", *failures, sep="\n")  # again, since much may have been said in between
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
