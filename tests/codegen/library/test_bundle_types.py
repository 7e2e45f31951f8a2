"""The types of a bundle: each once, in front of all code."""

from tests.codegen.library.bundles import bundled, names_in


def with_init(source: str, **files: str) -> dict[str, str]:
    """A tree whose init requires all other files first."""
    requires = "".join(f'local {name}_ = require("@self/{name}")\n' for name in files)
    return {"init": requires + source, **files}


def test_a_file_of_types_is_left_out_unless_it_is_used() -> None:
    types = "export type A = number\nreturn {}"
    only_types = with_init("type A = types_.A\nreturn 1", types=types)
    assert bundled(only_types).endswith("\n\ntype A = number\n\nreturn 1\n")
    assert bundled({**only_types, "types": "export type A = number;\nreturn {};\n"}) == bundled(only_types)
    used = with_init("return types_", types=types)
    assert "local types = (function()\nreturn {}\nend)()\n\nreturn types\n" in bundled(used)
    assert names_in(with_init("return 1", types="return { 1 }")) == ["types"]
    assert names_in(with_init("return 1", types="print(1)\nreturn {}")) == ["types"]


def test_a_require_that_only_types_need_goes() -> None:
    files = with_init("local x: A = 1\nreturn x", random="print(1)\nexport type A = number\nreturn {}")
    files["init"] = files["init"].replace("return", "type A = random_.A\nreturn")
    assert bundled(files).endswith("end)()\n\nlocal x: A = 1\nreturn x\n")


def test_types_are_passed_on_from_file_to_file() -> None:
    files = {
        "init": 'local b = require("@self/b")\nexport type A<K, V> = b.A<K, V>\nreturn 1',
        "b": 'local a = require("./a")\nexport type A<K, V> = a.A<K, V>\nreturn {}',
        "a": "export type A<K, V> = { [K]: V }\nreturn {}",
    }
    assert bundled(files).endswith("\n\nexport type A<K, V> = { [K]: V }\n\nreturn 1\n")


def test_what_init_defines_itself_it_exports_as_it_says() -> None:
    text = bundled({"init": "-- kept\nexport type A = number\n-- gone\ntype B = { number }\nreturn 1"})
    assert text.endswith("\n\n-- kept\nexport type A = number\n\ntype B = { number }\n\nreturn 1\n")


def test_two_equal_definitions_are_one() -> None:
    files = with_init(
        "return 1", a="type A = { x: number } -- x\nreturn {}", b="export type A = {\n\tx: number\n}\nreturn {}"
    )
    assert bundled(files).endswith("\n\ntype A = { x: number }\n\nreturn 1\n")
