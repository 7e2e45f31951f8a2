"""Python's rows in processes of their own, one for each version of the engine that races."""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from tarfile import TarFile
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from benchmarks.race import Contestant
from benchmarks.tasks import Shape, Task

SCRIPTS = Path(__file__).parent.parent
ROOT = SCRIPTS.parent
# The installed package, whose entry points those of the version that runs hide.
PACKAGE = "luaunn"
# How long a process may take to end by itself, in seconds.
_PATIENCE = 5


class ProcessError(Exception):
    """What a process could not do; one line says why."""


@dataclass(frozen=True)
class Commit:
    """Another version of the project, by a name that git knows."""

    name: str


class PythonProcess:
    """A Python process with an engine in it, and the contestants that `python_side` makes there.

    Args:
        source: the folder of a checkout, whose `engine` and `codegen` run.
        metadata: the folder with the metadata of that version.

    Raises:
        ProcessError: if the engine does not even start.
    """

    def __init__(self, source: Path, metadata: Path) -> None:
        path = os.pathsep.join(map(str, (metadata, source, SCRIPTS)))
        self._errors: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._process = subprocess.Popen(
            # -P: only that path leads to modules, whatever the folder is that one is in.
            [sys.executable, "-P", "-m", "benchmarks.worker"],
            env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        try:
            self.engine = Path(self._ask("engine"))
            if not self.engine.is_relative_to(source):
                raise ProcessError(f"{self.engine} would run instead of the engine in {source}")
        except ProcessError:
            self.close()
            raise

    def contestants(self, task: Task, shape: Shape) -> list[Contestant]:
        """The contestants of a task, made anew; those of the last one are gone."""
        return [
            Contestant(
                name,
                calls,
                time=partial(self._ask, "time", index),
                answer=partial(self._ask, "answer", index) if has_answer else None,
                of_library=True,
            )
            for index, (name, calls, has_answer) in enumerate(self._ask("make", task.name, *shape.sizes))
        ]

    def close(self) -> None:
        """End the process: it goes when its input does."""
        assert self._process.stdin
        assert self._process.stdout
        with suppress(OSError):  # if it has ended already
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def _ask(self, *words: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        with suppress(OSError):  # if it has just ended, the next line tells
            self._process.stdin.write(json.dumps(words).encode() + b"\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace").strip().splitlines()
            raise ProcessError(f"the process ended and said: {said[-1] if said else 'nothing'}")
        answer = json.loads(line)
        if "error" in answer:
            raise ProcessError(answer["error"])
        return answer["result"]


@contextmanager
def two_processes(commit: Commit) -> Iterator[tuple[PythonProcess, PythonProcess]]:
    """A process with the engine as it is now, and one with that of a commit.

    Raises:
        ProcessError: if one of them does not start.
    """
    with ExitStack() as stack:
        before = Path(stack.enter_context(TemporaryDirectory(prefix="luaunn-")))
        check_out(commit, before)
        made = []
        for source in (ROOT, before):
            metadata = Path(stack.enter_context(TemporaryDirectory(prefix="luaunn-")))
            write_metadata(source, metadata)
            made.append(PythonProcess(source.resolve(), metadata))
            stack.callback(made[-1].close)
        yield made[0], made[1]


def commit_of(name: str) -> Commit | None:
    """The commit that git knows under a name, by its short one; None if it knows none."""
    found = _git("rev-parse", "--verify", "--quiet", "--short", f"{name}^{{commit}}")
    return Commit(found.stdout.decode().strip()) if found.returncode == 0 else None


def check_out(commit: Commit, folder: Path) -> None:
    """Write the files of a commit into a folder."""
    archive = _git("archive", "--format=tar", commit.name)
    if archive.returncode:
        raise ProcessError(f"git cannot give the files of {commit.name}: {archive.stderr.decode().strip()}")
    with TarFile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")


def write_metadata(source: Path, folder: Path) -> None:
    """Write what an installation of a checkout would say of its entry points, and nothing of another one's."""
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = []
    for group, entries in project.get("entry-points", {}).items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    info = folder / f"{PACKAGE}-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, check=False)
    except OSError as error:
        return subprocess.CompletedProcess(words, 1, b"", str(error).encode())
