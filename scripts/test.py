"""Run everything that must hold: python scripts/test.py [options for pytest]."""

import environment

environment.enter("test")

import subprocess
import sys

CHECKS = (
    ("ruff", "check", "--quiet"),
    ("ruff", "format", "--check", "--quiet"),
    ("mypy",),
)
# A worker's tests stand beside each other, so that what one of them has worked out is there for the next.
OVER_CORES = ("--numprocesses", "auto", "--dist", "worksteal")


def main() -> int:
    """Run the checks and then the tests over all cores. Returns the exit code."""
    commands = [[sys.executable, "-m", *check] for check in CHECKS]
    commands.append([sys.executable, str(environment.ROOT / "scripts" / "regenerate.py"), "--check"])
    commands.append([sys.executable, "-m", "pytest", *OVER_CORES, "--quiet", *sys.argv[1:]])
    failed = [command for command in commands if subprocess.call(command, cwd=environment.ROOT)]
    for command in failed:
        print("failed:", *command[1:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
