"""The project's commands as modules."""

import importlib.util
from types import ModuleType

from codegen.library.generate import ROOT

SCRIPTS = ROOT / "scripts"


def load_script(name: str) -> ModuleType:
    """A command of `scripts/`, run anew as a module; what it may find there has to be in its place before."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
