"""The `luaunn` command: what it writes and what it says."""

import os
import subprocess
import sys
import webbrowser
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from codegen.commands.cli import main
from codegen.export.limits import Precision
from codegen.export.module import inference_module
from codegen.library.generate import ROOT
from codegen.picture_files import FORMATS, picture_svg
from engine import Network, Scaler, draw
from engine.interface.limits import VERSION

NETWORK = Network.create(2, 1, 3, 1, "Tanh", seed=1)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "network.txt"
    path.write_text(NETWORK.save() + "\n", encoding="utf-8")
    return path


def test_a_network_in_a_file_is_drawn(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "picture.svg"
    assert main(["show", str(saved), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == picture_svg(draw(NETWORK))
    assert capsys.readouterr().out == f"wrote {out}\n"


def test_a_network_string_may_be_longer_than_a_path(tmp_path: Path) -> None:
    assert main(["show", Network.create(8, 2, 16, 4).save(), "-o", str(tmp_path / "some.svg")]) == 0
    assert (tmp_path / "some.svg").is_file()


def test_a_network_string_is_drawn(tmp_path: Path) -> None:
    out = tmp_path / "picture.svg"
    assert main(["show", f" {NETWORK.save()}", "-o", str(out), "--inputs", "-1,0.5", "--range", "2"]) == 0
    assert out.read_text(encoding="utf-8") == picture_svg(draw(NETWORK, [-1.0, 0.5], 2.0))


def test_inputs_may_have_names(tmp_path: Path) -> None:
    network, out = Network.build(inputs=["far", "fast"], layers=[{"nodes": 2}], seed=1), tmp_path / "picture.svg"
    assert main(["show", network.save(), "-o", str(out), "--inputs", "fast=0.5, far=-1"]) == 0
    assert out.read_text(encoding="utf-8") == picture_svg(draw(network, [-1.0, 0.5]))


def test_a_name_that_comes_twice_is_refused(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["show", str(saved), "--inputs", "a=1,b=2,a=3"])
    assert "must have each name once" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["a=1,2", "a=x", "1,"])
def test_inputs_that_are_no_numbers_are_refused(text: str, saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["show", str(saved), "--inputs", text])
    assert "must be numbers, or names and numbers such as a=1, with commas between them" in capsys.readouterr().err


def judge(inputs: int | list[str] = 2, **names: list[str]) -> Network:
    """A network with a Softmax output and a scaler, and with these names."""
    layers: list[dict[str, object]] = [{"nodes": 3, "activator": "Tanh"}, {"nodes": 2, "activator": "Softmax"}]
    network = Network.build(
        inputs=inputs, layers=layers, outputs=names.get("outputs"), classes=names.get("classes"), seed=4
    )
    network.set_scaler(Scaler("MinMax", [10.0, -1.0], [10.0, 2.0]))
    return network


NAMES: list[dict[str, list[str]]] = [
    {},
    {"inputs": ["distance to <wall>", "speed & more"]},
    {"outputs": ["left", "right"]},
    {"inputs": ["é", "日"], "classes": ["cat", "dog"]},
]


@pytest.mark.parametrize("names", NAMES, ids=str)
def test_shares_of_classes_are_drawn_whatever_they_are_called(names: dict[str, list[str]], tmp_path: Path) -> None:
    network, out = judge(**names), tmp_path / "picture.svg"
    path = tmp_path / "network.txt"
    path.write_text(network.save(), encoding="utf-8")
    assert main(["show", str(path), "-o", str(out), "--inputs", "12,-0.5", "--range", "1"]) == 0
    titles = dict(each.text.split(": ") for each in ET.parse(out).iter(f"{SVG}title") if each.text)
    # Inputs as the layers see them, which is scaled, and outputs as forward gives them.
    assert [float(titles[f"Layer1/Node{node}"]) for node in (1, 2)] == [0.2, 0.25]
    shares = [float(titles[f"Layer3/Node{node}"]) for node in (1, 2)]
    assert shares == network.forward([12.0, -0.5]).tolist()
    assert sum(shares) == pytest.approx(1.0)
    # The more, the brighter.
    fills = {each.get("id"): each.get("fill") or "" for each in ET.parse(out).iter(f"{SVG}circle")}
    levels = [int(fills[f"Layer3/Node{node}"][1:3], 16) for node in (1, 2)]
    assert (levels[0] < levels[1]) == (shares[0] < shares[1])
    assert picture_svg(draw(network, [12.0, -0.5], 1.0)) == picture_svg(draw(judge(), [12.0, -0.5], 1.0))


@pytest.mark.parametrize("names", NAMES, ids=str)
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_network_with_names_is_drawn_as_one_without(names: dict[str, list[str]], suffix: str, tmp_path: Path) -> None:
    pictures = []
    for each in (names, {}):
        path = tmp_path / f"picture{suffix}"
        assert main(["show", judge(**each).save(), "-o", str(path)]) == 0
        pictures.append(path.read_bytes())
    assert pictures[0] == pictures[1]
    if suffix == ".html":
        assert b"<title>2-3-2 Tanh/Softmax</title>" in pictures[0]


def test_inputs_that_have_names_are_told_by_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", judge(inputs=["far", "fast"]).save(), "--inputs", "1"]) == 1
    assert "far, fast" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_windows_writes_is_read(encoding: str, tmp_path: Path) -> None:
    path, out = tmp_path / "[net]work.txt", tmp_path / "picture.svg"
    path.write_text(NETWORK.save() + "\r\n", encoding=encoding)
    assert main(["show", str(path), "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == picture_svg(draw(NETWORK))


def test_a_file_without_a_network_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello", encoding="utf-8")
    assert main(["show", str(path)]) == 1
    rule = "String must be a network string made by saveNet"
    assert capsys.readouterr().err == f'luaunn: {path}: {rule}, got "hello".\n'


def test_a_name_that_the_terminal_cannot_show_does_no_harm(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "ä.svg"
    command = [sys.executable, "-m", "codegen.commands.cli", "show", str(saved), "-o", str(out)]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert b"wrote" in done.stdout
    assert b"\\xe4.svg" in done.stdout
    assert out.exists()


@pytest.mark.parametrize("opens", [True, False])
def test_without_a_file_the_picture_opens_in_the_browser(
    saved: Path, opens: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def open_page(url: str) -> bool:
        opened.append(url)
        return opens

    monkeypatch.setattr(webbrowser, "open", open_page)
    assert main(["show", str(saved)]) == 0
    lines = capsys.readouterr().out.splitlines()
    page = Path(lines[0].removeprefix("wrote "))
    assert opened == [page.as_uri()]
    assert "<title>2-3-1 Tanh</title>" in page.read_text(encoding="utf-8")
    assert lines[1:] == ([] if opens else ["There is no browser here to open it in."])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.txt"], 'The file "nowhere.txt" could not be read: No such file or directory.'),
        (["{}", "--range", "2"], "--range is the range of an activity: it must come with --inputs."),
        (["[1,2]"], "String[2] must be an array of 1 to 10001 layers, got 2."),
        (
            ["[[["],
            (
                "String must be a network string made by saveNet, "
                'got one of length 3 that seems to end too soon, with "[[[".'
            ),
        ),
        (["{}", "-o", "picture.gif"], "FILE must end in one of .svg, .png, .html, got picture.gif."),
        (["{}", "-o", "no/such/folder.svg"], "FILE must be in a folder that exists, got no/such/folder.svg."),
        (["{}", "--inputs", "1"], "Inputs must be in an array of 2 numbers, got an array of 1."),
        (["{}", "--inputs", "1,nan"], "Inputs must be in an array of 2 numbers, got nan as number 2."),
        (["{}", "--inputs", "1,2", "--range", "0"], "Range must be a finite number above 0, got 0."),
    ],
)
def test_what_will_not_do_is_said_in_a_sentence(
    arguments: list[str], message: str, saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", *(str(saved) if word == "{}" else word for word in arguments)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("luaunn: ")
    assert printed.err.endswith(f"{message}\n")


def test_a_network_is_exported(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "Racer.luau"
    assert main(["export", str(saved), "-o", str(out)]) == 0
    module = inference_module(NETWORK, name="Racer")
    assert out.read_bytes() == module.source.encode()
    assert capsys.readouterr().out == (
        f"wrote {out}\n"
        f"{len(module.source):,} characters, 13 weights and biases, 9 multiply-adds\n"
        "about 0.19 µs a call where Luau is interpreted, 0.1 µs where it is compiled to native code\n"
    )


def test_a_network_is_exported_as_a_model_in_single_precision(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "Racer.luau"
    assert main(["export", str(saved), "-o", str(out), "--precision", "f32", "--rbxmx"]) == 0
    source = inference_module(NETWORK, Precision.F32, "Racer").source
    assert out.read_text(encoding="utf-8") == source
    (item,) = ET.parse(tmp_path / "Racer.rbxmx").getroot()
    assert item.attrib["class"] == "ModuleScript"
    assert {each.attrib["name"]: each.text for each in item[0]} == {"Name": "Racer", "Source": source}
    assert capsys.readouterr().out.splitlines()[:2] == [f"wrote {out}", f"wrote {tmp_path / 'Racer.rbxmx'}"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.txt", "-o", "Brain.luau"], 'The file "nowhere.txt" could not be read: No such file or directory.'),
        (["{}", "-o", "Brain.rbxmx"], "FILE must end in .luau, got Brain.rbxmx."),
        (["{}", "-o", "no/such/Brain.luau"], "FILE must be in a folder that exists, got no/such/Brain.luau."),
        (
            [Network.create(1, 1, 1, 1, default_bias=1e39, seed=1).save(), "-o", "Brain.luau", "--precision", "f32"],
            "Single precision (f32) holds numbers up to 3.4e+38, but the network has a weight or bias of 1e+39.",
        ),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(
    arguments: list[str],
    message: str,
    saved: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", *(str(saved) if word == "{}" else word for word in arguments)]) == 1
    assert capsys.readouterr() == ("", f"luaunn: {message}\n")
    assert list(tmp_path.iterdir()) == [saved]


def test_a_network_that_no_script_can_hold_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "network.txt", tmp_path / "Brain.luau"
    path.write_text(Network.create(300, 1, 120, 1, seed=1).save(), encoding="utf-8")
    assert main(["export", str(path), "-o", str(out)]) == 1
    assert capsys.readouterr().err == (
        "luaunn: The network has 36,241 weights and biases, and a script takes fewer than 200,000 characters: about "
        "15,000 of them in f64, 31,000 in f32.\n"
    )
    assert not out.exists()


def test_a_name_that_no_model_can_hold_is_refused_before_anything_is_written(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(saved), "-o", str(tmp_path / "a\x01.luau"), "--rbxmx"]) == 1
    assert "Name" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [saved]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "network.txt"
    path.write_bytes(b"\xfa\xfe\x00")
    assert main(["show", str(path)]) == 1
    assert capsys.readouterr().err == f"luaunn: {path} is not a text file.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["show"],
        ["show", "x", "--inputs", "a,b"],
        ["show", "x", "--inputs", "1,,2"],
        ["export", "x"],
        ["export", "x", "-o", "a.luau", "--precision", "f16"],
        ["paint"],
    ],
)
def test_wrong_usage_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: luaunn" in capsys.readouterr().err


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"{VERSION}\n"
