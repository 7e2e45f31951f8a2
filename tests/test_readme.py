"""What the README shows is true."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from codegen.commands.cli import main
from codegen.library.generate import DOCS, README
from engine import Network, load_optimizer
from tests.conftest import make_machine
from tests.parity.faults import faults
from tests.parity.test_teeth import SLIPS, lines_of_loops
from tests.parity.test_visual import shown

TEXT = README.read_text(encoding="utf-8")


def block(language: str, heading: str = "") -> str:
    """The README's first block of code in a language, behind a heading."""
    found = re.search(rf"```{language}\n(.*?)```", TEXT[TEXT.index(heading) :], re.DOTALL)
    assert found
    return found[1]


def test_the_example_for_studio_learns_exclusive_or() -> None:
    machine = make_machine("luau-tree", roblox=True)
    machine.run("local KNN = ... addModule('KNNLibrary', KNN) math.randomseed(1) KNN.setSeed(1)")
    machine.runtime.run(block("lua"))
    ((line,),) = machine.runtime.run("return getPrinted()")
    near_one, near_zero = map(float, line.split())
    assert near_one > 0.9
    assert near_zero < 0.1


def test_the_example_of_training_learns() -> None:
    machine = make_machine("luau-tree")
    script = block("lua", "**Training on data.**").replace("print(", "return losses[1], (")
    data = "local samples, targets = { { 0 }, { 1 }, { 2 } }, { { 0.2 }, { 0.5 }, { 0.7 } }\n"
    network = "KNN.setSeed(1)\nlocal network = KNN.createNet(1, 1, 4, 1, 'Tanh')\n"
    first, last = machine.run(f"local KNN = ...\n{data}{network}{script}")
    assert last < first / 2


def test_the_example_of_an_optimizer_learns_and_its_string_loads() -> None:
    machine = make_machine("luau-tree")
    data = "local samples, targets = { { 0 }, { 1 }, { 2 } }, { { 0.2 }, { 0.5 }, { 0.7 } }\n"
    network = "KNN.setSeed(1)\nlocal network = KNN.createNet(1, 1, 4, 1, 'Tanh')\n"
    script = block("lua", "**Optimizers.**") + "\nreturn losses[1], losses[#losses], text"
    first, last, text = machine.run(f"local KNN = ...\n{data}{network}{script}")
    assert last < first / 2
    assert load_optimizer(text).shape == "1-4-1 Tanh"


def test_the_example_of_a_generation_breeds_better_networks() -> None:
    machine = make_machine("luau-tree")
    script = block("lua", "**Many samples at once.**")
    assert script.count("KNN.runGenNet(generation, scores)") == 1
    script = script.replace(
        "KNN.runGenNet(generation, scores)",
        "best[#best + 1] = math.max(unpack(scores))\nKNN.runGenNet(generation, scores)",
    )
    (best,) = machine.run(f"local KNN, best = ..., {{}}\nKNN.setSeed(1)\n{script}\nreturn best")
    assert best[-1] > best[0] / 2


def test_the_example_of_a_visual_shows_activity() -> None:
    machine = make_machine("luau-tree", roblox=True)
    machine.run("local KNN = ... addModule('KNNLibrary', KNN)")
    machine.runtime.run(block("luau", "## See your network"))
    visual = machine.keep("return game:GetService('Players').LocalPlayer.PlayerGui.NNVisualizer")
    greys = [part[6] for part in shown(machine, visual).values()]
    assert len(greys) == 7 + 12
    assert all(red == green == blue for red, green, blue in greys)
    assert machine.run("local _, visual = ... return visual.Container.Size.X.Scale", visual) == [0.4]


def test_the_example_for_python_learns_exclusive_or() -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(block("python"), {})
    network = Network.load(printed.getvalue().strip())
    answers = network.forward([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])[:, 0]
    assert ((answers > 0.9) == [False, True, True, False]).all()


def blocks(language: str) -> list[str]:
    """All of the README's blocks of code in a language, in their order."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_examples_in_lua_run_in_one_script_in_the_order_they_stand() -> None:
    machine = make_machine("luau-tree", roblox=True)
    machine.run("local KNN = ... addModule('KNNLibrary', KNN)")
    assert len(blocks("lua")) > 3
    machine.runtime.run("\n".join(blocks("lua")))


def test_the_examples_in_python_run_in_one_session_in_the_order_they_stand() -> None:
    printed = io.StringIO()
    session: dict[str, object] = {}
    with contextlib.redirect_stdout(printed):
        for each in blocks("python"):
            exec(each, session)
    assert load_optimizer(printed.getvalue().splitlines()[-1]).shape == "2-4-1 Tanh"


def test_the_example_of_an_export_gives_the_outputs_of_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = re.findall(r"^\.venv/bin/luaunn (export .*)$", TEXT, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    assert main([word.replace("pictures/", f"{README.parent}/pictures/") for word in line.split()]) == 0
    assert capsys.readouterr().out.startswith("wrote Brain.luau\nwrote Brain.rbxmx\n")
    machine = make_machine("luau-tree", roblox=True)
    brain = machine.runtime.require(Path("Brain.luau").read_text(encoding="utf-8"), "Brain")
    machine.run("local _, brain = ... addModule('Brain', brain)", brain)
    machine.runtime.run(block("luau", "luaunn export"))
    ((called, value, sizes),) = machine.runtime.run("return getPrinted()")
    network = Network.load((README.parent / "pictures" / "curve.txt").read_text(encoding="utf-8"))
    assert called == value
    assert abs(float(called) - network.forward([1.0, -3.0])[0]) < 1e-12
    assert sizes.split() == ["2", "1"]


def test_the_number_of_planted_faults_is_about_what_is_said() -> None:
    text = (DOCS / "proof.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"There are some (\d+) of them, made of the syntax trees", text)
    there_are = len(faults()) + len(lines_of_loops()) + len(SLIPS)
    assert abs(there_are - int(said)) < there_are / 5


def test_every_link_leads_to_a_file() -> None:
    for page in (README, *README.parent.glob("docs/*.md")):
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert link.startswith("https://") or (page.parent / link).exists(), (page.name, link)
