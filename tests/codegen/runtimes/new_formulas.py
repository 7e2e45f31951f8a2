"""Formulas that are new, as if they stood among the others."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from codegen.runtimes import luajit_training
from codegen.translate.luau_formulas import read_formulas
from codegen.translate.python_subset import read_module


def listed(name: str, source: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of formulas of that name, which is written into a folder, for training in LuaJIT."""
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    modules = read_formulas()
    monkeypatch.setattr(luajit_training, "read_formulas", lambda: {**modules, name: read_module(path)})
    spec = importlib.util.spec_from_file_location(f"{folder.name}.{name}", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, made)
    spec.loader.exec_module(made)
    return made
