"""The project's own virtual environment, made on the first run and used again. Needs only Python's standard library."""

import sys

# Before tomllib, which older versions lack.
if sys.version_info < (3, 11):  # noqa: UP036  # this is where older versions are turned away
    sys.exit("LuauNN needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031  # old versions have no f-strings

import hashlib
import importlib.util
import json
import os
import subprocess
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
RECORD = VENV / "luaunn.json"
STARTED_AGAIN = "LUAUNN_STARTED_AGAIN"
# A sample of what an environment holds, to see that nobody took it apart since.
NEEDED = ("engine", "jinja2", "lupa", "numpy")


def enter(*extras: str) -> None:
    """Go on only inside an environment that has the project with these extras.

    The running script is started again in `.venv` (made or completed first if need be), unless it runs there already.
    """
    is_inside = Path(sys.prefix).resolve() == VENV.resolve()
    if is_inside and _is_complete(extras) and all(importlib.util.find_spec(name) for name in NEEDED):
        return
    if STARTED_AGAIN in os.environ or VENV.is_file():
        sys.exit(f"{VENV} is broken: delete it and run the same command again.")
    try:
        if not _is_complete(extras):
            _install(extras, is_inside=is_inside)
        sys.exit(subprocess.call([str(PYTHON), *sys.argv], env=os.environ | {STARTED_AGAIN: "1"}))
    except KeyboardInterrupt:
        sys.exit(130)


def _is_complete(extras: tuple[str, ...]) -> bool:
    try:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        known, installed = record["project"], record["extras"]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    is_environment = PYTHON.exists() and (VENV / "pyvenv.cfg").exists()
    return bool(is_environment and known == _fingerprint() and set(extras) <= set(installed))


def _fingerprint() -> str:
    """What an environment is good for: this pyproject.toml, in this folder, under this version of Python."""
    return hashlib.sha256(PYPROJECT.read_bytes() + str(ROOT).encode() + sys.version.encode()).hexdigest()


def _install(extras: tuple[str, ...], *, is_inside: bool) -> None:
    print(f"Installing what the project needs into {VENV.name} (once, about a minute) …", flush=True)
    RECORD.unlink(missing_ok=True)
    try:
        if not is_inside:
            venv.create(VENV, clear=VENV.exists(), with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv")
    project = f".[{','.join(extras)}]" if extras else "."
    if _pip("--editable", project).returncode:
        sys.exit("The installation failed; pip says above why. Run the same command again once that is mended.")
    luau = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]["luau"]
    _pip("--only-binary", ":all:", *luau, quiet=True)  # where it has no wheel, the runtime itself says so
    RECORD.write_text(json.dumps({"project": _fingerprint(), "extras": extras}), encoding="utf-8")


def _pip(*arguments: str, quiet: bool = False) -> subprocess.CompletedProcess[bytes]:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=quiet)
