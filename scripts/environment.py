"""The project's own virtual environment, made on the first run and used again. Needs only Python's standard library."""

import sys

# Before tomllib, which older versions lack.
if sys.version_info < (3, 11):  # noqa: UP036  # this is where older versions are turned away
    sys.exit("LuauNN needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

import hashlib
import json
import subprocess
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
RECORD = VENV / "luaunn.json"


def enter(*extras: str) -> None:
    """Go on only inside an environment that has the project with these extras.

    The running script is started again in `.venv` (made or completed first if need be), unless it runs there already.
    """
    if Path(sys.prefix).resolve() == VENV.resolve() and _is_complete(extras):
        return
    if not _is_complete(extras):
        _install(extras)
    try:
        sys.exit(subprocess.call([str(PYTHON), *sys.argv]))
    except KeyboardInterrupt:
        sys.exit(130)


def _is_complete(extras: tuple[str, ...]) -> bool:
    try:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(record["project"] == _fingerprint() and set(extras) <= set(record["extras"]) and PYTHON.exists())


def _fingerprint() -> str:
    """What an environment is good for: this pyproject.toml and this version of Python."""
    return hashlib.sha256(PYPROJECT.read_bytes() + sys.version.encode()).hexdigest()


def _install(extras: tuple[str, ...]) -> None:
    print(f"Installing what the project needs into {VENV.name} (once, about a minute) …", flush=True)
    RECORD.unlink(missing_ok=True)
    try:
        if Path(sys.prefix).resolve() != VENV.resolve():
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
