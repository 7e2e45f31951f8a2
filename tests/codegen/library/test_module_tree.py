"""Every file comes behind what it requires, in the same order each time, or one line says why it cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.library.module_tree import dependency_order
from codegen.translate.requires import TreeError

Requires = dict[str, dict[str, str]]


def tree(**requires: str) -> Requires:
    """Files and what they require, by names of one letter; the strings do not matter."""
    return {path: {f"./{target}": target for target in targets} for path, targets in requires.items()}


@pytest.mark.parametrize(
    ("requires", "order"),
    [
        (tree(init=""), "init"),
        (tree(init="ab", a="", b=""), "a b init"),
        (tree(init="ba", a="", b=""), "b a init"),
        (tree(a="c", c="", b="", init="ab"), "c a b init"),
        (tree(init="ab", a="cb", b="d", c="d", d=""), "d c b a init"),
        (tree(init="ab", a="bc", b="d", c="d", d=""), "d b c a init"),
        ({"init": {"@self/a/b": "a/b", "@self/c": "c"}, "a/b": {"../c": "c"}, "c": {}}, "c a/b init"),
    ],
)
def test_the_order_is_depth_first_as_requires_stand(requires: Requires, order: str) -> None:
    assert dependency_order(requires) == order.split()


@pytest.mark.parametrize(
    ("requires", "why"),
    [
        (tree(init="a", a="a"), "a → a: these files require each other in a circle"),
        (tree(init="ab", a="b", b="c", c="b"), "b → c → b: these files require each other in a circle"),
        (tree(init="a", a="b", b="c", c="a"), "a → b → c → a: these files require each other in a circle"),
        (tree(init="a", a="", b=""), "b: init does not require this, nor does anything that it requires"),
        (tree(init="a", a="", c="b", b=""), "b, c: init does not require this, nor does anything that it requires"),
        (tree(init="a", a="", c="c"), "c: init does not require this, nor does anything that it requires"),
    ],
)
def test_a_tree_without_an_order_says_why(requires: Requires, why: str) -> None:
    with pytest.raises(TreeError) as caught:
        dependency_order(requires)
    assert str(caught.value) == why


@given(st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=10))
def test_each_file_stands_once_and_behind_what_it_requires(links: list[set[int]]) -> None:
    last = len(links)
    requires = {
        str(place): {str(target): str(target) for target in links[place] if target < place} for place in range(last)
    }
    requires["init"] = {str(place): str(place) for place in range(last)}
    order = dependency_order(requires)
    assert sorted(order) == sorted(requires)
    assert order[-1] == "init"
    for path, targets in requires.items():
        assert all(order.index(target) < order.index(path) for target in targets.values())
