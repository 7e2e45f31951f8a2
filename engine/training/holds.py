"""Which networks are being trained: whoever else would change one of them meanwhile is told so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from weakref import WeakKeyDictionary

from engine.arguments import ArgumentError, fault, refusal
from engine.interface.messages import MESSAGES, fill


@dataclass
class Hold:
    """A training that goes on.

    Attributes:
        where: the file and the line that called for it.
        epochs: how many there are to be.
        epoch: the one that goes on, from 1.
        is_lent: whether a callback has its turn.
        thread: where it goes on.
    """

    where: str
    epochs: int
    epoch: int = 1
    is_lent: bool = False
    thread: int = field(default_factory=threading.get_ident)


_HOLDS: WeakKeyDictionary[object, Hold] = WeakKeyDictionary()
_LOCK = threading.Lock()


def refuse_if_held(function: str, parameter: str, place: str, network: object, *, may_be_lent: bool = False) -> None:
    """Refuse to change a network that is being trained.

    Args:
        function: the public function that would change it, named as in Luau.
        parameter: the parameter that it came by.
        place: what errors call it.
        network: the network.
        may_be_lent: whether the training's own callback may do that.

    Raises:
        ArgumentError: if it is being trained.
    """
    with _LOCK:
        hold = _HOLDS.get(network)
    if hold is None or (may_be_lent and hold.is_lent and hold.thread == threading.get_ident()):
        return
    raise _refusal(function, parameter, place, hold)


def _refusal(function: str, parameter: str, place: str, hold: Hold) -> ArgumentError:
    got = fill(MESSAGES["got_held"], where=hold.where, epoch=hold.epoch, epochs=hold.epochs)
    return refusal(function, parameter, fault(place, MESSAGES["left_alone"], got))


@contextmanager
def held(network: object, place: str, epochs: int, caller: FrameType | None) -> Iterator[Hold]:
    """Hold a network while it is trained.

    Args:
        network: the network.
        place: what errors call it.
        epochs: how many there are to be.
        caller: what called for that.

    Raises:
        ArgumentError: if another training has it.
    """
    where = "?" if caller is None else f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}"
    hold = Hold(where, epochs)
    with _LOCK:
        other = _HOLDS.setdefault(network, hold)
    if other is not hold:
        raise _refusal("trainNet", "network", place, other)
    try:
        yield hold
    finally:
        with _LOCK:
            del _HOLDS[network]
