"""What only the machines that are processes can do, or suffer."""

import gc
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.library.generate import ROOT
from codegen.runtimes import Handle, LuaError
from codegen.runtimes.lune import Lune, LuneNative
from engine.formulas.registry import ALL_ACTIVATIONS
from tests.library import tree
from tests.skips import or_skip

LUNES = pytest.mark.parametrize("lune", [Lune, LuneNative])


@pytest.fixture(scope="module")
def lune() -> Lune:
    """One machine, shared by tests that leave it as it was."""
    return or_skip(Lune)


@pytest.fixture
def fresh() -> Lune:
    """A machine of one's own."""
    return or_skip(Lune)


@given(number=st.floats())
def test_every_double_goes_in_and_out_to_the_last_bit(lune: Lune, number: float) -> None:
    (back,) = lune.run("return ...", number)
    assert repr(back) == repr(number)  # which tells -0 from 0, and takes every nan for the same


@given(data=st.binary())
def test_every_string_of_bytes_goes_in_and_out(lune: Lune, data: bytes) -> None:
    text = data.decode(errors="surrogateescape")
    assert lune.run("return ..., #(...)", text) == [text, len(data)]


def test_a_large_value_goes_in_and_out(lune: Lune) -> None:
    numbers = [index / 7 for index in range(50_000)]
    assert lune.run("return ...", [numbers, "x" * 1_000_000]) == [[numbers, "x" * 1_000_000]]


def test_what_chunks_print_is_printed_here_and_disturbs_nothing(lune: Lune, capsys: pytest.CaptureFixture[str]) -> None:
    script = """
    print("done", 1, nil)
    table.sort({ 2, 1 }, function(a, b) print("two\\nlines") return a < b end)
    warn("careful")
    return 5
    """
    assert lune.run(script) == [5.0]
    assert capsys.readouterr().out.replace("two\nlines\n", "") == "done 1 nil\ncareful\n"


def test_a_called_python_function_may_call_back_and_so_on(lune: Lune) -> None:
    factorial = lune.run("local f, n = ... return function(n) return n < 2 and 1 or n * f(n - 1) end", None)[0]

    def again(number: float) -> Any:
        return lune.run("local again, n = ... return n < 2 and 1 or n * again(n - 1)", again, number)[0]

    assert isinstance(factorial, Handle)
    assert again(5) == 120


def test_an_error_passes_through_python_and_back(lune: Lune) -> None:
    def broken() -> None:
        lune.run("error('deep', 0)")

    assert lune.run("local f = ... return pcall(f)", broken) == [False, "LuaError: deep"]


_LOOP = """
local start, sum = os.clock(), 0
for i = 1, 3000000 do
    sum += math.floor(i * 0.5) % 7
end
return os.clock() - start
"""


def seconds(machine: Lune, header: str = "") -> float:
    """The best of some runs of a loop, so that other work of the processor does not count."""
    chunk = machine.compile(header + _LOOP, "loop")
    return min(float(machine.call(chunk)[0]) for _ in range(5))


def test_a_chunk_is_interpreted_or_native_as_asked() -> None:
    interpreted, native = or_skip(Lune), or_skip(LuneNative)
    assert seconds(native) < seconds(interpreted) / 2  # usually a fifth


def test_a_file_that_steers_the_compiler_is_native_if_it_says_so() -> None:
    native = or_skip(LuneNative)
    assert seconds(native, "--!strict\n--!native\n") < 0.8 * seconds(native, "--!strict\n")  # usually a fifth


def test_globals_of_the_prelude_leave_native_code_and_fast_calls_on() -> None:
    plain, furnished = or_skip(LuneNative), or_skip(lambda: LuneNative("game = {} function warn() end"))
    assert seconds(furnished) < 4 * seconds(plain)  # usually the same; without native code and fast calls 10 times


@LUNES
def test_the_module_runs_as_it_is(lune: type[Lune]) -> None:
    machine = or_skip(lune)
    module = machine.require_tree(tree())
    assert machine.run("return #(...).ACTIVATORS", module) == [float(len(ALL_ACTIVATIONS))]


def test_what_python_drops_lune_forgets(fresh: Lune) -> None:
    maker = fresh.compile("return setmetatable({}, { __mode = 'v' })", "maker")
    weak = fresh.keep(maker)
    kept = fresh.run("local weak = ... weak[1] = function() return weak end return weak[1]", weak)
    # Garbage is collected while more of it comes up.
    script = "local weak = ... for i = 1, 300000 do local _ = { i } end return weak[1] == nil"
    assert fresh.run(script, weak) == [False]
    del kept
    gc.collect()
    assert fresh.run(script, weak) == [True]


def test_an_error_of_roblox_is_one_sentence_with_the_trace_as_a_note(lune: Lune) -> None:
    with pytest.raises(LuaError) as caught:
        lune.run("local roblox = require('@lune/roblox')\nroblox.Instance.new('Folder').Value = 1", name="part")
    assert str(caught.value) == "Value is not a valid member of Folder"
    (note,) = caught.value.__notes__
    assert "part:2" in note


def test_a_killed_process_is_an_error_at_once_and_afterwards(fresh: Lune) -> None:
    fresh._process.kill()
    with pytest.raises(LuaError, match=r"^lune ended with exit code -?\d+ and said: nothing$"):
        fresh.run("return 1")
    with pytest.raises(LuaError, match=r"^lune is no longer running"):
        fresh.run("return 1")


def test_a_process_that_is_killed_while_python_works_for_it_is_an_error(fresh: Lune) -> None:
    def killer() -> list[Any]:
        fresh._process.kill()
        return fresh.run("return 1")

    with pytest.raises(LuaError, match=r"^lune is no longer running"):
        fresh.run("(...)()", killer)


def test_a_process_that_dies_at_work_says_what_it_said(fresh: Lune) -> None:
    script = "require('@lune/stdio').ewrite('it hurts\\n') require('@lune/process').exit(7)"
    with pytest.raises(LuaError, match=r"^lune ended with exit code 7 and said: it hurts$"):
        fresh.run(script)


def test_an_interrupted_question_ends_the_process(fresh: Lune) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fresh.run("(...)()", interrupted)
    assert fresh._process.returncode is not None
    with pytest.raises(LuaError, match=r"^lune is no longer running"):
        fresh.run("return 1")


def test_the_process_ends_with_its_machine(fresh: Lune) -> None:
    machine = or_skip(Lune)
    process = machine._process
    assert process.poll() is None
    del machine
    gc.collect()
    assert process.returncode == 0
    assert fresh.run("return 1") == [1.0]


def test_the_process_ends_with_python(lune: Lune) -> None:
    script = """
import atexit
atexit.register(lambda: print(process.returncode))  # registered first, so called last
from codegen.runtimes import RUNTIMES
machine = RUNTIMES["lune"]()
process = machine._process
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")
