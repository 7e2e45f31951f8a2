"""Every machine, crossed with everything that may go in, come out or go wrong."""

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codegen.library.generate import ROOT
from codegen.runtimes import RUNTIMES, Handle, LuaError, Runtime, UnavailableError
from tests.codegen.machines import made

COPIED = {
    "nothing": None,
    "true": True,
    "false": False,
    "an integer": 3.0,
    "a fraction": -2.5,
    "the largest number": sys.float_info.max,
    "the smallest number": 5e-324,
    "2^53": 2.0**53,
    "2^64": 2.0**64,
    "infinity": math.inf,
    "minus infinity": -math.inf,
    "a text": "text",
    "no text": "",
    "unicode and lines": "é — 🙂\n\r\t\\ \"'",
    "a text with zeros": "a\0b\0001",
    "a list": [1.0, 2.0],
    "a nested list": [[1.0, [2.0, []]], "x", [True]],
    "an empty list": [],
    "a dictionary": {"a": 1.0, "b": {"c": "d", "e": [1.0]}},
    "a dictionary by numbers": {10: 1.0, 2.5: 2.0},
    "a list with a hole": {1: "a", 3: "c"},
}


@pytest.mark.parametrize("value", COPIED.values(), ids=COPIED)
def test_a_value_that_goes_in_comes_out_the_same(runtime: Runtime, value: object) -> None:
    (back,) = runtime.run("return ...", value)
    assert back == value
    assert type(back) is type(value)


def test_nan_goes_in_and_comes_out(runtime: Runtime) -> None:
    is_nan, back = runtime.run("local value = ... return value ~= value, value", math.nan)
    assert is_nan is True
    assert math.isnan(back)


def test_a_negative_zero_keeps_its_sign_on_the_way_in(runtime: Runtime) -> None:
    assert runtime.run("return 1 / ...", -0.0) == [-math.inf]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (7, 7.0),
        (2**70, 2.0**70),
        (np.float64(2.5), 2.5),
        (np.int32(-3), -3.0),
        (np.array([[1.0, 2.0], [3.0, 4.0]]), [[1.0, 2.0], [3.0, 4.0]]),
        ((1, ("x", None)), [1.0, ["x"]]),
        ([1, None, 3], {1: 1.0, 3: 3.0}),
        ({}, []),
    ],
    ids=repr,
)
def test_what_lua_has_no_type_for_goes_in_as_its_nearest(runtime: Runtime, given: object, expected: object) -> None:
    assert runtime.run("return ...", given) == [expected]


def test_every_number_comes_out_as_a_float(runtime: Runtime) -> None:
    values = runtime.run("return 3, 2 ^ 31, 2 ^ 53, 2 ^ 63, -2 ^ 63, 1e300, 0.5, #{ 1, 2 }")
    assert [type(value) for value in values] == [float] * 8
    assert values == [3, 2**31, 2**53, 2**63, -(2**63), 1e300, 0.5, 2]


def test_all_arguments_and_results_keep_their_places(runtime: Runtime) -> None:
    assert runtime.run("return select('#', ...), ...", None, 1, None) == [3.0, None, 1.0, None]
    assert runtime.run("") == []
    assert runtime.run("return nil") == [None]


def test_an_array_is_a_list_and_anything_else_a_dictionary(runtime: Runtime) -> None:
    tables = runtime.run("return { 'a', 'b' }, { [0] = 'a', 'b' }, { x = 1 }, { 'a', x = 1 }")
    assert tables == [["a", "b"], {0: "a", 1: "b"}, {"x": 1.0}, {1: "a", "x": 1.0}]


def test_a_key_that_python_takes_for_the_number_1_makes_no_list(runtime: Runtime) -> None:
    assert runtime.run("return { [true] = 'a' }") == [{True: "a"}]


def test_a_python_function_is_a_function_there(runtime: Runtime) -> None:
    calls: list[tuple[Any, ...]] = []

    def called(*arguments: Any) -> Any:
        calls.append(arguments)
        return [len(arguments), {"x": "y"}]

    (answer,) = runtime.run("return (...)({ 1, { 2 } }, 'a', nil, 4, true)", called)
    assert calls == [([1.0, [2.0]], "a", None, 4.0, True)]
    assert answer == [5.0, {"x": "y"}]


def test_lua_sees_a_python_function_as_a_function(runtime: Runtime) -> None:
    assert runtime.run("return type(...)", lambda: None) == ["function"]


def test_a_python_function_gets_dictionaries(runtime: Runtime) -> None:
    assert runtime.run("return (...)({ x = { y = 2 } })", lambda table: table["x"]["y"]) == [2.0]


def test_a_function_comes_out_as_a_handle_that_can_be_called_and_passed_on(runtime: Runtime) -> None:
    (add,) = runtime.run("return function(a, b) return a + b end")
    assert isinstance(add, Handle)
    assert runtime.call(add, 2, 3) == [5.0]
    assert runtime.run("local f = ... return f(f(1, 2), 3)", add) == [6.0]


def test_a_kept_table_stays_the_same_table(runtime: Runtime) -> None:
    table = runtime.keep(runtime.compile("return { count = 0 }", "maker"))
    for expected in (1.0, 2.0):
        assert runtime.run("local t = ... t.count = t.count + 1 return t.count", table) == [expected]


def test_require_gives_what_a_module_returns(runtime: Runtime) -> None:
    module = runtime.require("local function twice(x: number): number return 2 * x end\nreturn { twice = twice }")
    assert runtime.run("return (...).twice(4)", module) == [8.0]


@pytest.mark.parametrize(
    ("source", "position", "message"),
    [
        ("\n\nerror('went wrong')", "part:3", "went wrong"),
        ("error('a: b: c')", "part:1", "a: b: c"),
        ("error('é\\nnext')", "part:1", "é\nnext"),
        ("\nerror(5)", "part:2", "5"),
        # Through a table, since Luau inlines a local function into its caller.
        ("local t = {}\nfunction t.f() error('caller', 2) end\nt.f()", "part:3", "caller"),
        ("error('bare', 0)", "", "bare"),
        ("error('rule: broken', 0)", "", "rule: broken"),
        ("error('', 0)", "", ""),
    ],
)
def test_an_error_tells_its_place_and_its_message(runtime: Runtime, source: str, position: str, message: str) -> None:
    with pytest.raises(LuaError) as caught:
        runtime.run(source, name="part")
    assert (caught.value.position, caught.value.message) == (position, message)
    assert str(caught.value) == f"{position}: {message}".removeprefix(": ")


def test_an_error_of_the_machine_itself_tells_its_place(runtime: Runtime) -> None:
    with pytest.raises(LuaError, match="index") as caught:
        runtime.run("local nothing\n\nreturn nothing.field", name="part")
    assert caught.value.position == "part:3"


def test_an_error_inside_a_passed_function_tells_the_place_where_it_was_raised(runtime: Runtime) -> None:
    inner = runtime.compile("\nerror('inside')", "inner")
    with pytest.raises(LuaError) as caught:
        runtime.run("local f = ...\nf()", inner, name="outer")
    assert (caught.value.position, caught.value.message) == ("inner:2", "inside")


@pytest.mark.parametrize("value", ["{}", "nil", "true", "print"])
def test_an_error_that_is_no_text_is_an_error_all_the_same(runtime: Runtime, value: str) -> None:
    with pytest.raises(LuaError) as caught:
        runtime.run(f"error({value})")
    assert caught.value.position == ""
    assert runtime.run("return 1") == [1.0]


def test_an_error_of_a_python_function_is_a_lua_error_with_its_text(runtime: Runtime) -> None:
    def broken() -> None:
        raise ValueError("no such thing")

    with pytest.raises(LuaError, match=r"^(ValueError: )?no such thing$") as caught:
        runtime.run("(...)()", broken)
    assert caught.value.message == str(caught.value)
    assert runtime.run("return (pcall(...))", broken) == [False]


def test_a_syntax_error_tells_its_line(runtime: Runtime) -> None:
    with pytest.raises(LuaError) as caught:
        runtime.compile("local x = 1\nlocal = 2", "part")
    assert caught.value.position == "part:2"
    assert caught.value.message
    assert "\n" not in caught.value.message


def test_a_syntax_error_that_only_luau_lets_through_tells_its_line(runtime: Runtime) -> None:
    source = "local x = 1\nreturn if x then 2 else 3"
    if runtime.runs_luau:
        assert runtime.run(source) == [2.0]
        return
    with pytest.raises(LuaError) as caught:
        runtime.compile(source, "part")
    assert caught.value.position == "part:2"


def test_the_prelude_sees_the_functions_and_all_chunks_see_both(make_runtime: Callable[..., Runtime]) -> None:
    machine = make_runtime(
        "total = twice({ 1, 2 })[2]\nfunction half(x: number): number return x / 2 end",
        {"twice": lambda values: [2 * value for value in values]},
    )
    assert machine.run("return total, half(3), twice({ 5 })[1]") == [4.0, 1.5, 10.0]


def test_an_error_in_the_prelude_names_it(make_runtime: Callable[..., Runtime]) -> None:
    with pytest.raises(LuaError) as caught:
        make_runtime("\nerror('bad start')")
    assert (caught.value.position, caught.value.message) == ("prelude:2", "bad start")


def test_two_machines_share_nothing(make_runtime: Callable[..., Runtime]) -> None:
    first, second = make_runtime("mark = 1"), make_runtime()
    assert first.run("return mark") == [1.0]
    assert second.run("return mark") == [None]


def test_what_luau_brings_cannot_be_changed_which_makes_it_fast(runtime: Runtime) -> None:
    if runtime.runs_luau:
        assert runtime.run("return (pcall(function() math.floor = nil end))") == [False]


@pytest.mark.parametrize(
    ("name", "module", "package"),
    [("lua51", "lupa.lua51", "lupa"), ("luajit21", "lupa.luajit21", "lupa"), ("luau", "pluau", "pluau")],
)
def test_a_machine_that_cannot_be_had_says_why_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnavailableError) as caught:
        RUNTIMES[name]()
    text = str(caught.value)
    assert isinstance(caught.value.__cause__, ImportError)
    assert text.startswith(f"{name} is left out: {caught.value.__cause__}. ")
    assert f"package {package} " in text
    assert "\n" not in text
    with pytest.raises(pytest.skip.Exception, match=f"package {package} "):
        made(name)


@pytest.mark.parametrize("name", ["lune", "lune-native"])
def test_lune_that_is_not_installed_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr("codegen.tools.CACHE", tmp_path)
    with pytest.raises(UnavailableError) as caught:
        RUNTIMES[name]()
    assert str(caught.value) == "lune is left out: python scripts/install_tools.py installs it."


def test_a_machine_comes_and_goes_in_silence(runtime: Runtime) -> None:
    script = f"from codegen.runtimes import RUNTIMES\nRUNTIMES[{runtime.name!r}]().run('return 1')"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_what_was_in_a_machine_goes_with_it() -> None:
    """Of Luau, whose machines never end: all that were made would hold what was in them, 10 GB in a benchmark."""
    runtime = made("luau")
    machine = vars(runtime)["_lua"]
    empty = machine.used_memory()
    held = runtime.keep(runtime.compile("local all = {} for i = 1, 1e5 do all[i] = { i } end return all", "filling"))
    assert machine.used_memory() > empty + 2**22
    # What was in it may be held for a little longer than it.
    del runtime
    del held
    made("luau")
    assert machine.used_memory() < empty + 2**19
