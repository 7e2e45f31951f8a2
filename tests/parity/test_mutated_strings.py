"""Whatever is done to a network string, every runtime takes it as Python does, and nothing breaks."""

import zlib
from pathlib import Path

import pytest

from engine import Network
from tests.engine.mutations import Problems, mutated_strings, sound_strings
from tests.parity.machine import Machine
from tests.parity.test_errors import said_by_python
from tests.parity.tolerances import reading_tolerance

# How many strings each machine makes for itself; with --thorough; and with --thorough in one of them, by its pair.
FEW, MANY, MOST, OF_MOST = 5_000, 20_000, 1_000_000, "luau-bundle"
# How many are made in one call, so that it can be interrupted.
AT_ONCE = 10_000
# How many that Python makes, and how many with --thorough.
SHARED, SHARED_MANY = 1_000, 10_000
# Strings that mutations have led to: numbers of which LuaJIT's tonumber makes nil (exponents from 2^20 on), as a weight
# that is 0 or -0, a weight too many, a further entry and an unknown field.
FOUND = (
    '[1,[[[[1e-9999999]],[0]],[[[3]],[0]]],false,"ReLU"]',
    '[1,[[[[-1e-9999999]],[0]],[[[3]],[0]]],false,"ReLU"]',
    '[1,[[[[1,1e9999999]],[0]],[[[3]],[0]]],false,"ReLU"]',
    '[1,[[[[1]],[0]],[[[3]],[0]]],false,"ReLU",1e9999999]',
    '[1,[[[[1]],[0]],[[[3]],[0]]],false,"ReLU",{"x":1e9999999}]',
)
# At least one in so many loads.
SHARE_LOADED = 50


def what_breaks(machine: Machine, request: pytest.FixtureRequest, tolerance: float = 0) -> str:
    """What mutations.lua finds wrong, in other strings for every machine."""
    script = machine.runtime.compile(Path(__file__).with_name("mutations.lua").read_text(encoding="utf-8"), "mutations")
    count, loaded, problems = FEW, 0.0, Problems()
    if request.config.getoption("thorough"):
        count = MOST if f"[{OF_MOST}]" in request.node.name else MANY
    state: float = zlib.crc32(request.node.name.encode())
    for start in range(0, count, AT_ONCE):
        made = min(AT_ONCE, count - start)
        taken, found, state = machine.runtime.call(script, machine.library, sound_strings(), state, made, tolerance)
        loaded += taken
        for each in found:
            problems.add(each["kind"], each["text"], each["message"], int(each["times"]))
    assert loaded > count / SHARE_LOADED
    return problems.told


def test_a_mutated_string_is_refused_in_one_line_or_loads(machine: Machine, request: pytest.FixtureRequest) -> None:
    assert what_breaks(machine, request) == ""


def test_so_it_is_by_the_json_of_roblox(real_roblox_machine: Machine, request: pytest.FixtureRequest) -> None:
    assert what_breaks(real_roblox_machine, request, reading_tolerance(real_roblox_machine.name, 1, 1.0)) == ""


# For each string how it is saved once it was loaded, or why it was not; bytes that are not ASCII as numbers.
_LOAD_ALL = r"""
local KNN, texts = ...
local answers = {}
for index, text in ipairs(texts) do
    local loads, result = pcall(KNN.loadNet, text)
    if loads then
        result = KNN.saveNet(result)
    end
    answers[index] = string.gsub(tostring(result), "[%c\\\127-\255]", function(byte)
        return string.format("\\%03d", string.byte(byte))
    end)
end
return answers
"""


def shown(text: str) -> str:
    """As the script shows it."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\{byte:03d}"
        for byte in text.encode(errors="surrogatepass")
    )


def loaded_by_python(text: str) -> tuple[bool, str]:
    """Whether it loads, and what the script says of it."""
    refusal = said_by_python(lambda: Network.load(text))
    return (True, Network.load(text).save()) if refusal is None else (False, refusal)


def is_text(text: str) -> bool:
    """Whether no surrogate is alone in it: only then Lua has a string for it."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def test_a_mutated_string_is_for_lua_what_it_is_for_python(machine: Machine, request: pytest.FixtureRequest) -> None:
    count = SHARED_MANY if request.config.getoption("thorough") else SHARED
    made = mutated_strings(zlib.crc32(request.node.name.encode()), count)
    texts = [*FOUND, *(text for text in made if is_text(text))]
    (answers,) = machine.run(_LOAD_ALL, texts)
    problems = Problems()
    for text, said_by_lua in zip(texts, answers, strict=True):
        loads, said = loaded_by_python(text)
        if said_by_lua != shown(said):
            kind = "Python loads it" if loads else "Python refuses it"
            problems.add(kind, shown(text), f"Python: {shown(said)}; Lua: {said_by_lua}")
    assert problems.told == ""
