"""The scripts' environment: when it is good enough, and what happens when it is not."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.scripts import load_script


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """scripts/environment.py, for an environment in a folder of its own that is complete with extra ``test``."""
    module = load_script("environment")
    monkeypatch.delenv(module.STARTED_AGAIN, raising=False)
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(module, "RECORD", tmp_path / "luaunn.json")
    (tmp_path / "python").touch()
    (tmp_path / "pyvenv.cfg").touch()
    record = {"project": module._fingerprint(), "extras": ["test"]}
    (tmp_path / "luaunn.json").write_text(json.dumps(record), encoding="utf-8")
    return module


def test_an_environment_that_was_completed_is_used_again(environment: ModuleType) -> None:
    assert environment._is_complete(())
    assert environment._is_complete(("test",))
    assert not environment._is_complete(("other",))


@pytest.mark.parametrize("missing", ["python", "pyvenv.cfg", "luaunn.json"])
def test_an_environment_with_a_part_missing_is_made_anew(environment: ModuleType, missing: str) -> None:
    (environment.VENV / missing).unlink()
    assert not environment._is_complete(())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"project": 1}', '{"project": "old", "extras": []}'])
def test_an_unreadable_or_old_record_does_not_count(environment: ModuleType, text: str) -> None:
    environment.RECORD.write_text(text, encoding="utf-8")
    assert not environment._is_complete(())


def test_a_moved_project_does_not_use_the_environment_of_the_old_place(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", Path("elsewhere"))
    assert not environment._is_complete(())


def test_a_script_is_started_again_once_and_with_its_arguments(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = []

    def call(command: list[str], env: dict[str, str]) -> int:
        commands.append(command)
        monkeypatch.setattr(environment.os, "environ", env)
        return 7

    monkeypatch.setattr(environment.subprocess, "call", call)
    monkeypatch.setattr(sys, "argv", ["script.py", "--check"])
    with pytest.raises(SystemExit, match="7"):
        environment.enter()
    assert commands == [[str(environment.PYTHON), "script.py", "--check"]]
    with pytest.raises(SystemExit, match="is broken: delete it"):
        environment.enter()
    assert len(commands) == 1
