"""Roblox developers' own tools find nothing to change in the library, its examples and the Luau that it is made of."""

import shutil
import subprocess
from pathlib import Path

import pytest

from codegen.library.generate import LIBRARY, PLACE_FOLDER
from codegen.library.render import TEMPLATES
from codegen.tools import TOOLS
from tests.codegen.export.exported import sources
from tests.skips import or_skip

# Of the templates, the tools see those that are Luau as they stand; the bundle is no one's to read.
FOLDERS = pytest.mark.parametrize(
    "folder", [PLACE_FOLDER / "src", TEMPLATES / LIBRARY.name], ids=["place", "templates"]
)
STANDARD = Path(__file__).with_name("selene_roblox.yml")


def stylua_changes(path: Path) -> str:
    """What StyLua would change."""
    stylua = or_skip(lambda: TOOLS["stylua"].path)
    answer = subprocess.run(
        [stylua, "--config-path", PLACE_FOLDER / "stylua.toml", "--check", path],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (answer.returncode == 0) == (answer.stdout == ""), answer.stderr
    return answer.stdout


@pytest.fixture
def selene_folder(tmp_path: Path) -> Path:
    """A folder in which Selene finds the project's settings and, without the internet, Roblox."""
    shutil.copyfile(PLACE_FOLDER / "selene.toml", tmp_path / "selene.toml")
    shutil.copyfile(STANDARD, tmp_path / "roblox.yml")
    return tmp_path


def selene_lints(path: Path, folder: Path) -> list[str]:
    """What Selene complains of."""
    selene = or_skip(lambda: TOOLS["selene"].path)
    answer = subprocess.run(
        [selene, "--display-style", "quiet", "--no-summary", path],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = answer.stdout.splitlines()
    assert (answer.returncode == 0) == (lines == []), answer.stderr
    return lines


@FOLDERS
def test_stylua_changes_nothing(folder: Path) -> None:
    assert stylua_changes(folder) == ""


def exported_to(folder: Path) -> Path:
    """The folder with modules for one network, one for each way to build them."""
    for name, source in sources().items():
        (folder / f"{name}.luau").write_text(source, encoding="utf-8", newline="\n")
    return folder


def test_stylua_changes_nothing_of_modules_for_one_network(tmp_path: Path) -> None:
    assert stylua_changes(exported_to(tmp_path)) == ""


def test_stylua_sees_a_wrong_indent(tmp_path: Path) -> None:
    (tmp_path / "some.luau").write_text("do\n    print(1)\nend\n", encoding="utf-8")
    assert "+\tprint(1)" in stylua_changes(tmp_path)


@FOLDERS
def test_selene_is_clean(folder: Path, selene_folder: Path) -> None:
    assert selene_lints(folder, selene_folder) == []


def test_selene_is_clean_on_modules_for_one_network(selene_folder: Path) -> None:
    assert selene_lints(exported_to(selene_folder), selene_folder) == []


def test_selene_sees_faults_in_code_for_roblox(selene_folder: Path) -> None:
    (selene_folder / "some.luau").write_text("local a = b\nprint(Color3.new(255, 0, 0))\n", encoding="utf-8")
    lints = [line.partition("[")[2].partition("]")[0] for line in selene_lints(selene_folder, selene_folder)]
    assert sorted(lints) == ["roblox_incorrect_color3_new_bounds", "undefined_variable", "unused_variable"]
