"""Locals in one statement that stand in one each, in code of which every statement begins a line."""

import re

# A statement that gives locals numbers, names and their fields.
_LOCALS = re.compile(r"local (\w+(?:,\w+)*)=([\w.]+(?:,[\w.]+)*)")


def short_lines(text: str) -> str:
    """The code with such statements in one where none needs what one before it makes."""
    lines: list[str] = []
    names: list[str] = []
    values: list[str] = []
    for line in [*text.split("\n"), ""]:
        found = _LOCALS.fullmatch(line)
        more, given = (found[1].split(","), found[2].split(",")) if found is not None else ([], [])
        needed = {each.partition(".")[0] for each in given}
        if names and (len(more) != len(given) or not more or {*names} & ({*more} | needed)):
            lines.append(f"local {','.join(names)}={','.join(values)}")
            names, values = [], []
        if more and len(more) == len(given):
            names, values = names + more, values + given
        else:
            lines.append(line)
    return "\n".join(lines[:-1])
