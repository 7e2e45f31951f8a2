"""The generated files: up to date, the same everywhere, clean, and true to the Python that they come from."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from codegen.library import generate, render
from codegen.library.generate import (
    API_PAGE,
    BUNDLE,
    LIBRARY,
    MODEL,
    PLACE,
    PLACE_FOLDER,
    ROOT,
    WALLY,
    stale_files,
    write_all,
)
from codegen.library.template_context import template_context
from codegen.runtimes import LuaError
from codegen.translate.erase_types import erase_types
from engine import VERSION
from tests.codegen.machines import made

SOURCES = ("engine", "codegen", "luau_templates", "roblox_place", "pictures")
# What a generation makes anew.
MODULES = sorted(LIBRARY.rglob("*.luau"))
NEW = (*MODULES, BUNDLE, MODEL, PLACE, WALLY, API_PAGE)
# Modules that an older library may have had: beside others, and in a folder of its own.
OLD = ("api/old.luau", "gone/last.luau")
TEMPLATES = sorted(path for path in render.TEMPLATES.rglob("*.*") if path.is_file())


def copied_to(folder: Path) -> Path:
    """A copy of all that a generation reads, without anything that it writes."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in set(NEW) - {API_PAGE}:
        (folder / path.relative_to(ROOT)).unlink()
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy to change."""
    return copied_to(tmp_path)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which all was generated, where there had been modules of an older library."""
    project = copied_to(tmp_path_factory.mktemp("generated"))
    for name in OLD:
        path = project / LIBRARY.relative_to(ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("return {}\n", encoding="utf-8")
    regenerate(project)
    return project


def regenerate(project: Path) -> str:
    """Generate in a copy, in a process of its own, and return the library as one script."""
    # The committed files come of processes that hash by other seeds.
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", "from codegen.library.generate import write_all; write_all()"]
    subprocess.run(command, cwd=project, env=environment, check=True)
    return (project / BUNDLE.relative_to(ROOT)).read_text(encoding="utf-8")


def test_the_committed_files_are_what_the_truth_says() -> None:
    assert stale_files() == []


def test_the_same_bytes_come_out_in_any_folder_and_process(generated: Path) -> None:
    for path in NEW:
        assert (generated / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path.name


def test_what_is_stale_is_written_again_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, page = tmp_path / "new" / "Library.luau", tmp_path / "api.md"
    shutil.copyfile(API_PAGE, page)
    monkeypatch.setattr(generate, "BUNDLE", bundle)
    monkeypatch.setattr(generate, "API_PAGE", page)
    texts = generate.generate()
    monkeypatch.setattr(generate, "generate", lambda: texts)
    assert write_all() == [bundle]
    bundle.write_bytes(bundle.read_bytes().replace(b"\n", b"\r\n"))
    page.write_text(API_PAGE.read_text(encoding="utf-8").replace("### VERSION", "### VERSION!"), encoding="utf-8")
    assert stale_files() == [bundle, page]
    assert write_all() == [bundle, page]
    assert write_all() == []
    assert bundle.read_bytes() == BUNDLE.read_bytes()
    assert page.read_bytes() == API_PAGE.read_bytes()


def test_modules_that_are_no_longer_generated_go(generated: Path) -> None:
    old, last = (generated / LIBRARY.relative_to(ROOT) / name for name in OLD)
    assert not old.exists()
    assert old.parent.exists()
    assert not last.parent.exists()
    assert len(list((generated / LIBRARY.relative_to(ROOT)).rglob("*.luau"))) == len(MODULES)


@pytest.mark.parametrize("path", [*MODULES, BUNDLE], ids=lambda path: path.name)
def test_a_file_says_what_it_is_and_nothing_of_where_or_when_it_was_made(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("--!strict\n")
    assert str(ROOT) not in text
    assert not re.search(r"[A-Za-z]:\\|(?<![\w/])/(home|Users|root|tmp|var)\b", text)
    assert not re.search(r"\b\d{4}-\d\d-\d\d\b|\b\d\d?:\d\d\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b", text)
    assert not re.search(r"[ \t]\n|\r|\n\n\n|{%", text)
    # Tables in tables have no space between them in the one script.
    assert path == BUNDLE or not re.search(r"{{|{#", text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_names_its_template_and_then_what_it_is_for(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("--!")]
    made = re.fullmatch(r"-- Generated by (\S+)\. Do not edit: change (\S+)\.", lines[0])
    assert made is not None
    maker, template = ROOT / made[1], ROOT / made[2]
    assert maker.is_file()
    # The templates mirror the library, file by file.
    assert template.relative_to(render.TEMPLATES / LIBRARY.name).as_posix().removesuffix(".jinja") == (
        path.relative_to(LIBRARY).as_posix()
    )
    assert re.match(r"-- \w", lines[1])


def test_what_needs_no_filling_in_is_luau_already() -> None:
    mirrored = render.TEMPLATES / LIBRARY.name
    assert [path for path in mirrored.rglob("*.jinja") if not re.search("{{|{%", path.read_text("utf-8"))] == []


def test_modules_are_small_but_for_the_kernels() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if path.parent != LIBRARY / "kernels":
            assert text.count("\n") <= 400, path
            assert len(text) <= 24_000, path


def test_the_bundle_fits_into_a_script() -> None:
    assert len(BUNDLE.read_text(encoding="utf-8")) < 200_000


# Lists the names of the globals that a chunk reads and writes, in its own code and in all functions inside it.
LIST_GLOBALS = """
local util = require("jit.util")
local bit = require("bit")

local function instruction(chunk, pc)
    local code = util.funcbc(chunk, pc)
    return code and bit.band(code, 0xFF), code and bit.rshift(code, 16)
end

-- The opcodes differ between versions of LuaJIT, so they are looked up in chunks that hold nothing else.
local READ = instruction(loadstring("return name"), 1)
local WRITE = instruction(loadstring("name = ..."), 2)

local function list(chunk, names)
    local pc = 1
    while util.funcbc(chunk, pc) do
        local opcode, operand = instruction(chunk, pc)
        local use = opcode == READ and "read" or opcode == WRITE and "written"
        if use then
            table.insert(names[use], util.funck(chunk, -operand - 1))
        end
        pc = pc + 1
    end
    local index = -1
    while util.funck(chunk, index) ~= nil do
        local constant = util.funck(chunk, index)
        if type(constant) == "proto" then
            list(constant, names)
        end
        index = index - 1
    end
    return names
end

return list(assert(loadstring(...)), { read = {}, written = {} })
"""

# Lua's own, and what Roblox has besides.
ALLOWED_GLOBALS = {
    *(
        "assert",
        "error",
        "getmetatable",
        "ipairs",
        "next",
        "pairs",
        "pcall",
        "print",
        "select",
        "setmetatable",
        "tonumber",
        "tostring",
    ),
    *("type", "rawequal", "rawget", "rawset", "unpack", "math", "os", "string", "table"),
    # Luau has these, Lua 5.1 has not all of them: the library asks before it uses them.
    *("buffer", "coroutine", "debug", "rawlen", "typeof", "vector"),
    *("game", "task", "warn"),
    *("Color3", "Enum", "Instance", "UDim", "UDim2", "Vector2"),
}


def globals_of(source: str) -> tuple[set[str], set[str]]:
    """The names of the globals that plain Lua reads and those that it writes."""
    (names,) = made("luajit21").run(LIST_GLOBALS, source)
    return set(names["read"]), set(names["written"])


@pytest.mark.parametrize(
    ("source", "read", "written"),
    [
        ("local a = 1 return a", set(), set()),
        ("a = 1", set(), {"a"}),
        ("return b.c", {"b"}, set()),
        ("local t = {} function t.f() return function() a = b end end return t", {"b"}, {"a"}),
        ("local function f() a, b = c, d end for _ in pairs(e) do f() end", {"c", "d", "e", "pairs"}, {"a", "b"}),
        ("function f() end", set(), {"f"}),
        ("local g = 1 local function f() g = g + 1 end", set(), set()),
    ],
)
def test_the_search_for_globals_finds_them_at_every_depth(source: str, read: set[str], written: set[str]) -> None:
    assert globals_of(source) == (read, written)


def test_the_library_sets_no_global_and_reads_only_known_ones() -> None:
    read, written = globals_of(erase_types(BUNDLE.read_text(encoding="utf-8")))
    assert written == set()
    assert {"math", "pairs"} <= read
    assert read - ALLOWED_GLOBALS == set()


@dataclass(frozen=True)
class Change:
    """Texts replaced in Python, and what a Luau script then gives that it did not give before."""

    edits: tuple[tuple[str, str, str], ...]
    script: str
    expected: object
    on_page: str = ""


ACTIVATIONS, LIMITS = "engine/formulas/activations.py", "engine/interface/limits.py"
FUNCTIONS, OPTIONS = "engine/interface/functions.py", "engine/interface/options.py"
MESSAGES = "engine/interface/messages.py"
FORWARD = """
    local net = KNN.loadNet('[1,[[[[1]],[0]],[[[1]],[0]]],false,["%s","Identity"]]')
    return KNN.forwardNet(net, { -4 })[1]
"""
CUBE = (
    'def cube(x: float) -> float:\n    """Its third power."""\n    return x * x * x\n\n\n'
    'def cube_slope(x: float, y: float) -> float:\n    """Three squares."""\n    return 3.0 * x * x\n\n\n'
)

SOFTMAX = "engine/formulas/softmax.py"
SHARP = (
    "SHARPNESS = 2.0\n\n\n"
    'def sharp(x: float) -> float:\n    """Further from zero."""\n    return SHARPNESS * x\n\n\n'
    'def sharp_power(x: float, largest: float) -> float:\n    """A power."""\n'
    "    return math.exp(sharp(x - largest))\n\n\n"
    'SHARP = OutputActivation("Sharp", sharp_power, share_of, share_slope, 0.0, 1.0)\n'
)

FADING = 'Option("fading", "fading", NumberBetween(0.0, 1.0), 0.5, "how much fades")'

# Changes that do not touch each other are made together, since a generation takes long.
CHANGES: tuple[dict[str, Change], ...] = (
    {
        "a formula": Change(
            (
                (
                    ACTIVATIONS,
                    "return x if x > 0 else LEAKY_SLOPE * x\n",
                    "return x if x > 0 else LEAKY_SLOPE * x - 1.0\n",
                ),
            ),
            FORWARD % "LeakyReLU",
            -1.4,
        ),
        "a formula written into a kernel": Change(
            (("engine/formulas/optimizers/sgd.py", "return -rate * delta\n", "return -rate * delta * 3.0\n"),),
            """
            local net = KNN.loadNet('[1,[[[[1]],[0]],[[[1]],[0]]],false,["Identity","Identity"]]')
            KNN.backwardNet(net, 0.5, { 3 }, { 1 })
            return net[2][2][2][1]
            """,
            -3.0,
        ),
        "a new activation": Change(
            (
                (ACTIVATIONS, "def identity(x", f"{CUBE}def identity(x"),
                (
                    "engine/formulas/registry.py",
                    '    Activation("Binary"',
                    '    Activation("Cube", a.cube, a.cube_slope, -inf, inf),\n    Activation("Binary"',
                ),
            ),
            FORWARD % "Cube",
            -64.0,
        ),
        "the version": Change(
            ((LIMITS, 'VERSION = "2', 'VERSION = "9.2'),), "return string.sub(KNN.VERSION, 1, 3)", "9.2"
        ),
        "a default number": Change(
            ((LIMITS, "DEFAULT_BIAS = 0.5\n", "DEFAULT_BIAS = 0.75\n"),),
            "return KNN.createNet(1, 1, 1, 1)[2][1][2][1]",
            0.75,
        ),
        "a default name": Change(
            ((LIMITS, 'DEFAULT_ACTIVATOR = "LeakyReLU"', 'DEFAULT_ACTIVATOR = "Sinc"'),),
            "return (select(5, KNN.getNetworkData(KNN.createNet(1, 1, 1, 1))))",
            "Sinc",
        ),
        "a limit": Change(
            ((LIMITS, "MAXIMUM_HIDDEN_LAYERS = 10_000", "MAXIMUM_HIDDEN_LAYERS = 3"),),
            "return string.match(select(2, pcall(KNN.createNet, 1, 4, 1, 1)), 'Wrong.*')",
            "Wrong Arg#2: Hidden layers must be an integer from 1 to 3, got 4.",
        ),
        "a message": Change(
            (
                (
                    MESSAGES,
                    '"must be a network string made by saveNet"',
                    '"must be \\"a string\\" that\'s made\\n by saveNet"',
                ),
            ),
            "return string.match(select(2, pcall(KNN.loadNet, 'x')), 'Wrong.*')",
            'Wrong Arg#1: String must be "a string" that\'s made\n by saveNet, got "x".',
        ),
    },
    {
        "a formula's constant": Change(
            ((ACTIVATIONS, "LEAKY_SLOPE = 0.1\n", "LEAKY_SLOPE = 0.25\n"),), FORWARD % "LeakyReLU", -1.0
        ),
        "a new activation of output layers": Change(
            (
                (SOFTMAX, "SOFTMAX = ", f"{SHARP}SOFTMAX = "),
                ("engine/formulas/registry.py", "import SOFTMAX\n", "import SHARP, SOFTMAX\n"),
                ("engine/formulas/registry.py", "    SOFTMAX,\n)", "    SOFTMAX,\n    SHARP,\n)"),
            ),
            """
            local net = KNN.loadNet('[1,[[[[1]],[0]],[[[1],[0]],[0,0]]],false,["Identity","Sharp"]]')
            KNN.backwardNet(net, 0.1, { 1 }, { 0, 1 })
            return string.format("%.4f", KNN.forwardBatch(net, { { 1 } })[1][1] - KNN.forwardNet(net, { 1 })[1])
                .. string.format(" %.4f", KNN.forwardNet(KNN.loadNet(KNN.saveNet(net)), { 1 })[1])
            """,
            "0.0000 0.8558",
            "| `Sharp` |",
        ),
        "an option's default": Change(
            ((OPTIONS, 'Integer(0, MAXIMUM_NODES), 2, "nodes', 'Integer(0, MAXIMUM_NODES), 0, "nodes'),),
            """
            local nets, before = {}, {}
            for index = 1, 3 do
                nets[index] = KNN.createNet(1, 1, 1, 1)
                before[index] = KNN.hardCode(nets[index])
            end
            KNN.runGenNet(nets, { 3, 2, 1 }, false, { keepShare = 1 })
            return KNN.hardCode(nets[2]) == before[2] and KNN.hardCode(nets[3]) == before[3]
            """,
            True,
            "| `mutatedNodes` | `mutated_nodes` | 0 |",
        ),
        "a new option, in one line": Change(
            (
                (
                    OPTIONS,
                    '        Option("mutatedNodes",',
                    f'        {FADING},\n        Option("mutatedNodes",',
                ),
            ),
            """
            local nets = { KNN.createNet(1, 1, 1, 1), KNN.createNet(1, 1, 1, 1) }
            KNN.runGenNet(nets, { 1, 2 }, false, { fading = 0.25 })
            return string.match(select(2, pcall(KNN.runGenNet, nets, { 1, 2 }, false, { fading = 2 })), "Wrong.*")
            """,
            "Wrong Arg#4: Options.fading must be a number from 0 to 1, got 2.",
            "| `fading` | `fading` | 0.5 | how much fades |",
        ),
        "what an argument is called": Change(
            ((FUNCTIONS, '"hiddenL", "Hidden layers"', '"hiddenL", "Depth"'),),
            "return string.match(select(2, pcall(KNN.createNet, 1)), 'Depth.*')",
            "Depth must be an integer from 1 to 10000, got nothing.",
        ),
    },
)


def answer(library: str, script: str) -> object:
    """What a script gives that has the library as ``KNN``; the error, if it raises one."""
    machine = made("lua51")
    try:
        (value,) = machine.run(f"local KNN = ...\n{script}", machine.require(library))
    except LuaError as error:
        return error
    return value


def modules_in(library: Path) -> set[str]:
    """The sources of all files in a folder."""
    return {path.read_text(encoding="utf-8") for path in library.rglob("*.luau")}


@pytest.mark.share(2)
@pytest.mark.parametrize("changes", CHANGES, ids=["first", "second"])
def test_one_change_in_python_is_enough_to_change_all_that_is_made_of_it(
    project: Path, changes: dict[str, Change]
) -> None:
    for change in changes.values():
        for name, old, new in change.edits:
            path = project / name
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{old!r} is no longer in {name}: choose another change"
            path.write_text(text.replace(old, new), encoding="utf-8")
    library = project / LIBRARY.relative_to(ROOT)
    committed = modules_in(LIBRARY)
    # Stale modules on disk are not what the model and the place are made of.
    for path in library.rglob("*.luau"):
        path.write_text("stale", encoding="utf-8")
    before, after = BUNDLE.read_text(encoding="utf-8"), regenerate(project)
    page = (project / API_PAGE.relative_to(ROOT)).read_text(encoding="utf-8")
    for change in changes.values():
        assert answer(before, change.script) != change.expected
    assert {what: answer(after, change.script) for what, change in changes.items()} == {
        what: change.expected for what, change in changes.items()
    }
    assert [what for what, change in changes.items() if change.on_page not in page] == []
    made = modules_in(library)
    assert made != committed
    for path in (MODEL, PLACE):
        sources = {each.text for each in ET.parse(project / path.relative_to(ROOT)).iterfind(".//ProtectedString")}
        assert made <= sources
        assert "stale" not in sources


def test_wally_gets_the_version_and_nothing_but_the_library() -> None:
    manifest = tomllib.loads(WALLY.read_text(encoding="utf-8"))["package"]
    assert manifest["version"] == VERSION
    assert (manifest["name"], manifest["realm"], manifest["exclude"]) == ("luaunn/knnlibrary", "shared", ["**"])
    shipped = {PLACE_FOLDER / name for name in manifest["include"]}
    project = PLACE_FOLDER / "default.project.json"
    assert {path for path in shipped if path.is_file()} == {WALLY, project}
    # Wally looks into a folder only if the folder itself is included, and what is in it is apart.
    assert {path for path in shipped if path.is_dir()} == {LIBRARY, *LIBRARY.parents} & {
        LIBRARY,
        *PLACE_FOLDER.rglob("*"),
    }
    assert PLACE_FOLDER / f"{LIBRARY.relative_to(PLACE_FOLDER).as_posix()}/**" in shipped
    assert PLACE_FOLDER / json.loads(project.read_text(encoding="utf-8"))["tree"]["$path"] == LIBRARY
    first_line = WALLY.read_text(encoding="utf-8").partition("\n")[0]
    assert first_line.startswith("# Generated by scripts/regenerate.py")


def test_a_template_that_uses_what_nobody_decided_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "TEMPLATES", tmp_path)
    for name in ("nothing", "constant.NOTHING", "options.Nothing.fields", "functions.createNet.nothing"):
        (tmp_path / "part.luau.jinja").write_text(f"{{{{ constant.VERSION }}}} {{{{ {name} }}}}\n", encoding="utf-8")
        with pytest.raises(UndefinedError, match=r"(?i)nothing"):
            render.render("part.luau.jinja", template_context())


# Numbers of ten or more that belong to Lua or to Roblox and not to the library.
OWN_NUMBERS = {
    "16": "hexadecimal digits",
    "63": "the last digit of base64",
    "64": "digits of base64",
    "128": "the highest bit of a byte",
    "256": "values of a byte",
    "65536": "values of two bytes",
    "1000": "milliseconds in a second",
    "1000000": "microseconds in a second",
}
NUMBER = re.compile(r"(?<![\w.\\])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_number_and_no_text_that_the_spec_should_hold(path: Path) -> None:
    code = re.sub(r"{#.*?#}|--[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    numbers = [number for number in NUMBER.findall(code) if not number.isdigit() or int(number) >= 10]
    assert set(numbers) - set(OWN_NUMBERS) == set()
    assert not re.search(r"\b(error|warnUser|fault)\(\s*[\"']", code)
