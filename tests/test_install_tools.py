"""The installer of the tools, with a cargo and an npm that only pretend."""

import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from codegen.library.generate import ROOT
from codegen.tools import TOOLS, Registry
from tests.conftest import reasons_to_skip
from tests.scripts import load_script

_PRETENDER = """
import json, sys
from pathlib import Path
here, arguments = Path(__file__).parent, sys.argv[1:]
name = arguments.pop(0)
with (here / "calls").open("a", encoding="utf-8") as calls:
    calls.write(json.dumps([name, *arguments]) + "\\n")
option = "--prefix" if name == "npm" else "--root"
folder = Path(arguments[arguments.index(option) + 1])
for file in json.loads((here / "files").read_text(encoding="utf-8")):
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).touch()
sys.exit(int((here / f"{name} fails with").read_text()) if (here / f"{name} fails with").exists() else 0)
"""


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache for the tools."""
    folder = tmp_path / "cache"
    monkeypatch.setattr("codegen.tools.CACHE", folder)
    return folder


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The only folder in PATH: its cargo and npm make the files of all tools and note how they are called."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "pretender.py").write_text(_PRETENDER, encoding="utf-8")
    (folder / "files").write_text(json.dumps([tool.file for tool in TOOLS.values()]), encoding="utf-8")
    for name in ("cargo", "npm"):
        command = f'"{sys.executable}" "{folder / "pretender.py"}" {name}'
        if sys.platform == "win32":
            (folder / f"{name}.bat").write_text(f"@{command} %*\n", encoding="utf-8")
        else:
            (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
            (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch, cache: Path, programs: Path) -> ModuleType:
    """scripts/install_tools.py, which finds itself in its environment."""
    monkeypatch.setitem(sys.modules, "environment", SimpleNamespace(enter=lambda: None))
    monkeypatch.setattr(sys, "argv", ["install_tools.py"])
    return load_script("install_tools")


def calls(programs: Path) -> list[list[str]]:
    """How cargo and npm were called."""
    notes = programs / "calls"
    return [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()] if notes.exists() else []


def installed() -> list[str]:
    return [tool.name for tool in TOOLS.values() if tool.is_installed]


def test_everything_is_installed_as_it_is_pinned_and_nothing_else_is_left(
    installer: ModuleType, programs: Path, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installer.main() == 0
    assert installed() == list(TOOLS)
    assert sorted(cache.iterdir()) == sorted(tool.folder for tool in TOOLS.values())
    said = capsys.readouterr().out
    for number, (tool, call) in enumerate(zip(TOOLS.values(), calls(programs), strict=True), start=1):
        assert f"[{number} of {len(TOOLS)}] {tool.name} {tool.version} from {tool.registry.value}" in said
        match tool.registry:
            case Registry.CRATES:
                assert call[:6] == ["cargo", "install", tool.package, "--version", tool.version, "--locked"]
            case Registry.OWN:
                assert call[:5] == ["cargo", "install", "--path", str(ROOT / "scripts" / "luau_check"), "--locked"]
            case Registry.NPM:
                assert call[:2] == ["npm", "install"]
                assert call[-1] == f"{tool.package}@{tool.version}"


def test_what_is_there_is_not_installed_again(
    installer: ModuleType, programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installer.main()
    before = calls(programs)
    capsys.readouterr()
    assert installer.main() == 0
    assert calls(programs) == before
    assert capsys.readouterr().out.count("is there") == len(TOOLS)


def test_only_what_is_named_is_installed(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["install_tools.py", "stylua", "lune"])
    assert installer.main() == 0
    assert installed() == ["lune", "stylua"]
    monkeypatch.setattr(sys, "argv", ["install_tools.py", "lua"])
    with pytest.raises(SystemExit):
        installer.main()
    assert f"a name must be one of {', '.join(TOOLS)}, got lua" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("missing", "remedy"), [("cargo", "Rust from https://rustup.rs"), ("npm", "Node.js from https://nodejs.org")]
)
def test_the_rest_is_installed_where_a_program_is_missing(
    installer: ModuleType, programs: Path, capsys: pytest.CaptureFixture[str], missing: str, remedy: str
) -> None:
    for path in programs.glob(f"{missing}*"):
        path.unlink()
    assert installer.main() == 1
    left = [tool.name for tool in TOOLS.values() if (tool.registry is Registry.NPM) == (missing == "npm")]
    assert installed() == [name for name in TOOLS if name not in left]
    said = capsys.readouterr().out.splitlines()
    for name in left:
        (line,) = {line for line in said if line.startswith(f"{name} was not installed: ")}
        assert line.endswith(f"{missing} is missing: install {remedy} and run this again.")


def test_a_build_that_fails_leaves_nothing_and_the_rest_is_installed(
    installer: ModuleType, programs: Path, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (programs / "cargo fails with").write_text("101", encoding="utf-8")
    assert installer.main() == 1
    assert installed() == ["stylua", "roblox-types"]
    assert len(list(cache.iterdir())) == 2
    assert "lune was not installed: cargo ended with exit code 101 and says above why." in capsys.readouterr().out


def test_a_package_without_what_is_used_of_it_is_no_tool(
    installer: ModuleType, programs: Path, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (programs / "files").write_text("[]", encoding="utf-8")
    assert installer.main() == 1
    assert list(cache.iterdir()) == []
    tool = TOOLS["rojo"]
    assert (
        f"rojo was not installed: cargo installed rojo {tool.version} without {tool.file}." in capsys.readouterr().out
    )


def test_an_interrupted_build_leaves_nothing(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    real = installer.subprocess.call

    def interrupted(command: list[str]) -> int:
        real(command)
        raise KeyboardInterrupt

    monkeypatch.setattr(installer.subprocess, "call", interrupted)
    with pytest.raises(KeyboardInterrupt):
        installer.main()
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("moment", ["while this one builds", "when this one is about to move its own"])
def test_a_tool_that_another_run_finished_first_stays(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    tool = TOOLS["lune"]
    build, rename = installer.subprocess.call, Path.rename

    def other_run() -> None:
        (tool.folder / tool.file).parent.mkdir(parents=True)
        (tool.folder / tool.file).write_text("the other's", encoding="utf-8")

    def overtaken_build(command: list[str]) -> int:
        other_run()
        return int(build(command))

    def overtaken_move(made: Path, place: Path) -> Path:
        other_run()
        return rename(made, place)

    if moment == "while this one builds":
        monkeypatch.setattr(installer.subprocess, "call", overtaken_build)
    else:
        monkeypatch.setattr(Path, "rename", overtaken_move)
    installer.install(tool)
    assert tool.path.read_text(encoding="utf-8") == "the other's"


def test_a_place_that_cannot_be_written_is_told(
    installer: ModuleType, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache.write_text("a file", encoding="utf-8")
    assert installer.main() == 1
    assert capsys.readouterr().out.count(" was not installed: ") == 2 * len(TOOLS)


def test_what_was_taken_apart_is_installed_again(installer: ModuleType) -> None:
    tool = TOOLS["lune"]
    (tool.folder / "rest").mkdir(parents=True)
    installer.install(tool)
    assert tool.is_installed
    assert not (tool.folder / "rest").exists()


def test_how_long_building_takes_is_known_of_tools_that_there_are(installer: ModuleType) -> None:
    built = {tool.name for tool in TOOLS.values() if tool.registry is not Registry.NPM}
    assert set(installer.MINUTES) == built


def test_the_tests_say_in_one_line_which_tools_are_missing(installer: ModuleType) -> None:
    def about_tools() -> list[str]:
        return [reason for reason in reasons_to_skip() if "install_tools" in reason]

    assert about_tools() == [
        f"{', '.join(TOOLS)} are left out: python scripts/install_tools.py installs them.",
    ]
    installer.main()
    assert about_tools() == []
