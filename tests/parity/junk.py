"""Arguments that a user might pass by mistake, and near misses of right ones."""

from typing import Any

from hypothesis import strategies as st

from engine import ACTIVATIONS, Network

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.0, 0.5, 1e6, 1e6 + 1, 2.0**53, 1e308, float("inf"), float("-inf")]),
    st.just(float("nan")),
    st.floats(allow_nan=False),
)
# No None inside: what the length of an array with a hole is, Lua leaves open.
INSIDE = st.recursive(
    st.one_of(st.booleans(), NUMBERS, TEXTS, st.sampled_from([*ACTIVATIONS, "relu", ""])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.just("key"), inner, max_size=1)),
    max_leaves=6,
)
ANYTHING = st.one_of(st.none(), INSIDE)

_NETWORKS = (
    Network.create(2, 2, 3, 1, seed=1),
    Network.create(1, 1, 1, 1, "Tanh", recurrent=True, seed=2),
    Network.create(2, 1, 2, 2, ("ReLU", "Identity"), seed=3),
)


@st.composite
def damaged_tables(draw: st.DrawFn) -> Any:
    """A network table with one part, anywhere in it, replaced, removed or doubled."""
    table: Any = draw(st.sampled_from(_NETWORKS)).to_table()
    place, key = None, None
    part: Any = table
    while isinstance(part, list) and part and (place is None or draw(st.integers(0, 3))):
        place, key = part, draw(st.integers(0, len(part) - 1))
        part = place[key]
    assert place is not None
    assert key is not None
    match draw(st.sampled_from(["replace", "remove", "double", "nothing"])):
        case "replace":
            place[key] = draw(INSIDE)
        case "remove":
            del place[key]
        case "double":
            place.insert(key, place[key])
    return table


@st.composite
def damaged_strings(draw: st.DrawFn) -> str:
    """A network string with a few characters replaced, removed or put in."""
    text = draw(st.sampled_from(_NETWORKS)).save()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        piece = draw(st.sampled_from([*'[]{},:"-+.eE019 \\untfals\n', "null", "1e999", "\\u0041", "[[", "\x01"]))
        text = text[:start] + piece + text[start + draw(st.integers(0, 2)) :]
    return text
