"""Keys that the one script says as names."""

import pytest

from tests.codegen.library.test_short_locals import short


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('print(x["y"])', "print(x.y)"),
        ("print(x['y'].z[\"w\"])", "print(x.y.z.w)"),
        ('x["y"] = f()["z"]', "x.y=f().z"),
        ('print({ ["y"] = 1, ["Z_2"] = 2 })', "print({y=1,Z_2=2})"),
        # A name of a local is something else than a key of the same name.
        ('local y = 1\nprint(x["y"], y)', "local a=1\nprint(x.y,a)"),
        # What is no name stays, and so does what is no key.
        ('print(x["SQ-RBF"], x["2y"], x[""], x["\xfc"])', 'print(x["SQ-RBF"],x["2y"],x[""],x["\xfc"])'),
        ('print({ ["end"] = 1 }, x["and"])', 'print({["end"]=1},x["and"])'),
        ('print(x["y" .. z], { ["y" .. z] = 1 }, { "y" })', 'print(x["y"..z],{["y"..z]=1},{"y"})'),
        ('print({ ["a" --[[c]] ] = 1 })', 'print({["a"]=1})'),
        ('print(x["a\\n"], x[y], x[ [[z]] ])', 'print(x["a\\n"],x[y],x.z)'),
    ],
)
def test_keys_that_are_names_are_said_as_names(source: str, expected: str) -> None:
    assert short(source) == expected
