"""The network string and its kin: a network table as text, and back."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, NoReturn

from engine.describe import is_array
from engine.files.network_table import LAYERS
from engine.files.number_text import number_text, single_text
from engine.interface.limits import MAXIMUM_JSON_DEPTH


class _Syntax(NamedTuple):
    """What stands around arrays and before the fields of dictionaries, and how numbers are written."""

    opening: str
    closing: str
    field: str
    number: Callable[[float], str] = number_text


_JSON, _LUA = _Syntax("[", "]", '"{}":'), _Syntax("{", "}", "{}=")
_JSON_OF_SINGLES = _JSON._replace(number=single_text)


def table_to_json(table: object) -> str:
    """A network table as JSON without white space; numbers survive exactly."""
    return _write(table, _JSON)


def table_to_short_json(table: Sequence[object]) -> str:
    """The same with the numbers of the layers rounded to 32 bits, for which none of them is too large."""
    entries = (
        _write(entry, _JSON_OF_SINGLES if position == LAYERS else _JSON)
        for position, entry in enumerate(table, start=1)
    )
    return _JSON.opening + ",".join(entries) + _JSON.closing


def table_to_lua(table: object) -> str:
    """A network table as a Lua table constructor."""
    return _write(table, _LUA)


def json_to_table(text: str) -> object:
    """The value that JSON text holds, every number a float.

    Raises:
        ValueError: if the text is not JSON (nan and infinities are not), or nests deeper than `MAXIMUM_JSON_DEPTH`.
    """
    try:
        value = json.loads(text, parse_int=float, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("too deep") from error
    level = [value]
    for _ in range(MAXIMUM_JSON_DEPTH):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return value
    raise ValueError("too deep")


def json_to_array(text: object) -> Sequence[object] | None:
    """The array, not an empty one, that JSON text holds; None if it holds none, or if it is no text."""
    try:
        value = json_to_table(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return value if is_array(value) and len(value) > 0 else None


def _parts(value: object) -> list[object]:
    """The arrays and dictionaries directly inside a value."""
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [part for part in inside if isinstance(part, (list, dict))]


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _write(value: object, syntax: _Syntax) -> str:
    if type(value) is float:  # as nearly all values are
        return syntax.number(value)
    if is_array(value):
        return syntax.opening + ",".join(_write(part, syntax) for part in value) + syntax.closing
    if isinstance(value, Mapping):
        # In the order of their names, as Luau writes them.
        fields = (syntax.field.format(name) + _write(part, syntax) for name, part in sorted(value.items()))
        return "{" + ",".join(fields) + "}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    assert isinstance(value, (int, float))
    return syntax.number(value)
