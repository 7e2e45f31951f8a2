"""Locals in one statement that stand in one each, in code of which every statement begins a line."""

import re

from codegen.translate.luau_rules import RESERVED_WORDS

# Locals with their types, if these are short, and what they are given.
_LOCAL = r"\w+(?::[\w{}?]+)?"
_LOCALS = re.compile(rf"local ({_LOCAL}(?:,{_LOCAL})*)(?:=(.*))?")
# The tokens of a line, as far as they matter here.
_TOKENS = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\w+|\[\[|.""")
_OPENERS, _CLOSERS = "([{", ")]}"
# The words that may stand in a value. With others it goes on in the next line, or the line goes on behind it.
_OF_VALUES = {"and", "or", "not", "nil", "true", "false"}
_OTHER_WORDS = (RESERVED_WORDS - _OF_VALUES) | {"[[", ";"}
# What a value needs of locals: names, but for those of fields. Behind two dots, which join texts, there is none.
_NEEDED = re.compile(r"(?<!\w)(?:(?<!\.)|(?<=\.\.))[A-Za-z_]\w*")
# Where a value has a call in it.
_CALL = re.compile(r"[\w)\]}\"'][({\"']")


def short_lines(text: str, *, with_calls: bool = True) -> str:
    """The code with such statements in one where none needs what one before it makes.

    Args:
        text: the code.
        with_calls: whether values may be calls. In one statement with others their results are moved once more.
    """
    lines: list[str] = []
    names: list[str] = []
    values: list[str] = []
    for line in [*text.split("\n"), ""]:
        found = _LOCALS.fullmatch(line)
        more = found[1].split(",") if found is not None else []
        given = _values(found[2]) if found is not None and found[2] is not None else []
        is_even = bool(more) and len(given) == (len(more) if "=" in line else 0)
        if not with_calls:
            is_even = is_even and not any(map(_CALL.search, given))
        needed = {_bare(each) for each in more}.union(*map(_NEEDED.findall, given))
        if names and (not is_even or bool(given) != bool(values) or needed.intersection(map(_bare, names))):
            lines.append(f"local {','.join(names)}" + (f"={','.join(values)}" if values else ""))
            names, values = [], []
        if is_even:
            names, values = names + more, values + given
        else:
            lines.append(line)
    return "\n".join(lines[:-1])


def _values(text: str) -> list[str]:
    """The values in a list of some; none if the statement may end before the text does, or if it goes on behind it.

    What has arguments of types in it is left alone, as these have commas, too.
    """
    if "::" in text and "<" in text:
        return []
    values, depth = [""], 0
    for token in _TOKENS.findall(text):
        depth += (token in _OPENERS) - (token in _CLOSERS)
        if token in _OTHER_WORDS:
            return []
        if token == "," and depth == 0:
            values.append("")
        else:
            values[-1] += token
    return values if depth == 0 else []


def _bare(local: str) -> str:
    return local.partition(":")[0]
