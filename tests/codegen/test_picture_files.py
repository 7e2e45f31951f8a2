"""Drawings hold what the picture says: places, sizes and colours, part by part."""

import io
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.image import imread

from codegen.picture_files import FORMATS, picture_html, picture_png, picture_svg, write_picture
from engine import Network, Picture, draw
from engine.picture import Line, Ring

NETWORK = Network.create(3, 1, 4, 2, "Tanh", recurrent=True, seed=3)
PICTURES = {"state": draw(NETWORK), "active": draw(NETWORK, [1.0, -1.0, 0.25], 2.0)}
EVERY_PICTURE = pytest.mark.parametrize("picture", PICTURES.values(), ids=list(PICTURES))

WIDTH, HEIGHT = 1600, 900
_NAMESPACE = "{http://www.w3.org/2000/svg}"


def elements(svg: str) -> dict[str, ElementTree.Element]:
    return {element.attrib["id"]: element for element in ElementTree.fromstring(svg) if "id" in element.attrib}


@EVERY_PICTURE
def test_every_part_stands_where_the_picture_has_it(picture: Picture) -> None:
    drawn = elements(picture_svg(picture))
    assert list(drawn) == [part.name for part in picture.parts]
    for part in picture.parts:
        element = drawn[part.name]
        numbers = {key: float(value) for key, value in element.attrib.items() if re.fullmatch(r"[-\d.e]+", value)}
        if isinstance(part, Line):
            assert element.tag == f"{_NAMESPACE}line"
            angle, x, y = map(float, re.findall(r"[-\d.e]+(?=[ )])", element.attrib["transform"]))
            assert (x, y) == pytest.approx((part.x * WIDTH, part.y * HEIGHT))
            assert angle == pytest.approx(part.rotation)
            assert numbers["x2"] - numbers["x1"] == pytest.approx(part.length * WIDTH)
            assert (numbers["x1"] + numbers["x2"]) / 2 == pytest.approx(x)
            assert numbers["y1"] == numbers["y2"] == pytest.approx(y)
            assert numbers["stroke-width"] == pytest.approx(part.thickness * HEIGHT)
            continue
        assert element.tag == f"{_NAMESPACE}circle"
        assert (numbers["cx"], numbers["cy"]) == pytest.approx((part.x * WIDTH, part.y * HEIGHT))
        if isinstance(part, Ring):
            assert 2 * numbers["r"] + numbers["stroke-width"] == pytest.approx(part.diameter * HEIGHT)
            assert 2 * numbers["r"] - numbers["stroke-width"] == pytest.approx(part.hole * HEIGHT)
        else:
            assert 2 * numbers["r"] == pytest.approx(part.diameter * HEIGHT)


@EVERY_PICTURE
def test_every_part_tells_its_number(picture: Picture) -> None:
    drawn = elements(picture_svg(picture))
    for part in picture.parts:
        title = drawn[part.name].findtext(f"{_NAMESPACE}title")
        assert title == (part.name if part.number is None else f"{part.name}: {part.number!r}".removesuffix(".0"))


def test_colours_are_red_yellow_green_and_grey() -> None:
    network = Network.create(1, 1, 1, 1, seed=1)
    network.layers[0].weights[0, 0], network.layers[1].weights[0, 0] = -5.0, 5.0
    network.layers[0].biases[0] = 0.0
    drawn = elements(picture_svg(draw(network)))
    assert drawn["Synapse2/Syn1_1"].attrib["stroke"] == "#ff0000"
    assert drawn["Synapse3/Syn1_1"].attrib["stroke"] == "#00ff00"
    assert drawn["Layer2/Node1"].attrib["fill"] == "#ffff00"
    active = elements(picture_svg(draw(network, [1.0])))
    assert active["Layer1/Node1"].attrib["fill"] == "#ffffff"
    assert active["Synapse2/Syn1_1"].attrib["stroke"] == "#808080"


@EVERY_PICTURE
def test_the_pixels_of_the_png_have_the_nodes_colours(picture: Picture) -> None:
    pixels = imread(io.BytesIO(picture_png(picture)))
    assert pixels.shape[:2] == (HEIGHT, WIDTH)
    drawn = elements(picture_svg(picture))
    for node in picture.nodes:
        red, green, blue = (int(drawn[node.name].attrib["fill"][at : at + 2], 16) for at in (1, 3, 5))
        pixel = pixels[round(node.y * HEIGHT), round(node.x * WIDTH), :3]
        np.testing.assert_allclose(pixel * 255, (red, green, blue), atol=1)


def test_a_turned_line_runs_from_node_to_node() -> None:
    for name, element in elements(picture_svg(PICTURES["state"])).items():
        if "Syn" not in name.split("/")[1]:
            continue
        drawn = {node.name: node for node in PICTURES["state"].nodes}
        column, (to, origin) = int(name[7]), name.split("Syn")[-1].split("_")
        angle, x, y = map(float, re.findall(r"[-\d.e]+(?=[ )])", element.attrib["transform"]))
        half = float(element.attrib["x2"]) - x
        for side, node in ((1, drawn[f"Layer{column}/Node{to}"]), (-1, drawn[f"Layer{column - 1}/Node{origin}"])):
            end = x + side * half * math.cos(math.radians(angle)), y + side * half * math.sin(math.radians(angle))
            assert end == pytest.approx((node.x * WIDTH, node.y * HEIGHT), abs=1e-4)


def test_a_web_page_holds_the_drawing_and_its_title() -> None:
    page = picture_html(PICTURES["state"], "3-4-2 <Tanh>")
    assert picture_svg(PICTURES["state"]) in page
    assert "<title>3-4-2 &lt;Tanh&gt;</title>" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("suffix", FORMATS)
def test_files_are_what_their_suffixes_say(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture{suffix.upper()}"
    write_picture(PICTURES["state"], path, "title")
    start = {".svg": b"<svg", ".png": b"\x89PNG", ".html": b"<!doctype html>"}[suffix]
    assert path.read_bytes().startswith(start)
