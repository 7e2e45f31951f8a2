"""Which of some names a misspelt one was meant to be. The same as spelling.luau."""

from collections.abc import Sequence

from engine.interface.limits import LETTERS_PER_MISTAKE, OTHER_NAMES

_OTHER_NAMES = {other.encode(): name for other, name in OTHER_NAMES}


def nearest(word: str, names: Sequence[str]) -> str | None:
    """The name that another library's word stands for, or the one that takes the fewest edits to become the word.

    Only letters and digits count, large ones as small ones.

    Returns:
        The name, the first of several that take as few edits; None if all take too many.
    """
    other = _OTHER_NAMES.get(_plain(word))
    if other in names:
        return other
    found, fewest = None, len(_plain(word)) // LETTERS_PER_MISTAKE + 1
    for name in names:
        edits = edit_distance(_plain(word), _plain(name))
        if edits < fewest:
            found, fewest = name, edits
    return found


def edit_distance(first: bytes, second: bytes) -> int:
    """How many bytes have to be put in, taken out, replaced or exchanged with the next to make one of the other.

    Damerau 1964, in the simple form in which nothing is edited twice.
    """
    above: list[int] = []
    row = list(range(len(second) + 1))
    for i, byte in enumerate(first, start=1):
        below = [i]
        for j, other in enumerate(second, start=1):
            edits = min(row[j - 1] + (byte != other), row[j] + 1, below[j - 1] + 1)
            if i > 1 and j > 1 and byte == second[j - 2] and other == first[i - 2]:
                edits = min(edits, above[j - 2] + 1)
            below.append(edits)
        above, row = row, below
    return row[-1]


def _plain(word: str) -> bytes:
    return bytes(byte for byte in word.encode(errors="surrogatepass").lower() if byte < 0x80 and chr(byte).isalnum())
