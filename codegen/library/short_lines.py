"""Locals in one statement that stand in one each, in code of which every statement begins a line."""

import re

# A local with its type, if that is short; what is no call, so that it is one value; and a statement of these.
_LOCAL = r"\w+(?::[\w{}?]+)?"
_VALUE = r"(?:-|#|not )?[\w.]+(?:\[[\w.]+\])*"
_LOCALS = re.compile(rf"local ({_LOCAL}(?:,{_LOCAL})*)(?:=({_VALUE}(?:,{_VALUE})*))?")
# What a value needs of locals: names, but for those of fields.
_NEEDED = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


def short_lines(text: str) -> str:
    """The code with such statements in one where none needs what one before it makes."""
    lines: list[str] = []
    names: list[str] = []
    values: list[str] = []
    for line in [*text.split("\n"), ""]:
        found = _LOCALS.fullmatch(line)
        more = found[1].split(",") if found is not None else []
        given = found[2].split(",") if found is not None and found[2] else []
        is_even = bool(more) and len(given) in (0, len(more))
        needed = {_bare(each) for each in more}.union(*map(_NEEDED.findall, given))
        if names and (not is_even or bool(given) != bool(values) or needed.intersection(map(_bare, names))):
            lines.append(f"local {','.join(names)}" + (f"={','.join(values)}" if values else ""))
            names, values = [], []
        if is_even:
            names, values = names + more, values + given
        else:
            lines.append(line)
    return "\n".join(lines[:-1])


def _bare(local: str) -> str:
    return local.partition(":")[0]
