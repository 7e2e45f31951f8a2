"""Run everything that must hold: python scripts/test.py [options for pytest]."""

import environment

environment.enter("test")

import subprocess
import sys

CHECKS = (
    ("-m", "ruff", "check", "--quiet"),
    ("-m", "ruff", "format", "--check", "--quiet"),
    ("-m", "mypy"),
    ("scripts/regenerate.py", "--check"),
)
# A worker's tests stand beside each other, so that what one of them has worked out is there for the next.
OVER_CORES = ("--numprocesses", "auto", "--dist", "worksteal")


def main() -> int:
    """Run the checks beside each other, and then the tests over all cores. Returns the exit code."""
    started = [(check, subprocess.Popen([sys.executable, *check], cwd=environment.ROOT)) for check in CHECKS]
    failed: list[tuple[str, ...]] = [check for check, process in started if process.wait()]
    tests = ("-m", "pytest", *OVER_CORES, "--quiet", *sys.argv[1:])
    if subprocess.call([sys.executable, *tests], cwd=environment.ROOT):
        failed.append(tests)
    for command in failed:
        print("failed:", *command)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
