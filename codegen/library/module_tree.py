"""The order in which the files of the library have to be loaded, and that there is one."""

from collections.abc import Mapping

from codegen.translate.requires import TOP, TreeError


def dependency_order(requires: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The paths of all files, each behind what it requires: depth first, in the order in which requires stand.

    Args:
        requires: what `requires_of` found.

    Raises:
        TreeError: if files require each other in a circle, or if a file is there that nobody requires.
    """
    order: list[str] = []
    _visit(TOP, (), requires, order)
    left = sorted(requires.keys() - set(order))
    if left:
        raise TreeError(f"{', '.join(left)}: {TOP} does not require this, nor does anything that it requires")
    return order


def _visit(path: str, above: tuple[str, ...], requires: Mapping[str, Mapping[str, str]], order: list[str]) -> None:
    if path in order:
        return
    if path in above:
        circle = [*above[above.index(path) :], path]
        raise TreeError(f"{' → '.join(circle)}: these files require each other in a circle")
    for target in requires[path].values():
        _visit(target, (*above, path), requires, order)
    order.append(path)
