"""Trees that cannot be bundled: an error says which rule they break, and where."""

import pytest

from codegen.translate.requires import TreeError
from tests.codegen.library.bundles import bundled

REQUIRED = 'local types = require("@self/types")\n'


@pytest.mark.parametrize(
    ("init", "why"),
    [
        ("return 1 +", r"^init:2: this is not Luau$"),
        ("local a = 1", r"^init: a file ends with a return of one value$"),
        ("", r"^init: a file ends with a return of one value$"),
        ("-- nothing", r"^init: a file ends with a return of one value$"),
        ("return", r"^init: a file ends with a return of one value$"),
        ("return 1, 2", r"^init: a file ends with a return of one value$"),
        ("do return 1 end", r"^init: a file ends with a return of one value$"),
        ("type A = types.A\nreturn 1", r"^init:2: types exports no type A$"),
        ("type Inner = types.Inner\nreturn 1", r"^init:2: types exports no type Inner$"),
        (
            "type Net = types.Network\nreturn 1",
            r"^init:2: `type Net = types.Network`: an imported type keeps its name and its parameters$",
        ),
        (
            "type Map<A, B> = types.Map<B, A>\nreturn 1",
            r"^init:2: `type Map<A, B> = types.Map<B, A>`: an imported type keeps its name and its parameters$",
        ),
        (
            "type Map = types.Map<string, number>\nreturn 1",
            r"^init:2: `type Map = types.Map<string, number>`: an imported type keeps its name and its parameters$",
        ),
        ("type Network =\n\ttypes.Network\nreturn 1", r"^init:2: a type is imported in one line$"),
        (
            "type Network = other.Network\nreturn 1",
            r"^init:2: `type Network = other.Network`: other is not required here$",
        ),
        (
            "type Two = { types.Network }\nreturn 1",
            r"^init:2: import the type first: `type Network = types.Network`, and say Network$",
        ),
        ("type Two = types.Network?\nreturn 1", r"^init:2: import the type first: "),
        ("local x: types.Network = 1\nreturn 1", r"^init:2: import the type first: "),
        ("local function f(x: types.Network) end\nreturn 1", r"^init:2: import the type first: "),
        ("local x = 1 :: types.Network\nreturn 1", r"^init:2: import the type first: "),
        ("type Network = number\nreturn 1", r"^init:2: types has another type Network$"),
        ("type A = number\ntype A = number\nreturn 1", r"^init:3: init has another type A$"),
        (
            "local a = 1\nprint(`{a}`)\nreturn 1",
            r"^init:\d: plain Lua has no strings with values in them: use \.\.$",
        ),
        ("do\n\ttype A = number\nend\nreturn 1", r"^init:3: types are defined outside blocks$"),
        ("type A = typeof(types)\nreturn 1", r"^init:2: types stand in front of all code, which typeof could"),
        ('local types = require("@self/types")\nreturn 1', r"^init:1: types is two required files$"),
        ('do local a = require("@self/types") end\nreturn 1', r"^init:2: require stands in lines like "),
    ],
)
def test_a_tree_that_breaks_a_rule_says_which(init: str, why: str) -> None:
    types = "export type Network = { number }\nexport type Map<K, V> = { [K]: V }\ntype Inner = number\nreturn {}"
    with pytest.raises(TreeError, match=why) as caught:
        bundled({"init": REQUIRED + init, "types": types})
    assert "\n" not in str(caught.value)


def test_files_that_nobody_requires_are_refused() -> None:
    with pytest.raises(TreeError, match=r"^types: init does not require this, nor does anything that it requires$"):
        bundled({"init": "return 1", "types": "return {}"})
