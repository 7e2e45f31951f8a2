"""Network strings with up to four things done to each, and the list of what went wrong with them."""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from engine import Network
from engine.formulas.registry import LOSSES
from engine.layers.registry import LAYER_KINDS
from tests.engine.samples import network_of_kinds

FRAGMENTS = (
    *'[]{},:"-',
    *("null", "true", "1e999", "-1e999", "1e-999", "1e308", "0x1", "01", ".5", "nan", "NaN", "Infinity"),
    *("\\u0000", "\\u001b", "\\u0085", "\\u2028", "\\ud800", "\\ud83d\\ude00", "\\", "\\n"),
    *('"x":', "{}", "[]", "[[[[", "kinds" * 12, "[" * 150),
    *("\n", "\0", "\x7f", "\x85", "\xff", "\u2028", "\ufeff", "\U0001f600", "\ud800", "\udcff"),
)
# JSON, most of it, that may stand where a number did.
VALUES = (
    *(
        "0",
        "-0",
        "1",
        "2",
        "3",
        "0.5",
        "-1",
        "1e6",
        "1000001",
        "1e308",
        "-1e308",
        "1e999",
        "-1e999",
        "5e-324",
        "1e-999",
    ),
    *("0.30000000000000004", "12345678901234567890", "null", "true", "false", "nan", "01"),
    *("{}", "[]", "[1]", "[null]", '{"x":1}', '{"1":1}', '{"loss":null}', '""', '"1"', '"Dense"', '"Tanh"', '"{got}"'),
    *('"\\u0000"', '"\\u001b[0m"', '"\\n"', '"\\u007f"', '"\\u0085"', '"\\u2028"', '"\\ud800"', '"\\udc00"'),
    *(
        '"\\ud83d\\ude00"',
        '"\xff"',
        '"\u2029"',
        f'"{"x" * 60}"',
        '"' + "\\u0007" * 20 + '"',
        '"' + "\U0001f600" * 11 + '"',
    ),
)
LONGEST_MESSAGE = 600


@cache
def sound_strings() -> tuple[str, ...]:
    """Networks of all sorts, saved; each as the best one too."""
    networks = [
        Network.create(2, 1, 3, 1, "Tanh", seed=1),
        Network.create(3, 2, 4, 2, "ReLU", seed=2),
        Network.create(2, 2, 3, 1, "Sigmoid", recurrent=True, seed=3),
        Network.create(5, 1, 5, 4, ("ReLU", "Identity"), seed=4),
        Network.create(1, 2, 2, 3, ("Tanh", "Sin", "SQ-RBF"), recurrent=True, seed=5),
        *(Network.create(size, 1, size, size, seed=size) for size in range(1, 6)),
        *(network_of_kinds((kind, "Dense"), seed=6) for kind in LAYER_KINDS),
        *(network_of_kinds(("Dense", kind), ("ReLU", "Tanh"), seed=7, sizes=(1, 2, 1)) for kind in LAYER_KINDS),
        network_of_kinds(tuple(LAYER_KINDS), seed=8),
    ]
    long = [0.30000000000000004, -123456789012345680.0, 1.0000000000000002e-17, -2.2250738585072014e-308]
    networks.append(Network.from_table([4, [[[long], [long[0]]], [[[long[1]]], [long[2]]]], False, "Tanh"]))
    texts = []
    for network in networks:
        texts.append(network.save())
        network.best = True
        texts.append(network.save())
    described = [{"name": name, each.name: 0.5} for name, loss in LOSSES.items() for each in loss.settings]
    extras = [
        {},
        *({"loss": loss} for loss in (*LOSSES, *described)),
        *({"kinds": ["Dense"] * 2, "loss": name} for name in LOSSES),
    ]
    texts += [f"{texts[0][:-1]},{json.dumps(each, separators=(',', ':'))}]" for each in extras]
    assert len(set(texts)) == len(texts)
    return tuple(texts)


def mutated(text: str, random: Random) -> str:
    """A string with one to four things done to it; there may be lone surrogates in it."""
    for _ in range(random.randint(1, 4)):
        text = random.choice(_MUTATIONS)(text, random)
    return text


def mutated_strings(seed: int, count: int) -> list[str]:
    """So many of them, the same ones for the same seed."""
    random = Random(seed)
    return [mutated(random.choice(sound_strings()), random) for _ in range(count)]


def is_printable(text: str) -> bool:
    """Whether it is one line of characters, none of which controls anything."""
    return not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", text)


def problem_of_message(message: str) -> str | None:
    """What kind of problem there is with the text that refuses a network string, if any."""
    if not message.startswith("Wrong Arg#1: String"):
        return "no refusal of the string"
    if not is_printable(message):
        return "not one printable line"
    return "too long a message" if len(message) > LONGEST_MESSAGE else None


class Problems:
    """What went wrong: of each kind how often, with the shortest string and what was said of it."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._shortest: dict[str, tuple[str, str]] = {}

    def add(self, kind: str, text: str, said: str, times: int = 1) -> None:
        """Note a problem; all is printable."""
        self._times[kind] += times
        if kind not in self._shortest or len(text) < len(self._shortest[kind][0]):
            self._shortest[kind] = text, said

    @property
    def told(self) -> str:
        """All of them in words, one a line."""
        return "\n".join(
            f"{kind}, {self._times[kind]} times, such as {text}: {said}"
            for kind, (text, said) in self._shortest.items()
        )


def _spliced(text: str, start: int, stop: int, middle: str) -> str:
    return text[:start] + middle + text[stop:]


def _piece(text: str, random: Random) -> tuple[int, int]:
    """Where a piece starts and ends: it may be empty, and most pieces are short."""
    start = random.randint(0, len(text))
    return start, start + random.randint(0, random.randint(0, len(text) - start))


def _found(text: str, pattern: str, random: Random) -> re.Match[str] | None:
    compiled = re.compile(pattern)
    return compiled.search(text, random.randint(0, len(text))) or compiled.search(text)


def _entry(text: str, random: Random) -> tuple[int, int] | None:
    """Where any value starts and ends."""
    found = _found(text, r"[\[,:]", random)
    if found is None:
        return None
    start = found.end()
    if text[start : start + 1] in ("[", "{"):
        depth = 0
        for stop in range(start, len(text)):
            depth += (text[stop] in "[{") - (text[stop] in "]}")
            if depth == 0:
                return start, stop + 1
    rest = re.compile(r'"[^"]*"|[^,\]}]*').match(text, start)
    assert rest is not None
    return start, rest.end()


def _any_other(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return _spliced(text, at, at + 1, chr(random.randrange(256)))


def _missing(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return _spliced(text, at, at + random.randint(1, 3), "")


def _junk(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return _spliced(text, at, at, random.choice(FRAGMENTS))


def _copied(text: str, random: Random) -> str:
    start, stop = _piece(text, random)
    at = random.randint(0, len(text))
    return _spliced(text, at, at, text[start:stop])


def _swapped(text: str, random: Random) -> str:
    start, stop = _piece(text, random)
    behind = text[stop:]
    first, last = _piece(behind, random)
    return text[:start] + behind[first:last] + behind[:first] + text[start:stop] + behind[last:]


def _truncated(text: str, random: Random) -> str:
    return text[: random.randint(0, len(text))]


def _other_number(text: str, random: Random) -> str:
    found = _found(text, r"(?<=[\[,])-?\d[\d.eE+-]*", random)
    return _spliced(text, *found.span(), random.choice(VALUES)) if found else text


def _other_value(text: str, random: Random) -> str:
    entry = _entry(text, random)
    return _spliced(text, *entry, random.choice(VALUES)) if entry else text


def _other_case(text: str, random: Random) -> str:
    found = _found(text, r'"[A-Za-z][^"]*"', random)
    if found is None:
        return text
    change, share = random.choice((str.upper, str.lower)), random.randint(1, 4)
    name = (change(letter) if random.randint(1, share) == 1 else letter for letter in found[0])
    return _spliced(text, *found.span(), "".join(name))


def _doubled(text: str, random: Random) -> str:
    entry = _entry(text, random)
    return _spliced(text, entry[0], entry[0], text[slice(*entry)] + ",") if entry else text


def _removed(text: str, random: Random) -> str:
    entry = _entry(text, random)
    if entry is None:
        return text
    start, stop = entry
    return _spliced(text, start, stop + 1, "") if text[stop : stop + 1] == "," else _spliced(text, start - 1, stop, "")


_MUTATIONS: Sequence[Callable[[str, Random], str]] = (
    *(_any_other, _missing, _junk, _copied, _swapped, _truncated),
    *(_other_number, _other_value, _other_case, _doubled, _removed),
)
