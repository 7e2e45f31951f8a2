"""Lune, a Luau runtime with Roblox's instances and its reflection database, as a program."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import playing
from codegen.tools import TOOLS
from tests.skips import or_skip

# Scripts find it beside them.
REQUIRE = Path(playing.__file__).with_name("requiring.luau")

_FRAME = """
local process = require("@lune/process")
local serde = require("@lune/serde")
local stdio = require("@lune/stdio")

local function main(...)
{script}
end

stdio.write(serde.encode("json", main(unpack(process.args))))
"""


def run_lune(script: str, *arguments: str, folder: Path) -> Any:
    """What a script in Lune returns, through JSON; without Lune the test is skipped.

    ``require("./requiring")`` gives it the require of a DataModel's scripts.

    Args:
        script: the body of a function that gets the arguments in ``...`` and returns one value, no nil.
        arguments: strings for it.
        folder: a folder for the script's file, from which its requires start.
    """
    lune = or_skip(lambda: TOOLS["lune"].path)
    path = folder / "script.luau"
    shutil.copyfile(REQUIRE, folder / REQUIRE.name)
    path.write_text(_FRAME.replace("{script}", script), encoding="utf-8", newline="\n")
    command = [str(lune), "run", str(path), *arguments]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)
