"""Breaks long lines of Luau the way StyLua does, so that the generated file reads like a formatted one.

It knows the constructs that grow long in this project: a function's parameters, a call's arguments, locals that get
what a call returns, lists of values, tables, a condition, sums, and a returned chain of one operator.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

WIDTH = 120
TAB = 4

_FUNCTION = re.compile(
    r'(\t*(?:(?:local |return )?function(?: [\w.]+)?|(?:\w+|\["[^"]*"\]) = function))\(([^()]*)\)(: .*)?$'
)
_CALL = re.compile(r"(\t*(?:return )?[\w.]+)\((.*)\)$")
_LOCALS = re.compile(r"(\t*(?:local )?[\w, ]+ =) (\w+)\((.*)\)$")
# Values of several names, or of one with a type: they all stand on the next line.
_LIST = re.compile(r"(\t*(?:local )?(?:[\w.\[\]]+(?:: [^=]+?)?, )+[\w.\[\]]+(?:: [^=]+?)? =) ([^=]*)$")
_HELD_TABLE = re.compile(r"(\t*local [\w: ]+ =) ({.*})$")
_TABLE = re.compile(r'(\t*(?:(?:\w+|\["[^"]*"\]) = )?){ (.*) }((?: :: \w+)?,?)$')
_CONDITION = re.compile(r"(\t*(?:else)?if) (.*) then$")
# StyLua breaks no assignment with an operator in it, so the operator leaves it.
_SCALED = re.compile(r"(\t*)([\w.\[\]]+) \*= (.* or .*)$")
_SUM = re.compile(r"(\t*(?:local )?[\w.]+(?:\[[\w +]+\])*(?:: \w+)? = )(.* [+-] .*)$")
_RETURN = re.compile(r"(\t*return )(.*)$")


def break_long_lines(source: str) -> str:
    """The source with every line that is too long broken, if it is one of the constructs above."""
    return "".join("\n".join(_broken(line)) + "\n" for line in source.removesuffix("\n").split("\n"))


def _broken(line: str) -> Iterator[str]:
    if _fits(_whole(line)) or line.lstrip().startswith("--"):
        yield line
        return
    indent = "\t" * (len(line) - len(line.lstrip("\t")))
    if function := _FUNCTION.match(line):
        yield f"{function[1]}("
        yield from _listed(function[2], indent + "\t")
        yield f"{indent}){function[3] or ''}"
    elif (call := _CALL.match(line)) and _is_whole(call[2]):
        yield f"{call[1]}("
        yield from _listed(call[2], indent + "\t")
        yield f"{indent})"
    elif (made := _LOCALS.match(line)) and _is_whole(made[3]):
        called = f"{indent}\t{made[2]}({made[3]})"
        if _fits(called):
            yield made[1]
            yield called
        else:
            yield f"{made[1]} {made[2]}("
            yield from _listed(made[3], indent + "\t")
            yield f"{indent})"
    elif (several := _LIST.match(line)) and _fits(f"{indent}\t{several[2]}"):
        yield several[1]
        yield f"{indent}\t{several[2]}"
    elif held := _HELD_TABLE.match(line):
        yield held[1]
        yield f"{indent}\t{held[2]}"
    elif table := _TABLE.match(line):
        yield f"{table[1]}{{"
        for item in _split(table[2], ", "):
            yield from _broken(f"{indent}\t{item},")
        yield f"{indent}}}{table[3]}"
    elif condition := _CONDITION.match(line):
        yield condition[1]
        yield from _operands(condition[2], indent + "\t")
        yield f"{indent}then"
    elif scaled := _SCALED.match(line):
        yield f"{indent}{scaled[2]} = {scaled[2]}"
        factor = f"{indent}\t* ({scaled[3]})"
        if _fits(factor):
            yield factor
            return
        yield f"{indent}\t* ("
        yield from _operands(scaled[3], indent + "\t\t")
        yield f"{indent}\t)"
    elif added := _SUM.match(line):
        yield from _chained(added[1], added[2], indent + "\t")
    elif (returned := _RETURN.match(line)) and len(several_values := _split(returned[2], ", ")) > 1:
        yield f"{returned[1]}{several_values[0]},"
        yield from _listed(", ".join(several_values[1:]), indent + "\t")
    elif returned:
        yield from _chained(returned[1], returned[2], indent + "\t")
    else:
        yield line


def _listed(items: str, indent: str) -> Iterator[str]:
    """A list's items, one to a line."""
    parts = _split(items, ", ")
    for index, part in enumerate(parts):
        line = f"{indent}{part}{',' if index < len(parts) - 1 else ''}"
        if _fits(line):
            yield line
        else:
            *lines, last = _chained(indent, part, indent + "\t")
            yield from lines
            yield last + ("," if index < len(parts) - 1 else "")


def _chained(start: str, expression: str, indent: str) -> Iterator[str]:
    """A chain of `..`, or of `+` and `-`, one operand to a line."""
    operands = [expression]
    for operator in (" .. ",) if len(_split(expression, " .. ")) > 1 else (" + ", " - "):
        parts = [_split(each, operator) for each in operands]
        operands = [part if not index else operator[1:] + part for each in parts for index, part in enumerate(each)]
    first, *rest = operands
    yield start + first
    for operand in rest:
        yield indent + operand


def _operands(condition: str, indent: str) -> Iterator[str]:
    """What a condition is made of by the operator that binds least, one to a line."""
    operator = next((each for each in (" or ", " and ") if len(_split(condition, each)) > 1), None)
    first, *rest = _split(condition, operator) if operator else [condition]
    yield indent + first
    for operand in rest:
        yield f"{indent}{(operator or '').lstrip()}{operand}"


def _fits(line: str) -> bool:
    return len(line.expandtabs(TAB)) <= WIDTH


def _whole(line: str) -> str:
    """The line as its length counts: a function in a table is followed by a comma."""
    return f"{line}," if (function := _FUNCTION.match(line)) and function[1].endswith("] = function") else line


def _is_whole(arguments: str) -> bool:
    """Whether no bracket is closed that was opened outside: `a) + f(b` between brackets is not one call's arguments."""
    depths = accumulate((character in "([{") - (character in ")]}") for character in arguments)
    return min(depths, default=0) >= 0


def _split(text: str, separator: str) -> list[str]:
    """The text at each separator that stands outside brackets and quotes."""
    parts, start, depth, quote, is_escaped = [], 0, 0, "", False
    for index, character in enumerate(text):
        if is_escaped:
            is_escaped = False
        elif quote:
            is_escaped = character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif depth == 0 and text.startswith(separator, index) and index >= start:
            parts.append(text[start:index])
            start = index + len(separator)
    return [*parts, text[start:]]
