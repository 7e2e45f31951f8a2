"""The script of docs/visualiser.md shows activity in the end, in the size that it asks for."""

from tests.docs.pages import LUAU, section
from tests.docs.scripts import luau_server
from tests.parity.test_visual import shown


def test_the_script_shows_activity() -> None:
    machine = luau_server()
    machine.runtime.run(section("docs/visualiser.md", "In Roblox").code(LUAU))
    visual = machine.keep("return game:GetService('Players').LocalPlayer.PlayerGui.NNVisualizer")
    greys = [part[6] for part in shown(machine, visual).values()]
    # Nodes and connections of 2-6-1.
    assert len(greys) == 9 + 18
    assert all(red == green == blue for red, green, blue in greys)
    (scale,) = machine.run("local _, visual = ... return visual.Container.Size.X.Scale", visual)
    assert abs(scale - 0.4) < 1e-6
