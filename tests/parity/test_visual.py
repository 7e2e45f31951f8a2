"""The visualiser: the instances that Luau makes are the picture that Python draws, part by part."""

import colorsys
import json
import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Network, Picture, draw
from engine.formulas import visual
from engine.interface.visual import BACKGROUND_LEVEL, CONTAINER, VISUALIZER, VISUALIZER_SIZE
from engine.layers.registry import LAYER_KINDS
from engine.picture import Colour, Line, Ring
from tests.engine.samples import network_of_kinds
from tests.parity.junk import INSIDE
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python

# Roblox keeps places, sizes, rotations and colours as 32-bit floats, and a colour takes some steps to compute.
FLOAT32_STEPS = 8
TOLERANCE = FLOAT32_STEPS * float(np.finfo(np.float32).eps)

NETWORKS = {
    network.shape: network
    for network in (
        Network.create(1, 1, 1, 1, seed=1),
        Network.create(2, 2, 3, 1, seed=2),
        Network.create(3, 1, 4, 2, "Tanh", recurrent=True, seed=3),
        Network.create(25, 1, 30, 2, ("Tanh", "Identity"), seed=4),
        *(network_of_kinds([kind], seed=6) for kind in LAYER_KINDS),
        Network.create(4, 1, 3, 3, ("Tanh", "Softmax"), seed=6),
        *(network_of_kinds([first, second], seed=5) for first, second in product(LAYER_KINDS, repeat=2)),
    )
}
for _network in NETWORKS.values():
    _network.layers[0].weights[0] *= -5.0
    _network.layers[0].biases[0] = -4.0
    _network.layers[-1].biases[0] = 2.0

EVERY_NETWORK = pytest.mark.parametrize("network", NETWORKS.values(), ids=list(NETWORKS))

# Frames by path: class, place, size, rotation, colour, and what else makes them look as they do.
_PARTS = """
local KNN, visual = ...
local parts = {}
for _, group in ipairs(visual.Container:GetChildren()) do
    if group.ClassName == "Frame" then
        for _, part in ipairs(group:GetChildren()) do
            local position, size, colour = part.Position, part.Size, part.BackgroundColor3
            local corner, hole
            for _, child in ipairs(part:GetChildren()) do
                corner = child.ClassName == "UICorner" and child or corner
                hole = child.ClassName == "Frame" and child or hole
            end
            parts[group.Name .. "/" .. part.Name] = {
                part.ClassName, position.X.Scale, position.Y.Scale, size.X.Scale, size.Y.Scale, part.Rotation,
                { colour.R, colour.G, colour.B }, part.AnchorPoint.X, part.AnchorPoint.Y,
                position.X.Offset + position.Y.Offset + size.X.Offset + size.Y.Offset,
                corner and corner.ClassName or "", corner and corner.CornerRadius.Scale or 0,
                part.BackgroundTransparency, part.BorderSizePixel,
                hole and hole.Size.X.Scale * size.X.Scale or 0, hole and hole.Size.Y.Scale * size.Y.Scale or 0,
                hole and hole.BackgroundColor3.R or 0,
            }
        end
    end
end
return parts
"""
_GROUPS = """
local KNN, visual = ...
local groups = {}
for _, group in ipairs(visual.Container:GetChildren()) do
    if group.ClassName == "Frame" then
        local position, size = group.Position, group.Size
        groups[group.Name] = {
            position.X.Scale, position.Y.Scale, size.X.Scale, size.Y.Scale, group.BackgroundTransparency, group.ZIndex,
        }
    end
end
return groups
"""


def shown(machine: Machine, gui: Any) -> dict[str, list[Any]]:
    (parts,) = machine.run(_PARTS, gui)
    assert isinstance(parts, dict)
    return parts


def rgb(colour: Colour) -> tuple[float, float, float]:
    return colorsys.hsv_to_rgb(colour.hue, colour.saturation, colour.value)


def assert_shows(parts: dict[str, list[Any]], picture: Picture) -> None:
    """The instances are the drawing, node by node and line by line."""
    drawn = {part.name: part for part in picture.parts}
    assert parts.keys() == drawn.keys()
    for name, part in drawn.items():
        class_name, x, y, width, height, rotation, colour, *looks = parts[name]
        anchor_x, anchor_y, offset, corner, radius, transparency, border, *hole = looks
        assert (class_name, anchor_x, anchor_y, offset, border) == ("Frame", 0.5, 0.5, 0, 0)
        assert (x, y) == pytest.approx((part.x, part.y), rel=TOLERANCE)
        assert colour == pytest.approx(rgb(part.colour), abs=TOLERANCE)
        if isinstance(part, Line):
            assert (width, height) == pytest.approx((part.length, part.thickness), rel=TOLERANCE)
            assert rotation == pytest.approx(part.rotation, rel=TOLERANCE, abs=TOLERANCE)
            assert corner == ""
            assert transparency == pytest.approx(part.transparency, rel=TOLERANCE)
        else:
            assert transparency == 0
            assert (width, height) == pytest.approx((part.diameter * 9 / 16, part.diameter), rel=TOLERANCE)
            assert (rotation, corner, radius) == (0, "UICorner", 0.5)
        if isinstance(part, Ring):
            assert hole == pytest.approx([part.hole * 9 / 16, part.hole, BACKGROUND_LEVEL], rel=TOLERANCE)
        else:
            assert hole == [0, 0, 0]


def make(machine: Machine, network: Network) -> Any:
    return machine.keep("local KNN, network = ... return KNN.getVisual(network)", network.to_table())


@pytest.mark.share(3)
@EVERY_NETWORK
def test_a_visual_is_the_picture_of_weights_and_biases(roblox_machine: Machine, network: Network) -> None:
    assert_shows(shown(roblox_machine, make(roblox_machine, network)), draw(network))


@pytest.mark.share(3)
@EVERY_NETWORK
def test_lines_meet_the_centres_of_nodes(roblox_machine: Machine, network: Network) -> None:
    parts = shown(roblox_machine, make(roblox_machine, network))
    lines = {name: part for name, part in parts.items() if "Syn" in name.split("/")[1]}
    assert len(lines) == sum(layer.input_weights.size for layer in network.layers)
    for name, (_, x, y, length, _, rotation, *_) in lines.items():
        group, line = name.split("/")
        column = int(group.removeprefix("Synapse"))
        to, origin = line.removeprefix("Syn").split("_")
        # In units of a sixteenth of the width, which is a ninth of the height.
        half_x, half_y = (8 * length * f(math.radians(rotation)) for f in (math.cos, math.sin))
        for side, end in ((-1, f"Layer{column - 1}/Node{origin}"), (1, f"Layer{column}/Node{to}")):
            node_x, node_y = parts[end][1:3]
            assert 16 * x + side * half_x == pytest.approx(16 * node_x, abs=1e-5)
            assert 9 * y + side * half_y == pytest.approx(9 * node_y, abs=1e-5)


@EVERY_NETWORK
def test_groups_fill_the_container_and_nodes_lie_on_top(roblox_machine: Machine, network: Network) -> None:
    (groups,) = roblox_machine.run(_GROUPS, make(roblox_machine, network))
    columns = len(network.layers) + 1
    assert groups.keys() == {
        *(f"Layer{column}" for column in range(1, columns + 1)),
        *(f"Synapse{column}" for column in range(2, columns + 1)),
    }
    for name, group in groups.items():
        assert group == [0.5, 0.5, 1, 1, 1, 2 if name.startswith("Layer") else 1]


def test_the_container_keeps_its_proportions(roblox_machine: Machine) -> None:
    gui = make(roblox_machine, NETWORKS["1-1-1 LeakyReLU"])
    script = """
    local _, visual = ...
    local container = visual.Container
    local constraint
    for _, child in ipairs(container:GetChildren()) do
        constraint = child.ClassName == "UIAspectRatioConstraint" and child or constraint
    end
    return visual.ClassName, visual.Name, visual.ZIndexBehavior.Name, visual.ResetOnSpawn, constraint.AspectRatio,
        container.Name, container.Size.X.Scale, container.Size.Y.Scale, container.BackgroundColor3.G
    """
    *names, ratio, container, width, height, level = roblox_machine.run(script, gui)
    assert names == ["ScreenGui", VISUALIZER, "Sibling", False]
    assert ratio == pytest.approx(16 / 9, rel=TOLERANCE)
    assert container == CONTAINER
    assert (width, height, level) == pytest.approx((VISUALIZER_SIZE, VISUALIZER_SIZE, BACKGROUND_LEVEL), rel=TOLERANCE)


@pytest.mark.share(3)
@EVERY_NETWORK
def test_active_shows_what_the_inputs_make_of_the_network(roblox_machine: Machine, network: Network) -> None:
    inputs = [(-1.0) ** index * (index + 1) / 3 for index in range(network.inputs)]
    network = network.copy()
    network.forward(inputs)
    table = roblox_machine.keep("local _, table = ... return table", network.to_table())
    gui = make(roblox_machine, network)
    for span in (None, 1.0, 0.25, 40.0):
        roblox_machine.call("updateVisualActive", table, gui, inputs, span)
        picture = draw(network, inputs, 1.0 if span is None else span)
        assert_shows(shown(roblox_machine, gui), picture)
    assert json.loads(roblox_machine.call("saveNet", table)[0]) == network.to_table()


@pytest.mark.share(3)
@EVERY_NETWORK
def test_state_follows_the_weights_as_they_change(roblox_machine: Machine, network: Network) -> None:
    gui = make(roblox_machine, network)
    changed = network.copy()
    for layer in changed.layers:
        layer.weights *= -2.0
        layer.biases[:] = 0.0
    changed.layers[-1].weights[0, 0] = -9.0
    roblox_machine.call("updateVisualState", changed.to_table(), gui)
    assert_shows(shown(roblox_machine, gui), draw(changed))


def test_weights_of_an_output_layer_on_its_own_outputs_do_not_count(roblox_machine: Machine) -> None:
    network = Network.create(2, 1, 2, 1, "Tanh", recurrent=True, seed=1)
    output = network.layers[-1]
    output.weights[:, output.inputs] = 100.0
    assert_shows(shown(roblox_machine, make(roblox_machine, network)), draw(network))


def test_a_string_value_is_seen_and_stays_as_it_was(roblox_machine: Machine) -> None:
    network = NETWORKS["3-4-2 Tanh recurrent"]
    hold = 'local _, text = ... local value = Instance.new("StringValue") value.Value = text return value'
    value = roblox_machine.keep(hold, network.save())
    gui = roblox_machine.keep("local KNN, value = ... return KNN.getVisual(value)", value)
    assert_shows(shown(roblox_machine, gui), draw(network))
    roblox_machine.call("updateVisualActive", value, gui, [1.0, 2.0, 3.0])
    assert_shows(shown(roblox_machine, gui), draw(network, [1.0, 2.0, 3.0]))
    assert roblox_machine.run("local _, value = ... return value.Value", value) == [network.save()]


def test_a_clone_of_a_visual_is_coloured_too(roblox_machine: Machine) -> None:
    network = NETWORKS["3-4-2 Tanh recurrent"]
    gui = make(roblox_machine, network)
    clone = roblox_machine.keep("local _, visual = ... return visual:Clone()", gui)
    roblox_machine.call("updateVisualActive", network.to_table(), clone, [1.0, 2.0, 3.0])
    assert_shows(shown(roblox_machine, clone), draw(network, [1.0, 2.0, 3.0]))
    assert_shows(shown(roblox_machine, gui), draw(network))


@pytest.mark.parametrize(
    ("change", "got"),
    [
        ("", None),
        ("visual.Container.Layer2.Node1:Destroy()", "a ScreenGui without Layer2.Node1"),
        ("visual.Container.Synapse3.Syn1_3:Destroy()", "a ScreenGui without Synapse3.Syn1_3"),
        ("visual.Container.Synapse2.Ring2:Destroy()", "a ScreenGui without Synapse2.Ring2"),
        ("visual.Container.Layer3:Destroy()", "a ScreenGui without Layer3"),
        ("visual.Container:Destroy()", "a ScreenGui without Container"),
        ("local node = one.Node3:Clone() node.Name, node.Parent = 'Node4', one", "a ScreenGui with Layer1.Node4"),
        ("visual.Container.Synapse3.Name = 'Layer4'", "a ScreenGui with Layer4"),
        ("visual.Container.Synapse3.Syn2_2.Name = 'Ring1'", "a ScreenGui with Synapse3.Ring1"),
    ],
)
def test_a_visual_that_lacks_a_part_is_refused(roblox_machine: Machine, change: str, got: str | None) -> None:
    network = NETWORKS["3-4-2 Tanh recurrent"]
    # What is too much shows in a clone only: in a visual whose parts are all known, it does no harm.
    for start in ["visual = visual:Clone()"] if got and " with " in got else ["visual = visual:Clone()", ""]:
        script = f"local _, visual = ... {start} local one = visual.Container.Layer1 {change} return visual"
        gui = roblox_machine.keep(script, make(roblox_machine, network))
        before = shown(roblox_machine, gui) if "visual.Container:Destroy" not in change else {}
        message = roblox_machine.refusal("updateVisualState", network.to_table(), gui)
        if got is None:
            assert message is None
        else:
            rule = "must be a ScreenGui that getVisual made for a 3-4-2 recurrent network"
            assert message == f"Wrong Arg#2: Visual {rule}, got {got}."
            assert before == {} or shown(roblox_machine, gui) == before


@pytest.mark.parametrize(
    "change",
    [
        "local copy = part:Clone() part:Destroy() copy.Parent = group",
        "local copy = group:Clone() group:Destroy() copy.Parent = visual.Container",
        "local copy = visual.Container:Clone() visual.Container:Destroy() copy.Parent = visual",
        "local twin = Instance.new('Folder') twin.Name, twin.Parent = part.Name, group",
        "local label = Instance.new('TextLabel') label.Parent = group",
    ],
)
def test_a_visual_whose_parts_were_replaced_is_coloured_as_it_is_now(roblox_machine: Machine, change: str) -> None:
    network = NETWORKS["3-4-2 Tanh recurrent"]
    for part in ("Layer2.Node1", "Synapse3.Syn1_3", "Synapse2.Ring2"):
        group, _, name = part.partition(".")
        script = f"""
        local _, visual = ...
        local group = visual.Container.{group}
        local part = group.{name}
        {change}
        return visual
        """
        gui = roblox_machine.keep(script, make(roblox_machine, network))
        roblox_machine.call("updateVisualActive", network.to_table(), gui, [1.0, 2.0, 3.0])
        (colour,) = roblox_machine.run(f"local _, visual = ... return visual.Container.{part}.BackgroundColor3.R", gui)
        drawn = {each.name: each for each in draw(network, [1.0, 2.0, 3.0]).parts}
        assert colour == pytest.approx(rgb(drawn[part.replace(".", "/")].colour)[0], abs=TOLERANCE)


def test_a_container_may_be_moved_into_a_frame_of_the_user(roblox_machine: Machine) -> None:
    network = NETWORKS["3-4-2 Tanh recurrent"]
    script = """
    local KNN, network, inputs = ...
    local visual, frame = KNN.getVisual(network), Instance.new("Frame")
    local container = visual.Container
    container.Parent = frame
    KNN.updateVisualActive(network, visual, inputs)
    local moved = container.Layer2.Node1.BackgroundColor3.R
    container.Parent = visual
    container.Layer2.Node1.BackgroundColor3 = Color3.fromHSV(0, 1, 1)
    KNN.updateVisualActive(network, visual, inputs)
    local back = container.Layer2.Node1.BackgroundColor3.R
    container.Parent = frame
    frame:Destroy()
    return moved, back, select(2, pcall(KNN.updateVisualState, network, visual))
    """
    moved, back, message = roblox_machine.run(script, network.to_table(), [1.0, 2.0, 3.0])
    drawn = {each.name: each for each in draw(network, [1.0, 2.0, 3.0]).parts}
    assert moved == back == pytest.approx(rgb(drawn["Layer2/Node1"].colour)[0], abs=TOLERANCE)
    assert message.endswith("for a 3-4-2 recurrent network, got a ScreenGui without Container.")


def test_what_is_no_visual_is_refused(roblox_machine: Machine) -> None:
    network = NETWORKS["3-4-2 Tanh recurrent"]
    folder = roblox_machine.keep("return Instance.new('Folder')")
    rule = "Wrong Arg#2: Visual must be a ScreenGui that getVisual made for a 3-4-2 recurrent network"
    for value, got in ((folder, "a Folder"), (None, "nothing"), (5.0, "5"), ([], "an empty table")):
        assert roblox_machine.refusal("updateVisualState", network.to_table(), value) == f"{rule}, got {got}."


def test_a_visual_of_another_network_is_refused(roblox_machine: Machine) -> None:
    gui = make(roblox_machine, Network.create(3, 1, 4, 2, seed=1))
    message = roblox_machine.refusal("updateVisualState", NETWORKS["3-4-2 Tanh recurrent"].to_table(), gui)
    assert message is not None
    assert message.endswith("for a 3-4-2 recurrent network, got a ScreenGui without Synapse2.Ring1.")


def test_a_refused_update_changes_no_colour(roblox_machine: Machine) -> None:
    network = Network.create(2, 1, 2, 1, seed=1)
    gui = make(roblox_machine, network)
    before = shown(roblox_machine, gui)
    for arguments in ([[1.0]], [[1.0, float("nan")]], [[1.0, 2.0], 0.0], [[1.0, 2.0], -1.0], [[1.0, 2.0], "wide"]):
        assert roblox_machine.refusal("updateVisualActive", network.to_table(), gui, *arguments) is not None
    network.layers[0].weights[0, 0] = math.nan
    for function, *inputs in (("updateVisualState",), ("updateVisualActive", [1.0, 2.0])):
        message = roblox_machine.refusal(function, network.to_table(), gui, *inputs)
        assert message == said_by_python(lambda: draw(network))
        assert message is not None
    assert said_by_python(lambda: draw(network, [1.0, 2.0])) == message
    assert shown(roblox_machine, gui) == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(inputs=st.one_of(st.just([1.0, 2.0]), INSIDE), span=st.one_of(st.sampled_from([0.0, 5e-324, 1e308]), INSIDE))
def test_active_refuses_what_python_refuses(roblox_machine: Machine, inputs: Any, span: Any) -> None:
    network = Network.create(2, 1, 2, 1, seed=1)
    gui = make(roblox_machine, network)
    message = roblox_machine.refusal("updateVisualActive", network.to_table(), gui, inputs, span)
    assert message == said_by_python(lambda: draw(network, inputs, span))


def test_thousands_of_connections_are_made_once_and_recoloured(roblox_machine: Machine) -> None:
    script = """
    local KNN, network, inputs = ...
    local visual = KNN.getVisual(network)
    local first = visual.Container.Synapse2.Syn1_1
    KNN.updateVisualState(network, visual)
    KNN.updateVisualActive(network, visual, inputs)
    return visual.Container.Synapse2.Syn1_1 == first, #visual.Container.Synapse2:GetChildren()
    """
    network = Network.create(64, 1, 64, 1, seed=1)
    assert roblox_machine.run(script, network.to_table(), [1.0] * 64) == [True, 4096]


def test_without_instances_there_is_no_visual(machine: Machine) -> None:
    message = machine.refusal("getVisual", NETWORKS["3-4-2 Tanh recurrent"].to_table())
    assert message == "There are no Instances here to make a visual of: getVisual works in Roblox only."


def test_colours_of_known_numbers() -> None:
    network = Network.create(1, 1, 1, 1, seed=1)
    network.layers[0].weights[0, 0], network.layers[1].weights[0, 0] = -6.0, 6.0
    network.layers[0].biases[0], network.layers[1].biases[0] = -3.0, 0.0
    picture = draw(network)
    assert [rgb(line.colour) for line in picture.lines] == [pytest.approx((1, 0, 0)), pytest.approx((0, 1, 0))]
    assert [rgb(node.colour) for node in picture.nodes[1:]] == [pytest.approx((1, 0, 0)), pytest.approx((1, 1, 0))]


@pytest.mark.parametrize(
    ("value", "span", "level"),
    [(0.0, 1.0, 0.5), (-7.0, 1.0, 0.5), (1.0, 1.0, 1.0), (9.0, 1.0, 1.0), (0.5, 1.0, 0.75), (2.0, 4.0, 0.75)],
)
def test_grey_levels_of_known_activities(value: float, span: float, level: float) -> None:
    assert visual.grey(value, span) == level
    assert visual.grey(math.nan, span) == 0.5
    assert visual.grey(math.inf, span) == 1.0


@pytest.mark.parametrize("nodes", [1, 2, 20, 21, 64, 80])
@pytest.mark.parametrize("columns", [3, 4, 12])
def test_nodes_do_not_touch(nodes: int, columns: int) -> None:
    diameter = visual.node_diameter(nodes, columns)
    assert diameter <= 0.75 / nodes
    assert diameter * 9 / 16 <= 0.75 / columns
    assert visual.centre(1, nodes) - diameter / 2 >= 0
    assert visual.centre(nodes, nodes) + diameter / 2 <= 1
