"""What docs/levenberg-marquardt.md shows runs, and does the same in both languages."""

import contextlib
import io
import re
from typing import Any

import pytest

from codegen.library.generate import ROOT
from engine.formulas.optimizers.levenberg_marquardt import LEVENBERG_MARQUARDT
from engine.interface.limits import LEAST_SQUARES_PARAMETERS
from engine.interface.options import OPTIMIZER_OPTIONS
from tests.conftest import make_machine
from tests.docs.pages import LUAU, PYTHON, section

PART = section("docs/levenberg-marquardt.md", "A few steps for small networks")
TEXT = (ROOT / PART.page).read_text(encoding="utf-8")
REQUIRE = 'local KNN = require(game:GetService("ReplicatedStorage").KNNLibrary)'


def test_the_brakes_are_learnt_in_tens_of_steps_in_both_languages() -> None:
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(PART.code(PYTHON), names)
    history = names["history"]
    source = PART.code(LUAU)
    assert source.startswith(REQUIRE)
    script = f"""
    local KNN = ...
    local print = function() end
    {source.removeprefix(REQUIRE)}
    return losses, history.endedBy, KNN.forwardNet(brakes, {{ speed = 25, grip = 0.6 }}).distance
    """
    losses, ended_by, distance = make_machine("luau-tree").run(script)
    assert (len(losses), ended_by) == (len(history.losses), history.ended_by) == (50, "epochs")
    # Steps go on from what exponentials differ by, and Python adds in another order: close at first, and as good.
    assert losses[:5] == pytest.approx(history.losses[:5].tolist(), rel=1e-6)
    exact = 25 * 25 / (2 * 9.81 * 0.6)
    for last, found in ((losses[-1], distance), (history.losses[-1], names["brakes"].forward([25, 0.6])[0])):
        assert last < 1e-5
        assert found == pytest.approx(exact, rel=0.01)


def test_the_options_are_those_of_the_registry() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ([\d.e-]+) \|", TEXT, re.MULTILINE)
    options = OPTIMIZER_OPTIONS.fields_for(LEVENBERG_MARQUARDT.name)
    assert [(name, python, float(default)) for name, python, default in rows] == [
        (option.name, option.python, option.default) for option in options
    ]
    assert f"up to {LEAST_SQUARES_PARAMETERS} weights" in TEXT
