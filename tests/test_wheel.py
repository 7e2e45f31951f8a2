"""What is installed from a wheel works as the checkout does, away from it and without the network."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from codegen.commands.cli import main
from codegen.library.generate import PICTURES, ROOT
from codegen.runtimes import RUNTIMES
from engine import Network
from tests.skips import or_skip

PACKAGES = ("engine", "codegen", "luau_templates")
SOURCES = (*PACKAGES, "pyproject.toml", "README.md", "LICENSE")
COPIED = shutil.ignore_patterns("__pycache__")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
SCRIPTS, SUFFIX = ("Scripts", ".exe") if sys.platform == "win32" else ("bin", "")

NETWORK = PICTURES / "curve.txt"
SAMPLES, TARGETS = [[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]], [[1.0], [0.0], [0.5]]
# Imports all that there is, for an import may need what is only in the checkout, and trains.
TRAIN = """
import importlib, json, pkgutil, sys

import codegen, engine

for package in (codegen, engine):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
text, samples, targets = json.load(sys.stdin)
network = engine.Network.load(text)
losses = network.train(samples, targets, 0.5, epochs=20, shuffle=True, random=1, engine="luajit")
print(json.dumps([engine.__file__, codegen.__file__, network.save(), losses.tolist()]))
"""


def built(folder: Path) -> Path:
    """A wheel of the project, built from a copy in which nothing was built before."""
    copy = folder / "copy"
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=COPIED)
        else:
            shutil.copyfile(source, copy / name)
    command = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(copy)]
    subprocess.run(command, check=True, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def installed(wheel: Path, environment: Path) -> Path:
    """A new environment with the wheel in it, and where its packages are.

    It gets what the project depends on from the environment that runs the tests, whose folder of packages it searches
    too. The checkout is not found there: what leads to it is a .pth file, and in such a folder nobody reads them.
    """
    venv.create(environment, with_pip=False)
    python = environment / SCRIPTS / f"python{SUFFIX}"
    command = [*PIP, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, cwd=environment)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment), "platbase": str(environment)}))
    dependencies = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(dependencies)), encoding="utf-8")
    return packages


def files_of(folder: Path) -> set[str]:
    """The files of the packages in a folder, but for what Python and file managers leave there."""
    found = (path for package in PACKAGES for path in (folder / package).rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix()
        for path in found
        if "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_a_wheel_trains_exports_and_shows_away_from_the_checkout(tmp_path: Path) -> None:
    or_skip(RUNTIMES["luajit21"])
    environment, elsewhere, expected = (tmp_path / name for name in ("environment", "elsewhere", "expected"))
    packages = installed(built(tmp_path), environment)
    shutil.rmtree(tmp_path / "copy")
    for folder in (elsewhere, expected):
        folder.mkdir()
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*command: str, given: str = "") -> str:
        program = str(environment / SCRIPTS / f"{command[0]}{SUFFIX}")
        return subprocess.run(
            [program, *command[1:]],
            input=given,
            cwd=elsewhere,
            env=variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    assert files_of(packages) == files_of(ROOT)

    network = Network.load(NETWORK.read_text(encoding="utf-8"))
    answer = run("python", "-c", TRAIN, given=json.dumps([network.save(), SAMPLES, TARGETS]))
    *found, trained, losses = json.loads(answer)
    assert [Path(path).resolve() for path in found] == [
        (packages / name / "__init__.py").resolve() for name in ("engine", "codegen")
    ]
    assert losses == network.train(SAMPLES, TARGETS, 0.5, 20, shuffle=True, random=1, engine="luajit").tolist()
    assert trained == network.save()

    for command in (
        ("export", str(NETWORK), "--rbxmx", "-o", "Brain.luau"),
        ("show", str(NETWORK), "-o", "x.svg"),
    ):
        run("luaunn", *command)
        assert main([*command[:-1], str(expected / command[-1])]) == 0
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} == {
        path.name: path.read_bytes() for path in expected.iterdir()
    }
    assert {path.name for path in elsewhere.iterdir()} == {"Brain.luau", "Brain.rbxmx", "x.svg"}
