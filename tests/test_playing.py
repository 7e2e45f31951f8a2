"""The clock, the screen and the pointer of a played place, by what Roblox's documentation says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from codegen.roblox.files import Instance, roblox_xml
from codegen.roblox.properties import stored_property
from codegen.runtimes import LuaError
from playing.place import Box, PlayedPlace
from playing.screen_svg import screen_svg
from tests.skips import or_skip

WIDTH, HEIGHT, TOP_BAR = 1000, 558, 58
Play = Callable[[str], PlayedPlace]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """What plays a place with one script on its screen, a LocalScript in a ScreenGui."""

    def played(source: str) -> PlayedPlace:
        script = Instance("LocalScript", "Script", (stored_property("LocalScript", "Source", source),))
        gui = Instance("ScreenGui", "Gui", children=(script,))
        place = Instance("DataModel", "Place", children=(Instance("StarterGui", "StarterGui", children=(gui,)),))
        path = tmp_path / "place.rbxlx"
        path.write_text(roblox_xml(place), encoding="utf-8")
        return or_skip(lambda: PlayedPlace(path, WIDTH, HEIGHT))

    return played


FRAME = """
local function add(class, name, parent, properties)
	local instance = Instance.new(class)
	instance.Name = name
	for key, value in properties do
		instance[key] = value
	end
	instance.Parent = parent
	return instance
end
local screen = script.Parent
"""


def places(place: PlayedPlace) -> dict[str, tuple[int, ...]]:
    """By name; shares are single-precision numbers, so pixels are rounded."""
    return {box.name: tuple(map(round, (box.x, box.y, box.width, box.height))) for box in place.boxes()}


def test_places_and_sizes_are_shares_of_the_parent_and_pixels(play: Play) -> None:
    place = play(
        FRAME
        + """
        local outer = add("Frame", "Outer", screen, {
            Position = UDim2.new(0.5, 10, 1, -20), Size = UDim2.new(0.4, 0, 0, 100), AnchorPoint = Vector2.new(0.5, 1),
        })
        add("Frame", "Inner", outer, { Position = UDim2.fromScale(0.25, 0.5), Size = UDim2.fromScale(0.5, 0.5) })
        add("Frame", "Hidden", outer, { Visible = false, Size = UDim2.fromScale(1, 1) })
        print(outer.AbsoluteSize.Y)
        task.wait()
        print(outer.AbsolutePosition.X, outer.AbsoluteSize.Y)
        """
    )
    assert places(place) == {"Outer": (310, 380, 400, 100), "Inner": (410, 430, 200, 50)}
    place.frames(1)
    assert place.printed() == ["0", "310 100"]


def test_an_aspect_ratio_takes_of_the_size_that_is_given(play: Play) -> None:
    place = play(
        FRAME
        + """
        for name, size in { Wide = UDim2.fromOffset(400, 100), High = UDim2.fromOffset(100, 400) } do
            local frame = add("Frame", name, screen, { Size = size, AnchorPoint = Vector2.new(0.5, 0.5) })
            add("UIAspectRatioConstraint", "Ratio", frame, { AspectRatio = 2 })
        end
        """
    )
    found = places(place)
    assert found["Wide"][2:] == (200, 100)
    assert found["High"] == (-50, -25, 100, 50)


def test_a_list_puts_one_behind_the_other(play: Play) -> None:
    place = play(
        FRAME
        + """
        local list = add("Frame", "List", screen, { Size = UDim2.fromOffset(600, 100) })
        add("UIPadding", "Padding", list, { PaddingLeft = UDim.new(0, 20) })
        add("UIListLayout", "Layout", list, {
            FillDirection = Enum.FillDirection.Horizontal, Padding = UDim.new(0, 10),
            SortOrder = Enum.SortOrder.LayoutOrder, VerticalAlignment = Enum.VerticalAlignment.Center,
        })
        add("Frame", "Second", list, { LayoutOrder = 2, Size = UDim2.fromOffset(50, 40) })
        add("Frame", "First", list, { LayoutOrder = 1, Size = UDim2.new(0, 30, 1, 0) })
        """
    )
    assert places(place) == {
        "List": (0, 0, 600, 100),
        "First": (20, 0, 30, 100),
        "Second": (60, 30, 50, 40),
    }


def test_threads_go_on_in_the_frame_in_which_their_time_has_come(play: Play) -> None:
    place = play(
        """
        task.spawn(function() print("at once") end)
        task.delay(0.1, function() print("six frames later") end)
        local never = task.delay(0.05, function() print("never") end)
        task.cancel(never)
        task.defer(print, "deferred")
        print("first", math.floor(task.wait() * 60 + 0.5))
        print("half a second", math.floor(task.wait(0.5) * 60 + 0.5))
        """
    )
    assert place.printed() == ["at once"]
    place.frames(1)
    assert place.printed()[1:] == ["deferred", "first 1"]
    place.frames(5)
    assert place.printed()[3:] == ["six frames later"]
    place.frames(24)
    assert place.printed()[4:] == []
    place.frames(1)
    assert place.printed()[4:] == ["half a second 30"]


def test_the_same_seed_is_the_same_play(play: Play, tmp_path: Path) -> None:
    place = play("for _ = 1, 3 do print(math.random(), os.time(), os.clock()) end")
    again, other = (PlayedPlace(tmp_path / "place.rbxlx", WIDTH, HEIGHT, seed) for seed in (1, 2))
    assert place.printed() == again.printed()
    assert not set(place.printed()) & set(other.printed())
    clocks = [float(line.split()[2]) for line in place.printed()]
    assert clocks == sorted(set(clocks))


def test_an_error_of_a_script_is_told_with_its_line(play: Play) -> None:
    place = play("--!strict\n-- A comment.\ntask.wait()\nlocal x = nil + 1\n")
    with pytest.raises(LuaError, match=r"Script:4: attempt to perform arithmetic"):
        place.frames(1)


BUTTONS = (
    FRAME
    + """
    local button = add("TextButton", "Button", screen, { Text = "Press", Size = UDim2.fromOffset(100, 100) })
    local pad = add("Frame", "Pad", screen, { Position = UDim2.fromOffset(200, 0), Size = UDim2.fromOffset(100, 100) })
    add("Frame", "Over", pad, { Size = UDim2.fromScale(1, 1) })
    button.Activated:Connect(function() print("pressed") end)
    local numbers, count, press = {}, 0, nil
    for _, event in { "InputBegan", "InputChanged", "InputEnded" } do
        pad[event]:Connect(function(input)
            if not numbers[input] then
                count += 1
                numbers[input] = count
            end
            local kind, state = input.UserInputType.Name, input.UserInputState.Name
            print(event, numbers[input], kind, state, input.Position.X)
            press = if state == "Begin" then input else press
        end)
    end
    while true do
        task.wait()
        if press then
            print("is", press.UserInputState.Name)
        end
    end
    """
)


def test_a_button_is_activated_by_a_press_that_ends_on_it(play: Play) -> None:
    place = play(BUTTONS)
    place.click("Press")
    place.click("Press", finger=1)
    place.press(50, 50)
    place.release(150, 50)
    place.press(150, 50)
    place.release(50, 50)
    place.press(50, 50, finger=1)
    place.cancel(1)
    assert place.printed() == ["pressed", "pressed"]


def test_two_buttons_of_one_place_are_pressed_by_two_pointers(play: Play) -> None:
    place = play(BUTTONS)
    place.press(50, 50, finger=1)
    place.press(400, 50, finger=2)
    place.release(400, 50, finger=2)
    place.release(50, 50, finger=1)
    assert place.printed() == ["pressed"]


def test_a_mouse_is_told_to_what_is_under_it(play: Play) -> None:
    place = play(BUTTONS)
    place.move(210, 50)
    place.stroke([(210, 50), (220, 50)])
    place.move(400, 50)
    # It moves to where it is pressed.
    place.press(230, 50)
    assert place.printed() == [
        # Its movement is one input for ever, which never begins or ends; so is its button.
        "InputBegan 1 MouseMovement Change 210",
        "InputChanged 1 MouseMovement Change 210",
        "InputBegan 2 MouseButton1 Begin 210",
        "InputChanged 1 MouseMovement Change 220",
        "InputEnded 2 MouseButton1 End 220",
        "InputEnded 1 MouseMovement Change 400",
        "InputBegan 1 MouseMovement Change 230",
        "InputChanged 1 MouseMovement Change 230",
        "InputBegan 2 MouseButton1 Begin 230",
    ]


def test_a_mouse_that_is_released_elsewhere_is_released_though_the_pad_hears_nothing(play: Play) -> None:
    place = play(BUTTONS)
    place.press(210, 50)
    place.release(400, 50)
    before = place.printed()
    place.frames(1)
    assert before[-1] == "InputEnded 1 MouseMovement Change 400"
    assert place.printed()[len(before) :] == ["is End"]


def test_a_finger_is_one_input_as_long_as_it_touches(play: Play) -> None:
    place = play(BUTTONS)
    place.press(210, 50, finger=1)
    place.press(250, 50, finger=2)
    place.move(220, 50, finger=1)
    place.move(400, 50, finger=2)
    place.release(220, 50, finger=1)
    place.press(230, 50, finger=1)
    place.cancel(1)
    assert place.printed() == [
        "InputBegan 1 Touch Begin 210",
        "InputBegan 2 Touch Begin 250",
        "InputChanged 1 Touch Change 220",
        "InputEnded 2 Touch Change 400",
        "InputEnded 1 Touch End 220",
        "InputBegan 3 Touch Begin 230",
        "InputEnded 3 Touch Cancel 230",
    ]


def test_a_finger_touches_before_it_moves_and_only_once(play: Play) -> None:
    place = play(BUTTONS)
    with pytest.raises(LuaError, match="Finger 1 does not touch"):
        place.move(210, 50, finger=1)
    place.press(210, 50, finger=1)
    with pytest.raises(LuaError, match="Finger 1 touches already"):
        place.press(210, 50, finger=1)
    place.release(210, 50, finger=1)
    with pytest.raises(LuaError, match="Finger 1 does not touch"):
        place.cancel(1)


def test_what_is_gone_or_hidden_is_not_under_a_pointer(play: Play) -> None:
    place = play(
        FRAME
        + """
        local behind = add("TextButton", "Behind", screen, { Text = "Behind", Size = UDim2.fromOffset(100, 100) })
        local front = add("TextButton", "Front", screen, { Text = "Front", Size = UDim2.fromOffset(100, 100) })
        local hidden = add("Frame", "Hidden", screen, { Visible = false, Size = UDim2.fromOffset(100, 100) })
        add("TextButton", "Inside", hidden, { Size = UDim2.fromScale(1, 1) })
        behind.Activated:Connect(function() print("behind") end)
        front.Activated:Connect(function() print("front") front:Destroy() end)
        """
    )
    for _ in range(2):
        place.stroke([(50, 50)])
    assert place.printed() == ["front", "behind"]


def test_what_is_off_or_gone_does_nothing_more(play: Play) -> None:
    place = play(
        FRAME
        + """
        local button = add("TextButton", "Button", screen, { Text = "Press", Size = UDim2.fromOffset(100, 100) })
        button.Activated:Connect(function()
            print("pressed")
            script.Enabled = false
        end)
        while true do
            task.wait(1)
            print("alive")
        end
        """
    )
    place.frames(60)
    place.click("Press")
    place.click("Press")
    place.frames(120)
    assert place.printed() == ["alive", "pressed"]


def box(name: str, **values: Any) -> Box:
    plain: dict[str, Any] = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "colour": "#ff0000"}
    looks: dict[str, Any] = {"opacity": 1, "clips": False, "active": False, "inside": ()}
    return Box(path=name, class_name="Frame", **{**plain, **looks, **values})


def elements(svg: str, tag: str) -> list[ElementTree.Element]:
    return [*ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")]


def test_what_is_in_a_turned_box_is_turned_about_the_middle_of_that() -> None:
    inner = box("A/B", x=10, y=20, width=10, height=40)
    svg = screen_svg([[box("A", rotation=90, inside=(inner,))]], 100, 100)
    # The middle of A is at 25, 40; B's lies 10 to its left, and so 10 above it after a quarter of a turn.
    assert [each.attrib["transform"] for each in elements(svg, "rect")[1:]] == [
        "translate(25 40) rotate(90)",
        "translate(25 30) rotate(90)",
    ]


def test_only_what_changes_is_moved() -> None:
    screens = [[box("Still"), box("Car", x=10 + 5 * index, rotation=170 + 20 * index)] for index in range(3)]
    svg = screen_svg(screens, 100, 100, seconds=3)
    _, still, _ = elements(svg, "rect")
    assert len(still) == 0
    moved, turned = (each.attrib["values"] for each in elements(svg, "animateTransform"))
    assert moved == "25 40;30 40;35 40;35 40"
    assert turned == "170;190;210;210"


def test_what_comes_and_goes_is_hidden_meanwhile() -> None:
    svg = screen_svg([[], [box("Late")], []], 100, 100, seconds=3)
    (shown,) = elements(svg, "animate")
    assert (shown.attrib["values"], shown.attrib["keyTimes"]) == ("hidden;visible;hidden", "0;0.3333;0.6667")


def test_a_jump_is_no_slide() -> None:
    screens = [[box("Car", x=x)] for x in (0, 10, 500, 510)]
    moved, _ = elements(screen_svg(screens, 1000, 100, seconds=4), "animateTransform")
    values = dict.fromkeys(moved.attrib["values"].split(";"))
    assert [*values] == ["15 40", "25 40", "515 40", "525 40"]
    assert json.loads(f"[{moved.attrib['keyTimes'].replace(';', ',')}]") == [0, 0.25, 0.5, 0.5, 0.75, 1]
