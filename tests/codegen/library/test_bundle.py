"""A bundle does what its tree does, in every machine, and has the types that its users see."""

from codegen.library.bundle import bundle
from codegen.runtimes import Runtime
from tests.codegen.library.bundles import BUNDLE, HEADER, TREE, bundled
from tests.roblox.type_checker import check_source
from tests.skips import or_skip


def test_a_bundle_is_all_of_this() -> None:
    assert bundled(TREE, "runNet") == BUNDLE


def test_line_ends_of_windows_are_none() -> None:
    files = {path: source.replace("\n", "\r\n") for path, source in TREE.items()}
    assert bundle(files, HEADER.replace("\n", "\r\n"), {"runNet"}) == BUNDLE


def test_a_bundle_does_what_its_tree_does(runtime: Runtime) -> None:
    script = """
    local L = ...
    local network = { inputs = 100 }
    return L.run(network, 0), L.run(network, 1), L.random.nextOne(), L[1]
    """
    results = [runtime.run(script, library) for library in (runtime.require_tree(TREE), runtime.require(BUNDLE))]
    assert results[0] == results[1] == [101.0, 130.0, 3.0, "-- one"]


def test_the_type_checker_finds_nothing_in_a_bundle() -> None:
    use = "local network: Network = { inputs = 1 }\nrun.runNet(network, 2)\n"
    script = bundled(TREE, "runNet").replace("return {\n", f"{use}return {{\n")
    assert or_skip(lambda: check_source("", script)) == []
    wrong = script.replace("inputs = 1 }", "inputs = true }")
    assert wrong != script
    assert len(check_source("", wrong)) == 1
