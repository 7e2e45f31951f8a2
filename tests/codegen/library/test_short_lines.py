"""Constants and locals that the one script has shorter: numbers in their places, and several in one statement."""

import pytest

from codegen.library.short_lines import short_lines
from tests.codegen.library.test_short_locals import short


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # A number in place of a constant, wherever it is said.
        ("local ONE = 1\nprint(x[ONE], ONE)", "print(x[1],1)"),
        ("local ONE = 1\nlocal function two() return ONE end", "local function a()return 1 end"),
        ("local ONE = 2\nprint(ONE .. x)", "print(2 ..x)"),
        # A long one that is said often is shorter as it is.
        ("local LONG = 123456789\nprint(LONG, LONG, LONG)", "local a=123456789\nprint(a,a,a)"),
        ("local LONG = 123456789\nprint(LONG)", "print(123456789)"),
        # What is no constant: another name, another value, more than one, one that is made or assigned to again.
        ("local one = 1\nprint(one)", "local a=1\nprint(a)"),
        ('local ONE = "1"\nprint(ONE)', 'local a="1"\nprint(a)'),
        ("local ONE = -1\nprint(ONE)", "local a=-1\nprint(a)"),
        ("local ONE, TWO = 1, 2\nprint(ONE, TWO)", "local a,b=1,2\nprint(a,b)"),
        ("local ONE = 1\nONE = 2\nprint(ONE)", "local a=1\na=2\nprint(a)"),
        ("local ONE = 1\nlocal function two(ONE) return ONE end", "local a=1\nlocal function b(a)return a end"),
        ("local function two()\nlocal ONE = 1\nreturn ONE\nend", "local function a()local a=1\nreturn a\nend"),
        # A number has no zeros that it does without; one of another name, or in a string, is none.
        ("print(1000000, 1200, 20000, 1000.5, 0.5, 10.25)", "print(1e6,1200,2e4,1000.5,.5,10.25)"),
        ("print(0, 0.0, 1e-08, 1e-10, 2.5e-07)", "print(0,.0,1e-8,1e-10,2.5e-7)"),
        ("print(x and 0.5 or x .. 0.25)", "print(x and .5 or x.. .25)"),
        ('print(x1000000, "1000000 0.5")', 'print(x1000000,"1000000 0.5")'),
        # A field of that name is something else.
        ("local ONE = 1\nprint(x.ONE, ONE)", "print(x.ONE,1)"),
    ],
)
def test_numbers_stand_where_constants_stood(source: str, expected: str) -> None:
    assert short(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("local one = x.y\nlocal two, three = 1, z\nprint(one, two, three)", "local a,b,c=x.y,1,z\nprint(a,b,c)"),
        # One that needs another comes behind it; so does one of its name.
        ("local one = x.y\nlocal two = one.z\nprint(one, two)", "local a=x.y\nlocal b=a.z\nprint(a,b)"),
        ("local one = x.one\nlocal two = y.one\nprint(one, two)", "local a,b=x.one,y.one\nprint(a,b)"),
        ("local one = x.z\nlocal two = y[one]\nprint(one, two)", "local a=x.z\nlocal b=y[a]\nprint(a,b)"),
        ("local one = y\nlocal y = x\nprint(one, y)", "local a,b=y,x\nprint(a,b)"),
        # Types, entries of tables and lengths change nothing; nor is a value there in front of one that is none.
        ("local one: T = x\nlocal two = y\nprint(one, two)", "local a:T,b=x,y\nprint(a,b)"),
        ("local one: { T }? = x\nlocal two: T = y\nprint(one, two)", "local a:{T}?,b:T=x,y\nprint(a,b)"),
        ("local one = #x\nlocal two = y[1][z.w]\nprint(one, two)", "local a,b=#x,y[1][z.w]\nprint(a,b)"),
        ("local one: T\nlocal two: T\nf(one, two)", "local a:T,b:T\nf(a,b)"),
        ("local one: T\nlocal two = x\nf(one, two)", "local a:T\nlocal b=x\nf(a,b)"),
        # Values may be anything that ends in its line.
        ("local one = x(1, 2)\nlocal two = y\nprint(one, two)", "local a,b=x(1,2),y\nprint(a,b)"),
        ("local one = x.y + 1\nlocal two = { 1, { z } }\nprint(one, two)", "local a,b=x.y+1,{1,{z}}\nprint(a,b)"),
        ('local one = "a,)"\nlocal two = \'",(\'\nprint(one, two)', 'local a,b="a,)",\'",(\'\nprint(a,b)'),
        ('local one = "\\",("\nlocal two = x or y\nprint(one, two)', 'local a,b="\\",(",x or y\nprint(a,b)'),
        ("local one = x :: any\nlocal two = not y\nprint(one, two)", "local a,b=x::any,not y\nprint(a,b)"),
        ("local one = x\nlocal two = f(one)\nprint(one, two)", "local a=x\nlocal b=f(a)\nprint(a,b)"),
        ('local one = x\nlocal two = "p" .. one\nprint(one, two)', 'local a=x\nlocal b="p"..a\nprint(a,b)'),
        ("local one = x\nlocal two = y.a .. z.b\nprint(one, two)", "local a,b=x,y.a..z.b\nprint(a,b)"),
        # What has a function in it, a long type, or some other number of values, stays.
        (
            "local one = function()\nreturn 1\nend\nlocal two = y\nprint(one, two)",
            "local a=function()return 1\nend\nlocal b=y\nprint(a,b)",
        ),
        (
            "local one = x(function()\ny()\nz()\nend, 1)\nlocal two = y\nprint(one, two)",
            "local a=x(function()y()\nz()end,1)\nlocal b=y\nprint(a,b)",
        ),
        ("local one, two = x()\nlocal three = y\nprint(one, two, three)", "local a,b=x()\nlocal c=y\nprint(a,b,c)"),
        ("local one: (T) -> T = x\nlocal two = y\nprint(one, two)", "local a:(T)->T=x\nlocal b=y\nprint(a,b)"),
        ("local one, two = x\nlocal three = y\nprint(one, two, three)", "local a,b=x\nlocal c=y\nprint(a,b,c)"),
        ("local one = x\nprint(one)\nlocal two = y\nprint(two)", "local a=x\nprint(a)\nlocal b=y\nprint(b)"),
    ],
)
def test_locals_stand_in_one_statement(source: str, expected: str) -> None:
    assert short(source) == expected


def test_what_is_called_in_a_file_that_runs_often_is_a_statement_of_its_own() -> None:
    assert short("--!native\nlocal one = x()\nlocal two = y\nlocal three = z\nprint(one, two, three)") == (
        "local a=x()\nlocal b,c=y,z\nprint(a,b,c)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "do\nlocal a=x()end\nlocal b=y",
        "if x then\nlocal a=y else\nlocal b=z\nend",
        "repeat\nlocal a=x()until y\nlocal b=z",
        "local a=x(function()y()\nlocal b=z\nend)",
        "local a=x(function()local b=y\nlocal c=z\nend)",
        "local a=[[\nlocal b=x]]\nlocal c=y",
        "local a=x;\nlocal b=y",
        "local a,b=x::M<A,B>\nlocal c=y",
    ],
)
def test_a_line_that_has_more_than_locals_stays(text: str) -> None:
    assert short_lines(text) == text
