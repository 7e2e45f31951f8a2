"""Arguments that a user might pass by mistake, and near misses of right ones."""

from typing import Any

from hypothesis import strategies as st

from engine import ACTIVATIONS, Network
from engine.files.extras import EXTRA_NAMES
from engine.formulas.registry import LOSSES, SCALERS
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds

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

KIND_NAMES = st.sampled_from([*LAYER_KINDS, *LOSSES])

SCALER = {"name": next(iter(SCALERS)), "shift": [0.5, -1.0], "scale": [2.0, 0.25]}
_NETWORKS = (
    Network.create(2, 2, 3, 1, seed=1),
    Network.create(1, 1, 1, 1, "Tanh", recurrent=True, seed=2),
    Network.create(2, 1, 2, 2, ("ReLU", "Identity"), seed=3),
    *(
        Network.from_table([*Network.create(2, 1, 2, 2, seed=5).to_table(), extras])
        for extras in (
            {"inputs": ["a", "b"], "outputs": ["c", "d"], "inputScaler": SCALER},
            {"classes": ["c", "d"], "loss": next(iter(LOSSES))},
            {"inputScaler": SCALER, "targetScaler": SCALER},
        )
    ),
    *(network_of_kinds([name, other], seed=4) for name in LAYER_KINDS for other in LAYER_KINDS),
)


@st.composite
def damaged_tables(draw: st.DrawFn) -> Any:
    """A network table with one part, anywhere in it, replaced, removed or doubled."""
    table: Any = draw(st.sampled_from(_NETWORKS)).to_table()
    part: Any = table
    place: Any = None
    key: Any = None
    while isinstance(part, (list, dict)) and part and (place is None or draw(st.integers(0, 3))):
        place, key = part, draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))
        part = place[key]
    assert place is not None
    match draw(st.sampled_from(["replace", "remove", "double", "nothing"])):
        case "replace":
            place[key] = draw(st.one_of(INSIDE, KIND_NAMES))
        case "remove":
            del place[key]
        case "double" if isinstance(place, list):
            place.insert(key, place[key])
        case "double":
            place[draw(st.one_of(TEXTS, st.sampled_from(EXTRA_NAMES)))] = place[key]
    return table


@st.composite
def damaged_strings(draw: st.DrawFn) -> str:
    """A network string with a few characters replaced, removed or put in."""
    text = draw(st.sampled_from(_NETWORKS)).save()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        piece = draw(
            st.sampled_from([*'[]{},:"-+.eE019 \\untfals\n', "null", "1e999", '{"kinds":[]}', "\\u0041", "[[", "\x01"])
        )
        text = text[:start] + piece + text[start + draw(st.integers(0, 2)) :]
    return text
