"""What is said of the data before the first step of a network. The same as training/data_warnings.luau."""

import warnings
from collections.abc import Iterator, Mapping
from weakref import WeakSet

from engine.boundary import End
from engine.describe import describe
from engine.elementwise import Array
from engine.formulas.registry import ALL_ACTIVATIONS, OUTPUT_ACTIVATIONS
from engine.interface.limits import LARGEST_UNSCALED, RANGE_SLACK, SPARSE_NUMBERS, SPARSE_SAMPLES
from engine.interface.messages import MESSAGES, fill
from engine.training.session import Dataset

# The networks whose data was looked at: that is done once, however often they are trained.
_SEEN: WeakSet[object] = WeakSet()


def warn_of_data(network: object, ends: tuple[End, End], dataset: Dataset, activator: str, *, recurrent: bool) -> None:
    """Warn the caller's caller, at a network's first training, of data from which it cannot learn well.

    Args:
        network: the network.
        ends: of its inputs and of its outputs.
        dataset: all samples, as the layers get them.
        activator: the output layer's activation.
        recurrent: whether the samples follow one another in time.
    """
    if network in _SEEN:
        return
    for text in _texts(ends, dataset, activator, recurrent=recurrent):
        warnings.warn(text, stacklevel=3)
    _SEEN.add(network)


def _texts(ends: tuple[End, End], dataset: Dataset, activator: str, *, recurrent: bool) -> Iterator[str]:
    inputs, outputs = ends
    yield from _unscaled("samples", "inputs", inputs, dataset.inputs)
    # A network that remembers may have an input only since there has to be one.
    if not (recurrent and inputs.count == 1):
        yield from _unchanging("samples", inputs, dataset.inputs)
    each = ALL_ACTIVATIONS[activator]
    unreachable = "unreachable_share" if activator in OUTPUT_ACTIVATIONS else "unreachable_target"
    known = {"name": activator, "minimum": describe(each.lowest), "maximum": describe(each.highest)}
    said = [*_beyond("targets", outputs, dataset.targets, unreachable, each.lowest, each.highest, known)]
    yield from said or _unscaled("targets", "targets", outputs, dataset.targets)
    yield from _unchanging("targets", outputs, dataset.targets)


def _unscaled(argument: str, what: str, end: End, rows: Array) -> Iterator[str]:
    """The text for the first number that is large where nothing scales it."""
    if end.scaler is None:
        yield from _beyond(argument, end, rows, "unscaled", -LARGEST_UNSCALED, LARGEST_UNSCALED, {"what": what})


def _beyond(
    argument: str, end: End, rows: Array, message: str, lowest: float, highest: float, known: Mapping[str, str]
) -> Iterator[str]:
    """The text for the first number that is not in a range."""
    is_beyond = (rows < lowest - RANGE_SLACK) | (rows > highest + RANGE_SLACK)
    if is_beyond.any():
        row, column = divmod(int(is_beyond.argmax()), end.count)
        got = describe(float(rows[row, column]))
        if end.scaler is not None:
            got = fill(MESSAGES["got_scaled"], got=got)
        yield fill(MESSAGES[message], place=_place(argument, str(row + 1), end, column), got=got, **known)


def _unchanging(argument: str, end: End, rows: Array) -> Iterator[str]:
    """The text for the first number that is the same in all samples, one that is not 0 if there is one.

    A scaler was told of that when it was made.
    """
    if len(rows) < 2 or end.scaler is not None:
        return
    is_still = (rows == rows[0]).all(axis=0)
    is_full = is_still & (rows[0] != 0)
    if is_full.any() or (is_still.any() and not _is_sparse(rows[:, ~is_still])):
        column = int((is_full if is_full.any() else is_still).argmax())
        got = describe(float(rows[0, column]))
        yield fill(MESSAGES["unchanging"], place=_place(argument, "k", end, column), got=got)


def _is_sparse(rows: Array) -> bool:
    """Whether many numbers are 0: one that always is stands for what is not there, a pixel or a class."""
    some = rows[:SPARSE_SAMPLES]
    return int((some == 0).sum()) * SPARSE_NUMBERS > some.size


def _place(argument: str, sample: str, end: End, column: int) -> str:
    names = end.names or end.classes
    own = column + 1 if names is None else f'"{names[column]}"'
    return f"{argument}[{sample}][{own}]"
